"""`evalsys rules`: compile a rule spreadsheet, judge people by it, compare two versions."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import click

from evalsys.cli.whole_file import whole_or_nothing
from evalsys.clock import utc_now
from evalsys.domain.eligibility import RuleOutcome, Verdict
from evalsys.domain.rulesheet import Compiled, RuleSheet, fired, side_words
from evalsys.domain.rulesheet_cells import spelt, tidy
from evalsys.domain.rulesheet_compile import compile_rules
from evalsys.domain.rulesheet_facts import ID, FactsReader, Person
from evalsys.domain.rulesheet_words import sentence
from evalsys.exports.csv import csv_lines, write_csv
from evalsys.exports.table import Table
from evalsys.store.roster_files import open_tables
from evalsys.store.rulesheet_file import read_rule_workbook

REFUSED = 1
SHOWN_FAULTS = 200

_EPILOG = """
\b
退出码 · exit codes:
  0    编译通过、已写出 · compiled, written
  1    表或数据有错，每行一处，注明单元格 · faults, one a line, each with its cell
  2    文件不可用 · unusable file or option
"""
_Workbook = click.Path(exists=True, dir_okay=False, path_type=Path)
_AS_OF = click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="基准日，默认今天 · the day as of which rules are applied; default: today.",
)
_FACTS = click.option(
    "--facts",
    required=True,
    type=_Workbook,
    help=f"事实：“{ID}”和每个字段一列，空格为缺数据 · one column a field, empty is missing.",
)


@click.group(epilog=_EPILOG)
def command() -> None:
    """规则集电子表格 · a rule set kept as a spreadsheet (docs/formats/rules.md)."""


@command.command("compile", epilog=_EPILOG)
@click.argument("rules", type=_Workbook)
def compile_command(rules: Path) -> None:
    """编译并试跑样例 · compile RULES and run its samples as of today.

    Prints every rule as a sentence and the version; or one line a fault, each with its cell.
    """
    compiled = _compiled(rules, _today())
    for rule in compiled.sheet.rules:
        click.echo(sentence(rule))
    click.echo(
        f"编译通过：{len(compiled.sheet.rules)} 条规则、{len(compiled.sheet.fields)} 个字段、"
        f"{len(compiled.sheet.samples)} 个样例，版本 {compiled.sheet.sha256}"
    )


@command.command("evaluate", epilog=_EPILOG)
@click.argument("rules", type=_Workbook)
@_FACTS
@_AS_OF
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
def evaluate_command(rules: Path, facts: Path, as_of: datetime | None, out: Path) -> None:
    """逐人评议 · judge everybody in FACTS: conclusion, rule numbers, reasons."""
    day = as_of.date() if as_of else _today()
    sheet = _compiled(rules, _today()).sheet
    judge = sheet.judge_on(day)
    counts: Counter[str] = Counter()

    def judged() -> Iterator[tuple[str, ...]]:
        for person in _people(sheet, facts):
            verdict = judge.verdict_on(person.facts)
            counts[verdict.conclusion] += 1
            reasons = "；".join(_reason(one) for one in verdict.outcomes if one.effect)
            yield (person.number, *_result(verdict), reasons)

    with whole_or_nothing(out) as part:
        write_csv(Table("", (), (ID, *_RESULT, "理由"), (), judged(), 0), part)
    told = "，".join(f"{word} {count:,}" for word, count in counts.items())
    click.echo(f"已写出 {out}：{counts.total():,} 人（{told}），基准日 {day}，版本 {sheet.sha256}")


@command.command("diff", epilog=_EPILOG)
@click.argument("old", type=_Workbook)
@click.argument("new", type=_Workbook)
@_FACTS
@_AS_OF
def diff_command(old: Path, new: Path, facts: Path, as_of: datetime | None) -> None:
    """比较两个版本 · list as CSV who comes out differently under NEW than under OLD."""
    day = as_of.date() if as_of else _today()
    was = _results(old, facts, day)
    now = _results(new, facts, day)
    changed = [number for number, result in was.items() if now[number] != result]
    rows = (
        (number, *(word for pair in zip(was[number], now[number], strict=True) for word in pair))
        for number in changed
    )
    titles = (ID, *(f"{which}{title}" for title in _RESULT for which in ("原", "新")))
    for line in csv_lines(Table("", (), titles, (), rows, len(changed))):
        click.echo(line, nl=False)
    click.echo(f"{len(was):,} 人中 {len(changed):,} 人的结果改变，基准日 {day}", err=True)


def _results(rules: Path, facts: Path, day: date) -> dict[str, tuple[str, ...]]:
    sheet = _compiled(rules, _today()).sheet
    judge = sheet.judge_on(day)
    return {
        person.number: _result(judge.verdict_on(person.facts)) for person in _people(sheet, facts)
    }


def _compiled(path: Path, today: date) -> Compiled:
    compiled = compile_rules(read_rule_workbook(path), today)
    for note in compiled.notes:
        click.echo(f"提醒 {note.place} {note.what}。", err=True)
    for error in compiled.errors:
        click.echo(f"{error.place} {error.what}。{error.remedy}。")
    if compiled.errors:
        raise click.exceptions.Exit(REFUSED)
    return compiled


def _people(sheet: RuleSheet, path: Path) -> Iterator[Person]:
    """Yield everybody; all faults are printed, and end the command before anything is written."""
    table = next(open_tables(path, path.name), None)
    rows = table.rows if table else iter(())
    header = [tidy(spelt(cell)) for cell in next(rows, (0, ()))[1]]
    reader = FactsReader(sheet, header)
    for note in reader.notes:
        click.echo(f"提醒 {path.name} {note}。", err=True)
    faults = 0
    for number, cells in rows:
        person, found = reader.read(cells)
        for at, fault in found:
            faults += 1
            if faults <= SHOWN_FAULTS:
                column = header[at] if at < len(header) else str(at + 1)
                click.echo(f"{path.name} 第{number}行 “{column}”列 {fault.what}。{fault.remedy}。")
        if person is not None and not found:
            yield person
    if faults > SHOWN_FAULTS:
        click.echo(f"另有 {faults - SHOWN_FAULTS:,} 处错误。")
    if faults:
        raise click.exceptions.Exit(REFUSED)


_RESULT = ("结论", "附带", "规则号")


def _result(verdict: Verdict) -> tuple[str, ...]:
    return verdict.conclusion.value, ";".join(side_words(verdict)), ";".join(fired(verdict))


def _reason(outcome: RuleOutcome) -> str:
    source = outcome.rule.source
    return f"{outcome.reason}（{source.document}{source.requirement}）"


def _today() -> date:
    return utc_now().astimezone().date()

"""`evalsys rules`: compile a rule spreadsheet, judge people by it, compare two versions."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import click

from evalsys.cli.day import Day
from evalsys.cli.no_collecting import no_collecting
from evalsys.cli.whole_file import whole_or_nothing
from evalsys.clock import utc_now
from evalsys.domain.roster_headers import letter_of
from evalsys.domain.rulesheet import Compiled, RuleSheet
from evalsys.domain.rulesheet_advice import ADVICE_TITLES, Adviser
from evalsys.domain.rulesheet_cells import spelt, tidy
from evalsys.domain.rulesheet_compile import compile_rules
from evalsys.domain.rulesheet_facts import ID, FactsReader, Person
from evalsys.domain.rulesheet_words import sentence
from evalsys.errors import InvalidInput
from evalsys.exports.csv import csv_lines, write_csv
from evalsys.exports.rulesheet import write_rule_workbook
from evalsys.exports.table import Table
from evalsys.say import said, say
from evalsys.store.roster_files import Table as ReadTable
from evalsys.store.roster_files import open_tables
from evalsys.store.rulebooks import RULE_SETS, shipped_rule_set
from evalsys.store.rulesheet_file import read_rule_workbook
from evalsys.store.xlsx_cells import calculated_cells

REFUSED = 1
SHOWN_FAULTS = 200

_EPILOG = """
\b
退出码 · exit codes:
  0    编译通过、已写出 · compiled, written
  1    表或数据有错，每行一处，注明单元格 · faults, one a line, each with its cell
  2    选项不对 · wrong option
"""
_Workbook = click.Path(exists=True, dir_okay=False, path_type=Path)
_AS_OF = click.option(
    "--as-of",
    type=Day(),
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


@command.command("shipped")
@click.argument("name", required=False)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="写到这个 .xlsx 文件 · workbook to write.",
)
def shipped_command(name: str | None, out: Path | None) -> None:
    """随软件提供的规则集 · list the rule sets that come along, or write one as a workbook."""
    for known in [name] if name else RULE_SETS:
        tables = shipped_rule_set(known)
        sheet = compile_rules(tables, _today()).sheet
        off = sum(not rule.enabled for rule in sheet.rules)
        told = said(
            f"{len(sheet.rules)} 条规则（其中 {off} 条未核实，不予适用），版本 {sheet.sha256}"
        )
        click.echo(f"{known}  {told}")
        if name and out:
            with whole_or_nothing(out) as part:
                write_rule_workbook(tables, part, made_at=utc_now())
            say(f"已写出 {out}")


@command.command("compile", epilog=_EPILOG)
@click.argument("rules", type=_Workbook)
def compile_command(rules: Path) -> None:
    """编译并试跑样例 · compile RULES and run its samples as of today.

    Prints every rule as a sentence and the version; or one line a fault, each with its cell.
    """
    compiled = _compiled(rules, _today())
    for rule in compiled.sheet.rules:
        click.echo(sentence(rule))
    say(
        f"编译通过：{len(compiled.sheet.rules)} 条规则、{len(compiled.sheet.fields)} 个字段、"
        f"{len(compiled.sheet.samples)} 个样例，版本 {compiled.sheet.sha256}"
    )


@command.command("evaluate", epilog=_EPILOG)
@click.argument("rules", type=_Workbook)
@_FACTS
@_AS_OF
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="写到这个 .csv 文件 · CSV file to write.",
)
def evaluate_command(rules: Path, facts: Path, as_of: datetime | None, out: Path) -> None:
    """逐人评议 · judge everybody in FACTS: conclusion, rule numbers, reasons."""
    day = as_of.date() if as_of else _today()
    if out.resolve() in {rules.resolve(), facts.resolve()}:
        say(f"{out} 是要读的文件，不能写在它上面。请换一个文件名。")
        raise click.exceptions.Exit(REFUSED)
    sheet = _compiled(rules, _today()).sheet
    advise = _adviser(sheet, day, rules).advise
    counts: Counter[str] = Counter()

    def judged() -> Iterator[tuple[str, ...]]:
        for person in _people(sheet, facts):
            advice = advise(person.facts)
            counts[advice.conclusion] += 1
            yield (person.number, *advice)

    with whole_or_nothing(out) as part, no_collecting():
        write_csv(Table("", (), (ID, *ADVICE_TITLES), (), judged(), 0), part)
    told = "，".join(f"{word} {count:,}" for word, count in counts.items())
    say(f"已写出 {out}：{counts.total():,} 人（{told}），基准日 {day}，版本 {sheet.sha256}")


@command.command("diff", epilog=_EPILOG)
@click.argument("old", type=_Workbook)
@click.argument("new", type=_Workbook)
@_FACTS
@_AS_OF
def diff_command(old: Path, new: Path, facts: Path, as_of: datetime | None) -> None:
    """比较两个版本 · list as CSV who comes out differently under NEW than under OLD."""
    day = as_of.date() if as_of else _today()
    with no_collecting():
        was, now = _results(old, facts, day), _results(new, facts, day)
    changed = [number for number, result in was.items() if now[number] != result]
    rows = (
        (number, *(word for pair in zip(was[number], now[number], strict=True) for word in pair))
        for number in changed
    )
    titles = (ID, *(f"{which}{title}" for title in ADVICE_TITLES[:3] for which in ("原", "新")))
    for line in csv_lines(Table("", (), titles, (), rows, len(changed))):
        click.echo(line, nl=False)
    say(f"{len(was):,} 人中 {len(changed):,} 人的结果改变，基准日 {day}", err=True)


def _results(rules: Path, facts: Path, day: date) -> dict[str, tuple[str, ...]]:
    sheet = _compiled(rules, _today()).sheet
    advise = _adviser(sheet, day, rules).advise
    return {person.number: advise(person.facts).result for person in _people(sheet, facts)}


def _adviser(sheet: RuleSheet, day: date, path: Path) -> Adviser:
    """Apply the rules of a day; when there are none yet, nobody is held back and that is said."""
    adviser = Adviser(sheet, day)
    if not adviser.is_strict:
        say(f"提醒 {path.name} 在 {day} 没有生效的规则，所有人都是“符合”。", err=True)
    return adviser


def _compiled(path: Path, today: date) -> Compiled:
    with _told_as_a_fault():
        workbook = read_rule_workbook(path)
    compiled = compile_rules(workbook.tables, today, workbook.faults)
    for note in compiled.notes:
        say(f"提醒 {note.place} {note.what}。", err=True)
    for error in compiled.errors[:SHOWN_FAULTS]:
        say(f"{error.place} {error.what}。{error.remedy}。")
    _end_if(len(compiled.errors))
    return compiled


def _people(sheet: RuleSheet, path: Path) -> Iterator[Person]:
    """Yield everybody; all faults are printed, and end the command before anything is written."""
    with _told_as_a_fault():
        yield from _lines(sheet, path)


def _lines(sheet: RuleSheet, path: Path) -> Iterator[Person]:
    tables = open_tables(path, path.name)
    table = next(tables, None)
    rows = table.rows if table else iter(())
    header = [tidy(spelt(cell)) for cell in next(rows, (0, ()))[1]]
    reader = FactsReader(sheet, header, path.name)
    for note in reader.notes:
        say(f"提醒 {path.name} {note}。", err=True)
    told = _Told(path.name)
    for line in _unseen(table, path) if table and table.sheet else ():
        told.fault(line)
    people = 0
    for number, cells in rows:
        person, found = reader.read(cells)
        people += person is not None
        for at, fault in found:
            column = header[at] if at < len(header) else str(at + 1)
            place = f"第{number}行 “{column}”列（{letter_of(at)}{number}）"
            told.fault(f"{place} {fault.what}。{fault.remedy}。")
        if person is not None and not found:
            yield person
    _note_unread(tables, path)
    if not people:
        told.fault("第2行 没有一个人。请核对文件，每人一行。")
    _end_if(told.faults)


def _note_unread(others: Iterator[ReadTable], path: Path) -> None:
    for other in others:
        if other.height:
            say(f"提醒 {path.name} 工作表“{other.sheet}”未读，只读第一张。", err=True)


class _Told:
    """The faults of a file: the first are printed, the rest is only counted."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.faults = 0

    def fault(self, line: str) -> None:
        self.faults += 1
        if self.faults <= SHOWN_FAULTS:
            # What nobody sees in a cell must be seen in what is said of it.
            seen = "".join(ch if ch.isprintable() else f"⟨U+{ord(ch):04X}⟩" for ch in line)
            say(f"{self._name} {seen}")


def _unseen(table: ReadTable, path: Path) -> Iterator[str]:
    """Say what nobody sees who looks at the facts: hidden parts, merged cells, formulas."""
    for _, part in table.unseen:
        yield f"工作表“{table.sheet}” {part}是隐藏的。请取消隐藏并核对，再试一次。"
    for place in table.merged_at:
        yield f"{table.sheet}!{place} 是合并单元格，下面和右边的格子看不见。请取消合并，逐格填写。"
    for place in calculated_cells(path, path.name):
        yield f"{place} 是公式或公式出错的结果。请粘贴为数值。"


def _end_if(faults: int) -> None:
    if faults > SHOWN_FAULTS:
        say(f"另有 {faults - SHOWN_FAULTS:,} 处错误。")
    if faults:
        raise click.exceptions.Exit(REFUSED)


@contextmanager
def _told_as_a_fault() -> Iterator[None]:
    """Say of a file that cannot be read at all what is wrong, as of a cell."""
    try:
        yield
    except InvalidInput as error:
        say(f"{error.place} {error.what}{error.remedy}")
        raise click.exceptions.Exit(REFUSED) from error


def _today() -> date:
    return utc_now().astimezone().date()

"""The rule sets that come along: they compile, they decide as others find, and cite their law."""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random  # noqa: TID251 - a test's people, no draw

import pytest

from evalsys.domain import rulesheet_advice
from evalsys.domain.eligibility import Judge
from evalsys.domain.personnel import FIELDS, Missing, Value
from evalsys.domain.rulebook import Basis, Conclusion, Field, FieldKind, Rule
from evalsys.domain.rulesheet import RESULT_WORDS, RuleSheet, fired
from evalsys.domain.rulesheet_cells import missing_fact
from evalsys.domain.rulesheet_compile import compile_rules
from evalsys.domain.rulesheet_words import sentence
from evalsys.exports.rulesheet import write_rule_workbook
from evalsys.store.rulebooks import RULE_SETS, shipped_rule_set, shipped_rulebook
from evalsys.store.rulesheet_file import read_rule_workbook

TODAY = date(2026, 11, 26)
NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
PEOPLE = 2_000


def _sheet(name: str) -> RuleSheet:
    compiled = compile_rules(shipped_rule_set(name), TODAY)
    assert compiled.errors == ()
    return compiled.sheet


@pytest.mark.parametrize("name", RULE_SETS)
def test_a_shipped_set_survives_the_way_through_a_workbook(name: str, tmp_path: Path) -> None:
    with (tmp_path / "rules.xlsx").open("wb") as out:
        write_rule_workbook(shipped_rule_set(name), out, made_at=NOW)
    workbook = read_rule_workbook(tmp_path / "rules.xlsx")
    assert workbook.faults == ()
    assert compile_rules(workbook.tables, TODAY).sheet.sha256 == _sheet(name).sha256


def test_what_is_known_at_second_hand_is_switched_off_and_says_so() -> None:
    rules = {rule.number: rule for rule in _sheet("国家默认").rules}
    off = {number for number, rule in rules.items() if not rule.enabled}
    assert off == {"国-8", "国-9", "国-10"}
    assert all("未核实，不予适用" in sentence(rules[number]) for number in off)
    assert all(rule.source.words for rule in rules.values())
    assert "“处分已满月数”属于“0至23”" in sentence(rules["国-1"])


def test_the_spreadsheet_of_yishui_decides_as_the_rulebook_of_the_room() -> None:
    """Two tables, written apart: everybody comes out alike under both."""
    sheet, book = _sheet("沂水2013"), shipped_rulebook().on(TODAY)
    assert [(f.name, f.kind, f.codes) for f in sheet.fields.values()] == [
        (f.name, f.kind, f.codes) for f in FIELDS
    ]
    ours, theirs = sheet.judge_on(TODAY), Judge(book)
    assert [rule.source.basis for rule in ours.rules.rules] == [r.source.basis for r in book.rules]
    for facts in _people(sheet):
        one, other = ours.verdict_on(facts), theirs.verdict_on(facts)
        assert (one.conclusion, one.side_results, one.rule_numbers) == (
            other.conclusion,
            other.side_results,
            other.rule_numbers,
        )
    assert Basis.HOUSE in {rule.source.basis for rule in sheet.rules}


@pytest.mark.parametrize("name", RULE_SETS)
def test_a_database_finds_the_same_rules_met_spared_and_open(name: str) -> None:
    """SQL has a three-valued logic of its own: the rows of 规则 become WHERE clauses there."""
    sheet = _sheet(name)
    people = list(_people(sheet))
    db = sqlite3.connect(":memory:")
    columns = ", ".join(f'"{field}"' for field in sheet.fields)
    db.execute(f"CREATE TABLE people ({columns})")
    marks = ", ".join("?" * len(sheet.fields))
    db.executemany(
        f"INSERT INTO people VALUES ({marks})",  # noqa: S608 - names of the set
        [[_plain(facts[name]) for name in sheet.fields] for facts in people],
    )
    judge = sheet.judge_on(TODAY)
    clauses = ", ".join(_clause(rule.number, shipped_rule_set(name)) for rule in judge.rules.rules)
    found = db.execute(f"SELECT {clauses} FROM people ORDER BY rowid").fetchall()  # noqa: S608 - from the set itself
    db.close()
    seen: set[Conclusion] = set()
    for facts, row in zip(people, found, strict=True):
        verdict = judge.verdict_on(facts)
        assert [outcome.met for outcome in verdict.outcomes] == [
            None if met is None else bool(met) for met in row
        ]
        assert verdict.conclusion is _most_severe(judge.rules.rules, row)
        seen.add(verdict.conclusion)
    assert len(seen) >= 3


@pytest.mark.parametrize("name", RULE_SETS)
def test_the_quick_answers_are_those_of_the_full_verdicts(name: str) -> None:
    """`evaluate` keeps what has an effect alone; it must say what every outcome together says."""
    sheet = _sheet(name)
    judge = sheet.judge_on(TODAY)
    adviser = rulesheet_advice.Adviser(sheet, TODAY, most=64)  # memory is emptied midway
    for facts in _people(sheet):
        verdict = judge.verdict_on(facts)
        told = adviser.advise(tuple(facts[field] for field in sheet.fields))
        assert told == (
            verdict.conclusion.value,
            ";".join(RESULT_WORDS[word] for word in verdict.side_results),
            ";".join(fired(verdict)),
            "；".join(rulesheet_advice.reason(one) for one in verdict.outcomes if one.effect),
        )


def _most_severe(rules: Sequence[Rule], row: Sequence[int | None]) -> Conclusion:
    ends = {rule.outcome for rule, met in zip(rules, row, strict=True) if met}
    if any(met is None and rule.missing == "待核" for rule, met in zip(rules, row, strict=True)):
        ends.add(Conclusion.PENDING)
    return next((word for word in Conclusion if word in ends), Conclusion.ELIGIBLE)


def _clause(number: str, tables: dict[str, list[list[str]]]) -> str:
    """Write a rule from the texts of its rows, knowing nothing of the compiler."""
    header, *rows = tables["规则"]
    lines = [dict(zip(header, row, strict=True)) for row in rows if row[0] == number]
    kinds = {row[0]: row[1] for row in tables["字段字典"][1:]}
    scope = lines[0]["适用范围"]
    within = f"\"人员类别\" IN ('{scope}')" if scope != "全体" else "1"
    groups: dict[str, list[str]] = {}
    for line in lines:
        groups.setdefault(line["组号"], [within]).append(_condition(line, kinds[line["字段"]]))
    return " OR ".join(f"({' AND '.join(group)})" for group in groups.values())


def _condition(line: dict[str, str], kind: str) -> str:
    number = kind in {"整数", "小数"}
    values = ", ".join(v if number else f"'{v}'" for v in line["值"].split("|"))
    return (
        f'"{line["字段"]}" '
        + {
            "等于": f"= {values}",
            "属于": f"IN ({values})",
            "大于": f"> {values}",
            "不小于": f">= {values}",
            "有": "= 1",
            "无": "= 0",
        }[line["运算"]]
    )


def _plain(value: Value) -> str | int | float | None:
    match value:
        case Missing():
            return None
        case Decimal():
            return float(value)
        case date():
            return value.isoformat()
        case _:
            return value


def _people(sheet: RuleSheet) -> Iterator[dict[str, Value]]:
    """Make up people, one value in nine missing, by dice that always fall alike."""
    dice = Random("people")  # noqa: S311 - a test's people, no draw
    for _ in range(PEOPLE):
        yield {
            name: missing_fact(field) if dice.random() < 0.11 else _value(field, dice)
            for name, field in sheet.fields.items()
        }


def _value(field: Field, dice: Random) -> Value:
    match field.kind:
        case FieldKind.CODE:
            return dice.choice(field.codes)
        case FieldKind.BOOLEAN:
            return dice.random() < 0.5
        case FieldKind.DECIMAL:
            return Decimal(dice.randrange(400)) / 10
        case _:
            return dice.choice([0, 0, 0, 1, 2, 3, 5, 11, 12, 24])

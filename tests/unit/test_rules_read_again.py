"""Random rule workbooks, read by the commands and by a second, plainer reading of the same table.

Overlapping and dated rules, groups, scopes, empty cells, full-width digits, quotes, days in four
spellings and typed cells: what `evaluate` writes must be what the other reading finds, and what
`compile` refuses are exactly the rules that no sample fires or no sample spares.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random  # noqa: TID251 - a test's tables, no draw

import pytest
from click.testing import CliRunner, Result

from evalsys.cli.rules import command
from evalsys.clock import utc_now
from evalsys.domain.roster_cells import Cell
from tests.builders import full_width
from tests.rule_papers import rule_papers, write_rules

Facts = dict[str, Cell]
COLUMNS = rule_papers()["规则"][0]
CODES = {"等次": ("优", "合格", "不合格"), "类别": ("公务员", "事业")}
FIELDS = ("等次", "类别", "试用", "人次", "得分", "处分日")
KINDS = ("代码", "代码", "布尔", "整数", "小数", "日期")
ENDS = ("不予提拔", "程序中止", "待核", "符合")
SIDES = ("免除试用职务", "诫勉", "优先", "提示")
TODAY = utc_now().astimezone().date()  # as of which the command judges samples
DAYS = (TODAY, date(2016, 5, 5), date(2019, 12, 31), date(2020, 1, 1))


@dataclass
class _Rule:
    number: str
    since: date
    until: date | None
    scope: tuple[str, ...]
    result: str
    missing: str
    is_off: bool
    conditions: list[tuple[int, str, str, list[Cell]]] = field(default_factory=list)

    def holds(self, day: date) -> bool:
        return not self.is_off and self.since <= day <= (self.until or date.max)

    def met(self, facts: Facts) -> bool | None:
        groups: dict[int, list[bool | None]] = {}
        for group, name, operator, values in self.conditions:
            groups.setdefault(group, []).append(_compared(name, operator, values, facts[name]))
        scope = _compared("类别", "属于", list(self.scope), facts["类别"]) if self.scope else True
        found = [_least([scope, *each]) for each in groups.values()]
        return True if True in found else None if None in found else False


def _least(found: Sequence[bool | None]) -> bool | None:
    return False if False in found else None if None in found else True


def _compared(name: str, operator: str, values: list[Cell], fact: Cell) -> bool | None:
    if operator in {"有", "无"}:
        if name == "试用":
            return None if fact is None else (fact == "是") is (operator == "有")
        return (fact is not None) is (operator == "有")
    if fact is None:
        return None
    if name == "得分":
        fact, values = float(str(fact)), [float(str(value)) for value in values]
    if operator in {"大于", "不小于"}:
        more = bool(fact > values[0])  # type: ignore[operator]  # both of one kind
        return more or (operator == "不小于" and fact == values[0])
    return (fact in values) is not (operator == "不属于")


def _judged(rules: Sequence[_Rule], facts: Facts, day: date) -> tuple[str, str, str]:
    effects = []
    for rule in rules:
        met = rule.met(facts) if rule.holds(day) else False
        if met or (met is None and rule.missing == "待核"):
            effects.append((rule.number, rule.result if met else "待核", met))
    told = {effect for _, effect, _ in effects}
    end = next(word for word in ENDS if word in told or word == "符合")
    numbers = dict.fromkeys(number for number, _, met in effects if met or end == "待核")
    return end, ";".join(word for word in SIDES if word in told), ";".join(numbers)


def _value(dice: Random, name: str) -> Cell:
    match name:
        case "等次" | "类别":
            return dice.choice(CODES[name])
        case "试用":
            return dice.choice("是否")
        case "人次":
            return dice.randrange(-1, 4)
        case "得分":
            return dice.choice(["59.9", "60", "60.0", "60.1"])
    return date(2026, dice.randrange(1, 4), dice.randrange(1, 4))


def _spelt(dice: Random, value: Cell) -> str:
    if isinstance(value, date):
        y, m, d = value.year, value.month, value.day
        return dice.choice([value.isoformat(), f"{y}年{m}月{d}日", f"{y}/{m}/{d}", f"{y}.{m}.{d}"])
    text = str(value)
    return dice.choice([text, text, full_width(text) if text.isascii() else text, f"“{text}”"])


def _rules(dice: Random) -> list[_Rule]:
    rules = []
    for number in range(1, dice.randrange(2, 5)):
        last = dice.choice([None, None, date(2025, 1, 1)])
        spans: list[tuple[date, date | None]] = [(date(2014, 1, 1), None)]
        if dice.random() < 0.5:
            spans = [(date(2014, 1, 1), date(2019, 12, 31)), (date(2020, 1, 1), last)]
        for since, until in spans:
            scope = dice.choice([(), (), ("公务员",), ("公务员", "事业")])
            result = dice.choice([*ENDS[:3], *SIDES])
            missing = dice.choice(["待核", "视为不满足"])
            rule = _Rule(f"R{number}", since, until, scope, result, missing, dice.random() < 0.1)
            for _ in range(dice.randrange(1, 4)):
                name = dice.choice(FIELDS)
                words = ["有", "无", "等于", "属于", "不属于"]
                words += ["大于", "不小于"] * (name in {"人次", "得分", "处分日"})
                operator = dice.choice(words)
                many = (
                    0
                    if operator in {"有", "无"}
                    else dice.choice([1, 2])
                    if "属于" in operator
                    else 1
                )
                values = [_value(dice, name) for _ in range(many)]
                rule.conditions.append((dice.choice([1, 1, 2]), name, operator, values))
            rules.append(rule)
    return rules


def _lines(dice: Random, rules: Sequence[_Rule]) -> list[list[Cell]]:
    lines = [COLUMNS]
    for rule in rules:
        for at, (group, name, operator, values) in enumerate(rule.conditions):
            cell: Cell = dice.choice("|｜").join(_spelt(dice, value) for value in values) or None  # noqa: RUF001 - the point
            if len(values) == 1 and not isinstance(values[0], str) and dice.random() < 0.5:
                cell = values[0]
            source = "未核实" if rule.is_off else "《意见》"
            once: list[Cell] = ["名", source, None, None] if at == 0 else [None] * 4
            scope = "|".join(rule.scope) or None
            ends: list[Cell] = [rule.result, rule.missing] if at == 0 else [None, None]
            lines.append(
                [rule.number, *once, rule.since, rule.until, scope, None if group == 1 else group,
                 name, operator, cell, *ends, None]
            )  # fmt: skip
    return lines


def _people(dice: Random, count: int) -> list[Facts]:
    return [
        {name: None if dice.random() < 0.25 else _value(dice, name) for name in FIELDS}
        for _ in range(count)
    ]


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(command, list(map(str, arguments)))


@pytest.mark.parametrize("seed", range(12))
def test_commands_decide_as_a_second_reading(seed: int, tmp_path: Path) -> None:
    dice = Random(seed)  # noqa: S311 - a test's tables
    rules, samples, people = _rules(dice), _people(dice, 30), _people(dice, 40)
    dictionary: list[list[Cell]] = [["字段", "类型", "代码集", "来源", "负责人"]]
    for name, kind in zip(FIELDS, KINDS, strict=True):
        dictionary.append([name, kind, "|".join(CODES.get(name, ())) or None, "台账", "组织部"])
    expected: list[list[Cell]] = []
    for one in samples:
        end, _, numbers = _judged(rules, one, TODAY)
        expected.append([*one.values(), end, numbers])
    sheets: dict[str, list[list[Cell]]] = {
        "规则": _lines(dice, rules),
        "字段字典": dictionary,
        "样例": [[*FIELDS, "期望结论", "期望规则号"], *expected],
    }
    workbook = write_rules(tmp_path / "rules.xlsx", sheets)
    outcomes = [
        (rule.number, {rule.met(one) for one in samples}) for rule in rules if rule.holds(TODAY)
    ]
    unseen = sorted(
        number for number, found in outcomes for met in (True, False) if met not in found
    )
    compiled = _run("compile", workbook)
    refused = [line for line in compiled.output.splitlines() if "没有任何样例" in line]
    assert [line.split()[2] for line in sorted(refused)] == unseen, compiled.output
    assert compiled.exit_code == bool(unseen), compiled.output
    if unseen:
        return
    lines: list[list[Cell]] = [
        ["编号", *FIELDS],
        *([f"{i:04d}", *one.values()] for i, one in enumerate(people)),
    ]
    write_rules(tmp_path / "facts.xlsx", {"事实": lines})
    with (tmp_path / "facts.csv").open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(
            ["" if cell is None else cell for cell in line] for line in lines
        )
    for day, facts in zip(
        DAYS, ("facts.csv", "facts.xlsx", "facts.csv", "facts.xlsx"), strict=True
    ):
        out = tmp_path / "out.csv"
        done = _run("evaluate", workbook, "--facts", tmp_path / facts, "--as-of", day, "--out", out)
        assert done.exit_code == 0, done.output
        with out.open(encoding="utf-8-sig", newline="") as file:
            told = [(row["结论"], row["附带"], row["规则号"]) for row in csv.DictReader(file)]
        assert told == [_judged(rules, one, day) for one in people]

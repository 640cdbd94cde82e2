"""Reading a rulebook from its text (TOML). Every fault is reported at once, each with its place."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from evalsys.domain.rulebook import (
    UNIT_WEIGHTS,
    WEIGHTS,
    Basis,
    Citation,
    Conclusion,
    Condition,
    Dated,
    Field,
    Outcome,
    Parameter,
    Rule,
    Rulebook,
    SideResult,
    WhenMissing,
    overlapping,
)
from evalsys.domain.rulebook_conditions import ConditionError, parse_condition
from evalsys.domain.toml_text import read_toml, refuse_faults

FORMAT = "evalsys-rulebook/1"

PERCENT = (0, 100)
TENTHS = (0, 1000)
BOUNDS: Mapping[str, tuple[int, int]] = {
    **dict.fromkeys(WEIGHTS.values(), PERCENT),
    **dict.fromkeys(UNIT_WEIGHTS.values(), PERCENT),
    "weight_household": (1, 100),
    "year_from_quarters": (0, 1),
    "open_inspection_share": PERCENT,
    "top_grade_quota": PERCENT,
    "top_grade_quota_approved": PERCENT,
    "top_grade_quota_by": (1, 3),
    "dispute_reply_days": (1, 60),
    "inactive_days": (1, 366),
    "pass_mark": TENTHS,
    "notable_mark": TENTHS,
    "hide_below": (2, 100),
    "quorum": PERCENT,
    "admonish_principal_at": (1, 1000),
    "admonish_window": (1, 10),
    "appraisal_quorum": PERCENT,
    "appraisal_pass": PERCENT,
    "appraisal_refused_years": (1, 10),
    "publicity_days": (1, 60),
    "probation_months": (0, 36),
    "talk_days": (1, 250),
    "investigation_days": (1, 250),
    "exposure_days": (1, 3660),
    "pledge_remind_days": (0, 60),
    "pledge_kept_at": (1, 100),
}
"""The numbers that a rulebook must give, with the least and the greatest value allowed."""

_WHOLES = (("权重", WEIGHTS), ("单位权重", UNIT_WEIGHTS))
_TREND_ONLY = ("信访", "petition")
"""Petition statistics are for trend reports and never a part of a score (Y77)."""

Word = TypeVar("Word", bound=StrEnum)
_NUMBER = re.compile(r"[^\s#]{1,32}")


def parse_rulebook(text: str, fields: Sequence[Field]) -> Rulebook:
    """Read a rulebook whose conditions speak of `fields`.

    Raises:
        InvalidInput: lists every fault, each with the name of its table and key.
    """
    raw = read_toml(text, "规则集")
    problems: list[str] = []
    book = _book(_Table(raw, "规则集", problems), fields)
    refuse_faults("规则集", problems, "docs/personnel.md", book.name)
    return book


class _Table:
    """One table of the text: takes keys with their types, notes faults, goes on."""

    def __init__(self, raw: object, place: str, problems: list[str]) -> None:
        self.place = place
        self.problems = problems
        self._raw: dict[str, object] = {}
        if isinstance(raw, dict):
            self._raw = dict(raw)
        else:
            self.fault("应为一张表")

    def fault(self, what: str) -> None:
        self.problems.append(f"{self.place}：{what}")

    def text(self, key: str, *, required: bool = True) -> str:
        value = self._raw.pop(key, None)
        if value is None:
            if required:
                self.fault(f"缺少 {key}")
            return ""
        if not isinstance(value, str) or not value.strip():
            self.fault(f"{key} 应为非空文字")
            return ""
        return value.strip()

    def integer(self, key: str) -> int:
        value = self._raw.pop(key, None)
        if isinstance(value, bool) or not isinstance(value, int):
            self.fault(f"{key} 应为整数，实为 {value!r}")
            return 0
        return value

    def day(self, key: str, *, required: bool = True) -> date | None:
        value = self._raw.pop(key, None)
        if value is None and not required:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            self.fault(f"{key} 应为日期（例如 2013-01-01，不加引号），实为 {value!r}")
            return None
        return value

    def word(self, key: str, words: Callable[[str], Word], allowed: Sequence[Word]) -> Word:
        value = self.text(key)
        try:
            return words(value)
        except ValueError:
            if value:
                self.fault(f"{key} 应为 {'、'.join(allowed)} 之一，实为“{value}”")
            return allowed[0]

    def tables(self, key: str) -> Iterator[tuple[str, "_Table"]]:
        value = self._raw.pop(key, None)
        if not isinstance(value, dict) or not value:
            self.fault(f"缺少 {key}")
            return
        for name, table in value.items():
            yield name, _Table(table, f"{key}.{name}", self.problems)

    def rows(self, key: str) -> list["_Table"]:
        value = self._raw.pop(key, None)
        if not isinstance(value, list) or not value:
            self.fault(f"缺少 {key}")
            return []
        where = "" if self.place == "规则集" else f"{self.place}."
        return [
            _Table(row, f"{where}{key}[{i}]", self.problems) for i, row in enumerate(value, start=1)
        ]

    def groups(self, key: str) -> list[list[str]]:
        value = self._raw.pop(key, None)
        if not isinstance(value, list) or not value:
            self.fault(f"{key} 应为条件组的列表")
            return []
        for group in value:
            whole = isinstance(group, list) and group
            if not whole or not all(isinstance(line, str) for line in group):
                self.fault(f"{key} 的每组应为非空的文字列表")
                return []
        return value

    def close(self) -> None:
        """Note what nobody asked for: a misspelt key must not be passed over."""
        for key in self._raw:
            self.fault(f"不认识 {key}")


def _book(top: _Table, fields: Sequence[Field]) -> Rulebook:
    if (found := top.text("format")) and found != FORMAT:
        top.fault(f"format 应为 {FORMAT}，实为“{found}”")
    name, title, note = top.text("name"), top.text("title"), top.text("note", required=False)
    documents = {key: _document(table) for key, table in top.tables("document")}
    parameters = tuple(_parameter(key, t, documents) for key, t in top.tables("parameter"))
    _check_numbers(parameters, top)
    known = {field.name: field for field in fields}
    numbers = frozenset(parameter.name for parameter in parameters)
    rules = tuple(_rule(table, documents, known, numbers) for table in top.rows("rule"))
    _check_rule_numbers(rules, top)
    top.close()
    return Rulebook(name, title, note, documents, parameters, rules)


def _document(table: _Table) -> str:
    title = table.text("title")
    table.close()
    return title


def _citation(table: _Table, documents: Mapping[str, str]) -> Citation:
    document = table.text("document")
    if document and document not in documents:
        table.fault(f"document “{document}”没有在依据文件中登记")
    basis = table.word("basis", Basis, tuple(Basis))
    words = table.text("words", required=False)
    if basis is Basis.TEXT and not words:
        table.fault("basis 为原文时须写明 words（原话）")
    return Citation(
        document, table.text("requirement"), basis, words, table.text("note", required=False)
    )


def _parameter(name: str, table: _Table, documents: Mapping[str, str]) -> Parameter:
    bounds = BOUNDS.get(name)
    title, unit = table.text("title"), table.text("unit")
    if bounds is None and any(word in name + title for word in _TREND_ONLY):
        table.fault("信访统计只作趋势分析，不得作为考核的权重（Y77）")
    elif bounds is None:
        table.fault("不认识这个参数")
    source = _citation(table, documents)
    values = tuple(_dated(row, bounds) for row in table.rows("values"))
    if overlapping((dated.since, dated.until) for dated in values):
        table.fault("各值的有效期有重叠（更正时先给旧值加 until）")
    table.close()
    return Parameter(name, title, unit, source, values)


def _dated(row: _Table, bounds: tuple[int, int] | None) -> Dated:
    value = row.integer("value")
    if bounds and not bounds[0] <= value <= bounds[1]:
        row.fault(f"value 应在 {bounds[0]} 至 {bounds[1]} 之间，实为 {value}")
    since, until = _span(row)
    row.close()
    return Dated(value, since, until)


def _span(table: _Table) -> tuple[date, date | None]:
    since = table.day("since") or date.min
    until = table.day("until", required=False)
    if until is not None and until < since:
        table.fault("until 早于 since")
    return since, until


def _rule(
    table: _Table,
    documents: Mapping[str, str],
    fields: Mapping[str, Field],
    numbers: frozenset[str],
) -> Rule:
    number = table.text("number")
    if number and not _NUMBER.fullmatch(number):
        table.fault("number 应为 32 字以内、不含空格的文字")
    table.place = f"规则 {number or table.place}"
    title = table.text("title")
    source = _citation(table, documents)
    groups = tuple(
        tuple(_conditions(table, group, fields, numbers)) for group in table.groups("when")
    )
    outcome = _outcome(table)
    missing = table.word("missing", WhenMissing, tuple(WhenMissing))
    if missing is WhenMissing.NOT_MET and outcome in {Conclusion.BARRED, Conclusion.SUSPENDED}:
        table.fault(f"{outcome}的规则缺少数据时必须待核，不得视为不满足")
    since, until = _span(table)
    table.close()
    return Rule(number, title, source, groups, outcome, missing, since, until)


def _conditions(
    table: _Table, group: Sequence[str], fields: Mapping[str, Field], numbers: frozenset[str]
) -> Iterator[Condition]:
    for line in group:
        try:
            yield parse_condition(line, fields, numbers)
        except ConditionError as fault:
            table.fault(f"条件“{line}”{fault}")


def _outcome(table: _Table) -> Outcome:
    value = table.text("outcome")
    outcomes: dict[str, Outcome] = {word: word for word in Conclusion}
    outcomes.update((word, word) for word in SideResult)
    del outcomes[Conclusion.ELIGIBLE]
    if value and value not in outcomes:
        table.fault(f"outcome 应为 {'、'.join(outcomes)} 之一，实为“{value}”")
    return outcomes.get(value, Conclusion.PENDING)


def _check_numbers(parameters: Sequence[Parameter], top: _Table) -> None:
    given = {parameter.name: parameter for parameter in parameters}
    absent = [name for name in BOUNDS if name not in given]
    if absent:
        top.fault(f"缺少参数 {'、'.join(absent)}")
        return
    for title, names in _WHOLES:
        dated = [value for name in names.values() for value in given[name].values]
        days = {value.since for value in dated}
        days |= {value.until + timedelta(days=1) for value in dated if value.until}
        for day in sorted(days):
            weights = [value.value for value in dated if value.holds_on(day)]
            if weights and sum(weights) != 100:
                top.fault(f"{day.isoformat()} 起各项{title}之和为 {sum(weights)}，应为 100")


def _check_rule_numbers(rules: Sequence[Rule], top: _Table) -> None:
    for number in sorted({rule.number for rule in rules}):
        spans = [(rule.since, rule.until) for rule in rules if rule.number == number]
        if overlapping(spans):
            top.fault(f"规则号 {number} 重复，且有效期重叠")

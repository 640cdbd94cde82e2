"""A rulebook 规则集: dated, cited numbers of policy and rules, and what is in force on a day.

Conditions are data, not code, and are checked against a dictionary of fields before
anything is judged: a misspelt field or a value outside its code set is refused, because
a rule that silently never fires lets an unqualified cadre through.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from evalsys.domain.assessment import Component, Standard, show_tenths
from evalsys.errors import InvalidInput

TENTHS_UNIT = "0.1 分"

WEIGHTS: Mapping[Component, str] = {
    Component.HOUSEHOLD: "weight_household",
    Component.UNIT_RATING: "weight_unit_rating",
    Component.INSPECTION: "weight_inspection",
    Component.OPEN_INSPECTION: "weight_open_inspection",
    Component.COVERT_INSPECTION: "weight_covert_inspection",
    Component.SPOT_CHECK: "weight_spot_check",
    Component.THIRD_PARTY: "weight_third_party",
    Component.WINDOW: "weight_window",
    Component.SESSION: "weight_session",
    Component.PLEDGES: "weight_pledges",
    Component.REQUESTS: "weight_requests",
}
"""The parameter that holds the weight of each component of a cadre's year."""

UNIT_WEIGHTS: Mapping[Component, str] = {
    Component.HOUSEHOLD: "unit_weight_household",
    Component.SPOT_CHECK: "unit_weight_spot_check",
    Component.INSPECTION: "unit_weight_inspection",
    Component.THIRD_PARTY: "unit_weight_third_party",
    Component.WINDOW: "unit_weight_window",
    Component.UNIT_RATING: "unit_weight_unit_rating",
    Component.PLEDGES: "unit_weight_pledges",
}
"""The same of a unit's year."""


class Basis(StrEnum):
    """How well a number or a rule is founded."""

    TEXT = "原文"
    """The cited document says so in these words."""
    UNVERIFIED = "未核实"
    """The source is silent. A number is provisional; a rule is switched off."""
    HOUSE = "本系统"
    """A precaution of this system, which the county may switch off."""


class Conclusion(StrEnum):
    """What a person's promotion comes to, most severe first."""

    BARRED = "不予提拔"
    SUSPENDED = "程序中止"
    PENDING = "待核"
    ELIGIBLE = "符合"


class SideResult(StrEnum):
    """What follows beside the conclusion."""

    PROBATION_ENDED = "免除试用期职务"
    ADMONISHED = "诫勉"
    PENALISED = "处理曝光"
    PREFERRED = "优先"
    NOTED = "提示"


Outcome = Conclusion | SideResult


class WhenMissing(StrEnum):
    """What a rule makes of missing input."""

    PENDING = "待核"
    NOT_MET = "视为不满足"


class Operator(StrEnum):
    """How a condition compares a field with its value."""

    EQUALS = "等于"
    IN = "属于"
    NOT_IN = "不属于"
    ABOVE = "大于"
    AT_LEAST = "不小于"
    PRESENT = "有"
    NOT_PRESENT = "无"


class FieldKind(StrEnum):
    """The type of a field."""

    CODE = "代码"
    INTEGER = "整数"
    BOOLEAN = "布尔"
    TEXT = "文本"
    DECIMAL = "小数"
    DATE = "日期"


@dataclass(frozen=True, slots=True)
class Field:
    """One line of the dictionary of fields: `codes` are the allowed values of a code."""

    name: str
    kind: FieldKind
    source: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a number or rule comes from: document, requirement id, its own words if given."""

    document: str
    requirement: str
    basis: Basis
    words: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Dated:
    """A value and the days on which it holds, both included; open-ended without `until`."""

    value: int
    since: date
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Say whether this is the value of `day`."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of policy through time. Scores are in tenths: their unit is `TENTHS_UNIT`."""

    name: str
    title: str
    unit: str
    source: Citation
    values: tuple[Dated, ...]

    def show(self, value: int) -> str:
        """Write one of its values as people read it: "60.0 分", "3 人次"."""
        if self.unit == TENTHS_UNIT:
            return f"{show_tenths(value)} 分"
        return f"{value} {self.unit}"


Given = str | int | Decimal | date
"""What a condition compares with. Booleans are integers, as in Python."""


@dataclass(frozen=True, slots=True)
class Condition:
    """`field operator value`; several values for 属于 and 不属于, none for 有 and 无.

    A value is of the field's kind, or the name of a parameter in braces.
    """

    field: str
    operator: Operator
    values: tuple[Given, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: groups of conditions (all of one group, any group) and what follows."""

    number: str
    title: str
    source: Citation
    groups: tuple[tuple[Condition, ...], ...]
    outcome: Outcome
    missing: WhenMissing
    since: date
    until: date | None = None

    @property
    def enabled(self) -> bool:
        """An unverified rule is printed but never applied."""
        return self.source.basis is not Basis.UNVERIFIED

    def holds_on(self, day: date) -> bool:
        """Say whether the rule is in force on `day`."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """A rulebook on one day: the numbers and the enabled rules, numbers filled in."""

    name: str
    sha256: str
    day: date
    numbers: Mapping[str, int]
    rules: tuple[Rule, ...]
    more_fields: tuple[Field, ...] = ()
    """Fields of conditions that come as recorded facts, beside those that the system fills."""

    @property
    def standard(self) -> Standard:
        """The numbers of the annual assessment."""
        return Standard(
            weights={each: self.numbers[name] for each, name in WEIGHTS.items()},
            pass_mark=self.numbers["pass_mark"],
            notable_mark=self.numbers["notable_mark"],
            hide_below=self.numbers["hide_below"],
            quorum=self.numbers["quorum"],
            from_quarters=bool(self.numbers["year_from_quarters"]),
            open_share=self.numbers["open_inspection_share"],
        )

    @property
    def unit_standard(self) -> Standard:
        """The numbers of a unit's year (Y39, Y68): its own weights, the same limits."""
        weights = {each: self.numbers[name] for each, name in UNIT_WEIGHTS.items()}
        return replace(self.standard, weights=weights)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A whole rulebook. Two books with the same `sha256` decide alike."""

    name: str
    title: str
    note: str
    documents: Mapping[str, str]
    parameters: tuple[Parameter, ...]
    rules: tuple[Rule, ...]
    more_fields: tuple[Field, ...] = ()

    @property
    def sha256(self) -> str:
        """The version: a hash over the content, whatever the layout and comments of its file."""
        named = asdict(self)
        if not self.more_fields:
            del named["more_fields"]
        content = json.dumps(
            named, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
        )
        return hashlib.sha256(content.encode()).hexdigest()

    @property
    def begins(self) -> date:
        """The first day on which every number has a value."""
        return max(min(dated.since for dated in p.values) for p in self.parameters)

    def on(self, day: date) -> RulesInForce:
        """Return what is in force on `day`.

        Raises:
            InvalidInput: a number has no value on that day.
        """
        numbers = {p.name: _value_on(p, day) for p in self.parameters}
        rules = tuple(
            _filled(rule, numbers) for rule in self.rules if rule.enabled and rule.holds_on(day)
        )
        return RulesInForce(self.name, self.sha256, day, numbers, rules, self.more_fields)


def overlapping(spans: Iterable[tuple[date, date | None]]) -> bool:
    """Say whether two of these spans of days share a day."""
    ordered = sorted(spans, key=lambda span: span[0])
    return any(end is None or end >= start for (_, end), (start, _) in pairwise(ordered))


def _value_on(parameter: Parameter, day: date) -> int:
    for dated in parameter.values:
        if dated.holds_on(day):
            return dated.value
    raise InvalidInput(
        f"参数“{parameter.title}”在 {day.isoformat()} 没有有效的值。",
        remedy=f"最早的值自 {min(d.since for d in parameter.values).isoformat()} 起；"
        "请换一个日期，或在规则集中补上当时的值。",
        place=parameter.name,
    )


def _filled(rule: Rule, numbers: Mapping[str, int]) -> Rule:
    groups = tuple(
        tuple(
            Condition(c.field, c.operator, tuple(_number(v, numbers) for v in c.values))
            for c in group
        )
        for group in rule.groups
    )
    return replace(rule, groups=groups)


def _number(value: Given, numbers: Mapping[str, int]) -> Given:
    if isinstance(value, str) and value.startswith("{"):
        return numbers[value.strip("{}")]
    return value

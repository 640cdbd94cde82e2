"""Eligibility for promotion 晋升资格: every rule's outcome with the values it saw (Y58-Y67).

Logic is three-valued: a rule whose input is missing is neither met nor spared, and the
person is 待核, never passed. The outcome is advice; a named person decides.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

from typing_extensions import override

from evalsys.domain.personnel import CadreRecord, Missing, Value, facts_of
from evalsys.domain.rulebook import (
    Conclusion,
    Condition,
    Field,
    Given,
    Operator,
    Outcome,
    Rule,
    RulesInForce,
    SideResult,
    WhenMissing,
)
from evalsys.domain.rulesheet_cells import ValueFault, missing_fact, value_of

YES, NO = "是", "否"
"""How a boolean is written."""

SEVERITY: Mapping[Conclusion, int] = {word: i for i, word in enumerate(Conclusion)}

_SIDES: Final = tuple(SideResult)
"""Once: going through the words themselves is slow, and a million people do."""
REMEMBERED: Final = 1 << 16
"""Outcomes, verdicts and lines that are kept for the next person with the same values."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One condition as it came out: `met` is None when the value is missing."""

    condition: Condition
    value: Value
    met: bool | None

    @override
    def __str__(self) -> str:
        """`试用期=是`, or the field and why its value is missing."""
        if isinstance(self.value, Missing):
            return f"{self.condition.field}：缺（{self.value.why}）"
        return f"{self.condition.field}={show_value(self.value)}"


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What one rule says of one person."""

    rule: Rule
    met: bool | None
    seen: tuple[Seen, ...]

    @property
    def effect(self) -> Outcome | None:
        """What follows: the rule's outcome, 待核 when input is missing, or nothing."""
        if self.met:
            return self.rule.outcome
        if self.met is None and self.rule.missing is WhenMissing.PENDING:
            return Conclusion.PENDING
        return None

    @property
    def missing(self) -> tuple[str, ...]:
        """Why the rule could not be decided; empty when it was."""
        if self.met is not None:
            return ()
        return tuple(dict.fromkeys(s.value.why for s in self.seen if isinstance(s.value, Missing)))

    @property
    def reason(self) -> str:
        """One sentence: the rule and the values that it saw, or what is missing."""
        if self.met is None:
            return f"{self.rule.number} 待核：{'，'.join(self.missing)}"
        shown = "，".join(str(seen) for seen in self.seen if seen.met) or "条件均不满足"
        return f"{self.rule.number} {self.rule.title}：{shown}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Advice on one person, with every reason.

    `reasons` are those of the conclusion, most severe first, in rulebook order within;
    `side` those of side results; `outcomes` every rule in force, met or not.
    """

    conclusion: Conclusion
    reasons: tuple[RuleOutcome, ...]
    side: tuple[RuleOutcome, ...]
    outcomes: tuple[RuleOutcome, ...]

    @property
    def side_results(self) -> tuple[SideResult, ...]:
        """The distinct side results, in the order of `SideResult`."""
        if not self.side:
            return ()
        given = {outcome.effect for outcome in self.side}
        return tuple(word for word in _SIDES if word in given)

    @property
    def rule_numbers(self) -> tuple[str, ...]:
        """The rules behind the conclusion and the side results."""
        return tuple(outcome.rule.number for outcome in self.reasons + self.side)


class Applied(dict[Any, RuleOutcome]):
    """One rule, with its outcome for every combination of values that it met.

    `pick` takes the values of the rule's fields out of a person's; what it gives is the key.
    """

    def __init__(self, rule: Rule, order: Sequence[str]) -> None:
        """Look at the fields of `rule` in values that come in `order`."""
        super().__init__()
        self.rule = rule
        self._fields = tuple(dict.fromkeys(c.field for group in rule.groups for c in group))
        self.pick = itemgetter(*map(order.index, self._fields))

    def __missing__(self, key: Any) -> RuleOutcome:  # noqa: ANN401 - one value, or several
        """Work out what nobody before had."""
        if len(self) >= REMEMBERED:
            self.clear()
        values = (key,) if len(self._fields) == 1 else key
        facts = dict(zip(self._fields, values, strict=True))
        outcome = self[key] = _outcome(self.rule, facts)
        return outcome


class Judge:
    """Applies the rules of one day to many people.

    People whose fields have the same values share one `RuleOutcome` a rule, and people with
    the same outcomes one `Verdict`: a million are judged in seconds with every trace kept.
    """

    def __init__(self, rules: RulesInForce, order: Sequence[str] = ()) -> None:
        """Prepare the rules of one day; `order` names the fields of values without names."""
        self.rules = rules
        used = dict.fromkeys(
            c.field for rule in rules.rules for group in rule.groups for c in group
        )
        self.order = tuple(order or used)
        self.applied = tuple(Applied(rule, self.order) for rule in rules.rules)
        self._known: dict[tuple[int, ...], Verdict] = {}

    def verdict(self, record: CadreRecord) -> Verdict:
        """List every reason against promotion; none means eligible."""
        facts = facts_of(record, self.rules.numbers)
        for field in self.rules.more_fields:
            facts[field.name] = recorded_value(field, record.more.get(field.name, ""))
        return self.verdict_on(facts)

    def verdict_on(self, facts: Mapping[str, Value]) -> Verdict:
        """The same, for facts as they are."""
        values = [facts[name] for name in self.order]
        outcomes = [one[one.pick(values)] for one in self.applied]
        # By identity: the verdict that is kept holds its outcomes, so no name is given twice.
        key = tuple(map(id, outcomes))
        verdict = self._known.get(key)
        if verdict is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            verdict = self._known[key] = _verdict(tuple(outcomes))
        return verdict


def _verdict(outcomes: tuple[RuleOutcome, ...]) -> Verdict:
    reasons: list[tuple[int, RuleOutcome]] = []
    side: list[RuleOutcome] = []
    for outcome in outcomes:
        effect = outcome.effect
        if isinstance(effect, Conclusion):
            reasons.append((SEVERITY[effect], outcome))
        elif effect is not None:
            side.append(outcome)
    reasons.sort(key=lambda reason: reason[0])
    first = reasons[0][1].effect if reasons else Conclusion.ELIGIBLE
    conclusion = first if isinstance(first, Conclusion) else Conclusion.ELIGIBLE
    return Verdict(conclusion, tuple(o for _, o in reasons), tuple(side), outcomes)


def eligibility(record: CadreRecord, rules: RulesInForce) -> Verdict:
    """List every reason against one person's promotion; none means eligible (Y59-Y67)."""
    return Judge(rules).verdict(record)


def recorded_value(field: Field, text: str) -> Value:
    """Read a recorded fact; what no longer fits the dictionary of fields is missing."""
    try:
        return value_of(field, text) if text else missing_fact(field)
    except ValueFault as fault:
        return Missing(f"登记的{fault.what}")


def show_value(value: Value) -> str:
    """Write a value as people read it: booleans as 是 and 否."""
    if isinstance(value, Missing):
        return "缺"
    if isinstance(value, bool):
        return YES if value else NO
    return str(value)


def _outcome(rule: Rule, facts: Mapping[str, Value]) -> RuleOutcome:
    groups = [
        [Seen(c, facts[c.field], _is_met(c, facts[c.field])) for c in group]
        for group in rule.groups
    ]
    met = _any(_all(seen.met for seen in group) for group in groups)
    return RuleOutcome(rule, met, tuple(seen for group in groups for seen in group))


def _all(values: Iterable[bool | None]) -> bool | None:
    """Kleene's AND: a single False decides, otherwise anything unknown leaves it open."""
    found = set(values)
    return False if False in found else None if None in found else True


def _any(values: Iterable[bool | None]) -> bool | None:
    """Kleene's OR."""
    found = set(values)
    return True if True in found else None if None in found else False


def _is_met(condition: Condition, value: Value) -> bool | None:
    if isinstance(value, Missing):
        return _OF_EMPTY.get(condition.operator) if value.is_empty else None
    return COMPARE[condition.operator](value, condition.values)


_OF_EMPTY: Mapping[Operator, bool] = {Operator.PRESENT: False, Operator.NOT_PRESENT: True}


def _is_there(value: Given) -> bool:
    """是, or a value: zero is one too."""
    return value if isinstance(value, bool) else value != ""


def _ordered(value: Given) -> Any:  # noqa: ANN401 - both sides are of one kind, which was checked
    if isinstance(value, str):
        message = f"{value!r} has no order: the rulebook was not checked"
        raise TypeError(message)
    return value


COMPARE: Mapping[Operator, Callable[[Given, tuple[Given, ...]], bool]] = {
    Operator.PRESENT: lambda value, _: _is_there(value),
    Operator.NOT_PRESENT: lambda value, _: not _is_there(value),
    Operator.EQUALS: lambda value, given: value == given[0],
    Operator.IN: lambda value, given: value in given,
    Operator.NOT_IN: lambda value, given: value not in given,
    Operator.ABOVE: lambda value, given: bool(_ordered(value) > _ordered(given[0])),
    Operator.AT_LEAST: lambda value, given: bool(_ordered(value) >= _ordered(given[0])),
}
"""What each operator means, for a value that is there."""

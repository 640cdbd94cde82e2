"""Advice on many people by one version of a rule set: each verdict in the words of its file."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from evalsys.domain.eligibility import REMEMBERED, SEVERITY, Applied, RuleOutcome
from evalsys.domain.personnel import Value
from evalsys.domain.rulebook import Conclusion, SideResult
from evalsys.domain.rulesheet import RESULT_WORDS, RuleSheet

ADVICE_TITLES = ("结论", "附带", "规则号", "理由")
_ORDER = {word: at for at, word in enumerate(SideResult)}


class Advice(NamedTuple):
    """One person's result, several words with `;` between; `reasons` is for reading."""

    conclusion: str
    side: str
    rules: str
    reasons: str

    @property
    def result(self) -> tuple[str, str, str]:
        """What two versions of a rule set are compared by."""
        return self[:3]


class Adviser:
    """Applies the rules of one day; people to whom the same happened share the answer.

    What is not met says nothing: an answer is kept by the outcomes that have an effect, which
    are few, whatever the rest of a person's values.
    """

    def __init__(self, sheet: RuleSheet, day: date, most: int = REMEMBERED) -> None:
        """Prepare the verified rules that are in force on `day`; remember `most` of each kind."""
        self._most = most
        self._effects: list[_Effect] = []
        judge = sheet.judge_on(day)
        self._rules = tuple(
            (_Numbered(one, self._effects, most), one.pick) for one in judge.applied
        )
        self._told: dict[tuple[int, ...], Advice] = {}
        self.advise = lru_cache(most)(self._advise)

    @property
    def is_strict(self) -> bool:
        """Whether any rule is in force on the day."""
        return bool(self._rules)

    def _advise(self, values: tuple[Value, ...]) -> Advice:
        """Advise on one person, whose values come in the order of the sheet's fields."""
        key = tuple([found for rule, pick in self._rules if (found := rule[pick(values)])])
        advice = self._told.get(key)
        if advice is None:
            advice = self._told[key] = _in_words([self._effects[number - 1] for number in key])
            self._forget()
        return advice

    def _forget(self) -> None:
        """Begin anew before memory grows with what differs: numbers are given once only."""
        if len(self._told) >= self._most or len(self._effects) >= self._most:
            self._told.clear()
            self._effects.clear()
            for rule, _ in self._rules:
                rule.clear()


class _Effect(NamedTuple):
    """What an outcome adds to an answer."""

    outcome: RuleOutcome
    effect: Conclusion | SideResult
    words: str


class _Numbered(dict[Any, int]):
    """One rule: the number, from 1, of each outcome that has an effect; 0 of those without."""

    def __init__(self, applied: Applied, effects: list[_Effect], most: int) -> None:
        super().__init__()
        self._most = most
        self._applied = applied
        self._effects = effects

    def __missing__(self, key: Any) -> int:  # noqa: ANN401 - one value of a person, or several
        if len(self) >= self._most:
            self.clear()
        outcome = self._applied[key]
        number = 0
        if outcome.effect is not None:
            self._effects.append(_Effect(outcome, outcome.effect, reason(outcome)))
            number = len(self._effects)
        self[key] = number
        return number


def _in_words(effects: Sequence[_Effect]) -> Advice:
    """Put the effects on one person together, in the order of the rules."""
    ends = [one.effect for one in effects if isinstance(one.effect, Conclusion)]
    conclusion = min(ends, key=SEVERITY.__getitem__, default=Conclusion.ELIGIBLE)
    sides = {one.effect for one in effects if isinstance(one.effect, SideResult)}
    is_pending = conclusion is Conclusion.PENDING
    numbers = dict.fromkeys(
        one.outcome.rule.number for one in effects if one.outcome.met or is_pending
    )
    return Advice(
        conclusion.value,
        ";".join(RESULT_WORDS[word] for word in sorted(sides, key=_ORDER.__getitem__)),
        ";".join(numbers),
        "；".join(one.words for one in effects),
    )


def reason(outcome: RuleOutcome) -> str:
    """Say what a rule saw or misses, and where it stands written."""
    source = outcome.rule.source
    return f"{outcome.reason}（{source.document}{source.requirement}）"

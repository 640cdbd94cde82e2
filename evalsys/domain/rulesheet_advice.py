"""Advice on many people by one version of a rule set: each verdict in the words of its file."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from evalsys.domain.eligibility import REMEMBERED, RuleOutcome, Verdict
from evalsys.domain.rulesheet import RuleSheet, fired, side_words
from evalsys.domain.rulesheet_facts import Facts

ADVICE_TITLES = ("结论", "附带", "规则号", "理由")


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
    """Applies the rules of one day; people who share their facts share the answer."""

    def __init__(self, sheet: RuleSheet, day: date) -> None:
        """Prepare the verified rules that are in force on `day`."""
        self._judge = sheet.judge_on(day)
        # What is kept is found by identity, with its owner beside it: no identity comes twice.
        self._told: dict[int, tuple[Verdict, Advice]] = {}
        self._reasons: dict[int, tuple[RuleOutcome, str]] = {}
        self.advise = lru_cache(REMEMBERED)(self._advise)

    def _advise(self, facts: Facts) -> Advice:
        verdict = self._judge.verdict_on(facts.values)
        told = self._told.get(id(verdict))
        if told is None:
            if len(self._told) >= REMEMBERED:
                self._told.clear()
            told = self._told[id(verdict)] = (verdict, self._in_words(verdict))
        return told[1]

    def _in_words(self, verdict: Verdict) -> Advice:
        reasons = "；".join(filter(None, map(self._reason, verdict.outcomes)))
        sides, numbers = ";".join(side_words(verdict)), ";".join(fired(verdict))
        return Advice(verdict.conclusion.value, sides, numbers, reasons)

    def _reason(self, outcome: RuleOutcome) -> str:
        kept = self._reasons.get(id(outcome))
        if kept is None:
            if len(self._reasons) >= REMEMBERED:
                self._reasons.clear()
            text = reason(outcome) if outcome.effect else ""
            kept = self._reasons[id(outcome)] = (outcome, text)
        return kept[1]


def reason(outcome: RuleOutcome) -> str:
    """Say what a rule saw or misses, and where it stands written."""
    source = outcome.rule.source
    return f"{outcome.reason}（{source.document}{source.requirement}）"

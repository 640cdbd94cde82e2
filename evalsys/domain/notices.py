"""Notices that follow from the advice: who is to get which, and on what grounds (Y53-Y65)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from evalsys.domain.eligibility import RuleOutcome
from evalsys.domain.personnel import Cadre
from evalsys.domain.personnel_county import Assessed, Evaluation
from evalsys.domain.rulebook import Conclusion, Outcome, SideResult


class NoticeKind(StrEnum):
    """Which notice."""

    ADMONISH = "admonish"
    """诫勉谈话: to the principal of a unit with too many unqualified person-times (Y61)."""
    PROBATION = "probation"
    """免除试用期职务 (Y60)."""
    SUSPEND = "suspend"
    """程序中止: the linked households were not satisfied (Y65)."""
    RECTIFY = "rectify"
    """整改: a session found work undone (Y53)."""
    COMMEND = "commend"
    """表彰 for notable results (Y58)."""
    INTERVIEW = "interview"
    """约谈: a first petition was met by nobody; follows from an ordered talk (Y75, Y76)."""


EFFECTS: Mapping[NoticeKind, Outcome] = {
    NoticeKind.ADMONISH: SideResult.ADMONISHED,
    NoticeKind.PROBATION: SideResult.PROBATION_ENDED,
    NoticeKind.SUSPEND: Conclusion.SUSPENDED,
    NoticeKind.RECTIFY: SideResult.NOTED,
    NoticeKind.COMMEND: SideResult.PREFERRED,
}
"""The outcome of a rule from which a notice follows; the others follow from a talk."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice that is due: to whom, and the rules from which it follows.

    It is a draft: a named person signs it, or does not.
    """

    kind: NoticeKind
    cadre: Cadre
    grounds: tuple[RuleOutcome, ...]


def notices_to(one: Assessed) -> tuple[Notice, ...]:
    """Return the notices that are due to one cadre by the rules, in the order of `EFFECTS`."""
    effects = one.verdict.reasons + one.verdict.side
    found = []
    for kind, effect in EFFECTS.items():
        grounds = tuple(outcome for outcome in effects if outcome.effect is effect)
        if grounds:
            found.append(Notice(kind, one.cadre, grounds))
    return tuple(found)


def notices_of(evaluation: Evaluation) -> Iterator[Notice]:
    """Go through the notices due in the county, in the order of the evaluation."""
    for one in evaluation.assessed:
        yield from notices_to(one)

"""The statutory annual grade 法定年度考核等次, beside the local grade of contact work, never mixed.

Civil servants and public-institution staff have words of their own (`STATUTORY_GRADES`). The
top grade has a quota 优秀比例; a higher one needs a second person's approval.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from evalsys.domain.peers import PeerStanding
from evalsys.domain.personnel_county import Assessed
from evalsys.domain.rule_versions import Ruling
from evalsys.errors import RuleViolation
from evalsys.ids import CadreNumber, UnitCode

TOP: Final = "优秀"


@dataclass(frozen=True, slots=True)
class StatutoryGrade:
    """One cadre's grade of one year, as decided elsewhere and recorded here."""

    cadre: CadreNumber
    year: int
    grade: str
    document: str
    decided_on: date
    entered_by: str
    entered_at: datetime

    def says_the_same(self, other: "StatutoryGrade") -> bool:
        """Whether recording this beside `other` would change nothing."""
        return (self.grade, self.document, self.decided_on) == (
            other.grade,
            other.document,
            other.decided_on,
        )


@dataclass(frozen=True, slots=True)
class QuotaRequest:
    """A unit's wish for the higher quota of a year, and what the second person made of it."""

    id: int
    unit: UnitCode
    year: int
    reason: str
    requested_by: str
    requested_at: datetime
    ruling: Ruling | None = None
    ruled_by: str = ""
    ruled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AnnualRow:
    """One cadre's year, the place among peers, and the statutory grade if one is recorded."""

    one: Assessed
    peers: PeerStanding
    statutory: StatutoryGrade | None


def most_top(members: int, percent: int) -> int:
    """Return how many of a unit's members may have the top grade: the quota, rounded down."""
    return members * percent // 100


def over_quota(
    grades: Mapping[CadreNumber, str],
    unit_of: Mapping[CadreNumber, UnitCode],
    percents: Mapping[UnitCode, int],
    otherwise: int,
) -> dict[UnitCode, tuple[int, int]]:
    """Name each unit with more top grades than its quota: how many it has, and may have.

    `unit_of` holds every member of every unit; `percents` the quota of units that have a
    higher one, `otherwise` that of all others.
    """
    members = Counter(unit_of.values())
    top = Counter(
        unit_of[cadre] for cadre, grade in grades.items() if grade == TOP and cadre in unit_of
    )
    found = {}
    for unit, count in top.items():
        most = most_top(members[unit], percents.get(unit, otherwise))
        if count > most:
            found[unit] = (count, most)
    return found


def check_second_person(request: QuotaRequest, by: str) -> None:
    """Insist that somebody else than the requester decides, once.

    Raises:
        RuleViolation: it is the requester, or it was decided on.
    """
    if request.ruling is not None:
        raise RuleViolation(
            f"这一申请已由 {request.ruled_by} {request.ruling}。", remedy="有新的理由请另行申请。"
        )
    if by == request.requested_by:
        raise RuleViolation("申请人不能批准自己的申请。", remedy="请由组织部的另一个人决定。")

"""The statutory annual grade 法定年度考核等次, beside the local grade of contact work, never mixed.

Civil servants and public-institution staff have words of their own (`STATUTORY_GRADES`). The
top grade has a quota 优秀比例, by unit, by peer group (Y81) or by both; a higher one needs a second
person's approval.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from evalsys.domain.peers import PeerStanding
from evalsys.domain.personnel_county import Assessed
from evalsys.domain.rule_versions import Ruling
from evalsys.domain.rulebook import Rulebook
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
    """A unit's wish for the higher quota of a year, and what the second person made of it.

    It is for the unit's own cadres, or for the peer group that it names.
    """

    id: int
    unit: UnitCode
    year: int
    reason: str
    requested_by: str
    requested_at: datetime
    ruling: Ruling | None = None
    ruled_by: str = ""
    ruled_at: datetime | None = None
    group: str = ""
    """The peer group that it is for; empty for the unit itself."""


class QuotaScope(StrEnum):
    """Among whom a quota is counted."""

    UNIT = "单位"
    GROUP = "同类组"


@dataclass(frozen=True, slots=True)
class QuotaStanding:
    """How one unit or peer group stands to its quota: people, top grades, how many it may have."""

    scope: QuotaScope
    code: str
    people: int
    top: int
    percent: int
    is_approved: bool
    """Whether the higher quota was approved."""

    @property
    def most(self) -> int:
        """How many may have the top grade: the quota, rounded down."""
        return most_top(self.people, self.percent)

    @property
    def is_over(self) -> bool:
        """Whether there are more than it may have."""
        return self.top > self.most


@dataclass(frozen=True, slots=True)
class QuotaRules:
    """The numbers of a day: percents, and among whom they are counted."""

    percent: int
    approved: int
    scopes: frozenset[QuotaScope]

    @classmethod
    def of(cls, numbers: Mapping[str, int]) -> "QuotaRules":
        """Read them from a rulebook's numbers."""
        scopes = {
            1: frozenset({QuotaScope.UNIT}),
            2: frozenset({QuotaScope.GROUP}),
            3: frozenset(QuotaScope),
        }[numbers["top_grade_quota_by"]]
        return cls(numbers["top_grade_quota"], numbers["top_grade_quota_approved"], scopes)


@dataclass(frozen=True, slots=True)
class AnnualRow:
    """One cadre's year, the place among peers, and the statutory grade if one is recorded."""

    one: Assessed
    peers: PeerStanding
    statutory: StatutoryGrade | None


def quota_numbers(book: Rulebook, year: int, day: date) -> Mapping[str, int]:
    """Return the numbers by which the grades of `year` are checked on `day`: those of its end."""
    return book.on(max(book.begins, min(day, date(year, 12, 31)))).numbers


def most_top(members: int, percent: int) -> int:
    """Return how many of a unit's members may have the top grade: the quota, rounded down."""
    return members * percent // 100


def quota_standings(
    grades: Mapping[CadreNumber, str],
    places: Mapping[CadreNumber, tuple[UnitCode, str]],
    requests: Iterable[QuotaRequest],
    rules: QuotaRules,
) -> tuple[QuotaStanding, ...]:
    """Count the top grades of every unit and peer group that has a quota, in the order of codes.

    `places` holds unit and peer group of everybody who serves. Where units are counted too, a
    group too small for a whole place is not counted by itself: nobody in it could ever have the
    top grade.
    """
    higher = {
        (QuotaScope.GROUP, one.group) if one.group else (QuotaScope.UNIT, one.unit)
        for one in requests
        if one.ruling is Ruling.APPROVED
    }
    found = []
    for scope, at in ((QuotaScope.UNIT, 0), (QuotaScope.GROUP, 1)):
        if scope not in rules.scopes:
            continue
        people = Counter(place[at] for place in places.values())
        top = Counter(
            places[cadre][at] for cadre, grade in grades.items() if grade == TOP and cadre in places
        )
        for code, n in sorted(people.items()):
            is_higher = (scope, code) in higher
            percent = rules.approved if is_higher else rules.percent
            one = QuotaStanding(scope, code, n, top[code], percent, is_higher)
            if scope is QuotaScope.GROUP and not one.most and QuotaScope.UNIT in rules.scopes:
                continue
            found.append(one)
    return tuple(found)


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

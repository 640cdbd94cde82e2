"""What a cadre says of his own year: a pledge at its start, a report at its end (Y78).

全承诺、全述职、全评议: of every cadre there is to be a pledge, a report on his duties, and an
appraisal by his households. The first two are his own words. They score nothing: what households
say outranks what a cadre claims (Y29, Y79).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from evalsys.domain.assessment import Counts
from evalsys.domain.casebook import Language, Noted, Paper
from evalsys.domain.cycles import Cycle, CycleCode, CycleKind
from evalsys.domain.personnel import Cadre
from evalsys.errors import InvalidInput, WrongPhase
from evalsys.ids import CadreNumber

LONGEST_STATEMENT: Final = 5_000
"""Characters."""


class StatementKind(StrEnum):
    """What is stated."""

    PLEDGE = "承诺"
    REPORT = "述职"


class Duty(StrEnum):
    """What there is to be of every cadre in a year."""

    PLEDGE = "承诺"
    REPORT = "述职"
    APPRAISAL = "评议"


@dataclass(frozen=True, slots=True)
class Stated:
    """A cadre handed in a statement; the one before it stays on record."""

    cadre: CadreNumber
    cycle: CycleCode
    statement: StatementKind
    stated_on: date
    words: Paper


STATEMENT: Final[Language[Stated]] = Language(Stated)


@dataclass(frozen=True, slots=True)
class YearStatements:
    """All that one cadre stated in one year, in the order of handing in."""

    id: str
    cadre: CadreNumber
    cycle: CycleCode
    stated: tuple[Noted[Stated], ...]

    @property
    def seq(self) -> int:
        """The number of the last entry."""
        return self.stated[-1].seq

    def last(self, statement: StatementKind) -> Noted[Stated] | None:
        """Return the pledge or report that holds: the last one."""
        return next((one for one in self.stated[::-1] if one.event.statement is statement), None)


@dataclass(frozen=True, slots=True)
class Duties:
    """How far one cadre's year is complete. `appraised` has n of called, reached, answered."""

    cadre: Cadre
    pledged_on: date | None
    reported_on: date | None
    appraised: Counts

    def lacks(self, duty: Duty) -> bool:
        """Say whether one of the three is still missing."""
        match duty:
            case Duty.PLEDGE:
                return self.pledged_on is None
            case Duty.REPORT:
                return self.reported_on is None
            case Duty.APPRAISAL:
                return not self.appraised.answered


def case_of(cycle: CycleCode, cadre: CadreNumber) -> str:
    """Name the case that holds a cadre's statements of a year."""
    return f"s-{cycle}-{cadre}"


def year_statements(case: str, events: Iterable[Noted[Stated]]) -> YearStatements | None:
    """Fold what was handed in; None without an entry."""
    found: YearStatements | None = None
    for noted in events:
        if found is None:
            found = YearStatements(case, noted.event.cadre, noted.event.cycle, ())
        found = replace(found, stated=(*found.stated, noted))
    return found


def takes(cycle: Cycle, today: date, *, closed: bool) -> bool:
    """Say whether statements of a year are taken: from its first day until it is closed."""
    return cycle.kind is CycleKind.YEAR and not closed and cycle.first <= today


def check_statement(
    cycle: Cycle, text: str, today: date, *, closed: bool, before: str | None
) -> str:
    """Return the words of a statement as they are kept; `before` are those that hold now.

    Raises:
        WrongPhase: the year has not begun, is closed, or is a quarter.
        InvalidInput: there are no words, too many, or the very same as before.
    """
    if not takes(cycle, today, closed=closed):
        raise WrongPhase(
            f"{cycle.code} 不接收承诺和述职。",
            remedy="年度从第一天起接收，到关闭为止；已关闭的请找组织部。",
        )
    kept = "\n".join(line.strip() for line in text.strip().splitlines())
    if not kept:
        raise InvalidInput("没有写内容。", remedy="请写明做了什么、还差什么。", place="内容")
    if len(kept) > LONGEST_STATEMENT:
        raise InvalidInput(
            f"共 {len(kept)} 个字，最多 {LONGEST_STATEMENT} 个字。",
            remedy="请写得简短些。",
            place="内容",
        )
    if kept == before:
        raise InvalidInput("内容和上一次交的一样。", remedy="没有改动就不必再交。", place="内容")
    return kept

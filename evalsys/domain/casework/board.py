"""Boards of a grid: how many requests there are, how they stand, and shares that say of what.

Every share is exact and carries its denominator (Y72: numbers differ by date). What a cadre closed
counts as solved by claim; only what the household confirmed counts as verified (Y54).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from operator import add
from typing import NamedTuple

from evalsys.domain.casework.intake import FIRST_DAY
from evalsys.domain.casework.route import GridTree
from evalsys.errors import InvalidInput

_MONTHS_A_QUARTER = 3
_BEYOND = 2100


class Cadence(StrEnum):
    """Which requests are counted: those raised in the day, month, quarter or year (G10)."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Period:
    """Both days included; None for open ends."""

    first: date | None
    last: date | None


def period(cadence: Cadence, on: date) -> Period:
    """Return the day, month, quarter or year that `on` lies in.

    Raises:
        InvalidInput: no calendar of ours knows the day.
    """
    if not FIRST_DAY.year <= on.year < _BEYOND:
        raise InvalidInput(
            f"没有 {on.year} 年的看板。",
            remedy=f"请填 {FIRST_DAY.year} 年以后的日期。",
            place="日期",
        )
    match cadence:
        case Cadence.DAY:
            return Period(on, on)
        case Cadence.MONTH:
            return _months(on.year, on.month, 1)
        case Cadence.QUARTER:
            begun = on.month - (on.month - 1) % _MONTHS_A_QUARTER
            return _months(on.year, begun, _MONTHS_A_QUARTER)
        case Cadence.YEAR:
            return Period(date(on.year, 1, 1), date(on.year, 12, 31))
        case Cadence.ALL:
            return Period(None, None)


def _months(year: int, month: int, count: int) -> Period:
    after = year * 12 + month - 1 + count
    return Period(date(year, month, 1), date(after // 12, after % 12 + 1, 1) - timedelta(days=1))


class Division(StrEnum):
    """What a board lists one line each."""

    GRID = "grid"
    """The grids one level below."""
    CADRE = "cadre"
    """The linked cadres below, and one line for requests without one."""
    UNIT = "unit"
    """The units that hold a request or that its class is assigned to."""


class Sort(StrEnum):
    """Which requests a board counts alone: those of one kind (L15), or petitions (G03)."""

    PROBLEM = "problem"
    SUGGESTION = "suggestion"
    DISPUTE = "dispute"
    GOOD_DEED = "good_deed"
    PETITION = "petition"
    """Whatever they are about; those past their time are the backlog 积案."""


class Counts(NamedTuple):
    """What is counted of some requests; adds up.

    A tuple, since a board of the county makes and adds ten thousand of them.
    """

    raised: int = 0
    open: int = 0
    overdue: int = 0
    """Open, and past the time of the answer."""
    closed: int = 0
    solved: int = 0
    """Closed as solved or explained: what the cadre's side says."""
    solved_lowest: int = 0
    """Solved on the grid where it was raised, without going up (J05)."""
    answered: int = 0
    """With a recorded reply to the household (Y19)."""
    explained: int = 0
    concluded: int = 0
    confirmed: int = 0
    """The household says that it is solved."""
    contradicted: int = 0
    """The household says that it is not."""
    unverified: int = 0
    """Closed, and the household was not asked or did not say: never counted as content."""
    legacy: int = 0
    """历史遗留 (Y72)."""
    policy: int = 0
    """政策限制 (Y72)."""
    other: int = 0
    """Closed for another reason: unfounded, duplicate, withdrawn."""
    reopened: int = 0
    petitions: int = 0
    visits: int = 0
    """Visits that cadres recorded (Y43: beside petitions)."""

    def __add__(self, more: "Counts") -> "Counts":  # type: ignore[override,explicit-override]  # counts add up, tuples would be joined
        """Add the counts of other requests."""
        return Counts(*map(add, self, more))

    def share(self, share: "Share") -> Fraction | None:
        """Return a share exactly; None where there is nothing to divide by."""
        part, whole = (getattr(self, name) for name in SHARES[share])
        return Fraction(part, whole) if whole else None


COUNTED = Counts._fields


class Share(StrEnum):
    """The shares of a board."""

    SOLVED = "solved"
    LOWEST = "lowest"
    ANSWERED = "answered"
    OVERDUE = "overdue"
    CONFIRMED = "confirmed"


SHARES: Mapping[Share, tuple[str, str]] = {
    Share.SOLVED: ("solved", "raised"),
    Share.LOWEST: ("solved_lowest", "solved"),
    Share.ANSWERED: ("answered", "raised"),
    Share.OVERDUE: ("overdue", "open"),
    Share.CONFIRMED: ("confirmed", "closed"),
}
"""Numerator and denominator of each share."""


class Line(NamedTuple):
    """One line of a board; a tuple for the same reason as `Counts`."""

    code: str
    name: str
    counts: Counts
    is_open: bool = False
    """Whether a board of its own lies below."""


def lines_below(
    tree: GridTree, code: str, own: Mapping[str, Counts], visits: Mapping[str, int]
) -> tuple[Line, ...]:
    """Roll counts and visits of grids up, and list the grids right below `code`, in order.

    What was raised on the grid itself, not below it, is a line of its own when there is any.
    """
    tops = tree.tops(code)
    found_in: dict[str, list[Counts]] = defaultdict(list)
    for grid, counts in own.items():
        if grid in tops:
            found_in[tops[grid]].append(counts)
    paid: Counter[str] = Counter()
    for grid, count in visits.items():
        if grid in tops:
            paid[tops[grid]] += count
    parents = {cell.parent for cell in tree.cells.values()}

    def rolled(grid: str) -> Counts:
        return summed((*found_in.get(grid, ()), Counts(visits=paid[grid])))

    found = [
        Line(each, tree.cells[each].name, rolled(each), each in parents)
        for each in sorted(set(tops.values()) - {code})
    ]
    rest = rolled(code)
    if rest != Counts():
        found.append(Line(code, tree.own_name(code), rest))
    return tuple(found)


def summed(counts: Iterable[Counts]) -> Counts:
    """Add counts up: column by column, since a county has ten thousand of them."""
    return Counts(*map(sum, zip(*counts, strict=True)))


def total(lines: Iterable[Line]) -> Counts:
    """Add up the lines of a board."""
    return summed(each.counts for each in lines)

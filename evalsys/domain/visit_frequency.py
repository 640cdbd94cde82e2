"""How often households are to be visited in a quarter, by the class of their grid (L02).

The more conflicts a grid has, the more often its households are visited: A, B, C. How often is
dated policy of the preset. What is counted are the visits that cadres recorded: claims.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from evalsys.domain.casework.board import Cadence, period
from evalsys.domain.grid_preset import GridClass


@dataclass(frozen=True, slots=True)
class VisitFrequency:
    """The visits of a quarter against what the classes ask for; both days included."""

    first: date
    last: date
    households: int
    """On grids with a class that asks for visits."""
    required: int
    paid: int
    """Of these; what a household had beyond its own number counts for no other one."""
    unvisited: int
    """Households that nobody visited in the quarter."""

    @property
    def left(self) -> int:
        """How many are still to be paid."""
        return self.required - self.paid


def quarter_of(day: date) -> tuple[date, date]:
    """Return the first and the last day of the quarter that `day` lies in.

    Raises:
        InvalidInput: no calendar of ours knows the day.
    """
    found = period(Cadence.QUARTER, day)
    return found.first or day, found.last or day


def required_by_class(classes: Iterable[GridClass], first: date) -> Mapping[str, int]:
    """Say how many visits each class asks for in the quarter that begins on `first`.

    Classes that ask for none, or by a value that does not hold yet, are not listed.
    """
    return {
        one.code: dated.value
        for one in classes
        for dated in one.visits.values
        if dated.value and dated.holds_on(first)
    }


def left_of(required: int, paid: int) -> int:
    """Say how many visits a household still has to get."""
    return max(required - paid, 0)

"""How long the words of a closed request are kept (PIPL art. 19), and who lets them go.

Erased are what the household said and what was written in handling it; the events, without words,
stay, and so do all counts. One person proposes, another approves.
"""

from dataclasses import dataclass
from datetime import date, datetime

_MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Erasure:
    """A proposal to erase the words of what was closed before a day, and what became of it."""

    id: int
    before: date
    """Closed before this day; the day itself is kept."""
    requests: int
    """How many were due when it was proposed; when approved, how many were erased."""
    proposed_by: str
    proposed_at: datetime
    approved_by: str
    approved_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether nobody has approved it yet."""
        return self.approved_at is None


def kept_from(today: date, months: int) -> date:
    """Return the day of closing from which words are kept: so many months before today."""
    whole = today.year * _MONTHS_A_YEAR + today.month - 1 - months
    year, month = divmod(whole, _MONTHS_A_YEAR)
    first = date(year, month + 1, 1)
    following = whole + 1
    next_first = date(following // _MONTHS_A_YEAR, following % _MONTHS_A_YEAR + 1, 1)
    return first.replace(day=min(today.day, (next_first - first).days))

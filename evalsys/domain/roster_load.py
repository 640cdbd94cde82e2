"""How many households each cadre answers for, against the limits; and who heads which grid.

每名干部负责联系30户左右 (Y04): who is far off is listed by name. A township has two heads (Y09), a
village's is of 副科级 or above (Y11): what the level asks for comes from the grid's levels.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from evalsys.domain.roster import GridLevel
from evalsys.domain.roster_ranks import RANKS, is_at_least


class LoadStanding(StrEnum):
    """How a cadre's number of households compares with the limits."""

    NONE = "none"
    BELOW = "below"
    WITHIN = "within"
    ABOVE = "above"
    UNLIMITED = "unlimited"
    """The county's preset compares nothing."""


@dataclass(frozen=True, slots=True)
class LoadLimits:
    """About how many households a cadre is to have; a target of 0 compares nothing."""

    target: int
    tolerance: int

    @property
    def least(self) -> int:
        """Fewer are too few."""
        return max(self.target - self.tolerance, 0)

    @property
    def most(self) -> int:
        """More are too many."""
        return self.target + self.tolerance

    def standing(self, households: int) -> LoadStanding:
        """Say how a number of households compares."""
        if not households:
            return LoadStanding.NONE
        if not self.target:
            return LoadStanding.UNLIMITED
        if households < self.least:
            return LoadStanding.BELOW
        return LoadStanding.ABOVE if households > self.most else LoadStanding.WITHIN


@dataclass(frozen=True, slots=True)
class CadreLoad:
    """A serving cadre with the households linked on a day."""

    number: str
    name: str
    unit: str
    grid: str
    """Name of the grid that the cadre is on."""
    township: str
    """Name of the grid of the second level above it."""
    households: int
    expired: int = 0
    """Of these, links whose term 任期 is over (L11); 0 where there is no term."""


@dataclass(frozen=True, slots=True)
class Head:
    """Somebody who heads a grid on a day."""

    number: str
    name: str
    rank: str
    left_on: date | None


@dataclass(frozen=True, slots=True)
class GridHeads:
    """A grid with its heads on a day."""

    code: str
    name: str
    level: GridLevel
    township: str
    heads: tuple[Head, ...]
    missing_roles: tuple[str, ...] = ()
    """Roles of the preset that nobody, or too few, fill on the day (L04)."""


@dataclass(frozen=True, slots=True)
class LinkCoverage:
    """How the links of a day cover the households that the roster knows (Y05)."""

    households: int
    linked: int
    """With at least one serving cadre."""
    doubled: int
    """With more than one."""

    @property
    def unlinked(self) -> int:
        """With none."""
        return self.households - self.linked


class HeadFault(StrEnum):
    """What is wrong with a grid's heads."""

    NOBODY = "nobody"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    RANK = "rank"
    LEFT = "left"
    ROLES = "roles"


def faults_of(grid: GridHeads, day: date) -> tuple[HeadFault, ...]:
    """Say what is wrong with the heads of a grid on a day, worst first; () when nothing is.

    A grid that bears one cadre's households only needs no head beside that cadre.
    """
    level, heads = grid.level, grid.heads
    found: list[HeadFault] = []
    if not heads and not (level.holds_cadres and not level.holds_households):
        found.append(HeadFault.NOBODY)
    elif heads and len(heads) < level.head_count:
        found.append(HeadFault.TOO_FEW)
    if len(heads) > level.head_count:
        found.append(HeadFault.TOO_MANY)
    least = level.head_min_rank
    if least and any(one.rank in RANKS and not is_at_least(one.rank, least) for one in heads):
        found.append(HeadFault.RANK)
    if any(one.left_on is not None and one.left_on <= day for one in heads):
        found.append(HeadFault.LEFT)
    if grid.missing_roles:
        found.append(HeadFault.ROLES)
    return tuple(found)


def years_before(day: date, years: int) -> date:
    """Return the day so many years earlier; the 29th of February becomes the 28th."""
    if (day.month, day.day) == (2, 29):
        return date(day.year - years, 2, 28)
    return day.replace(year=day.year - years)

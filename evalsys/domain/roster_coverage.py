"""How well the responsibility map 鱼鳞图 covers the county: no gaps, no overlaps (Y04-Y07)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from evalsys.domain.roster import HOUSEHOLDS_PER_CADRE
from evalsys.domain.roster_load import LoadLimits

TOLERANCE: Final = 10
"""A cadre with 20 to 40 households carries "about 30"."""
ABOUT_THIRTY: Final = LoadLimits(HOUSEHOLDS_PER_CADRE, TOLERANCE)
"""What counts where no preset says otherwise."""


class Gap(StrEnum):
    """What may be wrong with the coverage, each with a list of who is concerned."""

    NO_CADRE = "no_cadre"
    """Households that no serving cadre is linked to."""
    TWO_CADRES = "two_cadres"
    """Households with more than one serving cadre."""
    NO_HOUSEHOLD = "no_household"
    """Serving cadres without a household."""
    PHONE_MISSING = "phone_missing"
    """Households without any number."""
    PHONE_INVALID = "phone_invalid"
    """Households with numbers, of which none is well-formed."""
    PHONE_SHARED = "phone_shared"
    """Households that gave a number which another household gave, too."""
    PHONE_OF_CADRE = "phone_of_cadre"
    """Households that gave a number which belongs to a cadre."""
    PHONE_OF_OFFICE = "phone_of_office"
    """Households that gave a number which belongs to a unit."""
    PROTECTED = "protected"
    """Households that live sessions, or everybody, must not call: no fault, but watched."""


@dataclass(frozen=True, slots=True)
class Load:
    """Households a serving cadre: extremes, mean in hundredths, and how many are out of line."""

    least: int
    most: int
    mean_hundredths: int
    below: int
    """Cadres with fewer than the limits ask for; 0 where nothing is compared."""
    above: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """The coverage of a county at one moment; all figures are counts."""

    cadres: int
    households: int
    links: int
    undialable: int
    """Households that a session could not call, for whatever reason."""
    gaps: dict[Gap, int]
    load: Load
    grids: tuple[tuple[str, int], ...]
    """Name of each level, from the county down, and how many grids it has."""
    limits: LoadLimits = ABOUT_THIRTY

    @property
    def is_complete(self) -> bool:
        """Whether every household has exactly one serving cadre and every cadre a household."""
        return not any(self.gaps[gap] for gap in (Gap.NO_CADRE, Gap.TWO_CADRES, Gap.NO_HOUSEHOLD))


def load_of(counts: Sequence[int], limits: LoadLimits = ABOUT_THIRTY) -> Load:
    """Sum up the numbers of households, one for each serving cadre, zeros included."""
    if not counts:
        return Load(0, 0, 0, 0, 0)
    return Load(
        min(counts),
        max(counts),
        (200 * sum(counts) + len(counts)) // (2 * len(counts)),
        sum(count < limits.least for count in counts) if limits.target else 0,
        sum(count > limits.most for count in counts) if limits.target else 0,
    )

"""The grid of a made-up county: townships, work areas, villages, a grid a cadre (Y06)."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from evalsys.county import names
from evalsys.county.dice import Dice, apportion
from evalsys.county.offices import ZONE
from evalsys.domain.grid_preset import GridRole
from evalsys.domain.roster import YISHUI_LEVELS, GridLevel

COUNTY_CODE: Final = "371323"
COUNTY_NAME: Final = "沂水县（虚构）"
ZONE_CODE: Final = "371323400"
_HOME_ABOVE_TOWNS: Final = 2
_CLASSES: Final = "CBCBCAC"
"""How the classes of a preset that has them are spread over its grids."""

CADRES: Final = 10_180
TOWNSHIPS: Final = 19
WORK_AREAS: Final = 135
VILLAGES: Final = 1_040
"""The case study's figures (Y06); smaller counties keep the proportions, larger ones the tree."""


@dataclass(frozen=True, slots=True)
class Area:
    """A township, work area or village: code, name, code of the grid above, and the township.

    Other presets have other words for them, and perhaps no work areas.
    """

    code: str
    name: str
    parent: str
    township: int
    grid_class: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """Which levels a made-up county has, and what its grids are called.

    `patterns` is one a level: `{name}` and `{town}` a township's name with and without its last
    word, `{above}` the name of the grid above, `{n}` a number from 1; an empty one invents names.
    """

    levels: tuple[GridLevel, ...] = YISHUI_LEVELS
    patterns: tuple[str, ...] = (COUNTY_NAME, "{name}", "{above}第{n}工作片", "", "")
    has_classes: bool = False
    roles: tuple[GridRole, ...] = ()

    @property
    def home(self) -> int:
        """The level that bears households: the third or the fourth."""
        return next(level.depth for level in self.levels if level.holds_households)

    @property
    def has_own_grids(self) -> bool:
        """Whether each cadre has a grid of their own, below the households'."""
        return not self.levels[self.home - 1].holds_cadres


YISHUI: Final = Shape()


@dataclass(frozen=True, slots=True)
class Land:
    """The grids above the cadres'."""

    townships: tuple[Area, ...]
    work_areas: tuple[Area, ...]
    """The level between townships and villages; none in a county of three levels."""
    villages: tuple[Area, ...]

    def levels(self) -> tuple[tuple[Area, ...], ...]:
        """Give them level by level, from the second down."""
        return tuple(each for each in (self.townships, self.work_areas, self.villages) if each)


def townships(count: int) -> tuple[tuple[str, str], ...]:
    """Give codes and names of the first townships; the nineteenth is the development zone."""
    with files("evalsys.county").joinpath("townships.csv").open(encoding="utf-8") as file:
        known = [(row["code"], row["name"]) for row in csv.DictReader(file)]
    return (*known, (ZONE_CODE, ZONE))[:count]


def lay_out(dice: Dice, cadres: int, shape: Shape = YISHUI) -> Land:
    """Lay the grids of a county with so many cadres; each grid has at least one below it."""
    named = shape.patterns
    count = min(TOWNSHIPS, max(1, cadres // 12))
    area_count = max(count, min(cadres, round(WORK_AREAS * cadres / CADRES)))
    village_count = max(area_count, min(cadres, round(VILLAGES * cadres / CADRES)))
    towns = tuple(
        Area(
            code,
            named[1].format(name=name, town=_town(name), n=number + 1),
            COUNTY_CODE,
            number,
        )
        for number, (code, name) in enumerate(townships(count))
    )
    areas: list[Area] = []
    between = towns if shape.home > _HOME_ABOVE_TOWNS + 1 else ()
    for town, number in zip(between, _spread(dice, area_count, count), strict=bool(between)):
        for index in range(1, number + 1):
            name = named[2].format(above=town.name, n=index)
            areas.append(Area(f"{town.code}P{index:02d}", name, town.code, town.township))
    names_left = iter(names.villages(dice, village_count))
    villages: list[Area] = []
    numbers = dict.fromkeys((town.code for town in towns), 200)
    above = areas or list(towns)
    for area, number in zip(above, _spread(dice, village_count, len(above)), strict=True):
        town_code = towns[area.township].code
        for n in range(1, number + 1):
            code = f"{town_code}{numbers[town_code]:03d}"
            numbers[town_code] += 1
            invented = next(names_left)
            name = named[shape.home - 1].format(above=area.name, n=n) or invented
            grid_class = _CLASSES[len(villages) % len(_CLASSES)] if shape.has_classes else ""
            villages.append(Area(code, name, area.code, area.township, grid_class))
    return Land(towns, tuple(areas), tuple(villages))


def seats(dice: Dice, land: Land, cadres: int) -> list[list[Area]]:
    """Give, township by township, the villages in which its cadre grids lie, one a cadre."""
    found: list[list[Area]] = [[] for _ in land.townships]
    shares = _spread(dice, cadres, len(land.villages))
    for village, share in zip(land.villages, shares, strict=True):
        found[village.township].extend([village] * share)
    for town in found:
        dice.shuffle(town)
    return found


def _spread(dice: Dice, total: int, places: int) -> Sequence[int]:
    return apportion(total, [dice.uniform(0.5, 1.5) for _ in range(places)], least=1)


def _town(name: str) -> str:
    return name.removesuffix("街道") if name.endswith("街道") else name[:-1]

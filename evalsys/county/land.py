"""The grid of a made-up county: townships, work areas, villages, a grid a cadre (Y06)."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from evalsys.county import names
from evalsys.county.dice import Dice, apportion
from evalsys.county.offices import ZONE

COUNTY_CODE: Final = "371323"
COUNTY_NAME: Final = "沂水县（虚构）"
ZONE_CODE: Final = "371323400"

CADRES: Final = 10_180
TOWNSHIPS: Final = 19
WORK_AREAS: Final = 135
VILLAGES: Final = 1_040
"""The case study's figures (Y06); smaller counties keep the proportions, larger ones the tree."""


@dataclass(frozen=True, slots=True)
class Area:
    """A township, work area or village: code, name, code of the grid above, and the township."""

    code: str
    name: str
    parent: str
    township: int


@dataclass(frozen=True, slots=True)
class Land:
    """The grids above the cadres'."""

    townships: tuple[Area, ...]
    work_areas: tuple[Area, ...]
    villages: tuple[Area, ...]


def townships(count: int) -> tuple[tuple[str, str], ...]:
    """Give codes and names of the first townships; the nineteenth is the development zone."""
    with files("evalsys.county").joinpath("townships.csv").open(encoding="utf-8") as file:
        known = [(row["code"], row["name"]) for row in csv.DictReader(file)]
    return (*known, (ZONE_CODE, ZONE))[:count]


def lay_out(dice: Dice, cadres: int) -> Land:
    """Lay the grids of a county with so many cadres; each grid has at least one below it."""
    count = min(TOWNSHIPS, max(1, cadres // 12))
    area_count = max(count, min(cadres, round(WORK_AREAS * cadres / CADRES)))
    village_count = max(area_count, min(cadres, round(VILLAGES * cadres / CADRES)))
    towns = tuple(
        Area(code, name, COUNTY_CODE, number)
        for number, (code, name) in enumerate(townships(count))
    )
    areas: list[Area] = []
    for town, number in zip(towns, _spread(dice, area_count, count), strict=True):
        for index in range(1, number + 1):
            name = f"{town.name}第{index}工作片"
            areas.append(Area(f"{town.code}P{index:02d}", name, town.code, town.township))
    names_left = iter(names.villages(dice, village_count))
    villages: list[Area] = []
    numbers = dict.fromkeys((town.code for town in towns), 200)
    for area, number in zip(areas, _spread(dice, village_count, len(areas)), strict=True):
        town_code = towns[area.township].code
        for _ in range(number):
            code = f"{town_code}{numbers[town_code]:03d}"
            numbers[town_code] += 1
            villages.append(Area(code, next(names_left), area.code, area.township))
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

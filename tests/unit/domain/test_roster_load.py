"""Loads against limits, heads against what their level asks."""

from datetime import date

import pytest

from evalsys.domain.roster import YISHUI_LEVELS
from evalsys.domain.roster_load import (
    GridHeads,
    Head,
    HeadFault,
    LoadLimits,
    LoadStanding,
    faults_of,
    years_before,
)

TODAY = date(2026, 11, 2)
TOWN, VILLAGE, OWN = YISHUI_LEVELS[1], YISHUI_LEVELS[3], YISHUI_LEVELS[4]
CHIEF = Head("00000001", "王", "正科级", None)
CLERK = Head("00000002", "李", "一级科员", None)
GONE = Head("00000003", "赵", "副科级", date(2026, 5, 1))


@pytest.mark.parametrize(
    ("households", "standing"),
    [(0, "none"), (19, "below"), (20, "within"), (40, "within"), (41, "above")],
)
def test_about_thirty_is_twenty_to_forty(households: int, standing: str) -> None:
    assert LoadLimits(30, 10).standing(households) == LoadStanding(standing)


def test_a_preset_without_a_number_compares_nothing() -> None:
    assert LoadLimits(0, 0).standing(500) is LoadStanding.UNLIMITED
    assert LoadLimits(0, 0).standing(0) is LoadStanding.NONE


@pytest.mark.parametrize(
    ("level", "heads", "faults"),
    [
        (TOWN, (CHIEF, CLERK), ()),
        (TOWN, (CHIEF,), (HeadFault.TOO_FEW,)),
        (TOWN, (CHIEF, CLERK, GONE), (HeadFault.TOO_MANY, HeadFault.LEFT)),
        (VILLAGE, (CHIEF,), ()),
        (VILLAGE, (CLERK,), (HeadFault.RANK,)),
        (VILLAGE, (), (HeadFault.NOBODY,)),
        (VILLAGE, (GONE,), (HeadFault.LEFT,)),
        (OWN, (), ()),
    ],
)
def test_heads_are_as_the_level_asks(
    level: object, heads: tuple[Head, ...], faults: tuple[HeadFault, ...]
) -> None:
    grid = GridHeads("V1", "柴山村", level, "", heads)  # type: ignore[arg-type]  # levels of the table
    assert faults_of(grid, TODAY) == faults


def test_three_years_before_a_leap_day() -> None:
    assert years_before(date(2028, 2, 29), 3) == date(2025, 2, 28)
    assert years_before(TODAY, 3) == date(2023, 11, 2)

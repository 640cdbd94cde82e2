"""The responsibility map: figures add up from the lowest cell, and each cell names its persons."""

from fractions import Fraction

import pytest

from evalsys.domain.responsibility_map import Cell, Figures, Grid, Measure, Named, Scale
from evalsys.errors import NotFound
from evalsys.ids import CadreNumber, GridCode

ZHANG = Named(CadreNumber("00000001"), "张一", "县水利局", "局长")
LI = Named(CadreNumber("00000002"), "李二", "沂城街道", "科员")
WANG = Named(CadreNumber("00000003"), "王三", "沂城街道", "科员")


def cell(code: str, depth: int, parent: str = "", *heads: Named) -> Cell:
    up = GridCode(parent) if parent else None
    return Cell(GridCode(code), f"网格{code}", depth, f"第{depth}级", up, "", heads)


def a_grid() -> Grid:
    cells = (
        cell("1", 1),
        cell("11", 2, "1", ZHANG),
        cell("12", 2, "1"),
        cell("111", 3, "11"),
        cell("121", 3, "12"),
    )
    on = {
        GridCode("111"): ((LI, Figures(1, 30, 15, 4, 3)),),
        GridCode("121"): ((WANG, Figures(1, 34, 0, 0, 0)), (ZHANG, Figures(1, 2, 2, 1, 1))),
    }
    return Grid({each.code: each for each in cells}, on)


def scales(code: str) -> tuple[Scale, ...]:
    return a_grid().standing(GridCode(code)).below


def test_a_cell_stands_for_everybody_below_it() -> None:
    county = a_grid().standing(a_grid().top())
    assert county.figures == Figures(3, 66, 17, 5, 4)
    assert [each.figures.households for each in county.below] == [30, 36]
    assert county.below_level == "第2级"
    assert county.above == ()


def test_a_cell_of_one_cadre_is_named_after_nobody_else_and_leads_nowhere() -> None:
    (only,) = scales("11")
    assert only.persons == (LI,)
    assert not only.is_open


def test_a_cell_that_several_cadres_share_opens_to_each_of_them() -> None:
    (shared,) = scales("12")
    assert shared.persons == ()
    assert shared.is_open
    assert [(each.name, each.persons, each.code) for each in scales("121")] == [
        ("王三", (WANG,), ""),
        ("张一", (ZHANG,), ""),
    ]


def test_the_way_up_starts_at_the_county() -> None:
    above = a_grid().standing(GridCode("111")).above
    assert [each.code for each in above] == ["1", "11"]


@pytest.mark.parametrize(
    ("measure", "exact"),
    [(Measure.LOAD, 22), (Measure.VISITED, Fraction(17, 66)), (Measure.SOLVED, Fraction(4, 5))],
)
def test_a_measure_is_exact(measure: Measure, exact: Fraction) -> None:
    assert a_grid().standing(GridCode("1")).figures.measure(measure) == exact


def test_a_share_of_nothing_is_no_share() -> None:
    assert Figures(1, 0, 0, 0, 0).measure(Measure.VISITED) is None


def test_an_unknown_cell_and_a_county_without_a_grid_say_what_to_do() -> None:
    with pytest.raises(NotFound, match="没有这个网格"):
        a_grid().standing(GridCode("9"))
    with pytest.raises(NotFound, match="导入花名册"):
        Grid({}, {}).top()

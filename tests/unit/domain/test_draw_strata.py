"""The pot is divided in one way that everybody can repeat, and weighed by a published table."""

from dataclasses import replace

import pytest

from evalsys.domain.draw_strata import (
    GRID_CLASSES,
    StrataKind,
    division_of,
    known_class,
    number_strata,
    weighing_of,
)
from evalsys.domain.roster import CadreToFreeze
from evalsys.errors import InvalidInput
from evalsys.ids import CadreNumber, GridCode, UnitCode

SOMEBODY = CadreToFreeze(
    CadreNumber("00000001"), GridCode("371323001"), "副科级", UnitCode("U1"), "A", ()
)


def strata(kind: str, *cadres: CadreToFreeze) -> list[str]:
    division = division_of(kind)
    keys = [division.key(cadre) for cadre in cadres]
    numbered = number_strata(division, keys)
    return [numbered[key] for key in keys]


def test_townships_are_numbered_in_the_order_of_their_codes() -> None:
    codes = ("371323003", "371323001", "371323003")
    cadres = [replace(SOMEBODY, township=GridCode(code)) for code in codes]
    assert strata("township", *cadres) == ["T02", "T01", "T02"]


def test_units_go_on_with_the_next_letter_after_ninety_nine() -> None:
    cadres = [replace(SOMEBODY, unit=UnitCode(f"U{i:03}")) for i in range(297)]
    numbers = strata("unit", *cadres)
    assert numbers[:2] + numbers[98:100] + numbers[197:199] == [
        *("U01", "U02", "U99", "V01"),
        *("V99", "W01"),
    ]
    with pytest.raises(InvalidInput, match="298"):
        strata("unit", *cadres, replace(SOMEBODY, unit=UnitCode("U999")))


def test_a_class_of_grids_has_its_number_whoever_occurs() -> None:
    cadres = [replace(SOMEBODY, grid_class=written) for written in ("c类", "A", "", "重点", " B ")]
    assert strata("grid_class", *cadres) == ["G03", "G01", "G04", "G04", "G02"]
    assert strata("grid_class", replace(SOMEBODY, grid_class="C")) == ["G03"]


def test_ranks_stand_in_their_own_order_and_unknown_ones_last() -> None:
    cadres = [replace(SOMEBODY, rank=rank) for rank in ("正科级", "办事员", "", "副科级", "秘书")]
    assert strata("rank", *cadres) == ["R04", "R02", "R01", "R03", "R05"]


def test_everybody_is_in_one_pot_when_the_draw_is_uniform() -> None:
    assert strata(StrataKind.UNIFORM, SOMEBODY, replace(SOMEBODY, rank="x")) == ["A01", "A01"]


@pytest.mark.parametrize("kind", ["uniform", "grid_class", "rank"])
def test_strata_that_no_code_names_have_a_chinese_name(kind: str) -> None:
    division = division_of(kind)
    assert all(division.name(key) for key in {division.key(SOMEBODY), *division.order})


def test_a_hundred_townships_are_too_many() -> None:
    division = division_of("township")
    assert len(number_strata(division, map(str, range(99)))) == 99
    with pytest.raises(InvalidInput, match="100"):
        number_strata(division, map(str, range(100)))


def test_an_unknown_division_is_refused_naming_the_known() -> None:
    with pytest.raises(InvalidInput) as refused:
        division_of("colour")
    assert "township" in refused.value.remedy


def test_weights_follow_the_planned_table_and_are_one_elsewhere() -> None:
    by_class = weighing_of("grid_class", [("A", 8), ("", 2)])
    classes = ("A类", "B", "")
    assert [by_class.of(replace(SOMEBODY, grid_class=one)) for one in classes] == [8, 1, 2]
    by_rank = weighing_of("rank", [("副科级", 3)])
    assert [by_rank.of(replace(SOMEBODY, rank=rank)) for rank in ("副科级", "科员")] == [3, 1]
    assert weighing_of("", []).of(SOMEBODY) == 1


@pytest.mark.parametrize(
    ("by", "weights", "word"),
    [
        ("name", [], "name"),
        ("", [("A", 2)], "A"),
        ("grid_class", [("D", 2)], "D"),
        ("rank", [("A", 2)], "A"),
        ("grid_class", [("A", 0)], "0"),
        ("grid_class", [("A", 9)], "9"),
        ("grid_class", [("A", 2), ("A", 3)], "两次"),
    ],
)
def test_a_wrong_weight_is_refused_by_name(
    by: str, weights: list[tuple[str, int]], word: str
) -> None:
    with pytest.raises(InvalidInput, match=word) as refused:
        weighing_of(by, weights)
    assert refused.value.place == "权重"


def test_classes_are_read_as_rosters_write_them() -> None:
    assert {written: known_class(written) for written in ("A", "b类", " C ", "", "甲")} == {
        "A": "A",
        "b类": "B",
        " C ": "C",
        "": "",
        "甲": "",
    }
    assert set(GRID_CLASSES) == {"A", "B", "C", ""}

"""The grid is a tree of declared levels, and the people on it have the rank and place they must."""

from dataclasses import replace

from evalsys.domain.roster import YISHUI_LEVELS, GridLevel
from evalsys.domain.roster_checks import (
    CadreRow,
    Finding,
    Frame,
    GridRow,
    HeadRow,
    Place,
    check_frame,
)
from evalsys.domain.roster_problems import Severity

HERE: Place = (1, 2)


def _grid(code: str, depth: int, parent: str) -> GridRow:
    return GridRow(code, depth, parent, HERE)


def _cadre(number: str, rank: str = "正科级", grid: str = "G1") -> CadreRow:
    return CadreRow(number, "U1", rank, grid, has_left=False, place=HERE)


GRIDS = (
    _grid("C", 1, ""),
    _grid("T", 2, "C"),
    _grid("W", 3, "T"),
    _grid("V", 4, "W"),
    _grid("G1", 5, "V"),
)
SOUND = Frame(
    levels={level.depth: level for level in YISHUI_LEVELS},
    grids={grid.code: grid for grid in GRIDS},
    cadres={"00000001": _cadre("00000001"), "00000002": _cadre("00000002", "科员")},
    heads=[HeadRow("V", "00000001", "2024-03-01", "", HERE)],
    principals=[("U1", "00000001", HERE)],
)


def _faults(frame: Frame) -> list[Finding]:
    return list(check_frame(frame))


def _with_grid(grid: GridRow) -> Frame:
    return replace(SOUND, grids={**SOUND.grids, grid.code: grid})


def test_a_sound_roster_has_no_findings() -> None:
    assert _faults(SOUND) == []


def test_a_parent_must_be_one_level_up() -> None:
    (fault,) = _faults(_with_grid(_grid("V2", 4, "T")))
    assert (fault.column, fault.value) == ("parent", "T")


def test_only_the_county_has_no_parent_and_there_is_one_county() -> None:
    assert [fault.column for fault in _faults(_with_grid(_grid("V2", 4, "")))] == ["parent"]
    assert [fault.column for fault in _faults(_with_grid(_grid("C2", 1, "")))] == ["code"]
    assert [fault.column for fault in _faults(_with_grid(_grid("C", 1, "T")))] == ["parent"]


def test_a_level_that_was_not_declared_is_refused() -> None:
    assert [fault.column for fault in _faults(_with_grid(_grid("X", 6, "G1")))] == ["depth"]


def test_a_village_head_must_be_of_deputy_section_rank_or_above() -> None:
    frame = replace(SOUND, heads=[HeadRow("V", "00000002", "2024-03-01", "", HERE)])
    (fault,) = _faults(frame)
    assert "副科级" in fault.what
    assert fault.severity is Severity.ERROR


def test_a_township_has_two_heads_and_not_three() -> None:
    heads = [HeadRow("T", f"0000000{n}", f"2024-0{n}-01", "", HERE) for n in (1, 2)]
    assert _faults(replace(SOUND, heads=heads)) == []
    third = HeadRow("T", "00000003", "2024-06-01", "", HERE)
    (fault,) = _faults(replace(SOUND, heads=[*heads, third]))
    assert fault.value == "00000003"


def test_heads_may_follow_each_other() -> None:
    heads = [
        HeadRow("V", "00000001", "2022-03-01", "2024-03-01", HERE),
        HeadRow("V", "00000001", "2024-03-01", "", HERE),
    ]
    assert _faults(replace(SOUND, heads=heads)) == []


def test_cadres_belong_on_a_level_that_bears_cadres() -> None:
    cadres = {"00000001": _cadre("00000001", grid="V")}
    (fault,) = _faults(replace(SOUND, cadres=cadres))
    assert (fault.column, fault.value) == ("grid", "V")


def test_a_principal_from_elsewhere_is_remarked_on_and_not_refused() -> None:
    frame = replace(SOUND, principals=[("U9", "00000001", HERE)])
    assert [fault.severity for fault in _faults(frame)] == [Severity.WARNING]


def test_levels_are_data_from_three_to_six() -> None:
    def levels(*numbers: int) -> dict[int, GridLevel]:
        bears = max(numbers)
        return {
            depth: GridLevel(
                depth,
                f"{depth}级",
                1,
                "",
                holds_households=depth == bears,
                holds_cadres=depth == bears,
            )
            for depth in numbers
        }

    bare = Frame({}, {}, {}, [], [])
    for count in range(3, 7):
        assert _faults(replace(bare, levels=levels(*range(1, count + 1)))) == []
    for wrong in ((1, 2), (1, 2, 4), (2, 3, 4), tuple(range(1, 8))):
        assert [fault.column for fault in _faults(replace(bare, levels=levels(*wrong)))] == [
            "depth"
        ]

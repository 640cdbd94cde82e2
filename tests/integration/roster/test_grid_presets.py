"""A county on any preset passes import, coverage, map, strata of the draw and boards."""

from datetime import date
from pathlib import Path

import pytest

from evalsys.county.generate import Wanted, generate
from evalsys.county.land import COUNTY_CODE, Shape
from evalsys.domain.roster_load import HeadFault
from evalsys.errors import NotFound, RuleViolation
from evalsys.ids import GridCode
from evalsys.services.casework_board import CaseworkBoards
from evalsys.services.grid_preset import GridPresets
from evalsys.services.responsibility_map import ResponsibilityMap
from evalsys.services.roster_load import RosterLoads
from evalsys.store.database import Database
from evalsys.store.grid_preset import shipped_preset
from evalsys.store.roster import cadres_to_freeze
from tests.builders import NOON
from tests.roster_papers import BOX, CHINA, bring_in, bring_in_papers, papers

CADRES, HOUSEHOLDS = 30, 120


def made_county(folder: Path, name: str) -> list[Path]:
    preset = shipped_preset(name)
    shape = Shape(preset.levels, preset.patterns, bool(preset.classes), preset.roles)
    _, files = generate(
        Wanted(CADRES, HOUSEHOLDS, 7, date(2026, 11, 1), shape),
        folder,
        csv=True,
        xlsx=False,
        progress=lambda _done, _total: None,
    )
    return [file for file in files if file.stem != "levels"]


@pytest.mark.parametrize("name", ["yuelu", "jurong", "guiyang"])
def test_a_county_on_another_preset_passes_every_room(
    database: Database, tmp_path: Path, name: str
) -> None:
    presets = GridPresets(database, lambda: NOON)
    preset = presets.take(name, by="zu-zhi")
    report = bring_in(database, made_county(tmp_path, name))
    assert report.committed, report.problems[:3]
    assert report.coverage is not None
    assert report.coverage.is_complete
    assert [title for title, _ in report.coverage.grids] == [one.name for one in preset.levels]
    assert all(count for _, count in report.coverage.grids)

    room = ResponsibilityMap(database, lambda: NOON, CHINA)
    standing = room.cell().standing
    assert standing.cell.level == preset.levels[0].name
    assert standing.below_level == preset.levels[1].name
    assert standing.figures.cadres == CADRES
    assert standing.figures.households == HOUSEHOLDS
    with database.read() as db:
        frozen = list(cadres_to_freeze(db, BOX))
    strata = {one.township for one in frozen}
    assert strata == {scale.code for scale in standing.below}
    assert {one.grid_class for one in frozen} <= {one.code for one in preset.classes} | {""}
    assert all(one.grid_class for one in frozen) == bool(preset.classes)

    heads = RosterLoads(database, lambda: NOON, CHINA).heads()
    assert not [faults for _, faults in heads.faulty if HeadFault.ROLES in faults]

    board = CaseworkBoards(database, lambda: NOON, CHINA).board()
    assert [line.code for line in board.lines] == sorted(strata)
    assert board.grid.code == GridCode(COUNTY_CODE)

    presets.take(name, by="zu-zhi")  # again: it fits
    with pytest.raises(RuleViolation, match="本县已有网格"):
        presets.take("yishui", by="zu-zhi")
    assert presets.layout().preset.name == name
    assert presets.layout().levels == preset.levels


def test_a_roster_of_another_shape_is_refused_on_the_preset(
    database: Database, tmp_path: Path
) -> None:
    presets = GridPresets(database, lambda: NOON)
    presets.take("jurong", by="zu-zhi")
    report = bring_in_papers(database, tmp_path, papers())
    assert not report.committed
    assert "没有这一层级" in {problem.what for problem in report.problems}
    with pytest.raises(NotFound, match="yishui"):
        presets.take("nowhere", by="zu-zhi")

"""Grids renamed, merged, split and moved on both databases: history stays, links are untouched."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from evalsys.domain.access import Role
from evalsys.domain.casework.board import Cadence
from evalsys.domain.grid_change import ChangeKind, Effect, GridChange, Part
from evalsys.domain.responsibility_map import Standing
from evalsys.domain.roster_sheets import Kind
from evalsys.domain.ruling import Ruling
from evalsys.errors import EvalsysError, InvalidInput, StaleState
from evalsys.ids import GridCode
from evalsys.services.casework_board import CaseworkBoards
from evalsys.services.grid_change import GridChanges
from evalsys.services.responsibility_map import ResponsibilityMap
from evalsys.store.casework_people import grid_tree
from evalsys.store.database import Database
from evalsys.store.schema.roster import Cadre, GridHead, Household, HouseholdLink
from tests.roster_papers import CHINA, bring_in_papers, papers
from tests.visitor import Visitor

BEFORE = date(2026, 10, 31)
ON = date(2026, 11, 2)
LATER = date(2026, 12, 1)


@dataclass
class County:
    """A county of two villages, its clock, and its rooms."""

    database: Database
    folder: Path
    at: datetime = datetime(2026, 11, 2, 4, tzinfo=UTC)
    changes: GridChanges = field(init=False)

    def __post_init__(self) -> None:
        tables = papers()
        tables[Kind.HEADS].append(["V2", "00000001", "2022-03-01", None])
        assert bring_in_papers(self.database, self.folder, tables).committed
        self.changes = GridChanges(self.database, lambda: self.at, CHINA)

    def done(self, kind: ChangeKind, grid: str, on: date = ON, **other: object) -> None:
        change = GridChange(kind, grid, on, "县政府文件", **other)  # type: ignore[arg-type]  # a test gives any field
        number = self.changes.propose(change, by="jia")
        ruled = self.changes.rule(number, Ruling.ACCEPTED, "", by="yi")
        assert ruled.state is (Ruling.DONE if on <= ON else Ruling.ACCEPTED)

    def cell(self, code: str, on: date | None = None) -> Standing:
        room = ResponsibilityMap(self.database, lambda: self.at, CHINA)
        return room.cell(GridCode(code), on).standing

    def links(self) -> list[tuple[object, ...]]:
        link = HouseholdLink
        with self.database.read() as db:
            rows = db.execute(
                select(link.household, link.cadre, link.since, link.until, link.reason).order_by(
                    link.household
                )
            )
            return [tuple(row) for row in rows]

    def places(self) -> dict[str, str]:
        with self.database.read() as db:
            homes = db.execute(select(Household.code, Household.grid))
            cadres = db.execute(select(Cadre.number, Cadre.grid))
            return {code: grid for rows in (homes, cadres) for code, grid in rows}


@pytest.fixture
def county(database: Database, tmp_path: Path) -> County:
    return County(database, tmp_path)


def below(standing: Standing) -> list[str]:
    return [scale.name for scale in standing.below]


def test_a_merged_village_leaves_its_history_and_every_link(county: County) -> None:
    links = county.links()
    change = GridChange(ChangeKind.MERGE, "V2", ON, "县政府文件", target="V1")
    preview = county.changes.preview(change)
    assert (preview.title, preview.target) == ("东泉村", "柴山村")
    assert preview.effect == Effect(households=4, cadres=0, grids=1, heads=1)

    county.done(ChangeKind.MERGE, "V2", target="V1")
    assert county.links() == links
    assert set(county.places().values()) == {"V1", "G1", "G2", "G3"}
    assert below(county.cell("W1")) == ["柴山村"]
    assert below(county.cell("V1")) == ["一号", "二号", "三号"]
    assert county.cell("V1").figures.households == 7
    then = county.cell("W1", BEFORE)
    assert below(then) == ["柴山村", "东泉村"]
    assert [scale.figures.households for scale in then.below] == [5, 2]
    assert below(county.cell("V2", BEFORE)) == ["三号"]
    with pytest.raises(EvalsysError):
        county.cell("V2")
    with pytest.raises(InvalidInput, match="还没有到"):
        county.cell("V1", LATER)
    with county.database.read() as db:
        ended = db.execute(select(GridHead.until).where(GridHead.grid == "V2")).scalars().all()
        assert ended == [ON]
        # What was raised there counts under the grid that took it over, and before that for itself.
        assert grid_tree(db).contains("V1", "V2")
        assert not grid_tree(db, BEFORE).contains("V1", "V2")
    boards = CaseworkBoards(county.database, lambda: county.at, CHINA)
    assert [line.name for line in boards.board("W1").lines] == ["柴山村"]
    old = boards.board("W1", cadence=Cadence.MONTH, on=BEFORE)
    assert [line.name for line in old.lines] == ["柴山村", "东泉村"]


def test_a_split_takes_cadres_with_their_households_and_no_link_changes(county: County) -> None:
    links = county.links()
    part = Part("V3", "东泉新村", "00000001", ("G2",))
    county.done(ChangeKind.SPLIT, "V1", parts=(part,))
    assert county.links() == links
    assert below(county.cell("W1")) == ["柴山村", "东泉村", "东泉新村"]
    assert below(county.cell("V3")) == ["二号"]
    assert [head.name for head in county.cell("V3").cell.heads] == ["王建国"]
    assert below(county.cell("W1", BEFORE)) == ["柴山村", "东泉村"]
    assert below(county.cell("V1", BEFORE)) == ["一号", "二号"]
    again = bring_in_papers(county.database, county.folder, papers())
    assert again.committed  # the old file would put 二号 back: that it does not
    assert {problem.value for problem in again.problems if "调整" in problem.what} == {"G2"}
    assert below(county.cell("V3")) == ["二号"]


def test_a_household_that_is_named_goes_to_the_new_grid_alone(county: County) -> None:
    part = Part("V3", "东泉新村", "00000001", ("37130004", "G3"))
    county.done(ChangeKind.SPLIT, "V2", parts=(part,))
    places = county.places()
    assert {code for code, grid in places.items() if grid == "V3"} == {
        "37130004",
        "37130006",  # these two are linked to the cadre of G3
        "37130007",
    }


def test_an_approved_change_waits_for_its_day_and_is_carried_out_once(county: County) -> None:
    county.done(ChangeKind.RENAME, "V1", LATER, name="柴山新村")
    assert county.cell("V1").cell.name == "柴山村"
    assert county.changes.carry_out_due().done == ()
    with pytest.raises(EvalsysError, match="还没有了结"):
        county.done(ChangeKind.RENAME, "V1", LATER, name="别的村")
    county.at += timedelta(days=30)
    (done,) = county.changes.carry_out_due().done
    assert done.state is Ruling.DONE
    assert county.changes.carry_out_due().done == ()
    assert county.cell("V1").cell.name == "柴山新村"
    assert county.cell("V1", ON).cell.name == "柴山村"
    with pytest.raises(EvalsysError, match="重叠"):
        county.done(ChangeKind.RENAME, "V1", ON, name="别的村")


def test_what_changed_meanwhile_is_not_approved_as_it_was_shown(county: County) -> None:
    change = GridChange(ChangeKind.MERGE, "V2", ON, "县政府文件", target="V1")
    number = county.changes.propose(change, by="jia")
    with county.database.write() as db:
        db.get_one(Household, "37130004").grid = "V1"
    with pytest.raises(StaleState, match="4 户"):
        county.changes.rule(number, Ruling.ACCEPTED, "", by="yi")
    assert county.places()["37130005"] == "V2"


def test_a_class_and_bounds_and_a_new_parent_have_a_day_too(county: County) -> None:
    county.done(ChangeKind.BOUNDS, "V1", grid_class="A", bounds="东至沂河")
    assert county.cell("V1").cell.grid_class == "A"
    assert county.cell("V1", BEFORE).cell.grid_class == ""
    area = Part("W2", "第二工作片", "00000001", ("V2",))
    county.done(ChangeKind.SPLIT, "W1", parts=(area,))
    with pytest.raises(InvalidInput, match="循环"):
        county.done(ChangeKind.MOVE, "W1", target="V1")
    with pytest.raises(InvalidInput, match="应是第4级"):
        county.done(ChangeKind.MOVE, "G1", target="W2")
    county.at += timedelta(days=1)
    next_day = ON + timedelta(days=1)
    number = county.changes.propose(
        GridChange(ChangeKind.MOVE, "V1", next_day, "县政府文件", target="W2"), by="jia"
    )
    county.changes.rule(number, Ruling.ACCEPTED, "", by="yi")
    assert below(county.cell("W2")) == ["柴山村", "东泉村"]
    assert below(county.cell("W2", ON)) == ["东泉村"]
    assert below(county.cell("W1", BEFORE)) == ["柴山村", "东泉村"]


@pytest.mark.on_sqlite
def test_the_page_previews_before_anything_and_two_people_act(
    visitor: Visitor, database: Database, tmp_path: Path
) -> None:
    County(database, tmp_path)
    editor = visitor.sign_in_as(Role.PERSONNEL)
    form = {"kind": "merge", "grid": "V2", "on": "2026-11-02", "reason": "县文件", "target": "V1"}
    page = editor.post("/grid/changes", **form)
    assert page.status_code == 200
    assert "4 户" in page.text
    assert "还没有调整过" in page.text
    wrong = editor.post("/grid/changes", **{**form, "target": "X"})
    assert wrong.status_code == 400
    assert "并入" in wrong.text
    split = {**form, "kind": "split", "parts": "V3，新村，00000001"}
    assert "应有四项" in editor.post("/grid/changes", **split).text
    assert editor.post("/grid/changes", deed="propose", **form).status_code == 303
    assert editor.post("/grid/changes/1/ruling", ruling="accepted").status_code == 403
    office = Visitor(visitor.app).sign_in_as(Role.OFFICE)
    assert office.post("/grid/changes/1/ruling", ruling="accepted").status_code == 303
    assert "已生效" in office.get("/grid/").text
    assert "东泉村" in editor.get("/roster/map/W1", on="2026-11-01").text
    assert "东泉村" not in editor.get("/roster/map/W1").text
    auditor = Visitor(visitor.app).sign_in_as(Role.AUDITOR)
    assert "调整一个网格" not in auditor.get("/grid/").text
    assert auditor.post("/grid/changes", **form).status_code == 403

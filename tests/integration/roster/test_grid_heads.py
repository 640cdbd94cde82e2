"""Heads appointed and ended on both databases: two people, a day, what was checked, the map."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from evalsys.domain.access import Role
from evalsys.domain.grid_head import HeadAct, HeadDeed
from evalsys.domain.roster_sheets import Kind
from evalsys.domain.ruling import Ruling
from evalsys.errors import EvalsysError, NotAllowed
from evalsys.services.grid_head import GridHeads
from evalsys.services.roster_load import RosterLoads
from evalsys.store.database import Database
from evalsys.store.schema.roster import GridHead
from tests.roster_papers import CHINA, bring_in_papers, papers
from tests.visitor import Visitor

ON = date(2026, 11, 2)
ONE, TWO = "00000001", "00000002"


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 2, 4, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def heads(database: Database, tmp_path: Path, clock: Clock) -> GridHeads:
    tables = papers()
    tables[Kind.CADRES][2][4] = "副科级"
    assert bring_in_papers(database, tmp_path, tables).committed
    return GridHeads(database, clock, CHINA)


def kept(database: Database, grid: str) -> list[tuple[object, ...]]:
    with database.read() as db:
        rows = db.execute(
            select(GridHead.cadre, GridHead.since, GridHead.until)
            .where(GridHead.grid == grid)
            .order_by(GridHead.since)
        )
        return [tuple(row) for row in rows]


def done(heads: GridHeads, deed: HeadDeed, grid: str, cadre: str, **other: object) -> Ruling:
    act = HeadAct(deed, grid, cadre, **{"on": ON, "reason": "县委文件", **other})  # type: ignore[arg-type]  # a test gives any field
    number = heads.propose(act, by="jia")
    with pytest.raises(NotAllowed):
        heads.rule(number, Ruling.ACCEPTED, "", by="jia")
    return heads.rule(number, Ruling.ACCEPTED, "", by="yi").state


def test_two_heads_of_a_township_and_one_of_a_village_who_is_replaced(
    heads: GridHeads, database: Database, clock: Clock
) -> None:
    faulty = RosterLoads(database, clock, CHINA)
    assert "T1" in {grid.code for grid, _ in faulty.heads().faulty}
    for cadre in (ONE, TWO):
        assert done(heads, HeadDeed.APPOINT, "T1", cadre) is Ruling.DONE
    assert [row[0] for row in kept(database, "T1")] == [ONE, TWO]
    assert "T1" not in {grid.code for grid, _ in faulty.heads().faulty}
    with pytest.raises(EvalsysError, match="已有 2 名"):
        heads.propose(HeadAct(HeadDeed.APPOINT, "T1", "00000003", ON, "文件"), by="jia")

    assert done(heads, HeadDeed.APPOINT, "V1", TWO, replaces=ONE) is Ruling.DONE
    assert kept(database, "V1") == [(ONE, date(2022, 3, 1), ON), (TWO, ON, None)]
    found = heads.desk("V1")
    assert [one.cadre for one in found.terms] == [TWO, ONE]
    check = found.proposals[0].check
    assert (check.level, check.least_rank, check.rank) == ("村级网格", "副科级", "副科级")


def test_an_appointment_waits_for_its_day_and_one_that_no_longer_fits_says_so(
    heads: GridHeads, database: Database, clock: Clock
) -> None:
    later = ON + timedelta(days=9)
    assert done(heads, HeadDeed.END, "V1", ONE, on=later) is Ruling.ACCEPTED
    assert done(heads, HeadDeed.APPOINT, "V2", TWO, on=later) is Ruling.ACCEPTED
    assert heads.carry_out_due().done == ()
    with database.write() as db:
        db.add(GridHead(grid="V2", cadre=ONE, since=ON, until=None))
    clock.at += timedelta(days=10)
    ended = heads.carry_out_due()
    assert [one.act.grid for one in ended.done] == ["V1"]
    ((stuck, why),) = ended.stuck
    assert (stuck.act.grid, "已有 1 名" in why) == ("V2", True)
    assert kept(database, "V1") == [(ONE, date(2022, 3, 1), later)]
    assert heads.rule(stuck.id, Ruling.WITHDRAWN, "", by="jia").state is Ruling.WITHDRAWN
    assert heads.carry_out_due().stuck == ()


@pytest.mark.usefixtures("heads")
@pytest.mark.on_sqlite
def test_the_page_shows_what_was_checked_before_and_after(visitor: Visitor) -> None:
    editor = visitor.sign_in_as(Role.PERSONNEL)
    form = {"deed": "appoint", "grid": "V2", "cadre": "00000003", "on": "2026-11-02"}
    refused = editor.post("/grid/heads/", reason="文件", **form)
    assert refused.status_code == 400
    assert "应为副科级以上" in refused.text
    form["cadre"] = TWO
    assert "之后的负责人：李红" in editor.post("/grid/heads/", reason="文件", **form).text
    assert editor.post("/grid/heads/", step="propose", reason="文件", **form).status_code == 303
    assert editor.post("/grid/heads/1/ruling", ruling="accepted").status_code == 403
    office = Visitor(visitor.app).sign_in_as(Role.OFFICE)
    assert office.post("/grid/heads/1/ruling", ruling="accepted").status_code == 303
    assert "李红" in office.get("/grid/heads/", grid="V2").text
    assert "已生效" in office.get("/grid/heads/acts.csv", grid="V2").text
    assert office.get("/grid/heads/", grid="none").status_code == 404
    auditor = Visitor(visitor.app).sign_in_as(Role.AUDITOR)
    assert "任命或免去" not in auditor.get("/grid/heads/").text
    assert auditor.post("/grid/heads/", reason="文件", **form).status_code == 403

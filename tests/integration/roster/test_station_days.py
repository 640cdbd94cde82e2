"""Station days, loads and heads on both databases; exports equal the pages."""

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from werkzeug.datastructures import FileStorage

from evalsys.clock import utc_now
from evalsys.domain.access import Role
from evalsys.domain.casework.words import Party, PartyKind
from evalsys.domain.roster_load import HeadFault, LoadStanding
from evalsys.domain.roster_problems import Severity
from evalsys.domain.roster_sheets import Kind
from evalsys.domain.station_day import Attendance, Grouping, Month
from evalsys.errors import EvalsysError, NotFound, StaleState
from evalsys.services.grid_preset import GridPresets
from evalsys.services.roster_load import RosterLoads
from evalsys.services.station_day import StationDays
from evalsys.store.casework_people import set_scopes
from evalsys.store.database import Database
from tests.builders import NOON
from tests.roster_papers import CHINA, Cell, Tables, bring_in_papers, papers
from tests.visitor import BROWSER, Visitor

NOVEMBER = Month(2026, 11)
WRONG_STAFF: list[list[Cell]] = [
    ["V1", "网格长", "孙立", "街道", "2024-01-01", None],
    ["S1", "网格监督员", "孙立", "街道", "2024-01-01", None],
    ["V2", "网格管理员", "周平", "社区", "2024-01-01", None],
    ["V2", "网格管理员", "郑和", "社区", "2025-01-01", None],
]
THE_28TH = datetime(2026, 11, 28, 1, tzinfo=UTC)


def settle(database: Database, folder: Path) -> None:
    """A county of Yuelu's levels: two streets' heads, a village's head, one grid without one."""
    GridPresets(database, lambda: NOON).take("yuelu", by="zu-zhi")
    tables = papers()
    tables[Kind.GRIDS] = [
        ["网格编码", "网格名称", "层级", "上级网格编码", "网格类别"],
        ["C", "岳麓区", 1, None, None],
        ["S1", "望月湖街道", 2, "C", None],
        ["Q1", "湖中社区", 3, "S1", None],
        ["V1", "湖中一网格", 4, "Q1", "A"],
        ["V2", "湖中二网格", 4, "Q1", "B"],
    ]
    for row, grid in zip(tables[Kind.CADRES][1:], ("V1", "V1", "V2"), strict=True):
        row[6] = grid
    tables[Kind.HEADS] = [
        ["网格编码", "负责人编号", "任职起始", "任职截止"],
        ["S1", "00000001", "2022-03-01", None],
        ["S1", "00000002", "2022-03-01", None],
        ["V1", "00000001", "2022-03-01", None],
    ]
    tables[Kind.STAFF] = [
        ["网格编码", "角色", "姓名", "来源", "任职起始", "任职截止"],
        ["V1", "网格监督员", "孙立", "街道", "2024-01-01", None],
        ["V1", "网格管理员", "周平", "社区", "2024-01-01", None],
        ["V1", "网格民情员", "吴兰", "社区", "2024-01-01", "2025-01-01"],
    ]
    report = bring_in_papers(database, folder, tables)
    assert report.committed, report.problems
    again = folder / "again"
    again.mkdir()
    wrong: Tables = {Kind.STAFF: [tables[Kind.STAFF][0], *WRONG_STAFF]}
    refused = bring_in_papers(database, again, wrong)
    assert [one.what for one in refused.problems if one.severity is Severity.ERROR] == [
        "网格方案里没有这个角色",
        "网格监督员设在第4级，这个网格是第2级",
        "网格管理员同时最多1名，这里有2名",
    ]


def test_whoever_heads_a_grid_is_due_and_only_marks_count(
    database: Database, tmp_path: Path
) -> None:
    settle(database, tmp_path)
    at = datetime(2026, 11, 2, tzinfo=UTC)
    days = StationDays(database, lambda: at, CHINA)
    assert days.planned(NOVEMBER) == date(2026, 11, 28)
    assert days.set_month(NOVEMBER, by="office") == 2
    with pytest.raises(StaleState, match="已经排定"):
        days.set_month(NOVEMBER, by="office")
    days.mark(NOVEMBER, "00000002", Attendance.EXCUSED, "住院", by="office")
    at = THE_28TH
    report = days.report(NOVEMBER, Grouping.GRID)
    assert [(line.name, line.due, line.excused) for line in report.lines] == [
        ("望月湖街道", 1, 1),
        ("湖中一网格", 1, 0),  # the lowest of the two grids that this one heads
    ]
    with pytest.raises(EvalsysError, match="不在 2026-11 的驻点名单里"):
        days.mark(NOVEMBER, "00000003", Attendance.PRESENT, "", by="office")
    with pytest.raises(NotFound, match="哪一位干部"):
        days.mark_self(account="nobody")

    sheet = tmp_path / "marks.csv"
    sheet.write_text("干部编号,到岗,未到原因\n00000001,否,\n00000009,是,\n", "utf-8")
    taken = days.take_list(NOVEMBER, sheet, "marks.csv", by="office")
    assert taken.kept == 0
    assert [(one.row, one.column) for one in taken.problems] == [(2, "未到原因"), (3, "干部编号")]
    sheet.write_text("干部编号,到岗,未到原因\n00000001,是,\n00000002,是,\n", "utf-8")
    assert days.take_list(NOVEMBER, sheet, "marks.csv", by="office").kept == 2
    assert days.report(NOVEMBER, Grouping.UNIT).total.present == 2
    year = days.report(NOVEMBER, Grouping.MONTH, whole_year=True)
    assert [(line.name, line.due) for line in year.lines] == [("2026-11", 2)]
    at = datetime(2026, 12, 4, tzinfo=UTC)
    with pytest.raises(EvalsysError, match="已经过了"):
        days.mark(NOVEMBER, "00000001", Attendance.EXCUSED, "晚了", by="office")


def test_loads_and_heads_are_of_the_day_that_is_asked_for(
    database: Database, tmp_path: Path
) -> None:
    settle(database, tmp_path)
    room = RosterLoads(database, lambda: NOON, CHINA)
    now = room.loads()
    assert [one.households for one in now.cadres] == [3, 2, 2]
    assert now.counts == {LoadStanding.UNLIMITED: 3}
    assert now.term_years == 3
    assert [one.expired for one in now.cadres] == [3, 2, 2]  # all began more than three years ago
    then = room.loads(date(2014, 1, 1))
    assert [one.households for one in then.cadres] == [3, 2, 0]
    assert [one.expired for one in then.cadres] == [0, 0, 0]
    assert now.cadres[0].township == "望月湖街道"
    assert (now.coverage.households, now.coverage.unlinked, now.coverage.doubled) == (7, 0, 0)
    assert then.coverage.unlinked == 2  # of those that the roster knows now
    faulty = {grid.code: faults for grid, faults in room.heads().faulty}
    assert faulty == {
        "C": (HeadFault.NOBODY,),
        "Q1": (HeadFault.NOBODY,),
        "V1": (HeadFault.ROLES,),
        "V2": (HeadFault.NOBODY, HeadFault.ROLES),
    }
    lacking = {grid.code: grid.missing_roles for grid, _ in room.heads().faulty}
    assert lacking["V1"] == ("网格民情员", "网格治安员")
    with pytest.raises(EvalsysError, match="还没有到"):
        room.heads(date(2100, 1, 1))


@pytest.mark.on_sqlite
def test_pages_and_exports_say_the_same(
    visitor: Visitor, database: Database, tmp_path: Path
) -> None:
    settle(database, tmp_path)
    office = visitor.sign_in_as(Role.OFFICE)
    month = str(Month.of(utc_now().astimezone(CHINA).date()))
    assert "排定这个月" in office.get("/station/").text
    assert office.post("/station/months", month=month).status_code == 303
    page = office.get("/station/", by="grid").text
    assert "湖中一网格" in page
    rows = list(
        csv.reader(
            io.StringIO(office.get("/station/report.csv", by="grid").data.decode("utf-8-sig"))
        )
    )
    assert ["湖中一网格", "1", "0", "0", "1", "0.0"] in rows
    assert "00000001" in office.get("/station/absent.csv").data.decode("utf-8-sig")
    reason = {"month": month, "cadre": "00000001", "attendance": "excused", "reason": ""}
    assert office.post("/station/marks", **reason).status_code == 400
    assert office.post("/station/marks", **{**reason, "reason": "出差"}).status_code == 303
    assert "出差" in office.get("/station/").text
    bad = FileStorage(io.BytesIO("干部编号,到岗\n00000009,是\n".encode()), "marks.csv")
    form = {"csrf_token": office.csrf(), "month": month, "file": bad}
    refused = office.client.post("/station/list", data=form, headers=BROWSER)
    assert refused.status_code == 422
    assert "00000009" in refused.text
    assert office.get("/station/", by="x").status_code == 404

    cadre = Visitor(visitor.app).sign_in_as(Role.CADRE)
    assert cadre.get("/station/here").status_code == 404
    with database.write() as db:
        set_scopes(db, Role.CADRE.value, [Party(PartyKind.CADRE, "00000001")])
    assert "湖中一网格" in cadre.get("/station/here").text
    assert cadre.get("/station/").status_code == 403

    staff = Visitor(visitor.app).sign_in_as(Role.PERSONNEL)
    assert "王建国" in staff.get("/roster/load").text
    listed = staff.get("/roster/load.csv", standing="unlimited").data.decode("utf-8-sig")
    assert listed.count("不比较") == 3
    assert "湖中二网格" in staff.get("/roster/heads").text
    assert "没有负责人" in staff.get("/roster/heads.csv").data.decode("utf-8-sig")
    english = staff.get("/roster/heads.csv", lang="en").data.decode("utf-8-sig")
    assert "Heads" in english.splitlines()[0]
    assert "No head" in english
    assert "负责人" not in english
    assert staff.get("/roster/load", standing="x").status_code == 404

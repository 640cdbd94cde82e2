"""Bringing in whom programmes served: all rows or none, every bad one named (Y36-Y38)."""

import csv
import json
import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, insert, select

from evalsys.cli.main import cli
from evalsys.clock import utc_now
from evalsys.domain.roster_problems import Severity
from evalsys.domain.roster_sheets import SHEETS, Kind
from evalsys.errors import InvalidInput
from evalsys.ids import ProgrammeNumber
from evalsys.services.programme_import import ProgrammeImport
from evalsys.services.roster_import import RosterImport
from evalsys.services.tables_report import TablesReport
from evalsys.store import programmes
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox
from evalsys.store.schema.programme import ServiceRow
from evalsys.store.schema.roster import Cadre, Unit
from tests.builders import environment_of, full_width, some_settings
from tests.roster_rows import code_of, fill_roster, phone_of

HEADER = ["项目编号", "项目名称", "单位编码", "户编码", "服务事项", "办理日期"]
TODAY = date(2026, 11, 26)
CHINA = ZoneInfo("Asia/Shanghai")
BOX = PhoneBox(bytes(range(64)), bytes(range(32)))


@pytest.fixture(autouse=True)
def _county(database: Database) -> None:
    with database.write() as db:
        fill_roster(db, BOX, [4, 4])
        db.execute(insert(Unit).values(code="U2", name="县民政局"))


def a_row(h: int = 0, **different: object) -> list[object]:
    usual: dict[str, object] = {
        "项目编号": "90000001",
        "项目名称": "城乡低保申请办理",
        "单位编码": "U2",
        "户编码": code_of(0, h),
        "服务事项": "低保申请受理",
        "办理日期": "2026-05-20",
    }
    return list((usual | different).values())


def a_csv(folder: Path, *rows: list[object], name: str = "services.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return path


def a_book(folder: Path, *rows: list[object]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "服务台账"
    lines: list[list[object]] = [["民政局服务台账"], [*HEADER], *rows]
    for line in lines:
        sheet.append(line)
    path = folder / "台账.xlsx"
    book.save(path)
    return path


def bring_in(
    database: Database, *files: Path, dry_run: bool = False, told: list[str] | None = None
) -> TablesReport:
    return ProgrammeImport(database, utc_now, TODAY).run(
        files,
        actor="test",
        dry_run=dry_run,
        progress=lambda what, _done, _total: told.append(what) if told is not None else None,
    )


def services(database: Database) -> int:
    with database.read() as db:
        return db.scalar(select(func.count()).select_from(ServiceRow)) or 0


def test_a_list_comes_in_and_again_changes_nothing(database: Database, tmp_path: Path) -> None:
    told: list[str] = []
    first = bring_in(database, a_csv(tmp_path, a_row(0), a_row(1), a_row(2)), told=told)
    assert first.committed, first.problems
    assert (first.rows, first.merged["services"].new, first.merged["programmes"].new) == (3, 3, 1)
    assert {"读取 services.csv 项目服务对象", "检查", "写入"} <= set(told)
    again = bring_in(database, a_csv(tmp_path, a_row(0), a_row(1), a_row(2), a_row(3)))
    assert (again.merged["services"].new, again.merged["services"].unchanged) == (1, 3)
    assert again.merged["programmes"].unchanged == 1
    with database.read() as db:
        (one,) = programmes.every(db)
    assert (one.number, one.unit_name, one.households) == ("90000001", "县民政局", 4)


def test_a_workbook_with_a_title_and_the_unit_by_name_comes_in(
    database: Database, tmp_path: Path
) -> None:
    row = a_row(0, 单位编码="县民政局", 办理日期=date(2026, 5, 20), 项目编号=90000001)
    assert bring_in(database, a_book(tmp_path, row)).committed
    with database.read() as db:
        (one,) = programmes.every(db)
    assert one.unit == "U2"


@pytest.mark.parametrize(
    ("different", "column", "what"),
    [
        ({"户编码": "99999999999"}, "户编码", "没有这一户"),
        ({"户编码": "12"}, "户编码", "4至20位"),
        ({"单位编码": "U9"}, "单位编码", "没有这个单位"),
        ({"项目编号": "00000001"}, "项目编号", "以9开头"),
        ({"项目编号": "9000001"}, "项目编号", "以9开头"),
        ({"项目编号": "9000000x"}, "项目编号", "以9开头"),
        ({"项目编号": ""}, "项目编号", "必填项为空"),
        ({"办理日期": "2026-11-27"}, "办理日期", "还没有到"),
        ({"办理日期": "2026-02-30"}, "办理日期", "没有这一天"),
        ({"办理日期": "去年"}, "办理日期", "年月日"),
        ({"服务事项": "低保\x07"}, "服务事项", "控制字符"),
        ({"项目名称": "名" * 61}, "项目名称", "超过60"),
        ({"项目名称": "另一个名称"}, "项目名称", "不同的名称"),
        ({"单位编码": "U1"}, "单位编码", "不同的单位"),
    ],
)
def test_a_bad_row_is_named_and_nothing_comes_in(
    database: Database, tmp_path: Path, different: dict[str, object], column: str, what: str
) -> None:
    found = bring_in(database, a_csv(tmp_path, a_row(0), a_row(1), a_row(2, **different)))
    assert not found.committed
    (problem,) = found.problems
    assert (problem.file, problem.row, problem.column) == ("services.csv", 4, column)
    assert what in problem.what
    assert problem.remedy
    assert services(database) == 0


def test_a_row_twice_is_named_with_the_place_of_the_first(
    database: Database, tmp_path: Path
) -> None:
    one = a_csv(tmp_path, a_row(0), a_row(1))
    other = a_csv(tmp_path, a_row(2), a_row(1), name="again.csv")
    found = bring_in(database, one, other)
    (problem,) = found.problems
    assert problem.place == "again.csv 第3行 “项目编号”列"
    assert "services.csv第3行重复" in problem.what


def test_a_cadres_number_is_no_programme(database: Database, tmp_path: Path) -> None:
    with database.write() as db:
        known = db.scalars(select(Cadre).limit(1)).one()
        values = {c.name: getattr(known, c.name) for c in Cadre.__table__.columns}
        db.execute(insert(Cadre).values(**values | {"number": "90000001"}))
    found = bring_in(database, a_csv(tmp_path, a_row()))
    assert [problem.what for problem in found.problems] == ["这是一名干部的编号"]


def test_full_width_digits_are_mended_and_said(database: Database, tmp_path: Path) -> None:
    found = bring_in(database, a_csv(tmp_path, a_row(0, 项目编号=full_width("90000001"))))
    assert found.committed
    assert found.warnings == 1


def test_a_dry_run_and_a_strange_table_write_nothing(database: Database, tmp_path: Path) -> None:
    assert not bring_in(database, a_csv(tmp_path, a_row()), dry_run=True).committed
    strange = tmp_path / "strange.csv"
    strange.write_text("甲,乙\n1,2\n", encoding="utf-8")
    found = bring_in(database, strange)
    assert "没有找到" in found.problems[-1].what
    lacking = tmp_path / "lacking.csv"
    lacking.write_text("项目编号,项目名称,单位编码,户编码\n", encoding="utf-8")
    found = bring_in(database, lacking)
    assert "缺少列：服务事项、办理日期" in found.problems[0].what
    with pytest.raises(InvalidInput, match="打不开"):
        bring_in(database, tmp_path / "nowhere.csv")
    assert services(database) == 0


def test_a_renamed_programme_is_changed_and_what_is_not_mentioned_stays(
    database: Database, tmp_path: Path
) -> None:
    bring_in(database, a_csv(tmp_path, a_row(0)))
    found = bring_in(database, a_csv(tmp_path, a_row(1, 项目名称="低保办理")))
    assert found.merged["programmes"].changed == 1
    with database.read() as db:
        (one,) = programmes.every(db)
    assert (one.name, one.households) == ("低保办理", 2)


def test_the_freeze_takes_each_household_once_with_a_number_that_is_its_own(
    database: Database, tmp_path: Path
) -> None:
    rows = [a_row(0), a_row(1), a_row(1, 服务事项="低保复核"), a_row(2)]
    bring_in(database, a_csv(tmp_path, *rows))
    with database.read() as db:
        (frozen,) = programmes.programmes_to_freeze(db, BOX, [ProgrammeNumber("90000001")])
    assert [home[0] for home in frozen.households] == [code_of(0, h) for h in range(3)]
    # The first household of the first cadre has no telephone.
    assert [home[1] for home in frozen.households] == ["", phone_of(0, 1), phone_of(0, 2)]


@pytest.mark.on_sqlite
def test_the_command_ends_with_2_and_shows_the_row_in_a_report(
    database: Database, tmp_path: Path
) -> None:
    address = database.engine.url.render_as_string(hide_password=False)
    environment = environment_of(some_settings(address, tmp_path))

    def run(*arguments: object) -> Sequence[object]:
        told = CliRunner().invoke(
            cli, ["import", "programme", *map(str, arguments)], env=os.environ | environment
        )
        return told.exit_code, told.output

    report = tmp_path / "问题.xlsx"
    code, output = run(a_csv(tmp_path, a_row(0), a_row(1, 户编码="99999")), "--report", report)
    assert code == 2
    assert "services.csv 第3行 “户编码”列 “99999” 花名册中没有这一户" in str(output)
    assert report.exists()
    assert any(
        "99999" in str(cell.value)
        for sheet in load_workbook(report)
        for row in sheet.iter_rows()
        for cell in row
    )
    code, output = run(a_csv(tmp_path, a_row(0), a_row(1)), "--json")
    assert code == 0
    told = json.loads(str(output).splitlines()[-1])
    assert (told["committed"], told["merged"]["services"]["new"]) == (True, 2)


def test_a_roster_cannot_take_a_programmes_number_for_a_cadre(
    database: Database, tmp_path: Path
) -> None:
    bring_in(database, a_csv(tmp_path, a_row()))
    with database.read() as db:
        unit, grid = db.execute(select(Cadre.unit, Cadre.grid).limit(1)).one()
    path = tmp_path / "cadres.csv"
    sheet = SHEETS[Kind.CADRES]
    values = {
        **{column.name: "" for column in sheet.columns},
        "number": "90000001",
        "name": "王建国",
        "unit": unit,
        "post": "股长",
        "rank": "副科级",
        "staff_type": "公务员",
        "grid": grid,
    }
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.header for column in sheet.columns])
        writer.writerow([values[column.name] for column in sheet.columns])
    report = RosterImport(database, BOX, utc_now, CHINA).run([path], actor="test")
    assert not report.committed
    assert [p.what for p in report.problems if p.column == "干部编号"] == ["这是一个项目的编号"]


def test_a_roster_passes_over_a_list_of_services_with_a_remark(
    database: Database, tmp_path: Path
) -> None:
    report = RosterImport(database, BOX, utc_now, CHINA).run(
        [a_csv(tmp_path, a_row())], actor="test"
    )
    first = report.problems[0]
    assert (first.severity, first.what) == (Severity.WARNING, "是“项目服务对象”表，未导入")
    assert "evalsys import programme" in first.remedy

"""Lists of the year: units and cadres on screen and as files; statutory grades and their quota."""

import csv
import io
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from flask import Flask

from evalsys.cli import export
from evalsys.domain.access import Role
from evalsys.domain.assessment import Component
from evalsys.domain.rule_versions import Ruling
from evalsys.errors import RuleViolation
from evalsys.ids import CadreNumber, UnitCode
from evalsys.services.assessment_import import AssessmentImport
from evalsys.services.inactivity import Inactivity
from evalsys.services.quotas import Quotas
from evalsys.services.tables_report import TablesReport
from evalsys.store.assessment import save_inputs
from evalsys.store.database import Database
from evalsys.store.peers import peer_assignments, unit_kinds
from evalsys.store.rulebooks import shipped_rulebook
from evalsys.store.schema import roster
from evalsys.store.statutory import statutory_grades
from evalsys.web.rooms import rooms
from tests import small_county
from tests.accounts import of_one_person
from tests.builders import NOON, a_year_of, environment_of, some_settings
from tests.small_county import GONE, NOT_ENTERED, ON_PROBATION, PRINCIPAL, TEACHER
from tests.visitor import Visitor

VILLAGE = "371323001001001"
GRADES = "干部编号,姓名,年度,法定年度考核等次,依据文件,认定日期"


def _import(database: Database, folder: Path, header: str, *lines: str) -> TablesReport:
    file = folder / "表.csv"
    file.write_text("\n".join((header, *lines)), encoding="utf-8-sig")
    room = AssessmentImport(database, lambda: NOON, date(2026, 12, 1), shipped_rulebook())
    return room.run([file], actor="zuzhi")


def test_statutory_grades_keep_to_words_and_quota_until_a_second_person_raises_it(
    database: Database, tmp_path: Path
) -> None:
    small_county.settle(database)
    told = _import(
        database,
        tmp_path,
        GRADES,
        f"{TEACHER},赵敏,2026,称职,批复,2026-11-30",  # a civil servant's word
        f"{PRINCIPAL},王建国,2026,不合格,批复,2026-11-30",  # an institution's word
        f"{NOT_ENTERED},孙立,2026,优秀,批复,2026-11-30",  # one of two is above the quota
    )
    assert [(p.row, p.column) for p in told.problems] == [
        (2, "法定年度考核等次"),
        (3, "法定年度考核等次"),
        (4, "法定年度考核等次"),
    ]
    assert "最多 0 人" in told.problems[2].what
    quotas = Quotas(database, lambda: NOON, ZoneInfo("Asia/Shanghai"))
    asked = quotas.ask(UnitCode("U002"), 2026, reason="工作突出", by="zuzhi")
    with pytest.raises(RuleViolation):
        quotas.rule(asked, Ruling.APPROVED, by="zuzhi")
    of_one_person(database, "zuzhi", "zuzhi-2")
    with pytest.raises(RuleViolation, match="登记为同一人"):
        quotas.rule(asked, Ruling.APPROVED, by="zuzhi-2")
    quotas.rule(asked, Ruling.APPROVED, by="fuhe")
    with pytest.raises(RuleViolation):
        quotas.rule(asked, Ruling.REJECTED, by="fuhe")
    good = (
        f"{TEACHER},赵敏,2026,合格,批复,2026-11-30",
        f"{PRINCIPAL},王建国,2026,称职,批复,2026-11-30",
    )
    assert _import(database, tmp_path, GRADES, *good).merged["法定年度考核等次"].new == 2
    assert _import(database, tmp_path, GRADES, *good).merged["法定年度考核等次"].unchanged == 2
    with database.read() as db:
        held = {number: one.grade for number, one in statutory_grades(db, 2026).items()}
    assert held == {TEACHER: "合格", PRINCIPAL: "称职"}


def test_kinds_of_units_and_groups_by_name(database: Database, tmp_path: Path) -> None:
    small_county.settle(database)
    kinds = "单位编码,单位类别,依据文件"
    assert _import(database, tmp_path, kinds, "U001,管钱管物部门,三定方案").committed
    groups = "干部编号,同类组,指定理由"
    assert _import(database, tmp_path, groups, f"{TEACHER},驻村干部,长期驻村").committed
    with database.read() as db:
        assert unit_kinds(db) == {"U001": "管钱管物部门"}
        assert peer_assignments(db) == {TEACHER: "驻村干部"}
    assert _import(database, tmp_path, groups, f"{TEACHER},,回机关").committed
    with database.read() as db:
        assert peer_assignments(db) == {}
        assert unit_kinds(db, NOON) == {}
        assert unit_kinds(db, NOON + timedelta(seconds=1)) == {"U001": "管钱管物部门"}


def test_a_sum_is_not_shown_when_the_day_before_it_gives_away_who_came_or_left(
    app: Flask, database: Database
) -> None:
    """Each few answers are hidden; so is every sum that differs by them from a shown one."""
    small_county.settle(database)

    def enter(on: date, *few: CadreNumber, answered: int = 4) -> None:
        rows = [a_year_of(number, households_answered=answered) for number in few]
        with database.write() as db:
            save_inputs(db, rows, on=on)

    enter(date(2026, 1, 1), GONE, TEACHER, NOT_ENTERED)
    enter(date(2026, 6, 1), ON_PROBATION, PRINCIPAL)
    enter(date(2026, 7, 1), PRINCIPAL, answered=3)
    with database.write() as db:
        save_inputs(db, [a_year_of(PRINCIPAL)], on=date(2026, 8, 1))

    def shown(day: date) -> list[bool]:
        with app.app_context():
            rooms().personnel.now = lambda: NOON
            _, county = rooms().unit_years.year(by="zuzhi", as_of=day, year=2026)
        units = [unit.part(Component.HOUSEHOLD).score_tenths for unit in county.units]
        return [tenths is not None for tenths in (*units, county.whole.tenths)]

    assert shown(date(2026, 4, 30)) == [True, True, True]  # three times four in U002
    assert shown(date(2026, 5, 1)) == [True, False, False]  # less GONE's, who left
    # Twice four more in U001: the county's less theirs is U002's, and that less April's is GONE's.
    assert shown(date(2026, 6, 1)) == [False, False, True]
    # A correction of one: the county's less June's. U001's was not shown in June.
    assert shown(date(2026, 7, 1)) == [True, False, False]
    assert shown(date(2026, 8, 1))[:2] == [False, False]  # ON_PROBATION is alone with four


def test_whoever_visited_in_the_window_is_not_on_the_list(database: Database) -> None:
    small_county.settle(database)
    with database.write() as db:
        for number, code in ((PRINCIPAL, "1"), (TEACHER, "2"), (NOT_ENTERED, "3")):
            household = roster.Household(code=code * 8, head="户主", grid=VILLAGE)
            db.add(household)
            db.flush()
            link = {"household": code * 8, "cadre": number}
            db.add(roster.HouseholdLink(**link, since=date(2026, 1, 1), reason=""))
            if number != NOT_ENTERED:
                days = 90 if number == PRINCIPAL else 91
                day = NOON.date() - timedelta(days=days)
                db.add(roster.Visit(**link, visited_on=day, note=""))
    room = Inactivity(database, lambda: NOON, ZoneInfo("Asia/Shanghai"), shipped_rulebook())
    report = room.report()
    assert (report.serving, report.window) == (3, 90)
    found = [(row.cadre.number, row.days) for row in report.rows]
    assert found == [(NOT_ENTERED, None), (TEACHER, 91)]


@pytest.mark.on_sqlite
def test_lists_of_the_year_on_screen_and_as_files(
    app: Flask, database: Database, tmp_path: Path
) -> None:
    small_county.settle(database)
    with app.app_context():
        rooms().personnel.now = lambda: NOON
    office = Visitor(app).sign_in_as(Role.PERSONNEL)
    page = office.get("/personnel/unit-years/").text
    for text in ("县水利局", "县教育局", "由合计反推", "龙家圈街道"):
        assert text in page
    rows = _rows(office.get("/personnel/unit-years.csv").data)
    assert [row["单位编码"] for row in rows] == ["U001", "U002"]
    page = office.get("/personnel/annual/", search="赵敏").text
    assert "83.8" in page
    assert "王建国" not in page
    rows = _rows(office.get("/personnel/export/assessment.csv", search="赵敏").data)
    assert [(row["编号"], row["年度总成绩"]) for row in rows] == [(TEACHER, "83.8")]
    assert rows[0]["同类组"] == "未分类单位·一般干部"
    assert "没有联系中断的干部" in office.get("/personnel/inactive/").text
    assert office.get("/personnel/inactive.csv").status_code == 200
    _import(database, tmp_path, GRADES, f"{NOT_ENTERED},孙立,2026,合格,批复,2026-11-30")
    with app.app_context():
        assert rooms().quotas.standings(rooms().personnel.evaluate(by="zuzhi")) == ()
    assert office.post("/personnel/cycles/", code="2026").status_code == 303
    asked = {"unit": "U002", "reason": "突出", "group": "未分类单位·一般干部"}
    assert office.post("/personnel/cycles/2026/quotas", **asked).status_code == 303
    with app.app_context():
        rooms().quotas.rule(1, Ruling.APPROVED, by="fuhe")
    page = office.get("/personnel/cycles/2026").text
    assert "→ <b>未分类单位·一般干部</b>" in page
    assert _rows(office.get("/personnel/cycles/2026/quotas.csv").data) == []
    own = office.get(f"/personnel/cadres/{TEACHER}/own").text
    assert "83.8" in own
    assert "10 个工作日" in own
    nobody = Visitor(app).sign_in_as(Role.HOST)
    assert {nobody.get(f"/personnel/{path}/").status_code for path in ("annual", "unit-years")} == {
        403
    }
    address = database.engine.url.render_as_string(hide_password=False)
    environment = environment_of(some_settings(address, tmp_path))
    for kind in ("assessment", "units"):
        out = tmp_path / f"{kind}.xlsx"
        done = CliRunner().invoke(
            export.command, (kind, "--out", str(out), "--year", "2026"), env=environment
        )
        assert done.exit_code == 0, done.output
        assert out.read_bytes().startswith(b"PK")


def _rows(raw: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))

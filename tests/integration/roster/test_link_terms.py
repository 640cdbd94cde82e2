"""Terms of links on both databases: renewed by two people, or handed over; nothing ends alone."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from evalsys.domain.access import Role
from evalsys.domain.link_handover import HandOverState, LeavingReason
from evalsys.domain.link_term import Renewal, Scope
from evalsys.domain.roster_sheets import Kind
from evalsys.domain.ruling import Ruling
from evalsys.errors import NotAllowed, RuleViolation, StaleState
from evalsys.ids import CadreNumber
from evalsys.services.grid_preset import GridPresets
from evalsys.services.link_handover import LinkHandOvers
from evalsys.services.link_term import LinkTerms
from evalsys.services.roster_load import RosterLoads
from evalsys.store.database import Database
from evalsys.store.schema.roster import HouseholdLink
from tests.accounts import of_one_person
from tests.roster_papers import CHINA, Tables, bring_in_papers, papers
from tests.visitor import Visitor

TODAY = date(2026, 12, 1)
NOW = datetime(2026, 12, 1, 4, tzinfo=UTC)
ONE, TWO, THREE = "00000001", "00000002", "00000003"


def four_levels() -> Tables:
    """The small county on Yuelu's four levels; one link is younger than its term."""
    tables = papers()
    tables[Kind.GRIDS] = [
        tables[Kind.GRIDS][0],
        ["C", "示例区", 1, None],
        ["T1", "一街道", 2, "C"],
        ["V1", "一社区", 3, "T1"],
        ["G1", "一号", 4, "V1"],
        ["G2", "二号", 4, "V1"],
        ["G3", "三号", 4, "V1"],
    ]
    tables[Kind.HEADS] = [tables[Kind.HEADS][0], ["G1", ONE, "2022-03-01", None]]
    for row in tables[Kind.HOUSEHOLDS][1:]:
        row[2] = "G1"
    tables[Kind.LINKS][1][2] = "2025-06-01"
    return tables


@pytest.fixture
def county(database: Database, tmp_path: Path) -> Database:
    GridPresets(database, lambda: NOW).take("yuelu", by="jia")
    report = bring_in_papers(database, tmp_path, four_levels())
    assert report.committed, report.problems
    return database


@pytest.fixture
def terms(county: Database) -> LinkTerms:
    return LinkTerms(county, lambda: NOW, CHINA)


def links(database: Database) -> list[tuple[object, ...]]:
    link = HouseholdLink
    with database.read() as db:
        rows = db.execute(
            select(link.household, link.cadre, link.since, link.until).order_by(
                link.household, link.since
            )
        )
        return [tuple(row) for row in rows]


def asked(scope: Scope = Scope.CADRE, code: str = ONE, by: date = TODAY) -> Renewal:
    return Renewal(scope, code, by, "区委文件")


def test_a_renewal_counts_the_next_term_and_touches_no_link(
    terms: LinkTerms, county: Database
) -> None:
    before = links(county)
    desk = terms.desk()
    assert (desk.years, desk.due.links, desk.due.cadres) == (3, 6, 3)
    first = desk.lines[0]
    assert (first.term.household, first.ends, first.is_over) == ("37130002", date(2015, 3, 1), True)
    loads = RosterLoads(county, lambda: NOW, CHINA)
    assert [one.expired for one in loads.loads().cadres] == [2, 2, 2]

    preview = terms.preview(asked())
    assert (preview.links, preview.title) == (2, "王建国")
    assert preview.next_ends == (date(2029, 12, 1), date(2029, 12, 1))
    number = terms.propose(asked(), by="jia")
    with pytest.raises(NotAllowed, match="不能自己批准"):
        terms.rule(number, Ruling.ACCEPTED, "", by="jia")
    of_one_person(county, "jia", "jia-2")
    with pytest.raises(RuleViolation, match="登记为同一人"):
        terms.rule(number, Ruling.ACCEPTED, "", by="jia-2")
    assert terms.desk().due.links == 6
    terms.rule(number, Ruling.ACCEPTED, "", by="yi")
    assert links(county) == before
    assert terms.desk().due.links == 4
    assert [one.expired for one in loads.loads().cadres] == [0, 2, 2]
    # As of a day before the decision nothing was decided yet.
    assert [one.expired for one in loads.loads(date(2026, 11, 30)).cadres] == [2, 2, 2]
    (act,) = terms.desk().acts
    assert (act.state, act.links) == (Ruling.ACCEPTED, 2)
    assert (act.proposed_by, act.ruled_by) == ("jia", "yi")
    with pytest.raises(StaleState):
        terms.rule(number, Ruling.DECLINED, "晚了", by="yi")

    later = LinkTerms(county, lambda: datetime(2029, 12, 1, 4, tzinfo=UTC), CHINA)
    again = [one for one in later.desk(date(2029, 12, 1)).lines if one.term.cadre == ONE]
    assert {(one.term.number, one.ends) for one in again} == {
        (1, date(2028, 6, 1)),
        (2, date(2029, 12, 1)),
    }


def test_a_whole_grid_or_one_household_is_renewed_and_what_changed_meanwhile_is_not(
    terms: LinkTerms,
) -> None:
    whole = terms.propose(asked(Scope.GRID, "V1"), by="jia")
    one = terms.propose(asked(Scope.HOUSEHOLD, "37130004"), by="jia")
    terms.rule(one, Ruling.ACCEPTED, "", by="yi")
    with pytest.raises(StaleState, match="提出时期满 6 户，现在是 5 户"):
        terms.rule(whole, Ruling.ACCEPTED, "", by="yi")
    terms.rule(whole, Ruling.WITHDRAWN, "", by="jia")
    terms.rule(terms.propose(asked(Scope.GRID, "T1"), by="jia"), Ruling.ACCEPTED, "", by="yi")
    assert terms.desk().due.links == 0
    with pytest.raises(RuleViolation, match="没有期满"):
        terms.propose(asked(), by="jia")


def test_households_whose_term_is_over_are_handed_over_and_the_others_stay(
    terms: LinkTerms, county: Database
) -> None:
    room = LinkHandOvers(county, lambda: NOW, CHINA)
    over, ahead = LeavingReason.TERM_OVER, date(2026, 12, 5)
    with pytest.raises(RuleViolation, match="仍在岗"):
        room.propose(CadreNumber(ONE), CadreNumber(TWO), LeavingReason.RETIRED, TODAY, "", by="jia")
    room.propose(CadreNumber(ONE), CadreNumber(TWO), over, ahead, "期满", by="jia")
    (waiting,) = room.desk().handovers
    assert waiting.households == 2
    with pytest.raises(RuleViolation, match="那天以前仍由原干部联系"):
        room.rule(waiting.id, HandOverState.ACCEPTED, "", by="yi")
    room.rule(waiting.id, HandOverState.WITHDRAWN, "", by="jia")
    room.propose(CadreNumber(ONE), CadreNumber(TWO), over, TODAY, "期满", by="jia")
    room.rule(room.desk().handovers[0].id, HandOverState.ACCEPTED, "", by="yi")
    mine = [row for row in links(county) if row[1] == ONE]
    assert [(row[0], row[3]) for row in mine] == [
        ("37130001", None),
        ("37130002", TODAY),
        ("37130003", TODAY),
    ]
    assert {row[0] for row in links(county) if row[1] == TWO and row[2] == TODAY} == {
        "37130002",
        "37130003",
    }
    assert terms.desk().due.links == 4  # the taker's new links are in their first term


def test_a_county_without_terms_renews_nothing(database: Database, tmp_path: Path) -> None:
    assert bring_in_papers(database, tmp_path, papers()).committed
    room = LinkTerms(database, lambda: NOW, CHINA)
    assert (room.desk().years, room.desk().lines) == (0, ())
    with pytest.raises(RuleViolation, match="没有规定联系期限"):
        room.propose(asked(), by="jia")
    handing = LinkHandOvers(database, lambda: NOW, CHINA)
    over = LeavingReason.TERM_OVER
    with pytest.raises(RuleViolation, match="没有规定联系期限"):
        handing.propose(CadreNumber(ONE), CadreNumber(TWO), over, TODAY, "", by="jia")


@pytest.mark.usefixtures("county")
@pytest.mark.on_sqlite
def test_the_page_lists_previews_and_exports_what_is_due(visitor: Visitor) -> None:
    office = visitor.sign_in_as(Role.PERSONNEL)
    page = office.get("/roster/terms/", by="2026-12-31").text
    assert "37130002" in page
    assert "2015-03-01" in page
    sheet = office.get("/roster/terms/due.csv", by="2026-12-31").text
    assert sheet.count("已期满") == 6
    form = {"scope": "cadre", "code": ONE, "due_by": "2026-12-01", "reason": "区委文件"}
    assert "预览：续期 王建国" in office.post("/roster/terms/", **form).text
    assert office.post("/roster/terms/", **{**form, "code": "99"}).status_code == 400
    assert office.post("/roster/terms/", deed="propose", **form).status_code == 303
    assert office.post("/roster/terms/1/ruling", ruling="accepted").status_code == 403
    for number in ("99999999999999999999", "2"):
        path = f"/roster/terms/{number}/ruling"
        assert office.post(path, ruling="accepted").status_code == 404
    assert office.get("/roster/terms/", by="0001-01-01").status_code == 400
    other = Visitor(visitor.app).sign_in_as(Role.OFFICE)
    assert other.post("/roster/terms/1/ruling", ruling="accepted").status_code == 303
    assert "还没有续过期" not in other.get("/roster/terms/").text
    assert "37130002" not in other.get("/roster/terms/").text
    auditor = Visitor(visitor.app).sign_in_as(Role.AUDITOR)
    assert "提出移交" not in auditor.get("/roster/terms/").text
    assert auditor.post("/roster/terms/", **form).status_code == 403


@pytest.mark.usefixtures("county")
@pytest.mark.on_sqlite
def test_pages_and_files_call_the_second_level_what_the_county_calls_it(visitor: Visitor) -> None:
    office = visitor.sign_in_as(Role.PERSONNEL)
    for path in ("/personnel/", "/personnel/inactive/", "/personnel/unit-years/"):
        page = office.get(path).text
        assert "街道（镇）" in page, path
        assert "乡镇" not in page, path
        assert "Street or town" in office.get(path, lang="en").text, path
        office.get(path, lang="zh")
    for path in ("export/decisions.csv", "inactive.csv", "townships.csv"):
        sheet = office.get(f"/personnel/{path}").text
        assert "街道（镇）" in sheet, path
        assert "乡镇" not in sheet, path
    operator = Visitor(visitor.app).sign_in_as(Role.OPERATOR)
    for path in ("/campaigns/", "/console/"):
        page = operator.get(path).text
        assert "街道（镇）" in page, path
        assert "乡镇" not in page, path

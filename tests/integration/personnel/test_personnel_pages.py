"""The personnel room's pages: who may read, what they show, what a form may do."""

import csv
import io
import re
from datetime import date

import pytest
from flask import Flask

from evalsys.domain.access import Role
from evalsys.domain.live.words import Verdict as SessionVerdict
from evalsys.domain.personnel import SessionFinding
from evalsys.store import audit
from evalsys.store.database import Database
from evalsys.web.rooms import rooms
from tests import small_county
from tests.builders import NOON, a_finding
from tests.procedures import at_the_gate
from tests.small_county import GONE, NOT_ENTERED, ON_PROBATION, PRINCIPAL, TEACHER
from tests.visitor import Visitor

# What the service does on each engine is tested beside this; pages need only one.
pytestmark = pytest.mark.on_sqlite

PAGES = (
    "/personnel/",
    f"/personnel/cadres/{PRINCIPAL}",
    "/personnel/units",
    "/personnel/sessions",
    "/personnel/programmes",
    "/personnel/rules",
    "/personnel/export/decisions.csv",
)


@pytest.fixture
def found() -> list[SessionFinding]:
    """What sessions are said to have found; a test appends to it."""
    return []


@pytest.fixture
def office(app: Flask, database: Database, found: list[SessionFinding]) -> Visitor:
    """Somebody of the personnel department, in the small county, on 2026-12-01."""
    small_county.settle(database)
    with app.app_context():
        rooms().personnel.now = lambda: NOON
        rooms().personnel._findings = lambda _known=None: found
    return Visitor(app).sign_in_as(Role.PERSONNEL)


def other(office: Visitor, role: Role) -> Visitor:
    return Visitor(office.app).sign_in_as(role)


def decision(office: Visitor, choice: str, reason: str = "经研究") -> dict[str, str]:
    with office.app.app_context():
        evaluation = rooms().personnel.evaluate(by="test")
    return {
        "run": evaluation.run,
        "as_of": evaluation.as_of.isoformat(),
        "year": str(evaluation.year),
        "choice": choice,
        "reason": reason,
    }


def test_personnel_discipline_and_auditors_read_and_nobody_else(office: Visitor) -> None:
    readers = {Role.PERSONNEL, Role.DISCIPLINE, Role.AUDITOR}
    for role in Role:
        visitor = other(office, role)
        answers = {path: visitor.get(path).status_code for path in PAGES}
        assert answers == dict.fromkeys(PAGES, 200 if role in readers else 403), role
    nobody = Visitor(office.app)
    assert {nobody.get(path).status_code for path in PAGES} == {302}


def test_the_list_counts_conclusions_and_names_reasons(office: Visitor) -> None:
    page = office.get("/personnel/").text
    for text in ("王建国", "李红", "赵敏", "孙立", "沂水-1 待核：未录入年度考核", "52.6"):
        assert text in page
    assert "周平" not in page  # who left


def test_a_filter_narrows_the_list_and_its_export_alike(office: Visitor) -> None:
    page = office.get("/personnel/", conclusion="待核")
    assert "孙立" in page.text
    assert "王建国" not in page.text
    assert "/personnel/export/decisions.csv?conclusion=" in page.text
    raw = office.get("/personnel/export/decisions.csv", conclusion="待核").data
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    assert [row["编号"] for row in rows] == [NOT_ENTERED]


def test_a_query_that_no_form_sends_is_refused_in_words(office: Visitor) -> None:
    for query in (
        {"conclusion": "不合格"},
        {"side": "x"},
        {"as_of": "2026-13-01"},
        {"as_of": "2999-01-01"},
        {"year": "20x6"},
        {"year": "2999"},
        {"year": "\uff11\uff19\uff19\uff19"},
        {"year": "0"},
        {"page": "-1"},
        {"as_of": "20240229"},
        {"as_of": "2024-W09-4"},
    ):
        answer = office.get("/personnel/", **query)
        assert answer.status_code == 400, query
        assert "alert" in answer.text or 'class="error' in answer.text, query


def test_a_page_past_the_end_shows_the_last(office: Visitor) -> None:
    assert "王建国" in office.get("/personnel/", page="99").text


def test_a_search_finds_by_part_of_the_name_and_escapes_what_was_typed(office: Visitor) -> None:
    assert "李红" in office.get("/personnel/", search="红").text
    assert "<script>" not in office.get("/personnel/", search="<script>").text


def test_a_person_s_page_shows_each_rule_with_its_words_and_the_values_seen(
    office: Visitor,
) -> None:
    page = office.get(f"/personnel/cadres/{ON_PROBATION}").text
    for text in ("考核等次“不合格”的干部，一律不予提拔", "免除试用期职务", "沂水-7", "31.0"):
        assert text in page


def test_reading_a_person_is_audited(office: Visitor, database: Database) -> None:
    office.get(f"/personnel/cadres/{TEACHER}")
    with database.read() as db:
        read = [(e.actor, e.subject) for e in audit.entries(db) if e.action == "personnel.read"]
    assert read == [("personnel", f"cadre:{TEACHER}")]


def test_nobody_of_that_number_is_a_page_that_says_so(office: Visitor) -> None:
    answer = office.get("/personnel/cadres/99999999")
    assert answer.status_code == 404
    assert "99999999" in answer.text


def test_a_decision_is_recorded_and_shown_with_its_author(office: Visitor) -> None:
    form = decision(office, "暂缓", "等待班子研究")
    assert office.post(f"/personnel/cadres/{TEACHER}/decision", **form).status_code == 303
    page = office.get(f"/personnel/cadres/{TEACHER}").text
    assert "等待班子研究" in page
    assert "与建议不同" in page
    assert "暂缓" in office.get("/personnel/").text


def test_the_gates_hold_at_the_door_too(office: Visitor) -> None:
    barred = decision(office, "同意提拔")
    refusal = office.post(f"/personnel/cadres/{ON_PROBATION}/decision", **barred)
    assert refusal.status_code == 409
    assert "不设个人例外" in refusal.text


def test_an_appraisal_within_a_procedure_opens_the_gate(
    office: Visitor, database: Database
) -> None:
    path = f"/personnel/cadres/{TEACHER}"
    counts = {"linked": "30", "answered": "20", "satisfied": "19"}
    given = {"held_on": "2026-11-25", "document": "评议记录第 3 号"}
    assert office.post(f"{path}/appraisal", **counts, **given).status_code == 303
    form = decision(office, "同意提拔")
    assert office.post(f"{path}/decision", **form).status_code == 409
    case = at_the_gate(database, TEACHER)
    assert "没有走完公示" not in office.get(path).text
    assert office.post(f"{path}/decision", **form).status_code == 303
    assert "已同意" in office.get(f"/personnel/promotions/{case}").text


def test_an_impossible_appraisal_is_refused(office: Visitor) -> None:
    form = {
        "linked": "30",
        "answered": "20",
        "satisfied": "19",
        "held_on": "2026-11-25",
        "document": "评议记录第 3 号",
    }
    for wrong in (
        {"satisfied": "21"},
        {"linked": ""},
        {"answered": "x"},
        {"held_on": "昨天"},
        {"held_on": "2012-12-31"},
        {"held_on": "2999-01-01"},
        {"document": ""},
        {"document": "文" * 501},
    ):
        answer = office.post(f"/personnel/cadres/{TEACHER}/appraisal", **(form | wrong))
        assert answer.status_code == 400, wrong


def test_only_personnel_decide_and_only_discipline_reports(
    office: Visitor, found: list[SessionFinding]
) -> None:
    found.append(a_finding(SessionVerdict.FAKED_SUSPECTED, TEACHER, title="第一场"))
    path = f"/personnel/investigations/{'0' * 32}/1"
    report = {
        "outcome": "查实弄虚作假",
        "concluded_on": date(2026, 11, 28).isoformat(),
        "basis": "调查报告第 12 号",
    }
    evidence = {"title": "走访录像", "reference": "档案室 3 柜", "sha256": "ab" * 32}
    discipline = other(office, Role.DISCIPLINE)
    assert discipline.post(f"/personnel/cadres/{TEACHER}/decision").status_code == 403
    assert office.post(f"{path}/report", **report).status_code == 403
    assert path in discipline.get(f"/personnel/cadres/{TEACHER}").text
    assert discipline.post(f"{path}/report", **report).status_code == 409
    assert discipline.post(f"{path}/evidence", **evidence).status_code == 303
    assert discipline.post(f"{path}/report", **report).status_code == 303
    assert "处理曝光" in office.get(f"/personnel/cadres/{TEACHER}").text


def test_sessions_and_units_and_rules_show_their_lists(
    office: Visitor, found: list[SessionFinding]
) -> None:
    found.append(a_finding(SessionVerdict.CONFIRMED, TEACHER, title="第一场", rehearsal=True))
    sessions = office.get("/personnel/sessions").text
    assert "第一场" in sessions
    assert "彩排" in sessions
    assert "县教育局" in office.get("/personnel/units").text
    rules = office.get("/personnel/rules").text
    assert "未核实" in rules
    assert "60.0 分" in rules


@pytest.mark.parametrize("kind", ["decisions", "sessions", "coverage", "rules"])
@pytest.mark.parametrize(("form", "magic"), [("xlsx", b"PK\x03\x04"), ("csv", b"\xef\xbb\xbf")])
def test_every_list_can_be_taken_out(office: Visitor, kind: str, form: str, magic: bytes) -> None:
    answer = office.get(f"/personnel/export/{kind}.{form}")
    assert answer.data.startswith(magic)
    assert f"{kind}.{form}" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"].count("charset") == (form == "csv")


@pytest.mark.parametrize("path", ["decisions.docx", "secrets.csv"])
def test_there_is_no_other_export(office: Visitor, path: str) -> None:
    assert office.get(f"/personnel/export/{path}").status_code == 404


def test_the_second_lists_of_pages_can_be_taken_out_too(office: Visitor) -> None:
    paths = ("programmes", "townships", "talks/owed", "cycles/list", "papers/issued/list")
    heads = [office.get(f"/personnel/{path}.csv").get_data(as_text=True)[1:4] for path in paths]
    assert heads == ["单位,", "乡镇,", "类别,", "考核周", "文号,"]


def test_a_county_without_anything_has_pages_too(app: Flask) -> None:
    visitor = Visitor(app).sign_in_as(Role.PERSONNEL)
    for path in ("/personnel/", "/personnel/units", "/personnel/sessions", "/personnel/rules"):
        assert visitor.get(path).status_code == 200


def test_in_english_the_conditions_of_rules_are_english(office: Visitor) -> None:
    page = office.get(f"/personnel/cadres/{TEACHER}", lang="en").text
    (first, *_) = re.findall(r'<p class="seen">(.*?)</p>', page, re.DOTALL)
    words = " ".join(re.sub(r"<[^>]*>", " ", first).split())
    assert words == "Contact-work grade Qualified the rule asks exactly Unqualified"


def test_a_named_cadre_is_shown_as_named_with_who_and_why(
    office: Visitor, found: list[SessionFinding]
) -> None:
    naming = {"j": 1001, "named_by": "媒体 02", "naming_reason": "多户来信反映"}
    found.append(a_finding(SessionVerdict.CONFIRMED, PRINCIPAL, **naming))
    for page in ("/personnel/sessions", f"/personnel/cadres/{PRINCIPAL}"):
        told = office.get(page).text
        assert "点名" in told
        assert "由 媒体 02：多户来信反映" in told
        assert "1001" not in told


def test_no_programme_yet_says_what_to_do(office: Visitor) -> None:
    assert "请先导入项目的服务对象" in office.get("/personnel/programmes").text


def test_candidates_stand_in_order_and_the_export_is_the_list(office: Visitor) -> None:
    path, named = "/personnel/candidates/", f"{TEACHER}、{PRINCIPAL} {TEACHER}"
    assert "输入几个编号" in office.get(path).text
    page = office.get(path, cadres=named).text
    assert page.index("王建国") < page.index("赵敏")
    rows = office.get(f"{path}list.csv", cadres=named).get_data(as_text=True)
    listed = list(csv.DictReader(io.StringIO(rows.removeprefix("\ufeff"))))
    assert [(row["名次"], row["编号"]) for row in listed] == [("1", PRINCIPAL), ("2", TEACHER)]
    assert office.get(path, cadres="99999999").status_code == 404
    assert office.get(path, cadres=" ".join(f"{n:08}" for n in range(51))).status_code == 400
    assert office.get("/personnel/listings/honourable.csv").status_code == 200


def test_talks_and_lists_have_their_pages(office: Visitor, found: list[SessionFinding]) -> None:
    assert "没有单位达到人次" in office.get("/personnel/talks/").text
    petition = {"cadre": str(TEACHER), "petition": "访 1", "knew": "no", "accompanied": "no"}
    assert office.post("/personnel/talks/petition", **petition).status_code == 303
    case = re.search(r"/talks/([0-9a-f]{32})/notice", office.get("/personnel/talks/").text)
    assert case is not None
    path = f"/personnel/talks/{case[1]}"
    day = NOON.date().isoformat()
    talk = {"held_by": "部长", "held_on": day, "record": "谈了三点"}
    assert office.post(f"{path}/talk", **talk).status_code == 409
    assert office.post(f"{path}/notice", document="约 1 号", served_on=day).status_code == 303
    assert office.post(f"{path}/talk", **talk).status_code == 303
    assert "谈了三点" not in office.get("/personnel/talks/").text
    assert "谈了三点" in office.post(f"{path}/record", purpose="归档").text
    assert office.post(f"{path}/above", cadre=str(PRINCIPAL)).status_code == 303
    taken = office.get("/personnel/talks/export.csv", kind="约谈上级").get_data(as_text=True)
    assert [line.split(",")[1] for line in taken.splitlines()[1:]] == [str(PRINCIPAL)]

    found.append(a_finding(SessionVerdict.FAKED_SUSPECTED, TEACHER))
    report = {"outcome": "查实弄虚作假", "concluded_on": day, "basis": "报告 12 号"}
    inspector, path = other(office, Role.DISCIPLINE), f"/personnel/investigations/{'0' * 32}/1"
    inspector.post(f"{path}/evidence", title="录像", reference="档案室", sha256="ab" * 32)
    inspector.post(f"{path}/report", **report)
    entry = {"cadre": str(TEACHER), "kind": "曝光", "finding": "虚报走访", "basis": "报告 12 号"}
    assert inspector.post("/personnel/listings/", **entry).status_code == 303
    nobody = Visitor(office.app)
    assert "虚报走访" not in nobody.get("/listed/").text
    shown = re.search(r"/listings/([0-9a-f]{32})/ruling", office.get("/personnel/listings/").text)
    assert shown is not None
    ruling = {"approved": "yes", "publish_on": day, "reason": ""}
    path = f"/personnel/listings/{shown[1]}"
    assert inspector.post(f"{path}/ruling", **ruling).status_code == 409
    assert office.post(f"{path}/ruling", **ruling).status_code == 303
    assert "虚报走访" in nobody.get("/listed/").text
    (exposed,) = csv.DictReader(io.StringIO(nobody.get("/listed/list.csv").text.lstrip("\ufeff")))
    assert (exposed["名单"], exposed["姓名"], exposed["认定"]) == ("曝光", "赵敏", "虚报走访")
    assert "赵敏" in office.get("/personnel/listings/exposure.csv").get_data(as_text=True)
    assert office.get("/personnel/listings/other.csv").status_code == 404
    assert office.post(f"{path}/removal", reason="更正").status_code == 303
    assert "虚报走访" not in nobody.get("/listed/").text


def test_any_past_day_opens_person_and_list_and_the_export_is_the_list(office: Visitor) -> None:
    when = {"as_of": "2026-04-30"}  # GONE served until the first of May
    assert "周平" in office.get(f"/personnel/cadres/{GONE}", **when).text
    assert office.get(f"/personnel/cadres/{GONE}").status_code == 404
    for given in (when, {}, {"search": "李"}, {"conclusion": "待核", **when}):
        page = office.get("/personnel/", **given).text
        shown = re.findall(r'<td class="nowrap"><code>([0-9]{8})</code>', page)
        taken = office.get("/personnel/export/decisions.csv", **given).get_data(as_text=True)
        listed = [line[0] for line in csv.reader(io.StringIO(taken.lstrip("\ufeff")))][1:]
        assert listed == shown
        assert shown

"""A year on its pages: files with their faults, closing, objections, corrections by two people."""

import io
import json
from datetime import date

import pytest
from flask import Flask

from evalsys.domain.access import Role
from evalsys.domain.assessment import Component
from evalsys.domain.component_scores import Subject
from evalsys.ids import CadreNumber
from evalsys.store import audit
from evalsys.store.component_scores import scores_of
from evalsys.store.database import Database
from evalsys.web.rooms import rooms
from tests import small_county
from tests.builders import NOON
from tests.small_county import TEACHER
from tests.visitor import PASSWORD, Visitor

pytestmark = pytest.mark.on_sqlite

HEADER = "干部编号,考核项目,考核周期,得分,应询人数,作答人数,依据文件,测评日期"


@pytest.fixture
def office(app: Flask, database: Database) -> Visitor:
    """Somebody of the personnel department, in the small county, on 2026-12-01."""
    small_county.settle(database)
    with app.app_context():
        for room in (rooms().personnel, rooms().cycles, rooms().disputes):
            room.now = lambda: NOON
    return Visitor(app).sign_in_as(Role.PERSONNEL)


def _hand_in(office: Visitor, *lines: str, deed: str = "import", **more: str) -> str:
    file = (io.BytesIO("\n".join((HEADER, *lines)).encode()), "成绩.csv")
    form = {"csrf_token": office.csrf(), "deed": deed, "file": file, **more}
    path = "/personnel/cycles/2025/seal" if more else "/personnel/cycles/2025/files"
    return office.client.post(path, data=form, follow_redirects=True).text


def _second(office: Visitor) -> Visitor:
    with office.app.app_context():
        rooms().access.add("fuhe", Role.PERSONNEL, PASSWORD, actor="test")
    second = Visitor(office.app)
    assert second.sign_in("fuhe").status_code == 303
    return second


def test_a_person_s_page_opens_after_a_purpose_was_chosen(
    office: Visitor, database: Database
) -> None:
    second = _second(office)
    path = f"/personnel/cadres/{TEACHER}"
    asked = second.get(path, year="2026").text
    assert "先说明目的" in asked
    for other in ("promotions/1", f"investigations/{'0' * 32}/1", "investigations/requests/1/1"):
        assert "先说明目的" in second.get(f"/personnel/{other}").text
    assert "沂水-1" not in asked
    assert second.post("/personnel/purpose", purpose="好奇", page=path).status_code == 400
    for page, wanted in (
        (f"{path}?year=2026", f"{path}?year=2026"),
        ("//evil.example", "/personnel/"),
    ):
        sent = second.post("/personnel/purpose", purpose="选拔任用", page=page)
        assert (sent.status_code, sent.headers["Location"]) == (303, wanted)
    assert "沂水-1" in second.get(path).text
    with database.read() as db:
        read = [json.loads(e.detail) for e in audit.entries(db) if e.action == "personnel.read"]
    assert [detail["purpose"] for detail in read] == ["选拔任用"]


def test_a_year_from_files_to_a_correction_after_its_end(
    office: Visitor, database: Database
) -> None:
    assert office.post("/personnel/cycles/", code="2025年").status_code == 303
    assert office.post("/personnel/cycles/", code="2025").status_code == 409
    assert office.post("/personnel/cycles/", code="去年").status_code == 400
    good = f"{TEACHER},第三方测评,2025,91.5,40,4,测评报告,2025-11-02"
    rated = f"{TEACHER},单位民主测评,2025,70,40,30,测评表,2025-11-03"
    refused = _hand_in(office, good, "1E+07,明察,2025,80,,,通报,2025-11-02")
    assert "没有导入：1 个错误" in refused
    assert "成绩.csv 第3行" in refused
    assert "试导入通过：2 行" in _hand_in(office, good, rated, deed="check")
    assert "封存" in _hand_in(office, good, rated, assessor="甲测评公司")
    assert "与测评机构封存时登记的不一致" in _hand_in(office, good)
    page = _hand_in(office, good, rated)
    assert "已导入 2 行" in page
    assert "作答过少" in page  # four answers
    assert "91.5" not in page
    assert "91.5" not in office.get("/personnel/cycles/2025/scores.csv").data.decode("utf-8-sig")

    assert office.post("/personnel/cycles/2025/close").status_code == 303
    assert office.post("/personnel/cycles/2025/close").status_code == 409
    assert "这一考核周期已经关闭" in _hand_in(office, good, rated)

    ahead = f"{TEACHER},单位民主测评,2031,80,,,测评表,2026-11-03"
    assert "这一考核周期还没有开始" in _hand_in(office, ahead)

    objection = {
        "cycle": "2025",
        "component": "单位民主测评",
        "channel": "本人书面",
        "received_on": "2026-11-30",
        "text": "测评表汇总有误",
    }
    path = f"/personnel/cadres/{TEACHER}/disputes"
    assert office.post(path, **(objection | {"text": " "})).status_code == 400
    assert office.post(path, **objection).headers["Location"] == "/personnel/disputes/1"
    assert office.post(path, **objection).status_code == 409  # a double click
    assert office.post(path, **(objection | {"cycle": "2031"})).status_code == 400
    listed = office.get("/personnel/disputes/").text
    assert "2026-12-14" in listed  # ten working days
    correction = {
        "component": "单位民主测评",
        "tenths": "77",
        "asked": "40",
        "answered": "30",
        "document": "复核记录",
        "held_on": "2025-11-03",
        "reason": "一张表计错",
    }
    proposal = "/personnel/disputes/1/corrections"
    assert office.post(proposal, **(correction | {"answered": "41"})).status_code == 400
    other = {"component": "明察暗访"}
    assert office.post(proposal, **(correction | other)).status_code == 400
    assert office.post(proposal, **correction).status_code == 303
    assert office.post(f"{proposal}/1", ruling="批准").status_code == 409  # one's own
    answer = {"outcome": "更正", "text": "经复核更正"}
    assert office.post("/personnel/disputes/1/reply", **answer).status_code == 409
    second = _second(office)
    assert second.post(f"{proposal}/1", ruling="批准").status_code == 303
    assert second.post(f"{proposal}/1", ruling="批准").status_code == 409
    assert office.post("/personnel/disputes/1/reply", **answer).status_code == 303
    assert office.post("/personnel/disputes/1/reply", **answer).status_code == 409
    assert office.post(proposal, **correction).status_code == 409
    _check_trail(office, database)
    auditor = Visitor(office.app).sign_in_as(Role.AUDITOR)
    assert auditor.get("/personnel/cycles/2025").status_code == 200
    assert auditor.post(proposal, **correction).status_code == 403


def _check_trail(office: Visitor, database: Database) -> None:
    """Both scores, who made them, and the year that follows from the second."""
    page = office.get("/personnel/disputes/1").text
    for told in ("70.0", "77.0", "已被取代", "一张表计错", "经复核更正", "fuhe"):
        assert told in page
    with database.read() as db:
        trail = [one for one in scores_of(db) if one.component is Component.UNIT_RATING]
        actions = {line.action for line in audit.entries(db)}
    assert [(one.tenths, one.correction, one.entered_by) for one in trail] == [
        (700, None, "personnel"),
        (770, 1, "fuhe"),
    ]
    assert trail[1].corrects == trail[0].id
    assert {"assessment.close", "assessment.seal", "dispute.enter", "dispute.rule"} <= actions
    with office.app.app_context():
        (kept,) = rooms().disputes.of(Subject.CADRE, CadreNumber(TEACHER))
        year = rooms().personnel.evaluate(by="zuzhi", as_of=date(2026, 12, 1), year=2025)
    assert not kept.is_open
    teacher = next(one for one in year.assessed if one.cadre.number == TEACHER)
    assert teacher.annual.score_of(Component.UNIT_RATING) == 770
    for form in ("csv", "xlsx"):
        assert office.get(f"/personnel/disputes.{form}").status_code == 200

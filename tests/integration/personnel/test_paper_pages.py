"""Papers on the web: who may take which, with a purpose on the audit log."""

import csv
import io
import json

import docx
import pytest
from flask import Flask

from evalsys.domain.access import Role
from evalsys.store import audit
from evalsys.store.database import Database
from evalsys.web.rooms import rooms
from tests import small_county
from tests.builders import NOON
from tests.pdf_text import text_of
from tests.small_county import ON_PROBATION, TEACHER
from tests.visitor import Visitor

# What the services do on each engine is tested beside this; pages need only one.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

WHEN = {"as_of": "2026-12-01", "year": "2026"}
DOSSIER = f"/personnel/papers/dossier/{ON_PROBATION}"
NOTICE = f"/personnel/papers/notice/{ON_PROBATION}/probation"


@pytest.fixture
def office(app: Flask, database: Database) -> Visitor:
    small_county.settle(database)
    with app.app_context():
        rooms().personnel.now = lambda: NOON
    return Visitor(app).sign_in_as(Role.PERSONNEL)


def test_a_person_s_papers_are_taken_with_a_purpose_that_is_audited(
    office: Visitor, database: Database
) -> None:
    page = office.get(f"/personnel/cadres/{ON_PROBATION}", **WHEN).text
    assert "免除试用期职务通知书" in page
    assert "诫勉谈话通知书" not in page
    refused = office.post(DOSSIER, **WHEN, purpose=" ")
    assert (refused.status_code, "没有写明用途" in refused.text) == (400, True)
    taken = office.post(DOSSIER, **WHEN, purpose="任免会议", organ="县委组织部")
    assert taken.content_type == "application/pdf"
    assert "李红　00000002" in text_of(taken.data)
    on_pdf = office.post(f"{NOTICE}.pdf", **WHEN, purpose="发文", organ="县委组织部")
    assert "县水利局副局长 李红同志：" in text_of(on_pdf.data)
    in_word = office.post(f"{NOTICE}.docx", **WHEN, purpose="发文")
    assert docx.Document(io.BytesIO(in_word.data)).paragraphs[0].text == "免除试用期职务通知书"
    with database.read() as db:
        lines = [line for line in audit.entries(db) if line.action == "personnel.paper"]
    assert [json.loads(line.detail)["purpose"] for line in lines] == ["任免会议", "发文", "发文"]
    assert {line.subject for line in lines} == {f"cadre:{ON_PROBATION}"}


def test_a_template_with_an_unknown_field_is_refused_with_its_name(office: Visitor) -> None:
    template, out = docx.Document(), io.BytesIO()
    template.add_paragraph("{{ 姓氏 }}")
    template.save(out)
    out.seek(0)
    form = {"csrf_token": office.csrf(), **WHEN, "purpose": "发文", "template": (out, "t.docx")}
    refused = office.client.post(f"{NOTICE}.docx", data=form)
    assert refused.status_code == 400
    assert "姓氏" in str(refused.json)


def test_the_list_of_notices_and_its_export_are_the_same(office: Visitor) -> None:
    page = office.get("/personnel/papers/", **WHEN).text
    rows = list(
        csv.reader(
            io.StringIO(
                office.get("/personnel/papers/notices.csv", **WHEN).data.decode("utf-8-sig")
            )
        )
    )
    assert [(row[1], row[2]) for row in rows[1:]] == [(ON_PROBATION, "李红")]
    assert all(cell in page for cell in (rows[1][0], rows[1][1], rows[1][2], rows[1][6]))
    assert "没有应发的通知" in office.get("/personnel/papers/", kind="commend", **WHEN).text
    assert office.get("/personnel/papers/notices.xlsx").status_code == 200


def test_who_may_not_gets_nothing(office: Visitor) -> None:
    auditor = Visitor(office.app).sign_in_as(Role.AUDITOR)
    assert auditor.post(DOSSIER, **WHEN, purpose="核查").status_code == 200
    assert auditor.post(f"{NOTICE}.pdf", **WHEN, purpose="x").status_code == 403
    operator = Visitor(office.app).sign_in_as(Role.OPERATOR)
    assert operator.post(DOSSIER, **WHEN, purpose="x").status_code == 403
    assert operator.get("/personnel/papers/").status_code == 403
    nothing_due = f"/personnel/papers/notice/{TEACHER}/probation.pdf"
    assert office.post(nothing_due, **WHEN, purpose="x").status_code == 404
    assert office.post(f"{NOTICE}.exe", **WHEN, purpose="x").status_code == 404
    assert office.post(DOSSIER.replace(ON_PROBATION, "99999999"), purpose="x").status_code == 404

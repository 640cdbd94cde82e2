"""Papers on the web: who may take which, with a purpose on the audit log."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager

import docx
import pytest
from flask import Flask

from evalsys.domain.access import Role
from evalsys.services.talks import Talks
from evalsys.store import audit
from evalsys.store.database import Database
from evalsys.web.rooms import rooms
from tests import small_county
from tests.builders import NOON
from tests.pdf_text import text_of
from tests.small_county import ON_PROBATION, TEACHER
from tests.visitor import Visitor

# What the services do on each engine is tested beside this; pages need only one.
pytestmark = pytest.mark.on_sqlite

WHEN = {"as_of": "2026-12-01", "year": "2026"}
DOSSIER = f"/personnel/papers/dossier/{ON_PROBATION}"
NOTICE = f"/personnel/papers/notice/{ON_PROBATION}/probation"


@contextmanager
def app_talks(office: Visitor) -> Iterator[Talks]:
    with office.app.app_context():
        yield rooms().talks


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


def _taken_in_word(office: Visitor, word: str) -> None:
    """Take the notice of a first petition in the house's Word and in a department's own."""
    assert office.post(word, organ="县委组织部", purpose=" ").status_code == 400
    paper = docx.Document(io.BytesIO(office.post(word, organ="县委组织部", purpose="送达").data))
    said = [line.text for line in paper.paragraphs]
    assert said[:3] == ["县委组织部", "约谈通知书", "联考约〔2026〕1号"]
    assert "初访约谈：群众初访（初访 7），联系干部不知情" in said
    template, out = docx.Document(), io.BytesIO()
    template.add_paragraph(
        "{{ 文号 }} {{ 姓名 }} {% for 一条 in 依据 %}{{ 一条.数值 }}{% endfor %}"
    )
    template.save(out)
    out.seek(0)
    form = {"csrf_token": office.csrf(), "purpose": "送达", "template": (out, "t.docx")}
    filled = docx.Document(io.BytesIO(office.client.post(word, data=form).data))
    assert filled.paragraphs[0].text.startswith("联考约〔2026〕1号 李红 群众初访（初访 7）")


def test_a_notice_is_issued_once_under_a_number_and_served_for_one_talk(
    office: Visitor, database: Database
) -> None:
    issue = f"/personnel/papers/issued/{ON_PROBATION}/probation"
    assert office.post(issue, **WHEN).status_code == 400  # no organ
    assert (
        office.post(issue.replace("probation", "admonish"), **WHEN, organ="县委").status_code == 404
    )
    for _ in range(2):
        assert office.post(issue, **WHEN, organ="县委组织部").status_code == 303
    page = office.get("/personnel/papers/issued/").text
    assert page.count("issued/1.pdf") == 1
    assert "issued/2.pdf" not in page
    assert "联考免〔2026〕1号" in office.get(f"/personnel/cadres/{ON_PROBATION}", **WHEN).text
    taken = office.get("/personnel/papers/issued/1.pdf")
    assert "联考免〔2026〕1号" in text_of(taken.data)
    assert office.post("/personnel/papers/issued/1/withdraw", reason=" ").status_code == 400
    assert (
        office.post("/personnel/papers/issued/1/withdraw", reason="得分已更正").status_code == 303
    )
    assert office.post("/personnel/papers/issued/1/withdraw", reason="又撤").status_code == 409
    assert office.post(issue, **WHEN, organ="县委组织部").status_code == 303
    rows = list(
        csv.DictReader(
            io.StringIO(office.get("/personnel/papers/issued/list.csv").data.decode("utf-8-sig"))
        )
    )
    assert [(row["文号"], row["撤销理由"]) for row in rows] == [
        ("联考免〔2026〕2号", ""),
        ("联考免〔2026〕1号", "得分已更正"),
    ]
    with app_talks(office) as talks:
        case = talks.order_petition_talk(
            ON_PROBATION, "初访 7", knew=False, accompanied=True, by="zuzhi"
        )
        other = talks.order_petition_talk(
            TEACHER, "初访 8", knew=False, accompanied=True, by="zuzhi"
        )
    day = {"served_on": "2026-12-01"}
    serve, sign = f"/personnel/talks/{case}/notice", f"/personnel/talks/{case}/issue"
    wrong = office.post(serve, **day, document="联考免〔2026〕2号")
    assert (wrong.status_code, "不是初访约谈的通知书" in wrong.text) == (400, True)
    assert office.post(sign, organ=" ").status_code == 400
    for _ in range(2):  # once a talk, however often it is asked
        assert office.post(sign, organ="县委组织部").status_code == 303
    shown = text_of(office.get("/personnel/papers/issued/3.pdf").data)
    for told in ("约谈通知书", "联考约〔2026〕1号", "初访 7", "不知情", "群众初访联系干部陪同制度"):
        assert told in shown.replace("\n", ""), told
    _taken_in_word(office, f"/personnel/talks/{case}/notice.docx")
    assert office.post("/personnel/papers/issued/3/withdraw", reason="写错").status_code == 303
    assert office.post(serve, **day, document="联考约[2026]1号").status_code == 409  # withdrawn
    assert office.post(sign, organ="县委组织部").status_code == 303
    assert "联考约〔2026〕2号" in office.get("/personnel/talks/").text
    other_s = office.post(f"/personnel/talks/{other}/notice", **day, document="联考约〔2026〕2号")
    assert (other_s.status_code, "是发给" in other_s.text) == (400, True)
    assert office.post(serve, **day, document="联考约（2026）2号").status_code == 303
    assert office.post(sign, organ="县委组织部").status_code == 409  # served
    assert 'issued/4.pdf">联考约〔2026〕2号' in office.get("/personnel/talks/").text
    assert office.post("/personnel/papers/issued/4/withdraw", reason="晚了").status_code == 409
    page = office.get("/personnel/papers/issued/").text
    assert "2026-12-01</a>" in page
    assert "群众初访（初访 7），联系干部不知情" in page
    inspector = Visitor(office.app).sign_in_as(Role.DISCIPLINE)
    assert inspector.post(f"/personnel/talks/{other}/issue", organ="x").status_code == 403
    with database.read() as db:
        deeds = [line.action for line in audit.entries(db) if line.action.startswith("notice.")]
    assert deeds == [
        "notice.issue",
        "notice.read",
        "notice.withdraw",
        "notice.issue",
        "notice.export",
        "notice.issue",
        "notice.read",
        "notice.withdraw",
        "notice.issue",
    ]


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

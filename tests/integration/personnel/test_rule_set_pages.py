"""The editor of the rule set: what it shows, what an upload may do, an export equal to the list."""

import csv
import io
import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from evalsys.domain.access import Role
from evalsys.exports.rulesheet import write_rule_workbook
from evalsys.store.database import Database
from evalsys.store.rulebooks import shipped_rule_set
from evalsys.web.rooms import rooms
from tests import small_county
from tests.builders import NOON
from tests.visitor import PASSWORD, Visitor

pytestmark = pytest.mark.on_sqlite
URL = "/personnel/rule-sets/"


@pytest.fixture
def author(app: Flask, database: Database) -> Visitor:
    """The person of the department who writes rules, in the small county, on 2026-12-01."""
    small_county.settle(database)
    with app.app_context():
        rooms().personnel.now = rooms().rule_sets.now = lambda: NOON
        rooms().access.add("fuhe", Role.PERSONNEL, PASSWORD, actor="test")
    return Visitor(app).sign_in_as(Role.PERSONNEL)


def _workbook(mark: str = "不合格", result: str = "不予提拔") -> bytes:
    tables = shipped_rule_set("沂水2013")
    tables["规则"][1][11:13] = [mark, result]
    tables["规则"][4][14] = "内部"
    if result != "不予提拔":
        for row in tables["样例"][1:]:
            row[-2] = result if row[0] == "不合格" else row[-2]
    out = io.BytesIO()
    write_rule_workbook(tables, out, made_at=NOON)
    return out.getvalue()


def _upload(visitor: Visitor, content: bytes, name: str = "规则.xlsx") -> TestResponse:
    form = {"csrf_token": visitor.csrf(), "name": "县规则", "since": "2026-12-01"}
    return visitor.client.post(URL, data={**form, "file": (io.BytesIO(content), name)})


def test_from_an_upload_to_the_list_of_who_changes(author: Visitor) -> None:
    assert "还没有上传过版本" in author.get(URL).text
    bad = _upload(author, _workbook("不及格"))
    assert bad.status_code == 422
    assert re.search(r"<code>规则!L2</code>.*“不及格”不在", bad.text)
    for content, name, words in (
        (b"PK\x03\x04", "x.xlsm", "不接收 .xlsm"),
        (b"not a workbook", "x.xlsx", "内容却不是工作簿"),
    ):
        refused = _upload(author, content, name)
        assert refused.status_code == 400
        assert words in refused.text
    assert "还没有上传过版本" in author.get(URL).text

    kept = _upload(author, _workbook(result="程序中止"))
    assert kept.status_code == 303
    page = kept.headers["Location"]
    shown = author.get(page).text
    assert "如果“联系群众考核等次”等于“不合格”，则程序中止" in shown
    assert "须由组织部的另一个人批准" in shown
    assert author.post(f"{page}/ruling", ruling="批准").status_code == 409

    screen = author.get(f"{page}/what-if").text
    changed = re.findall(r"<td><code>([0-9]{8})</code></td>", screen)
    file = author.get(f"{page}/what-if/export.csv")
    rows = list(csv.DictReader(io.StringIO(file.get_data().decode("utf-8-sig"))))
    assert [row["编号"] for row in rows] == changed == [small_county.ON_PROBATION]
    assert [(row["原结论"], row["新结论"]) for row in rows] == [("不予提拔", "程序中止")]
    assert rows[0]["新理由"] in screen
    assert author.get(f"{page}/what-if/export.xlsx").status_code == 200

    everybody = Visitor(author.app)
    assert '<th scope="row" class="nowrap">沂水-3' in everybody.get("/rules/").text
    second = Visitor(author.app)
    second.sign_in("fuhe")
    assert second.post(f"{page}/ruling", ruling="批准").status_code == 303
    assert "适用中" in second.get(URL).text
    public = everybody.get("/rules/").text
    assert "另有 1 条只供内部提示" in public
    numbers = re.findall(r'<th scope="row" class="nowrap">([^<]+)', public)
    assert "沂水-1" in numbers
    assert "沂水-3" not in numbers
    taken = everybody.get("/rules/list.csv").get_data().decode("utf-8-sig")
    assert [row["规则号"] for row in csv.DictReader(io.StringIO(taken))] == numbers
    assert second.post("/personnel/purpose", purpose="选拔任用").status_code == 303
    person = second.get(f"/personnel/cadres/{small_county.ON_PROBATION}").text
    assert "程序中止" in person

    for page_of_the_room in ("rules", "units", "export/decisions.xlsx", "export/decisions.csv"):
        assert second.get(f"/personnel/{page_of_the_room}").status_code == 200
    assert "自 2026-12-01 起" in second.get("/personnel/rules").text

    again = _upload(author, author.get(f"{page}.xlsx").get_data())
    versions = author.get(URL).text
    assert again.status_code == 303
    hashes = set(re.findall(r'<code title="([0-9a-f]{64})">', versions))
    assert len(hashes) == 2  # ours, in force
    told = author.get(f"{URL}list.csv").get_data().decode("utf-8-sig")
    listed = list(csv.DictReader(io.StringIO(told)))
    assert [(row["提出人"], row["复核人"], row["适用"]) for row in listed] == [
        ("personnel", "", "否"),
        ("personnel", "fuhe", "是"),
    ]
    assert {row["SHA-256"] for row in listed} <= hashes


def test_a_closed_year_and_a_missing_file_are_refused(author: Visitor) -> None:
    form = {"csrf_token": author.csrf(), "name": "县规则", "since": "2025-12-31"}
    content = (io.BytesIO(_workbook()), "a.xlsx")
    closed = author.client.post(URL, data={**form, "file": content})
    assert (closed.status_code, "2025 年度已经结束" in closed.text) == (400, True)
    assert 'value="县规则"' in closed.text  # what was typed is still there
    assert author.post(URL, name="县规则", since="2026-12-01").status_code == 400


@pytest.mark.parametrize(
    ("role", "may_read"), [(Role.AUDITOR, True), (Role.DISCIPLINE, True), (Role.OPERATOR, False)]
)
def test_others_read_at_most(author: Visitor, role: Role, *, may_read: bool) -> None:
    reader = Visitor(author.app).sign_in_as(role)
    assert reader.get(URL).status_code == (200 if may_read else 403)
    assert _upload(reader, _workbook()).status_code == 403
    assert "提出新版本" not in reader.get(URL).text


def test_the_shipped_sets_are_there_to_start_from(author: Visitor) -> None:
    for name in ("沂水2013", "国家默认"):
        assert author.get(f"{URL}shipped/{name}.xlsx").get_data().startswith(b"PK")
    assert author.get(f"{URL}shipped/别的.xlsx").status_code == 404
    assert author.get(f"{URL}7").status_code == 404

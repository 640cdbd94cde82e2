"""What every page does: headers, errors, languages, navigation."""

import csv
import io
import logging
import re
from datetime import UTC, datetime
from html import unescape

import pytest
from flask import Flask

from evalsys.domain.access import Role
from evalsys.store import audit
from evalsys.store.database import Database
from evalsys.web.guards import public
from evalsys.web.rooms import rooms
from tests.visitor import BROWSER, Visitor

# A page is the same whichever database its rows come from.


@pytest.mark.on_sqlite
def test_nothing_may_be_loaded_framed_or_sent_elsewhere(visitor: Visitor) -> None:
    for path in ("/", "/login", "/nowhere", "/static/evalsys.css"):
        headers = visitor.get(path).headers
        assert headers["Content-Security-Policy"].startswith(
            "default-src 'none'; script-src 'self'"
        )
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "camera=()" in headers["Permissions-Policy"]
        assert "Strict-Transport-Security" not in headers


@pytest.mark.on_sqlite
def test_browsers_keep_nothing_of_what_signed_in_people_saw(visitor: Visitor) -> None:
    assert "no-store" not in visitor.get("/").headers.get("Cache-Control", "")
    visitor.sign_in_as(Role.AUDITOR)
    for path in ("/", "/audit", "/account"):
        assert visitor.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.on_sqlite
def test_people_get_a_page_and_programs_get_json(visitor: Visitor) -> None:
    page = visitor.get("/nowhere")
    assert page.status_code == 404
    assert "没有这个页面" in page.text
    assert visitor.ask("/nowhere").json == {
        "code": "not_found",
        "what": "没有这个页面。",
        "remedy": "请检查地址，或从首页进入。",
        "place": "",
    }


@pytest.mark.on_sqlite
def test_a_refusal_names_the_role_that_is_needed(visitor: Visitor) -> None:
    visitor.sign_in_as(Role.HOST)
    answer = visitor.get("/audit")
    assert answer.status_code == 403
    assert "需要角色：纪检监察、审计" in answer.text


@pytest.mark.on_sqlite
def test_a_method_that_is_not_allowed_says_which_are(visitor: Visitor) -> None:
    answer = visitor.client.delete("/login", headers=BROWSER)
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.on_sqlite
def test_a_form_without_the_token_of_its_page_is_not_carried_out(visitor: Visitor) -> None:
    answer = visitor.client.post("/login", data={"name": "x"}, headers=BROWSER)
    assert answer.status_code == 400
    assert "没有执行" in answer.text


@pytest.mark.on_sqlite
def test_too_much_is_not_taken(app: Flask, visitor: Visitor) -> None:
    size = app.config["MAX_CONTENT_LENGTH"] + 1
    answer = visitor.client.post(
        "/login", data=b"x" * size, content_type="multipart/form-data", headers=BROWSER
    )
    assert answer.status_code == 413


@pytest.mark.on_sqlite
def test_a_surprise_shows_its_number_and_no_trace(
    app: Flask, visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> str:
        raise LookupError("secret detail")

    app.add_url_rule("/broken", "broken", public(broken))
    with caplog.at_level(logging.ERROR):
        page = visitor.get("/broken")
        told = visitor.ask("/broken").json
    assert page.status_code == 500
    assert "secret detail" not in page.text
    assert told is not None
    assert told["code"] == "internal"
    assert f"incident {told['incident']} at /broken" in caplog.text
    assert "secret detail" in caplog.text


@pytest.mark.on_sqlite
def test_the_interface_is_chinese_until_english_is_asked_for(visitor: Visitor) -> None:
    assert '<html lang="zh-CN">' in visitor.get("/").text
    assert '<html lang="en">' in visitor.get("/", lang="en").text
    assert '<html lang="en">' in visitor.get("/login").text
    assert '<html lang="zh-CN">' in visitor.get("/", lang="zh").text
    assert '<html lang="zh-CN">' in visitor.get("/", lang="xx").text


@pytest.mark.on_sqlite
def test_the_language_switch_keeps_the_rest_of_the_address(visitor: Visitor) -> None:
    assert 'href="?next=%2Faudit&amp;lang=en"' in visitor.get("/login", next="/audit").text


@pytest.mark.on_sqlite
@pytest.mark.parametrize("role", Role)
def test_the_navigation_leads_only_where_the_role_may_go(app: Flask, role: Role) -> None:
    somebody = Visitor(app).sign_in_as(role)
    nav = somebody.get("/").text.partition('<nav class="nav"')[2].partition("</nav>")[0]
    addresses = [part.partition('"')[0] for part in nav.split('href="')[1:]]
    assert [somebody.get(address).status_code for address in addresses] == [200] * len(addresses)


@pytest.mark.on_sqlite
def test_visitors_see_no_places_to_work(visitor: Visitor) -> None:
    assert "您的工作" not in visitor.get("/").text


@pytest.mark.on_sqlite
def test_a_visitor_who_claims_another_host_is_not_sent_there(visitor: Visitor) -> None:
    answer = visitor.client.get("/console", headers={**BROWSER, "Host": "evil.example"})
    assert answer.headers["Location"] == "/console/"


@pytest.mark.parametrize("field", ["name", "password", "next"])
def test_a_nul_in_a_form_is_refused_in_words(visitor: Visitor, field: str) -> None:
    assert visitor.post("/login", **{field: "a\0b"}).status_code == 400


def test_a_nul_in_an_address_is_refused_in_words(visitor: Visitor) -> None:
    visitor.sign_in_as(Role.PERSONNEL)
    assert visitor.get("/personnel/cadres/%00").status_code == 400
    assert visitor.get("/personnel/", search="a\0").status_code == 400


@pytest.mark.parametrize("before", ["9" * 30, "-" + "9" * 30, "0", "x"])
def test_the_audit_log_opens_wherever_it_is_asked_to_begin(visitor: Visitor, before: str) -> None:
    assert visitor.sign_in_as(Role.AUDITOR).get("/audit", before=before).status_code == 200


@pytest.mark.on_sqlite
def test_roles_that_are_needed_are_listed_in_the_visitor_s_language(visitor: Visitor) -> None:
    answer = visitor.sign_in_as(Role.PANEL).get("/audit", lang="en")
    assert "Discipline inspection, Auditor" in answer.text


@pytest.mark.on_sqlite
def test_the_audit_log_is_read_in_words_sought_and_taken_as_it_is_shown(
    app: Flask, visitor: Visitor, database: Database
) -> None:
    visitor.sign_in_as(Role.AUDITOR)
    with database.write() as db:
        for day, number in ((1, "00000007"), (2, "00000008")):
            at = datetime(2026, 11, day, 15, 59, 59, tzinfo=UTC)  # a second before midnight there
            detail = {"purpose": "年度考核", "knew": True, "files": [{"name": "a%_.csv"}]}
            audit.record(db, at, "zuzhi", "personnel.read", f"cadre:{number}", detail)
    with app.app_context():
        zone = rooms().audit.zone
    assert str(zone) == "Asia/Shanghai"

    def shown(page: str) -> list[list[str]]:
        cells = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in page.split("<tr>")[2:]]
        return [[unescape(cell) for cell in row[:6]] for row in cells]

    sought = {"actor": "zuzhi", "action": "personnel.read", "since": "2026-11-01"}
    page = visitor.get("/audit", **sought, until="2026-11-01").text
    line = ["3", "2026-11-01 23:59:59", "zuzhi", "查看干部", "干部 00000007"]
    assert [row[:5] for row in shown(page)] == [line]
    assert shown(page)[0][5] == "文件：名称 a%_.csv；知情：是；用途：年度考核"
    assert [row[4] for row in shown(visitor.get("/audit", subject="00000008").text)] == [
        "干部 00000008"
    ]
    assert shown(visitor.get("/audit", subject="%_").text) == []
    coded = {"role": "panel", "contact": "busy", "kind": "admonish", "via": "letter", "j": 1}
    with database.write() as db:
        at = datetime(2026, 11, 3, tzinfo=UTC)
        audit.record(db, at, "op", "campaign.by_hand", "campaign:1", coded)
    (line,) = shown(visitor.get("/audit", actor="op", subject="campaign:1").text)
    assert line[5] == "联系方式：占线；轮次：1；种类：诫勉谈话通知书；角色：评议团；途径：信件"
    taken = visitor.get("/audit/log.csv", **sought).get_data().decode("utf-8-sig")
    rows = [row[:4] + row[5:7] for row in csv.reader(io.StringIO(taken))][1:]
    assert rows == shown(visitor.get("/audit", **sought).text)
    assert "导出审计日志" in visitor.get("/audit").text
    assert visitor.get("/audit", since="gestern").status_code == 400

"""Signing in and out through the pages."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from evalsys.app import create_app
from evalsys.domain.access import Role
from evalsys.services.access import LASTS_FOR, TRIES_A_NAME
from evalsys.store.database import Database
from evalsys.web.rooms import rooms
from tests.accounts import rooms_of
from tests.builders import some_settings
from tests.visitor import Visitor

# Decided before any database is asked, or alike in both.


def test_a_visitor_signs_in_and_goes_on_to_the_page_that_asked(visitor: Visitor) -> None:
    visitor.sign_in_as(Role.AUDITOR)
    visitor.post("/logout")
    asked = visitor.get("/audit", before="7")
    assert asked.headers["Location"] == "/login?next=/audit?before%3D7"
    answer = visitor.sign_in("auditor", next="/audit?before=7")
    assert answer.headers["Location"] == "/audit?before=7"
    assert visitor.get("/audit").status_code == 200


def test_signing_out_shows_the_home_page_and_ends_the_login(visitor: Visitor) -> None:
    visitor.sign_in_as(Role.AUDITOR)
    assert visitor.post("/logout").headers["Location"] == "/"
    assert visitor.get("/audit").status_code == 302


def test_a_refused_person_may_change_to_another_account_and_come_back(visitor: Visitor) -> None:
    visitor.sign_in_as(Role.HOST)
    assert 'value="/login?next=/audit"' in visitor.get("/audit").text
    answer = visitor.post("/logout", next="/login?next=/audit")
    assert answer.headers["Location"] == "/login?next=/audit"
    assert visitor.post("/logout", next="//example.org").headers["Location"] == "/"


def test_a_wrong_password_shows_the_form_again_with_the_name(visitor: Visitor) -> None:
    visitor.sign_in_as(Role.AUDITOR).post("/logout")
    answer = visitor.sign_in("auditor", "wrong")
    assert answer.status_code == 401
    assert 'value="auditor"' in answer.text
    assert "用户名或密码不正确" in answer.text


def test_too_many_tries_are_told_to_wait(visitor: Visitor) -> None:
    for _ in range(TRIES_A_NAME):
        visitor.sign_in("nobody", "wrong")
    answer = visitor.sign_in("nobody", "wrong")
    assert answer.status_code == 429
    assert "分钟后再试" in answer.text


@pytest.mark.parametrize(("proxies", "last"), [(0, 429), (1, 401)])
def test_a_forwarded_address_is_believed_only_from_proxies_that_are_counted(
    database: Database, tmp_path: Path, proxies: int, last: int
) -> None:
    address = database.engine.url.render_as_string(hide_password=False)
    app = create_app(replace(some_settings(address, tmp_path), proxies=proxies))
    access = rooms_of(app).access
    visitor = Visitor(app)
    form = {"name": "nobody", "password": "wrong", "csrf_token": visitor.csrf()}
    answers = [
        visitor.client.post("/login", data=form, headers={"X-Forwarded-For": f"192.0.2.{n}"})
        for n in range(TRIES_A_NAME + 1)
    ]
    assert answers[-1].status_code == last
    access._database.close()


@pytest.mark.on_sqlite
def test_after_signing_in_nobody_is_sent_to_another_site(visitor: Visitor) -> None:
    for elsewhere in (
        "https://example.org/",
        "//example.org/",
        "/\\example.org",
        "\\\\example.org",
        "/\t/example.org",
        "/x\\..\\\\example.org",
        "javascript:alert(1)",
        "audit",
        "",
    ):
        visitor.sign_in_as(Role.AUDITOR).post("/logout")
        assert visitor.sign_in("auditor", next=elsewhere).headers["Location"] == "/", elsewhere
        assert visitor.get("/login", next=elsewhere).headers["Location"] == "/", elsewhere


def test_the_login_cookie_is_out_of_reach_of_scripts_and_other_sites(visitor: Visitor) -> None:
    visitor.sign_in_as(Role.AUDITOR)
    visitor.post("/logout")
    cookie = _login_cookie(visitor.sign_in("auditor"))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert f"Max-Age={LASTS_FOR // timedelta(seconds=1)}" in cookie


def test_behind_https_the_cookies_are_bound_to_this_host(
    database: Database, tmp_path: Path
) -> None:
    address = database.engine.url.render_as_string(hide_password=False)
    app = create_app(some_settings(address, tmp_path, "https://county.example"))
    with app.app_context():
        rooms().access.add("shenji", Role.AUDITOR, "correct horse battery", actor="test")
    visitor = Visitor(app)
    answer = visitor.client.post(
        "/login",
        base_url="https://county.example",
        data={
            "name": "shenji",
            "password": "correct horse battery",
            "csrf_token": _csrf_over_https(visitor),
        },
        headers={"Accept": "text/html"},
    )
    cookie = _login_cookie(answer)
    assert cookie.startswith("__Host-evalsys_login=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    with app.app_context():
        rooms().access._database.close()


def test_ones_own_password_is_changed_and_the_account_page_stays_open(visitor: Visitor) -> None:
    visitor.sign_in_as(Role.AUDITOR)
    fresh = "another good one"
    wrong = visitor.post("/account/password", old="wrong", new=fresh, again=fresh)
    assert (wrong.status_code, "原密码不正确" in wrong.text) == (400, True)
    differs = visitor.post(
        "/account/password", old="correct horse battery", new=fresh, again="typo here too"
    )
    assert (differs.status_code, "不一致" in differs.text) == (400, True)
    changed = visitor.post("/account/password", old="correct horse battery", new=fresh, again=fresh)
    assert changed.headers["Location"] == "/account"
    assert "密码已修改" in visitor.get("/account").text
    assert Visitor(visitor.app).sign_in("auditor", fresh).status_code == 303


def test_signing_out_everywhere_ends_the_other_browsers_too(app: Flask) -> None:
    here, there = (Visitor(app).sign_in_as(Role.HOST) for _ in range(2))
    here.post("/account/sign-out-everywhere")
    assert [one.get("/account").status_code for one in (here, there)] == [302, 302]


def test_disabling_an_account_takes_effect_at_the_next_request(app: Flask) -> None:
    somebody = Visitor(app).sign_in_as(Role.HOST)
    with app.app_context():
        rooms().access.disable("host", actor="test")
    assert somebody.ask("/account").status_code == 401


def _login_cookie(answer: TestResponse) -> str:
    (cookie,) = (
        value for value in answer.headers.getlist("Set-Cookie") if "evalsys_login=" in value
    )
    return cookie


def _csrf_over_https(visitor: Visitor) -> str:
    page = visitor.client.get(
        "/login", base_url="https://county.example", headers={"Accept": "text/html"}
    )
    return page.text.partition('name="csrf-token" content="')[2].partition('"')[0]

"""The pages around the rooms, as people see them: home, sign-in, account, audit log, errors."""

import re

import pytest
from playwright.sync_api import Page, expect

from evalsys.domain.access import Role
from evalsys.store.database import Database
from tests.accounts import accounts
from tests.browser import NewPage, Screenshot
from tests.panel_hall import PASSWORD, a_county, an_operator
from tests.processes import ServeApp

pytestmark = pytest.mark.on_sqlite

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def url(database: Database, serve_app: ServeApp) -> str:
    """An application with one session and an auditor."""
    a_county(database)
    accounts(database).add("shen-ji", Role.AUDITOR, PASSWORD, actor="cli:admin")
    url = serve_app(database)
    an_operator(url)
    return url


def test_a_visitor_signs_in_reads_the_audit_log_and_signs_out(
    url: str, new_page: NewPage, screenshot: Screenshot
) -> None:
    page = new_page(**DESK)
    page.goto(f"{url}/")
    expect(page.locator(".table-sessions tbody tr")).to_have_count(1)
    _shows(page, "home", screenshot)

    page.goto(f"{url}/audit")
    _shows(page, "login", screenshot)
    expect(page.get_by_label("用户名")).to_be_focused()
    page.keyboard.type("shen-ji")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("用户名或密码不正确")
    expect(page.get_by_label("密码")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="审计日志")).to_be_visible()
    page.get_by_role("button", name="重算校验链").click()
    expect(page.get_by_role("status")).to_contain_text("校验链完整")
    _shows(page, "audit", screenshot)

    page.get_by_role("link", name="shen-ji").click()
    expect(page.get_by_role("heading", name="我的账号")).to_be_visible()
    _shows(page, "account", screenshot)
    refused = page.goto(f"{url}/comments/")
    assert refused is not None
    assert refused.status == 403
    _shows(page, "refused", screenshot)
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("link", name="登录")).to_be_visible()


def test_the_pages_fit_a_phone(url: str, new_page: NewPage, screenshot: Screenshot) -> None:
    page = new_page(**PHONE)
    for path, name in (
        ("/", "home-phone"),
        ("/login", "login-phone"),
        ("/nowhere", "lost-phone"),
        ("/my-home/", "own-page-phone"),
    ):
        page.goto(f"{url}{path}")
        _shows(page, name, screenshot)
    page.set_viewport_size({"width": 320, "height": 568})  # the smallest that old people carry
    page.get_by_label("您家登记的手机号").fill("13900000000")
    page.get_by_role("button", name="发短信给我").click()
    expect(page.get_by_role("status")).to_contain_text("如果这个号码登记在册")
    _shows(page, "own-page-small", screenshot)


def test_the_language_is_switched_on_any_page_and_kept(url: str, new_page: NewPage) -> None:
    page = new_page(**DESK)
    page.goto(f"{url}/login?next=/audit")
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url(f"{url}/login?next=%2Faudit&lang=en")
    page.goto(f"{url}/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_the_keyboard_jumps_over_the_navigation(url: str, new_page: NewPage) -> None:
    page = new_page(**DESK)
    page.goto(f"{url}/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#main$"))


def _shows(page: Page, name: str, screenshot: Screenshot) -> None:
    """Nothing is cut off, and the letters are our own."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert _letters(page) == {"Noto Sans SC"}
    screenshot(page, name)


def _letters(page: Page) -> set[str]:
    """The fonts that the page loaded; `document.fonts.ready` may come before it asked for any."""
    loaded = "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)"
    for _ in range(100):
        if found := set(page.evaluate(loaded)):
            return found
        page.wait_for_timeout(50)
    return set()

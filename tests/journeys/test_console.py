"""An evening at the console, by keyboard alone, with the stage and the public page beside it."""

import re

import pytest
from playwright.sync_api import Page, expect

from evalsys.domain.access import Role
from tests.accounts import accounts
from tests.browser import NewPage, Screenshot
from tests.live_hall import NAME, PASSWORD, Hall, OpenHall

pytestmark = pytest.mark.on_sqlite

CONSOLE = {"width": 1366, "height": 768}
WALL = {"width": 1920, "height": 1080}
PHONE = {"width": 390, "height": 844}
CALLS_WITHIN_MS = 120_000


def sign_in(page: Page, hall: Hall) -> None:
    page.goto(f"{hall.settings.public_url}/login")
    page.fill("[name=name]", NAME)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")


def phase(page: Page, word: str) -> None:
    expect(page.locator("#phase")).to_have_text(word)


def press(page: Page, key: str) -> None:
    """Press a key as soon as the console takes the next one."""
    expect(page.locator("#next:not([aria-busy])")).to_be_visible()
    page.keyboard.press(key)


def test_a_whole_round_by_keyboard_is_seen_on_the_wall_and_at_home(  # noqa: PLR0915 - one evening
    open_hall: OpenHall, new_page: NewPage, screenshot: Screenshot
) -> None:
    hall = open_hall(slots=1)
    url, live = hall.settings.public_url, hall.operator.live
    console, wall, phone = new_page(**CONSOLE), new_page(**WALL), new_page(**PHONE)
    sign_in(console, hall)
    console.goto(f"{url}/console/")
    expect(console.get_by_role("link", name="2026 年第四季度现场直播调查大会")).to_be_visible()
    screenshot(console, "sessions")
    console.goto(f"{url}/console/{live}")
    wall.goto(f"{url}/stage/{live}")
    phone.goto(f"{url}/live/{live}")
    expect(console.get_by_role("button", name="冻结名册")).to_be_visible()
    screenshot(console, "console-planned")

    press(console, "Enter")
    phase(console, "名册已冻结")
    phase(wall, "名册已冻结")
    expect(wall.locator(".qr")).to_be_visible()
    expect(console.get_by_role("button", name="公布抽签清单")).to_be_visible()
    press(console, "Enter")
    expect(console.get_by_role("button", name="开始抽签仪式")).to_be_visible()
    screenshot(wall, "stage-pot")
    press(console, "Enter")
    phase(console, "抽签仪式")
    press(console, "Enter")
    phase(wall, "种子已定")
    screenshot(wall, "stage-seeded")

    press(console, "Enter")
    phase(console, "已抽中")
    drawn = hall.operator.look()["round"]["cadre"]
    expect(wall.locator(".spinning")).to_have_count(0, timeout=10_000)
    expect(wall.locator(".number")).to_have_text(drawn)
    screenshot(wall, "stage-drawn")
    screenshot(console, "console-drawn")
    press(console, "2")
    phase(wall, "干部作答")
    expect(wall.locator(".presence")).to_have_text("电话作答")
    press(console, "z")
    phase(wall, "已抽中")
    press(console, "1")
    phase(wall, "干部作答")
    expect(wall.locator(".presence")).to_have_text("到场作答")
    screenshot(wall, "stage-answering")

    press(console, "Enter")
    phase(wall, "连线求证")
    expect(wall.locator("li.call.completed").first).to_be_visible(timeout=CALLS_WITHIN_MS)
    screenshot(wall, "stage-calling")
    screenshot(console, "console-calling")
    expect(console.get_by_role("button", name="开放评议团投票")).to_be_visible(
        timeout=CALLS_WITHIN_MS
    )
    screenshot(wall, "stage-called")
    press(console, "Enter")
    phase(wall, "评议团投票")
    screenshot(wall, "stage-voting")
    press(console, "Enter")
    phase(wall, "已计票")
    screenshot(wall, "stage-tallied")
    screenshot(console, "console-tallied")
    press(console, "3")
    phase(wall, "已认定")
    expect(wall.locator("p.verdict")).to_have_text("说法有出入")

    press(console, "i")
    press(console, "Enter")
    expect(wall.locator(".investigation li")).to_have_count(4)
    press(console, "p")
    console.keyboard.type("逐户核实走访记录，修好村口路灯 12 盏")
    screenshot(console, "console-pledge")
    press(console, "Enter")
    expect(wall.locator(".pledge .clock")).to_have_text(re.compile(r"还剩 \d+ 天 \d\d:\d\d:\d\d"))
    screenshot(wall, "stage")
    screenshot(console, "console")
    expect(phone.locator("p.verdict")).to_have_text("说法有出入")
    screenshot(phone, "public-phone")

    press(console, "Enter")
    phase(console, "已闭会")
    press(console, "Enter")
    phase(wall, "已封存")
    expect(wall.locator(".hash code")).to_be_visible()
    screenshot(wall, "stage-sealed")
    head = hall.operator.look()["head"]
    expect(phone.locator("#head-sha")).to_have_text(re.sub("(.{8})(?=.)", r"\1 ", head))


def test_a_stale_console_is_told_who_was_first(open_hall: OpenHall, new_page: NewPage) -> None:
    hall = open_hall(slots=1)
    console = new_page(**CONSOLE)
    sign_in(console, hall)
    console.goto(f"{hall.settings.public_url}/console/{hall.operator.live}")
    expect(console.get_by_role("button", name="冻结名册")).to_be_visible()
    console.route("**/socket.io/**", lambda route: route.abort())
    console.evaluate("() => { window.stop(); }")
    hall.operator.do("freeze")
    hall.operator.do("publish")
    answer = console.request.post(
        f"{hall.settings.public_url}/console/{hall.operator.live}/do",
        data={"command": "open_ceremony", "expect": 1},
        headers={
            "X-CSRFToken": console.locator("meta[name=csrf-token]").get_attribute("content") or "",
            "Accept": "application/json",
        },
    )
    assert answer.status == 409
    assert answer.json()["what"].startswith("dao-bo 已先执行了“公布抽签清单”")


def test_the_auditor_sees_receipts_and_whom_to_call_again(
    open_hall: OpenHall, new_page: NewPage, screenshot: Screenshot
) -> None:
    hall = open_hall(slots=1)
    hall.until_calling()
    hall.wait(lambda view: view["round"]["calls_end"] is not None)
    hall.operator.do("abort", reason="safety")
    hall.operator.do("seal")
    accounts(hall.database).add("shen-ji", Role.AUDITOR, PASSWORD, actor="test")
    page = new_page(**CONSOLE)
    page.goto(f"{hall.settings.public_url}/draw/{hall.operator.live}/auditor")
    page.get_by_label("用户名").fill("shen-ji")
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#recall tbody tr")).not_to_have_count(0)
    expect(page.locator("main")).not_to_contain_text("+86")
    screenshot(page, "auditor")
    page.get_by_role("button", name="显示号码").click()
    expect(page.locator("#recall")).to_contain_text("+86")

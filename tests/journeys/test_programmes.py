"""A hearing of programmes as the hall, the console, people at home and personnel see it."""

import csv
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from evalsys.clock import utc_now
from evalsys.domain.access import Role
from evalsys.services.programme_import import ProgrammeImport
from tests.accounts import accounts
from tests.browser import NewPage, Screenshot
from tests.live_hall import NAME, PASSWORD, Hall, OpenHall
from tests.roster_rows import code_of

CONSOLE = {"width": 1366, "height": 768}
WALL = {"width": 1920, "height": 1080}
PHONE = {"width": 390, "height": 844}
HEADER = ["项目编号", "项目名称", "单位编码", "户编码", "服务事项", "办理日期"]
CALLS_WITHIN_MS = 120_000

pytestmark = pytest.mark.on_sqlite


def bring_in(hall: Hall) -> None:
    care = ["90000001", "城乡低保申请办理", "U1"]
    water = ["90000002", "农村饮水安全工程", "U1"]
    homes = [(i, h) for i in range(4) for h in range(4)]
    rows = [
        *([*care, code_of(i, h), "低保复核", f"2026-05-{10 + h}"] for i, h in homes),
        *([*water, code_of(9, h), "停水抢修", "2026-06-01"] for h in range(3)),
    ]
    path = hall.folder / "services.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    report = ProgrammeImport(hall.database, utc_now, date(2026, 11, 26)).run([path], actor="test")
    assert report.committed, report.problems
    accounts(hall.database).add("zuzhi", Role.PERSONNEL, PASSWORD, actor="test")


def sign_in(page: Page, hall: Hall, name: str) -> None:
    page.goto(f"{hall.settings.public_url}/login")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")


def phase(page: Page, word: str) -> None:
    expect(page.locator("#phase")).to_have_text(word)


def test_households_judge_a_programme_before_everybody(  # noqa: PLR0915 - one evening
    open_hall: OpenHall, new_page: NewPage, screenshot: Screenshot
) -> None:
    hall = open_hall()
    bring_in(hall)
    url = hall.settings.public_url
    console, wall, phone = new_page(**CONSOLE), new_page(**WALL), new_page(**PHONE)
    sign_in(console, hall, NAME)
    console.goto(f"{url}/console/")
    console.get_by_label("会议名称").fill("2026 年部门项目群众评议大会")
    console.get_by_label("名册异议期（小时）").fill("0")
    console.get_by_label("每人求证户数").fill("6")
    console.get_by_label("两次间隔（秒）").fill("1")
    console.get_by_text("改为项目评议会").click()
    console.get_by_label("这是项目评议会").check()
    console.get_by_label("城乡低保申请办理").check()
    console.get_by_label("农村饮水安全工程").check()
    console.locator("details.programmes").scroll_into_view_if_needed()
    screenshot(console, "sessions-programmes")
    console.get_by_role("button", name="新建会议").click()
    console.wait_for_url("**/console/*")
    live = console.url.rpartition("/")[2]
    hall.operator.live = live
    wall.goto(f"{url}/stage/{live}?motion=off")
    phone.goto(f"{url}/live/{live}")
    hall.operator.look()
    hall.operator.do("freeze")
    hall.operator.do("publish")
    expect(wall.locator(".huge")).to_contain_text("2个项目")
    wall.wait_for_function("() => document.querySelector('.qr').naturalWidth > 0")
    screenshot(wall, "stage-programmes-pot")
    hall.operator.do("open_ceremony")
    hall.operator.do("roll_master", digits="", again="")
    hall.operator.do("draw_next", digits="", again="")
    phase(wall, "项目登台")
    expect(wall.locator(".name")).to_have_text("城乡低保申请办理")
    expect(wall.locator("#slot")).to_have_text("第 1 / 2 个项目")
    screenshot(wall, "stage-programme")
    expect(console.get_by_role("button", name="开始连线求证")).to_be_visible()
    screenshot(console, "console-programme")
    console.keyboard.press("Enter")
    expect(wall.locator("li.call.completed").first).to_be_visible(timeout=CALLS_WITHIN_MS)
    screenshot(wall, "stage-programme-calling")
    expect(wall.locator(".score b")).to_be_visible(timeout=CALLS_WITHIN_MS)
    phase(wall, "群众已评")
    expect(wall.locator(".opinion .vote")).to_have_count(3)
    expect(wall.locator(".call .reply").first).not_to_contain_text("满意")
    screenshot(wall, "stage-programme-judged")
    screenshot(console, "console-programme-judged")
    expect(console.get_by_role("button", name="点名")).to_have_count(0)
    expect(phone.locator(".opinion .vote")).to_have_count(3)
    screenshot(phone, "public-programme-phone")
    plain = hall.operator.see(f"/watch/{live}/plain.html").text
    assert "群众已评" in plain
    assert "平均 " in plain
    assert "说不清" in plain

    hall.operator.look()
    hall.operator.do("draw_next", digits="", again="")
    hall.operator.do("open_calls")
    hall.wait(lambda view: view["round"]["released"] is not None)
    assert hall.operator.view["round"]["satisfied"] is None
    hall.operator.do("close")
    hall.operator.do("seal")
    expect(wall.locator(".past tbody tr")).to_have_count(2)
    expect(wall.locator(".past tbody tr").last).to_contain_text("答复不足，不公布")
    wall.wait_for_function("() => document.querySelector('.qr').naturalWidth > 0")
    screenshot(wall, "stage-programmes-sealed")

    office = new_page(**CONSOLE)
    sign_in(office, hall, "zuzhi")
    office.goto(f"{url}/personnel/programmes")
    rows = office.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("城乡低保申请办理")
    expect(rows.last).to_contain_text("答复不足，不公布")
    screenshot(office, "personnel-programmes")
    office.goto(f"{url}/personnel/sessions")
    expect(office.locator("tbody tr")).to_have_count(0)

"""Naming as people see it: the media propose, the operator presses one key, everybody reads why."""

import re

import pytest
from playwright.sync_api import Page, expect

from evalsys.cli.demo_people import Operator
from evalsys.store.database import Database
from tests.browser import NewPage, Screenshot
from tests.panel_hall import NAME, PASSWORD, a_county, an_operator, cards, until_called
from tests.processes import ServeApp
from tests.roster_rows import number_of

CONSOLE = {"width": 1366, "height": 768}
WALL = {"width": 1920, "height": 1080}
PHONE = {"width": 390, "height": 844}
REASON = "多名群众来信反映，村口路灯坏了半年没有人管"

pytestmark = pytest.mark.on_sqlite


@pytest.fixture
def operator(database: Database, serve_app: ServeApp) -> Operator:
    a_county(database)
    return an_operator(serve_app(database))


def sit_down(page: Page, operator: Operator, code: str) -> None:
    page.goto(f"{operator.url}/pad/join/{code}")
    page.locator("button.pad-go").first.click()
    page.wait_for_url(f"**/pad/{operator.live}")


def propose(page: Page, number: str, reason: str) -> None:
    page.get_by_label("干部编号（8 位数字）").fill(number)
    page.get_by_label("理由", exact=True).fill(reason)
    page.get_by_role("button", name="提交").click()


def test_a_proposal_of_the_media_becomes_a_naming_that_says_so_everywhere(  # noqa: PLR0915 - one evening
    operator: Operator, new_page: NewPage, screenshot: Screenshot
) -> None:
    console, wall, home = new_page(**CONSOLE), new_page(**WALL), new_page(**PHONE)
    reporter, member = new_page(**PHONE), new_page(**PHONE)
    first, deputy = (
        next(one for one in cards(operator, media=1, peoples_deputy=1) if one["category"] == kind)
        for kind in ("media", "peoples_deputy")
    )
    sit_down(reporter, operator, first["code"])
    sit_down(member, operator, deputy["code"])
    expect(reporter.locator("#state")).to_have_text("媒体席：只提议，不投票")
    expect(reporter.locator("[data-choice]")).to_have_count(0)
    console.goto(f"{operator.url}/login")
    console.fill("[name=name]", NAME)
    console.fill("[name=password]", PASSWORD)
    console.click("main button[type=submit]")
    console.goto(f"{operator.url}/console/{operator.live}")
    wall.goto(f"{operator.url}/stage/{operator.live}")
    home.goto(f"{operator.url}/live/{operator.live}")
    until_called(operator)
    for command in ("open_vote", "close_vote"):
        operator.do(command)
    operator.do("give_verdict", verdict="not_done")
    drawn = operator.view["round"]["cadre"]

    free = next(n for n in map(number_of, range(30)) if n != drawn)
    propose(reporter, "99999999", REASON)
    expect(reporter.locator(".pad-told")).to_contain_text("冻结名册中没有")
    propose(reporter, free, REASON)
    expect(reporter.locator(".pad-proposals")).to_contain_text("等待处理")
    screenshot(reporter, "pad-media")
    expect(wall.locator("body")).not_to_contain_text(REASON)
    expect(console.locator("#proposals")).to_contain_text(REASON)
    screenshot(console, "console-proposal")
    member.get_by_text("提议点名", exact=True).click()
    propose(member, drawn, "想再听一次")
    expect(member.locator(".pad-told")).to_contain_text("已被抽中")

    console.keyboard.press("t")
    expect(wall.locator("#phase")).to_have_text("已点名")
    expect(wall.locator(".naming")).to_contain_text("点名，不是抽取")
    expect(wall.locator(".naming")).to_contain_text("由 媒体 01 点名")
    expect(wall.locator(".naming")).to_contain_text(REASON)
    expect(wall.locator(".spinning, .reel")).to_have_count(0)
    expect(wall.locator("#slot")).to_have_text("点名 · 已抽 1 / 2")
    screenshot(wall, "stage-named")
    expect(console.locator("#proposals")).to_be_hidden()
    screenshot(console, "console-named")
    expect(home.locator("#now .naming")).to_contain_text(REASON)
    screenshot(home, "public-named-phone")
    plain = operator.see(f"/watch/{operator.live}/plain.html").text
    assert f"点名，不是抽取（由 媒体 01：{REASON}）" in plain
    expect(member.locator("#naming")).to_contain_text("由 媒体 01 点名")

    console.keyboard.press("1")
    expect(wall.locator("#phase")).to_have_text("干部作答")
    expect(wall.locator(".naming-mark")).to_have_text("点名，不是抽取")
    screenshot(wall, "stage-named-answering")
    operator.look()
    for command in ("open_calls", "stop_dialling", "open_vote"):
        operator.do(command)
    expect(member.get_by_role("button", name="满意", exact=True)).to_be_enabled()
    screenshot(member, "pad-vote-named")
    member.get_by_role("button", name="满意", exact=True).click()
    expect(member.locator("#state")).to_have_text("已投：满意，可更改")
    operator.do("close_vote")
    operator.do("give_verdict", verdict="confirmed")
    assert operator.view["round"]["votes"]["seats"] == 1
    expect(wall.locator("p.verdict")).to_have_text("属实")
    until_called(operator)
    expect(wall.locator("#slot")).to_have_text("第 2 / 2 个号码")
    for command in ("open_vote", "close_vote"):
        operator.do(command)
    operator.do("give_verdict", verdict="confirmed")
    operator.do("close")
    # Who was named stays in the pot, and may be the second one drawn.
    row = wall.locator(".past tr", has_text=free).filter(has_text=REASON)
    expect(row.locator("td").first).to_have_text("点名")
    wall.wait_for_function("() => document.querySelector('.qr').naturalWidth > 0")
    screenshot(wall, "stage-closed-named")


def test_the_operator_names_by_the_form_and_dismisses_with_a_reason(
    operator: Operator, new_page: NewPage, screenshot: Screenshot
) -> None:
    console, reporter = new_page(**CONSOLE), new_page(**PHONE)
    (card,) = cards(operator, media=1)
    sit_down(reporter, operator, card["code"])
    for command in ("freeze", "publish", "open_ceremony"):
        operator.do(command)
    operator.do("roll_master", digits="", again="")
    propose(reporter, number_of(3), REASON)
    console.goto(f"{operator.url}/login")
    console.fill("[name=name]", NAME)
    console.fill("[name=password]", PASSWORD)
    console.click("main button[type=submit]")
    console.goto(f"{operator.url}/console/{operator.live}")
    console.locator("#proposals").get_by_role("button", name="不采纳").click()
    console.keyboard.type("该干部已调离本县")
    console.keyboard.press("Enter")
    expect(console.locator("#proposals")).to_be_hidden()
    reporter.reload()
    expect(reporter.locator(".pad-proposals")).to_contain_text("未采纳：该干部已调离本县")

    console.keyboard.press("n")
    console.get_by_label("干部编号（8 位）").fill(number_of(4))
    console.get_by_label("由谁点名").select_option("chair")
    expect(console.get_by_label("怎样称呼")).to_have_value("主持人")
    console.get_by_label("点名理由（将公布）").fill("热线里同一件事反映了三次没有答复")
    screenshot(console, "console-naming")
    console.get_by_role("button", name="确认点名，当众公布").click()
    expect(console.locator("#phase")).to_have_text("已点名")
    expect(console.locator(".naming-who")).to_have_text(re.compile("由 主持人 点名"))

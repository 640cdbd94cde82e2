"""A panel member's evening: card, seat, three buttons; and a network that comes and goes."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from evalsys.cli.demo_people import Operator
from evalsys.store.database import Database
from tests.browser import NewPage, Screenshot
from tests.panel_hall import NAME, PASSWORD, a_county, an_operator, cards, until_called
from tests.processes import ServeApp

CROWDED = {"offline": False, "latency": 600, "downloadThroughput": 6_000, "uploadThroughput": 3_000}
PHONE = {"width": 390, "height": 844}
TABLET = {"width": 768, "height": 1024}
LYING = {"width": 1024, "height": 768}

pytestmark = pytest.mark.on_sqlite


@pytest.fixture
def operator(database: Database, serve_app: ServeApp) -> Operator:
    a_county(database)
    return an_operator(serve_app(database))


def sit_down(page: Page, operator: Operator, card: dict[str, Any]) -> None:
    page.goto(f"{operator.url}/pad/join/{card['code']}")
    page.get_by_role("button", name="我不担任领导职务，入座").click()
    page.wait_for_url(f"**/pad/{operator.live}")


def word(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.locator("#state")).to_have_text(text)


def press(page: Page, choice: str) -> None:
    page.get_by_role("button", name=choice, exact=True).click()


def test_a_panel_member_joins_votes_changes_the_vote_and_sees_it_closed(
    operator: Operator, new_page: NewPage, screenshot: Screenshot
) -> None:
    phone, tablet = new_page(**PHONE), new_page(**TABLET)
    first, second = cards(operator, peoples_deputy=2)
    phone.goto(f"{operator.url}/pad/")
    phone.get_by_label("入座码（8 位）").fill(f"{first['code'][:4]} {first['code'][4:].lower()}")
    screenshot(phone, "pad-start")
    phone.get_by_role("button", name="下一步").click()
    expect(phone.get_by_role("heading", name="人大代表 01")).to_be_visible()
    screenshot(phone, "pad-join")
    sit_down(phone, operator, first)
    sit_down(tablet, operator, second)
    word(phone, "等待开始")
    expect(phone.locator("#link")).to_have_text("已连接")
    screenshot(phone, "pad-wait")

    until_called(operator)
    operator.do("open_vote")
    word(phone, "请投票")
    expect(phone.locator("#name")).to_have_text("王建国")
    expect(phone.locator("#place")).to_have_text("沂水县水利局 · 河道管理股股长")
    expect(phone.get_by_role("button", name="满意", exact=True)).to_be_enabled()
    screenshot(phone, "pad-vote")
    screenshot(tablet, "pad-vote-tablet")
    tablet.set_viewport_size(LYING)  # type: ignore[arg-type]  # Playwright's own shape of it
    screenshot(tablet, "pad-vote-lying")

    press(phone, "满意")
    word(phone, "已投：满意，可更改")
    phone.reload()
    word(phone, "已投：满意，可更改")
    press(phone, "不满意")
    word(phone, "已投：不满意，可更改")
    screenshot(phone, "pad-voted")
    press(tablet, "基本满意")
    word(tablet, "已投：基本满意，可更改")

    operator.do("close_vote")
    word(phone, "投票已结束")
    expect(phone.get_by_role("button", name="满意", exact=True)).to_be_disabled()
    expect(phone.locator("#detail")).to_have_text("您的一票已经计入。")
    screenshot(phone, "pad-ended")
    votes = operator.view["round"]["votes"]
    assert votes == {"satisfied": 0, "basically_satisfied": 1, "not_satisfied": 1, "seats": 2}


def test_a_vote_pressed_without_network_is_not_called_kept_and_is_sent_when_it_is_back(
    operator: Operator, new_page: NewPage, screenshot: Screenshot
) -> None:
    page = new_page(**PHONE)
    (card,) = cards(operator, retired_cadre=1)
    sit_down(page, operator, card)
    until_called(operator)
    operator.do("open_vote")
    word(page, "请投票")

    def drop(route: Route) -> None:
        route.abort()

    page.route("**/vote", drop)
    press(page, "基本满意")
    word(page, "还没有存上：基本满意")
    screenshot(page, "pad-unsaved")
    page.reload()
    word(page, re.compile("正在提交：基本满意|还没有存上：基本满意"))
    press(page, "满意")
    # Then the network of a crowded hall: each way takes its time, and little fits through.
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", CROWDED)
    page.unroute("**/vote", drop)
    word(page, "已投：满意，可更改")
    operator.do("close_vote")
    assert operator.view["round"]["votes"]["satisfied"] == 1


def test_a_vote_that_did_not_arrive_before_the_close_is_admitted_as_not_counted(
    operator: Operator, new_page: NewPage
) -> None:
    page = new_page(**PHONE)
    (card,) = cards(operator, retired_cadre=1)
    sit_down(page, operator, card)
    until_called(operator)
    operator.do("open_vote")
    word(page, "请投票")
    page.route("**/vote", lambda route: route.abort())
    press(page, "满意")
    word(page, "还没有存上：满意")
    operator.do("close_vote")
    word(page, "投票已结束")
    expect(page.locator("#refusal")).to_contain_text("没有计入")
    expect(page.locator("#detail")).to_have_text("您没有投票，按弃权计。")
    assert operator.view["round"]["votes"]["satisfied"] == 0


def test_without_sockets_the_pad_follows_by_asking(operator: Operator, new_page: NewPage) -> None:
    page = new_page(**PHONE)
    page.add_init_script("delete window.WebSocket")
    (card,) = cards(operator, retired_cadre=1)
    sit_down(page, operator, card)
    word(page, "等待开始")
    until_called(operator)
    operator.do("open_vote")
    word(page, "请投票")
    press(page, "满意")
    word(page, "已投：满意，可更改")
    expect(page.locator("#link")).to_have_text("连接较慢，仍可投票")


def test_a_used_card_is_refused_on_another_device_and_a_new_card_ends_the_old_device(
    operator: Operator, new_page: NewPage, screenshot: Screenshot
) -> None:
    phone, other, desk = new_page(**PHONE), new_page(**PHONE), new_page()
    (card,) = cards(operator, mass_representative=1)
    sit_down(phone, operator, card)
    other.goto(f"{operator.url}/pad/join/{card['code']}")
    expect(other.get_by_role("alert")).to_contain_text("这张卡已经在另一台设备上用过")
    expect(other.get_by_role("alert")).to_contain_text("请举手")
    screenshot(other, "pad-used-card")

    desk.goto(f"{operator.url}/login")
    desk.locator("input[name=name]").fill(NAME)
    desk.locator("input[name=password]").fill(PASSWORD)
    desk.locator("main button[type=submit]").click()
    desk.goto(f"{operator.url}/seats/{operator.live}")
    screenshot(desk, "seats")
    desk.get_by_role("button", name="换设备或换卡 群众代表 01").click()
    expect(desk.get_by_role("heading", name="群众代表 01")).to_be_visible()
    (fresh,) = cards(operator, mass_representative=1)
    sit_down(other, operator, fresh)
    phone.reload()
    expect(phone.get_by_role("heading", name="评议席入座")).to_be_visible()


def test_who_holds_a_leading_post_is_told_to_hand_the_card_back(
    operator: Operator, new_page: NewPage
) -> None:
    page = new_page(**PHONE)
    (card,) = cards(operator, retired_cadre=1)
    page.goto(f"{operator.url}/pad/join/{card['code']}")
    page.get_by_role("button", name="我担任领导职务").click()
    expect(page.get_by_role("alert")).to_contain_text("请把席位卡交还工作人员")


def test_cards_are_printed_three_in_a_row_with_code_and_picture(
    operator: Operator, new_page: NewPage, screenshot: Screenshot
) -> None:
    desk = new_page(width=1000, height=1200)
    cards(operator, party_delegate=4, cppcc_member=4, unit_representative=4)
    desk.goto(f"{operator.url}/login")
    desk.locator("input[name=name]").fill(NAME)
    desk.locator("input[name=password]").fill(PASSWORD)
    desk.locator("main button[type=submit]").click()
    desk.goto(f"{operator.url}/seats/{operator.live}/cards")
    expect(desk.locator(".seat-card")).to_have_count(12)
    drawn = "images => images.every(image => image.complete && image.naturalWidth > 0)"
    assert desk.locator(".seat-card img").evaluate_all(drawn)
    desk.emulate_media(media="print")
    tops = "cards => new Set(cards.map(card => Math.round(card.getBoundingClientRect().top))).size"
    assert desk.locator(".seat-card").evaluate_all(tops) == 4
    screenshot(desk, "seat-cards")

"""An evening at the director's desk by keyboard alone: two people, two keys, every output."""

import re
from contextlib import suppress

import pytest
import requests
from playwright.sync_api import Page, expect

from evalsys.domain.access import Role
from tests.accounts import accounts
from tests.browser import NewPage, Screenshot
from tests.live_hall import NAME, PASSWORD, PLAN, Hall, OpenHall

pytestmark = pytest.mark.on_sqlite

DESK = {"width": 1366, "height": 768}
WALL = {"width": 1920, "height": 1080}
PHONE = {"width": 390, "height": 844}
LACKING = """async (text) => {
  const { font_url } = JSON.parse(document.getElementById("config").textContent);
  return (await import("/static/live/fonts.mjs")).lacking(text, font_url);
}"""
SLOW_MS = 30_000
LEFT = re.compile("还剩 [1-5]:")
"""Of five minutes, less than four are over."""
CLOCK_OFF = """by => {
  const { now } = Date;
  Date.now = () => now.call(Date) + by;
}"""
"""A machine whose clock is off by so many milliseconds."""
SECOND, CHAIR = "dao-bo-er", "zhu-chi"


def at_desk(page: Page, hall: Hall, name: str) -> Page:
    url = hall.settings.public_url
    page.goto(f"{url}/login")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.goto(f"{url}/desk/{hall.operator.live}")
    expect(page.locator("#phase")).not_to_be_empty()
    return page


def hold(page: Page, key: str) -> None:
    """Keep a key down until what it fills is full."""
    page.keyboard.down(key)
    expect(page.locator(".go.is-held")).to_be_visible()
    expect(page.locator(".go.is-held")).to_have_count(0)
    page.keyboard.up(key)


def go(page: Page, phase: str) -> None:
    """Press GO; a press within a second of the last step is refused, and pressed again."""
    for _ in range(10):
        page.keyboard.press("Space")
        with suppress(AssertionError):
            expect(page.locator("#phase")).to_have_text(phase, timeout=1_000)
            return
    expect(page.locator("#phase")).to_have_text(phase)


def test_two_people_run_a_show_by_keyboard_and_every_output_obeys(  # noqa: PLR0915 - one evening
    open_hall: OpenHall, new_page: NewPage, screenshot: Screenshot
) -> None:
    hall = open_hall(slots=3)
    access = accounts(hall.database)
    access.add(SECOND, Role.OPERATOR, PASSWORD, actor="test")
    access.add(CHAIR, Role.HOST, PASSWORD, actor="test")
    hall.operator.plan(**PLAN, slots=3, two_keys=True)
    for command in ("freeze", "publish", "open_ceremony"):
        hall.operator.do(command)
    hall.operator.do("roll_master", digits="", again="")
    url, live = hall.settings.public_url, hall.operator.live

    desk = at_desk(new_page(**DESK), hall, NAME)
    chair = at_desk(new_page(**DESK), hall, CHAIR)
    stage, phone = new_page(**WALL), new_page(**PHONE)
    stage.goto(f"{url}/stage/{live}")
    phone.goto(f"{url}/watch/{live}/")
    desk.keyboard.press("d")
    expect(desk.locator("#seat")).to_contain_text("您是导播")
    expect(chair.locator("#seat")).to_contain_text(f"导播：{NAME}")

    desk.keyboard.press("s")
    expect(chair.locator(".armed")).to_contain_text("抽取下一个号码")
    expect(desk.locator(".armed .go")).to_be_disabled()
    # Small true pictures of what GO will do; the stage itself shows nothing of it.
    foreseen = desk.frame_locator(".previews iframe").first
    expect(foreseen.locator(".cadre .number")).to_have_text("????????")
    expect(stage.locator(".cadre")).to_have_count(0)
    screenshot(desk, "desk-standby")
    screenshot(chair, "desk-second-key")
    hold(chair, "k")
    expect(desk.locator(".armed .key")).to_contain_text(f"第二把钥匙已由 {CHAIR} 转动")
    hold(desk, "Space")
    expect(desk.locator("#phase")).to_have_text("已抽中")
    number = desk.locator("#now .number").inner_text()
    expect(stage.locator(".number")).to_have_text(number, timeout=SLOW_MS)  # the reels stop

    assert stage.evaluate(LACKING, "王建国沂水县龘\U00030edd") == "\U00030edd"
    desk.keyboard.press("b")
    expect(stage.locator(".curtain.is-dark")).to_be_visible()
    expect(phone.locator(".curtain")).to_contain_text("画面暂停播出")
    desk.keyboard.press("b")
    expect(stage.locator(".curtain")).to_be_hidden()
    chair.keyboard.press("t")
    for output in (stage, phone):
        expect(output.locator(".curtain-title")).to_have_text("技术暂停")
    screenshot(stage, "pause-card")
    desk.keyboard.press("q")
    expect(desk.locator("#trouble")).to_contain_text("技术暂停中，这一步没有执行")
    desk.keyboard.press("t")
    expect(stage.locator(".curtain")).to_be_hidden()
    desk.keyboard.press("q")
    expect(desk.locator("#phase")).to_have_text("干部作答")

    desk.locator("#web input").fill("600")
    desk.locator("#web input").press("Enter")
    expect(desk.locator("#web")).to_contain_text("收看页比会场晚 600 秒")
    desk.keyboard.press("s")
    expect(desk.locator(".armed")).to_contain_text("开始连线")
    go(desk, "连线求证")
    state = requests.get(f"{url}/watch/{live}/state.json", timeout=10).json()
    assert state["phase"] == "answering"
    desk.keyboard.press("x")
    expect(desk.locator("#web")).to_contain_text("收看页停住")

    # A clock that is five minutes off shows the same countdown.
    fast, slow = new_page(**DESK), new_page(**DESK)
    for page, by in ((fast, 300_000), (slow, -300_000)):
        page.add_init_script(f"({CLOCK_OFF})({by})")
    second, watching = at_desk(fast, hall, SECOND), at_desk(slow, hall, CHAIR)
    expect(second.locator("#steps")).to_contain_text("不能推进")
    second.keyboard.press("d")
    expect(second.locator("#seat")).to_contain_text("您是导播")
    expect(desk.locator("#told")).to_contain_text(f"{SECOND} 接管了导播席")
    expect(desk.locator("#seat")).to_contain_text("只读")
    desk.goto(f"{url}/console/{live}")
    expect(desk.locator("#next")).to_contain_text(f"导播：{SECOND}")
    expect(desk.locator("#next button")).to_have_count(0)
    second.keyboard.press("p")
    second.fill("[name='calling.seconds']", "300")
    second.fill("[name='voting.words']", "请各位评议员投票。")
    second.get_by_role("button", name="保存").click()
    expect(second.locator("#cues")).to_contain_text("请各位评议员投票。")
    expect(second.locator(".cue.now")).to_contain_text("5:00")
    for page in (second, watching):
        expect(page.locator("#left")).to_have_text(LEFT)
    expect(second.locator("#over")).to_contain_text(re.compile("超|提前|正点"))
    expect(second.locator("#checks li.bad").first).to_be_visible()
    screenshot(second, "desk")
    assert second.evaluate("document.documentElement.scrollHeight <= innerHeight")

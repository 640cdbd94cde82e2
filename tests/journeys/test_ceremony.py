"""A ceremony as the hall sees it: wall, console, two clerks, three witnesses' phones, the rollers.

On screen everything is real: the beacon's rounds too, since the application and every browser are
at the time of rounds that were published, and a relay on the loopback passes them on.
"""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from evalsys.domain.beacon import QUICKNET
from tests.browser import NewPage, Screenshot
from tests.ceremony_hall import (
    MASTER,
    SLOT,
    CeremonyHall,
    OpenCeremonyHall,
    time_of,
)
from tests.panel_hall import NAME, PASSWORD
from tests.relays import Start, publishes

pytestmark = pytest.mark.on_sqlite

WALL = {"width": 1920, "height": 1080}
CONSOLE = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
DELAY_S, MARGIN_S = 40, 4
A_PERIOD = timedelta(seconds=QUICKNET.period_s)
DICE = "314159265358979323846264"
PRESSES = 12


def join(page: Page, hall: CeremonyHall, card: dict[str, object]) -> None:
    """Scan a card, and take its place."""
    set_clock(page, hall.now())
    page.goto(str(card["join_url"]))
    page.get_by_role("button", name="用这台设备入座").click()
    expect(page.locator("#link")).to_have_text("已连接")


def set_clock(page: Page, at: datetime) -> None:
    page.clock.set_fixed_time(at)


def pass_to(hall: CeremonyHall, pages: list[Page], at: datetime) -> None:
    """Let time pass in the hall, and on every screen in it."""
    hall.pass_to(at)
    for page in pages:
        set_clock(page, at)


def type_dice(clerk: Page, digits: str) -> None:
    expect(clerk.locator("#digits")).to_be_visible(timeout=20_000)
    clerk.fill("#digits", digits)
    clerk.get_by_role("button", name="录入").click()


def press(page: Page, key: str) -> None:
    """Press a key, and again while it is refused.

    After a leap of time it is, until the devices have told theirs, each five seconds.
    """
    for _ in range(PRESSES):
        expect(page.locator("#next:not([aria-busy])")).to_be_visible()
        with page.expect_response(lambda answer: answer.url.endswith("/do")) as told:
            page.keyboard.press(key)
        if told.value.ok:
            return
        page.wait_for_timeout(1000)
    pytest.fail(f"{key} was refused {PRESSES} times")


def test_a_ceremony_with_clerks_witnesses_and_beacon_on_every_screen(  # noqa: PLR0915 - one ceremony
    open_ceremony: OpenCeremonyHall, relay: Start, new_page: NewPage, screenshot: Screenshot
) -> None:
    hall = open_ceremony(time_of(MASTER) - timedelta(hours=1), relays=(relay(publishes(QUICKNET)),))
    hall.plan_alone(beacon="quicknet", witnesses=3, min_delay_s=DELAY_S, bind_margin_s=MARGIN_S)
    url, live, operator = hall.settings.public_url, hall.operator.live, hall.operator
    console, wall, rollers = new_page(**CONSOLE), new_page(**WALL), new_page(**PHONE)
    clerks = [new_page(**PHONE) for _ in range(2)]
    phones = [new_page(**PHONE) for _ in range(3)]
    pages = [console, wall, rollers, *clerks, *phones]
    for page in (console, wall, rollers):
        set_clock(page, hall.now())
    console.goto(f"{url}/login")
    console.fill("[name=name]", NAME)
    console.fill("[name=password]", PASSWORD)
    console.click("main button[type=submit]")
    operator.look()
    operator.do("freeze")
    cards = hall.cards()
    console.goto(f"{url}/ceremony/{live}/cards")
    screenshot(console, "ceremony-cards")
    for page, card in zip([*clerks, *phones], cards, strict=True):
        join(page, hall, card)
    for phone in phones:
        expect(phone.locator("#state")).to_have_text("已登记")
    screenshot(phones[0], "witness-enrolled")
    console.goto(f"{url}/console/{live}")
    wall.goto(f"{url}/stage/{live}")
    rollers.goto(f"{url}/ceremony/{live}/rollers")
    operator.look()
    operator.do("publish")
    operator.do("open_ceremony")
    expect(wall.locator(".cup-row")).to_be_visible()
    expect(console.get_by_role("button", name="同时揭盅")).to_be_visible()
    for phone in phones:
        expect(phone.locator("#state")).to_have_text("正在见证")

    # On to the minute of a real round.
    dice_at = time_of(MASTER) - timedelta(seconds=DELAY_S)
    pass_to(hall, pages, dice_at - timedelta(seconds=45))
    expect(console.locator("#attendance .lamp-green")).to_have_count(5, timeout=20_000)
    screenshot(wall, "stage-cups")
    screenshot(console, "console-cups")
    screenshot(rollers, "rollers")
    press(console, "Enter")
    expect(rollers.locator("#cue")).to_have_text("手放盅上，准备")
    pass_to(hall, pages, hall.now() + timedelta(seconds=2.5))
    expect(rollers.locator("#cue")).to_have_text("3")
    screenshot(rollers, "rollers-lift")
    pass_to(hall, pages, hall.now() + timedelta(seconds=6))
    type_dice(clerks[0], DICE[:6] + "\uff17" + DICE[7:])
    expect(clerks[0].locator("#refusal")).to_contain_text("第 7 位“\uff17”不是半角数字")
    type_dice(clerks[0], DICE)
    expect(clerks[0].locator("#state")).to_have_text("已录入")
    expect(wall.locator(".has-typed")).to_have_count(1)
    expect(wall.locator("#scene")).not_to_contain_text(DICE[:6])
    screenshot(wall, "stage-typing")
    screenshot(clerks[0], "clerk-typed")
    expect(clerks[1].locator("#digits")).to_be_visible()
    clerks[1].fill("#digits", DICE[:17])
    screenshot(clerks[1], "clerk-typing")
    type_dice(clerks[1], DICE)
    expect(wall.locator(".read-back b")).to_have_text([DICE[i : i + 6] for i in range(0, 24, 6)])
    screenshot(wall, "stage-read-back")
    screenshot(console, "console-read-back")
    pass_to(hall, pages, dice_at - timedelta(seconds=2))
    expect(console.get_by_role("button", name="宣读无误，记入实录")).to_be_visible()
    press(console, "Enter")

    # Witnesses compare with the cups, and sign.
    expect(phones[0].locator("#sign")).to_be_visible()
    screenshot(phones[0], "witness-compare")
    phones[0].locator("#sign").click()
    expect(wall.locator(".has-signed")).to_have_count(1)
    screenshot(wall, "stage-signing")
    screenshot(console, "console-signing")
    for phone in phones[1:]:
        phone.locator("#sign").click()
    expect(phones[2].locator("#state")).to_have_text("已签第 2 行")
    expect(console.get_by_role("button", name=f"绑定信标 quicknet 第 {MASTER} 轮")).to_be_visible()
    press(console, "Enter")
    expect(wall.locator(".bound")).to_have_text(f"已绑定信标 quicknet 第 {MASTER} 轮")
    expect(wall.locator(".has-signed")).to_have_count(3)
    screenshot(wall, "stage-bound")
    screenshot(console, "console-bound")
    expect(phones[1].locator("#record")).to_contain_text(f"为主骰绑定 quicknet 第 {MASTER} 轮")
    screenshot(phones[1], "witness-signed")
    pass_to(hall, pages, time_of(MASTER) + A_PERIOD)
    expect(wall.locator("#phase")).to_have_text("种子已定", timeout=60_000)
    screenshot(wall, "stage-seeded-beacon")

    # The first slot: its round is bound, one phone has gone, the others sign by themselves.
    phones[2].close()
    pages.remove(phones[2])
    pass_to(hall, pages, time_of(SLOT) - timedelta(seconds=MARGIN_S + 2))
    expect(console.get_by_role("button", name="为第 1 个号码绑定信标轮次")).to_be_visible()
    press(console, "Enter")
    expect(wall.locator(".bound")).to_have_text(f"已绑定信标 quicknet 第 {SLOT} 轮")
    expect(wall.locator(".has-signed")).to_have_count(2)
    pass_to(hall, pages, time_of(SLOT) + A_PERIOD)
    expect(wall.locator(".act")).to_have_text("信标已揭晓", timeout=60_000)
    screenshot(wall, "stage-beacon")
    expect(console.get_by_role("button", name="抽取第 1 个号码")).to_be_visible()
    press(console, "Enter")
    expect(wall.locator("#phase")).to_have_text("已抽中")
    expect(wall.locator(".number")).to_have_text(operator.look()["round"]["cadre"], timeout=10_000)
    expect(wall.locator("#households")).to_contain_text("联系户次序")
    screenshot(wall, "stage-drawn-beacon")

"""Every output of one session at once: hall, broadcast, staff, and the engineers' wall."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from evalsys.clock import utc_now
from evalsys.domain.access import Role
from evalsys.services.access import Access
from tests.browser import NewPage, Screenshot
from tests.journeys.test_console import CALLS_WITHIN_MS, CONSOLE, WALL, phase, sign_in
from tests.live_hall import PASSWORD, Hall, OpenHall

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

STRIP = {"width": 1920, "height": 540}
CINEMA = {"width": 3840, "height": 2160}
PHONE = {"width": 390, "height": 844}
TELEPHONE = re.compile(r"\+86|1[3-9]\d{9}")


@dataclass
class Outputs:
    """The outputs of one session, opened by links from the engineers' wall."""

    hall: Hall
    new_page: NewPage
    wall: Page

    @property
    def url(self) -> str:
        return self.hall.settings.public_url

    @property
    def live(self) -> str:
        return self.hall.operator.live

    def link(self, kind: str, name: str) -> str:
        """Take the link of a screen from the wall's form."""
        self.wall.select_option("#kind", kind)
        self.wall.fill("#name", name)
        self.wall.get_by_role("button", name="取链接").click()
        made = self.wall.locator("#made code")
        expect(made).to_contain_text(f"/{kind}/{self.live}?screen=")
        return made.inner_text()

    def open(self, kind: str, name: str, size: dict[str, int], more: str = "") -> Page:
        """Open a screen where nobody is signed in."""
        page = self.new_page(**size)
        page.goto(self.link(kind, name) + more)
        return page


def card(wall: Page, name: str) -> Any:  # noqa: ANN401 - Playwright's Locator
    return wall.locator(".screen-card").filter(has=wall.get_by_role("heading", name=name))


def painted(page: Page, seq: int) -> None:
    """Wait until the picture of event `seq` or a later one was painted."""
    page.wait_for_function("seq => Number(document.documentElement.dataset.seq) >= seq", arg=seq)


def open_outputs(open_hall: OpenHall, new_page: NewPage) -> Outputs:
    hall = open_hall(slots=1)
    Access(hall.database, utc_now).add("ji-shu", Role.ENGINEER, PASSWORD, actor="test")
    wall = new_page(**CONSOLE)
    wall.goto(f"{hall.settings.public_url}/wall/{hall.operator.live}")
    wall.fill("[name=name]", "ji-shu")
    wall.fill("[name=password]", PASSWORD)
    wall.click("main button[type=submit]")
    expect(wall.locator("#screens")).to_contain_text("还没有屏幕")
    return Outputs(hall, new_page, wall)


def test_every_output_of_one_session(  # noqa: PLR0915 - one evening
    open_hall: OpenHall, new_page: NewPage, screenshot: Screenshot
) -> None:
    outputs = open_outputs(open_hall, new_page)
    hall, operator, wall = outputs.hall, outputs.hall.operator, outputs.wall
    stage = outputs.open("stage", "舞台左", WALL)
    led = outputs.open("led", "LED-1", STRIP)
    overlay = outputs.open("overlay", "播出", WALL, "&bg=0b3d2e")
    subvenue = outputs.open("subvenue", "沂水一中", WALL)
    desk = outputs.open("subvenue-desk", "沂水一中", PHONE)
    monitor = outputs.open("monitor", "提示屏", WALL)
    observer = outputs.open("observer", "观察员", CONSOLE)
    press = new_page(**CONSOLE)
    press.goto(f"{outputs.url}/press/{outputs.live}")
    calls = new_page(**CONSOLE)
    sign_in(calls, hall)
    calls.goto(f"{outputs.url}/calls/{outputs.live}")
    everything = [stage, led, overlay, subvenue, desk, monitor, observer, press, calls]

    # The wall knows each by name; a clerk reports; an engineer finds a screen.
    expect(wall.locator(".screen-card:not(.gone)")).to_have_count(8)
    desk.fill("#present", "126")
    desk.get_by_role("button", name="请求发言").click()
    expect(desk.locator("#told")).to_have_text("已报主会场")
    expect(monitor.locator(".venue.asks")).to_contain_text("沂水一中 到场 126 人")
    expect(card(wall, "沂水一中").first).to_be_visible()
    card(wall, "LED-1").get_by_role("button", name="辨认").click()
    expect(led.locator("#identify")).to_contain_text("LED-1")
    expect(stage.locator("#identify")).to_have_count(0)
    screenshot(led, "screen-identified")
    screenshot(wall, "wall")

    hall.until_drawn()
    seq = int(operator.look()["seq"])
    drawn = operator.view["round"]["cadre"]
    for page in everything:
        painted(page, seq)
    expect(overlay.locator("#number.on .number")).to_have_text(drawn)
    screenshot(overlay, "overlay-number")
    screenshot(monitor, "monitor-drawn")
    screenshot(led, "led-drawn")
    expect(overlay.locator("#third.on .mark b")).to_have_text(
        f"{drawn[:4]} {drawn[4:]}", timeout=15_000
    )
    screenshot(overlay, "overlay-third")

    operator.do("record_presence", presence="in_person")
    operator.do("open_calls")
    expect(overlay.locator("#tally.on .households .completed").first).to_be_visible(
        timeout=CALLS_WITHIN_MS
    )
    screenshot(led, "led-calling")
    screenshot(overlay, "overlay-calling")
    screenshot(calls, "calls-desk")
    screenshot(monitor, "monitor-calling")
    hall.wait(lambda view: view["round"]["calls_end"] is not None)

    # The server dies and comes back: on air nobody sees it, and everybody is right again.
    kept = overlay.locator("#third .title").inner_text()
    assert hall.app is not None
    hall.app.kill()
    expect(monitor.locator("#signal")).to_contain_text("信号中断", timeout=15_000)
    for page in (stage, led, subvenue):
        expect(page.locator("body")).not_to_contain_text("中断")
    assert overlay.locator("#third .title").inner_text() == kept
    hall.start_app()
    operator.do("open_vote")
    operator.do("close_vote")
    operator.do("give_verdict", verdict="accounts_differ")
    for page in everything:
        painted(page, int(operator.look()["seq"]))
    expect(monitor.locator("#signal")).to_be_hidden()
    expect(wall.locator(".screen-card:not(.gone)")).to_have_count(8)
    expect(overlay.locator("#tally.on .verdict")).to_have_text("说法不一")
    expect(press.locator("#facts")).to_contain_text(f"第 1 个号码：{drawn}")

    cinema = new_page(**CINEMA)
    cinema.goto(f"{outputs.url}/overlay/{outputs.live}")
    expect(cinema.locator("#tally.on .verdict")).to_be_visible()
    for page, name in (
        (cinema, "overlay-4k"),
        (overlay, "overlay"),
        (led, "led"),
        (subvenue, "subvenue"),
        (desk, "subvenue-desk-phone"),
        (monitor, "monitor"),
        (observer, "observer"),
        (press, "press"),
    ):
        screenshot(page, name)
    for page in everything:
        assert not TELEPHONE.search(page.locator("body").inner_text()), page.url

    # A playout server speaks to the overlay; what viewers see loads anew on a second press only.
    overlay.evaluate('update(\'{"title":"张主持","subtitle":"本场主持人"}\')')
    expect(overlay.locator("#third.on .title")).to_have_text("张主持")
    overlay.evaluate("stop()")
    expect(overlay.locator(".piece.on")).to_have_count(0)
    overlay.evaluate("window.kept = true; play()")
    expect(overlay.locator("#bug.on")).to_be_visible()
    reload = card(wall, "播出").locator("footer button").nth(1)
    reload.click()
    reload.click()
    overlay.wait_for_function("() => !window.kept")
    painted(overlay, 1)
    operator.do("close")
    phase(stage, "已闭会")

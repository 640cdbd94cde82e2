"""Every output of one session at once: hall, broadcast, staff, and the engineers' wall."""

import base64
import re

import pytest
from playwright.sync_api import FloatRect, Locator, Page, ViewportSize, expect

from evalsys.cli.demo_panel import Pad
from evalsys.domain.access import Role
from evalsys.domain.written import LONGEST_TEXT
from tests.accounts import accounts
from tests.browser import NewPage, Screenshot
from tests.journeys.test_console import CALLS_WITHIN_MS, phase, sign_in
from tests.live_hall import PASSWORD, Hall, OpenHall

pytestmark = pytest.mark.on_sqlite

STRIP: ViewportSize = {"width": 1920, "height": 540}
CINEMA: ViewportSize = {"width": 3840, "height": 2160}
HD: ViewportSize = {"width": 1280, "height": 720}
WALL: ViewportSize = {"width": 1920, "height": 1080}
CONSOLE: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
PAINTED = """seen => {
  const { audience } = JSON.parse(document.getElementById("config").textContent);
  return Number(document.documentElement.dataset.seq) >= seen[audience];
}"""
ALPHA = """async address => {
  const picture = new Image();
  picture.src = address;
  await picture.decode();
  const paper = new OffscreenCanvas(1, 1).getContext("2d");
  paper.drawImage(picture, 0, 0);
  return paper.getImageData(0, 0, 1, 1).data[3];
}"""
XML = """<templateData><componentData id="f0"><data id="text" value="李主持"/></componentData>
</templateData>"""
CUT_OFF = """() => {
  const cut = () => window.isCut === true;
  const { fetch, EventSource, WebSocket } = window;
  window.fetch = (...asked) => cut() ? Promise.reject(new TypeError("cut")) : fetch(...asked);
  window.EventSource = function (address) { return new EventSource(cut() ? "/nowhere" : address); };
  window.WebSocket = class extends WebSocket {
    constructor(...asked) {
      super(...asked);
      this.addEventListener("message", (event) => { if (cut()) event.stopImmediatePropagation(); });
    }
    send(data) { if (!cut()) super.send(data); }
  };
}"""
"""Lets a test pull this one machine's cable: nothing comes or goes while `isCut`."""
TELEPHONE = re.compile(r"\+86|1[3-9]\d{9}")


class Outputs:
    """The outputs of one session, opened by links from the engineers' wall."""

    def __init__(self, hall: Hall, new_page: NewPage) -> None:
        self.hall = hall
        self.url, self.live = hall.settings.public_url, hall.operator.live
        accounts(hall.database).add("ji-shu", Role.ENGINEER, PASSWORD, actor="test")
        self.wall = new_page(**CONSOLE)
        self.wall.goto(f"{self.url}/wall/{self.live}")
        self.wall.fill("[name=name]", "ji-shu")
        self.wall.fill("[name=password]", PASSWORD)
        self.wall.click("main button[type=submit]")
        expect(self.wall.locator("#screens")).to_contain_text("还没有屏幕")
        self._machine = new_page(**CONSOLE)
        """Screens share one browser in which nobody is signed in."""
        self.every: list[Page] = []

    def link(self, kind: str, name: str) -> str:
        """Take the link of a screen from the wall's form."""
        self.wall.select_option("#kind", kind)
        self.wall.fill("#name", name)
        self.wall.get_by_role("button", name="取链接").click()
        made = self.wall.locator("#made code")
        expect(made).to_contain_text(f"/{kind}/{self.live}?screen=")
        return made.inner_text()

    def open(self, kind: str, name: str, size: ViewportSize, more: str = "") -> Page:
        """Open a screen by its link."""
        page = self._machine.context.new_page()
        page.add_init_script(f"({CUT_OFF})()")
        page.set_viewport_size(size)
        page.goto(self.link(kind, name) + more)
        self.every.append(page)
        return page

    def painted(self) -> None:
        """Wait until every screen has painted the newest picture of its audience."""
        seen = {"console": self.hall.operator.look()["seq"]}
        for audience, more in (("public", ""), ("aired", "?outside=1")):
            view = self.hall.operator.see(f"/live/{self.live}/view.json{more}").json()
            seen[audience] = view["seq"]
        for page in self.every:
            page.wait_for_function(PAINTED, arg=seen, timeout=30_000)

    def card(self, name: str) -> Locator:
        """Find a screen on the wall."""
        cards = self.wall.locator(".screen-card")
        return cards.filter(has=self.wall.get_by_role("heading", name=name)).first


def alpha(page: Page, x: float, y: float) -> int:
    """Return how opaque the picture is at a point, 0 to 255."""
    pixel: FloatRect = {"x": x, "y": y, "width": 1, "height": 1}
    picture = base64.b64encode(page.screenshot(omit_background=True, clip=pixel)).decode()
    found: int = page.evaluate(ALPHA, f"data:image/png;base64,{picture}")
    return found


def test_every_output_of_one_session(  # noqa: PLR0915 - one evening
    open_hall: OpenHall, new_page: NewPage, screenshot: Screenshot
) -> None:
    outputs = Outputs(open_hall(slots=1), new_page)
    hall, operator, wall = outputs.hall, outputs.hall.operator, outputs.wall
    stage = outputs.open("stage", "舞台左", WALL)
    led = outputs.open("led", "LED-1", STRIP)
    overlay = outputs.open("overlay", "播出", WALL, "&bg=0b3d2e")
    subvenue = outputs.open("subvenue", "沂水一中", HD)
    desk = outputs.open("subvenue-desk", "沂水一中", PHONE)
    monitor = outputs.open("monitor", "提示屏", WALL)

    # The wall knows each by name; a clerk reports; an engineer finds a screen.
    expect(wall.locator(".screen-card.good")).to_have_count(6)
    desk.fill("#present", "126")
    desk.get_by_role("button", name="请求发言").click()
    expect(desk.locator("#told")).to_have_text("已报主会场")
    expect(monitor.locator(".venue.asks")).to_contain_text("沂水一中 到场 126 人")
    outputs.card("LED-1").get_by_role("button", name="辨认").click()
    expect(led.locator("#identify")).to_contain_text("LED-1")
    expect(stage.locator("#identify")).to_have_count(0)
    screenshot(led, "screen-identified")
    screenshot(wall, "wall")

    hall.until_drawn()
    drawn = operator.view["round"]["cadre"]
    outputs.painted()
    expect(overlay.locator("#number.on .number")).to_have_text(drawn)
    screenshot(overlay, "overlay-number")
    screenshot(monitor, "monitor-drawn")
    expect(led.locator("#identify")).to_have_count(0)
    screenshot(led, "led-drawn")
    third = overlay.locator("#third.on")
    expect(third).to_contain_text(f"{drawn[:4]} {drawn[4:]}", timeout=15_000)
    screenshot(overlay, "overlay-third")

    led.evaluate("() => { window.isCut = true; }")
    operator.do("record_presence", presence="in_person")
    operator.do("open_calls")
    answered = overlay.locator("#tally.on .households .completed").first
    expect(answered).to_be_visible(timeout=CALLS_WITHIN_MS)
    screenshot(overlay, "overlay-calling")
    screenshot(monitor, "monitor-calling")
    calls = new_page(**CONSOLE)
    sign_in(calls, hall)
    calls.goto(f"{outputs.url}/calls/{outputs.live}")
    expect(calls.locator(".call.completed").first).to_be_visible(timeout=CALLS_WITHIN_MS)
    screenshot(calls, "calls-desk")
    hall.wait(lambda view: view["round"]["calls_end"] is not None)
    phase(led, "已抽中")
    expect(led.locator("body")).not_to_contain_text("中断")
    led.evaluate("() => { window.isCut = false; }")
    outputs.painted()
    screenshot(led, "led-calling")

    # The server dies and comes back: on air nobody sees it, and everybody is right again.
    assert hall.app is not None
    hall.app.kill()
    expect(monitor.locator("#signal")).to_contain_text("信号中断", timeout=15_000)
    for page in (stage, led, overlay, subvenue):
        expect(page.locator("body")).not_to_contain_text("中断")
    expect(third).to_contain_text(f"{drawn[:4]} {drawn[4:]}")
    hall.start_app()
    operator.do("open_vote")
    vote(outputs)
    operator.do("close_vote")
    operator.do("give_verdict", verdict="accounts_differ")
    press = outputs.open("press", "记者席", CONSOLE)
    observer = outputs.open("observer", "观察员", CONSOLE)
    outputs.painted()
    expect(monitor.locator("#signal")).to_be_hidden()
    expect(wall.locator(".screen-card:not(.gone)")).to_have_count(9, timeout=30_000)
    expect(overlay.locator("#tally.on .verdict")).to_have_text("说法有出入")
    expect(press.locator("#facts")).to_contain_text(f"第 1 个号码：{drawn}")
    expect(observer.locator("#tail")).to_contain_text("作出认定")
    for page, name in (
        (overlay, "overlay"),
        (led, "led"),
        (subvenue, "subvenue"),
        (desk, "subvenue-desk-phone"),
        (monitor, "monitor"),
        (observer, "observer"),
        (press, "press"),
    ):
        screenshot(page, name)
    for page in outputs.every:
        assert not TELEPHONE.search(page.locator("body").inner_text()), page.url

    # The longest promise leaves room for how long there is left; the public page has all of it.
    words = {"measure": "走" * LONGEST_TEXT, "responsible": "阿不都热合曼·买买提明江"}
    operator.do("make_pledge", due_on="2099-12-31", **words)
    outputs.painted()
    for page in (stage, led, subvenue):
        clock = page.locator(".follow-up .clock").bounding_box()
        scene = page.locator(".scene").bounding_box()
        assert clock is not None
        assert scene is not None
        assert clock["y"] + clock["height"] <= scene["y"] + scene["height"], page.url
    tally = overlay.locator("#tally").bounding_box()
    assert tally is not None
    assert tally["y"] + tally["height"] <= 0.95 * WALL["height"]

    # Between the pieces of the overlay is nothing, in 4K too; a playout server moves them.
    overlay.evaluate("() => { document.documentElement.style.background = ''; }")
    overlay.set_viewport_size(CINEMA)
    plate = overlay.locator("#third .who").bounding_box()
    assert plate is not None
    assert alpha(overlay, plate["x"] + 4, plate["y"] + 4) > 200
    assert alpha(overlay, CINEMA["width"] / 2, CINEMA["height"] / 3) == 0
    overlay.set_viewport_size(WALL)
    overlay.evaluate('update(\'{"title":"张主持","subtitle":"本场主持人"}\')')
    expect(overlay.locator("#third.on .title")).to_have_text("张主持")
    for refused in ("给 13800138000 打电话", "138-0013-8000"):
        overlay.evaluate("title => update({ title })", refused)
    for broken in ("{", "<templateData>", "", "null", "[]", "7"):
        overlay.evaluate("data => update(data)", broken)
    expect(overlay.locator("#third.on .title")).to_have_text("张主持")
    overlay.evaluate("data => update(data)", XML)
    expect(overlay.locator("#third.on .title")).to_have_text("李主持")
    overlay.evaluate("stop()")
    expect(overlay.locator(".piece.on")).to_have_count(0)
    overlay.evaluate("play()")
    expect(overlay.locator("#bug.on")).to_be_visible()

    # Black on one output is black there alone; what viewers see loads anew on a second press only.
    outputs.card("LED-1").get_by_role("button", name="这类全部黑场").click()
    expect(led.locator(".curtain.is-dark")).to_be_visible()
    expect(stage.locator(".curtain")).to_be_hidden()
    outputs.card("LED-1").get_by_role("button", name="这类恢复画面").click()
    expect(led.locator(".curtain")).to_be_hidden()
    # One screen alone is black after a reload too, until it is lit.
    outputs.card("播出").get_by_role("button", name="本屏黑场").click()
    expect(overlay.locator("body.is-covered")).to_be_attached()
    expect(overlay.locator("#bug")).to_be_hidden()
    overlay.reload()
    expect(overlay.locator("body.is-covered")).to_be_attached()
    expect(outputs.card("播出").get_by_text("本屏黑场", exact=True).first).to_be_visible()
    outputs.card("播出").get_by_role("button", name="本屏恢复").click()
    expect(overlay.locator("#bug.on")).to_be_visible()
    overlay.evaluate("() => { window.kept = true; }")
    outputs.card("播出").get_by_role("button", name="重新载入").click()
    outputs.card("播出").get_by_role("button", name="观众会看到").click()
    overlay.wait_for_function("() => !window.kept")
    operator.do("close")
    phase(stage, "已闭会")
    outputs.painted()


def vote(outputs: Outputs) -> None:
    """Let five seats vote."""
    operator = outputs.hall.operator
    cards = operator.tell(f"/seats/{outputs.live}", {"mass_representative": 5})["seats"]
    choices = ("satisfied", "satisfied", "basically_satisfied", "not_satisfied", "satisfied")
    for card, choice in zip(cards, choices, strict=True):
        pad = Pad(outputs.url, outputs.live, card)
        with pad.screen:
            pad.vote(1, choice)

"""A pledge assembly by keyboard: the agenda's sheet, the console, the wall, the host, a phone."""

import pytest
from playwright.sync_api import Page, expect

from evalsys.domain.access import Role
from evalsys.domain.written import LONGEST_TEXT
from tests.accounts import accounts
from tests.browser import NewPage, Screenshot
from tests.live_hall import NAME, PASSWORD, Hall, OpenHall

CONSOLE = {"width": 1366, "height": 768}
WALL = {"width": 1920, "height": 1080}
PHONE = {"width": 390, "height": 844}
SHEET = """议题\t群众提问\t答复单位\t答复人\t职务\t诉求件数
农村厕所改造\t报了名两年，旱厕什么时候能改完？\t县住房和城乡建设局\t尹恒耀\t局长\t1286
村内道路硬化\t门前的土路一下雨就出不了门。\t县交通运输局\t刘斌田\t局长\t2140
"""

pytestmark = pytest.mark.on_sqlite


def sign_in(page: Page, hall: Hall, name: str) -> None:
    page.goto(f"{hall.settings.public_url}/login")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")


def press(console: Page, label: str, key: str) -> None:
    """Press a key once its button is there, and the step before is done."""
    expect(console.get_by_role("button", name=label)).to_be_visible()
    expect(console.locator("#next")).not_to_have_attribute("aria-busy", "true")
    console.keyboard.press(key)


def stands_within(wall: Page, part: str) -> None:
    """Whatever its words, this part of the picture leaves the stage's head and foot free."""
    expect(wall.locator(part)).to_be_visible()
    # Both are measured in one turn: the next event paints the whole picture anew.
    beyond = wall.locator("body").evaluate(
        """(body, part) => {
            const [there, scene] = [part, ".scene"].map(
                (each) => body.querySelector(each).getBoundingClientRect());
            return Math.max(there.bottom - scene.bottom, there.right - scene.right);
        }""",
        part,
    )
    assert beyond <= 0


def test_two_units_promise_before_everybody(  # noqa: PLR0915 - one evening
    open_hall: OpenHall, new_page: NewPage, screenshot: Screenshot
) -> None:
    hall = open_hall()
    url = hall.settings.public_url
    accounts(hall.database).add("zhu-chi", Role.HOST, PASSWORD, actor="test")
    console, wall, phone = new_page(**CONSOLE), new_page(**WALL), new_page(**PHONE)
    host, overlay = new_page(**WALL), new_page(**WALL)
    sign_in(console, hall, NAME)
    sign_in(host, hall, "zhu-chi")
    console.goto(f"{url}/console/#assembly")
    console.get_by_role("button", name="新建，然后编排议程").click()
    console.wait_for_url("**/console/*")
    live = console.url.rpartition("/")[2]
    console.get_by_role("link", name="编排议程").click()
    console.get_by_label("或从表格软件连同表头粘贴").fill(SHEET)
    console.get_by_role("button", name="导入").click()
    expect(console.locator(".agenda-list > li")).to_have_count(2)
    console.get_by_role("link", name="回到控制台").click()
    wall.goto(f"{url}/stage/{live}")
    phone.goto(f"{url}/live/{live}")
    host.goto(f"{url}/monitor/{live}")
    overlay.goto(f"{url}/overlay/{live}?bg=3a5a48")
    expect(phone.locator("#before")).not_to_contain_text("厕所")
    for step in ("公布议程（2 个议题）", "开会", "请上第 1 个议题"):
        press(console, step, "Enter")
    expect(wall.locator(".issue-question")).to_contain_text("什么时候能改完")
    expect(host.locator("#say")).to_contain_text("尹恒耀答复")
    expect(overlay.locator("#third")).to_contain_text("县住房和城乡建设局")
    screenshot(wall, "stage-assembly-asked")
    press(console, "录入承诺", "p")
    for name, typed in (("measure", "逐户验收并公示"), ("target", "完成改厕"), ("amount", "1200")):
        console.fill(f"[name={name}]", typed)
    console.fill("[name=unit]", "户")
    console.press("[name=unit]", "Enter")
    expect(wall.locator(".promised .target b")).to_have_text("1200")
    expect(wall.locator(".promised .clock")).to_contain_text("还剩")
    expect(phone.locator(".agenda .is-now .clock")).to_contain_text("还剩")
    expect(overlay.locator("#tally .target")).to_contain_text("1200")
    screenshot(wall, "stage-assembly-promised")
    screenshot(phone, "public-assembly-phone")
    press(console, "请评议团表决这一答复", "v")
    expect(wall.locator(".huge")).to_have_text("这样的答复，您满意吗？")
    press(console, "结束投票并计票", "Enter")
    expect(wall.locator(".vote")).to_have_count(3)
    press(console, "请上第 2 个议题", "Enter")
    expect(wall.locator(".speaker-name")).to_contain_text("刘斌田")
    console.get_by_text("当场没有承诺").click()
    console.fill("[name=reason]", f"答复人未到场{'，会后书面答复' * LONGEST_TEXT}"[:LONGEST_TEXT])
    console.press("[name=reason]", "Enter")
    expect(wall.locator(".left-open")).to_contain_text("答复人未到场")
    stands_within(wall, ".left-open")
    for step in ("闭会", "封存"):
        press(console, step, "Enter")
    expect(wall.locator(".promises tbody tr")).to_have_count(2)
    expect(wall.locator(".beside .hash code")).to_be_visible()  # the last picture of the evening
    stands_within(wall, ".promises")
    screenshot(wall, "stage-assembly-sealed")
    # The press hears of both issues, also of the one that is over.
    phone.goto(f"{url}/press/{live}")
    expect(phone.locator("#facts li")).to_have_count(4)
    expect(phone.locator("#facts")).to_contain_text("当场未作承诺")
    phone.goto(f"{url}/followups/")
    expect(phone.locator(".promise .clock")).to_contain_text("还剩")

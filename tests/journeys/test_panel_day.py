"""The panel's day: a door that is cut off, votes on paper typed twice, the chair speaks last."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from evalsys.domain.access import Role
from evalsys.store.database import Database
from tests.accounts import accounts
from tests.browser import NewPage, Screenshot
from tests.panel_hall import PASSWORD, a_county, an_operator, cards, until_called
from tests.processes import ServeApp

pytestmark = pytest.mark.on_sqlite

CONSOLE = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
LIST = """姓名\t类别\t单位\t职务\t担任领导职务
张守田\t人大代表\t沂城街道埠前村\t村民\t否
刘桂兰\t人大代表\t许家湖镇\t农民\t否
王德厚\t老干部\t\t退休\t否
"""


def sign_in(page: Page, url: str, name: str, then: str) -> None:
    page.goto(f"{url}/login?next={then}")
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"**{then}")


def test_a_door_goes_on_without_a_network_and_two_clerks_type_the_paper(
    database: Database, serve_app: ServeApp, new_page: NewPage, screenshot: Screenshot
) -> None:
    a_county(database)
    access = accounts(database)
    for clerk in ("hui-wu", "lu-piao"):
        access.add(clerk, Role.RECORDER, PASSWORD, actor="test")
    operator = an_operator(serve_app(database))
    url, live = operator.url, operator.live
    made = cards(operator, peoples_deputy=2, retired_cadre=1, chair=1)

    desk = new_page(**CONSOLE)
    paste_the_list(desk, url, live, screenshot)
    door = new_page(**CONSOLE)
    come_through_a_door(door, desk, url, live, made, screenshot)
    desk.reload()
    expect(desk.get_by_text("同一张卡用了两次")).to_be_visible()
    screenshot(desk, "panel-seats")

    chair, stage = new_page(**PHONE), new_page(width=1920, height=1080)
    chair.goto(f"{url}/pad/join/{made[3]['code']}")
    chair.get_by_role("button", name="用这台设备入座").click()
    until_called(operator)
    operator.do("open_vote")
    vote_on_paper(new_page(**CONSOLE), new_page(**CONSOLE), url, live, screenshot)
    expect(chair.locator("#state")).to_have_text("主要负责人：末位表态")
    expect(chair.get_by_role("button", name="不满意", exact=True)).to_be_disabled()
    operator.do("close_vote")
    votes = operator.view["round"]["votes"]
    assert votes == {"satisfied": 2, "basically_satisfied": 1, "not_satisfied": 0, "seats": 3}
    expect(chair.locator("#state")).to_have_text("请您表态", timeout=30_000)
    screenshot(chair, "pad-chair")
    chair.get_by_role("button", name="基本满意", exact=True).click()
    expect(chair.locator("#state")).to_have_text("已表态：基本满意")
    stage.goto(f"{url}/stage/{live}")
    expect(stage.get_by_text(re.compile("主要负责人末位表态"))).to_be_visible()
    screenshot(stage, "stage-chair")

    operator.do("give_verdict", verdict="faked_suspected")
    enter_what_follows(desk, url, live, screenshot)
    expect(stage.get_by_text("移送 县纪委监委")).to_be_visible(timeout=30_000)
    screenshot(stage, "stage-follow-up")
    phone = new_page(**PHONE)
    phone.goto(f"{url}/followups/")
    expect(phone.get_by_text(re.compile("还剩 1[45] 天"))).to_be_visible()
    screenshot(phone, "follow-ups-phone")
    play_again(desk, url, live, screenshot)


def paste_the_list(desk: Page, url: str, live: str, screenshot: Screenshot) -> None:
    """Paste a list with one fault, then without."""
    sign_in(desk, url, "dao-bo", f"/seats/{live}")
    desk.get_by_label("从表格软件连同表头复制").fill(LIST)
    desk.get_by_role("button", name="更换名单").click()
    expect(desk.get_by_text("必填项为空")).to_be_visible()
    screenshot(desk, "panel-list-refused")
    desk.get_by_label("从表格软件连同表头复制").fill(LIST.replace("\t\t退休", "\t县老干部局\t退休"))
    desk.get_by_role("button", name="更换名单").click()
    expect(desk.get_by_role("cell", name="张守田")).to_be_visible()


def come_through_a_door(
    door: Page,
    desk: Page,
    url: str,
    live: str,
    made: list[dict[str, Any]],
    screenshot: Screenshot,
) -> None:
    """Scan cards with the network cut, and hand the scans in once it is back."""
    sign_in(door, url, "hui-wu", f"/door/{live}")
    door.get_by_label("本机名称").fill("东门")
    door.get_by_label("本机名称").press("Tab")
    expect(door.get_by_text("本页已存入本机")).to_be_visible(timeout=30_000)
    texts = [_text_of(desk, url, live, card) for card in made[:2]]
    door.context.set_offline(True)
    door.reload()
    expect(door.get_by_label("扫码枪读入")).to_be_visible()
    scan(door, texts[0], "请入场")
    expect(door.locator("#who")).to_contain_text("张守田")
    expect(door.locator("#link")).to_contain_text("离线：照常签到，1 条待上报", timeout=30_000)
    screenshot(door, "door-offline")
    scan(door, texts[1], "请入场")
    scan(door, texts[0], "此卡已签到")
    screenshot(door, "door-again")
    card, _, seal = texts[1].rpartition(".")
    scan(door, f"{card}.{'B' if seal[0] == 'A' else 'A'}{seal[1:]}", "不是本场的席位卡")
    scan(door, "https://example.org", "读不出席位卡")
    door.context.set_offline(False)
    expect(door.locator("#link")).to_have_text("已联网，全部已上报", timeout=30_000)
    expect(door.locator("#came")).to_have_text("已签到 2 / 4")


def vote_on_paper(first: Page, second: Page, url: str, live: str, screenshot: Screenshot) -> None:
    """Hand out three slips; two clerks type them apart, differ in one, and agree."""
    sign_in(first, url, "hui-wu", f"/paper/{live}")
    sign_in(second, url, "lu-piao", f"/paper/{live}")
    first.get_by_label("席位号").fill("1-3")
    first.get_by_role("button", name="登记").click()
    type_slips(first, "112")
    expect(second.get_by_text("hui-wu 已录入 3 张")).to_be_visible(timeout=30_000)
    type_slips(second, "132")
    expect(second.get_by_text("两人有 1 张不一致")).to_be_visible()
    screenshot(second, "paper-differs")
    type_slips(second, "112")
    expect(second.get_by_text("两人录入一致，3 张，已可计票。")).to_be_visible()


def enter_what_follows(desk: Page, url: str, live: str, screenshot: Screenshot) -> None:
    """The recorder's three entries, by keyboard: a promise, a team drawn by lot, a referral."""
    desk.goto(f"{url}/followups/standby")
    names = ("纪检监察干部", "人大代表", "政协委员", "群众代表")
    rows = "".join(f"候选{i}\t{name}\t沂城街道{i}\n" for i, name in enumerate(names))
    desk.get_by_label("从表格软件连同表头复制").fill(f"姓名\t类别\t单位\n{rows}")
    desk.get_by_role("button", name="更换名单").click()
    expect(desk.get_by_role("rowheader", name="候选3")).to_be_visible()
    desk.goto(f"{url}/followups/{live}")
    expect(desk.get_by_label("移送事由")).to_be_focused()
    for key, typed in (("F9", ""), ("F8", ""), ("F7", "逐户走访联系户，当面说明情况")):
        desk.keyboard.press(key)
        if typed:
            desk.keyboard.type(typed)
        desk.keyboard.press("Enter")
        expect(desk.get_by_text("已记录，大屏和公开页已更新。")).to_be_visible()
        desk.goto(f"{url}/followups/{live}")
    expect(desk.get_by_role("listitem")).to_have_count(3)
    screenshot(desk, "recorder-desk")


def play_again(desk: Page, url: str, live: str, screenshot: Screenshot) -> None:
    """Play the record again from the last picture to the first, at speed, and print it."""
    desk.goto(f"{url}/replay/{live}")
    place, now = desk.locator("#place"), desk.locator("#now")
    expect(desk.locator("#moment")).to_contain_text("建立会议")
    desk.keyboard.press("End")
    expect(now).to_contain_text("移送 县纪委监委")
    screenshot(desk, "replay")
    last = int(place.get_attribute("max") or 0)
    desk.keyboard.press("ArrowLeft")
    expect(place).to_have_value(str(last - 1))
    place.fill("0")
    expect(now).not_to_contain_text("移送")
    for _ in range(7):
        desk.get_by_role("button", name="快一些").click()
    expect(desk.locator("#speed")).to_have_text("1800×")
    desk.get_by_role("button", name="播放").click()
    expect(place).to_have_value(str(last), timeout=30_000)
    expect(now).to_contain_text("移送 县纪委监委")
    data = desk.request.get(f"{url}/replay/{live}/record.json").json()
    assert [one["seq"] for one in data["events"]] == list(range(1, last + 2))
    lines = desk.request.get(f"{url}/replay/{live}/rounds.csv").text().splitlines()
    assert (len(lines), "faked_suspected" in lines[1], "县纪委监委" in lines[1]) == (2, True, True)
    assert desk.request.get(f"{url}/replay/{live}/picture.json?seq=99999").status == 404
    assert desk.request.get(f"{url}/replay/{live}/picture.json?seq=x").status == 400
    desk.goto(f"{url}/replay/{live}/protocol")
    expect(desk.get_by_text("评议团：满意 2，基本满意 1，不满意 0；到场 3 席。")).to_be_visible()
    screenshot(desk, "protocol")


def _text_of(desk: Page, url: str, live: str, card: dict[str, Any]) -> str:
    """What a scanner reads from a printed card: the browser reads no QR code here."""
    found: str = desk.evaluate(
        "async ([url, seat]) => (await (await fetch(`${url}?seat=${seat}`)).text())"
        '.match(/data-card="([^"]+)"/)[1]',
        [f"{url}/seats/{live}/cards", card["number"]],
    )
    return found


def scan(door: Page, text: str, word: str) -> None:
    door.get_by_label("扫码枪读入").fill(text)
    door.get_by_label("扫码枪读入").press("Enter")
    expect(door.locator("#word")).to_have_text(word)


def type_slips(page: Page, digits: str) -> None:
    page.get_by_label(re.compile("共 3 张")).fill(digits)
    page.get_by_role("button", name=re.compile("我的录入")).click()

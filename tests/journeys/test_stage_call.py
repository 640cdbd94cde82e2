"""A household on stage, by the operator's keyboard: taken, heard, cut, heard again, thanked."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import NewPage, Screenshot
from tests.journeys.test_console import CONSOLE, WALL, press, sign_in
from tests.live_hall import OpenHall
from tests.telephone import Telephone, telephones, until

pytestmark = pytest.mark.on_sqlite

ANSWERS = {
    "愿意上直播": "1",
    "愿意继续": "1",
    "户主姓": "1",
    "走访过": "2",
    "解决了": "2",
    "打分": "3",
}


def test_the_earliest_who_agrees_is_taken_on_stage_by_keyboard(
    open_hall: OpenHall, new_page: NewPage, screenshot: Screenshot
) -> None:
    hall = open_hall(slots=1)
    operator = hall.operator
    hall.until_answering()
    exchange = hall.settings.telephony_url
    desk, feed = (Telephone(exchange, f"client:{name}", {}) for name in ("hall", "feed"))
    homes = [Telephone(exchange, "", ANSWERS) for _ in range(3)]
    console, wall = new_page(**CONSOLE), new_page(**WALL)
    with telephones(desk, feed, *homes):
        sign_in(console, hall)
        console.goto(f"{hall.settings.public_url}/console/{operator.live}")
        wall.goto(f"{hall.settings.public_url}/stage/{operator.live}")
        lines = console.locator("#lines")
        expect(lines.get_by_role("status")).to_contain_text("只按键作答")
        press(console, "h")
        expect(lines).to_contain_text("会场在线", timeout=30_000)
        press(console, "v")
        expect(lines).to_contain_text("播出线路在线，延时 8 秒", timeout=30_000)
        press(console, "l")
        expect(lines.get_by_role("status")).to_contain_text("正在征求")
        press(console, "Enter")
        expect(lines.get_by_role("button", name="接上台")).to_be_visible(timeout=60_000)
        screenshot(console, "console-lines")
        press(console, "t")
        expect(lines.get_by_role("status")).to_contain_text("正在直播", timeout=30_000)
        expect(wall.locator(".on-air")).to_have_text(re.compile(r"正在连线：第 \d+ 户"))
        until(lambda: desk.company == 1, "the hall hears the household")
        screenshot(console, "console-on-air")
        screenshot(wall, "stage-on-air")
        shown = wall.locator("body").inner_text()
        assert not re.search(r"1\d{10}|\+86", shown), "a telephone number on the wall"

        press(console, "x")
        expect(lines.get_by_role("status")).to_contain_text("最后 8 秒没有播出")
        screenshot(console, "console-dumped")
        expect(wall.locator(".on-air")).to_have_count(0)
        until(lambda: desk.company == 0, "nobody is heard")
        press(console, "b")
        until(lambda: desk.company == 1, "heard again")
        expect(lines.get_by_role("status")).to_contain_text("正在直播")
        press(console, "o")
        until(lambda: desk.company == 0, "off the stage")
        expect(lines.get_by_role("status")).to_contain_text("只按键作答", timeout=30_000)

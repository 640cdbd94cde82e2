"""A witness's phone: without WebCrypto, after a reload, and before a server that lies."""

import json
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import NewPage
from tests.ceremony_hall import MASTER, CeremonyHall, OpenCeremonyHall, time_of

pytestmark = pytest.mark.on_sqlite

PHONE = {"width": 390, "height": 844}


def join(page: Page, hall: CeremonyHall, number: int) -> None:
    """Join as the `number`-th witness."""
    page.clock.set_fixed_time(hall.now())
    cards = {one["name"]: one for one in hall.cards()}
    page.goto(str(cards[f"W{number:02d}"]["join_url"]))
    page.get_by_role("button", name="用这台设备入座").click()


def rolled(hall: CeremonyHall) -> None:
    """Go on to master dice that wait for signatures."""
    hall.operator.look()
    hall.operator.do("publish")
    hall.operator.do("open_ceremony")
    hall.operator.do("roll_master")


@pytest.mark.parametrize("has_web_crypto", [True, False])
def test_a_phone_makes_a_key_and_signs_with_webcrypto_or_without(
    open_ceremony: OpenCeremonyHall, new_page: NewPage, *, has_web_crypto: bool
) -> None:
    hall = open_ceremony(time_of(MASTER) - timedelta(hours=1))
    hall.plan_alone(witnesses=1)
    hall.operator.do("freeze")
    phone = new_page(**PHONE)
    if not has_web_crypto:  # as over http in a hall's own network
        phone.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined });")
    join(phone, hall, 1)
    expect(phone.locator("#state")).to_have_text("已登记")
    rolled(hall)
    phone.locator("#sign").click()
    expect(phone.locator("#state")).to_have_text("已签第 2 行")
    assert hall.operator.look()["ceremony"]["line"]["signed"] == ["W01"]


def test_a_reload_keeps_key_and_memory(open_ceremony: OpenCeremonyHall, new_page: NewPage) -> None:
    hall = open_ceremony(time_of(MASTER) - timedelta(hours=1))
    hall.plan_alone(witnesses=1)
    hall.operator.do("freeze")
    phone = new_page(**PHONE)
    join(phone, hall, 1)
    expect(phone.locator("#state")).to_have_text("已登记")
    key = phone.locator("#key").text_content()
    phone.reload()
    phone.clock.set_fixed_time(hall.now())
    expect(phone.locator("#key")).to_have_text(str(key))
    rolled(hall)
    expect(phone.locator("#sign")).to_be_visible()
    phone.reload()
    expect(phone.locator("#record li")).to_have_count(3)
    phone.locator("#sign").click()
    expect(phone.locator("#state")).to_have_text("已签第 2 行")


def test_a_record_that_was_rewritten_rings_and_is_never_signed_again(
    open_ceremony: OpenCeremonyHall, new_page: NewPage
) -> None:
    hall = open_ceremony(time_of(MASTER) - timedelta(hours=1))
    hall.plan_alone(witnesses=1)
    hall.operator.do("freeze")
    phone = new_page(**PHONE)
    join(phone, hall, 1)
    expect(phone.locator("#state")).to_have_text("已登记")
    hall.operator.look()
    hall.operator.do("publish")
    hall.operator.do("open_ceremony")
    expect(phone.locator("#state")).to_have_text("正在见证")

    def lie(route: Route) -> None:
        told = route.fetch().json()
        forged = [{**json.loads(line), "prev": "0" * 64} for line in told["lines"]]
        lines = [json.dumps(one, separators=(",", ":"), sort_keys=True) for one in forged]
        route.fulfill(json={"lines": lines})

    phone.route("**/lines.json*", lie)
    hall.operator.do("roll_master")
    expect(phone.locator("#state")).to_have_text("警报：本机停止签名")
    expect(phone.locator("#sign")).to_be_hidden()
    phone.unroute("**/lines.json*")
    phone.reload()
    expect(phone.locator("#state")).to_have_text("警报：本机停止签名")
    assert hall.operator.look()["ceremony"]["line"]["signed"] == []

"""Everybody at home: files that nginx hands out by itself, while the application is dead."""

from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import expect

from tests.browser import NewPage, Screenshot
from tests.deaf_proxy import DeafProxy
from tests.live_hall import NAME, PASSWORD, OpenHall
from tests.living import until
from tests.nginx_door import Door

pytestmark = pytest.mark.on_sqlite

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1366, "height": 768}


def test_the_nation_watches_a_round_and_goes_on_while_the_application_is_dead(  # noqa: PLR0915 - one evening
    open_hall: OpenHall,
    nginx_door: Door,
    new_page: NewPage,
    screenshot: Screenshot,
    deaf_proxies: list[DeafProxy],
) -> None:
    hall = open_hall(slots=1)
    door = nginx_door(hall.settings)
    watch = f"{door}/watch/{hall.operator.live}/"
    phone = new_page(**PHONE)
    phone.goto(watch)
    expect(phone.locator("#phase")).to_have_text("已计划")
    hall.until_drawn()
    drawn = hall.operator.look()["round"]["cadre"]
    expect(phone.locator("#now .digits").first).to_have_text(drawn)
    expect(phone.locator("#tail li").first).to_contain_text("抽中干部")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    screenshot(phone, "watch-phone")

    assert hall.app is not None
    hall.app.kill()
    late = new_page(**DESK)
    late.goto(watch)
    expect(late.locator("#now .digits").first).to_have_text(drawn)
    expect(late.locator(".link")).to_be_hidden()
    screenshot(late, "watch")
    late.goto(f"{door}/console/")
    expect(late.get_by_role("heading", name="系统暂时不可用")).to_be_visible()
    plain = new_page(**PHONE)
    plain.goto(f"{watch}plain.html")
    expect(plain.get_by_text("已抽取 1 / 1")).to_be_visible()

    hall.start_app()
    hall.operator.do("record_presence", presence="in_person")
    expect(phone.locator("#phase")).to_have_text("干部作答", timeout=20_000)

    # A screen to which no websocket gets through follows a stream of events instead.
    proxy = DeafProxy(hall.settings.public_url)
    deaf_proxies.append(proxy)
    screen = new_page(**DESK)
    wall = f"/wall/{hall.operator.live}"
    left = {"kind": "stage", "name": "左"}
    link = hall.operator.tell(f"{wall}/link", left)["address"]
    screen.goto(link.replace(hall.settings.public_url, proxy.url))
    expect(screen.locator("#phase")).to_have_text("干部作答")
    until(lambda: proxy.streams > 0, 20)
    # Staff behind it are told that their pictures come by asking, and can go on.
    console = new_page(**DESK)
    console.goto(f"{proxy.url}/login")
    console.fill("[name=name]", NAME)
    console.fill("[name=password]", PASSWORD)
    console.click("main button[type=submit]")
    console.wait_for_url(f"{proxy.url}/")
    console.goto(f"{proxy.url}/console/{hall.operator.live}")
    expect(console.locator(".link-slow")).to_be_visible()
    expect(console.locator(".link")).to_be_hidden()
    console.keyboard.press("z")
    expect(console.locator("#phase")).to_have_text("已抽中")
    expect(screen.locator("#phase")).to_have_text("已抽中")
    hall.operator.look()
    # That it alone is black comes at once, not with the next picture or page.
    for dark in (True, False):
        hall.operator.tell(f"{wall}/dark", {**left, "dark": dark})
        expect(screen.locator(".curtain.is-dark")).to_have_count(int(dark), timeout=500)
    # Cut in the middle of its stream, it misses what happens, and is right again by itself.
    streams = proxy.streams
    proxy.cut()
    hall.operator.do("record_presence", presence="absent")
    hall.operator.do("open_calls")
    hall.operator.do("stop_dialling")
    expect(screen.locator("#phase")).to_have_text("连线求证")
    until(lambda: proxy.streams > streams, 20)
    # With the screen's own key: people at home have pictures, and numbers, of their own.
    newest = f"{hall.settings.public_url}/live/{hall.operator.live}/view.json"
    until(
        lambda: (
            screen.evaluate("Number(document.documentElement.dataset.seq)")
            == requests.get(f"{newest}?{urlsplit(link).query}", timeout=10).json()["seq"]
        ),
        20,
    )
    assert proxy.refused > 1, "it went on asking for a websocket"


def test_what_is_handed_out_is_fresh_short_lived_and_holds_the_proof(
    open_hall: OpenHall, nginx_door: Door
) -> None:
    hall = open_hall(slots=1)
    watch = f"{nginx_door(hall.settings)}/watch/{hall.operator.live}"
    hall.until_drawn()
    state = requests.get(f"{watch}/state.json", timeout=10)
    assert state.headers["Content-Type"] == "application/json"
    assert state.headers["Cache-Control"] == "max-age=1"
    assert state.headers["Content-Security-Policy"].startswith("default-src 'none'")
    again = requests.get(
        f"{watch}/state.json", headers={"If-None-Match": state.headers["ETag"]}, timeout=10
    )
    assert again.status_code in {200, 304}
    for door in (watch, f"{hall.settings.public_url}/watch/{hall.operator.live}"):
        for query, chosen, spoken in (
            ("", None, "zh-CN"),
            ("", "en", "en"),
            ("?lang=en", None, "en"),
            ("?lang=zh", "en", "zh-CN"),
            ("?lang=fr", "en", "en"),
            ("", "english", "zh-CN"),
        ):
            cookie = {"Cookie": f"lang={chosen}"} if chosen else {}
            page = requests.get(f"{door}/{query}", headers=cookie, timeout=10)
            assert f'<html lang="{spoken}">' in page.text, (door, query, chosen)
            assert page.headers["Vary"].endswith("Cookie")
    assert "Vary" not in state.headers
    assert requests.get(f"{watch}/.hidden", timeout=10).status_code == 404
    assert requests.get(f"{watch}/../../secrets.env", timeout=10).status_code == 404
    manifest = requests.get(f"{watch}/manifest.json", timeout=10).content
    url = f"{hall.settings.public_url}/live/{hall.operator.live}/bundle/manifest.json"
    assert manifest == requests.get(url, timeout=10).content

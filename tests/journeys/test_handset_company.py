"""Two people at handsets talk with each other, and with a real telephone."""

import io
import time
import wave
from array import array
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.browser import NewPage, Screenshot
from tests.exchange_rig import ACCOUNT, TOKEN, Application, ExchangeRig, StartExchange
from tests.sip_rig import StartTelephones, free_sip_port, needs_sip, wait_for_trunk

PHONE = {"width": 390, "height": 844}
FIRST, SECOND, REAL = "+8613900000001", "+8613900000002", "+8613900000003"
STAGE = (
    '<Dial><Conference beep="false" waitUrl="" record="record-from-start"'
    ' recordingStatusCallback="/recorded">stage</Conference></Dial>'
)


def hold(page: Page, rig: ExchangeRig, number: str) -> None:
    page.goto(f"{rig.url}/handset?number={number}")
    page.locator("#own button").click()
    expect(page.locator("#phone")).to_have_attribute("data-screen", "idle", timeout=10000)


def loudest(sound: bytes) -> int:
    return max((abs(each) for each in array("h", sound[: len(sound) // 2 * 2])), default=0)


def wait_to_hear(page: Page) -> None:
    """Wait until the page plays something that is no silence."""
    deadline = time.monotonic() + 15
    while page.evaluate("document.getElementById('others').value") < 0.02:
        assert time.monotonic() < deadline
        page.wait_for_timeout(30)


def test_two_handsets_hear_each_other_and_the_talk_is_recorded(
    start_exchange: StartExchange,
    application: Application,
    microphone_page: Page,
    new_page: NewPage,
    screenshot: Screenshot,
) -> None:
    rig = start_exchange()
    application.says("/voice", STAGE)
    speaker, listener = microphone_page, new_page(**PHONE)
    hold(speaker, rig, FIRST)
    hold(listener, rig, SECOND)
    for page, number in ((speaker, FIRST), (listener, SECOND)):
        rig.dial(application, to=number)
        page.locator("#answer").click()
    expect(speaker.locator("#company")).to_have_attribute("data-state", "on", timeout=10000)
    wait_to_hear(listener)
    expect(speaker.locator("#company_who")).to_have_text("您和对方正在通话")
    screenshot(speaker, "handset-company")
    assert speaker.evaluate("document.getElementById('others').value") < 0.02

    speaker.locator("#hang_up").click()
    expect(listener.locator("#company")).to_be_hidden()
    listener.locator("#hang_up").click()
    (recorded,) = application.wait_for("/recorded")
    media = requests.get(recorded.form["RecordingUrl"], auth=(ACCOUNT, TOKEN), timeout=5).content
    with wave.open(io.BytesIO(media)) as sound:
        assert loudest(sound.readframes(sound.getnframes())) > 1000


@needs_sip
def test_a_handset_and_a_real_telephone_hear_each_other_and_not_themselves(
    start_exchange: StartExchange,
    start_telephones: StartTelephones,
    application: Application,
    microphone_page: Page,
    tmp_path: Path,
) -> None:
    heard = tmp_path / "heard.raw"
    phones = start_telephones({REAL: {"says": 620, "records": str(heard)}})
    listen = f"127.0.0.1:{free_sip_port()}"
    trunk = ("--sip-trunk", f"127.0.0.1:{phones.port}", "--sip-listen", listen)
    rig = start_exchange(more=["--lines", "handset,sip", *trunk])
    wait_for_trunk(rig, "up")
    application.says("/voice", STAGE)
    hold(microphone_page, rig, FIRST)
    rig.dial(application, to=FIRST)
    microphone_page.locator("#answer").click()
    rig.dial(application, to=REAL)
    wait_to_hear(microphone_page)
    expect(microphone_page.locator("#company")).to_have_attribute("data-state", "on")
    microphone_page.wait_for_timeout(2500)
    microphone_page.locator("#hang_up").click()
    assert loudest(heard.read_bytes()) > 500


@pytest.mark.parametrize("path", ["say", "hear"])
def test_nobody_speaks_or_hears_without_holding_a_handset(
    start_exchange: StartExchange, path: str
) -> None:
    rig = start_exchange()
    for headers in ({}, {"Authorization": "Bearer guessed"}):
        answer = requests.post(f"{rig.url}/handset/{path}", b"\0" * 320, headers=headers, timeout=5)
        assert answer.status_code == 404

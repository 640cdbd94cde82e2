"""A visitor answers as the household, on a page the size of a telephone."""

import io
import re
import wave

import pytest
import requests
from playwright.sync_api import Page, expect

from evalsys.exchange.sounds import wave_seconds
from evalsys.exchange.voice import Voice
from tests.browser import NewPage, Screenshot
from tests.exchange_rig import (
    ACCOUNT,
    CALLER,
    HOUSEHOLD,
    TOKEN,
    Application,
    ExchangeRig,
    StartExchange,
    a_truth,
)

PHONE = {"width": 390, "height": 844}
CONSENT = "您好，这里是群众评议电话。愿意继续，请按1；不愿意，请按2。"
SCORE = "请您给王书记打分，1分最低，5分最高，请按1到5。"


@pytest.fixture
def rig(start_exchange: StartExchange, application: Application) -> ExchangeRig:
    others = [
        a_truth(f"+861390000{n:04}", head=name, answers=90 - n)
        for n, name in enumerate(["李秀英", "王桂兰", "刘洪军", "赵传芳"], 2)
    ]
    told = ["--inbound-message-url", application.url("/message")]
    rig = start_exchange([a_truth(visited=False, solved=None, score=2), *others], more=told)
    application.says("/message", "<Message>已受理，编号 R2026-0001。</Message>")
    application.says("/voice", _ask(CONSENT, "/score"))
    application.says("/score", _ask(SCORE, "/comment"))
    application.says(
        "/comment",
        "<Say>请留一句话，说完请按井号键。</Say>"
        '<Record action="/thanks" maxLength="60" finishOnKey="#" transcribeCallback="/words"/>',
    )
    application.says("/thanks", "<Say>谢谢您，再见。</Say><Hangup/>")
    return rig


def _ask(text: str, action: str) -> str:
    return (
        f'<Gather numDigits="1" finishOnKey="" timeout="20" action="{action}">'
        f'<Say language="zh-CN">{text}</Say></Gather>'
    )


def key(page: Page, letter: str) -> None:
    page.locator(f'[data-key="{letter}"]').click()


def screen(page: Page, name: str) -> None:
    expect(page.locator("#phone")).to_have_attribute("data-screen", name, timeout=10000)


def test_a_visitor_chooses_a_household_answers_presses_keys_and_comments(
    rig: ExchangeRig, application: Application, new_page: NewPage, screenshot: Screenshot
) -> None:
    page = new_page(**PHONE)
    page.goto(f"{rig.url}/handset")
    expect(page.locator("[data-hold]")).to_have_count(5)
    screenshot(page, "handset")
    page.locator(f'[data-hold="{HOUSEHOLD}"]').click()
    screen(page, "idle")
    screenshot(page, "handset-waiting")

    sid = rig.dial(application)
    screen(page, "ringing")
    expect(page.locator("#caller")).to_have_text("+86 100 0000 0000")
    expect(page.locator(".ringing .role")).to_contain_text("干部没来过")
    screenshot(page, "handset-ringing")
    page.locator("#answer").click()
    screen(page, "talking")
    expect(page.locator("#said li").last).to_have_text(CONSENT)
    expect(page.locator("#clock")).to_have_text(re.compile("00:0[1-9]"), timeout=5000)
    screenshot(page, "handset-talking")
    key(page, "1")
    expect(page.locator("#said li").last).to_have_text(SCORE)
    assert application.sent_to("/score")[0].form["Digits"] == "1"

    page.reload()
    screen(page, "talking")
    expect(page.locator("#said li").last).to_have_text(SCORE)
    key(page, "2")
    expect(page.locator("#words")).to_be_visible(timeout=10000)
    assert application.sent_to("/comment")[0].form["Digits"] == "2"
    page.locator("#words").fill("路灯坏了半年，没有人来修。")
    screenshot(page, "handset-comment")
    page.locator("#speak button").click()
    (words,) = application.wait_for("/words")
    assert words.form["TranscriptionText"] == "路灯坏了半年，没有人来修。"

    screen(page, "ended")
    expect(page.locator("#ended_title")).to_have_text("通话结束")
    screenshot(page, "handset-ended")
    assert rig.finish(sid) == "completed"
    last = application.wait_for("/status", 4)[-1].form
    assert last["CallStatus"] == "completed"
    page.locator('.ended [data-do="away"]').click()
    screen(page, "idle")
    _a_message_is_seen_opened_and_answered(rig, application, page, screenshot)


def _a_message_is_seen_opened_and_answered(
    rig: ExchangeRig, application: Application, page: Page, screenshot: Screenshot
) -> None:
    link = f"{rig.url}/i/abc"
    text = f"县群众评议：电话没有打通，请点开填写，只需一分钟。{link}"
    rig.client.messages.create(to=HOUSEHOLD, from_=CALLER, body=text)
    rig.client.messages.create(to="+8613900000002", from_=CALLER, body="给别人家的")
    expect(page.locator("#unread")).to_have_text("1", timeout=10000)
    page.locator("#news").click()
    expect(page.locator("#mails li")).to_have_count(1)
    expect(page.locator("#mails a")).to_have_attribute("href", link)
    expect(page.locator("#unread")).to_be_hidden()
    page.locator("#letter").fill("路灯又坏了。")
    page.locator("#write button").click()
    expect(page.locator("#mails .mine")).to_contain_text("路灯又坏了。")
    (told,) = application.wait_for("/message")
    assert (told.form["From"], told.form["To"]) == (HOUSEHOLD, CALLER)
    assert told.form["Body"] == "路灯又坏了。"
    expect(page.locator("#mails li").last).to_contain_text("已受理", timeout=10000)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    screenshot(page, "handset-messages")
    with page.context.expect_page() as opened:
        page.locator("#mails a").click()
    assert opened.value.url == link
    page.reload()
    expect(page.locator("#letters")).to_be_visible()
    expect(page.locator("#unread")).to_be_hidden()
    rig.dial(application)
    screen(page, "ringing")
    page.locator("#letters").click()
    expect(page.locator("#mail")).to_be_visible()
    page.locator("#shut").click()
    page.locator("#decline").click()


def test_a_comment_is_recorded_from_the_microphone(
    rig: ExchangeRig, application: Application, microphone_page: Page
) -> None:
    page = microphone_page
    application.says("/voice", "<Redirect>/comment</Redirect>")
    page.goto(f"{rig.url}/handset?number={HOUSEHOLD}")
    page.locator("#own button").click()
    screen(page, "idle")
    rig.dial(application)
    page.locator("#answer").click()
    expect(page.locator("#mic")).to_have_attribute("data-state", "on", timeout=10000)
    page.wait_for_timeout(1500)
    page.locator("#speak button").click()
    (thanks,) = application.wait_for("/thanks")
    sound = requests.get(thanks.form["RecordingUrl"], auth=(ACCOUNT, TOKEN), timeout=5)
    with wave.open(io.BytesIO(sound.content)) as played:
        assert (played.getframerate(), played.getnchannels()) == (8000, 1)
        assert 1.0 < played.getnframes() / 8000 < 4.0
        assert max(played.readframes(8000)) > 0
    (words,) = application.wait_for("/words")
    assert words.form["TranscriptionStatus"] == "failed"


def test_a_prompt_is_heard_as_the_exchange_says_it_and_to_its_end(
    rig: ExchangeRig, application: Application, microphone_page: Page
) -> None:
    page = microphone_page
    application.says("/voice", "<Say language='zh-CN'>您好，再见。</Say><Redirect>/next</Redirect>")
    application.says("/next", "<Say language='zh-CN'>真的再见。</Say>")
    page.goto(f"{rig.url}/handset?number={HOUSEHOLD}")
    page.locator("#own button").click()
    screen(page, "idle")
    rig.dial(application)
    with page.expect_response("**/handset/sound") as fetched:
        page.locator("#answer").click()
    assert fetched.value.status == 200
    clip = Voice(rig.folder / "data" / "clips").clip("您好，再见。", "zh-CN")
    assert clip is not None
    seconds = wave_seconds(clip.read_bytes()) or 0
    assert seconds > 1
    (started,), (ended,) = application.wait_for("/voice"), application.wait_for("/next")
    assert seconds < ended.at - started.at < seconds + 3


def test_without_a_voice_the_words_are_read_and_the_call_goes_on(
    start_exchange: StartExchange, application: Application, new_page: NewPage
) -> None:
    rig = start_exchange([a_truth()], environment={"PATH": "/nowhere"})
    assert "espeak-ng" in rig.process.log.read_text()
    assert requests.get(f"{rig.url}/health", timeout=5).json()["voice"] is False
    application.says("/voice", "<Say language='zh-CN'>您好，再见。</Say><Redirect>/next</Redirect>")
    page = new_page(**PHONE)
    page.goto(f"{rig.url}/handset?number={HOUSEHOLD}")
    page.locator("#own button").click()
    screen(page, "idle")
    rig.dial(application)
    page.locator("#answer").click()
    expect(page.locator("#said li").last).to_have_text("您好，再见。")
    (started,), (ended,) = application.wait_for("/voice"), application.wait_for("/next")
    assert ended.at - started.at > 1


def test_a_visitor_takes_whichever_household_is_called_next_in_english(
    rig: ExchangeRig, application: Application, new_page: NewPage, screenshot: Screenshot
) -> None:
    page = new_page(**PHONE)
    page.goto(f"{rig.url}/handset?any=1")
    page.locator("#tongue").click()
    expect(page.locator("#any")).to_have_text("Answer the next household call")
    page.locator("#any").click()
    screen(page, "idle")
    sid = rig.dial(application, to="+8613900000003")
    screen(page, "ringing")
    expect(page.locator(".ringing .role")).to_contain_text("You play the 王桂兰 household")
    screenshot(page, "handset-english")
    page.keyboard.press("Enter")
    screen(page, "talking")
    expect(page.locator("#said li").last).to_have_text(CONSENT)
    page.keyboard.press("1")
    application.wait_for("/score")
    page.locator("#hang_up").click()
    screen(page, "ended")
    expect(page.locator("#ended_title")).to_have_text("You hung up")
    assert rig.finish(sid) == "completed"
    page.locator("#again").click()
    screen(page, "idle")
    second = rig.dial(application, to=HOUSEHOLD)
    screen(page, "ringing")
    # Of both numbers that it was called as, each message with the one it came to.
    for to in ("+8613900000003", HOUSEHOLD):
        rig.client.messages.create(to=to, from_=CALLER, body=to)
    page.locator("#letters").click()
    expect(page.locator("#mails li")).to_have_count(2)
    expect(page.locator("#mails li .from").first).to_contain_text("139 0000 0003")
    page.locator("#shut").click()
    page.keyboard.press("Escape")
    page.locator("#decline").click()
    assert rig.finish(second) == "busy"


def test_a_declined_call_is_busy_and_an_ignored_one_unanswered(
    rig: ExchangeRig, application: Application, new_page: NewPage
) -> None:
    page = new_page(**PHONE)
    page.goto(f"{rig.url}/handset?number={HOUSEHOLD}")
    page.locator("#own button").click()
    screen(page, "idle")
    sid = rig.dial(application)
    page.locator("#decline").click()
    assert rig.finish(sid) == "busy"
    screen(page, "ended")
    assert application.wait_for("/status", 3)[-1].form["SipResponseCode"] == "603"
    page.locator('.ended [data-do="away"]').click()
    screen(page, "idle")
    sid = rig.dial(application, timeout=2)
    screen(page, "ringing")
    assert rig.finish(sid) == "no-answer"
    screen(page, "ended")
    expect(page.locator("#ended_title")).to_have_text("未接电话")


def test_the_script_answers_again_when_the_page_is_put_away(
    rig: ExchangeRig, application: Application, new_page: NewPage
) -> None:
    page = new_page(**PHONE)
    page.goto(f"{rig.url}/handset")
    page.locator("#number").fill("139")
    page.locator("#own button").click()
    expect(page.locator("#wrong")).to_be_visible()
    page.locator("#number").fill("139 0000 0001")
    page.locator("#own button").click()
    screen(page, "idle")
    expect(page.locator("#which")).to_have_text("+86 139 0000 0001")
    page.locator('.idle [data-do="leave"]').click()
    screen(page, "setup")
    sid = rig.dial(application)
    assert rig.finish(sid) in {"completed", "busy", "no-answer"}
    screen(page, "setup")


def test_a_number_is_held_by_the_page_that_asked_last(
    rig: ExchangeRig, application: Application, new_page: NewPage
) -> None:
    first, second = new_page(**PHONE), new_page(**PHONE)
    for page in (first, second):
        page.goto(f"{rig.url}/handset?number={HOUSEHOLD}")
        page.locator("#own button").click()
        screen(page, "idle")
    screen(first, "ended")
    expect(first.locator("#ended_title")).to_have_text("号码已转走")
    rig.dial(application)
    screen(second, "ringing")
    screen(first, "ended")


def test_a_page_follows_the_exchange_through_its_restart(
    rig: ExchangeRig, application: Application, new_page: NewPage
) -> None:
    page = new_page(**PHONE)
    page.goto(f"{rig.url}/handset?number={HOUSEHOLD}")
    page.locator("#own button").click()
    screen(page, "idle")
    rig.process.kill()
    expect(page.locator("#broken")).to_be_visible(timeout=10000)
    rig.restart()
    expect(page.locator("#broken")).to_be_hidden(timeout=15000)
    rig.dial(application)
    screen(page, "ringing")


def test_the_front_page_fits_a_telephone(
    rig: ExchangeRig, new_page: NewPage, screenshot: Screenshot
) -> None:
    page = new_page(**PHONE)
    page.goto(rig.url)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    screenshot(page, "exchange")
    wide = new_page(width=1280, height=900)
    wide.goto(f"{rig.url}/handset")
    screenshot(wide, "handset-desk")

"""Calls over the real wire: TwiML carried out, keys posted, everything signed and reported."""

import io
import time
import wave
from datetime import timedelta

import pytest
import requests
from flask import Response
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator

from tests.exchange_rig import (
    ACCOUNT,
    CALLER,
    HOUSEHOLD,
    SECRET,
    TOKEN,
    Application,
    ExchangeRig,
    Hook,
    StartExchange,
    a_truth,
)
from tests.telephone import Telephone, telephones, until

PLAIN_SEED = 15
CONSENT = "您好，这里是评议电话。同意继续请按1，不同意请按2。"
VISITED = "今年干部到您家走访过吗？走访过请按1，没有走访请按2，记不清请按3。"


@pytest.fixture
def rig(start_exchange: StartExchange) -> ExchangeRig:
    return start_exchange([a_truth(comment="路灯坏了，希望修一修。")], seed=PLAIN_SEED)


def ask(text: str, action: str, **attributes: object) -> str:
    given = {"numDigits": 1, "finishOnKey": "", "action": action} | attributes
    marks = " ".join(f'{name}="{value}"' for name, value in given.items())
    return f'<Gather {marks}><Say language="zh-CN">{text}</Say></Gather>'


def statuses(hooks: list[Hook]) -> list[str]:
    return [hook.form["CallStatus"] for hook in hooks]


def test_a_whole_interview_runs_over_the_wire(rig: ExchangeRig, application: Application) -> None:
    application.says("/voice", ask(CONSENT, "visited?try=1") + "<Redirect>/voice</Redirect>")
    application.says("/visited", ask(VISITED, "/comment") + "<Hangup/>")
    application.says(
        "/comment",
        "<Say>请留下意见，按井号键结束。</Say>"
        '<Record action="/thanks" maxLength="60" finishOnKey="#" transcribeCallback="/words"'
        ' recordingStatusCallback="/recorded"/><Hangup/>',
    )
    application.says("/thanks", "<Say>谢谢</Say><Hangup/>")
    sid = rig.dial(application)
    assert rig.finish(sid) == "completed"

    (first,) = application.sent_to("/voice")
    assert first.form["CallSid"] == sid
    assert (first.form["CallStatus"], first.form["Direction"]) == ("in-progress", "outbound-api")
    (second,) = application.sent_to("/visited")
    assert second.url.endswith("/visited?try=1")
    assert (second.form["Digits"], second.form["To"]) == ("1", HOUSEHOLD)
    assert application.sent_to("/comment")[0].form["Digits"] == "1"
    thanks = application.sent_to("/thanks")[0].form
    assert thanks["Digits"] == "#"
    (words,) = application.wait_for("/words")
    assert words.form["TranscriptionText"] == "路灯坏了，希望修一修。"
    assert words.form["TranscriptionStatus"] == "completed"
    (recorded,) = application.wait_for("/recorded")
    assert recorded.form["RecordingStatus"] == "completed"
    assert recorded.form["RecordingSid"] == thanks["RecordingSid"]

    (recording,) = rig.client.calls(sid).recordings.list()
    assert (recording.sid, str(recording.source)) == (thanks["RecordingSid"], "RecordVerb")
    assert recording.duration == thanks["RecordingDuration"]
    assert [each.sid for each in rig.client.recordings.list()] == [recording.sid]
    made = recording.date_created
    assert made is not None
    assert len(rig.client.recordings.list(date_created_after=made - timedelta(minutes=1))) == 1
    assert rig.client.recordings.list(date_created_before=made - timedelta(minutes=1)) == []
    name = thanks["RecordingSid"]
    assert rig.client.calls(sid).recordings(name).fetch().sid == name
    with pytest.raises(TwilioRestException, match="not found"):
        rig.client.calls("CA" + "0" * 32).recordings(name).fetch()
    sound = requests.get(thanks["RecordingUrl"] + ".wav", auth=(ACCOUNT, TOKEN), timeout=5)
    with wave.open(io.BytesIO(sound.content)) as played:
        seconds = played.getnframes() / played.getframerate()
    assert str(round(seconds)) == recording.duration
    assert requests.get(thanks["RecordingUrl"], timeout=5).status_code == 401
    found = rig.client.recordings(thanks["RecordingSid"])
    (text,) = found.transcriptions.list()
    assert text.transcription_text == "路灯坏了，希望修一修。"
    assert found.delete() is True
    assert rig.client.recordings.list() == []


def test_every_request_is_signed_under_the_webhook_secret(
    rig: ExchangeRig, application: Application
) -> None:
    application.says("/voice", ask(CONSENT, "/next?a=1&amp;b=%E4%B8%AD") + "<Hangup/>")
    rig.finish(rig.dial(application))
    application.wait_for("/status", 4)
    validator = RequestValidator(SECRET)
    assert len(application.sent_to("/next")) == 1
    for hook in application.hooks:
        signed = hook.headers["X-Twilio-Signature"]
        url = application.url("/next?a=1&b=%E4%B8%AD") if hook.path == "/next" else hook.url
        assert validator.validate(url, dict(hook.form), signed), hook.path
        assert hook.headers["I-Twilio-Idempotency-Token"]


def test_an_address_beyond_ascii_is_encoded_before_it_is_signed(
    rig: ExchangeRig, application: Application
) -> None:
    application.says("/问", "<Redirect>答?谁=户</Redirect>")
    application.says("/答", "<Hangup/>")
    rig.finish(rig.dial(application, "/问?场=一"))
    asked = {"/问": "/%E9%97%AE?%E5%9C%BA=%E4%B8%80", "/答": "/%E7%AD%94?%E8%B0%81=%E6%88%B7"}
    for path, encoded in asked.items():
        (hook,) = application.sent_to(path)
        shown = hook.headers["X-Twilio-Signature"]
        assert RequestValidator(SECRET).validate(application.url(encoded), hook.form, shown)


def test_a_get_document_is_asked_with_everything_in_its_address(
    rig: ExchangeRig, application: Application
) -> None:
    application.says("/voice", '<Redirect method="GET">/got?x=1</Redirect>')
    sid = rig.dial(application)
    rig.finish(sid)
    (got,) = application.sent_to("/got")
    assert got.form == {}
    assert f"x=1&AccountSid={ACCOUNT}" in got.url
    assert f"CallSid={sid}" in got.url


def test_progress_is_reported_in_order_and_numbered(
    rig: ExchangeRig, application: Application
) -> None:
    application.says("/voice", "<Say>您好</Say>")
    rig.finish(rig.dial(application))
    hooks = application.wait_for("/status", 4)
    assert statuses(hooks) == ["initiated", "ringing", "in-progress", "completed"]
    assert [hook.form["SequenceNumber"] for hook in hooks] == ["0", "1", "2", "3"]
    last = hooks[-1].form
    assert last["CallbackSource"] == "call-progress-events"
    assert last["Timestamp"].endswith("+0000")
    assert (last["SipResponseCode"], last["Duration"]) == ("200", "1")
    assert int(last["CallDuration"]) >= 1


def test_without_a_choice_only_the_end_is_reported(
    rig: ExchangeRig, application: Application
) -> None:
    rig.finish(rig.dial(application, status_callback_event=None))
    (only,) = application.wait_for("/status")
    time.sleep(0.3)
    assert len(application.sent_to("/status")) == 1
    assert (only.form["CallStatus"], only.form["SequenceNumber"]) == ("completed", "0")


def test_a_number_that_is_not_in_the_truth_file_is_not_in_service(
    rig: ExchangeRig, application: Application
) -> None:
    assert rig.finish(rig.dial(application, to="+8613900000777")) == "failed"
    hooks = application.wait_for("/status", 2)
    assert statuses(hooks) == ["initiated", "failed"]
    assert hooks[-1].form["SipResponseCode"] == "404"


def test_nobody_answers_and_the_ringing_ends_at_the_timeout(
    start_exchange: StartExchange, application: Application
) -> None:
    rig = start_exchange([a_truth(answers=0)], speed=10, seed=PLAIN_SEED)
    started = time.monotonic()
    assert rig.finish(rig.dial(application, timeout=25)) == "no-answer"
    assert time.monotonic() - started > 2.0  # 25 s at ten times the speed; not cut short
    assert statuses(application.wait_for("/status", 3)) == ["initiated", "ringing", "no-answer"]
    assert application.sent_to("/voice") == []


def test_a_gather_without_input_falls_through(rig: ExchangeRig, application: Application) -> None:
    application.says(
        "/voice",
        '<Gather action="/no" timeout="2"><Say>喂</Say></Gather>'
        '<Gather action="/empty" timeout="2" actionOnEmptyResult="true"/>',
    )
    rig.finish(rig.dial(application))
    assert application.sent_to("/no") == []
    assert application.sent_to("/empty")[0].form["Digits"] == ""


def test_an_empty_recording_falls_through(
    start_exchange: StartExchange, application: Application
) -> None:
    rig = start_exchange([a_truth(comment="")], seed=PLAIN_SEED)
    application.says("/voice", '<Record action="/no"/><Redirect>/after</Redirect>')
    rig.finish(rig.dial(application))
    assert application.sent_to("/no") == []
    assert len(application.sent_to("/after")) == 1


def test_a_sound_is_fetched_and_lasts_as_long_as_it_is(
    start_exchange: StartExchange, application: Application
) -> None:
    rig = start_exchange([a_truth()], speed=4, seed=PLAIN_SEED)
    sound = io.BytesIO()
    with wave.open(sound, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(8000)
        made.writeframes(bytes(2 * 8000 * 4))
    application.says("/bell.wav", lambda: Response(sound.getvalue(), content_type="audio/wav"))
    application.says("/voice", "<Play>bell.wav</Play><Redirect>/after</Redirect>")
    rig.finish(rig.dial(application))
    passed = application.sent_to("/after")[0].at - application.sent_to("/voice")[0].at
    assert 0.95 < passed < 2.0


def test_a_document_in_error_ends_the_call_as_completed(
    rig: ExchangeRig, application: Application
) -> None:
    for document, code in (
        ("<Dance/>", "12200"),
        ('<Gather numDigits="x"/>', "12200"),
        ("<Say>broken", "12100"),
        ("<Redirect>mailto:a@b</Redirect>", "11100"),
    ):
        application.says("/voice", document)
        assert rig.finish(rig.dial(application)) == "completed"
        assert f"{code} CA" in rig.process.log.read_text()


def test_documents_that_lead_in_circles_are_stopped(
    rig: ExchangeRig, application: Application
) -> None:
    application.says("/voice", "<Redirect/>")
    assert rig.finish(rig.dial(application)) == "completed"
    assert 20 < len(application.sent_to("/voice")) < 100
    assert "12400" in rig.process.log.read_text()


def test_a_failing_application_is_asked_once_more_then_the_call_ends(
    rig: ExchangeRig, application: Application
) -> None:
    application.says("/voice", lambda: Response("sorry", 500))
    assert rig.finish(rig.dial(application)) == "completed"
    first, second = application.sent_to("/voice")
    token = "I-Twilio-Idempotency-Token"  # noqa: S105 - the name of a header
    assert first.headers[token] == second.headers[token]


def test_a_fallback_takes_over_from_a_failing_application(
    rig: ExchangeRig, application: Application
) -> None:
    application.says("/voice", lambda: Response("sorry", 500))
    application.says("/fallback", "<Say>请稍后</Say>")
    rig.finish(rig.dial(application, fallback_url=application.url("/fallback")))
    assert len(application.sent_to("/voice")) == 1
    (fallen,) = application.sent_to("/fallback")
    assert fallen.form["ErrorCode"] == "11200"
    assert fallen.form["ErrorUrl"] == application.url("/voice")


def test_a_call_outlives_a_restart_of_the_application(
    rig: ExchangeRig, application: Application
) -> None:
    def answer_and_die() -> str:
        application.stop()
        return ask(CONSENT, "/next")

    application.says("/next", "<Say>谢谢</Say>")
    application.says("/voice", answer_and_die)
    sid = rig.dial(application)
    application.wait_for("/voice")
    time.sleep(3)
    assert rig.status(sid) == "in-progress"
    application.start()
    assert rig.finish(sid) == "completed"
    assert application.sent_to("/next")[0].form["Digits"] == "1"
    assert statuses(application.wait_for("/status", 4))[-1] == "completed"


def test_a_callback_is_repeated_with_its_token_until_acknowledged_and_in_order(
    rig: ExchangeRig, application: Application
) -> None:
    application.says("/voice", "<Say>您好</Say>")
    tries = iter(range(100))
    application.says("/status", lambda: Response("", 503 if next(tries) < 2 else 204))
    rig.finish(rig.dial(application))
    hooks = application.wait_for("/status", 6)
    assert [hook.form["SequenceNumber"] for hook in hooks] == ["0", "0", "0", "1", "2", "3"]
    tokens = [hook.headers["I-Twilio-Idempotency-Token"] for hook in hooks]
    assert tokens[0] == tokens[1] == tokens[2]
    assert len(set(tokens)) == 4


def test_two_hundred_calls_run_side_by_side(
    start_exchange: StartExchange, application: Application
) -> None:
    numbers = [f"+861390001{n:04}" for n in range(200)]
    rig = start_exchange([a_truth(number) for number in numbers], speed=20)
    application.says("/voice", "<Say>" + "您好。" * 60 + "</Say>" + '<Pause length="60"/>')
    started = time.monotonic()
    for number in numbers:
        rig.dial(application, to=number, status_callback_event=["completed"])
    most = 0
    while len(application.sent_to("/status")) < len(numbers):
        health = requests.get(f"{rig.url}/health", timeout=5).json()
        most = max(most, health["calls_in_progress"])
        assert time.monotonic() - started < 60
        time.sleep(0.1)
    assert most > 100
    ended = {
        hook.form["CallSid"]: hook.form["CallStatus"] for hook in application.sent_to("/status")
    }
    assert len(ended) == len(numbers)
    assert set(ended.values()) <= {"completed"}


def test_a_page_calls_back_who_called_it(
    start_exchange: StartExchange, application: Application
) -> None:
    application.says("/voice", "<Say>再见。</Say>")
    application.says("/in", '<Gather numDigits="1" action="/key"><Say>请按1。</Say></Gather>')
    application.says("/key", "<Hangup/>")
    told = ["--inbound-status-url", application.url("/told")]
    rig = start_exchange(more=["--inbound-url", application.url("/in"), *told])
    telephone = Telephone(rig.url, HOUSEHOLD, {"请按1": "1"})
    with telephones(telephone):
        until(lambda: telephone.view.get("phase") == "idle", "the page")
        telephone.call_back()  # nobody called yet: nobody is called
        rig.finish(rig.dial(application))
        until(lambda: bool(telephone.view["call_back"]), "may call back")
        telephone.call_back()
        (key,) = application.wait_for("/key")
        assert (key.form["Direction"], key.form["Digits"]) == ("inbound", "1")
        assert (key.form["From"], key.form["To"]) == (HOUSEHOLD, CALLER)
        assert rig.finish(key.form["CallSid"]) == "completed"
    hooks = [hook.form for hook in application.wait_for("/told", 3)]
    assert [hook["CallStatus"] for hook in hooks] == ["ringing", "in-progress", "completed"]
    assert [hook["SequenceNumber"] for hook in hooks] == ["0", "1", "2"]
    assert {(hook["CallSid"], hook["Direction"]) for hook in hooks} == {
        (key.form["CallSid"], "inbound")
    }
    assert int(hooks[-1]["CallDuration"]) >= 1
    assert len(rig.client.calls.list()) == 2

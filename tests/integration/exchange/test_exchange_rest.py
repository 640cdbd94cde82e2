"""The REST API as the official client sees it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from tests.exchange_rig import (
    ACCOUNT,
    CALLER,
    HOUSEHOLD,
    TOKEN,
    Application,
    ExchangeRig,
    StartExchange,
    a_truth,
    close,
    official_client,
)

PLAIN_SEED = 15
"""With this seed the first calls to HOUSEHOLD are answered without any oddity."""
WAIT = '<Pause length="600"/>'


@pytest.fixture
def rig(start_exchange: StartExchange) -> ExchangeRig:
    return start_exchange([a_truth()], seed=PLAIN_SEED)


def refusal_of(rig: ExchangeRig, **wrong: object) -> TwilioRestException:
    wanted: dict[str, Any] = {"to": HOUSEHOLD, "from_": CALLER, "url": "http://127.0.0.1/v"}
    with pytest.raises(TwilioRestException) as refused:
        rig.client.calls.create(**{k: v for k, v in (wanted | wrong).items() if v is not None})
    error: TwilioRestException = refused.value
    return error


def test_a_call_is_created_queued_and_can_be_followed_to_its_end(
    rig: ExchangeRig, application: Application
) -> None:
    application.says("/voice", "<Say>再见</Say>")
    created = rig.client.calls.create(to=HOUSEHOLD, from_=CALLER, url=application.url("/voice"))
    assert (str(created.status), created.direction) == ("queued", "outbound-api")
    assert created.start_time is None
    assert rig.finish(str(created.sid)) == "completed"
    ended = created.fetch()
    assert (ended.to, ended._from, ended.duration) == (HOUSEHOLD, CALLER, "1")
    times = [ended.date_created, ended.start_time, ended.end_time]
    assert times == sorted(each for each in times if each)


def test_a_wrong_call_is_refused_with_twilios_code(rig: ExchangeRig) -> None:
    table: list[tuple[dict[str, object], int]] = [
        ({"to": ""}, 21201),
        ({"to": "139 0000 0001"}, 21211),
        ({"to": "client:an na"}, 21211),
        ({"to": "+861390"}, 21217),
        ({"from_": ""}, 21213),
        ({"from_": "county"}, 21212),
        ({"url": None}, 21205),
        ({"url": "/voice"}, 21205),
        ({"url": "ftp://127.0.0.1/"}, 21205),
        ({"fallback_url": "nowhere"}, 21205),
        ({"status_callback": "nowhere"}, 21609),
        ({"status_callback_event": ["finished"]}, 21626),
        ({"method": "PUT"}, 20001),
        ({"machine_detection": "Perhaps"}, 20001),
        ({"timeout": 0}, 20001),
    ]
    for wrong, code in table:
        refused = refusal_of(rig, **wrong)
        assert (refused.status, refused.code) == (400, code), wrong
    assert rig.client.calls.list() == []


def test_nobody_gets_in_without_the_token(rig: ExchangeRig) -> None:
    stranger = official_client(rig.url, "wrong")
    with pytest.raises(TwilioRestException) as refused:
        stranger.calls("CA" + "0" * 32).fetch()
    assert (refused.value.status, refused.value.code) == (401, 20003)
    close(stranger)
    bare = requests.get(f"{rig.url}/2010-04-01/Accounts/{ACCOUNT}/Calls.json", timeout=5)
    assert bare.status_code == 401
    assert bare.headers["WWW-Authenticate"].startswith("Basic")


def test_what_does_not_exist_is_20404(rig: ExchangeRig) -> None:
    for fetch in (
        rig.client.calls("CA" + "0" * 32).fetch,
        rig.client.recordings("RE" + "0" * 32).fetch,
        rig.client.conferences("CF" + "0" * 32).fetch,
        rig.client.api.accounts("AC" + "9" * 32).calls("CA" + "0" * 32).fetch,
    ):
        with pytest.raises(TwilioRestException) as refused:
            fetch()
        assert (refused.value.status, refused.value.code) == (404, 20404)


def test_an_error_is_told_as_twilio_tells_it(rig: ExchangeRig) -> None:
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Calls/CA0.json"
    answer = requests.get(rig.url + path, auth=(ACCOUNT, TOKEN), timeout=5)
    assert answer.json() == {
        "code": 20404,
        "message": f"The requested resource {path} was not found",
        "more_info": "https://www.twilio.com/docs/errors/20404",
        "status": 404,
    }


def test_calls_are_listed_newest_first_filtered_and_paged(
    rig: ExchangeRig, application: Application
) -> None:
    other = "+8613900000009"
    sids = [rig.dial(application, to=HOUSEHOLD) for _ in range(3)]
    lost = rig.dial(application, to=other)
    for sid in [*sids, lost]:
        rig.finish(sid)
    calls = rig.client.calls
    assert [call.sid for call in calls.list(page_size=1)] == [lost, *reversed(sids)]
    assert [call.sid for call in calls.list(to=HOUSEHOLD, limit=2)] == sids[:0:-1]
    assert [call.sid for call in calls.list(status="failed")] == [lost]
    assert calls.list(from_="+8610000000001") == []
    now = datetime.now(UTC)  # noqa: TID251 - the exchange's clock is the machine's
    assert len(calls.list(start_time_after=now - timedelta(minutes=1))) == 4
    assert calls.list(start_time_after=now + timedelta(minutes=1)) == []
    assert calls.list(start_time_before=now - timedelta(minutes=1)) == []
    assert len(calls.list(start_time=now.date())) == 4
    assert len(calls.list(end_time_after=now - timedelta(minutes=1))) == 4
    assert calls.list(end_time_after=now + timedelta(minutes=1)) == []
    assert calls.list(end_time_before=now - timedelta(minutes=1)) == []
    assert len(calls.list(end_time=now.date())) == 4
    assert calls.list(parent_call_sid=lost) == []
    page = calls.page(page_size=3)
    assert page.next_page_url == page._version.domain.absolute_url(page._payload["next_page_uri"])
    assert page._payload["previous_page_uri"] is None


def test_a_call_in_progress_can_be_completed(rig: ExchangeRig, application: Application) -> None:
    application.says("/voice", WAIT)
    sid = rig.dial(application)
    application.wait_for("/voice")
    rig.client.calls(sid).update(status="completed")
    assert rig.finish(sid) == "completed"
    with pytest.raises(TwilioRestException) as refused:
        rig.client.calls(sid).update(status="completed")
    assert refused.value.code == 21220


def test_a_call_that_rings_can_be_cancelled_and_one_in_progress_cannot(
    start_exchange: StartExchange, application: Application
) -> None:
    slow = start_exchange([a_truth(answers=0)], speed=1, seed=PLAIN_SEED)
    sid = slow.dial(application)
    application.wait_for("/status", 2)
    slow.client.calls(sid).update(status="canceled")
    assert slow.finish(sid) == "canceled"
    last = application.wait_for("/status", 3)[-1].form
    assert (last["CallStatus"], last["SipResponseCode"]) == ("canceled", "487")

    quick = start_exchange([a_truth()], seed=PLAIN_SEED)
    application.says("/voice", WAIT)
    sid = quick.dial(application)
    application.wait_for("/voice")
    with pytest.raises(TwilioRestException) as refused:
        quick.client.calls(sid).update(status="canceled")
    assert refused.value.code == 21220
    assert quick.status(sid) == "in-progress"


@pytest.mark.parametrize("by", ["url", "twiml"])
def test_a_call_in_progress_can_be_sent_elsewhere(
    rig: ExchangeRig, application: Application, by: str
) -> None:
    application.says("/voice", WAIT)
    application.says("/elsewhere", "<Hangup/>")
    sid = rig.dial(application)
    application.wait_for("/voice")
    where = application.url("/elsewhere")
    document = f"<Response><Redirect>{where}</Redirect></Response>"
    rig.client.calls(sid).update(**({"url": where} if by == "url" else {"twiml": document}))
    assert rig.finish(sid) == "completed"
    assert len(application.sent_to("/elsewhere")) == 1


def test_twiml_can_come_with_the_call_itself(rig: ExchangeRig, application: Application) -> None:
    sid = rig.dial(
        application,
        url=None,
        status_callback=None,
        twiml="<Response><Say>您好</Say></Response>",
    )
    assert rig.finish(sid) == "completed"
    assert application.hooks == []


def test_twiml_beside_an_address_is_ignored(rig: ExchangeRig, application: Application) -> None:
    application.says("/voice", "<Hangup/>")
    sid = rig.dial(application, twiml="<Response><Redirect>/elsewhere</Redirect></Response>")
    assert rig.finish(sid) == "completed"
    assert len(application.sent_to("/voice")) == 1


def test_the_record_of_a_call_can_be_deleted_once_it_is_over(
    rig: ExchangeRig, application: Application
) -> None:
    application.says("/voice", WAIT)
    sid = rig.dial(application)
    application.wait_for("/voice")
    with pytest.raises(TwilioRestException) as refused:
        rig.client.calls(sid).delete()
    assert refused.value.status == 409
    rig.client.calls(sid).update(status="completed")
    rig.finish(sid)
    assert rig.client.calls(sid).delete() is True
    with pytest.raises(TwilioRestException):
        rig.client.calls(sid).fetch()


def test_the_front_page_and_health_tell_how_it_is(
    rig: ExchangeRig, application: Application
) -> None:
    rig.finish(rig.dial(application))
    health = requests.get(f"{rig.url}/health", timeout=5).json()
    assert (health["status"], health["calls_in_progress"]) == ("ok", 0)
    page = requests.get(rig.url, timeout=5)
    assert "电话交换机" in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]

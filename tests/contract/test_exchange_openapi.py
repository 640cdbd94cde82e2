"""The exchange against Twilio's own description of its API: what the official client asks, and
what it is answered, in both directions; and the words of callbacks against the same schemas."""

import json
import re
import time
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from flask import Response
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.contract.twilio_openapi import SERVED, Judge, description
from tests.exchange_rig import ACCOUNT, CALLER, TOKEN, Application, StartExchange, a_truth

PLAIN_SEED = 15
ONE, TWO, DEAD = "+8613900000001", "+8613900000002", "+8613900000009"
CONFERENCE_EVENTS = ["start", "end", "join", "leave", "mute", "hold", "modify"]


def until(what: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def judged(start_exchange: StartExchange) -> Iterator[tuple[Client, Judge]]:
    """Give the official client under a judge."""
    truths = [a_truth(ONE, comment="路灯坏了。"), a_truth(TWO)]
    rig = start_exchange(truths, seed=PLAIN_SEED)
    judge = Judge(rig.url)
    client = Client(ACCOUNT, TOKEN, http_client=judge.client)
    client.api.base_url = rig.url
    yield client, judge
    session = judge.client.session
    assert session is not None
    session.close()


def test_everything_served_conforms_in_both_directions(
    judged: tuple[Client, Judge], application: Application
) -> None:
    client, judge = judged
    _calls_and_recordings(client, application)
    _conferences(client, application)
    _messages(client, application)
    assert judge.problems == []
    asked = {(method, path) for path, methods in SERVED.items() for method in methods}
    assert asked - judge.seen == set()
    assert _callback_problems(application) == []


def _calls_and_recordings(client: Client, application: Application) -> None:
    application.says("/voice", '<Record transcribe="true" action="/end" finishOnKey="#"/>')
    application.says("/end", "<Hangup/>")
    for to in (ONE, TWO, DEAD):
        call = client.calls.create(
            to=to,
            from_=CALLER,
            url=application.url("/voice"),
            method="POST",
            fallback_url=application.url("/fallback"),
            status_callback=application.url("/status"),
            status_callback_event=["initiated", "ringing", "answered", "completed"],
            status_callback_method="POST",
            timeout=25,
            time_limit=600,
        )
        until(lambda call=call: call.fetch().end_time is not None)  # type: ignore[misc]  # this one
    client.calls.create(
        to=ONE, from_=CALLER, twiml="<Response><Pause length='600'/></Response>"
    ).update(status="completed")
    (recording,) = client.recordings.list()
    sid = str(recording.sid)
    made = client.calls(str(recording.call_sid)).recordings
    assert made.list()[0].sid == made(sid).fetch().sid == client.recordings(sid).fetch().sid
    (words,) = client.recordings(sid).transcriptions.list()
    client.transcriptions(str(words.sid)).fetch()
    assert len(list(client.calls.stream(page_size=1, limit=3))) == 3
    until(lambda: made(sid).delete())
    with pytest.raises(TwilioRestException):
        client.recordings(sid).delete()
    again = client.calls.create(to=ONE, from_=CALLER, url=application.url("/voice"))
    until(lambda: again.fetch().end_time is not None)
    assert client.recordings.list()[0].delete()
    assert client.calls(str(again.sid)).delete()


def _conferences(client: Client, application: Application) -> None:
    people = client.conferences("hall").participants
    for to in (ONE, TWO):
        people.create(
            to=to,
            from_=CALLER,
            label=f"p{to[-1]}",
            early_media=False,
            beep="false",
            muted=False,
            end_conference_on_exit=False,
            conference_record="true",
            conference_status_callback=application.url("/hall"),
            conference_status_callback_event=CONFERENCE_EVENTS,
            status_callback=application.url("/status"),
            status_callback_event=["initiated", "ringing", "answered", "completed"],
        )
    until(lambda: str(client.conferences.list(friendly_name="hall")[0].status) == "in-progress")
    (room,) = client.conferences.list(friendly_name="hall")
    people = client.conferences(str(room.sid)).participants
    people("p1").update(muted=True)
    people("p1").update(hold=True, hold_url=application.url("/music"))
    assert len(people.list()) == 2
    assert people("p1").fetch().label == "p1"
    assert people("p2").delete()
    client.conferences(str(room.sid)).update(status="completed")
    assert client.conferences(str(room.sid)).fetch().reason_conference_ended
    assert len(client.conferences(str(room.sid)).recordings.list()) == 1


def _messages(client: Client, application: Application) -> None:
    made = client.messages.create(
        to=ONE, from_=CALLER, body="请参加评议。", status_callback=application.url("/sent")
    )
    dead = client.messages.create(to=DEAD, from_=CALLER, body="请参加评议。")
    until(lambda: str(made.fetch().status) == "delivered")
    until(lambda: str(dead.fetch().status) == "undelivered")
    assert len(client.messages.list(to=ONE, from_=CALLER)) == 1
    assert made.delete()


# Twilio describes no callbacks; what they carry are properties of its resources.
CALL = "api.v2010.account.call"
ROOM = "api.v2010.account.conference"
PARTICIPANT = "api.v2010.account.conference.participant"
RECORDING = "api.v2010.account.recording"
MESSAGE = "api.v2010.account.message"
PROPERTY_OF = {
    "AccountSid": (CALL, "account_sid"),
    "ApiVersion": (CALL, "api_version"),
    "CallSid": (CALL, "sid"),
    "CallSidEndingConference": (ROOM, "call_sid_ending_conference"),
    "ConferenceSid": (ROOM, "sid"),
    "FriendlyName": (ROOM, "friendly_name"),
    "MessageSid": (MESSAGE, "sid"),
    "MessageStatus": (MESSAGE, "status"),
    "ParticipantLabel": (PARTICIPANT, "label"),
    "ReasonConferenceEnded": (ROOM, "reason_conference_ended"),
    "RecordingSid": (RECORDING, "sid"),
    "SmsSid": (MESSAGE, "sid"),
    "SmsStatus": (MESSAGE, "status"),
}
GRAMMAR = {
    "CallDuration": r"[0-9]+",
    "CallStatus": "queued|initiated|ringing|in-progress|completed|busy|no-answer|failed|canceled",
    "CallbackSource": "call-progress-events",
    "Direction": "outbound-api|outbound-dial",
    "Duration": r"[0-9]+",
    "Muted|Hold|Coaching|StartConferenceOnEnter|EndConferenceOnExit": "true|false",
    "RecordingDuration|SequenceNumber": r"[0-9]+",
    "RecordingStatus": "in-progress|completed|absent",
    "SipResponseCode": r"[1-6][0-9]{2}",
    "StatusCallbackEvent": r"(conference|participant|announcement)-[a-z-]+",
}


def _callback_problems(application: Application) -> list[str]:
    schemas = description("http://exchange.example")["components"]["schemas"]
    problems = []
    assert application.hooks
    for hook in application.hooks:
        for name, value in hook.form.items():
            place = f"{hook.path} {name}={value}"
            if name in PROPERTY_OF:
                schema, field = PROPERTY_OF[name]
                problems += _violations(schemas, schemas[schema]["properties"][field], place, value)
            for names, grammar in GRAMMAR.items():
                if name in names.split("|") and not re.fullmatch(grammar, value):
                    problems.append(place)
            if name == "Timestamp" and parsedate_to_datetime(value).tzinfo is None:
                problems.append(place)
    return problems


def _violations(schemas: dict[str, Any], rule: dict[str, Any], place: str, value: str) -> list[str]:
    if "$ref" in rule:
        rule = schemas[rule["$ref"].rpartition("/")[2]]
    if "enum" in rule and value not in rule["enum"]:
        return [place]
    if "pattern" in rule and not re.fullmatch(rule["pattern"], value):
        return [place]
    return []


def test_the_judge_itself_finds_what_is_wrong(application: Application) -> None:
    url = application.url("")
    judge = Judge(url)
    client = Client(ACCOUNT, TOKEN, http_client=judge.client)
    client.api.base_url = url
    sid = "CA" + "0" * 32
    wrong = json.dumps({"sid": "XX1", "status": "initiated"})
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Calls/{sid}.json"
    application.says(path, lambda: Response(wrong, content_type="application/json"))
    client.calls(sid).fetch()
    told = " ".join(judge.problems)
    assert "XX1" in told
    assert "initiated" in told
    session = judge.client.session
    assert session is not None
    session.close()

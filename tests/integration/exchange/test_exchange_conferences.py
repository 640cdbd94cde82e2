"""Calls that meet: conferences, who hears whom, calls put through; by the official client."""

import time
from collections.abc import Callable

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest.api.v2010.account.conference import ConferenceInstance
from twilio.rest.api.v2010.account.conference.participant import ParticipantInstance

from tests.exchange_rig import CALLER, Application, ExchangeRig, StartExchange, a_truth

STAYING_SEED = 15
ONE, TWO, THREE = (f"+861390000000{n}" for n in (1, 2, 3))
BUSY = "+8613900000009"
EVENTS = "start end join leave mute hold modify speaker announcement"


@pytest.fixture
def rig(start_exchange: StartExchange) -> ExchangeRig:
    truths = [a_truth(number, behaviour="usual") for number in (ONE, TWO, THREE)]
    return start_exchange(truths, seed=STAYING_SEED)


def hall(**attributes: object) -> str:
    """A document that enters the conference `hall`, and says so when it goes on after it."""
    given = {"beep": "false", "statusCallback": "/hall", "statusCallbackEvent": EVENTS} | attributes
    marks = " ".join(f'{name}="{value}"' for name, value in given.items())
    return f'<Dial action="/after" hangupOnStar="true"><Conference {marks}>hall</Conference></Dial>'


def until(what: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.03)


def the_hall(rig: ExchangeRig) -> ConferenceInstance:
    (found,) = rig.client.conferences.list(friendly_name="hall")
    return found


def members(rig: ExchangeRig, room: ConferenceInstance) -> list[ParticipantInstance]:
    return rig.client.conferences(str(room.sid)).participants.list()


def gathered(rig: ExchangeRig, application: Application, *numbers: str) -> ConferenceInstance:
    """Bring calls together in the hall."""
    for number in numbers:
        sid = rig.dial(application, to=number)
        until(lambda sid=sid: _is_in(rig, sid))  # type: ignore[misc]  # each its own sid
    return the_hall(rig)


def _is_in(rig: ExchangeRig, sid: str) -> bool:
    rooms = rig.client.conferences.list(friendly_name="hall")
    return any(each.call_sid == sid for room in rooms for each in members(rig, room))


def told(application: Application) -> list[str]:
    return [hook.form["StatusCallbackEvent"] for hook in application.sent_to("/hall")]


def test_a_conference_starts_with_the_second_call_and_ends_with_the_last(
    rig: ExchangeRig, application: Application
) -> None:
    application.says("/voice", hall())
    application.says("/after", "<Hangup/>")
    first = rig.dial(application, to=ONE)
    until(lambda: _is_in(rig, first))
    assert str(the_hall(rig).status) == "init"
    second = rig.dial(application, to=TWO)
    until(lambda: str(the_hall(rig).status) == "in-progress")
    room = the_hall(rig)
    assert {each.call_sid for each in members(rig, room)} == {first, second}
    assert {str(each.status) for each in members(rig, room)} == {"connected"}

    for sid in (first, second):
        rig.client.calls(sid).update(status="completed")
        rig.finish(sid)
    until(lambda: "conference-end" in told(application))
    ended = the_hall(rig)
    assert str(ended.status) == "completed"
    assert str(ended.reason_conference_ended) == "last-participant-left"
    assert ended.call_sid_ending_conference == second
    assert rig.client.conferences(str(ended.sid)).participants.list() == []
    hooks = [h for h in application.sent_to("/hall") if "speech" not in told_of(h.form)]
    assert [told_of(h.form) for h in hooks] == [
        "participant-join",
        "participant-join",
        "conference-start",
        "participant-leave",
        "participant-leave",
        "conference-end",
    ]
    numbers = [int(hook.form["SequenceNumber"]) for hook in application.sent_to("/hall")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {hook.form["FriendlyName"] for hook in hooks} == {"hall"}
    assert hooks[-1].form["ReasonConferenceEnded"] == "last-participant-left"


def told_of(form: object) -> str:
    assert isinstance(form, dict)
    return str(form["StatusCallbackEvent"])


def test_a_waiting_call_hears_the_waiting_document_until_the_host_comes(
    rig: ExchangeRig, application: Application
) -> None:
    application.says("/voice", hall(startConferenceOnEnter="false", waitUrl="/wait"))
    application.says("/wait", "<Say>请稍候。</Say><Pause length='5'/>")
    gathered(rig, application, ONE, TWO)
    assert application.wait_for("/wait", 3)[0].form["CallSid"]
    assert str(the_hall(rig).status) == "init"
    application.says("/voice", hall(startConferenceOnEnter="true"))
    gathered(rig, application, THREE)
    assert str(the_hall(rig).status) == "in-progress"
    asked = len(application.sent_to("/wait"))
    time.sleep(0.4)
    assert len(application.sent_to("/wait")) == asked


def test_when_the_host_goes_the_others_go_on_with_their_documents(
    rig: ExchangeRig, application: Application
) -> None:
    application.says("/voice", hall())
    application.says("/after", "<Say>现在请您打分。</Say><Pause length='9000'/>")
    gathered(rig, application, ONE, TWO)
    application.says("/voice", hall(endConferenceOnExit="true"))
    host = rig.dial(application, to=THREE)
    until(lambda: _is_in(rig, host))
    rig.client.calls(host).update(status="completed")
    hooks = application.wait_for("/after", 2)
    assert {hook.form["DialCallStatus"] for hook in hooks} == {"answered"}
    room = the_hall(rig)
    assert str(room.reason_conference_ended) == "participant-with-end-conference-on-exit-left"
    assert room.call_sid_ending_conference == host


def test_muting_holding_coaching_and_announcing(rig: ExchangeRig, application: Application) -> None:
    application.says("/voice", hall())
    application.says("/music", "<Say>请稍候。</Say><Pause length='10'/>")
    application.says("/word", "<Say>还有一分钟。</Say>")
    room = gathered(rig, application, ONE, TWO, THREE)
    first, second, _ = members(rig, room)
    people = rig.client.conferences(str(room.sid)).participants

    assert people(str(first.call_sid)).update(muted=True).muted is True
    assert [each.call_sid for each in people.list(muted=True)] == [first.call_sid]
    assert people(str(first.call_sid)).update(muted=False).muted is False

    held = people(str(first.call_sid)).update(hold=True, hold_url=application.url("/music"))
    assert held.hold is True
    application.wait_for("/music", 2)
    assert people(str(first.call_sid)).update(hold=False).hold is False
    asked = len(application.sent_to("/music"))

    coached = people(str(first.call_sid)).update(
        coaching=True, call_sid_to_coach=str(second.call_sid)
    )
    assert (coached.coaching, coached.call_sid_to_coach) == (True, second.call_sid)
    with pytest.raises(TwilioRestException, match="CallSidToCoach"):
        people(str(first.call_sid)).update(coaching=True, call_sid_to_coach="CA" + "0" * 32)
    assert people(str(first.call_sid)).update(coaching=False).coaching is False
    assert people(str(second.call_sid)).update(end_conference_on_exit=True).end_conference_on_exit

    people(str(second.call_sid)).update(announce_url=application.url("/word"))
    application.wait_for("/word")
    rig.client.conferences(str(room.sid)).update(announce_url=application.url("/word"))
    application.wait_for("/word", 4)
    application.says("/broken", "<Record/>")
    people(str(second.call_sid)).update(announce_url=application.url("/broken"))
    until(lambda: {"announcement-fail", "announcement-end"} <= set(told(application)))
    assert len(application.sent_to("/music")) == asked

    events = [event for event in told(application) if "speech" not in event]
    wanted = {f"participant-{each}" for each in ("mute", "unmute", "hold", "unhold", "modify")}
    assert wanted | {"announcement-end"} <= set(events)
    muted = next(
        hook for hook in application.sent_to("/hall") if told_of(hook.form) == "participant-mute"
    )
    assert muted.form["Muted"] == "true"
    assert muted.form["CallSid"] == first.call_sid


def test_speech_is_reported_while_nobody_muted_it(
    rig: ExchangeRig, application: Application
) -> None:
    application.says("/voice", hall())
    gathered(rig, application, ONE, TWO)
    until(lambda: "participant-speech-stop" in told(application))
    assert told(application).count("participant-speech-start") == 2


def test_a_participant_is_called_in_named_and_sent_out(
    rig: ExchangeRig, application: Application
) -> None:
    people = rig.client.conferences("hall").participants
    made = people.create(
        from_=CALLER,
        to=ONE,
        label="household",
        beep="false",
        early_media=False,
        start_conference_on_enter=False,
        end_conference_on_exit=False,
        status_callback=application.url("/status"),
        status_callback_event=["initiated", "ringing", "answered", "completed"],
        conference_status_callback=application.url("/hall"),
        conference_status_callback_event=EVENTS.split(),
    )
    assert (str(made.status), made.label, made.start_conference_on_enter) == (
        "queued",
        "household",
        False,
    )
    application.wait_for("/status", 3)
    until(lambda: "participant-join" in told(application))
    room = the_hall(rig)
    assert made.conference_sid == room.sid
    named = rig.client.conferences(str(room.sid)).participants("household")
    assert str(named.fetch().status) == "connected"
    assert named.delete() is True
    assert rig.finish(str(made.call_sid)) == "completed"
    with pytest.raises(TwilioRestException) as gone:
        named.fetch()
    assert (gone.value.status, gone.value.code) == (404, 20404)
    with pytest.raises(TwilioRestException) as over:
        rig.client.conferences(str(room.sid)).participants.create(from_=CALLER, to=TWO)
    assert over.value.code == 20001
    assert str(the_hall(rig).reason_conference_ended) == "last-participant-kicked"


def test_nobody_comes_and_the_conference_is_closed_without_a_word(
    rig: ExchangeRig, application: Application
) -> None:
    made = rig.client.conferences("hall").participants.create(
        from_=CALLER, to=BUSY, conference_status_callback=application.url("/hall")
    )
    assert rig.finish(str(made.call_sid)) == "failed"
    until(lambda: str(the_hall(rig).status) == "completed")
    assert application.sent_to("/hall") == []


def test_hold_music_goes_on_after_an_announcement(
    rig: ExchangeRig, application: Application
) -> None:
    application.says("/voice", hall())
    application.says("/music", "<Say>请稍候。</Say><Pause length='10'/>")
    application.says("/word", "<Say>还有一分钟。</Say>")
    room = gathered(rig, application, ONE, TWO)
    people = rig.client.conferences(str(room.sid)).participants
    held = people(str(members(rig, room)[0].call_sid))
    held.update(hold=True, hold_url=application.url("/music"), hold_method="POST")
    application.wait_for("/music")
    held.update(announce_url=application.url("/word"))
    until(lambda: "announcement-end" in told(application))
    asked = len(application.sent_to("/music"))
    application.wait_for("/music", asked + 2)


def test_a_conference_ends_when_those_still_on_their_way_do_not_come(
    rig: ExchangeRig, application: Application
) -> None:
    application.says("/voice", hall())
    gathered(rig, application, ONE, TWO)
    room = the_hall(rig)
    late = rig.client.conferences(str(room.sid)).participants.create(
        from_=CALLER, to=BUSY, timeout=60
    )
    for each in members(rig, room):
        if each.call_sid != late.call_sid:
            rig.client.calls(str(each.call_sid)).update(status="completed")
    rig.finish(str(late.call_sid))
    until(lambda: "conference-end" in told(application))
    assert str(the_hall(rig).status) == "completed"


def test_the_api_ends_a_conference_and_the_calls_go_on(
    rig: ExchangeRig, application: Application
) -> None:
    application.says("/voice", hall())
    application.says("/after", "<Pause length='9000'/>")
    room = gathered(rig, application, ONE, TWO)
    ended = rig.client.conferences(str(room.sid)).update(status="completed")
    assert str(ended.reason_conference_ended) == "conference-ended-via-api"
    assert len(application.wait_for("/after", 2)) == 2
    with pytest.raises(TwilioRestException, match="Status can only"):
        rig.client.conferences(str(room.sid)).update(status="init")
    again = rig.dial(application, to=THREE)
    until(lambda: _is_in(rig, again))
    assert len(rig.client.conferences.list(friendly_name="hall")) == 2
    assert [each.sid for each in rig.client.conferences.list(status="completed")] == [room.sid]


def test_a_full_conference_takes_nobody_and_the_document_goes_on(
    rig: ExchangeRig, application: Application
) -> None:
    application.says("/voice", hall(maxParticipants="2"))
    application.says("/after", "<Hangup/>")
    gathered(rig, application, ONE, TWO)
    sid = rig.dial(application, to=THREE)
    assert rig.finish(sid) == "completed"
    assert application.wait_for("/after")[0].form["DialCallStatus"] == "failed"


def test_a_conference_is_recorded_and_reported(rig: ExchangeRig, application: Application) -> None:
    record = {"record": "record-from-start", "recordingStatusCallback": "/recorded"}
    application.says("/voice", hall(**record))
    room = gathered(rig, application, ONE, TWO)
    rig.client.conferences(str(room.sid)).update(status="completed")
    (hook,) = application.wait_for("/recorded")
    assert hook.form["ConferenceSid"] == room.sid
    (recording,) = rig.client.conferences(str(room.sid)).recordings.list()
    assert (str(recording.source), recording.sid) == ("Conference", hook.form["RecordingSid"])


def test_a_call_is_put_through_to_a_number(rig: ExchangeRig, application: Application) -> None:
    asked = 'action="/after" timeout="20" record="true" recordingStatusCallback="/recorded"'
    application.says("/voice", f"<Dial {asked}><Number>{TWO}</Number></Dial>")
    application.says("/after", "<Hangup/>")
    sid = rig.dial(application, to=ONE)
    children = rig.client.calls
    until(lambda: bool(children.list(parent_call_sid=sid)))
    (child,) = children.list(parent_call_sid=sid)
    assert (child.to, child.direction, child.parent_call_sid) == (TWO, "outbound-dial", sid)
    until(lambda: rig.status(str(child.sid)) == "in-progress")
    rig.client.calls(str(child.sid)).update(status="completed")
    after = application.wait_for("/after")[0].form
    assert (after["DialCallStatus"], after["DialCallSid"]) == ("completed", child.sid)
    assert after["DialBridged"] == "true"
    assert application.wait_for("/recorded")[0].form["CallSid"] == sid
    assert [str(each.source) for each in rig.client.recordings.list(call_sid=sid)] == ["DialVerb"]
    assert rig.client.conferences.list() == []
    assert rig.finish(sid) == "completed"


def test_the_first_of_several_numbers_wins_and_a_dead_one_is_said(
    rig: ExchangeRig, application: Application
) -> None:
    both = f"<Number>{TWO}</Number><Number>{THREE}</Number>"
    application.says("/voice", f'<Dial action="/after">{both}</Dial>')
    application.says("/after", f'<Dial action="/last"><Number>{BUSY}</Number></Dial>')
    application.says("/last", "<Hangup/>")
    sid = rig.dial(application, to=ONE)
    until(lambda: len(rig.client.calls.list(parent_call_sid=sid)) == 2)
    until(lambda: _statuses(rig, sid) == ["canceled", "in-progress"])
    talking = next(
        each
        for each in rig.client.calls.list(parent_call_sid=sid)
        if str(each.status) == "in-progress"
    )
    rig.client.calls(str(talking.sid)).update(status="completed")
    assert application.wait_for("/last")[0].form["DialCallStatus"] == "failed"
    assert rig.finish(sid) == "completed"


def _statuses(rig: ExchangeRig, parent: str) -> list[str]:
    return sorted(str(each.status) for each in rig.client.calls.list(parent_call_sid=parent))


def test_when_the_caller_goes_the_number_called_goes_too(
    rig: ExchangeRig, application: Application
) -> None:
    application.says("/voice", f'<Dial><Number url="/whisper">{TWO}</Number></Dial>')
    application.says("/whisper", "<Say>评议大会来电。</Say>")
    sid = rig.dial(application, to=ONE)
    until(lambda: _statuses(rig, sid) == ["in-progress"])
    application.wait_for("/whisper")
    rig.client.calls(sid).update(status="completed")
    until(lambda: _statuses(rig, sid) == ["completed"])


def test_a_kill_ends_conferences_and_calls_and_reports_both(
    rig: ExchangeRig, application: Application
) -> None:
    application.says("/voice", hall())
    gathered(rig, application, ONE, TWO)
    until(lambda: "conference-start" in told(application))
    rig.process.kill()
    rig.restart()
    until(lambda: "conference-end" in told(application))
    assert str(the_hall(rig).status) == "completed"
    assert {str(call.status) for call in rig.client.calls.list()} == {"failed"}


def test_the_star_key_leaves_at_once(
    start_exchange: StartExchange, application: Application
) -> None:
    numbers = [f"+86139000001{n:02}" for n in range(40)]
    rig = start_exchange([a_truth(number) for number in numbers], seed=3, speed=200)
    application.says("/voice", hall())
    application.says("/after", "<Hangup/>")
    for number in numbers:
        rig.dial(application, to=number)
    assert application.wait_for("/after")[0].form["DialCallStatus"] == "answered"

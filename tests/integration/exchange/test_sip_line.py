"""Calls over a SIP trunk on loopback: real packets, a second user agent, and sipp as carrier."""

import os
import signal
import time
from importlib.util import find_spec
from pathlib import Path

import pytest
import requests

from evalsys.exchange.voice import Voice
from tests.exchange_rig import ACCOUNT, TOKEN, Application
from tests.processes import Process
from tests.sip_rig import (
    StartCarrier,
    StartTelephones,
    StartTrunk,
    free_sip_port,
    needs_sip,
    needs_sipp,
    trunk_of,
    wait_for_trunk,
)
from tests.sipp import (
    answers,
    asks_who_calls,
    presses_a_key,
    refuses,
    registers,
    rings_for_ever,
)

if find_spec("numpy") is not None and find_spec("baresip") is not None:
    import numpy as np

    from evalsys.exchange.sip.media import RATE, Samples, read_wave

pytestmark = needs_sip

FIRST, SECOND, THIRD = "+8613900000001", "+8613900000002", "+8613900000003"
HALL = "+8613900000009"
CONSENT = "您好，请按1。"


def heard_by(raw: Path) -> "Samples":
    return np.fromfile(raw, np.int16).astype(np.float64)


def likeness(heard: "Samples", played: "Samples") -> float:
    """How well a sound is found in what was heard: 1 exactly, 0 not at all."""
    size = 1 << (len(heard) + len(played)).bit_length()
    crossed = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(played, size)), size)
    at = int(np.argmax(crossed[: max(1, len(heard) - len(played) + 1)]))
    there = heard[at : at + len(played)]
    return float(there @ played[: len(there)] / (np.linalg.norm(there) * np.linalg.norm(played)))


def clearest(heard: "Samples", played: "Samples") -> float:
    """How well the half second that came through best is found: a busy machine drops some."""
    pieces = [played[at : at + RATE // 2] for at in range(0, len(played) - RATE // 2, RATE // 2)]
    return max(likeness(heard, piece) for piece in pieces if piece.std() > 500)


def strength(sound: "Samples", hertz: float) -> float:
    """How much of a tone is in a sound, as a share of all that is in it."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    place = round(hertz * len(sound) / RATE)
    return float(spectrum[place - 6 : place + 7].sum() / max(spectrum.sum(), 1e-9))


def test_a_prompt_is_heard_a_key_comes_back_and_a_comment_is_recorded(
    application: Application,
    start_telephones: StartTelephones,
    start_trunk: StartTrunk,
    tmp_path: Path,
) -> None:
    heard = tmp_path / "heard.raw"
    phones = start_telephones({FIRST: {"says": 440, "keys": [[6.0, "1#"]], "records": str(heard)}})
    application.says(
        "/voice",
        '<Gather numDigits="2" finishOnKey="" timeout="9" action="/key">'
        f"<Say>{CONSENT}</Say></Gather>",
    )
    application.says("/key", '<Record action="/said" maxLength="2" playBeep="true"/>')
    application.says("/said", "<Play digits='5w*'/><Hangup/>")
    rig = start_trunk(phones.port)
    sid = rig.dial(application, to=FIRST)
    assert rig.finish(sid) == "completed"
    assert application.sent_to("/key")[0].form["Digits"] == "1#"

    clip = Voice(tmp_path / "clips").clip(CONSENT, "zh-CN")
    assert clip is not None
    assert clearest(heard_by(heard), read_wave(clip).astype(np.float64)) > 0.97
    (said,) = application.sent_to("/said")
    recording = tmp_path / "said.wav"
    media = requests.get(said.form["RecordingUrl"], auth=(ACCOUNT, TOKEN), timeout=5).content
    recording.write_bytes(media)
    comment = read_wave(recording).astype(np.float64)
    assert 1.2 < len(comment) / RATE < 2.3
    assert strength(comment, 440) > 0.9
    assert [each["key"] for each in phones.wait_for("key", FIRST, 2)] == ["5", "*"]
    statuses = [hook.form["CallStatus"] for hook in application.wait_for("/status", 4)]
    assert statuses == ["initiated", "ringing", "in-progress", "completed"]
    assert phones.noted("called")[0]["caller"].startswith("sip:+8610000000000@")


def test_a_household_is_bridged_to_the_hall_and_neither_hears_itself(
    application: Application,
    start_telephones: StartTelephones,
    start_trunk: StartTrunk,
    tmp_path: Path,
) -> None:
    tones = {FIRST: 440, HALL: 620, SECOND: 880}
    phones = start_telephones(
        {
            number: {"says": hertz, "records": str(tmp_path / number)}
            for number, hertz in tones.items()
        }
    )
    application.says(
        "/voice",
        '<Dial><Conference beep="false" record="record-from-start" '
        'recordingStatusCallback="/recorded" waitUrl="" statusCallback="/hall" '
        'statusCallbackEvent="join">stage</Conference></Dial>',
    )
    rig = start_trunk(phones.port, "--delayed", f"{HALL}=2")
    sids = {number: rig.dial(application, to=number) for number in tones}
    phones.wait_for("established", count=3)
    application.wait_for("/hall", 3)
    (stage,) = rig.client.conferences.list(status="in-progress")
    rig.client.conferences(str(stage.sid)).participants(sids[SECOND]).update(muted=True)
    time.sleep(6)  # the two seconds that the hall is behind, and those that are looked at
    for sid in sids.values():
        rig.client.calls(sid).update(status="completed")
        rig.finish(sid)

    def begins(number: str) -> float:
        """When the first of the others was heard; each file begins with the answer."""
        (answered,) = phones.noted("established", number)
        loud = np.flatnonzero(np.abs(heard_by(tmp_path / number)) > 1000)
        return float(answered["at"]) + float(loud[0]) / RATE

    lately = {number: heard_by(tmp_path / number)[-2 * RATE - 2000 : -2000] for number in tones}
    # A busy machine drops a frame now and then, which smears a tone but makes no other.
    assert strength(lately[FIRST], 620) > 0.5
    assert strength(lately[HALL], 440) > 0.5
    for number in (FIRST, HALL):
        assert strength(lately[number], tones[number]) < 0.02
        assert strength(lately[number], 880) < 0.02
    assert strength(lately[SECOND], 440) + strength(lately[SECOND], 620) > 0.5
    assert begins(HALL) - begins(FIRST) > 1.0  # the delayed line hears the others later
    (recorded,) = application.wait_for("/recorded")
    media = requests.get(recorded.form["RecordingUrl"], auth=(ACCOUNT, TOKEN), timeout=5).content
    whole = tmp_path / "whole.wav"
    whole.write_bytes(media)
    mixed = read_wave(whole).astype(np.float64)
    assert strength(mixed, 440) > 0.2
    assert strength(mixed, 620) > 0.2


def test_a_household_that_calls_is_answered_and_its_keys_are_heard(
    application: Application,
    start_telephones: StartTelephones,
    start_trunk: StartTrunk,
    tmp_path: Path,
) -> None:
    heard, ours, now = tmp_path / "heard.raw", free_sip_port(), tmp_path / "now"
    national, announced = FIRST.removeprefix("+86"), "05392250000"
    phones = start_telephones(
        {
            national: {
                "calls": f"sip:{announced}@127.0.0.1:{ours}",
                "when": str(now),
                "keys": [[6.0, "12#"]],
                "records": str(heard),
            }
        }
    )
    application.says("/in", f'<Gather timeout="9" action="/key"><Say>{CONSENT}</Say></Gather>')
    application.says("/key", "<Say>再见。</Say>")
    listen = ("--sip-listen", f"127.0.0.1:{ours}")
    rig = start_trunk(phones.port, *listen, "--inbound-url", application.url("/in"))
    now.touch()
    (key,) = application.wait_for("/key")
    (called,) = application.sent_to("/in")
    assert key.form["Digits"] == "12"
    assert (called.form["From"], called.form["To"]) == (FIRST, "+865392250000")
    assert (called.form["Direction"], called.form["CallStatus"]) == ("inbound", "in-progress")
    phones.wait_for("closed", national)
    assert rig.finish(called.form["CallSid"]) == "completed"
    clip = Voice(tmp_path / "clips").clip(CONSENT, "zh-CN")
    assert clip is not None
    assert clearest(heard_by(heard), read_wave(clip).astype(np.float64)) > 0.97


def test_nobody_is_let_in_where_nobody_takes_calls(
    start_telephones: StartTelephones, start_trunk: StartTrunk, tmp_path: Path
) -> None:
    ours, now = free_sip_port(), tmp_path / "now"
    phones = start_telephones({FIRST: {"calls": f"sip:1@127.0.0.1:{ours}", "when": str(now)}})
    rig = start_trunk(phones.port, "--sip-listen", f"127.0.0.1:{ours}")
    now.touch()
    phones.wait_for("closed", FIRST)
    assert phones.noted("established") == []
    assert list(rig.client.calls.list()) == []


@needs_sipp
def test_the_carriers_refusal_is_reported_as_it_was_meant(
    application: Application, start_carrier: StartCarrier, start_trunk: StartTrunk
) -> None:
    meant = {
        "486 Busy Here": "busy",
        "600 Busy Everywhere": "busy",
        "408 Request Timeout": "no-answer",
        "480 Temporarily Unavailable": "no-answer",
        "404 Not Found": "failed",
        "484 Address Incomplete": "failed",
        "604 Does Not Exist Anywhere": "failed",
        "403 Forbidden": "failed",
        "503 Service Unavailable": "failed",
    }
    answer_at = {f"+86139000000{n:02}": answer for n, answer in enumerate(meant, 10)}
    rig = start_trunk(start_carrier(refuses(answer_at)))
    sids = {rig.dial(application, to=number): answer for number, answer in answer_at.items()}
    assert {answer: rig.finish(sid) for sid, answer in sids.items()} == meant
    ends = [hook.form for hook in application.wait_for("/status", 2 * len(meant))]
    codes = {
        sids[form["CallSid"]]: form["SipResponseCode"] for form in ends if "CallDuration" in form
    }
    assert codes == {answer: answer[:3] for answer in meant}


@needs_sipp
def test_a_telephone_that_nobody_picks_up_stops_ringing(
    application: Application, start_carrier: StartCarrier, start_trunk: StartTrunk
) -> None:
    rig = start_trunk(start_carrier(rings_for_ever()))
    sid = rig.dial(application, to=FIRST, timeout=2)
    assert rig.finish(sid) == "no-answer"
    statuses = [hook.form["CallStatus"] for hook in application.wait_for("/status", 3)]
    assert statuses == ["initiated", "ringing", "no-answer"]
    wait_until_free(rig.url)


@needs_sipp
def test_a_trunk_that_asks_who_calls_is_told_and_a_wrong_word_is_a_carriers_failure(
    application: Application, start_carrier: StartCarrier, start_trunk: StartTrunk
) -> None:
    county = ("--sip-user", "county")
    theirs, others = "a word;with signs", "another word"
    right = start_trunk(start_carrier(asks_who_calls("county", theirs)), *county, password=theirs)
    wrong = start_trunk(start_carrier(asks_who_calls("county", others)), *county, password=theirs)
    application.says("/voice", "<Pause/>")
    assert right.finish(right.dial(application, to=FIRST)) == "completed"
    assert wrong.finish(wrong.dial(application, to=FIRST)) == "failed"
    assert application.sent_to("/status")[-1].form["SipResponseCode"] == "403"
    assert "with signs" not in Path(f"/proc/{trunk_of(right)['pid']}/cmdline").read_text()
    assert "with signs" not in right.process.log.read_text()


@needs_sipp
@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_trunk_that_wants_a_registration_gets_one(
    start_carrier: StartCarrier, start_trunk: StartTrunk, transport: str
) -> None:
    port = start_carrier(registers("county", "right"), transport)
    options = ("--sip-trunk", f"127.0.0.1:{port};transport={transport}", "--sip-register")
    rig = start_trunk(port, *options, "--sip-user", "county", password="right")
    deadline = time.monotonic() + 10
    while trunk_of(rig)["registration"] != "ok":
        assert time.monotonic() < deadline, trunk_of(rig)
        time.sleep(0.05)


@needs_sipp
def test_a_key_of_somebody_elses_telephone_is_understood(
    application: Application, start_carrier: StartCarrier, start_trunk: StartTrunk
) -> None:
    application.says("/voice", '<Gather numDigits="1" timeout="9" action="/key"/>')
    rig = start_trunk(start_carrier(presses_a_key()))
    assert rig.finish(rig.dial(application, to=FIRST)) == "completed"
    assert application.sent_to("/key")[0].form["Digits"] == "0"


@needs_sipp
def test_fifty_calls_at_once_are_dialled_at_the_carriers_pace_and_one_more_is_refused(
    application: Application, start_carrier: StartCarrier, start_trunk: StartTrunk
) -> None:
    application.says("/voice", f"<Say>{CONSENT}</Say><Pause length='20'/>")
    rig = start_trunk(start_carrier(answers()), "--sip-channels", "50", "--sip-rate", "20")
    began = time.monotonic()
    sids = [rig.dial(application, to=f"+861390000{n:04}") for n in range(50)]
    application.wait_for("/voice", 50, seconds=30)
    # The first goes out at once, each further one a twentieth of a second later.
    assert application.sent_to("/voice")[-1].at - began > 2.4
    assert {rig.status(sid) for sid in sids} == {"in-progress"}
    assert trunk_of(rig)["calls"] == 50
    one_more = rig.dial(application, to=FIRST)
    assert rig.finish(one_more) == "failed"
    for sid in sids:
        rig.client.calls(sid).update(status="completed")
    assert {rig.finish(sid) for sid in sids} == {"completed"}
    wait_until_free(rig.url)


def test_when_the_child_dies_its_calls_fail_and_the_next_go_out_again(
    application: Application, start_telephones: StartTelephones, start_trunk: StartTrunk
) -> None:
    phones = start_telephones({FIRST: {}, SECOND: {"answers": False}})
    application.says("/voice", "<Pause length='60'/>")
    rig = start_trunk(phones.port)
    talking, ringing = rig.dial(application, to=FIRST), rig.dial(application, to=SECOND)
    application.wait_for("/voice")
    phones.wait_for("called", SECOND)
    before = trunk_of(rig)
    os.kill(int(str(before["pid"])), signal.SIGKILL)
    assert rig.finish(talking) == "failed"
    assert rig.finish(ringing) == "failed"
    ended = [h.form for h in application.wait_for("/status", 6) if h.form["CallStatus"] == "failed"]
    assert {form["CallSid"] for form in ended} == {talking, ringing}
    codes = {form["CallSid"]: form["SipResponseCode"] for form in ended}
    assert codes[ringing] == "500"
    after = wait_for_trunk(rig, "up")
    assert (after["restarts"], after["calls"]) == (1, 0)
    assert after["pid"] != before["pid"]
    again = rig.dial(application, to=FIRST)
    application.wait_for("/voice", 2)
    rig.client.calls(again).update(status="completed")
    assert rig.finish(again) == "completed"


def test_who_hangs_up_ends_the_call_and_an_exchange_that_stops_or_dies_hangs_up(
    application: Application, start_telephones: StartTelephones, start_trunk: StartTrunk
) -> None:
    phones = start_telephones({FIRST: {"hangs_up": 0.5}, SECOND: {}})
    application.says("/voice", "<Pause length='60'/>")
    rig = start_trunk(phones.port)
    assert rig.finish(rig.dial(application, to=FIRST)) == "completed"
    for count, ends in enumerate((Process.stop, Process.kill), 1):
        rig.dial(application, to=SECOND)
        phones.wait_for("established", SECOND, count)
        ends(rig.process)
        phones.wait_for("closed", SECOND, count)
        rig.restart()
        wait_for_trunk(rig, "up")


def wait_until_free(url: str) -> None:
    """Wait until no call is left on the trunk."""
    deadline = time.monotonic() + 10
    while requests.get(f"{url}/health", timeout=5).json()["sip"]["calls"]:
        if time.monotonic() > deadline:
            pytest.fail("calls are left on the trunk")
        time.sleep(0.05)

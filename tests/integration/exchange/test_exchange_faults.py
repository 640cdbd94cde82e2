"""The fault switch, as an application and the official client meet it."""

import os
import time

import pytest
import requests
from flask import Response
from twilio.base.exceptions import TwilioRestException

from tests import warmed
from tests.exchange_rig import (
    ACCOUNT,
    TOKEN,
    Application,
    ExchangeRig,
    StartExchange,
    a_truth,
)
from tests.processes import free_port

PLAIN_SEED = 15
ALL = ["initiated", "in-progress", "ringing", "completed"]


def switch(rig: ExchangeRig, faults: str) -> dict[str, object]:
    url = f"{rig.url}/2010-04-01/Accounts/{ACCOUNT}/Faults.json"
    answer = requests.post(url, data={"Faults": faults}, auth=(ACCOUNT, TOKEN), timeout=5)
    answer.raise_for_status()
    body: dict[str, object] = answer.json()
    return body


def with_faults(start: StartExchange, faults: str) -> ExchangeRig:
    return start([a_truth()], seed=PLAIN_SEED, more=["--faults", faults])


def reported(application: Application, count: int) -> list[str]:
    application.wait_for("/status", count)
    time.sleep(0.5)
    return [hook.form["CallStatus"] for hook in application.sent_to("/status")]


def test_every_callback_may_come_twice_under_one_token(
    start_exchange: StartExchange, application: Application
) -> None:
    rig = with_faults(start_exchange, "duplicate=1")
    application.says("/voice", "<Say>您好</Say>")
    rig.finish(rig.dial(application))
    assert len(reported(application, 8)) == 8
    hooks = application.sent_to("/status")
    tokens = [hook.headers["I-Twilio-Idempotency-Token"] for hook in hooks]
    assert len(set(tokens)) == 4
    assert tokens[::2] == tokens[1::2]


def test_callbacks_may_overtake_each_other_but_keep_their_numbers(
    start_exchange: StartExchange, application: Application
) -> None:
    rig = with_faults(start_exchange, "reorder=0.5,seed=4")
    application.says("/voice", "<Say>您好</Say>")
    rig.finish(rig.dial(application))
    came = reported(application, 4)
    assert sorted(came) == sorted(ALL)
    numbers = [int(hook.form["SequenceNumber"]) for hook in application.sent_to("/status")]
    assert sorted(numbers) == [0, 1, 2, 3]
    assert numbers != [0, 1, 2, 3]


def test_dropped_callbacks_never_come_and_are_counted(
    start_exchange: StartExchange, application: Application
) -> None:
    rig = with_faults(start_exchange, "drop=1")
    application.says("/voice", "<Say>您好</Say>")
    assert rig.finish(rig.dial(application)) == "completed"
    time.sleep(0.5)
    assert application.sent_to("/status") == []
    dealt = switch(rig, "")
    assert (dealt["faults"], dealt["dealt"]) == ("", {"drop": 4})
    rig.finish(rig.dial(application))
    assert len(reported(application, 4)) == 4


def test_callbacks_may_be_late(start_exchange: StartExchange, application: Application) -> None:
    rig = with_faults(start_exchange, "delay=1:50")
    application.says("/voice", "<Say>您好</Say>")
    began = time.monotonic()
    rig.finish(rig.dial(application))
    (first, *_) = application.wait_for("/status", 4)
    assert first.at - began >= 1.0


def test_the_api_refuses_forgets_and_answers_by_half(
    start_exchange: StartExchange, application: Application
) -> None:
    rig = start_exchange([a_truth()], seed=PLAIN_SEED)
    application.says("/voice", "<Say>您好</Say>")
    for faults, status, code in (("429=1", 429, 20429), ("500=1", 500, 20500)):
        switch(rig, faults)
        with pytest.raises(TwilioRestException) as refused:
            rig.status("CA" + "0" * 32)
        assert (refused.value.status, refused.value.code) == (status, code)
    for placed, faults in enumerate(("lost=1", "half=1", "hang=1:20"), 1):
        switch(rig, faults)
        with pytest.raises(requests.RequestException):
            rig.dial(application)
        switch(rig, "")
        assert len(rig.client.calls.list()) == placed


@pytest.mark.parametrize("how", ["away", "hang", "503"])
def test_an_outage_ends_and_the_calls_go_on(
    start_exchange: StartExchange, application: Application, how: str
) -> None:
    rig = start_exchange([a_truth()], seed=PLAIN_SEED)
    application.says("/voice", '<Pause length="30"/>')
    sid = rig.dial(application)
    application.wait_for("/voice")
    switch(rig, f"outage=75:{how}")
    came = len(application.hooks)
    with pytest.raises((requests.RequestException, TwilioRestException)):
        rig.status(sid)
    if how != "hang":
        time.sleep(0.6)
        assert len(application.hooks) == came
    time.sleep(1.2)
    assert rig.finish(sid) == "completed"
    assert len(application.wait_for("/status", 4)) == 4


def test_an_outage_may_be_announced_for_later(start_exchange: StartExchange) -> None:
    rig = start_exchange([a_truth()], seed=PLAIN_SEED)
    switch(rig, "outage=200@50")
    assert rig.client.calls.list() == []
    time.sleep(1.2)
    with pytest.raises(requests.RequestException):
        rig.client.calls.list()


def test_the_switch_is_behind_the_door_and_refuses_what_it_does_not_know(
    start_exchange: StartExchange,
) -> None:
    rig = start_exchange([a_truth()])
    url = f"{rig.url}/2010-04-01/Accounts/{ACCOUNT}/Faults.json"
    assert requests.get(url, timeout=5).status_code == 401
    assert requests.post(url, data={"Faults": "drop=1"}, timeout=5).status_code == 401
    wrong = requests.post(url, data={"Faults": "fire=1"}, auth=(ACCOUNT, TOKEN), timeout=5)
    assert (wrong.status_code, wrong.json()["code"]) == (400, 20001)
    shown = requests.get(url, auth=(ACCOUNT, TOKEN), timeout=5).json()
    assert shown == {"faults": "", "dealt": {}, "outage_left_seconds": 0.0}
    words = ["evalsys", "exchange", "--account", "AC1", "--token", "t", "--faults", "fire=1"]
    words += ["--port", str(free_port()), "--data-dir", str(rig.folder / "other")]
    tried = warmed.run(words, os.environ)
    assert tried.returncode == 2
    assert "fire=1" in tried.stderr


def test_an_address_says_itself_how_often_it_is_tried(
    start_exchange: StartExchange, application: Application
) -> None:
    rig = start_exchange([a_truth()], seed=PLAIN_SEED)
    application.says("/voice", "<Say>您好</Say>")
    application.says("/refusing", lambda: Response("no", 503))
    application.says("/forbidding", lambda: Response("no", 403))
    for path, fragment, tries in (
        ("/refusing", "rc=2&rp=5xx", 3),
        ("/forbidding", "rc=3&rp=4xx", 4),
        ("/refusing", "rc=4&rp=ct", 1),
    ):
        application.hooks.clear()
        rig.finish(
            rig.dial(
                application,
                status_callback=application.url(f"{path}#{fragment}"),
                status_callback_event=["completed"],
            )
        )
        application.wait_for(path, tries)
        time.sleep(0.3)
        hooks = application.sent_to(path)
        assert len(hooks) == tries
        assert len({hook.headers["I-Twilio-Idempotency-Token"] for hook in hooks}) == 1
    assert requests.get(f"{rig.url}/health", timeout=5).json()["callbacks_lost"] == 3


def test_a_document_is_asked_as_its_address_says_then_the_fallback(
    start_exchange: StartExchange, application: Application
) -> None:
    rig = start_exchange([a_truth()], seed=PLAIN_SEED)
    application.says("/refusing", lambda: Response("no", 500))
    application.says("/fallback", "<Hangup/>")
    sid = rig.dial(application, "/refusing#rc=2&rp=5xx", fallback_url=application.url("/fallback"))
    assert rig.finish(sid) == "completed"
    assert len(application.sent_to("/refusing")) == 3
    (fallback,) = application.sent_to("/fallback")
    assert fallback.form["ErrorCode"] == "11200"
    assert fallback.form["ErrorUrl"] == application.url("/refusing#rc=2&rp=5xx")

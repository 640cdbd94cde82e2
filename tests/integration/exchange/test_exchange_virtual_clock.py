"""On the virtual clock a call costs no time, and goes exactly as it would have gone slowly."""

import time

from tests.exchange_rig import Application, StartExchange, a_truth

NUMBERS = [f"+86139000001{n:02}" for n in range(30)]
ASK = (
    '<Gather numDigits="1" finishOnKey="" action="/next?try={n}">'
    "<Say>今年干部到您家走访过吗？走访过请按1，没有走访请按2，记不清请按3。</Say></Gather>"
    "<Redirect>/voice{again}</Redirect>"
)


def outcomes(start: StartExchange, application: Application, **options: object) -> list[str]:
    """Call every number in turn; return how each call ended and which keys were pressed."""
    rig = start([a_truth(number, answers=70) for number in NUMBERS], seed=5, **options)
    application.hooks.clear()
    sids = [rig.dial(application, to=number) for number in NUMBERS]
    ends = [rig.finish(sid, 60) for sid in sids]
    keys = dict.fromkeys(sids, "")
    for hook in application.sent_to("/next"):
        keys[hook.form["CallSid"]] += hook.form["Digits"]
    return [f"{end} {keys[sid]}" for sid, end in zip(sids, ends, strict=True)]


def test_the_virtual_clock_is_fast_and_changes_nothing(
    start_exchange: StartExchange, application: Application
) -> None:
    application.says("/voice", ASK.format(n=1, again="2"))
    application.says("/voice2", ASK.format(n=2, again="3"))
    application.says("/voice3", "<Hangup/>")
    application.says("/next", "<Hangup/>")
    began = time.monotonic()
    virtual = outcomes(start_exchange, application, virtual_clock=True)
    spent = time.monotonic() - began
    slow = outcomes(start_exchange, application, speed=60)
    assert virtual == slow
    assert len({each.partition(" ")[0] for each in virtual}) >= 3
    assert spent < 15


def test_durations_are_those_of_the_conversation(
    start_exchange: StartExchange, application: Application
) -> None:
    rig = start_exchange([a_truth()], seed=15, virtual_clock=True)
    application.says("/voice", '<Pause length="95"/>')
    sid = rig.dial(application)
    rig.finish(sid)
    last = application.wait_for("/status", 4)[-1].form
    assert (last["CallDuration"], last["Duration"]) == ("95", "2")
    call = rig.client.calls(sid).fetch()
    assert call.duration == "95"
    assert call.end_time is not None
    assert call.start_time is not None
    assert (call.end_time - call.start_time).total_seconds() >= 95


def test_the_limit_of_a_call_ends_it_in_virtual_time(
    start_exchange: StartExchange, application: Application
) -> None:
    rig = start_exchange([a_truth()], seed=15, virtual_clock=True)
    application.says("/voice", '<Pause length="9000"/>')
    sid = rig.dial(application, time_limit=600)
    assert rig.finish(sid) == "completed"
    assert rig.client.calls(sid).fetch().duration == "600"

"""The exchange may die at any moment: nothing hangs, nothing is forgotten, all is reported."""

import os
import re
import subprocess

import requests

from tests import warmed
from tests.exchange_rig import CALLER, HOUSEHOLD, Application, StartExchange, a_truth
from tests.processes import free_port

PLAIN_SEED = 15


def test_a_call_cut_by_a_kill_is_failed_and_reported_after_the_restart(
    start_exchange: StartExchange, application: Application
) -> None:
    rig = start_exchange([a_truth()], seed=PLAIN_SEED)
    application.says("/voice", "<Say>您好</Say>")
    finished = rig.dial(application)
    rig.finish(finished)
    application.wait_for("/status", 4)
    application.says("/voice", '<Pause length="9000"/>')
    cut = rig.dial(application)
    application.wait_for("/voice", 2)
    application.wait_for("/status", 7)
    while requests.get(f"{rig.url}/health", timeout=5).json()["callbacks_owed"]:
        pass  # one whose acknowledgement is not written down yet would come again

    rig.process.kill()
    rig.restart()
    assert rig.status(finished) == "completed"
    assert rig.status(cut) == "failed"
    last = application.wait_for("/status", 8)[-1].form
    assert (last["CallSid"], last["CallStatus"]) == (cut, "failed")
    assert last["SequenceNumber"] == "3"
    assert int(last["CallDuration"]) >= 1
    assert len(rig.client.calls.list()) == 2
    assert requests.get(f"{rig.url}/health", timeout=5).json()["calls_in_progress"] == 0


def test_callbacks_owed_at_the_kill_are_delivered_after_the_restart(
    start_exchange: StartExchange, application: Application
) -> None:
    rig = start_exchange([a_truth()], seed=PLAIN_SEED)
    application.stop()
    sid = rig.dial(application, twiml="<Response><Say>您好</Say></Response>", url=None)
    rig.finish(sid)
    rig.process.kill()
    application.start()
    rig.restart()
    hooks = application.wait_for("/status", 4)
    assert [hook.form["SequenceNumber"] for hook in hooks] == ["0", "1", "2", "3"]
    assert hooks[-1].form["CallStatus"] == "completed"


def test_a_polite_stop_ends_the_calls_and_reports_them(
    start_exchange: StartExchange, application: Application
) -> None:
    rig = start_exchange([a_truth()], seed=PLAIN_SEED)
    application.says("/voice", '<Pause length="9000"/>')
    sid = rig.dial(application)
    application.wait_for("/voice")
    rig.process.stop()
    last = application.wait_for("/status", 4)[-1].form
    assert (last["CallSid"], last["CallStatus"]) == (sid, "failed")
    rig.restart()
    assert rig.status(sid) == "failed"


def test_attempts_are_counted_over_restarts_so_behaviour_goes_on(
    start_exchange: StartExchange, application: Application
) -> None:
    def outcomes(restart_after: int) -> list[str]:
        rig = start_exchange([a_truth(answers=50)], speed=200, seed=3)
        found = []
        for n in range(6):
            found.append(rig.finish(rig.dial(application, timeout=20)))
            if n == restart_after:
                rig.process.kill()
                rig.restart()
        return found

    assert outcomes(restart_after=2) == outcomes(restart_after=99)


def test_a_taken_port_and_a_taken_folder_are_said_in_one_line(
    start_exchange: StartExchange,
) -> None:
    rig = start_exchange([a_truth()])
    for options in (
        ["--port", rig.url.rpartition(":")[2], "--data-dir", str(rig.folder / "other")],
        ["--port", str(free_port()), "--data-dir", str(rig.folder / "data")],
    ):
        tried = _exchange("--account", "AC1", "--token", "t", *options)
        assert tried.returncode == 1
        assert re.search(r"无法监听|已被另一个交换机使用", tried.stderr)
        assert "Traceback" not in tried.stderr


def test_a_broken_truth_file_is_named_with_its_line(start_exchange: StartExchange) -> None:
    rig = start_exchange([a_truth()])
    broken = rig.folder / "broken.jsonl"
    broken.write_text('{"phone": "+8613900000001"}\n', encoding="utf-8")
    where = ["--data-dir", str(rig.folder / "new"), "--port", str(free_port())]
    tried = _exchange("--account", "AC1", "--token", "t", "--truth", str(broken), *where)
    assert tried.returncode == 2
    assert "broken.jsonl, line 1" in tried.stderr


def test_without_a_truth_file_any_number_is_somebody(
    start_exchange: StartExchange, application: Application
) -> None:
    rig = start_exchange(None, speed=500)
    application.says("/voice", "<Say>您好</Say>")
    sids = [rig.dial(application, to=f"+861380000{n:04}", from_=CALLER) for n in range(10)]
    ends = [rig.finish(sid) for sid in sids]
    assert "failed" not in ends
    assert ends.count("completed") >= 5
    assert HOUSEHOLD not in rig.process.log.read_text()


def test_help_says_what_it_is_for() -> None:
    told = _exchange("--help")
    assert told.returncode == 0
    for option in ("--truth", "--speed", "--webhook-secret", "--data-dir", "--public-url"):
        assert option in told.stdout


def _exchange(*options: str) -> subprocess.CompletedProcess[str]:
    return warmed.run(["evalsys", "exchange", *options], os.environ)

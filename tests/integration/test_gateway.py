"""The official client against answers recorded from the wire, over real HTTP."""

import json
import logging
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest

from evalsys.errors import AnswerLost, InvalidInput, LineDown
from evalsys.ids import AttemptId
from evalsys.ports import CarrierCall
from evalsys.telephony.gateway import TwilioGateway
from tests.builders import NOON, some_settings
from tests.calling import on_the_wire

WIRE = json.loads((Path(__file__).parents[1] / "data" / "twilio_calls.json").read_text())
ATTEMPT = AttemptId("5f0c" * 8)
NUMBER = "+8600012345678"


@dataclass
class Recorded:
    """A carrier that answers what was recorded, and remembers what it was asked."""

    answers: list[tuple[int, object]] = field(default_factory=list)
    asked: list[tuple[str, str, dict[str, list[str]]]] = field(default_factory=list)
    url: str = ""

    def answer(self, method: str, path: str, form: dict[str, list[str]]) -> tuple[int, object]:
        self.asked.append((method, path, form))
        return self.answers.pop(0)


@pytest.fixture
def carrier() -> Iterator[Recorded]:
    told = Recorded()
    with on_the_wire(told.answer) as told.url:
        yield told


def _gateway(url: str) -> TwilioGateway:
    settings = some_settings("sqlite://", Path("unused"))
    return TwilioGateway(replace(settings, telephony_url=url))


def test_a_call_is_dialled_with_the_addresses_of_its_attempt(carrier: Recorded) -> None:
    carrier.answers.append((201, WIRE["created"]))
    gateway = _gateway(carrier.url)
    assert gateway.dial(ATTEMPT, NUMBER) == WIRE["created"]["sid"]
    ((method, path, form),) = carrier.asked
    assert (method, path) == ("POST", f"/2010-04-01/Accounts/AC{'0' * 32}/Calls.json")
    assert form == {
        "To": [NUMBER],
        "From": ["+8600000000000"],
        "Url": [f"http://127.0.0.1:8000/voice/{ATTEMPT}/answer"],
        "Method": ["POST"],
        "StatusCallback": [f"http://127.0.0.1:8000/voice/{ATTEMPT}/status"],
        "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
        "StatusCallbackMethod": ["POST"],
        "Timeout": ["25"],
    }


def test_a_campaign_asks_only_for_the_reports_that_tell_it_something(carrier: Recorded) -> None:
    carrier.answers.append((201, WIRE["created"]))
    _gateway(carrier.url).dial(ATTEMPT, NUMBER, door="campaign")
    ((_, _, form),) = carrier.asked
    assert form["StatusCallback"] == [f"http://127.0.0.1:8000/voice/campaign/{ATTEMPT}/status"]
    assert form["StatusCallbackEvent"] == ["ringing", "completed"]
    assert form["MachineDetection"] == ["Enable"]


def test_a_region_in_the_environment_does_not_send_calls_elsewhere(
    carrier: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWILIO_REGION", "ie1")
    monkeypatch.setenv("TWILIO_EDGE", "dublin")
    carrier.answers.append((201, WIRE["created"]))
    gateway = _gateway(carrier.url)
    gateway.dial(ATTEMPT, NUMBER)
    assert len(carrier.asked) == 1


def test_no_log_line_holds_a_number(carrier: Recorded, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    carrier.answers += [(201, WIRE["created"]), (200, WIRE["list"]), (400, WIRE["not_a_number"])]
    gateway = _gateway(carrier.url)
    gateway.dial(ATTEMPT, NUMBER)
    gateway.calls_to(NUMBER, NOON)
    with pytest.raises(InvalidInput) as refused:
        gateway.dial(ATTEMPT, NUMBER)
    assert "12345678" not in caplog.text
    assert "12345678" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_number_that_cannot_be_called_is_not_an_interruption(carrier: Recorded) -> None:
    carrier.answers += [(400, WIRE["not_a_number"])] * 6
    gateway = _gateway(carrier.url)
    for _ in range(6):
        with pytest.raises(InvalidInput):
            gateway.dial(ATTEMPT, NUMBER)


@pytest.mark.parametrize(
    ("status", "answer", "error"),
    [
        (401, WIRE["not_authenticated"], LineDown),
        (429, WIRE["too_many"], LineDown),
        (503, WIRE["unavailable"], LineDown),
        (503, b"<html>busy</html>", LineDown),
        (500, WIRE["failure"], AnswerLost),
        (502, b"<html>bad gateway</html>", AnswerLost),
        (201, b'{"sid": "CA0', AnswerLost),
        (201, b"[]", AnswerLost),
        (201, {"sid": "../../x", "status": "queued"}, AnswerLost),
        (201, {"status": "queued"}, AnswerLost),
    ],
)
def test_what_the_carrier_did_not_take_is_told_from_what_it_may_have_taken(
    carrier: Recorded, status: int, answer: object, error: type[LineDown]
) -> None:
    carrier.answers.append((status, answer))
    gateway = _gateway(carrier.url)
    with pytest.raises(LineDown) as down:
        gateway.dial(ATTEMPT, NUMBER)
    assert type(down.value) is error


def test_a_carrier_that_is_not_there_took_nothing() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        gateway = _gateway(url)
        with pytest.raises(LineDown) as down:
            gateway.dial(ATTEMPT, NUMBER)
    assert type(down.value) is LineDown


def test_a_carrier_that_hangs_up_without_an_answer_may_have_taken_the_call() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            connection, _ = server.accept()
            connection.recv(65536)
            connection.close()

        thread = Thread(target=hang_up)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        gateway = _gateway(url)
        with pytest.raises(AnswerLost):
            gateway.dial(ATTEMPT, NUMBER)
        thread.join()


def test_after_five_failures_the_carrier_is_left_in_peace(carrier: Recorded) -> None:
    carrier.answers += [(503, WIRE["unavailable"])] * 5
    gateway = _gateway(carrier.url)
    for _ in range(7):
        with pytest.raises(LineDown):
            gateway.check()
    assert len(carrier.asked) == 5


def test_a_call_is_fetched_as_the_carrier_sees_it(carrier: Recorded) -> None:
    carrier.answers.append((200, WIRE["completed"]))
    gateway = _gateway(carrier.url)
    assert gateway.fetch("CA1") == CarrierCall(WIRE["completed"]["sid"], "completed", 93)


def test_a_call_that_the_carrier_does_not_know_is_nothing(carrier: Recorded) -> None:
    carrier.answers.append((404, WIRE["not_found"]))
    gateway = _gateway(carrier.url)
    assert gateway.fetch("CA1") is None


def test_lost_calls_are_looked_for_by_number_and_time(carrier: Recorded) -> None:
    carrier.answers += [(200, WIRE["list"]), (200, WIRE["list"])]
    newest = datetime(2026, 12, 1, 4, 0, 30, tzinfo=UTC)
    gateway = _gateway(carrier.url)
    assert [call.sid for call in gateway.calls_to(NUMBER, newest)] == ["CA" + "3" * 32]
    earlier = newest - timedelta(minutes=10)
    assert len(gateway.calls_to(NUMBER, earlier)) == 2
    assert carrier.asked[0][2]["To"] == [NUMBER]

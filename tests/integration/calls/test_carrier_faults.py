"""Whatever carriers do to applications: every household is asked once, and nothing is lost."""

from collections.abc import Iterable
from threading import Lock
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from sqlalchemy import select

from evalsys.domain.live.words import CallStatus
from evalsys.store.schema.calls import CallAttempt
from tests.calling import Hall
from tests.exchange_process import Exchange
from tests.living import Live, calls_of, everybody, until

ASKED = 6
# What carriers do reaches the database as the same calls of ours: each is tried on one of the two.


def session(live: Live, faults: str = "", **more: object) -> tuple[Hall, Exchange]:
    """Bring a session to its calls, with households that answer, and turn the switch."""
    hall, exchange = live(everybody(behaviour="usual"), **more)
    exchange.deal(faults, hall.settings)
    hall.open_calls(parallel=3, target=ASKED)
    return hall, exchange


def nothing_is_lost_or_counted_twice(hall: Hall, exchange: Exchange) -> None:
    exchange.deal("", hall.settings)  # our own questions below shall be answered
    assert hall.round.in_flight == 0
    assert hall.round.completed == ASKED
    positions = hall.round.positions.values()
    attempts = [each for position in positions for each in position.attempts]
    rang = [each for each in attempts if each.status is not CallStatus.VOID]
    assert len(rang) == ASKED
    # The carrier knows of as many calls as we do: nobody was rung in vain.
    assert sum(calls_of(hall.settings).values()) == len(rang)
    until(lambda: hall.rooms.dialler.line_problem == "", 30)


@pytest.mark.on_sqlite
@pytest.mark.parametrize(
    "faults", ["duplicate=1", "reorder=0.7", "delay=0.5:200", "duplicate=0.5,reorder=0.5"]
)
def test_callbacks_that_come_twice_late_or_out_of_order_change_nothing(
    live: Live, faults: str
) -> None:
    hall, exchange = session(live, faults)
    until(lambda: hall.round.calls_end is not None)
    nothing_is_lost_or_counted_twice(hall, exchange)


@pytest.mark.on_postgresql
def test_calls_whose_callbacks_are_lost_are_asked_after(live: Live) -> None:
    hall, exchange = session(live, "drop=1")

    def is_over() -> bool:
        if hall.round.in_flight and _no_request_is_open(hall):
            hall.minutes_pass(1)
        return hall.round.calls_end is not None

    until(is_over, 90)
    nothing_is_lost_or_counted_twice(hall, exchange)


def _no_request_is_open(hall: Hall) -> bool:
    """Whether the carrier has answered for every attempt under way."""
    unanswered = select(CallAttempt.id).where(
        CallAttempt.ended_at.is_(None), CallAttempt.sid.is_(None)
    )
    with hall.database.read() as db:
        return db.scalar(unanswered) is None


@pytest.mark.on_postgresql
@pytest.mark.parametrize("faults", ["429=0.3", "500=0.3", "lost=0.3", "half=0.3", "hang=0.2:300"])
def test_an_api_that_refuses_forgets_or_hangs_dials_nobody_twice(live: Live, faults: str) -> None:
    hall, exchange = session(live, f"{faults},seed=2")
    until(lambda: hall.round.calls_end is not None, 150)
    nothing_is_lost_or_counted_twice(hall, exchange)


@pytest.mark.on_sqlite
@pytest.mark.parametrize("how", ["away", "hang", "503"])
def test_a_carrier_that_is_away_in_mid_session_ends_nothing(live: Live, how: str) -> None:
    hall, exchange = session(live)
    until(lambda: any(position.replies for position in hall.round.positions.values()))
    exchange.deal(f"outage=1600:{how}", hall.settings)
    until(lambda: bool(hall.rooms.dialler.line_problem), 30)
    until(lambda: hall.round.calls_end is not None, 90)
    nothing_is_lost_or_counted_twice(hall, exchange)


@pytest.mark.on_postgresql
def test_a_carrier_that_keeps_failing_sends_people_to_another_line(live: Live) -> None:
    hall, exchange = session(live, "500=1")
    until(lambda: hall.rooms.dialler.needs_manual_line, 60)
    assert hall.round.completed == 0
    exchange.deal("", hall.settings)
    until(lambda: not hall.rooms.dialler.needs_manual_line, 30)
    until(lambda: hall.round.calls_end is not None)
    assert hall.round.completed == ASKED


class FailingProxy:
    """A proxy that answers 502 to every third webhook; the carrier's next try gets through."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app
        self._seen: set[str] = set()
        self._lock = Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        token = str(environ.get("HTTP_I_TWILIO_IDEMPOTENCY_TOKEN", ""))
        with self._lock:
            is_new = bool(token) and token not in self._seen
            self._seen.add(token)
            refused = is_new and len(self._seen) % 3 == 0
        if refused:
            start_response("502 Bad Gateway", [("Content-Type", "text/plain")])
            return [b"bad gateway"]
        return self._app(environ, start_response)


@pytest.mark.on_postgresql
def test_webhooks_that_did_not_get_through_are_sent_again(live: Live) -> None:
    hall, _ = session(live, between=FailingProxy)
    until(lambda: hall.round.calls_end is not None)
    assert hall.round.in_flight == 0
    assert all(position.final for position in hall.round.positions.values())
    assert hall.round.completed == ASKED


@pytest.mark.on_sqlite
def test_webhooks_signed_with_another_secret_have_no_effect(live: Live) -> None:
    hall, _ = session(live, secret="somebody-elses-secret")

    def is_over() -> bool:
        if hall.round.in_flight and _no_request_is_open(hall):
            hall.minutes_pass(1)
        return hall.round.calls_end is not None

    until(is_over, 90)
    assert hall.round.completed == 0
    assert all(not position.replies for position in hall.round.positions.values())

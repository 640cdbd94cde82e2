"""A session whose app, local exchange and scripted households meet over real HTTP."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from twilio.rest import Client

from evalsys.settings import Settings
from evalsys.store.database import Database
from tests.calling import CADRES, HOUSEHOLDS, Hall, fill_county, truth_of
from tests.exchange_process import Between, Exchange, Living
from tests.processes import free_port

WITHIN_S = 60
LOOK_EVERY_S = 0.2
"""Each look reads a session from its first event on."""


def everybody(**different: object) -> list[dict[str, object]]:
    return [truth_of(i, h, **different) for i in range(CADRES) for h in range(HOUSEHOLDS)]


def calls_of(settings: Settings) -> Counter[str]:
    """Count, at the exchange, how often each number was called."""
    client = Client(settings.telephony_account, settings.telephony_token)
    client.api.base_url = settings.telephony_url
    return Counter(str(call.to) for call in client.calls.list())


def until(what: Callable[[], bool], within_s: float = WITHIN_S) -> None:
    deadline = time.monotonic() + within_s
    while not what():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(LOOK_EVERY_S)


def grown(hall: Hall, version: int) -> Callable[[], bool]:
    return lambda: hall.state.version >= version


Live = Callable[..., tuple[Hall, Exchange]]


@pytest.fixture
def live(database: Database, tmp_path: Path) -> Iterator[Live]:
    """Start everything: `live(truth, more=["--faults", ...])` gives the hall and its exchange.

    `prefix` is where the carrier's API lies, `between` stands before the application, `secret`
    is another one for the exchange to sign with; further keywords are the application's settings.
    """
    stops: list[Callable[[], None]] = []

    def start(
        truth: list[dict[str, object]],
        *,
        more: Sequence[str] = (),
        prefix: str = "",
        between: Between = lambda app: app,
        secret: str = "",
        **settings: str,
    ) -> tuple[Hall, Exchange]:
        exchange, port = Exchange(tmp_path, truth, more=more), free_port()
        public_url = f"http://127.0.0.1:{port}"
        url = exchange.url + prefix
        hall = Hall(database, tmp_path, telephony_url=url, public_url=public_url, **settings)
        fill_county(database, hall.settings)
        other = {"webhook_secret": secret} if secret else {}
        exchange.start(replace(hall.settings, **other))  # type: ignore[arg-type]  # a field's name
        living = Living(hall, port, between)
        stops.extend((hall.close, living.stop, exchange.stop))
        return hall, exchange

    yield start
    for stop in reversed(stops):
        stop()

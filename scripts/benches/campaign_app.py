"""The application of the campaign bench: webhooks and one dialler, on a clock that skips idleness.

    python -m scripts.benches.campaign_app PORT CAMPAIGN [SECONDS]

Settings come from the environment. Prints one JSON object when the campaign is done; with SECONDS,
after so many seconds in which every line was taken, and tells of these alone. How far it has come
is said on the error channel, every ten seconds.
"""

from gevent import monkey

monkey.patch_all()

import json  # noqa: E402 - after the patching, as everything below
import logging  # noqa: E402 - after the patching
import os  # noqa: E402 - after the patching
import socket  # noqa: E402 - after the patching
import sys  # noqa: E402 - after the patching
from collections import Counter  # noqa: E402 - after the patching
from collections.abc import Iterable  # noqa: E402 - after the patching
from datetime import datetime, timedelta  # noqa: E402 - after the patching
from time import perf_counter, process_time  # noqa: E402 - after the patching
from typing import Any  # noqa: E402 - after the patching

import gevent  # noqa: E402 - after the patching
from gevent.pywsgi import WSGIServer  # noqa: E402 - after the patching

from evalsys.app import create_app  # noqa: E402 - after the patching
from evalsys.clock import utc_now  # noqa: E402 - after the patching
from evalsys.ids import CampaignId  # noqa: E402 - after the patching
from evalsys.request_handler import RequestHandler  # noqa: E402 - after the patching
from evalsys.services.campaign_dialler import GATHER_S  # noqa: E402 - after the patching
from evalsys.services.rooms import CampaignRoom  # noqa: E402 - after the patching
from evalsys.settings import read_settings  # noqa: E402 - after the patching
from evalsys.web.rooms import rooms  # noqa: E402 - after the patching
from evalsys.wsgi import tune_rubbish_collection  # noqa: E402 - after the patching
from scripts.benches.process import SAMPLES_EVERY_S, grown_mb, memory_mb  # noqa: E402 - after the patching

IN_PROGRESS = 200
STEP = timedelta(minutes=15)
"""So far the clock moves on at a time: whoever falls due meanwhile is called together."""
LOOKS_EVERY_S = 0.02
"""So often it is seen whether the last call of a moment has ended."""
SAYS_EVERY_S = 10.0
Environ = dict[str, Any]


class SkippingClock:
    """The wall clock, moved on whenever nothing is due and nobody is on the line."""

    def __init__(self) -> None:
        """Start at the present."""
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        """Return the present of the campaign."""
        return utc_now() + self._ahead

    def skip_to(self, at: datetime) -> None:
        """Let `at` be now, unless it is past."""
        self._ahead += max(timedelta(), at - self())


class Meter:
    """Counts requests and how long each took."""

    def __init__(self, app: Any) -> None:  # noqa: ANN401 - any WSGI application
        """Stand before `app`."""
        self._app = app
        self._tenths: Counter[int] = Counter()
        """Requests by tenths of a millisecond: their spread takes memory, not their number."""

    def __call__(self, environ: Environ, start: Any) -> Iterable[bytes]:  # noqa: ANN401 - WSGI's own
        """Answer one request."""
        began = perf_counter()
        answer: Iterable[bytes] = self._app(environ, start)
        self._tenths[int((perf_counter() - began) * 10_000)] += 1
        return answer

    @property
    def webhooks(self) -> int:
        """How many requests were answered."""
        return self._tenths.total()

    def p99_ms(self) -> float:
        """Return what 99 of 100 requests stayed below."""
        over = self.webhooks / 100
        for tenths in sorted(self._tenths, reverse=True):
            over -= self._tenths[tenths]
            if over < 0:
                return (tenths + 1) / 10
        return 0.0

    def forget(self) -> None:
        """Begin anew."""
        self._tenths.clear()


def main(port: int, campaign: CampaignId, seconds: float = 0.0) -> None:
    """Serve and dial until the campaign is over, or for `seconds` with every line taken."""
    logging.basicConfig(level=logging.ERROR)
    clock = SkippingClock()
    app = create_app(read_settings(os.environ), async_mode="gevent", now=clock)
    meter = Meter(app.wsgi_app)
    tune_rubbish_collection()  # as `evalsys serve` does, and the option of its sockets
    server = WSGIServer(("127.0.0.1", port), meter, log=None, handler_class=RequestHandler)
    server.init_socket()
    server.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    server.start()
    with app.app_context():
        room = rooms().campaign
        rooms().leadership.take()  # as `evalsys serve` does: every write is fenced
    memory: list[float] = []
    gevent.spawn(_sample, memory)
    began, busy = perf_counter(), process_time()
    placed, says_at = 0, began + SAYS_EVERY_S
    ends_at: float | None = None
    first_at, once = began, 0.0
    while ends_at is None or perf_counter() < ends_at:
        if perf_counter() >= says_at:
            says_at += SAYS_EVERY_S
            far = f"{placed:,} calls, {meter.webhooks:,} webhooks, {memory[-1]:.0f} MB"
            print(f"{perf_counter() - began:.0f} s: {far}", file=sys.stderr, flush=True)
        if taken := room.dialler.tick(clock()):
            first_at = first_at if placed else perf_counter()
            placed += taken
            gevent.sleep(GATHER_S)
            continue
        following, calling = room.plans.next_due(campaign)
        if following is None and not calling:
            break  # who refused once waits for a person; nobody else is left
        if following is not None and not calling:
            once = once or placed / (perf_counter() - first_at)
            clock.skip_to(max(following, clock()) + STEP)
            continue
        if seconds and ends_at is None and calling >= IN_PROGRESS:
            ends_at = perf_counter() + seconds
            meter.forget()
        _wait_for_an_end(room, campaign, meter)
    seconds, busy = perf_counter() - began, process_time() - busy
    status = room.plans.status(campaign)
    told = {
        "seconds": seconds,
        "application_cpu_seconds": busy,
        "calls": status.attempts,
        "once_a_second": once,
        "webhooks": meter.webhooks,
        "p99_ms": meter.p99_ms(),
        "application_grown_mb": grown_mb(memory),
        "outcomes": dict(status.codes),
        "stops": dict(status.stops),
    }
    print(json.dumps(told), flush=True)
    server.stop()


def _wait_for_an_end(room: CampaignRoom, campaign: CampaignId, meter: Meter) -> None:
    """Wait as a dialler does before it looks again, but not after the last call has ended.

    The database is asked only once no more webhooks come: asking is no work of the application's.
    """
    until, before = perf_counter() + GATHER_S, -1
    while perf_counter() < until:
        gevent.sleep(LOOKS_EVERY_S)
        came, before = meter.webhooks != before, meter.webhooks
        if not came and not room.plans.next_due(campaign)[1]:
            return


def _sample(memory: list[float]) -> None:
    while True:
        memory.append(memory_mb(os.getpid()))
        gevent.sleep(SAMPLES_EVERY_S)


if __name__ == "__main__":
    main(int(sys.argv[1]), CampaignId(sys.argv[2]), *map(float, sys.argv[3:]))

"""The application of the campaign bench: webhooks and one dialler, on a clock that skips idleness.

    python -m scripts.benches.campaign_app PORT CAMPAIGN     settings from the environment

Prints one JSON object when the campaign is done.
"""

from gevent import monkey

monkey.patch_all()

import json  # noqa: E402 - after the patching, as everything below
import logging  # noqa: E402 - after the patching
import os  # noqa: E402 - after the patching
import resource  # noqa: E402 - after the patching
import sys  # noqa: E402 - after the patching
from collections.abc import Iterable  # noqa: E402 - after the patching
from datetime import datetime, timedelta  # noqa: E402 - after the patching
from time import perf_counter, process_time  # noqa: E402 - after the patching
from typing import Any  # noqa: E402 - after the patching

import gevent  # noqa: E402 - after the patching
from gevent.pywsgi import WSGIServer  # noqa: E402 - after the patching

from evalsys.app import create_app  # noqa: E402 - after the patching
from evalsys.clock import utc_now  # noqa: E402 - after the patching
from evalsys.ids import CampaignId  # noqa: E402 - after the patching
from evalsys.settings import read_settings  # noqa: E402 - after the patching
from evalsys.web.rooms import rooms  # noqa: E402 - after the patching

IDLE_S = 0.02
STEP = timedelta(minutes=15)
"""So far the clock moves on at a time: whoever falls due meanwhile is called together."""
SAMPLES_EVERY_S = 1.0
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
        self.seconds: list[float] = []

    def __call__(self, environ: Environ, start: Any) -> Iterable[bytes]:  # noqa: ANN401 - WSGI's own
        """Answer one request."""
        began = perf_counter()
        answer: Iterable[bytes] = self._app(environ, start)
        self.seconds.append(perf_counter() - began)
        return answer

    def p99_ms(self) -> float:
        """Return what 99 of 100 requests stayed below."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)] * 1000 if ordered else 0.0


def rss_mb() -> float:
    """Return the memory in use now."""
    with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123 - a kernel file
        return int(statm.read().split()[1]) * resource.getpagesize() / 1e6


def main(port: int, campaign: CampaignId) -> None:
    """Serve and dial until the campaign is over."""
    logging.basicConfig(level=logging.ERROR)
    clock = SkippingClock()
    app = create_app(read_settings(os.environ), async_mode="gevent", now=clock)
    meter = Meter(app.wsgi_app)
    server = WSGIServer(("127.0.0.1", port), meter, log=None)
    server.start()
    with app.app_context():
        room = rooms().campaign
    began, busy = perf_counter(), process_time()
    memory: list[float] = []
    sampled_at = 0.0
    while True:
        now = perf_counter()
        if now - sampled_at > SAMPLES_EVERY_S:
            memory.append(rss_mb())
            sampled_at = now
        if room.dialler.tick(clock()):
            continue
        following, calling = room.plans.next_due(campaign)
        if following is None and not calling:
            break  # who refused once waits for a person; nobody else is left
        if following is not None and not calling:
            clock.skip_to(max(following, clock()) + STEP)
            continue
        gevent.sleep(IDLE_S)
    taken, busy = perf_counter() - began, process_time() - busy
    status = room.plans.status(campaign)
    told = {
        "seconds": taken,
        "cpu_seconds": busy,
        "calls": status.attempts,
        "webhooks": len(meter.seconds),
        "p99_ms": meter.p99_ms(),
        "rss_first_mb": memory[len(memory) // 10],
        "rss_last_mb": memory[-1],
        "outcomes": dict(status.codes),
        "stops": dict(status.stops),
    }
    print(json.dumps(told), flush=True)
    server.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]), CampaignId(sys.argv[2]))

"""The floor of the campaign bench: the same HTTP and one commit a webhook, and nothing else.

    python -m scripts.benches.campaign_floor PORT EXCHANGE ACCOUNT TOKEN NUMBERS DATABASE

It asks the same questions in the same words, checks no signature, keeps no case, seals nothing.
"""

from gevent import monkey

monkey.patch_all()

import base64  # noqa: E402 - after the patching, as everything below
import gc  # noqa: E402 - after the patching
import json  # noqa: E402 - after the patching
import socket  # noqa: E402 - after the patching
import sqlite3  # noqa: E402 - after the patching
import sys  # noqa: E402 - after the patching
from collections.abc import Iterable  # noqa: E402 - after the patching
from http.client import HTTPConnection  # noqa: E402 - after the patching
from pathlib import Path  # noqa: E402 - after the patching
from time import perf_counter, process_time  # noqa: E402 - after the patching
from typing import Any  # noqa: E402 - after the patching
from urllib.parse import parse_qs, urlencode, urlsplit  # noqa: E402 - after the patching

import gevent  # noqa: E402 - after the patching
from gevent.pool import Pool  # noqa: E402 - after the patching
from gevent.pywsgi import WSGIServer  # noqa: E402 - after the patching

from evalsys.domain.interview import (  # noqa: E402 - after the patching
    Ask,
    Event,
    Farewell,
    PinTyped,
    Pressed,
    Script,
    Silence,
    Spoken,
    Step,
    Topic,
    first_step,
    next_step,
)
from evalsys.domain.interview_script import Brief, words  # noqa: E402 - after the patching
from evalsys.telephony.scripts import shipped_script  # noqa: E402 - after the patching
from evalsys.telephony.twiml import spoken  # noqa: E402 - after the patching

AT_ONCE = 8
IN_PROGRESS = 200


class Floor:
    """Answers webhooks; each leaves one committed row."""

    def __init__(self, base: str, database: str, script: Script) -> None:
        """Write to a new file."""
        self._base = base
        self._script = script
        self._rows = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self._rows.execute(f"PRAGMA {pragma}")
        self._rows.execute("CREATE TABLE heard (id INTEGER PRIMARY KEY, path TEXT, form TEXT)")
        self.webhooks = 0
        self.under_way = 0

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:  # noqa: ANN401 - WSGI's own
        """Take one webhook."""
        form = environ["wsgi.input"].read().decode()
        path = environ["PATH_INFO"]
        self._rows.execute("INSERT INTO heard (path, form) VALUES (?, ?)", (path, form))
        self.webhooks += 1
        parts = path.split("/")
        attempt, hook = parts[2], parts[3]
        if hook == "status":
            if "CallStatus=" in form and not _goes_on(form):
                self.under_way -= 1
            start("204 No Content", [])
            return [b""]
        step = first_step(self._script) if hook == "answer" else self._next(parts, form)
        text = words(self._script, Brief("县水利局局长张三"), step)
        document = spoken(step, text, self._script, f"{self._base}/voice/{attempt}")
        start("200 OK", [("Content-Type", "text/xml")])
        return [document.encode()]

    def _next(self, parts: list[str], form: str) -> Step:
        if parts[3] != "step":
            return Farewell(next(iter(self._script.farewells)))
        at = Ask(Topic(parts[4]), int(parts[5]))
        return next_step(self._script, at, _event(at, parse_qs(form))).step


def _event(at: Ask, form: dict[str, list[str]]) -> Event:
    if at.topic is Topic.COMMENT:
        return Spoken(form.get("RecordingSid", [""])[0], 1)
    digits = form.get("Digits", [""])[0]
    if not digits:
        return Silence()
    return PinTyped(is_right=True) if at.topic is Topic.PIN else Pressed(digits)


def _goes_on(form: str) -> bool:
    word = parse_qs(form).get("CallStatus", [""])[0]
    return word in {"queued", "initiated", "ringing", "in-progress"}


def main(port: int, exchange: str, account: str, token: str, numbers: str, database: str) -> None:
    """Call every number once, and print what it took."""
    base = f"http://127.0.0.1:{port}"
    floor = Floor(base, database, shipped_script("annual"))
    gc.freeze()  # it collects as seldom as ours does
    gc.set_threshold(200_000, 100, 100)
    server = WSGIServer(("127.0.0.1", port), floor, log=None)
    server.init_socket()
    server.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    server.start()
    address = urlsplit(exchange)
    secret = base64.b64encode(f"{account}:{token}".encode()).decode()
    headers = {
        "Authorization": f"Basic {secret}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    called = Path(numbers).read_text("ascii").split()

    def dial(number: str) -> None:
        call = f"{base}/voice/{number.lstrip('+')}"
        form = [
            ("To", number),
            ("From", "+8600000000000"),
            ("Url", f"{call}/answer"),
            ("StatusCallback", f"{call}/status"),
            *(("StatusCallbackEvent", word) for word in _EVENTS),
        ]
        line = HTTPConnection(str(address.hostname), address.port, timeout=30)
        path = f"/2010-04-01/Accounts/{account}/Calls.json"
        line.request("POST", path, urlencode(form), headers)
        line.getresponse().read()
        line.close()

    began, busy = perf_counter(), process_time()
    pool = Pool(AT_ONCE)
    for number in called:
        while floor.under_way >= IN_PROGRESS:
            gevent.sleep(0.002)
        floor.under_way += 1
        pool.spawn(dial, number)
    pool.join()
    while floor.under_way > 0:
        gevent.sleep(0.01)
    taken, busy = perf_counter() - began, process_time() - busy
    told = {
        "seconds": taken,
        "application_cpu_seconds": busy,
        "calls": len(called),
        "webhooks": floor.webhooks,
    }
    print(json.dumps(told), flush=True)
    server.stop()


_EVENTS = ("ringing", "completed")

if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:7])

"""The telephone exchange alone, on the virtual clock: calls and webhooks a second beside its floor.

Two processes on two cores: the exchange, and here an application that answers at once and
dials on as soon as a call has ended. Each call is an interview of five questions: four status
callbacks and six documents.
"""

import json
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from gevent import joinall, spawn
from gevent.event import Event

from scripts.benches import campaign, phone_sip
from scripts.benches.figure import Figure
from scripts.benches.live_fanout import wait_for
from scripts.benches.phone_wire import Connections, serve
from scripts.benches.process import cpu_seconds, free_port, memory_mb

CALLS = 1_000
IN_PROGRESS = 200
LEAST_CALLS_A_SECOND = 150.0
MOST_GROWTH_MB = 30.0
_ACCOUNT, _TOKEN = "AC" + "0" * 32, "bench"
_QUESTION = (
    '<Response><Gather numDigits="1" finishOnKey="" timeout="6" action="{next}">'
    '<Say language="zh-CN">今年干部到您家走访过吗？走访过请按1，没有走访请按2，记不清请按3。'
    "</Say></Gather><Redirect>{next}</Redirect></Response>"
)
_FAREWELL = "<Response><Say>谢谢，再见。</Say><Hangup/></Response>"
_QUESTIONS = 5


@dataclass(slots=True)
class Application:
    """Answers the exchange, and dials."""

    url: str = ""
    ended: dict[str, Event] = field(default_factory=dict)
    webhooks: int = 0

    def answer(self, path: str, body: bytes) -> tuple[str, bytes]:
        """Say the next question, or take note that a call has ended."""
        self.webhooks += 1
        _, call, page = path.split("/")
        if page == "status":
            if b"CallStatus=completed" in body:
                self.ended.pop(call).set()
            return "text/plain", b""
        number = int(page)
        if number == _QUESTIONS:
            return "text/xml", _FAREWELL.encode()
        following = f"{self.url}/{call}/{number + 1}"
        return "text/xml", _QUESTION.format(next=following).encode()

    def campaign(self, exchange: Connections, url: str, calls: int) -> None:
        """Call so many households, `IN_PROGRESS` at a time."""
        numbers = iter(range(calls))
        door = b64encode(f"{_ACCOUNT}:{_TOKEN}".encode()).decode()
        path = f"/2010-04-01/Accounts/{_ACCOUNT}/Calls.json"
        events = ["initiated", "ringing", "answered", "completed"]

        def dial_on() -> None:
            for number in numbers:
                call = f"c{number}"
                ended = self.ended[call] = Event()
                form = {
                    "To": f"+86139{number:08}",
                    "From": "+8610000000000",
                    "Url": f"{url}/{call}/0",
                    "StatusCallback": f"{url}/{call}/status",
                    "StatusCallbackEvent": " ".join(events),
                }
                exchange.post(path, form, f"Authorization: Basic {door}\r\n")
                ended.wait()

        joinall([spawn(dial_on) for _ in range(IN_PROGRESS)], raise_error=True)


@dataclass(frozen=True, slots=True)
class Measured:
    """One campaign."""

    calls_a_second: float
    webhooks_a_second: float
    cpu_ms_a_call: float
    """Processor time of the exchange: what other programs do on the machine does not count."""
    grown_mb: float


def run(repeat: int) -> list[Figure]:
    """Measure the exchange and its floor in turn, then one whole campaign, then the SIP trunk."""
    ours, floors = [], []
    for _ in range(repeat):
        ours.append(_measure(_exchange))
        floors.append(_measure(_floor))
    calls = median(each.calls_a_second for each in ours)
    return [
        Figure(
            "phone",
            f"exchange alone, {IN_PROGRESS} calls in progress",
            calls,
            "calls/s",
            peer="Python's own HTTP and commits",
            peer_value=median(each.calls_a_second for each in floors),
            target=LEAST_CALLS_A_SECOND,
            higher_is_better=True,
        ),
        Figure(
            "phone",
            "exchange alone",
            median(each.webhooks_a_second for each in ours),
            "webhooks/s",
            peer="Python's own HTTP and commits",
            peer_value=median(each.webhooks_a_second for each in floors),
            higher_is_better=True,
        ),
        Figure(
            "phone",
            "exchange alone, processor time a call",
            median(each.cpu_ms_a_call for each in ours),
            "ms",
            peer="Python's own HTTP and commits",
            peer_value=median(each.cpu_ms_a_call for each in floors),
        ),
        Figure(
            "phone",
            f"memory grown over {CALLS:,} calls",
            median(each.grown_mb for each in ours),
            "MB",
            target=MOST_GROWTH_MB,
        ),
        *campaign.run(repeat),
        *phone_sip.run(repeat),
    ]


def _measure(command: Callable[[int, str, Path], list[str]]) -> Measured:
    """Start one of the two, let it warm up, and run a campaign over it."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        application = Application()
        server = serve(application.answer)
        url = application.url = f"http://127.0.0.1:{server.server_port}"
        process = subprocess.Popen(command(port, url, Path(folder)), stdout=subprocess.DEVNULL)  # noqa: S603 - our own programs
        try:
            wait_for(port)
            exchange = Connections(f"http://127.0.0.1:{port}")
            application.campaign(exchange, url, CALLS // 3)
            before, application.webhooks = memory_mb(process.pid), 0
            cpu_before = cpu_seconds(process.pid)
            began = time.perf_counter()
            application.campaign(exchange, url, CALLS)
            seconds = time.perf_counter() - began
            grown = memory_mb(process.pid) - before
            cpu_ms = (cpu_seconds(process.pid) - cpu_before) * 1000 / CALLS
        finally:
            process.kill()
            process.wait()
            server.stop()
    return Measured(CALLS / seconds, application.webhooks / seconds, cpu_ms, grown)


def _exchange(port: int, _: str, folder: Path) -> list[str]:
    truth = folder / "truth.jsonl"
    truth.write_text("".join(f"{_household(n)}\n" for n in range(CALLS)), encoding="utf-8")
    options = {
        "--port": str(port),
        "--account": _ACCOUNT,
        "--token": _TOKEN,
        "--truth": str(truth),
        "--data-dir": str(folder / "exchange"),
        "--lines": "scripted",
    }
    words = [word for pair in options.items() for word in pair]
    return [sys.executable, "-m", "evalsys", "exchange", "--virtual-clock", *words]


def _household(number: int) -> str:
    """Return somebody who picks up, listens and answers, so that all calls are of one length."""
    household = {
        "phone": f"+86139{number:08}",
        "visited": True,
        "solved": True,
        "score": 4,
        "answers": 100,
        "linked": True,
        "behaviour": "usual",
    }
    return json.dumps(household)


def _floor(port: int, application: str, folder: Path) -> list[str]:
    database = str(folder / "floor.db")
    return [sys.executable, "-m", "scripts.benches.phone_floor", str(port), application, database]

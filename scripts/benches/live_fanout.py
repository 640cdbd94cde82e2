"""One picture to all screens: how long it takes, and what it costs beside the floor."""

import os
import resource
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from scripts.benches.figure import Figure
from scripts.benches.live_screens import Hall

SIZES = tuple(int(n) for n in os.environ.get("EVALSYS_BENCH_SCREENS", "500,2000,5000").split(","))
MOST_OF_FLOOR = 5.0
SLOWEST_MS = 250.0
"""Of a hundred screens ninety-nine have it by then, at 5,000."""
LEAST_OF_DEFAULTS = 2.0
_DELIVERIES = 20_000
"""About so many in a run, after one picture that is not counted: the clock has ticks of 10 ms."""
_STARTS_WITHIN_S = 60


@dataclass(frozen=True, slots=True)
class Measured:
    """One server with so many screens."""

    p50_ms: float
    p99_ms: float
    cpu_us: float
    """Processor time of the server for each picture of each screen."""
    memory_kb: float
    """Memory that each connection takes."""


def run(repeat: int) -> list[Figure]:
    """Measure the three servers in turn, `repeat` times at each size."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    figures = []
    for screens in SIZES:
        kinds = ("floor", "ours", "defaults")
        runs = {kind: [] for kind in kinds}  # type: dict[str, list[Measured]]
        for _ in range(repeat):
            for kind in kinds:
                runs[kind].append(_measure(kind, screens))
        figures += _figures(screens, *(_middle(runs[kind]) for kind in kinds))
    return figures


def _figures(screens: int, floor: Measured, ours: Measured, defaults: Measured) -> list[Figure]:
    named, slowest = f"{screens:,} screens", screens == max(SIZES)
    their = "Flask-SocketIO's defaults"
    return [
        Figure("live", f"{named}, p50", ours.p50_ms, "ms", their, defaults.p50_ms),
        Figure(
            "live",
            f"{named}, p99",
            ours.p99_ms,
            "ms",
            "asyncio floor",
            floor.p99_ms,
            target=SLOWEST_MS if slowest else None,
        ),
        Figure(
            "live",
            f"{named}, p99 beside the defaults",
            ours.p99_ms,
            "ms",
            their,
            defaults.p99_ms,
            target=defaults.p99_ms / LEAST_OF_DEFAULTS if slowest else None,
        ),
        Figure(
            "live",
            f"{named}, processor time a message",
            ours.cpu_us,
            "us",
            "asyncio floor",
            floor.cpu_us,
            target=floor.cpu_us * MOST_OF_FLOOR,
        ),
        Figure(
            "live", f"{named}, memory", ours.memory_kb, "KB a screen", their, defaults.memory_kb
        ),
    ]


def _middle(runs: list[Measured]) -> Measured:
    return Measured(
        median(one.p50_ms for one in runs),
        median(one.p99_ms for one in runs),
        median(one.cpu_us for one in runs),
        median(one.memory_kb for one in runs),
    )


def _measure(kind: str, screens: int) -> Measured:
    port = free_port()
    arguments = [sys.executable, "-m", "scripts.benches.live_servers", kind, str(port)]
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL)  # noqa: S603 - our own programs
    hall = Hall(port, is_raw=kind == "floor")
    try:
        wait_for(port)
        empty = memory_kb(process.pid)
        hall.fill(screens)
        hall.show()
        before, took = cpu_seconds(process.pid), []
        for _ in range(_DELIVERIES // screens):
            hall.rest(0.1)
            took += hall.show()
        cpu_us = (cpu_seconds(process.pid) - before) * 1e6 / len(took)
        p99 = quantiles(took, n=100)[98]
        return Measured(median(took), p99, cpu_us, (memory_kb(process.pid) - empty) / screens)
    finally:
        hall.close()
        process.kill()
        process.wait()


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def wait_for(port: int) -> None:
    """Return when somebody listens."""
    deadline = time.monotonic() + _STARTS_WITHIN_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def memory_kb(pid: int) -> float:
    """Resident memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * 4096 / 1024


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has taken so far."""
    after_name = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")

"""What a call on the SIP trunk costs: processor time of the child that speaks SIP, per call."""

import os
import secrets
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import click
from gevent import sleep

from evalsys.exchange.line import Prompt, RecordLimits
from evalsys.exchange.sip.line import SipLine
from evalsys.exchange.sip.settings import trunk_settings
from evalsys.exchange.sip.trunk import Trunk
from evalsys.exchange.sounds import spoken_stand_in
from scripts.benches.figure import Figure
from scripts.benches.process import cpu_seconds
from tests.sipp import SIPP, answers, carrier

Work = Callable[[list[SipLine]], None]

CALLS = 50
MEASURED_SECONDS = 2
MOST_OF_A_CORE = 1.0
"""Percent of a core a call: a hundred calls a core is what a county plans with."""


def run(repeat: int) -> list[Figure]:
    """Measure calls that hear a prompt, are recorded or talk in pairs, beside silent ones."""
    if find_spec("baresip") is None or not os.access(SIPP, os.X_OK):
        click.echo("phone: SIP is left out, baresip-python or sipp is missing here", err=True)
        return []
    with tempfile.TemporaryDirectory() as folder:
        return _figures(Path(folder), repeat)


def _figures(folder: Path, repeat: int) -> list[Figure]:
    prompt = folder / "prompt.wav"
    prompt.write_bytes(spoken_stand_in("这是一句很长的话" * 20, 60.0))
    port = 21000 + 2 * secrets.randbelow(2500)
    phones = carrier(folder, answers(), port, port + 5000)
    sleep(1)
    settings = trunk_settings(
        f"127.0.0.1:{port}",
        listen=f"127.0.0.1:{port + 2}",
        channels=CALLS,
        calls_a_second=50.0,
    )
    trunk = Trunk(settings, lambda _: prompt)
    trunk.start()
    try:
        return _measured(trunk, _connected(trunk), repeat)
    finally:
        trunk.stop()
        phones.stop()


def _connected(trunk: Trunk) -> list[SipLine]:
    """Return lines that are all in conversation."""
    while trunk.state != "up":
        sleep(0.1)
    lines = [trunk.line_to(f"+861390000{n:04}", "+8610000000000") for n in range(CALLS)]
    for line in lines:
        line.dial()
    for line in lines:
        while type(line.inbox.get(timeout=20)).__name__ != "Answered":
            pass
    sleep(1)
    return lines


def _measured(trunk: Trunk, lines: list[SipLine], repeat: int) -> list[Figure]:
    works: dict[str, tuple[Work, Work]] = {
        "silent": (_nothing, _nothing),
        "hears a prompt": (_talk, _hush),
        "is recorded": (_record, _stop),
        "talks with another": (_meet, _part),
    }
    shares: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(repeat):
        for name, (begin, end) in works.items():
            begin(lines)
            shares[name].append(_share_of_a_core(trunk))
            end(lines)
    silent = median(shares.pop("silent"))
    return [
        Figure(
            "phone",
            f"SIP, processor of one of {CALLS} calls that {name}",
            median(measured),
            "% of a core",
            "a silent call",
            silent,
            MOST_OF_A_CORE,
        )
        for name, measured in shares.items()
    ]


def _nothing(_: list[SipLine]) -> None:
    """Let the calls be."""


def _talk(lines: list[SipLine]) -> None:
    for line in lines:
        line.play(Prompt(1, "…"))


def _hush(lines: list[SipLine]) -> None:
    for line in lines:
        line.hush()


def _record(lines: list[SipLine]) -> None:
    for line in lines:
        line.start_recording(RecordLimits(60, 60, "#", beep=False))


def _stop(lines: list[SipLine]) -> None:
    for line in lines:
        line.stop_recording()


def _meet(lines: list[SipLine]) -> None:
    for one, other in zip(lines[::2], lines[1::2], strict=True):
        one.hear([other])
        other.hear([one])


def _part(lines: list[SipLine]) -> None:
    for line in lines:
        line.hear(())


def _share_of_a_core(trunk: Trunk) -> float:
    """Return how much of a core, in percent, one call takes now."""
    began = _processor_seconds(trunk)
    sleep(MEASURED_SECONDS)
    return 100 * (_processor_seconds(trunk) - began) / MEASURED_SECONDS / CALLS


def _processor_seconds(trunk: Trunk) -> float:
    return cpu_seconds(int(str(trunk.as_json()["pid"])))

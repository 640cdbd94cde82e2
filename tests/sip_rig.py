"""An exchange with a SIP trunk, and on the trunk's other end telephones or a carrier."""

import json
import os
import secrets
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest
import requests

from tests import sipp
from tests.exchange_rig import ExchangeRig, StartExchange
from tests.processes import Process

MISSING = [name for name in ("baresip", "numpy") if find_spec(name) is None]
needs_sip = pytest.mark.skipif(
    bool(MISSING), reason=f"the extra evalsys[sip] has no wheel here: {', '.join(MISSING)}"
)
needs_sipp = pytest.mark.skipif(
    not os.access(sipp.SIPP, os.X_OK), reason="sipp is not installed (Debian: sip-tester)"
)


@dataclass(slots=True)
class Telephones:
    """The telephones of `tests.sip_phones`, running."""

    port: int
    process: Process

    def noted(self, what: str, number: str = "") -> list[dict[str, str]]:
        """What they noticed so far, of one kind and number."""
        notes = [json.loads(line) for line in self.process.log.read_text().splitlines()]
        return [n for n in notes if n["what"] == what and number in {"", n["number"]}]

    def wait_for(self, what: str, number: str = "", count: int = 1) -> list[dict[str, str]]:
        """Wait until they noticed something so many times."""
        deadline = time.monotonic() + 10
        while len(self.noted(what, number)) < count:
            if time.monotonic() > deadline:
                pytest.fail(f"no {what} of {number}:\n{self.process.log.read_text()[-2000:]}")
            time.sleep(0.05)
        return self.noted(what, number)


StartTelephones = Callable[[Mapping[str, object]], Telephones]
StartCarrier = Callable[..., int]
StartTrunk = Callable[..., ExchangeRig]


@pytest.fixture
def start_telephones(tmp_path: Path) -> Iterator[StartTelephones]:
    """Run telephones: `start_telephones({"+86139...": {"says": 440}})`."""
    running: list[Process] = []

    def start(phones: Mapping[str, object]) -> Telephones:
        port, folder = free_sip_port(), tmp_path / f"phones-{len(running)}"
        folder.mkdir()
        config = folder / "phones.json"
        config.write_text(json.dumps({"port": port, "phones": phones}))
        checkout = str(Path(__file__).parents[1])
        process = Process(
            [sys.executable, "-m", "tests.sip_phones", str(config)],
            {"PYTHONPATH": checkout},
            folder / "phones.log",
        )
        running.append(process)
        telephones = Telephones(port, process)
        telephones.wait_for("ready")
        return telephones

    yield start
    for process in running:
        process.stop()


@pytest.fixture
def start_carrier(tmp_path: Path) -> Iterator[StartCarrier]:
    """Run sipp with a scenario: `start_carrier(scenario, "tcp")`; return its port."""
    running: list[Process] = []

    def start(scenario: str, transport: str = "udp") -> int:
        port = free_sip_port()
        running.append(sipp.carrier(tmp_path, scenario, port, free_sip_port(), transport))
        time.sleep(0.5)
        return port

    yield start
    for process in running:
        process.stop()


@pytest.fixture
def start_trunk(start_exchange: StartExchange) -> StartTrunk:
    """Run an exchange whose calls go to a port of this machine."""

    def start(port: int, *more: str, password: str = "") -> ExchangeRig:
        rig = start_exchange(
            environment={"EVALSYS_SIP_PASSWORD": password},
            more=[
                *("--lines", "sip", "--sip-trunk", f"sip:127.0.0.1:{port}"),
                *("--sip-listen", f"127.0.0.1:{free_sip_port()}", *more),
            ],
        )
        wait_for_trunk(rig, "up")
        return rig

    return start


def trunk_of(rig: ExchangeRig) -> dict[str, object]:
    """How the exchange says that its trunk is."""
    told: dict[str, object] = requests.get(f"{rig.url}/health", timeout=5).json()["sip"]
    return told


def wait_for_trunk(rig: ExchangeRig, state: str) -> dict[str, object]:
    """Wait until the trunk is in a state."""
    deadline = time.monotonic() + 15
    while (told := trunk_of(rig))["state"] != state:
        if time.monotonic() > deadline:
            pytest.fail(f"trunk still {told}:\n{rig.process.log.read_text()[-3000:]}")
        time.sleep(0.05)
    return told


def free_sip_port() -> int:
    """A loopback port that nobody uses, nor the next, for streams and datagrams alike.

    It lies below those that the system gives to whoever asks, and above those for sound.
    """
    while True:
        port = 21000 + 2 * secrets.randbelow(5000)
        if all(_is_free(each, kind) for each in (port, port + 1) for kind in _KINDS):
            return port


_KINDS = (socket.SOCK_DGRAM, socket.SOCK_STREAM)


def _is_free(port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True

"""The phone: an unattended campaign over scripted lines, beside the same HTTP with one commit each.

Three times over one county: flat out on the virtual clock to the campaign's end, the bare loop
over the same numbers, and for a while at the pace of people, with every line taken.
`EVALSYS_BENCH_HOUSEHOLDS` (`--households`) sets how many households are called.
"""

import json
import os
import secrets
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from scripts.benches.figure import Figure
from scripts.benches.process import cpu_seconds, free_port, grown_mb, memory_watched

HOUSEHOLDS = "EVALSYS_BENCH_HOUSEHOLDS"
USUAL_HOUSEHOLDS = 1_000
HOUSEHOLDS_A_CADRE = 33
LEAST_CALLS_A_SECOND = 150.0
LEAST_SHARE_OF_FLOOR = 0.6
MOST_GROWTH_MB = 30.0
PEOPLE_FOR_S = 45
LONGEST_WEBHOOK_MS = 100.0
IN_PROGRESS = 200
ACCOUNT = "AC" + "0" * 32
START_WITHIN_S = 60


def run(repeat: int) -> list[Figure]:  # noqa: ARG001 - a campaign is long enough to be run once
    """Run one campaign to its end, then the floor over the same households."""
    households = int(os.environ.get(HOUSEHOLDS, USUAL_HOUSEHOLDS))
    with tempfile.TemporaryDirectory() as folder:
        bench = _Bench(Path(folder))
        campaign = bench.prepare(households)
        ours = bench.campaign(campaign)
        floor = bench.floor()
        people = bench.people(campaign)
    print(json.dumps({"outcomes": ours["outcomes"], "stops": ours["stops"]}), file=sys.stderr)
    calls, floor_calls = (each["calls"] / each["seconds"] for each in (ours, floor))
    hooks, floor_hooks = (each["webhooks"] / each["seconds"] for each in (ours, floor))
    name, peer = "campaign", "bare loop"
    return [
        Figure(name, f"calls, {households} households", calls, "1/s", peer, floor_calls,
               LEAST_CALLS_A_SECOND, higher_is_better=True),
        Figure(name, "calls a second, share of the bare loop's", calls / floor_calls, "x",
               target=LEAST_SHARE_OF_FLOOR, higher_is_better=True),
        # The loop calls every number once; a small campaign spends half of its time on the few
        # whose turn comes again, with most lines free.
        Figure(name, "calls while every number is called once", ours["once_a_second"], "1/s", peer,
               floor_calls, higher_is_better=True),
        Figure(name, "webhooks", hooks, "1/s", peer, floor_hooks, higher_is_better=True),
        *(
            Figure(name, f"processor time a {what}, {who}", _cpu_ms(ours, who, what), "ms", peer,
                   _cpu_ms(floor, who, what))
            for what in ("webhook", "call")
            for who in ("application", "exchange")
        ),
        Figure(name, f"webhook p99, {IN_PROGRESS} calls at people's pace", people["p99_ms"], "ms",
               target=LONGEST_WEBHOOK_MS),
        Figure(name, f"webhook p99, {IN_PROGRESS} calls flat out", ours["p99_ms"], "ms"),
        *(
            Figure(name, f"memory grown over the run, {who}", ours[f"{who}_grown_mb"], "MB",
                   target=MOST_GROWTH_MB)
            for who in ("application", "exchange")
        ),
    ]  # fmt: skip


def _cpu_ms(told: Mapping[str, Any], who: str, what: str) -> float:
    value: float = told[f"{who}_cpu_seconds"] * 1000 / told[f"{what}s"]
    return value


class _Bench:
    """One county in a folder, and the programs that run over it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ports = {
            name: free_port() for name in ("app", "exchange", "floor", "second", "people")
        }
        self._environment = self._settings()

    def _settings(self) -> dict[str, str]:
        tally = _answer_of([*_EVALSYS, "tally", "--new-key"], {})
        public = next(line for line in tally.splitlines() if "PUBLIC" in line).partition("=")[2]
        return {
            "EVALSYS_DATA_DIR": str(self._folder),
            "EVALSYS_DATABASE_URL": f"sqlite:///{self._folder}/evalsys.db",
            "EVALSYS_PUBLIC_URL": f"http://127.0.0.1:{self._ports['app']}",
            "EVALSYS_SECRET_KEY": secrets.token_hex(16),
            "EVALSYS_PHONE_KEY": secrets.token_hex(64),
            "EVALSYS_INDEX_KEY": secrets.token_hex(32),
            "EVALSYS_TALLY_PUBLIC_KEY": public,
            "EVALSYS_HEAD_KEY": secrets.token_hex(32),
            "EVALSYS_TELEPHONY_URL": f"http://127.0.0.1:{self._ports['exchange']}",
            "EVALSYS_TELEPHONY_ACCOUNT": ACCOUNT,
            "EVALSYS_TELEPHONY_TOKEN": secrets.token_hex(16),
        }

    def prepare(self, households: int) -> str:
        """Make and import a county, plan the campaign, and let every household know its PIN."""
        county = self._folder / "county"
        cadres = max(20, households // HOUSEHOLDS_A_CADRE)
        self._evalsys(
            "county", "generate", "--out", str(county), "--cadres", str(cadres),
            "--households", str(households),
        )  # fmt: skip
        self._evalsys("migrate")
        self._evalsys("import", "roster", str(county / "roster.xlsx"))
        lines = IN_PROGRESS
        self._evalsys(
            "campaign", "lines", "--channels", str(lines), "--reserved", "0",
            "--calls-a-second", "1000",
        )  # fmt: skip
        planned = self._evalsys("campaign", "plan", "--title", "bench", "--json")
        campaign: str = json.loads(planned)["campaign"]
        letters = self._folder / "letters.csv"
        self._evalsys("campaign", "export", campaign, "--list", "letters", "--out", str(letters))
        rows = (line.split(",") for line in letters.read_text("utf-8-sig").splitlines()[1:])
        pins = {row[0]: row[-1] for row in rows}
        self._tell(county / "truth.jsonl", pins)
        self._evalsys("campaign", "start", campaign)
        return campaign

    def _tell(self, truth: Path, pins: Mapping[str, str]) -> None:
        numbers = []
        with (self._folder / "truth.jsonl").open("w", encoding="utf-8") as told:
            for line in truth.read_text("utf-8").splitlines():
                household = json.loads(line)
                household["pin"] = pins.get(household["household"], "")
                told.write(json.dumps(household, ensure_ascii=False) + "\n")
                numbers.append(household["phone"])
        (self._folder / "numbers.txt").write_text("\n".join(numbers), "ascii")

    def campaign(self, campaign: str) -> dict[str, Any]:
        """Run the campaign to its end."""
        with closing(sqlite3.connect(self._folder / "evalsys.db")) as db:
            db.execute("VACUUM INTO ?", (str(self._folder / "people.db"),))
        return self._over("exchange", "--virtual-clock", program=self._app(campaign))

    def people(self, campaign: str) -> dict[str, Any]:
        """Begin the campaign once more, with households that take their time."""
        self._environment["EVALSYS_DATABASE_URL"] = f"sqlite:///{self._folder}/people.db"
        return self._over("people", program=[*self._app(campaign), str(PEOPLE_FOR_S)])

    def floor(self) -> dict[str, Any]:
        """Call every number once with a bare loop."""
        program = [
            "scripts.benches.campaign_floor", str(self._ports["floor"]), self._address("second"),
            ACCOUNT, self._environment["EVALSYS_TELEPHONY_TOKEN"],
            str(self._folder / "numbers.txt"), str(self._folder / "floor.db"),
        ]  # fmt: skip
        return self._over("second", "--virtual-clock", program=program)

    def _app(self, campaign: str) -> list[str]:
        return ["scripts.benches.campaign_app", str(self._ports["app"]), campaign]

    def _over(self, name: str, *options: str, program: list[str]) -> dict[str, Any]:
        """Run a program over an exchange of its own; add what the exchange took."""
        self._environment["EVALSYS_TELEPHONY_URL"] = self._address(name)
        with self._exchange(name, *options) as pid, memory_watched(pid) as memory:
            cpu = cpu_seconds(pid)
            told = _last_json(_answer_of([sys.executable, "-m", *program], self._environment))
            told["exchange_cpu_seconds"] = cpu_seconds(pid) - cpu
            told["exchange_grown_mb"] = grown_mb(memory)
        return told

    def _address(self, name: str) -> str:
        return f"http://127.0.0.1:{self._ports[name]}"

    @contextmanager
    def _exchange(self, name: str, *options: str) -> Iterator[int]:
        command = [
            *_EVALSYS, "exchange", "--port", str(self._ports[name]), *options,
            "--lines", "scripted", "--truth", str(self._folder / "truth.jsonl"),
            "--data-dir", str(self._folder / name),
        ]  # fmt: skip
        with (self._folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 - our own program
                command, env={**os.environ, **self._environment}, stdout=log, stderr=log
            )
        try:
            _wait_for(self._address(name))
            yield process.pid
        finally:
            process.kill()  # calls of people are in progress: nobody waits for them
            process.wait()

    def _evalsys(self, *arguments: str) -> str:
        return _answer_of([*_EVALSYS, *arguments], self._environment)


_EVALSYS = (sys.executable, "-m", "evalsys")


def _answer_of(command: list[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run(  # noqa: S603 - our own programs
        command, env={**os.environ, **environment}, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def _last_json(output: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(output.strip().splitlines()[-1])
    return told


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + START_WITHIN_S
    while time.monotonic() < deadline:
        try:
            with urlopen(address, timeout=5):  # noqa: S310 - a loopback address
                return
        except URLError as error:
            if getattr(error, "code", None):
                return
            time.sleep(0.1)
    message = f"{address} did not answer"
    raise TimeoutError(message)

"""How soon all is right after kill -9 of each program of a show, beside a bare start of it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Protocol

import requests
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as TookTooLong

from evalsys.cli.demo_people import Operator
from evalsys.domain.live.fold import replay
from evalsys.domain.live.words import Phase
from evalsys.errors import OutsideFailure
from scripts.benches.figure import Figure
from scripts.benches.live_evening import WAITS_MS, Evening, evening
from scripts.benches.live_show import IS_RIGHT
from tests.builders import environment_of
from tests.own_postgres import OwnPostgres
from tests.processes import free_port

KILLS = 20
NEIGHBOUR_KILLS = 5
"""Of web, exchange and database each."""
RIGHT_WITHIN_S = 3.0
_LOOK_EVERY_S = 0.01
_EVALSYS = str(Path(sys.executable).with_name("evalsys"))


class Runs(Protocol):
    """Something that is killed, ended in order, and started again."""

    def kill(self) -> None:
        """Kill it as a power cut would."""

    def stop(self) -> None:
        """Let it end in order."""

    def start_again(self) -> None:
        """Start it at its address."""


class Program:
    """`evalsys WORDS` as an installation starts it: nothing of it is loaded beforehand."""

    def __init__(self, words: str, environment: Mapping[str, str], log: Path) -> None:
        """Start it; what it says goes to `log`."""
        self._words = [_EVALSYS, *words.split()]
        self._environment = {**os.environ, **environment}
        self._log = log
        self.start_again()

    def start_again(self) -> None:
        """Start it at its address."""
        with self._log.open("ab") as said:
            self._process = subprocess.Popen(  # noqa: S603 - our own program, no shell
                self._words,
                env=self._environment,
                cwd=self._log.parent,
                stdout=said,
                stderr=subprocess.STDOUT,
            )

    def kill(self) -> None:
        """Kill it as a power cut would."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """Ask it to end, and wait."""
        self._process.terminate()
        self._process.wait()


def run(_repeat: int) -> list[Figure]:
    """Kill the live process twenty times and its neighbours five times, whatever `_repeat` says."""
    found: list[Figure] = []
    with TemporaryDirectory(prefix="evalsys-pg-") as name:
        Path(name).chmod(0o755)  # its server's user may not enter it otherwise
        server = OwnPostgres(Path(name))
        try:
            with _stage_of_programs(server.address) as show:
                kills = [_kill(show, 0.05 * n / KILLS) for n in range(KILLS)]
                bare = _bare(show.live, show.answers("live"))
                found += _figures("screens right after kill -9", kills, bare)
                for what, one, answers in (
                    ("web", show.web, show.answers("web")),
                    ("exchange", show.exchange, show.answers("exchange")),
                    ("PostgreSQL", server, show.looks),
                ):
                    kills = [_neighbour(show, one, answers) for _ in range(NEIGHBOUR_KILLS)]
                    title = f"all right after kill -9 of {what}"
                    found += _figures(title, kills, _bare(one, answers))
        finally:
            server.stop()
    return found


class _Show:
    """An evening whose programs were started as an installation starts them."""

    def __init__(self, opened: Evening, ends: ExitStack) -> None:
        hall = opened.hall
        for warmed in (hall.app, hall.exchange):
            if warmed is not None:
                warmed.stop()
        environment, ports = environment_of(hall.settings), {}
        ports["live"] = hall.settings.public_url.rpartition(":")[2]
        ports["exchange"] = hall.settings.telephony_url.rpartition(":")[2]
        ports["web"] = str(free_port())
        self.opened, self._ports = opened, ports

        def program(name: str, words: str) -> Program:
            started = Program(
                f"{words} --port {ports[name]}", environment, hall.folder / f"{name}.bench.log"
            )
            ends.callback(started.stop)
            return started

        self.live = program("live", "serve")
        self.web = program("web", "web")
        self.exchange = program("exchange", "exchange --truth truth.jsonl --data-dir exchange")
        for name in ports:
            _until(self.answers(name))
        self.stage = opened.output("stage")
        self.words = _phase_words(opened, self.stage)

    def answers(self, name: str) -> Callable[[], bool]:
        """Give what says whether a program answers."""
        path = {"live": "/live/here", "web": "/login", "exchange": "/health"}[name]
        address = f"http://127.0.0.1:{self._ports[name]}{path}"

        def asked() -> bool:
            with suppress(requests.RequestException):
                return requests.get(address, timeout=5).ok
            return False

        return asked

    def looks(self) -> bool:
        """Say whether the console shows the session, which takes the database."""
        with suppress(requests.RequestException, OutsideFailure):
            return bool(self.opened.hall.operator.look())
        return False


@contextmanager
def _stage_of_programs(address: str) -> Iterator[_Show]:
    with evening(address) as opened, ExitStack() as ends:
        yield _Show(opened, ends)


def _figures(name: str, kills: list[float], bare: float) -> list[Figure]:
    count = len(kills)
    return [
        Figure("live", f"{name}, median of {count}", median(kills), "s", "bare start", bare),
        Figure("live", f"{name}, slowest of {count}", max(kills), "s", target=RIGHT_WITHIN_S),
    ]


def _bare(one: Runs, answers: Callable[[], bool]) -> float:
    """End a program in order and start it again; give the median seconds until it answers."""
    taken = []
    for _ in range(NEIGHBOUR_KILLS):
        one.stop()
        began = time.perf_counter()
        one.start_again()
        _until(answers)
        taken.append(time.perf_counter() - began)
    return median(taken)


def _until(what: Callable[[], bool]) -> None:
    deadline = time.perf_counter() + 60
    while not what():
        if time.perf_counter() > deadline:
            raise OutsideFailure("一个程序没有启动。", remedy="请看数据目录中的日志。")
        time.sleep(_LOOK_EVERY_S)


def _phase_words(opened: Evening, stage: Page) -> dict[str, str]:
    """Learn how the stage calls the two phases between which the operator goes to and fro."""
    words, operator = {}, opened.hall.operator
    for phase, command in ((Phase.DRAWN, "record_presence"), (Phase.ANSWERING, "take_back")):
        operator.look()
        stage.wait_for_timeout(500)
        words[phase.value] = stage.inner_text("#phase")
        operator.do(command, **({"presence": "in_person"} if phase is Phase.DRAWN else {}))
    return words


def _kill(show: _Show, moment_s: float) -> float:
    """Kill the live process around a step, start it again; give the seconds until all is right.

    Right: the record has the step whole or not at all, and surely when it was acknowledged; the
    console takes the next one, and the stage, which nobody touched, shows it.
    """
    hall, operator = show.opened.hall, show.opened.hall.operator
    before = len(hall.events())
    phase = operator.look()["phase"]
    with ThreadPoolExecutor(1) as hand:
        step = hand.submit(_press, operator, phase)
        time.sleep(moment_s)
        show.live.kill()
        is_acknowledged = step.result()
    began = time.perf_counter()
    show.live.start_again()
    _until(show.answers("live"))
    after = hall.events()
    if len(after) - before not in ((1,) if is_acknowledged else (0, 1)):
        raise RuntimeError("a step was lost or doubled")
    if not _press(operator, operator.look()["phase"]):
        raise RuntimeError("the step after the start was refused")
    return _seconds_until_shown(show, began)


def _neighbour(show: _Show, one: Runs, answers: Callable[[], bool]) -> float:
    """Kill a program beside the live one, start it again; give the seconds until all is right.

    Right: it answers, the record has lost nothing, the console takes the next step, which was
    refused if at all while it was dead, and the stage, which nobody touched, shows it.
    """
    hall, operator = show.opened.hall, show.opened.hall.operator
    known = hall.events()
    one.kill()
    began = time.perf_counter()
    one.start_again()
    _until(answers)
    _until(show.looks)
    if not _press(operator, operator.view["phase"]):
        raise RuntimeError("the step after the start was refused")
    if hall.events()[: len(known)] != known:
        raise RuntimeError("a step was lost")
    return _seconds_until_shown(show, began)


def _seconds_until_shown(show: _Show, began: float) -> float:
    """Wait for the newest phase on the stage; one that never shows it counts with the limit."""
    shown = show.words[replay(show.opened.hall.events()).phase.value]
    try:
        show.stage.wait_for_function(IS_RIGHT, arg=shown, timeout=WAITS_MS, polling=20)
    except TookTooLong:
        show.stage.reload()
        return WAITS_MS / 1000
    return time.perf_counter() - began


def _press(operator: Operator, phase: str) -> bool:
    """Take the step that is possible; say whether it was acknowledged."""
    try:
        if phase == Phase.DRAWN:
            operator.do("record_presence", presence="in_person")
        else:
            operator.do("take_back")
    except (requests.RequestException, OutsideFailure):
        return False
    return True

"""The trunk as the exchange sees it: the child that speaks SIP, and the lines it carries."""

import base64
import fcntl
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from itertools import chain, count
from pathlib import Path

from gevent import Greenlet, sleep, spawn
from gevent import subprocess as cooperative
from gevent.queue import Queue

from evalsys.exchange.calls import Status
from evalsys.exchange.line import Prompt
from evalsys.exchange.sip.causes import UNREACHABLE
from evalsys.exchange.sip.line import Fact, SipLine
from evalsys.exchange.sip.settings import TrunkError, TrunkSettings

_CHILD = "evalsys.exchange.sip.child"
_NEEDED = ("baresip", "numpy")
_RESTART_SECONDS = 0.5
_LONGEST_RESTART_SECONDS = 30.0
_GOODBYE_SECONDS = 3.0
_PIPE_BYTES = 1 << 20

Take = Callable[[SipLine, str, str], object]
"""Takes a call that comes in: its line, who calls, and which number."""

_log = logging.getLogger(__name__)


class Trunk:
    """A SIP trunk. A child that dies is started again; its calls end as failed."""

    def __init__(self, settings: TrunkSettings, sound_of: Callable[[Prompt], Path | None]) -> None:
        """Use a trunk; `sound_of` gives the WAV of a prompt.

        Raises:
            TrunkError: the packages that speak SIP are not installed.
        """
        if any(find_spec(name) is None for name in _NEEDED):
            raise TrunkError("没有安装 SIP 所需的软件包（pip install 'evalsys[sip]'）")
        self.sound_of = sound_of
        self.state = "down"
        """down, starting, up."""
        self.registration = ""
        """What the carrier said to the registration; empty when none is wanted."""
        self._settings = settings
        self._took: Take | None = None
        self._restarts = 0
        self._is_stopping = False
        self._names = (str(number) for number in count(1))
        self._lines: dict[str, SipLine] = {}
        self._orders: Queue[dict[str, object]] = Queue()
        self._waiting: Queue[SipLine] = Queue()
        self._child: _Child | None = None
        self._greenlets: list[Greenlet[..., object]] = []

    @property
    def calls(self) -> int:
        """How many calls are on the trunk, or wait for their turn to be dialled."""
        return len(self._lines) + len(self._waiting)

    def as_json(self) -> dict[str, object]:
        """Return how the trunk is, for whoever watches over the exchange."""
        return {
            "state": self.state,
            "registration": self.registration,
            "calls": self.calls,
            "pid": self._child.pid if self._child is not None else None,
            "restarts": self._restarts,
        }

    def take_calls(self, take: Take) -> None:
        """Hand calls that come in to `take`; they are refused as busy until this is said."""
        self._took = take

    def start(self) -> None:
        """Start the child, and keep it alive."""
        self._greenlets = [spawn(self._keep_alive), spawn(self._dial_in_turn)]

    def stop(self) -> None:
        """Let the child hang up everything, and end it."""
        self._is_stopping = True
        if self._child is not None:
            self._child.end(_GOODBYE_SECONDS)
        for greenlet in self._greenlets:
            greenlet.kill(block=False)

    def line_to(self, number: str, caller: str) -> SipLine:
        """Return a line to `number`; nothing is dialled yet."""
        settings = self._settings
        name = next(self._names)
        return SipLine(name, settings.dialled(number), settings.dialled(caller), self)

    # What lines ask for

    def dial(self, line: SipLine) -> None:
        """Place a call when its turn comes; without a trunk or a free channel it fails at once."""
        if self.state != "up" or self.calls >= self._settings.channels:
            line.refused(Status.FAILED, UNREACHABLE)
            return
        self._waiting.put(line)

    def order(self, what: str, call: str, **more: object) -> None:
        """Give the child an order about a call that it knows."""
        if call in self._lines:
            self._orders.put({"do": what, "call": call, **more})

    def feed(self, name: str, pcm: bytes) -> None:
        """Hand the child the voice of somebody who is not on the trunk."""
        self._orders.put({"do": "feed", "call": name, "pcm": base64.b64encode(pcm).decode()})

    def _dial_in_turn(self) -> None:
        """Let calls follow each other no faster than the carrier takes them."""
        for line in self._waiting:
            if line.is_released:
                continue
            if self.state != "up":
                line.refused(Status.FAILED, UNREACHABLE)
                continue
            self._lines[line.name] = line
            self.order("dial", line.name, to=line.number, caller=line.caller)
            sleep(1 / self._settings.calls_a_second)

    # The child

    def _keep_alive(self) -> None:
        """Run the child; when it ends, end its calls and start it again, ever more patiently."""
        pause = _RESTART_SECONDS
        while True:
            self.state = "starting"
            was_up = self._run()
            lines, self._lines = list(self._lines.values()), {}
            self.state = "down"
            for line in lines:
                line.broke()
            if self._is_stopping:
                return
            _log.error(
                "SIP 中继进程已退出，%d 个通话按失败结束；%.1f 秒后重新启动", len(lines), pause
            )
            self._restarts += 1
            sleep(pause)
            pause = _RESTART_SECONDS if was_up else min(2 * pause, _LONGEST_RESTART_SECONDS)

    def _run(self) -> bool:
        """Run one child to its end; return whether it ever was up."""
        self._orders = Queue()
        child = self._child = _Child()
        writer = spawn(child.write, self._settings.as_json(), self._orders)
        was_up = False
        try:
            for line in child.lines():
                self._take(json.loads(line))
                was_up = was_up or self.state == "up"
        except ValueError:
            _log.error("SIP 中继进程的输出无法读取")
        finally:
            writer.kill(block=False)
            child.end(0)
            self._child = None
        return was_up

    def _take(self, fact: Fact) -> None:
        match fact["what"]:
            case "ready":
                self.state = "up"
                _log.info("SIP 中继已就绪 · SIP trunk ready")
            case "failed":
                address = f"{self._settings.listen_host}:{self._settings.listen_port}"
                _log.error("SIP 中继无法在 %s 启动：%s", address, fact["reason"])
            case "registered":
                self.registration = "ok" if fact["ok"] else f"failed: {fact['reason']}"
                _log.info("SIP 中继注册 · registration: %s", self.registration)
            case "incoming":
                self._rings(str(fact["call"]), str(fact["caller"]), str(fact["called"]))
            case what:
                name = str(fact["call"])
                line = self._lines.get(name)
                if what == "closed":
                    self._lines.pop(name, None)
                if line is not None:
                    line.told(fact)

    def _rings(self, name: str, caller: str, called: str) -> None:
        """Take a call that comes in, where somebody takes them and a channel is free."""
        from_, to = self._settings.heard(caller), self._settings.heard(called)
        line = self._lines[name] = SipLine(name, to, from_, self, comes_in=True)
        if self._took is None or self.calls > self._settings.channels:
            line.release()
        else:
            self._took(line, from_, to)


class _Child:
    """The process that speaks SIP, and the two pipes to it."""

    def __init__(self) -> None:
        self._process: cooperative.Popen[bytes] = cooperative.Popen(
            [sys.executable, "-m", _CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._process.stdin is not None  # noqa: S101 - asked for above
        assert self._process.stdout is not None  # noqa: S101 - asked for above
        self._orders, self._facts = self._process.stdin, self._process.stdout
        # Sound in flight while the exchange is busy for a moment must not stop the child.
        fcntl.fcntl(self._facts.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)

    @property
    def pid(self) -> int:
        return self._process.pid

    def lines(self) -> Iterator[bytes]:
        """Yield what the child tells, to its end."""
        yield from self._facts

    def write(self, trunk: Mapping[str, object], orders: "Queue[Fact]") -> None:
        """Write the trunk, then every order, each a line."""
        try:
            for each in chain([trunk], orders):
                self._orders.write(json.dumps(each).encode() + b"\n")
                self._orders.flush()
        except OSError:
            return

    def end(self, seconds: float) -> None:
        """Let the child hang up and end by itself for so long; then end it."""
        try:
            self._orders.close()
            self._process.wait(seconds)
        except (OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()

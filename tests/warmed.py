"""Programs forked from one that is loaded already; they are used like a `subprocess.Popen`."""

import atexit
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

ROOT = Path(__file__).parents[1]
KINDS = {"evalsys": "plain", "evalsys.wsgi": "patched", "tests.served_at": "patched"}
"""Which loaded program a module is forked from; see `tests.warm`."""
_LOOK_EVERY_S = 0.01


class _Loaded:
    """One loaded program of this test process, which ends with it."""

    def __init__(self, kind: str) -> None:
        self._one_at_a_time = Lock()
        self._process = subprocess.Popen(  # noqa: S603 - our own program, no shell
            [sys.executable, "-m", "tests.warm", kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        )
        atexit.register(self._process.communicate)  # its orders end

    def order(self, **what: object) -> int | None:
        """Give an order, and return the answer."""
        orders, answers = self._process.stdin, self._process.stdout
        assert orders is not None
        assert answers is not None
        with self._one_at_a_time:
            orders.write(f"{json.dumps(what)}\n")
            orders.flush()
            answer: int | None = json.loads(answers.readline())
        return answer


@cache
def _loaded(kind: str) -> _Loaded:
    return _Loaded(kind)


def run(words: list[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run `python -m` the words to their end, as `subprocess.run` does."""
    with TemporaryDirectory() as folder:
        said, complained = Path(folder, "said"), Path(folder, "complained")
        code = Forked(words, environment, ROOT, said, complained).wait(60)
        texts = (said.read_text("utf-8"), complained.read_text("utf-8"))
    return subprocess.CompletedProcess(words, code, *texts)


class Forked:
    """A program of its own process that began as a copy of a loaded one."""

    def __init__(
        self,
        words: list[str],
        environment: Mapping[str, str],
        folder: Path,
        log: Path,
        errors: Path | None = None,
    ) -> None:
        """Start `python -m` the words; what it complains of goes to `errors`, if that is apart."""
        self._parent = _loaded(KINDS[words[0]])
        started = self._parent.order(
            words=words,
            environment=dict(environment),
            folder=str(folder),
            log=str(log),
            errors=str(errors or ""),
        )
        assert started is not None
        self.pid = started
        self._code: int | None = None

    def poll(self) -> int | None:
        """Its exit code, negative for a signal; None while it runs."""
        if self._code is None:
            self._code = self._parent.order(pid=self.pid)
        return self._code

    def wait(self, timeout: float = float("inf")) -> int:
        """Wait for its end, and give its exit code.

        Raises:
            subprocess.TimeoutExpired: it still runs after so many seconds.
        """
        deadline = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            time.sleep(_LOOK_EVERY_S)
        return code

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

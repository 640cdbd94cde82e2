"""The demo's programs: started, restarted when they die, stopped by their own pid."""

import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import click
import requests

from evalsys.errors import OutsideFailure

ANSWERS_WITHIN_S = 60
STOPS_WITHIN_S = 10
WATCH_EVERY_S = 1.0
BRIEF_S = 10.0
"""A program that ended sooner did not come back at all."""
MOST_BRIEF = 3
"""So many times in a row, and it is said why instead of that it was started again."""


def free_port(wanted: int) -> int:
    """Return `wanted` if nobody listens there on loopback, or else any free port."""
    for port in (wanted, 0):
        try:
            with socket.create_server(("127.0.0.1", port)) as listener:
                found: int = listener.getsockname()[1]
        except OSError:
            continue
        return found
    raise OutsideFailure("本机没有空闲端口。", remedy="请关闭一些程序后重试。")


class Child:
    """One program, and how to start it again."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        answers_at: str,
        log: Path,
    ) -> None:
        """Describe a program that answers at a URL once it runs; its words go to `log`."""
        self.name = name
        self.log = log
        self.answers_at = answers_at
        self._command = list(command)
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self.brief_lives = 0
        """How often in a row it ended soon after its start."""

    def start(self) -> None:
        """Run the program in a session of its own, so that Ctrl-C reaches us alone."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._started_at = time.monotonic()
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 - our own program, no shell
                self._command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def start_again(self) -> None:
        """Start it after it died, and say so; why it dies each time, if it does."""
        is_brief = time.monotonic() - self._started_at < BRIEF_S
        self.brief_lives = self.brief_lives + 1 if is_brief else 0
        if self.brief_lives < MOST_BRIEF:
            click.secho(f"{self.name} 已重新启动 · restarted", fg="yellow")
        elif self.brief_lives == MOST_BRIEF:
            click.secho(
                f"{self.name} 一启动就停止，仍在重试；原因见 {self.log} · keeps ending, see there",
                fg="red",
            )
        self.start()

    @property
    def pid(self) -> int | None:
        """Its process, while it is meant to run."""
        return self._process.pid if self._process else None

    @property
    def has_died(self) -> bool:
        """Whether it ended without being asked to."""
        return self._process is not None and self._process.poll() is not None

    def wait_until_it_answers(self) -> None:
        """Return when it gives any answer.

        Raises:
            OutsideFailure: the program ended, or kept silent for a minute.
        """
        deadline = time.monotonic() + ANSWERS_WITHIN_S
        while time.monotonic() < deadline and not self.has_died:
            try:
                requests.get(self.answers_at, timeout=5)
            except requests.RequestException:
                time.sleep(0.1)
            else:
                return
        raise OutsideFailure(f"{self.name} 没有启动。", remedy=f"原因见 {self.log}。")

    def stop(self) -> None:
        """Ask it to end, and insist after a while; it is not started again."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Children:
    """All programs of the demo; leaving the `with` block stops them, the last started first."""

    def __init__(self) -> None:
        """Begin with none."""
        self._children: list[Child] = []

    def __enter__(self) -> Self:
        """Enter."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop every program."""
        for child in reversed(self._children):
            child.stop()

    def start(self, *children: Child) -> None:
        """Start programs side by side and wait until each answers."""
        for child in children:
            self._children.append(child)
            child.start()
        for child in children:
            child.wait_until_it_answers()

    def watch(self) -> None:
        """Start again whatever dies, until Ctrl-C."""
        while True:
            time.sleep(WATCH_EVERY_S)
            for child in self._children:
                if child.has_died:
                    child.start_again()

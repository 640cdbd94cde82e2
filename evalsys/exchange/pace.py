"""How fast time passes on a line: scripted lines may run faster than people do."""

import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from gevent import Greenlet, spawn_later
from gevent.queue import Empty, Queue

T = TypeVar("T")
P = ParamSpec("P")


class Pace:
    """Seconds of a conversation, `speed` of them in each second on the wall."""

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed

    def now(self) -> float:
        """Return seconds of conversation since some moment long ago."""
        return time.monotonic() * self.speed

    def receive(self, inbox: "Queue[T]", seconds: float) -> T | None:
        """Wait up to `seconds` of conversation for the next thing in the inbox.

        What was put there in time counts even when a busy machine looks too late: how a
        call goes must not depend on the load.
        """
        try:
            return inbox.get(timeout=max(0.0, seconds) / self.speed)
        except Empty:
            return None if inbox.empty() else inbox.get_nowait()

    def later(
        self, seconds: float, action: Callable[P, object], *args: P.args, **kwargs: P.kwargs
    ) -> "Greenlet[..., object]":
        """Do something after `seconds` of conversation; `kill` the answer to forget it."""
        return spawn_later(max(0.0, seconds) / self.speed, action, *args, **kwargs)

"""How fast time passes on a line: scripted lines may run faster than people do.

`Pace` runs with the wall clock, some times faster. `OwnTime` is the virtual clock: each call
has a time of its own, which jumps to whatever happens next and stands still while an
application is asked, so a call costs no more time than the machine needs to carry it out.
In company (a conference, or two calls put through) others are waited for: there even
`OwnTime` passes with the wall clock.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import ParamSpec, Protocol, TypeVar

from gevent import sleep, spawn_later
from gevent.queue import Empty, Queue
from typing_extensions import override

T = TypeVar("T")
P = ParamSpec("P")


class Timer(Protocol):
    """Something that is going to happen on a line."""

    @property
    def dead(self) -> bool:
        """Whether it happened, or was forgotten."""

    def kill(self, *, block: bool) -> object:
        """Forget it."""


class Pace:
    """Seconds of a conversation, `speed` of them in each second on the wall."""

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed

    def now(self) -> float:
        """Return seconds of conversation since some moment long ago."""
        return time.monotonic() * self.speed

    def at(self, wall: Callable[[], datetime]) -> datetime:
        """Return the present moment of the conversation."""
        return wall()

    def receive(self, inbox: "Queue[T]", seconds: float) -> T | None:
        """Wait up to `seconds` of conversation for the next thing in the inbox.

        What was put there in time counts even when a busy machine looks too late: how a
        call goes must not depend on the load.
        """
        return self.receive_outside(inbox, max(0.0, seconds) / self.speed)

    def receive_outside(self, inbox: "Queue[T]", seconds: float | None) -> T | None:
        """Wait up to `seconds` on the wall, for something that is not the person's doing.

        None: for ever; it is certain to come.
        """
        try:
            return inbox.get(timeout=seconds)
        except Empty:
            return None if inbox.empty() else inbox.get_nowait()

    def later(
        self, seconds: float, action: Callable[P, object], *args: P.args, **kwargs: P.kwargs
    ) -> Timer:
        """Do something after `seconds` of conversation; `kill` the answer to forget it."""
        return spawn_later(max(0.0, seconds) / self.speed, action, *args, **kwargs)

    def join_company(self) -> None:
        """Others are waited for from now on."""

    def leave_company(self) -> None:
        """The call is alone again."""


class _Pending:
    """A timer of `OwnTime`."""

    __slots__ = ("act", "dead")

    def __init__(self, act: Callable[[], object]) -> None:
        self.act = act
        self.dead = False

    def kill(self, *, block: bool) -> None:  # noqa: ARG002 - as a greenlet's
        self.dead = True


class OwnTime(Pace):
    """The time of one call on a virtual clock."""

    def __init__(self, began: datetime, speed: float = 1.0) -> None:
        """Begin at `began`; `speed` counts in company."""
        super().__init__(speed)
        self._began = began
        self._now = 0.0
        self._order = count()
        self._timers: list[tuple[float, int, _Pending]] = []
        self._company_since: float | None = None

    @override
    def now(self) -> float:
        if self._company_since is None:
            return self._now
        return self._now + (time.monotonic() - self._company_since) * self.speed

    @override
    def at(self, wall: Callable[[], datetime]) -> datetime:
        return self._began + timedelta(seconds=self.now())

    @override
    def receive(self, inbox: "Queue[T]", seconds: float) -> T | None:
        if self._company_since is not None:
            return super().receive(inbox, seconds)
        end = self._now + max(0.0, seconds)
        # Orders of the API, and other calls, get their turn before time jumps.
        sleep(0)
        while True:
            if not inbox.empty():
                return inbox.get_nowait()
            if not self._happens_by(end):
                self._now = end
                return None

    def _happens_by(self, end: float) -> bool:
        """Jump to the next thing that happens before `end` and let it; say whether any does."""
        while self._timers and self._timers[0][0] <= end:
            due, _, pending = heappop(self._timers)
            if not pending.dead:
                self._now = max(self._now, due)
                pending.dead = True
                pending.act()
                return True
        return False

    @override
    def later(
        self, seconds: float, action: Callable[P, object], *args: P.args, **kwargs: P.kwargs
    ) -> Timer:
        if self._company_since is not None:
            return super().later(seconds, action, *args, **kwargs)
        pending = _Pending(lambda: action(*args, **kwargs))
        heappush(self._timers, (self._now + max(0.0, seconds), next(self._order), pending))
        return pending

    @override
    def join_company(self) -> None:
        if self._company_since is None:
            self._company_since = time.monotonic()

    @override
    def leave_company(self) -> None:
        self._now, self._company_since = self.now(), None


class Countdown:
    """How many seconds of conversation are left."""

    def __init__(self, pace: Pace, seconds: float) -> None:
        """Start with `seconds`."""
        self._pace = pace
        self._end = pace.now() + seconds

    def left(self) -> float:
        """Return the seconds left; none or fewer when it is over."""
        return self._end - self._pace.now()

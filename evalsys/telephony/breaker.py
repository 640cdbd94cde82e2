"""A circuit breaker: after repeated failures, ask the carrier only now and then."""

import time
from collections import deque
from collections.abc import Callable
from threading import Lock


class Breaker:
    """Opens after `failures` failures within `within_s` seconds; then one try every `rest_s`.

    It runs on a monotonic clock, so that a step of the wall clock neither opens nor
    closes it. Safe to share between threads.
    """

    def __init__(
        self,
        *,
        failures: int = 5,
        within_s: float = 30,
        rest_s: float = 5,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start closed."""
        self._within_s = within_s
        self._rest_s = rest_s
        self._monotonic = monotonic
        self._recent: deque[float] = deque(maxlen=failures)
        self._next_try: float | None = None
        self._lock = Lock()

    @property
    def is_open(self) -> bool:
        """Whether the line counts as interrupted, until a try succeeds."""
        return self._next_try is not None

    def admits(self) -> bool:
        """Say whether a request may be made now; while open, one try in each rest."""
        with self._lock:
            if self._next_try is None:
                return True
            now = self._monotonic()
            if now < self._next_try:
                return False
            self._next_try = now + self._rest_s
            return True

    def succeeded(self) -> None:
        """The carrier answered: close."""
        with self._lock:
            self._recent.clear()
            self._next_try = None

    def failed(self) -> None:
        """The carrier did not answer."""
        with self._lock:
            now = self._monotonic()
            self._recent.append(now)
            full = len(self._recent) == self._recent.maxlen
            if full and now - self._recent[0] <= self._within_s:
                self._next_try = now + self._rest_s

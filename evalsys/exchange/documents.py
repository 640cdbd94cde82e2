"""Asking the application what to do next, patiently: it may be starting again just now."""

from collections.abc import Callable, Mapping

from gevent import Greenlet, spawn

from evalsys.exchange.attributes import TwimlFault
from evalsys.exchange.calls import Target
from evalsys.exchange.overrides import Override, override_of
from evalsys.exchange.pace import Countdown, Pace
from evalsys.exchange.webhooks import Unreachable, Webhooks
from evalsys.exchange.wire import new_sid

_FETCH_PAUSES_SECONDS = (0.2, 0.4, 0.8, 1.6, 3.0, 4.0, 5.0)
"""Between tries to reach an application that is away: about fifteen seconds in all."""


class HttpFault(TwimlFault):
    """The application answered, but not with a document."""

    def __init__(self, status: int) -> None:
        """Take the status of its answer."""
        super().__init__(11200, f"HTTP {status}")
        self.kind = "5xx" if status >= 500 else "4xx"


class Documents:
    """Fetches the documents of one call."""

    def __init__(
        self,
        webhooks: Webhooks,
        facts: Callable[[], Mapping[str, str]],
        wait_for: Callable[["Greenlet[..., object]"], object],
        pause: Callable[[float], object],
    ) -> None:
        """Send `facts` with each request; `wait_for` and `pause` keep the line in sight."""
        self._webhooks = webhooks
        self._facts = facts
        self._wait_for = wait_for
        self._pause = pause

    def fetch(self, target: Target, params: Mapping[str, str], *, may_repeat: bool) -> bytes:
        """Return the document at `target`; ask once more after a 5xx if that is allowed.

        Raises:
            TwimlFault: 11200, there is none.
        """
        token = new_sid("IT")
        wanted = override_of(target.url)
        if wanted is not None:
            return self._by_override(wanted, target, params, token)
        pauses = iter(_FETCH_PAUSES_SECONDS)
        while True:
            answer = self._wait_for(spawn(self._try, target, params, token))
            if isinstance(answer, bytes):
                return answer
            if isinstance(answer, HttpFault):
                if answer.kind != "5xx" or not may_repeat:
                    raise answer
                may_repeat = False
                pause = _FETCH_PAUSES_SECONDS[0]
            else:
                pause = next(pauses, 0.0)
                if not pause:
                    raise TwimlFault(11200, f"HTTP retrieval failure: {answer}")
            # The application's absence is real time, however fast the line runs.
            self._pause(pause)

    def _by_override(
        self, wanted: Override, target: Target, params: Mapping[str, str], token: str
    ) -> bytes:
        """Ask as often as the address itself says, without a pause."""
        clock = Countdown(Pace(), wanted.whole_seconds)
        for tries_left in range(wanted.retries, -1, -1):
            answer = self._wait_for(spawn(self._try, target, params, token))
            if isinstance(answer, bytes):
                return answer
            kind = answer.kind if isinstance(answer, Unreachable | HttpFault) else ""
            if not (tries_left and wanted.covers(kind) and clock.left() > 0):
                break
        raise TwimlFault(11200, "HTTP retrieval failure")

    def _try(
        self, target: Target, params: Mapping[str, str], token: str
    ) -> bytes | HttpFault | Unreachable:
        try:
            return self.request(target, params, token)
        except (Unreachable, HttpFault) as problem:
            return problem

    def request(self, target: Target, params: Mapping[str, str], token: str) -> bytes:
        """Ask once.

        Raises:
            Unreachable: no answer.
            HttpFault: an answer that is not a document.
        """
        told = {**self._facts(), **params}
        reply = self._webhooks.send(target.method, target.url, told, token)
        if reply.status >= 300:
            raise HttpFault(reply.status)
        return reply.body

"""Delivery of callbacks: each call's in order, again and again until acknowledged or given up."""

import logging

from gevent import Greenlet, joinall, killall, sleep, spawn

from evalsys.exchange.database import Callback
from evalsys.exchange.store import Store
from evalsys.exchange.webhooks import Unreachable, Webhooks

_PAUSES_SECONDS = (0.3, 0.6, 1, 2, 3, 5, 8, 15, 30, 60, 120, 240)
"""Between tries; after the last one, about eight minutes in all, the callback is lost."""

_log = logging.getLogger(__name__)


class Outbox:
    """Callbacks owed to applications, kept in the store until delivered."""

    def __init__(self, store: Store, webhooks: Webhooks) -> None:
        """Deliver what `store` owes, through `webhooks`."""
        self._store = store
        self._webhooks = webhooks
        self._couriers: dict[str, Greenlet[[str], None]] = {}

    def wake(self, call_sid: str) -> None:
        """Deliver what is owed for a call, unless that is being done."""
        if call_sid not in self._couriers:
            self._couriers[call_sid] = spawn(self._deliver_all, call_sid)

    def wake_all(self) -> None:
        """Deliver everything that an earlier run left behind."""
        for call_sid in self._store.owed_calls():
            self.wake(call_sid)

    def stop(self, patience_seconds: float) -> None:
        """Give deliveries a last chance; what is not through stays owed in the store."""
        couriers = list(self._couriers.values())
        joinall(couriers, timeout=patience_seconds)
        killall(couriers)

    def _deliver_all(self, call_sid: str) -> None:
        try:
            while callback := self._store.next_callback(call_sid):
                self._deliver(callback)
        finally:
            del self._couriers[call_sid]

    def _deliver(self, callback: Callback) -> None:
        problem = self._attempt(callback)
        if not problem:
            self._store.callback_delivered(callback.id)
            return
        lost = callback.tries >= len(_PAUSES_SECONDS)
        self._store.callback_failed(callback.id, lost=lost)
        if lost:
            _log.error("11200 callback of %s given up: %s", callback.call_sid, problem)
            return
        sleep(_PAUSES_SECONDS[callback.tries])

    def _attempt(self, callback: Callback) -> str:
        """Send once; return what went wrong, or nothing. A refusal (4xx) is an answer."""
        try:
            reply = self._webhooks.send(
                callback.method, callback.url, callback.params, callback.token
            )
        except Unreachable as error:
            return str(error)
        if reply.status >= 400:
            _log.warning("11200 callback of %s answered %d", callback.call_sid, reply.status)
        return f"HTTP {reply.status}" if reply.status >= 500 else ""

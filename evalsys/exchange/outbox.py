"""Delivery of callbacks: each call's in order, again and again until acknowledged or given up.

An address with connection overrides is tried as it says, and a callback that then failed is
lost; others are tried patiently. The fault switch may lose, repeat, delay and reorder them.
"""

import logging

from gevent import Greenlet, joinall, killall, sleep, spawn

from evalsys.exchange.database import Callback
from evalsys.exchange.faults import Faults
from evalsys.exchange.overrides import override_of
from evalsys.exchange.store import Store
from evalsys.exchange.webhooks import Unreachable, Webhooks

_PAUSES_SECONDS = (0.3, 0.6, 1, 2, 3, 5, 8, 15, 30, 60, 120, 240)
"""Between tries; after the last one, about eight minutes in all, the callback is lost."""

_OVERTAKEN_WITHIN_SECONDS = 0.3
"""How long a callback that is reordered waits for another to overtake it."""

_log = logging.getLogger(__name__)


class Outbox:
    """Callbacks owed to applications, kept in the store until delivered."""

    def __init__(self, store: Store, webhooks: Webhooks, faults: Faults) -> None:
        """Deliver what `store` owes, through `webhooks`, unless `faults` come between."""
        self._store = store
        self._webhooks = webhooks
        self._faults = faults
        self._touched: set[str] = set()
        """Tokens of callbacks whose faults were dealt."""
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
                if not self._is_lost_or_put_back(callback):
                    self._deliver(callback)
        finally:
            del self._couriers[call_sid]

    def _is_lost_or_put_back(self, callback: Callback) -> bool:
        """Deal the faults that come before a callback is sent, once for each."""
        if callback.token in self._touched or callback.tries:
            return False
        self._touched.add(callback.token)
        occasion = callback.params.get("To", "")
        if self._faults.strikes("drop", occasion):
            self._forget(callback)
            return True
        if self._faults.strikes("delay", occasion):
            sleep(self._faults.seconds("delay"))
        if self._faults.strikes("reorder", occasion):
            self._store.callback_put_back(callback.id)
            sleep(_OVERTAKEN_WITHIN_SECONDS)
            return True
        return False

    def _deliver(self, callback: Callback) -> None:
        failure, problem = self._attempt(callback)
        if not problem:
            occasion = callback.params.get("To", "")
            if self._faults.strikes("duplicate", occasion):
                self._attempt(callback)
            self._forget(callback)
            return
        wanted = override_of(callback.url)
        if wanted is not None:
            lost, pause = callback.tries >= wanted.retries or not wanted.covers(failure), 0.0
        else:
            lost = callback.tries >= len(_PAUSES_SECONDS)
            pause = 0.0 if lost else _PAUSES_SECONDS[callback.tries]
        self._store.callback_failed(callback.id, lost=lost)
        if lost:
            _log.error("11200 callback of %s given up: %s", callback.call_sid, problem)
            self._touched.discard(callback.token)
            return
        sleep(pause)

    def _forget(self, callback: Callback) -> None:
        self._store.callback_delivered(callback.id)
        self._touched.discard(callback.token)

    def _attempt(self, callback: Callback) -> tuple[str, str]:
        """Send once; return which kind of failure it was, and what went wrong; or nothing.

        A refusal (4xx) is an answer, unless the address wants it tried again.
        """
        try:
            reply = self._webhooks.send(
                callback.method, callback.url, callback.params, callback.token
            )
        except Unreachable as error:
            return error.kind, str(error)
        if reply.status >= 500:
            return "5xx", f"HTTP {reply.status}"
        if reply.status >= 400:
            _log.warning("11200 callback of %s answered %d", callback.call_sid, reply.status)
            wanted = override_of(callback.url)
            if wanted is not None and wanted.covers("4xx"):
                return "4xx", f"HTTP {reply.status}"
        return "", ""

"""Short messages on their way: brought to the number, and reported as they go."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from gevent import Greenlet, sleep, spawn

from evalsys.exchange.calls import Target
from evalsys.exchange.database import Callback
from evalsys.exchange.handsets import Handsets
from evalsys.exchange.households import Directory
from evalsys.exchange.message import Message, MessageStatus, message_params
from evalsys.exchange.message_store import MessageStore
from evalsys.exchange.outbox import Outbox
from evalsys.exchange.wire import new_sid

_SENT_AFTER_SECONDS = 1.0
_DELIVERED_AFTER_SECONDS = 2.0
_UNKNOWN_NUMBER = 30003


class Postbox:
    """Messages on their way."""

    def __init__(  # noqa: PLR0913 - the parts of the machine that messages touch
        self,
        store: MessageStore,
        outbox: Outbox,
        directory: Directory,
        handsets: Handsets,
        *,
        account: str,
        speed: float,
        now: Callable[[], datetime],
        new_sid: Callable[[str], str],
    ) -> None:
        """Bring messages to the numbers of `directory` and `handsets`, `speed` times faster."""
        self._store = store
        self._outbox = outbox
        self._directory = directory
        self._handsets = handsets
        self._account = account
        self._speed = speed
        self._now = now
        self._new_sid = new_sid
        self._runs: set[Greenlet[..., None]] = set()

    def recover(self) -> None:
        """Go on with what an earlier run left on its way."""
        for message in self._store.undelivered():
            self._spawn(message)

    def send(self, to: str, sender: str, text: str, callback: Target | None) -> Message:
        """Take a message; return it as queued."""
        now = self._now()
        message = Message(self._new_sid("SM"), to, sender, text, now, now, callback=callback)
        self._store.save(message, [])
        self._spawn(message)
        return message

    def _spawn(self, message: Message) -> None:
        run = spawn(self._bring, message)
        self._runs.add(run)
        run.link(self._runs.discard)

    def _bring(self, message: Message) -> None:
        if message.status is MessageStatus.QUEUED:
            sleep(_SENT_AFTER_SECONDS / self._speed)
            message = self._move(message, MessageStatus.SENT)
        sleep(_DELIVERED_AFTER_SECONDS / self._speed)
        if self._handsets.holds(message.to) or self._directory.at(message.to) is not None:
            self._move(message, MessageStatus.DELIVERED)
            self._handsets.mail(message.to)
        else:
            self._move(replace(message, error=_UNKNOWN_NUMBER), MessageStatus.UNDELIVERED)

    def _move(self, message: Message, status: MessageStatus) -> Message:
        now = self._now()
        sent_at = now if status is MessageStatus.SENT else message.sent_at
        message = replace(message, status=status, updated_at=now, sent_at=sent_at)
        callbacks: list[Callback] = []
        if message.callback is not None:
            params, target = message_params(self._account, message), message.callback
            callbacks.append(
                Callback(message.sid, target.url, target.method, params, new_sid("IT"))
            )
        self._store.save(message, callbacks)
        if callbacks:
            self._outbox.wake(message.sid)
        return message

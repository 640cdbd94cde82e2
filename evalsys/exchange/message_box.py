"""The short messages of one number, as its handset in a browser shows and writes them."""

from evalsys.exchange.incoming import Incoming
from evalsys.exchange.message import Message, MessageStatus
from evalsys.exchange.message_store import MessageStore

_MOST_SHOWN = 50
_HERE = frozenset({MessageStatus.DELIVERED, MessageStatus.RECEIVED})


class MessageBox:
    """What came for a number and what was written from it."""

    def __init__(self, store: MessageStore, incoming: Incoming) -> None:
        """Read from `store`; what a person writes goes to the application by `incoming`."""
        self._store = store
        self._incoming = incoming

    @property
    def may_write(self) -> bool:
        """Whether anybody takes messages from handsets."""
        return self._incoming.is_open

    def shown(self, number: str) -> list[dict[str, object]]:
        """Return the latest messages of a number, the oldest first, as its page reads them."""
        if not number:
            return []
        found = self._store.with_number(number, _MOST_SHOWN)
        return [_as_json(each, number) for each in reversed(found) if each.status in _HERE]

    def write(self, number: str, to: str, text: str) -> None:
        """Take a message that a person wrote on the handset of `number`."""
        self._incoming.receive(number, to, text)


def _as_json(message: Message, number: str) -> dict[str, object]:
    return {
        "sid": message.sid,
        "text": message.text,
        "with": message.sender if message.to == number else message.to,
        "is_mine": message.to != number,
        "at": (message.sent_at or message.created_at).isoformat(),
    }

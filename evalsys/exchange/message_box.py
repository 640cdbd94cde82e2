"""The short messages of a handset's numbers, as it shows and writes them in a browser."""

from collections.abc import Sequence

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

    def shown(self, numbers: Sequence[str]) -> list[dict[str, object]]:
        """Return the latest messages of some numbers, the oldest first, as a page reads them."""
        found = self._store.with_numbers(numbers, _MOST_SHOWN)
        return [_as_json(each, numbers) for each in reversed(found) if each.status in _HERE]

    def write(self, number: str, to: str, text: str) -> None:
        """Take a message that a person wrote on the handset of `number`."""
        self._incoming.receive(number, to, text)


def _as_json(message: Message, numbers: Sequence[str]) -> dict[str, object]:
    is_mine = message.to not in numbers
    ours, theirs = message.sender, message.to
    if not is_mine:
        ours, theirs = theirs, ours
    return {
        "sid": message.sid,
        "text": message.text,
        "as": ours,
        "with": theirs,
        "is_mine": is_mine,
        "at": (message.sent_at or message.created_at).isoformat(),
    }

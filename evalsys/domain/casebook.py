"""What is recorded in one personnel procedure: events that are never changed, with who and when.

Promotions, talks, published lists, investigations and promises each have events and a state of
their own; this is what they share.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar, cast

from evalsys.domain.live.codec import Json, kind_of, reader_of, to_json
from evalsys.errors import Tampered

E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a casebook as it is kept: `seq` counts from 1 within its `case`."""

    case: str
    seq: int
    kind: str
    body: Json
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Noted(Generic[E]):
    """An event, who recorded it, and when."""

    event: E
    by: str
    at: datetime
    seq: int


@dataclass(frozen=True, slots=True)
class Paper:
    """A text or file that belongs to an entry and is kept sealed: only its hash stands in it.

    `sha256` is of the plain content, lower-case hex; `size` in bytes.
    """

    id: str
    name: str
    media: str
    sha256: str
    size: int


class Language(Generic[E]):
    """The kinds of events of one procedure, written and read."""

    def __init__(self, *kinds: type[E]) -> None:
        """Know these event types; their class names in snake case are their kinds."""
        self._readers: Mapping[str, Callable[[Json], object]] = {
            kind_of(kind): reader_of(kind) for kind in kinds
        }

    def write(self, event: E) -> tuple[str, Json]:
        """Return kind and body of an event."""
        return kind_of(type(event)), to_json(event)

    def read(self, entry: Entry) -> Noted[E]:
        """Rebuild an event from what was kept.

        Raises:
            Tampered: the kind is unknown, or the body has other fields than the event.
        """
        try:
            event = cast("E", self._readers[entry.kind](entry.body))
        except (KeyError, TypeError, ValueError) as error:
            raise Tampered(
                f"{entry.case} 第 {entry.seq} 条记录不合格式。",
                remedy="请停止使用这份记录，并通知审计人员。",
            ) from error
        return Noted(event, entry.by, entry.at, entry.seq)

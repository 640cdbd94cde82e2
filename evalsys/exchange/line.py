"""A line: the wire to one telephone, whoever holds it.

The exchange tells the line what to do; the line answers through its inbox. Scripted
households and browser handsets are such lines; a SIP trunk is one more.
"""

from dataclasses import dataclass
from typing import Protocol

from gevent.queue import Queue

from evalsys.exchange.calls import Status, Target
from evalsys.exchange.pace import Pace


@dataclass(frozen=True, slots=True)
class Ringing:
    """The telephone rings."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Somebody picked it up."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The call cannot be put through: busy, declined, not in service."""

    status: Status
    sip_code: int


@dataclass(frozen=True, slots=True)
class Key:
    """A key was pressed: one of 0-9, * and #."""

    key: str


@dataclass(frozen=True, slots=True)
class Heard:
    """The prompt was played to its end, sooner than the longest it may take."""

    prompt: int


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing was said for as long as a recording waits."""


@dataclass(frozen=True, slots=True)
class HungUp:
    """The receiver was put down, or the line broke."""


@dataclass(frozen=True, slots=True)
class End:
    """The API ends the call."""

    status: Status


@dataclass(frozen=True, slots=True)
class Divert:
    """The API sends the call to another document."""

    target: Target


@dataclass(frozen=True, slots=True)
class Fetched:
    """The application answered, or failed to: what `future` holds."""

    future: object


Event = Ringing | Answered | Refused | Key | Heard | Silence | HungUp | End | Divert | Fetched


@dataclass(frozen=True, slots=True)
class Prompt:
    """Something played to the person: words to be spoken, or a sound to be fetched."""

    number: int
    text: str = ""
    language: str = ""
    sound_url: str = ""
    sound_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Audio:
    """What a line recorded; `transcript` is None when nobody knows the words."""

    media: bytes
    media_type: str
    seconds: float
    transcript: str | None


@dataclass(frozen=True, slots=True)
class RecordLimits:
    """When a recording ends: after so many seconds in all, or of silence, or at a key."""

    longest_seconds: float
    silence_seconds: float
    finish_on: str
    beep: bool


class Line(Protocol):
    """What the exchange can do with a telephone. No method waits."""

    inbox: "Queue[Event]"
    pace: Pace

    def dial(self) -> None:
        """Start ringing; the inbox gets `Ringing`, then `Answered` or `Refused`, or nothing."""

    def play(self, prompt: Prompt) -> float:
        """Start playing; return the most seconds it may take unless `Heard` comes sooner."""

    def hush(self) -> None:
        """Stop what is playing: a key was pressed."""

    def listen(self, seconds: float) -> None:
        """The exchange is quiet now and waits `seconds` for a key."""

    def start_recording(self, limits: RecordLimits) -> None:
        """Record from now on; the inbox gets `Key` or `Silence`."""

    def stop_recording(self) -> Audio | None:
        """Return what was recorded, None when nothing was said."""

    def release(self) -> None:
        """The call is over on our side: put the line down and forget its timers."""

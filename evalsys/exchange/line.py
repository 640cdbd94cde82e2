"""A line: the wire to one telephone, whoever holds it.

The exchange tells the line what to do; the line answers through its inbox. Scripted
households and browser handsets are such lines; a SIP trunk is one more.
"""

from collections.abc import Sequence
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
class Voice:
    """In company, the person began to speak, or stopped."""

    is_speaking: bool


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


@dataclass(frozen=True, slots=True)
class Parted:
    """The call is no longer in its conference: it ended, or the call was sent away."""

    ticket: int
    """Of its stay there."""


@dataclass(frozen=True, slots=True)
class LegAnswered:
    """A call that this one dialled was answered, and waits to be put through."""

    sid: str


@dataclass(frozen=True, slots=True)
class LegEnded:
    """A call that this one dialled is over."""

    sid: str
    status: Status


FromTelephone = Ringing | Answered | Refused | Key | Heard | Silence | Voice | HungUp
"""What a line itself puts into its inbox."""
FromExchange = End | Divert | Fetched | Parted | LegAnswered | LegEnded
"""What the exchange puts there, so that one place is watched."""
Event = FromTelephone | FromExchange


@dataclass(frozen=True, slots=True)
class Prompt:
    """Something played to the person: words, a sound to be fetched, keys, or a beep."""

    number: int
    text: str = ""
    language: str = ""
    sound_url: str = ""
    sound_seconds: float = 0.0
    keys: str = ""
    """Keys whose tones are sent down the line; `w` is half a second of silence."""
    is_beep: bool = False
    """The short tone by which a conference says that somebody came or went."""
    voice: str = ""
    """The voice that the application asked for, in its own words."""


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
    """What the exchange can do with a telephone. No method waits.

    `inbox` gets what happens, in its order; `pace` says how fast time passes on this line.
    """

    inbox: "Queue[Event]"
    pace: Pace

    @property
    def answered_by(self) -> str:
        """Who answered, in Twilio's words: human, machine_start or unknown."""

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

    def hear(self, others: "Sequence[Line]") -> None:
        """Let the person hear exactly these lines from now on, mixed; nobody when empty.

        Who is muted, on hold or only whispering has been taken into account: the line
        mixes all that it is given. Prompts are played over what is heard.
        """

    def delay(self, seconds: float) -> None:
        """Let the person hear the others so much later; said before the call is dialled."""

    def dump(self) -> None:
        """Throw away what was said by the others and not heard yet, where there is a delay."""

    def keep_voice(self, *, is_on: bool) -> Audio | None:
        """Start keeping all that the person says, or stop and return it from the start on."""

    def release(self) -> None:
        """The call is over on our side: put the line down and forget its timers."""

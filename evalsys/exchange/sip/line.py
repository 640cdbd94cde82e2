"""A line to a real telephone: what the exchange asks of it, told to the trunk's child."""

import base64
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from gevent.event import Event as Signal
from gevent.queue import Queue

from evalsys.exchange.calls import Status
from evalsys.exchange.company import BYTES_A_SECOND, Mouth, Speaking
from evalsys.exchange.line import (
    Answered,
    Audio,
    End,
    Event,
    Heard,
    HungUp,
    Key,
    Line,
    Prompt,
    RecordLimits,
    Refused,
    Ringing,
    Silence,
    Voice,
)
from evalsys.exchange.pace import Pace
from evalsys.exchange.sip.causes import BROKEN, cause
from evalsys.exchange.sounds import WAVE_TYPE, as_wave, wave_seconds

_KEYS = frozenset("0123456789*#")
_LAST_PIECE_SECONDS = 1.0
_LATE_SECONDS = 2.0
"""How much longer than its sound a prompt may take before it is no longer waited for."""
_KEY_SECONDS = 0.5
_BEEP_SECONDS = 0.4

Fact = dict[str, object]

_log = logging.getLogger(__name__)


class Exchange(Protocol):
    """What a line needs of its trunk."""

    def dial(self, line: "SipLine") -> None:
        """Place the call as soon as its turn comes."""

    def order(self, what: str, call: str, **more: object) -> None:
        """Give the child an order."""

    def feed(self, name: str, pcm: bytes) -> None:
        """Let lines that hear `name` hear this piece of sound."""

    def sound_of(self, prompt: Prompt) -> Path | None:
        """Return the WAV of a prompt."""


class SipLine:
    """One call over the trunk."""

    def __init__(
        self, name: str, number: str, caller: str, trunk: Exchange, *, comes_in: bool = False
    ) -> None:
        """Be the call `name` from `caller` to `number`, both as the carrier dials them.

        `comes_in`: it rings here already.
        """
        self.inbox: Queue[Event] = Queue()
        self.pace = Pace()
        self.name = name
        self.number = number
        self.caller = caller
        self.is_released = False
        self.mouth = Mouth(lambda is_on: self._order("tap", on=is_on))
        self._feeds: list[_Feed] = []
        self._trunk = trunk
        self._comes_in = comes_in
        self._is_answered = False
        self._delay_seconds = 0.0
        self._comment: bytearray | None = None
        self._is_spoken = False
        self._voice: bytearray | None = None
        self._recorded = Signal()

    # What the exchange does

    @property
    def answered_by(self) -> str:
        """Say that nobody here can tell a machine by its voice."""
        return "unknown"

    def dial(self) -> None:
        """Call, or pick up; what the carrier says to it comes into the inbox."""
        if self._comes_in:
            self._order("answer")
        else:
            self._trunk.dial(self)

    def play(self, prompt: Prompt) -> float:
        """Play words, a sound, keys or a beep."""
        if prompt.keys:
            self._order("keys", prompt=prompt.number, keys=prompt.keys)
            return _KEY_SECONDS * len(prompt.keys) + _LATE_SECONDS
        if prompt.is_beep:
            self._order("play", prompt=prompt.number, file="")
            return _BEEP_SECONDS + _LATE_SECONDS
        sound = self._trunk.sound_of(prompt)
        seconds = wave_seconds(sound.read_bytes()) if sound is not None else None
        if seconds is None:
            _log.error("提示音没有声音可放：不是 WAV，或合成失败 · a prompt has no sound")
            self.inbox.put(Heard(prompt.number))
            return _LATE_SECONDS
        self._order("play", prompt=prompt.number, file=str(sound))
        return seconds + _LATE_SECONDS

    def hush(self) -> None:
        """Stop what is playing."""
        self._order("hush")

    def listen(self, seconds: float) -> None:
        """Wait for a key: nothing to do, keys come by themselves."""

    def start_recording(self, limits: RecordLimits) -> None:
        """Take what is said from now on as a comment."""
        self._comment, self._is_spoken = bytearray(), False
        self._order("record", silence=limits.silence_seconds, beep=limits.beep)

    def stop_recording(self) -> Audio | None:
        """Return the comment; its last piece is on its way from the child for an instant."""
        self._last_piece("stop_recording")
        comment, self._comment = self._comment, None
        return _audio(comment) if comment and self._is_spoken else None

    def hear(self, others: Sequence[Line]) -> None:
        """Hear these lines: those of the trunk in the child, pages by what is fed to it."""
        for feed in self._feeds:
            feed.mouth.remove(feed)
        near = [each.name for each in others if isinstance(each, SipLine)]
        far = [e.mouth for e in others if isinstance(e, Speaking) and not isinstance(e, SipLine)]
        self._feeds = [
            _Feed(f"{self.name}/{place}", mouth, self._trunk) for place, mouth in enumerate(far)
        ]
        self._order("hear", others=" ".join([*near, *(feed.name for feed in self._feeds)]))
        for feed in self._feeds:
            feed.mouth.add(feed)

    def delay(self, seconds: float) -> None:
        """Hear the others so much later, from the answer on."""
        self._delay_seconds = seconds

    def dump(self) -> None:
        """Throw away what was not heard yet: the delay begins anew."""
        if self._delay_seconds:
            self._order("delay", seconds=self._delay_seconds)

    def keep_voice(self, *, is_on: bool) -> Audio | None:
        """Keep all that is said, or return it."""
        if is_on:
            self._voice = bytearray()
            self._order("keep_voice", on=True)
            return None
        self._last_piece("keep_voice", on=False)
        voice, self._voice = self._voice, None
        return _audio(voice) if voice else None

    def release(self) -> None:
        """Hang up."""
        self.is_released = True
        for feed in self._feeds:
            feed.mouth.remove(feed)
        self._feeds.clear()
        self._order("release")

    # What the trunk tells

    def refused(self, status: Status, sip_code: int) -> None:
        """Say that the call cannot be placed."""
        self.inbox.put(Refused(status, sip_code))

    def broke(self) -> None:
        """Say that the child died: nobody knows any more what this call does."""
        self.inbox.put(End(Status.FAILED) if self._is_answered else Refused(Status.FAILED, BROKEN))
        self._is_answered = False
        self._recorded.set()

    def told(self, fact: Fact) -> None:
        """Take what the child tells of this call."""
        match fact["what"]:
            case "answered":
                self._answered()
            case "spoken":
                self._is_spoken = True
            case "sound":
                self._take(_pcm(fact))
            case "frame":
                self.mouth.say(_pcm(fact))
            case "recorded":
                self._recorded.set()
            case "closed":
                self._closed(str(fact["reason"]))
            case _:
                pass
        event = _event(fact)
        if event is not None:
            self.inbox.put(event)

    def _answered(self) -> None:
        self._is_answered = True
        self.dump()

    def _last_piece(self, what: str, **more: object) -> None:
        """Give an order, and wait for the sound that is on its way."""
        self._recorded.clear()
        self._order(what, **more)
        if self._is_answered:
            self._recorded.wait(_LAST_PIECE_SECONDS)

    def _take(self, pcm: bytes) -> None:
        for kept in (self._comment, self._voice):
            if kept is not None:
                kept.extend(pcm)

    def _closed(self, reason: str) -> None:
        self._recorded.set()
        self.inbox.put(HungUp() if self._is_answered else Refused(*cause(reason)))
        self._is_answered = False

    def _order(self, what: str, **more: object) -> None:
        self._trunk.order(what, self.name, **more)


def _event(fact: Fact) -> Event | None:
    """Return what the exchange is told of a fact, None when it is the line's own affair."""
    event: Event | None = None
    match fact["what"]:
        case "ringing":
            event = Ringing()
        case "answered":
            event = Answered()
        case "key" if fact["key"] in _KEYS:
            event = Key(str(fact["key"]))
        case "heard":
            event = Heard(int(str(fact["prompt"])))
        case "silence":
            event = Silence()
        case "voice":
            event = Voice(bool(fact["on"]))
        case _:
            pass
    return event


def _pcm(fact: Fact) -> bytes:
    return base64.b64decode(str(fact["pcm"]))


def _audio(pcm: bytearray) -> Audio:
    """Return sound of the telephone as a WAV; nobody knows its words."""
    return Audio(as_wave(bytes(pcm)), WAVE_TYPE, len(pcm) / BYTES_A_SECOND, None)


@dataclass(frozen=True, eq=False, slots=True)
class _Feed:
    """The voice of somebody who is not on this trunk, handed to the child for one line."""

    name: str
    mouth: Mouth
    trunk: Exchange

    def hears(self, mouth: Mouth, pcm: bytes) -> None:  # noqa: ARG002 - a Hearer's; there is one
        """Hand a piece on."""
        self.trunk.feed(self.name, pcm)

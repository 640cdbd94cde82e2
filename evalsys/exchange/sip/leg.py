"""The sound of one call, inside the child: what is played to the person, and what is heard.

Alone with the exchange a leg is served ten times a second and keeps some sound ahead. In
company, or while somebody else hears it, it is served with every frame, and what comes too
late is dropped: a conversation bears a gap better than a delay.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from evalsys.exchange.company import DelayLine
from evalsys.exchange.sip.media import (
    FRAME_SAMPLES,
    RATE,
    SILENCE,
    Samples,
    beep,
    loudness,
    mixed,
)

_AHEAD_BYTES = 2 * RATE
"""How much of a prompt is handed over ahead, so that a busy moment makes no gap in it."""
_FRAME_BYTES = 2 * FRAME_SAMPLES
_MOST_LATE_BYTES = 4 * _FRAME_BYTES
_KEPT_LATE_BYTES = _FRAME_BYTES
_READ_BYTES = 1 << 16
_SOMEBODY_SPEAKS = 260.0
"""Loudness from which a sound counts as speech: above the hum of a line, below a whisper."""
_STOPPED_SPEAKING_FRAMES = 40
_NOTHING = memoryview(b"")
_SENT_BYTES = 2 * RATE // 5
LIFTING_ROUNDS = 5
"""Half a second: who picks up has the receiver at the ear only then, and some networks settle
the sound only now."""


class Wire(Protocol):
    """The sound of a call as the user agent gives it: it never waits, and raises nothing."""

    def read(self, most: int) -> bytes:
        """Take what has come."""

    def write(self, pcm: bytes) -> int:
        """Hand over sound; return how many bytes were taken."""

    def flush(self) -> None:
        """Throw away what was handed over and not yet sent."""

    def waiting(self) -> int:
        """Return how many bytes are handed over and not yet sent."""


@dataclass(slots=True)
class _Recording:
    """A comment being recorded."""

    silence_seconds: float
    quiet: float = 0.0
    skip_bytes: int = 0
    """Our own beep comes back from the telephone: it is no voice."""
    is_spoken: bool = False


Tell = Callable[..., None]
"""Tells the exchange something of this call: `tell("heard", prompt=3)`."""


class Leg:
    """One answered call's sound."""

    def __init__(self, wire: Wire, tell: Tell, lifting_rounds: int = 0) -> None:
        """Speak and listen over `wire`; say nothing for the first rounds of service."""
        self._wire = wire
        self._lifting_rounds = lifting_rounds
        self._tell = tell
        self._prompt = 0
        self._sound = _NOTHING
        self._handed = 0
        self._recording: _Recording | None = None
        self._keeps_voice = False
        self._delay: DelayLine | None = None
        self._to_send = bytearray()
        self._late = bytearray()
        self._speaking_frames = 0
        self.company: tuple[str, ...] = ()
        """Names of the legs that this one hears."""
        self.is_heard = False
        """Whether another leg, or the exchange itself, hears this one."""
        self.frame: Samples = SILENCE
        """What the person said in the present frame."""

    @property
    def is_live(self) -> bool:
        """Whether every frame counts."""
        return bool(self.company) or self.is_heard or self._delay is not None

    # Orders of the exchange

    def play(self, prompt: int, sound: Samples) -> None:
        """Play a prompt; `heard` is told at its end."""
        self._wire.flush()
        self._prompt, self._sound, self._handed = prompt, memoryview(sound.tobytes()), 0
        if not self.is_live and not self._lifting_rounds:
            self._feed()

    def hush(self) -> None:
        """Stop playing."""
        self._prompt, self._sound, self._handed = 0, _NOTHING, 0
        self._wire.flush()

    def record(self, silence_seconds: float, *, beeps: bool) -> None:
        """Send all that is said from now on, and tell of silence once it lasts so long."""
        self.hush()
        self._forget_heard()
        self._recording = _Recording(silence_seconds)
        if beeps:
            tone = beep().tobytes()
            self._wire.write(tone)
            self._recording.skip_bytes = len(tone)

    def stop_recording(self) -> None:
        """Send the rest."""
        self._listen()
        self._recording = None
        self._send_rest()

    def delay(self, seconds: float) -> None:
        """Let the others be heard so much later, prompts at once; said again, it dumps."""
        self._begin_frames()
        self._delay = DelayLine(seconds)

    def keep_voice(self, *, is_on: bool) -> None:
        """Send all that is said from now on, whatever else happens; or no more."""
        if is_on:
            self._forget_heard()
        self._keeps_voice = is_on
        if not is_on:
            self._send_rest()

    # Being served

    def serve(self) -> None:
        """Do what is due ten times a second."""
        if self._lifting_rounds:
            self._lifting_rounds -= 1
            return
        if self.is_live:
            return
        self._feed()
        if self._recording or self._keeps_voice:
            self._listen()

    def take_frame(self) -> None:
        """Take one frame of what the person says, and let it be heard."""
        self._late += self._wire.read(_READ_BYTES)
        if len(self._late) > _MOST_LATE_BYTES:
            del self._late[: len(self._late) - _KEPT_LATE_BYTES]
        raw = bytes(self._late[:_FRAME_BYTES])
        if len(raw) < _FRAME_BYTES:
            self.frame = SILENCE
            return
        del self._late[:_FRAME_BYTES]
        self.frame = np.frombuffer(raw, np.int16)
        self._note_speech()
        self._heard(raw)

    def give_frame(self, others: Sequence[Samples]) -> None:
        """Play one frame: the others, and a prompt over them."""
        sounds = list(others)
        if self._delay is not None:
            heard_now = self._delay.through(mixed(sounds).tobytes())
            sounds = [np.frombuffer(heard_now, np.int16)]
        if piece := bytes(self._next(_FRAME_BYTES)):
            self._handed += len(piece)
            sounds.append(np.frombuffer(piece.ljust(_FRAME_BYTES, b"\0"), np.int16))
        elif self._prompt:
            self._finish_prompt()
        # Far ahead already: a frame less, or the delay would grow for the whole talk.
        if self._wire.waiting() < _MOST_LATE_BYTES:
            self._wire.write(mixed(sounds).tobytes())

    def arrange(self, company: tuple[str, ...], *, is_heard: bool) -> None:
        """Note whom this leg hears from now on, and whether anybody hears it."""
        was_live = self.is_live
        self.company, self.is_heard = company, is_heard
        if self.is_live and not was_live:
            self._begin_frames()
        if not is_heard and self._speaking_frames:
            self._speaking_frames = 0
            self._tell("voice", on=False)
        if not self.is_live:
            self._late.clear()

    def _begin_frames(self) -> None:
        """Take back what lies ahead: it would keep everybody waiting, and follows by frames."""
        self._handed = max(0, self._handed - self._wire.waiting())
        self._wire.flush()

    def _feed(self) -> None:
        """Keep some of the prompt ahead."""
        if self._next(1):
            room = _AHEAD_BYTES - self._wire.waiting()
            if room > 0:
                self._handed += self._wire.write(bytes(self._next(room)))
        elif self._prompt and not self._wire.waiting():
            self._finish_prompt()

    def _next(self, size: int) -> memoryview:
        """Return the next bytes of the prompt that were not handed over yet."""
        return self._sound[self._handed : self._handed + size]

    def _finish_prompt(self) -> None:
        prompt, self._prompt = self._prompt, 0
        self._tell("heard", prompt=prompt)

    def _forget_heard(self) -> None:
        self._wire.read(_READ_BYTES)
        self._late.clear()

    def _listen(self) -> None:
        raw = self._wire.read(_READ_BYTES)
        if raw:
            self._heard(raw)

    def _heard(self, raw: bytes) -> None:
        """Note what was said: for a comment, for a recording of the whole."""
        recording = self._recording
        if recording is not None:
            raw = self._judge(recording, raw)
        if raw and (recording is not None or self._keeps_voice):
            self._to_send += raw
            if len(self._to_send) >= _SENT_BYTES:
                self._send_rest()

    def _judge(self, recording: _Recording, raw: bytes) -> bytes:
        """Tell of silence; return what belongs into the recording."""
        skipped = min(recording.skip_bytes, len(raw))
        recording.skip_bytes -= skipped
        raw = raw[skipped:]
        if not raw:
            return raw
        if loudness(np.frombuffer(raw, np.int16)) >= _SOMEBODY_SPEAKS:
            recording.quiet = 0.0
            if not recording.is_spoken:
                recording.is_spoken = True
                self._tell("spoken")
        else:
            before, recording.quiet = recording.quiet, recording.quiet + len(raw) / (2 * RATE)
            if before < recording.silence_seconds <= recording.quiet:
                self._tell("silence")
        return raw

    def _send_rest(self) -> None:
        if self._to_send:
            self._tell("sound", pcm=bytes(self._to_send))
            self._to_send.clear()

    def _note_speech(self) -> None:
        """Tell when the person begins to speak in company, and when they have stopped."""
        if not self.is_heard:
            return
        if loudness(self.frame) >= _SOMEBODY_SPEAKS:
            if not self._speaking_frames:
                self._tell("voice", on=True)
            self._speaking_frames = _STOPPED_SPEAKING_FRAMES
        elif self._speaking_frames:
            self._speaking_frames -= 1
            if not self._speaking_frames:
                self._tell("voice", on=False)

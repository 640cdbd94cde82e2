"""A line to a handset in a browser: a person answers in place of the script."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from gevent import sleep
from gevent.queue import Queue

from evalsys.exchange.calls import Status
from evalsys.exchange.company import BYTES_A_SECOND, DelayLine, Ear, Mouth, Speaking, is_speech
from evalsys.exchange.households import Household
from evalsys.exchange.line import (
    Answered,
    Audio,
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
from evalsys.exchange.scripted_line import speech_seconds
from evalsys.exchange.sounds import WAVE_TYPE, as_wave, spoken_stand_in, wave_seconds

_SIP_DECLINED = 603
_PROMPTS_SHOWN = 30
_UPLOAD_SECONDS = 3
"""How long before the exchange stops recording the page does, so that the upload arrives."""


_PIECE_SECONDS = 0.1
_PIECE_BYTES = int(_PIECE_SECONDS * BYTES_A_SECOND)
_GAP_BYTES = BYTES_A_SECOND // 2


@dataclass(slots=True)
class View:
    """What the page shows of a call; every change is a new version of the whole."""

    phase: str = "ringing"
    """ringing, talking or ended."""
    ended: str = ""
    """Why: declined, missed, hung_up (by the person), finished (by the caller)."""
    prompts: list[Prompt] = field(default_factory=list)
    speaking: int = 0
    """Number of the prompt being played; 0 none."""
    listening: bool = False
    keys: str = ""
    """Keys pressed since the last prompt began."""
    record_seconds: int = 0
    """Longest recording wanted now; 0 when nothing is recorded."""
    beep: bool = False
    company: int = 0
    """How many others are heard: the person is in a conference, or was put through."""
    answered_at: float = 0.0
    ended_at: float = 0.0


class HandsetLine:
    """One call on a handset. People take the time they take: `--speed` does not apply."""

    def __init__(
        self,
        caller: str,
        called: str,
        role: Household | None,
        changed: Callable[[], None],
        *,
        comes_in: bool = False,
    ) -> None:
        """Show a call from `caller`; `changed` is called whenever the page should look again.

        `role` is the household that the script would have played: the person may play it too.
        `comes_in`: the person called `caller`, and waits to be answered.
        """
        self.inbox: Queue[Event] = Queue()
        self.pace = Pace()
        self.caller = caller
        self.called = called
        self.role = role
        self.view = View()
        self._changed = changed
        self._comes_in = comes_in
        self.mouth = Mouth()
        self._ear = Ear()
        self._delay: DelayLine | None = None
        self._is_speaking = False
        self._kept: tuple[float, bytearray] | None = None
        self._audio: Audio | None = None
        self._finish_on = ""

    @property
    def is_over(self) -> bool:
        """Whether the call has ended."""
        return self.view.phase == "ended"

    # What the exchange does

    @property
    def answered_by(self) -> str:
        """Say that a person answers."""
        return "human"

    def dial(self) -> None:
        """Ring; whoever called us is answered at once."""
        if self._comes_in:
            self.answer()
            return
        self.inbox.put(Ringing())
        self._changed()

    def play(self, prompt: Prompt) -> float:
        """Let the page speak; it says when it is done, or is not waited for."""
        self.view.prompts = [*self.view.prompts[1 - _PROMPTS_SHOWN :], prompt]
        self.view.speaking = prompt.number
        self.view.listening = False
        self.view.keys = ""
        self._changed()
        return 2 * (speech_seconds(prompt.text) + prompt.sound_seconds) + 4

    def hush(self) -> None:
        """Stop speaking."""
        self.view.speaking = 0
        self._changed()

    def listen(self, seconds: float) -> None:  # noqa: ARG002 - the page shows no countdown: no haste
        """Show that a key is awaited."""
        self.view.speaking = 0
        self.view.listening = True
        self._changed()

    def start_recording(self, limits: RecordLimits) -> None:
        """Show that the person may speak, or type."""
        self._finish_on = limits.finish_on
        self._audio = None
        self.view.speaking = 0
        self.view.listening = False
        self.view.record_seconds = max(1, int(limits.longest_seconds) - _UPLOAD_SECONDS)
        self.view.beep = limits.beep
        self._changed()

    def stop_recording(self) -> Audio | None:
        """Return what was uploaded."""
        self.view.record_seconds = 0
        self._changed()
        audio, self._audio = self._audio, None
        return audio

    def hear(self, others: Sequence[Line]) -> None:
        """Let the person hear the others, if they have a voice, and see that they are there."""
        self.view.company = len(others)
        self.view.speaking = 0
        if not others:
            self.dump()  # nobody fetches what is left: it must not be heard by the next company
        self._ear.hear([each.mouth for each in others if isinstance(each, Speaking)])
        self._changed()

    def delay(self, seconds: float) -> None:
        """Let the person hear the others so much later."""
        self._delay = DelayLine(seconds)

    def dump(self) -> None:
        """Throw away what was not heard yet."""
        if self._delay is not None:
            self._delay.dump()

    def keep_voice(self, *, is_on: bool) -> Audio | None:
        """Keep what the page sends of the person's voice, or return it."""
        kept, self._kept = self._kept, (time.monotonic(), bytearray()) if is_on else None
        if kept is None or not kept[1]:
            return None
        return Audio(as_wave(bytes(kept[1])), WAVE_TYPE, len(kept[1]) / BYTES_A_SECOND, None)

    def release(self) -> None:
        """Show that the call is over."""
        self._ear.hear(())
        self._end("finished" if self.view.phase == "talking" else "missed")

    # What the person does

    def answer(self) -> None:
        """Pick up."""
        if self.view.phase == "ringing":
            self.view.phase = "talking"
            self.view.answered_at = time.monotonic()
            self.inbox.put(Answered())
            self._changed()

    def hang_up(self) -> None:
        """Put the receiver down, or decline to pick it up."""
        if self.view.phase == "ringing":
            self._end("declined")
            self.inbox.put(Refused(Status.BUSY, _SIP_DECLINED))
        elif self.view.phase == "talking":
            self._end("hung_up")
            self.inbox.put(HungUp())

    def press(self, key: str) -> None:
        """Press a key."""
        if self.view.phase == "talking":
            self.view.keys += key
            self.inbox.put(Key(key))
            self._changed()

    def heard(self, prompt: int) -> None:
        """Say that a prompt was spoken to its end."""
        if prompt == self.view.speaking:
            self.view.speaking = 0
            self.inbox.put(Heard(prompt))
            self._changed()

    def comment(self, words: str, sound: bytes) -> None:
        """Hand in a comment: spoken (a WAV), typed, or both; neither is no comment.

        Typed words alone get a stand-in sound; a spoken comment without words stays
        without words, since nobody here transcribes.
        """
        if not self.view.record_seconds:
            return
        seconds = wave_seconds(sound) if sound else None
        if seconds:
            self._audio = Audio(sound, WAVE_TYPE, seconds, words or None)
        elif words:
            seconds = speech_seconds(words)
            self._audio = Audio(spoken_stand_in(words, seconds), WAVE_TYPE, seconds, words)
        done = self._audio is not None and "#" in self._finish_on
        self.inbox.put(Key("#") if done else Silence())

    def say(self, pcm: bytes) -> None:
        """Let the others hear what the microphone took."""
        if not self.view.company:
            return
        self.mouth.say(pcm)
        if self._kept is not None:
            began, voice = self._kept
            # A microphone that was away leaves a gap, or all that follows came too early.
            gap = int((time.monotonic() - began) * BYTES_A_SECOND) // 2 * 2 - len(voice) - len(pcm)
            voice += bytes(max(0, gap)) + pcm if gap > _GAP_BYTES else pcm
        if is_speech(pcm) != self._is_speaking:
            self._is_speaking = not self._is_speaking
            self.inbox.put(Voice(self._is_speaking))

    def hearing(self) -> Iterator[bytes]:
        """Yield what the others say, a tenth of a second at a time, while they are there."""
        due = time.monotonic()
        while self.view.company and not self.is_over:
            piece = self._ear.take(_PIECE_BYTES)
            yield piece if self._delay is None else self._delay.through(piece)
            due = max(due + _PIECE_SECONDS, time.monotonic() - _PIECE_SECONDS)
            sleep(max(0.0, due - time.monotonic()))

    def as_json(self) -> dict[str, object]:
        """Return the view as the page reads it."""
        view = self.view
        until = view.ended_at or time.monotonic()
        talked = until - view.answered_at if view.answered_at else 0.0
        return {
            "phase": view.phase,
            "ended": view.ended,
            "caller": self.caller,
            "called": self.called,
            "role": _role(self.role),
            "talked": int(talked),
            "prompts": [
                {"id": each.number, "text": each.text, "language": each.language}
                | {"sound": bool(each.sound_url), "seconds": each.sound_seconds}
                for each in view.prompts
            ],
            "speaking": view.speaking,
            "listening": view.listening,
            "keys": view.keys,
            "record_seconds": view.record_seconds,
            "beep": view.beep,
            "company": view.company,
        }

    def _end(self, why: str) -> None:
        if not self.is_over:
            self.view.phase, self.view.ended = "ended", why
            self.view.ended_at = time.monotonic()
            self.view.speaking = self.view.record_seconds = 0
            self.view.listening = False
            self._changed()


def _role(household: Household | None) -> dict[str, object] | None:
    """Return what a person must know to play a household."""
    if household is None or not household.head:
        return None
    return {
        "head": household.head,
        "visited": household.visited,
        "solved": household.solved,
        "score": household.score,
        "is_linked": household.is_linked,
    }

"""A line to a scripted household: it rings, listens and presses keys by itself."""

from collections.abc import Sequence
from functools import lru_cache

from gevent.queue import Queue

from evalsys.exchange.calls import Status
from evalsys.exchange.line import (
    Answered,
    Audio,
    Event,
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
from evalsys.exchange.pace import Pace, Timer
from evalsys.exchange.person import Ending, Fate, Person, Reaction
from evalsys.exchange.sounds import WAVE_TYPE, spoken_stand_in

CHARACTERS_A_SECOND = 4.5
"""How fast Mandarin is spoken on the telephone."""
_LATIN_CHARACTERS_A_SECOND = 14.0
_SET_UP_SECONDS = 0.4
_KEY_GAP_SECONDS = 0.35
_BREATH_SECONDS = 0.8
_TUNE = "宫商角徵羽"
_INTERRUPTED_AT = 0.9
"""The share of a prompt after which an impatient person presses the key."""


@lru_cache(maxsize=1024)
def speech_seconds(text: str) -> float:
    """Return how long a voice takes to say a text."""
    latin = sum(letter.isascii() for letter in text)
    return latin / _LATIN_CHARACTERS_A_SECOND + (len(text) - latin) / CHARACTERS_A_SECOND


class ScriptedLine:
    """One call to a scripted household."""

    def __init__(self, person: Person, pace: Pace) -> None:
        """Connect to `person`; all waiting goes at `pace`."""
        self.inbox: Queue[Event] = Queue()
        self.pace = pace
        self._person = person
        self._heard = ""
        self._timers: list[Timer] = []
        self._pending: list[Timer] = []
        self._audio: Audio | None = None
        self._is_in_company = False
        self._kept_since = 0.0

    @property
    def answered_by(self) -> str:
        """Tell an answering machine, which a script knows, from a person."""
        return self._person.kind

    def dial(self) -> None:
        """Ring, and let the person's fate for this call decide."""
        match self._person.fate:
            case Fate.NOT_IN_SERVICE:
                self._later(_SET_UP_SECONDS, Refused(Status.FAILED, 404))
            case Fate.BUSY:
                self._later(_SET_UP_SECONDS, Refused(Status.BUSY, 486))
            case Fate.NO_ANSWER:
                self._later(_SET_UP_SECONDS, Ringing())
            case Fate.ANSWERS:
                self._later(_SET_UP_SECONDS, Ringing())
                answered_after = _SET_UP_SECONDS + self._person.ring_seconds
                self._later(answered_after, Answered())
                if drops_after := self._person.drops_after_seconds:
                    self._later(answered_after + drops_after, HungUp())

    def play(self, prompt: Prompt) -> float:
        """Let the person hear a prompt; one who was about to press a key thinks again."""
        self._forget()
        self._heard += prompt.text
        seconds = speech_seconds(prompt.text) + prompt.sound_seconds
        if key := self._person.interrupts(self._heard):
            self._pending.append(self._later(seconds * _INTERRUPTED_AT, Key(key)))
        return seconds

    def hush(self) -> None:
        """Stop playing: the question is answered."""
        self._heard = ""

    def listen(self, seconds: float) -> None:  # noqa: ARG002 - people do not know how long we wait
        """Let the person react to everything said since the last silence."""
        if not self._heard:
            return
        reaction = self._person.react(self._heard)
        self._heard = ""
        self._do(reaction)

    def start_recording(self, limits: RecordLimits) -> None:
        """Let the person comment, then press the key that ends it, or fall silent."""
        self._forget()
        self._heard = ""
        words = self._person.comment()
        if self._person.is_music:
            seconds = limits.longest_seconds
            self._audio = Audio(spoken_stand_in(_TUNE, seconds), WAVE_TYPE, seconds, None)
            return
        if not words:
            self._pending.append(self._later(limits.silence_seconds, Silence()))
            return
        whole = speech_seconds(words) + _BREATH_SECONDS
        seconds = min(whole, limits.longest_seconds)
        kept = words if seconds == whole else words[: int(len(words) * seconds / whole)]
        self._audio = Audio(spoken_stand_in(kept, seconds), WAVE_TYPE, seconds, kept)
        ending: Event = Key("#") if "#" in limits.finish_on else Silence()
        wait = _BREATH_SECONDS if isinstance(ending, Key) else limits.silence_seconds
        self._pending.append(self._later(seconds + wait, ending))

    def stop_recording(self) -> Audio | None:
        """Return the comment."""
        self._forget()
        audio, self._audio = self._audio, None
        return audio

    def hear(self, others: Sequence[Line]) -> None:
        """Let the person talk in company as long as there is any."""
        if bool(others) == self._is_in_company:
            return
        self._is_in_company = bool(others)
        self._forget()
        if not others:
            return
        self._heard = ""
        talk = self._person.talk()
        self._pending.append(self._later(_BREATH_SECONDS, Voice(is_speaking=True)))
        self._pending.append(self._later(talk.speaks_seconds, Voice(is_speaking=False)))
        if talk.ending is Ending.LEAVES:
            self._pending.append(self._later(talk.stays_seconds, Key("*")))
        elif talk.ending is Ending.HANGS_UP:
            self._pending.append(self._later(talk.stays_seconds, HungUp()))

    def delay(self, seconds: float) -> None:
        """Change nothing: a script hears words, not voices."""

    def dump(self) -> None:
        """Change nothing."""

    def keep_voice(self, *, is_on: bool) -> Audio | None:
        """Return the sound of a voice for as long as it was kept."""
        since, self._kept_since = self._kept_since, self.pace.now()
        if is_on:
            return None
        seconds = max(0.0, self.pace.now() - since)
        return Audio(spoken_stand_in("", seconds), WAVE_TYPE, seconds, None)

    def release(self) -> None:
        """Forget all that was going to happen."""
        for timer in self._timers:
            timer.kill(block=False)
        self._timers.clear()

    def _do(self, reaction: Reaction) -> None:
        wait = reaction.after_seconds
        for key in reaction.keys:
            self._pending.append(self._later(wait, Key(key)))
            wait += _KEY_GAP_SECONDS
        if reaction.hangs_up:
            self._pending.append(self._later(wait, HungUp()))

    def _forget(self) -> None:
        for timer in self._pending:
            timer.kill(block=False)
        self._pending.clear()

    def _later(self, seconds: float, event: Event) -> Timer:
        timer = self.pace.later(seconds, self.inbox.put, event)
        self._timers = [each for each in self._timers if not each.dead]
        self._timers.append(timer)
        return timer

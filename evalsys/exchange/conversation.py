"""Carrying out TwiML on a line that was answered, one document after the other."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urljoin

from gevent import Greenlet, spawn

from evalsys.exchange.aside import Aside
from evalsys.exchange.attributes import TwimlFault
from evalsys.exchange.bridging import Desk, Legs
from evalsys.exchange.calls import Status, Target
from evalsys.exchange.documents import Documents
from evalsys.exchange.line import (
    Audio,
    Divert,
    End,
    Event,
    Fetched,
    Heard,
    HungUp,
    Key,
    Line,
    Prompt,
    RecordLimits,
    Silence,
)
from evalsys.exchange.meetings import Meetings
from evalsys.exchange.pace import Countdown
from evalsys.exchange.sounds import Sounds
from evalsys.exchange.twiml import read_twiml
from evalsys.exchange.verbs import (
    Dial,
    Gather,
    Hangup,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    Verb,
)
from evalsys.exchange.webhooks import Unreachable, Webhooks
from evalsys.exchange.wire import is_absolute_url, new_sid

_MOST_SILENT_DOCUMENTS = 50
"""Documents in a row that neither speak nor wait: then the application runs in circles."""
_ENDLESS = 1000
_APOLOGY = "很抱歉，应用程序出现错误，再见。"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """The next document: where it comes from, and what the application is told with it."""

    target: Target
    params: Mapping[str, str] = field(default_factory=dict)


class Over(Exception):  # noqa: N818 - not an error: the usual end of a call
    """The conversation is over, because the person or the API ended it."""

    def __init__(self, by: HungUp | End) -> None:
        """Remember who ended it."""
        super().__init__()
        self.by = by


class _Diverted(Exception):  # noqa: N818 - not an error: the API sends the call elsewhere
    def __init__(self, target: Target) -> None:
        super().__init__()
        self.target = target


Keep = Callable[[Audio, Record], Mapping[str, str]]
"""Keeps a recording; answers with the parameters that report it."""


class Conversation:
    """One answered call and the documents that steer it."""

    def __init__(  # noqa: PLR0913 - the parts of the machine that a conversation touches
        self,
        line: Line,
        *,
        webhooks: Webhooks,
        sounds: Sounds,
        meetings: Meetings,
        legs: Legs,
        facts: Callable[[], Mapping[str, str]],
        keep: Keep,
        fallback: Target | None,
        name: str,
        limit_seconds: float,
    ) -> None:
        """Talk over `line` for at most `limit_seconds`.

        `facts` are sent with each request, `keep` stores recordings, `fallback` is tried
        once when a document fails, `name` is the call's sid.
        """
        self._line = line
        self._limit = Countdown(line.pace, limit_seconds)
        self._sounds = sounds
        self._documents = Documents(webhooks, facts, self._wait_for, self._next_event_outside)
        self._keep = keep
        self._fallback = fallback
        self._name = name
        self._prompts = count(1)
        self._silent_documents = 0
        self._document_url = ""
        self._desk = Desk(
            name,
            line,
            meetings,
            legs,
            Aside(line, self._prompts, webhooks, sounds, facts, self.resolve),
            self._next_event,
            self.resolve,
        )

    def run(self, target: Target) -> None:
        """Carry out the document at `target` and all that follow, to the last verb.

        Raises:
            Over: the person hung up, or the API ended the call.
        """
        step: Step | None = Step(target)
        while step is not None:
            present = step
            try:
                step = self._carry_out(self._open(present))
            except _Diverted as order:
                step = Step(order.target)
                self._silent_documents = 0
            except TwimlFault as fault:
                url = present.target.url
                _log.error("%d %s %s: %s", fault.code, self._name, url, fault.message)
                step = self._after_fault(fault, present)

    def report_hangup(self, verb: Record, params: Mapping[str, str]) -> None:
        """Tell a recording's `action` that the person hung up; nobody hears the answer."""
        try:
            target = Target(self.resolve(verb.action), verb.method)
            self._documents.request(target, params, new_sid("IT"))
        except (Unreachable, TwimlFault) as error:
            _log.warning("11200 %s: hang-up not reported: %s", self._name, error)

    # Documents

    def _open(self, step: Step) -> tuple[Verb, ...]:
        self._silent_documents += 1
        if self._silent_documents > _MOST_SILENT_DOCUMENTS:
            raise TwimlFault(12400, "documents lead to documents without end")
        target = step.target
        if target.twiml:
            return read_twiml(target.twiml)
        self._document_url = target.url
        may_repeat = self._fallback is None
        return read_twiml(self._documents.fetch(target, step.params, may_repeat=may_repeat))

    def _after_fault(self, fault: TwimlFault, step: Step) -> Step | None:
        """Go to the fallback once; then apologise as Twilio does, and the call is completed."""
        if self._fallback is not None:
            target, self._fallback = self._fallback, None
            return Step(target, {"ErrorCode": str(fault.code), "ErrorUrl": step.target.url})
        try:
            self._speak(Say(_APOLOGY, "zh-CN"))
        except _Diverted as order:
            return Step(order.target)
        return None

    def resolve(self, url: str) -> str:
        """Return an absolute address; relative ones start at the present document.

        Raises:
            TwimlFault: 11100, no address that could be requested.
        """
        is_whole = url.startswith(("http://", "https://"))
        absolute = url if is_whole else urljoin(self._document_url, url)
        if not is_absolute_url(absolute):
            raise TwimlFault(11100, f"Invalid URL format: {url!r}")
        return absolute

    # Verbs

    def _carry_out(self, verbs: tuple[Verb, ...]) -> Step | None:
        """Carry out verbs until one leads elsewhere; None: nothing is left to do."""
        for verb in verbs:
            if isinstance(verb, Hangup | Reject):
                return None
            step = self._do(verb)
            if step is not None:
                return step
        return None

    def _do(self, verb: Verb) -> Step | None:
        match verb:
            case Say() | Play() | Pause():
                self._speak(verb)
            case Gather():
                return self._gather(verb)
            case Record():
                return self._record(verb)
            case Dial():
                return self._dial(verb)
            case Redirect(url, method):
                return Step(Target(self.resolve(url), method))
            case _:
                pass  # <Leave>: this call is in no queue
        return None

    def _speak(self, verb: Say | Play | Pause, *, until_key: bool = False) -> str:
        """Play a prompt to its end, or to the first key when `until_key`; return that key."""
        self._silent_documents = 0
        if isinstance(verb, Pause):
            return self._hear(verb.seconds, until_key=until_key)
        for _ in range(verb.loop or _ENDLESS):
            prompt = self._prompt(verb)
            seconds = self._line.play(prompt)
            key = self._hear(seconds, prompt.number, until_key=until_key)
            if key:
                self._line.hush()
                return key
        return ""

    def _prompt(self, verb: Say | Play) -> Prompt:
        number = next(self._prompts)
        if isinstance(verb, Say):
            return Prompt(number, verb.text, verb.language, voice=verb.voice)
        if verb.digits:
            return Prompt(number, sound_seconds=len(verb.digits) / 2, keys=verb.digits)
        url = self.resolve(verb.url)
        seconds = self._wait_for(spawn(self._sounds.seconds_of, url))
        assert isinstance(seconds, float)  # noqa: S101 - what seconds_of returns
        return Prompt(number, sound_url=url, sound_seconds=seconds)

    def _hear(self, seconds: float, prompt: int = 0, *, until_key: bool) -> str:
        """Let `seconds` pass, less when the prompt is heard; return the key that came."""
        clock = Countdown(self._line.pace, seconds)
        while event := self._next_event(clock.left()):
            match event:
                case Key(key) if until_key:
                    return key
                case Heard(number) if number == prompt:
                    return ""
                case _:
                    pass  # a key that nobody asked for
        return ""

    def _gather(self, verb: Gather) -> Step | None:
        key = ""
        for prompt in verb.prompts:
            key = self._speak(prompt, until_key=verb.barge_in)
            if key:
                break
        self._silent_documents = 0
        digits, finished_by = self._collect(verb, key)
        if not digits and not verb.on_empty:
            return None
        params = {"msg": "Gather End", "Digits": digits, "FinishedOnKey": finished_by}
        return Step(Target(self.resolve(verb.action), verb.method), params)

    def _collect(self, verb: Gather, key: str) -> tuple[str, str]:
        """Return the keys pressed and the key that ended them."""
        digits = ""
        key = key or self._wait_key(verb.timeout)
        while key:
            if key in verb.finish_on:
                return digits, key
            digits += key
            if len(digits) == verb.digits_wanted:
                break
            key = self._wait_key(verb.timeout)
        return digits, ""

    def _wait_key(self, seconds: float) -> str:
        self._line.listen(seconds)
        return self._hear(seconds, until_key=True)

    def _record(self, verb: Record) -> Step | None:
        self._silent_documents = 0
        limits = RecordLimits(verb.longest, verb.timeout, verb.finish_on, verb.beep)
        self._line.start_recording(limits)
        try:
            ended_by = self._until_recorded(verb)
        except Over as over:
            audio = self._line.stop_recording()
            if audio is not None and isinstance(over.by, HungUp):
                params = {**self._keep(audio, verb), "Digits": "hangup"}
                spawn(self.report_hangup, verb, params)
            raise
        audio = self._line.stop_recording()
        if audio is None:
            return None
        params = {**self._keep(audio, verb), "Digits": ended_by}
        return Step(Target(self.resolve(verb.action), verb.method), params)

    def _until_recorded(self, verb: Record) -> str:
        clock = Countdown(self._line.pace, verb.longest)
        while event := self._next_event(clock.left()):
            match event:
                case Key(key) if key in verb.finish_on:
                    return key
                case Silence():
                    return ""
                case _:
                    pass
        return ""

    # Company

    def _dial(self, verb: Dial) -> Step | None:
        self._silent_documents = 0
        told = self._desk.dial(verb)
        return Step(Target(self.resolve(verb.action), verb.method), told) if verb.action else None

    def stay_with(self, parent_sid: str, send_digits: str) -> None:
        """Be put through to the call that dialled this one, until one of them ends."""
        if send_digits:
            self._speak(Play(digits=send_digits))
        self._desk.stay_with(parent_sid)

    # Waiting

    def _next_event(self, seconds: float) -> Event | None:
        """Wait for the line; the end of the call and the API's orders interrupt everything."""
        left = self._limit.left()
        event = self._line.pace.receive(self._line.inbox, min(seconds, left))
        if event is None and left <= max(0.0, seconds):
            raise Over(End(Status.COMPLETED))
        return self._unless_over(event)

    def _next_event_outside(self, seconds: float | None) -> Event | None:
        """Wait for something that is not the person's doing, so many seconds on the wall."""
        return self._unless_over(self._line.pace.receive_outside(self._line.inbox, seconds))

    def _unless_over(self, event: Event | None) -> Event | None:
        match event:
            case HungUp() | End():
                raise Over(event)
            case Divert(target):
                self._line.hush()
                raise _Diverted(target)
            case _:
                return event

    def _wait_for(self, work: "Greenlet[..., object]") -> object:
        """Wait for the application with the line in sight; keys pressed meanwhile are lost."""
        work.link(lambda done: self._line.inbox.put(Fetched(done)))
        try:
            while True:
                match self._next_event_outside(None):
                    case Fetched(future) if future is work:
                        return work.get()
                    case _:
                        pass
        finally:
            work.kill(block=False)

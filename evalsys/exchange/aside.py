"""What a call in a conference hears beside the others: waiting and hold music, announcements."""

import logging
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import urljoin

from gevent import Greenlet, spawn
from gevent.event import Event

from evalsys.exchange.attributes import TwimlFault
from evalsys.exchange.calls import Target
from evalsys.exchange.connections import Reply
from evalsys.exchange.line import Line, Prompt
from evalsys.exchange.sounds import Sounds
from evalsys.exchange.twiml import read_twiml
from evalsys.exchange.verbs import Leave, Pause, Play, Redirect, Say, Verb
from evalsys.exchange.webhooks import Unreachable, Webhooks
from evalsys.exchange.wire import is_absolute_url, new_sid

_BEEP_SECONDS = 0.3
_SHORTEST_ROUND_SECONDS = 1.0
"""A waiting document without sound is not asked for more often."""
_ENDLESS = 1000

_log = logging.getLogger(__name__)


class Aside:
    """Plays documents to one line while its call is in a conference; one at a time."""

    def __init__(
        self,
        line: Line,
        numbers: Iterator[int],
        webhooks: Webhooks,
        sounds: Sounds,
        facts: Callable[[], Mapping[str, str]],
        resolve: Callable[[str], str],
    ) -> None:
        """Play to `line`, with prompts numbered on; `facts` are sent with each request."""
        self._line = line
        self._numbers = numbers
        self._webhooks = webhooks
        self._sounds = sounds
        self._facts = facts
        self._resolve = resolve
        self._music: Greenlet[..., None] | None = None
        self._prompt = 0
        self._heard = Event()

    def play(
        self, target: Target, *, is_endless: bool, ended: Callable[[str], object], **told: str
    ) -> None:
        """Play what is at `target`, again and again if `is_endless`.

        `ended` is told when it is over: why it failed, "leave" at a <Leave>, or "".
        """
        self.stop()
        address = Target(self._resolve(target.url), target.method)
        self._music = spawn(self._run, address, is_endless, ended, told)

    def stop(self) -> None:
        """Be quiet."""
        if self._music is not None:
            music, self._music = self._music, None
            music.kill(block=False)
            self._line.hush()

    def heard(self, prompt: int) -> None:
        """Go on: the line played a prompt to its end."""
        if prompt == self._prompt:
            self._heard.set()

    def beep(self) -> None:
        """Let the person hear that somebody came or went."""
        if self._music is None:
            beep = Prompt(next(self._numbers), is_beep=True, sound_seconds=_BEEP_SECONDS)
            self._line.play(beep)

    def _run(
        self,
        target: Target,
        is_endless: bool,  # noqa: FBT001 - spawned with its arguments in order
        ended: Callable[[str], object],
        told: Mapping[str, str],
    ) -> None:
        why = ""
        try:
            first = target
            for _ in range(_ENDLESS if is_endless else 1):
                began = self._line.pace.now()
                why = self._documents(first, told)
                if why:
                    break
                spent = self._line.pace.now() - began
                if is_endless and spent < _SHORTEST_ROUND_SECONDS:
                    self._wait(_SHORTEST_ROUND_SECONDS)
        except TwimlFault as fault:
            _log.error("%d aside: %s", fault.code, fault.message)
            why = str(fault.code)
        # From here on `stop` must not end the one who is being told.
        self._music = None
        ended(why)

    def _documents(self, target: Target, told: Mapping[str, str]) -> str:
        """Play a document and those it leads to; return "leave" when one says so."""
        for _ in range(_ENDLESS):
            onward = None
            for verb in self._verbs(target, told):
                match verb:
                    case Say() | Play() | Pause():
                        self._speak(verb, target)
                    case Redirect(url, method):
                        onward = Target(urljoin(target.url, url), method)
                        break
                    case Leave():
                        return "leave"
                    case _:
                        message = f"<{type(verb).__name__}> is not allowed here"
                        raise TwimlFault(12200, message)
            if onward is None:
                return ""
            if not is_absolute_url(onward.url):
                raise TwimlFault(11100, f"not an address: {onward.url}")
            target = onward
        raise TwimlFault(12400, "documents lead to documents without end")

    def _verbs(self, target: Target, told: Mapping[str, str]) -> tuple[Verb, ...]:
        reply = self._fetch(target, told)
        if reply.content_type.startswith("audio/"):
            return (Play(target.url),)
        return read_twiml(reply.body)

    def _fetch(self, target: Target, told: Mapping[str, str]) -> Reply:
        if not is_absolute_url(target.url):
            raise TwimlFault(11100, f"not an address: {target.url}")
        params = {**self._facts(), **told}
        try:
            reply = self._webhooks.send(target.method, target.url, params, new_sid("IT"))
        except Unreachable as error:
            raise TwimlFault(11200, f"HTTP retrieval failure: {error}") from error
        if reply.status >= 300:
            raise TwimlFault(11200, f"HTTP {reply.status}")
        return reply

    def _speak(self, verb: Say | Play | Pause, document: Target) -> None:
        if isinstance(verb, Pause):
            self._wait(verb.seconds)
            return
        for _ in range(verb.loop or _ENDLESS):
            self._prompt = next(self._numbers)
            self._heard = Event()
            self._wait(self._line.play(self._prompt_of(verb, document)), self._heard)

    def _prompt_of(self, verb: Say | Play, document: Target) -> Prompt:
        if isinstance(verb, Say):
            return Prompt(self._prompt, verb.text, verb.language, voice=verb.voice)
        if verb.digits:
            seconds = len(verb.digits) / 2
            return Prompt(self._prompt, sound_seconds=seconds, keys=verb.digits)
        url = urljoin(document.url, verb.url)
        return Prompt(self._prompt, sound_url=url, sound_seconds=self._sounds.seconds_of(url))

    def _wait(self, seconds: float, until: Event | None = None) -> None:
        (until or Event()).wait(seconds / self._line.pace.speed)

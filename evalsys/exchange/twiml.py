"""Reading TwiML: what the application wants done with a call, checked before any of it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

KEYS = "0123456789*#"
_SPEECH_MARKUP = frozenset(
    {"break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"}
)
_OF_SPEECH = (
    "debug",
    "enhanced",
    "hints",
    "language",
    "maxSpeechTime",
    "partialResultCallback",
    "partialResultCallbackMethod",
    "profanityFilter",
    "speechModel",
    "speechTimeout",
)
"""Attributes of <Gather> that change nothing for keys: this exchange recognises no speech."""
_MOST_VERBS = 200
_LONGEST_SPEECH = 4096


class TwimlFault(Exception):  # noqa: N818 - a fault of the application's document
    """A document that cannot be carried out, with Twilio's code."""

    def __init__(self, code: int, message: str) -> None:
        """Take Twilio's `code` and a `message` for the application's developer."""
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Say:
    """Speak a text `loop` times (0: until something ends it)."""

    text: str
    language: str = ""
    voice: str = ""
    loop: int = 1


@dataclass(frozen=True, slots=True)
class Play:
    """Play the sound at `url`, or the keys in `digits` (`w` waits half a second)."""

    url: str = ""
    digits: str = ""
    loop: int = 1


@dataclass(frozen=True, slots=True)
class Pause:
    """Be silent."""

    seconds: int = 1


@dataclass(frozen=True, slots=True)
class Gather:
    """Collect keys, while prompting and for `timeout` seconds after."""

    prompts: tuple["Say | Play | Pause", ...] = ()
    action: str = ""
    method: str = "POST"
    timeout: int = 5
    finish_on: str = "#"
    digits_wanted: int = 0
    """0: as many as come."""
    on_empty: bool = False
    barge_in: bool = True


@dataclass(frozen=True, slots=True)
class Record:
    """Record what the person says."""

    action: str = ""
    method: str = "POST"
    timeout: int = 5
    finish_on: str = KEYS
    longest: int = 3600
    beep: bool = True
    trim: bool = True
    status_callback: str = ""
    status_method: str = "POST"
    status_events: tuple[str, ...] = ("completed",)
    transcribe: bool = False
    transcribe_callback: str = ""


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go on with another document."""

    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Decline the call; one that was already answered is ended."""


Verb = Say | Play | Pause | Gather | Record | Redirect | Hangup | Reject
_PROMPTS = frozenset({"Say", "Play", "Pause"})


def read_twiml(document: bytes | str) -> tuple[Verb, ...]:
    """Return the verbs of a document.

    Raises:
        TwimlFault: 12100 not well-formed or not TwiML at all, 12200 a verb, attribute,
            value or nesting that this exchange does not know. Nothing is skipped.
    """
    try:
        root = fromstring(document, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise TwimlFault(12100, f"Document parse failure: {error}") from error
    if root.tag != "Response":
        raise TwimlFault(12100, f"Document parse failure: root is <{root.tag}>, not <Response>")
    if root.attrib:
        raise TwimlFault(12200, "<Response> takes no attributes")
    if len(root) > _MOST_VERBS:
        raise TwimlFault(12200, f"more than {_MOST_VERBS} verbs in one document")
    _no_loose_text(root)
    return tuple(_verb(element) for element in root)


def _verb(element: Element) -> Verb:
    reader = _READERS.get(element.tag)
    if reader is None:
        raise TwimlFault(12200, f"unknown verb <{element.tag}>")
    attributes = _Attributes(element)
    verb = reader(element, attributes)
    attributes.done()
    return verb


def _no_loose_text(element: Element) -> None:
    texts = [element.text, *(child.tail for child in element)]
    if any(text and text.strip() for text in texts):
        raise TwimlFault(12200, f"text directly inside <{element.tag}>")


def _no_children(element: Element) -> None:
    if len(element):
        raise TwimlFault(12200, f"<{element[0].tag}> is not allowed inside <{element.tag}>")


class _Attributes:
    """Takes attributes one by one; what nobody took is an error."""

    def __init__(self, element: Element) -> None:
        self._tag = element.tag
        self._left = dict(element.attrib)

    def text(self, name: str, default: str = "") -> str:
        return self._left.pop(name, default)

    def number(self, name: str, default: int, least: int = 0) -> int:
        raw = self.text(name, str(default))
        if not (raw.isascii() and raw.isdigit() and len(raw) <= 6 and int(raw) >= least):
            raise self._wrong(name, raw)
        return int(raw)

    def one_of(self, name: str, values: Mapping[str, object], default: str) -> str:
        raw = self.text(name, default)
        if raw not in values:
            raise self._wrong(name, raw)
        return raw

    def truth(self, name: str, *, default: bool) -> bool:
        return _TRUTHS[self.one_of(name, _TRUTHS, "true" if default else "false")]

    def method(self, name: str = "method") -> str:
        raw = self.text(name, "POST")
        if raw.upper() not in {"GET", "POST"}:
            raise self._wrong(name, raw)
        return raw.upper()

    def keys(self, name: str, default: str) -> str:
        raw = self.text(name, default)
        if not set(raw) <= set(KEYS):
            raise self._wrong(name, raw)
        return raw

    def events(self, name: str, known: frozenset[str]) -> tuple[str, ...]:
        raw = self.text(name, "completed")
        if not raw.split() or not set(raw.split()) <= known:
            raise self._wrong(name, raw)
        return tuple(raw.split())

    def done(self) -> None:
        for name in self._left:
            raise TwimlFault(12200, f"<{self._tag}> has no attribute {name}")

    def _wrong(self, name: str, raw: str) -> TwimlFault:
        return TwimlFault(12200, f'<{self._tag} {name}="{raw}"> is not a valid value')


_TRUTHS = {"true": True, "false": False}


def _read_say(element: Element, attributes: _Attributes) -> Say:
    for child in element.iter():
        if child is not element and child.tag not in _SPEECH_MARKUP:
            raise TwimlFault(12200, f"<{child.tag}> is not allowed inside <Say>")
    text = " ".join("".join(element.itertext()).split())
    if len(text) > _LONGEST_SPEECH:
        raise TwimlFault(12200, f"<Say> is longer than {_LONGEST_SPEECH} characters")
    return Say(
        text, attributes.text("language"), attributes.text("voice"), attributes.number("loop", 1)
    )


def _read_play(element: Element, attributes: _Attributes) -> Play:
    _no_children(element)
    digits = attributes.text("digits")
    if not set(digits) <= {*KEYS, "w", "W"}:
        raise TwimlFault(12200, f'<Play digits="{digits}"> is not a valid value')
    url = (element.text or "").strip()
    if not url and not digits:
        raise TwimlFault(12200, "<Play> needs an address or digits")
    return Play(url, digits, attributes.number("loop", 1))


def _read_pause(element: Element, attributes: _Attributes) -> Pause:
    _nothing_inside(element)
    return Pause(attributes.number("length", 1))


def _read_gather(element: Element, attributes: _Attributes) -> Gather:
    _no_loose_text(element)
    for child in element:
        if child.tag not in _PROMPTS:
            raise TwimlFault(12200, f"<{child.tag}> is not allowed inside <Gather>")
    if "dtmf" not in attributes.text("input", "dtmf").split():
        raise TwimlFault(12200, "<Gather> collects keys here, not speech")
    for name in _OF_SPEECH:
        attributes.text(name)
    prompts = (_verb(child) for child in element)
    return Gather(
        prompts=tuple(each for each in prompts if isinstance(each, Say | Play | Pause)),
        action=attributes.text("action"),
        method=attributes.method(),
        timeout=attributes.number("timeout", 5),
        finish_on=attributes.keys("finishOnKey", "#"),
        digits_wanted=attributes.number("numDigits", 1, 1) if "numDigits" in element.attrib else 0,
        on_empty=attributes.truth("actionOnEmptyResult", default=False),
        barge_in=attributes.truth("bargeIn", default=True),
    )


def _read_record(element: Element, attributes: _Attributes) -> Record:
    _nothing_inside(element)
    return Record(
        action=attributes.text("action"),
        method=attributes.method(),
        timeout=attributes.number("timeout", 5),
        finish_on=attributes.keys("finishOnKey", KEYS),
        longest=attributes.number("maxLength", 3600, 1),
        beep=attributes.truth("playBeep", default=True),
        trim=attributes.one_of("trim", {"trim-silence": 0, "do-not-trim": 0}, "trim-silence")
        == "trim-silence",
        status_callback=attributes.text("recordingStatusCallback"),
        status_method=attributes.method("recordingStatusCallbackMethod"),
        status_events=attributes.events(
            "recordingStatusCallbackEvent", frozenset({"in-progress", "completed", "absent"})
        ),
        transcribe=attributes.truth("transcribe", default=False)
        or "transcribeCallback" in element.attrib,
        transcribe_callback=attributes.text("transcribeCallback"),
    )


def _read_redirect(element: Element, attributes: _Attributes) -> Redirect:
    _no_children(element)
    return Redirect((element.text or "").strip(), attributes.method())


def _read_hangup(element: Element, _: _Attributes) -> Hangup:
    _nothing_inside(element)
    return Hangup()


def _read_reject(element: Element, attributes: _Attributes) -> Reject:
    _nothing_inside(element)
    attributes.one_of("reason", {"rejected": 0, "busy": 0}, "rejected")
    return Reject()


def _nothing_inside(element: Element) -> None:
    _no_children(element)
    _no_loose_text(element)


_READERS: Mapping[str, Callable[[Element, _Attributes], Verb]] = {
    "Say": _read_say,
    "Play": _read_play,
    "Pause": _read_pause,
    "Gather": _read_gather,
    "Record": _read_record,
    "Redirect": _read_redirect,
    "Hangup": _read_hangup,
    "Reject": _read_reject,
}

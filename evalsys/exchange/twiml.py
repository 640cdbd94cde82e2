"""Reading TwiML: what the application wants done with a call, checked before any of it is."""

from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from evalsys.exchange.attributes import (
    Attributes,
    TwimlFault,
    no_children,
    no_loose_text,
    nothing_inside,
)
from evalsys.exchange.twiml_dial import read_dial
from evalsys.exchange.verbs import (
    KEYS,
    Gather,
    Hangup,
    Leave,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    Verb,
)

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


Reader = Callable[[Element, Attributes], Verb]
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
    no_loose_text(root)
    return tuple(_verb(element) for element in root)


def _verb(element: Element) -> Verb:
    reader = _READERS.get(element.tag)
    if reader is None:
        raise TwimlFault(12200, f"unknown verb <{element.tag}>")
    attributes = Attributes(element)
    verb = reader(element, attributes)
    attributes.done()
    return verb


def _read_say(element: Element, attributes: Attributes) -> Say:
    for child in element.iter():
        if child is not element and child.tag not in _SPEECH_MARKUP:
            raise TwimlFault(12200, f"<{child.tag}> is not allowed inside <Say>")
    text = " ".join("".join(element.itertext()).split())
    if len(text) > _LONGEST_SPEECH:
        raise TwimlFault(12200, f"<Say> is longer than {_LONGEST_SPEECH} characters")
    return Say(
        text, attributes.text("language"), attributes.text("voice"), attributes.number("loop", 1)
    )


def _read_play(element: Element, attributes: Attributes) -> Play:
    no_children(element)
    digits = attributes.text("digits")
    if not set(digits) <= {*KEYS, "w", "W"}:
        raise TwimlFault(12200, f'<Play digits="{digits}"> is not a valid value')
    url = (element.text or "").strip()
    if not url and not digits:
        raise TwimlFault(12200, "<Play> needs an address or digits")
    return Play(url, digits, attributes.number("loop", 1))


def _read_pause(element: Element, attributes: Attributes) -> Pause:
    nothing_inside(element)
    return Pause(attributes.number("length", 1))


def _read_gather(element: Element, attributes: Attributes) -> Gather:
    no_loose_text(element)
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


def _read_record(element: Element, attributes: Attributes) -> Record:
    nothing_inside(element)
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


def _read_redirect(element: Element, attributes: Attributes) -> Redirect:
    no_children(element)
    return Redirect((element.text or "").strip(), attributes.method())


def _read_hangup(element: Element, _: Attributes) -> Hangup:
    nothing_inside(element)
    return Hangup()


def _read_reject(element: Element, attributes: Attributes) -> Reject:
    nothing_inside(element)
    attributes.one_of("reason", {"rejected": 0, "busy": 0}, "rejected")
    return Reject()


def _read_leave(element: Element, _: Attributes) -> Leave:
    nothing_inside(element)
    return Leave()


_READERS: Mapping[str, Reader] = {
    "Say": _read_say,
    "Play": _read_play,
    "Pause": _read_pause,
    "Gather": _read_gather,
    "Record": _read_record,
    "Redirect": _read_redirect,
    "Hangup": _read_hangup,
    "Reject": _read_reject,
    "Leave": _read_leave,
    "Dial": read_dial,
}

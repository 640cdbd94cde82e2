"""Reading <Dial> and what it dials: numbers, browsers, conferences."""

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from evalsys.exchange.attributes import Attributes, TwimlFault, no_children, no_loose_text
from evalsys.exchange.verbs import Conference, Dial, Number
from evalsys.exchange.wire import is_caller, is_dialable

CALL_EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
CONFERENCE_EVENTS = frozenset(
    {"start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement"}
)
BEEPS: Mapping[str, None] = dict.fromkeys(("true", "false", "onEnter", "onExit"))
LARGEST_CONFERENCE = 250
RECORDS_CONFERENCE: Mapping[str, bool] = {
    "do-not-record": False,
    "false": False,
    "record-from-start": True,
    "true": True,
}
_RECORDS_DIAL: Mapping[str, bool] = {
    **RECORDS_CONFERENCE,
    "record-from-answer": True,
    "record-from-ringing": True,
    "record-from-answer-dual": True,
    "record-from-ringing-dual": True,
}
_MOST_NUMBERS = 10
_LONGEST_NAME = 128
_LABEL = re.compile(r"[^\x00-\x1f]{0,128}")
_OF_DIAL_WITHOUT_EFFECT = ("answerOnBridge", "ringTone", "trim", "recordingTrack", "sequential")
_OF_CONFERENCE_WITHOUT_EFFECT = ("region", "trim", "jitterBufferSize", "eventCallbackUrl")


def read_dial(element: Element, attributes: Attributes) -> Dial:
    """Return what a <Dial> wants."""
    for name in _OF_DIAL_WITHOUT_EFFECT:
        attributes.text(name)
    numbers, conference = _nouns(element)
    caller = attributes.text("callerId")
    if caller and not is_caller(caller):
        raise TwimlFault(13214, "Dial: Invalid callerId value")
    return Dial(
        numbers=numbers,
        conference=conference,
        action=attributes.text("action"),
        method=attributes.method(),
        timeout=attributes.number("timeout", 30, 1),
        time_limit=attributes.number("timeLimit", 14400, 1),
        caller=caller,
        hangup_on_star=attributes.truth("hangupOnStar", default=False),
        record=_RECORDS_DIAL[attributes.one_of("record", _RECORDS_DIAL, "do-not-record")],
        recording_callback=attributes.text("recordingStatusCallback"),
        recording_method=_recording_method(attributes),
    )


def _nouns(element: Element) -> tuple[tuple[Number, ...], Conference | None]:
    """Return the numbers or the conference; words directly inside are a number."""
    if not len(element):
        return (Number(_number("Dial", element.text or "")),), None
    no_loose_text(element)
    if element[0].tag == "Conference":
        if len(element) > 1:
            raise TwimlFault(12200, "<Conference> stands alone in <Dial>")
        return (), _conference(element[0])
    if len(element) > _MOST_NUMBERS:
        raise TwimlFault(12200, f"more than {_MOST_NUMBERS} numbers in one <Dial>")
    return tuple(map(_called, element)), None


def _called(element: Element) -> Number:
    if element.tag not in {"Number", "Client"}:
        raise TwimlFault(12200, f"<{element.tag}> is not allowed inside <Dial>")
    attributes = Attributes(element)
    prefix = "client:" if element.tag == "Client" else ""
    to = prefix + _name_inside(element)
    number = Number(
        _number(element.tag, to),
        attributes.text("url"),
        attributes.method(),
        attributes.keys("sendDigits", "") if element.tag == "Number" else "",
        attributes.text("statusCallback"),
        attributes.method("statusCallbackMethod"),
        attributes.events("statusCallbackEvent", CALL_EVENTS),
    )
    attributes.done()
    return number


def _number(tag: str, raw: str) -> str:
    to = raw.strip()
    if not is_dialable(to):
        raise TwimlFault(13224 if to else 12200, f"<{tag}>: nobody can be called there")
    return to


def _name_inside(element: Element) -> str:
    """Return the text of a noun; <Identity> and <Parameter> of a client are read too."""
    identity = element.find("Identity")
    if element.tag != "Client" or identity is None:
        no_children(element)
        return (element.text or "").strip()
    others = [child.tag for child in element if child.tag not in {"Identity", "Parameter"}]
    if others:
        raise TwimlFault(12200, f"<{others[0]}> is not allowed inside <Client>")
    return (identity.text or "").strip()


def _conference(element: Element) -> Conference:
    no_children(element)
    attributes = Attributes(element)
    for name in _OF_CONFERENCE_WITHOUT_EFFECT:
        attributes.text(name)
    name = (element.text or "").strip()
    if not name or len(name) > _LONGEST_NAME:
        raise TwimlFault(12200, "<Conference> needs a name of at most 128 characters")
    label = attributes.text("participantLabel")
    if not _LABEL.fullmatch(label):
        raise attributes.wrong("participantLabel", label)
    most = attributes.number("maxParticipants", LARGEST_CONFERENCE, 1)
    if most > LARGEST_CONFERENCE:
        raise attributes.wrong("maxParticipants", str(most))
    conference = Conference(
        name=name,
        muted=attributes.truth("muted", default=False),
        beep=attributes.one_of("beep", BEEPS, "true"),
        start_on_enter=attributes.truth("startConferenceOnEnter", default=True),
        end_on_exit=attributes.truth("endConferenceOnExit", default=False),
        coach=attributes.text("coach"),
        label=label,
        wait_url=attributes.text("waitUrl"),
        wait_method=attributes.method("waitMethod"),
        most=most,
        record=RECORDS_CONFERENCE[attributes.one_of("record", RECORDS_CONFERENCE, "do-not-record")],
        recording_callback=attributes.text("recordingStatusCallback"),
        recording_method=_recording_method(attributes),
        status_callback=attributes.text("statusCallback"),
        status_method=attributes.method("statusCallbackMethod"),
        status_events=attributes.events("statusCallbackEvent", CONFERENCE_EVENTS, "start end"),
    )
    attributes.done()
    return conference


def _recording_method(attributes: Attributes) -> str:
    attributes.events(
        "recordingStatusCallbackEvent", frozenset({"in-progress", "completed", "absent"})
    )
    return attributes.method("recordingStatusCallbackMethod")

"""The carrier's door: signed webhooks in, TwiML out. It never answers with a page.

`/voice/<attempt>/answer` and `.../step/<topic>/<tries>` speak with the household; a failure of
ours waits a moment and asks the same question again, three times, and then apologises.
`.../status`, `.../recording` and `.../transcription` only report; a failure of ours answers 503,
so that the carrier delivers it again.
"""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from flask import Blueprint, Flask, Response, current_app, request

from evalsys.domain.interview import Ask, Ending, Event, Farewell, Pressed, Silence, Spoken, Topic
from evalsys.errors import EvalsysError, InvalidInput, NotFound, OutsideFailure
from evalsys.ids import AttemptId
from evalsys.ports import CarrierCall
from evalsys.services.calls import Speech
from evalsys.settings import Settings
from evalsys.telephony import twiml
from evalsys.telephony.signature import LARGEST_BODY, SIGNATURE_HEADER, Delivery, Seal
from evalsys.web.guards import by_carrier
from evalsys.web.rooms import rooms

_KEY = "evalsys_carrier"
_MOST_RETRIES = 3
_AGAIN = re.compile(r"again=([1-9])")
_DELIVER_AGAIN = 503
_TOPICS = frozenset(topic.value for topic in Topic)

blueprint = Blueprint("twilio_hooks", __name__, url_prefix="/voice/<attempt>")
_log = logging.getLogger(__name__)

_Form = Mapping[str, str]
_Rest = ParamSpec("_Rest")
_Hook = Callable[Concatenate[AttemptId, _Form, _Rest], Response]


@dataclass(frozen=True, slots=True)
class _Carrier:
    seal: Seal
    public_url: str


def install_carrier(app: Flask, settings: Settings) -> None:
    """Let an application know its carrier's signature and its own public address."""
    app.extensions[_KEY] = _Carrier(Seal(settings), settings.public_url)


def _carrier() -> _Carrier:
    found = current_app.extensions[_KEY]
    assert isinstance(found, _Carrier)  # noqa: S101 - set once, for the type checker
    return found


def _signed(fail: Callable[[], Response]) -> Callable[[_Hook[_Rest]], Callable[..., Response]]:
    """Check the signature before the hook runs; `fail` answers when the fault is ours."""

    def decorate(hook: _Hook[_Rest]) -> Callable[..., Response]:
        @wraps(hook)
        def guarded(attempt: str, *args: _Rest.args, **kwargs: _Rest.kwargs) -> Response:
            try:
                form = _carrier().seal.open(_delivery())
                return hook(AttemptId(attempt), form, *args, **kwargs)
            except EvalsysError as refusal:
                if refusal.status >= OutsideFailure.status or refusal.status == EvalsysError.status:
                    _log.exception("webhook failed")
                    return fail()
                _log.info("webhook refused: %s %s", refusal.code, refusal.place)
                return Response(refusal.code, refusal.status, mimetype="text/plain")
            except Exception:  # noqa: BLE001 - a caller hears us out, whatever breaks
                _log.exception("webhook failed")
                return fail()

        return guarded

    return decorate


def _delivery() -> Delivery:
    return Delivery(
        method=request.method,
        path=request.path,
        query=request.query_string.decode("latin-1"),
        content_type=request.content_type or "",
        body=request.stream.read(LARGEST_BODY + 1),
        signature=request.headers.get(SIGNATURE_HEADER),
    )


def _ask_again() -> Response:
    """Say nothing of the failure yet: the question comes once more in a moment."""
    retries = _retries() + 1
    if retries > _MOST_RETRIES:
        script = rooms().calls.script
        sorry = Farewell(Ending.FAULT)
        return _xml(twiml.spoken(sorry, script.farewells[Ending.FAULT], script, ""))
    return _xml(twiml.once_more(f"{_carrier().public_url}{request.path}?again={retries}"))


def _deliver_again() -> Response:
    return Response("unavailable", _DELIVER_AGAIN, mimetype="text/plain")


def _retries() -> int:
    found = _AGAIN.fullmatch(request.query_string.decode("latin-1"))
    return int(found.group(1)) if found else 0


def _xml(document: str) -> Response:
    return Response(document, mimetype="text/xml")


def _say(attempt: AttemptId, speech: Speech) -> Response:
    call_url = f"{_carrier().public_url}/voice/{attempt}"
    return _xml(twiml.spoken(speech.step, speech.text, speech.script, call_url))


def _done() -> Response:
    return Response(status=204)


@blueprint.post("/answer")
@by_carrier
@_signed(_ask_again)
def answer(attempt: AttemptId, form: _Form) -> Response:
    """Open the conversation: somebody picked up."""
    return _say(attempt, rooms().calls.answered(attempt, form["CallSid"]))


@blueprint.post("/step/<topic>/<int(min=1, max=99):tries>")
@by_carrier
@_signed(_ask_again)
def step(attempt: AttemptId, form: _Form, topic: str, tries: int) -> Response:
    """Take what the household pressed or said at a question, and go on."""
    if topic not in _TOPICS:
        raise NotFound("没有这一问。")
    at = Ask(Topic(topic), tries)
    event = None if _retries() else _event(at.topic, form)
    return _say(attempt, rooms().calls.happened(attempt, form["CallSid"], at, event))


@blueprint.post("/status")
@by_carrier
@_signed(_deliver_again)
def status(attempt: AttemptId, form: _Form) -> Response:
    """Take the carrier's word on how far the call has come."""
    if "CallStatus" not in form:
        raise InvalidInput("回调缺少参数。", place="CallStatus")
    report = CarrierCall(form["CallSid"], form["CallStatus"], _number(form, "CallDuration") or 0)
    rooms().calls.report(attempt, report, sip_code=_number(form, "SipResponseCode"))
    return _done()


@blueprint.post("/recording")
@by_carrier
@_signed(_deliver_again)
def recording(attempt: AttemptId, form: _Form) -> Response:
    """Take note of a recorded comment, in case the household hung up while speaking."""
    spoken = _spoken(form)
    if spoken is not None and spoken.seconds > 0:
        rooms().calls.recorded(attempt, form["CallSid"], spoken.recording)
    return _done()


@blueprint.post("/transcription")
@by_carrier
@_signed(_deliver_again)
def transcription(attempt: AttemptId, form: _Form) -> Response:
    """Take the words of a comment; none when nobody could make them out."""
    if "RecordingSid" not in form:
        raise InvalidInput("回调缺少参数。", place="RecordingSid")
    text = form.get("TranscriptionText", "")
    rooms().calls.transcribed(attempt, form["CallSid"], form["RecordingSid"], text)
    return _done()


def _event(topic: Topic, form: _Form) -> Event:
    if topic is Topic.COMMENT:
        return _spoken(form) or Silence()
    digits = form.get("Digits", "")
    return Silence() if digits in {"", "hangup"} else Pressed(digits)


def _spoken(form: _Form) -> Spoken | None:
    sid = form.get("RecordingSid")
    return Spoken(sid, _number(form, "RecordingDuration") or 0) if sid else None


def _number(form: _Form, name: str) -> int | None:
    """Read a number that the carrier may leave out or leave empty."""
    return int(form[name]) if form.get(name) else None

"""The carrier's door: signed webhooks in, TwiML out. It never answers with a page.

`/voice/<attempt>/answer` and `.../step/<topic>/<tries>` speak with the household; a failure of
ours waits a moment and asks the same question again, three times, and then apologises.
`.../status`, `.../recording` and `.../transcription` only report; a failure of ours answers 503,
so that the carrier delivers it again.
"""

from flask import Blueprint, Response

from evalsys.domain.interview import Ask, Event, Pressed, Silence, Spoken, Topic
from evalsys.errors import InvalidInput, NotFound
from evalsys.ids import AttemptId
from evalsys.ports import CarrierCall
from evalsys.services.calls import Calls, Speech
from evalsys.services.campaign_calls import CampaignCalls
from evalsys.telephony import stage_twiml, twiml
from evalsys.web.carrier_door import (
    Form,
    ask_again,
    deliver_again,
    delivery,
    public_url,
    retries,
    signed,
    transcribes,
    xml,
)
from evalsys.web.guards import by_carrier
from evalsys.web.rooms import rooms

_MACHINES = ("machine", "fax")
_TOPICS = frozenset(topic.value for topic in Topic)

OF_CAMPAIGNS = "campaign_hooks"
_CAMPAIGNS = "/voice/campaign"
CAMPAIGN_PREFIX = f"{_CAMPAIGNS}/<attempt>"
"""The same door once more, for the calls of campaigns."""

CALLED_BACK = "/voice/inbound/campaign"
"""Where a household that calls back begins; it goes on at the door of campaigns."""

blueprint = Blueprint("twilio_hooks", __name__, url_prefix="/voice/<attempt>")


def _calls() -> Calls | CampaignCalls:
    """Return the conversations that this door leads to: one engine, two occasions."""
    return rooms().campaign.calls if _is_of_campaigns() else rooms().calls


def _is_of_campaigns() -> bool:
    return delivery().path.startswith((f"{_CAMPAIGNS}/", CALLED_BACK))


def say(attempt: AttemptId, speech: Speech) -> Response:
    """Answer with what is said now; a household that may go on stage is asked that first."""
    door = _CAMPAIGNS if _is_of_campaigns() else "/voice"
    call_url = f"{public_url()}{door}/{attempt}"
    if speech.offers_air:
        stage = rooms().stage
        here = f"{call_url}/air/offer/1"
        return xml(stage_twiml.offer(stage.script, stage.offered(attempt), here))
    return xml(
        twiml.spoken(speech.step, speech.text, speech.script, call_url, transcribes=transcribes())
    )


def _done() -> Response:
    return Response(status=204)


@blueprint.post("/answer")
@by_carrier
@signed(ask_again)
def answer(attempt: AttemptId, form: Form) -> Response:
    """Open the conversation: somebody picked up, or in a campaign an answering machine."""
    calls = _calls()
    if isinstance(calls, CampaignCalls) and form.get("AnsweredBy", "").startswith(_MACHINES):
        return say(attempt, calls.machine(attempt, form["CallSid"]))
    return say(attempt, calls.answered(attempt, form["CallSid"]))


@blueprint.post("/step/<topic>/<int(min=1, max=99):tries>")
@by_carrier
@signed(ask_again)
def step(attempt: AttemptId, form: Form, topic: str, tries: int) -> Response:
    """Take what the household pressed or said at a question, and go on."""
    if topic not in _TOPICS:
        raise NotFound("没有这一问。")
    at = Ask(Topic(topic), tries)
    event = None if retries() else _event(at.topic, form)
    return say(attempt, _calls().happened(attempt, form["CallSid"], at, event))


@blueprint.post("/status")
@by_carrier
@signed(deliver_again)
def status(attempt: AttemptId, form: Form) -> Response:
    """Take the carrier's word on how far the call has come."""
    report, sip_code = reported(form)
    _calls().report(attempt, report, sip_code=sip_code)
    return _done()


def reported(form: Form) -> tuple[CarrierCall, int | None]:
    """Read how far a call has come, and the code by which the line said so.

    Raises:
        InvalidInput: the status is missing.
    """
    if "CallStatus" not in form:
        raise InvalidInput("回调缺少参数。", place="CallStatus")
    report = CarrierCall(form["CallSid"], form["CallStatus"], _number(form, "CallDuration") or 0)
    return report, _number(form, "SipResponseCode")


@blueprint.post("/recording")
@blueprint.post("/recording/<int(min=2, max=99):take>")
@by_carrier
@signed(deliver_again)
def recording(attempt: AttemptId, form: Form, take: int = 1) -> Response:
    """Take note of a recorded comment, in case the household hung up while speaking."""
    spoken = _spoken(form)
    if spoken is not None and spoken.seconds > 0:
        _calls().recorded(attempt, form["CallSid"], spoken.recording, take)
    return _done()


@blueprint.get("/comment/<int(min=1, max=99):take>")
@by_carrier
@signed(deliver_again)
def comment(attempt: AttemptId, form: Form, take: int) -> Response:  # noqa: ARG001 - nothing is sent
    """Play its comment back to the household that spoke it: in this call, while it is asked."""
    if not isinstance(_calls(), CampaignCalls):
        raise NotFound("现在没有可以放的录音。")
    sound = rooms().campaign.recordings.play(attempt, take)
    return Response(sound, mimetype="audio/x-wav", headers={"Cache-Control": "no-store"})


@blueprint.post("/transcription")
@by_carrier
@signed(deliver_again)
def transcription(attempt: AttemptId, form: Form) -> Response:
    """Take the words of a comment; none when nobody could make them out."""
    if "RecordingSid" not in form:
        raise InvalidInput("回调缺少参数。", place="RecordingSid")
    text = form.get("TranscriptionText", "")
    _calls().transcribed(attempt, form["CallSid"], form["RecordingSid"], text)
    return _done()


def _event(topic: Topic, form: Form) -> Event:
    if topic is Topic.COMMENT:
        return _spoken(form) or Silence()
    digits = form.get("Digits", "")
    return Silence() if digits in {"", "hangup"} else Pressed(digits)


def _spoken(form: Form) -> Spoken | None:
    sid = form.get("RecordingSid")
    ended_by = form.get("Digits", "")
    return Spoken(sid, _number(form, "RecordingDuration") or 0, ended_by) if sid else None


def _number(form: Form, name: str) -> int | None:
    """Read a number that the carrier may leave out or leave empty."""
    return int(form[name]) if form.get(name) else None

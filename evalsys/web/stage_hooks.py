"""The carrier's door to the stage: households on their way to it, the hall's and cadres' lines.

`/voice/<attempt>/air/...` speaks with a household between two questions of its interview;
`/voice/stage/<live>/<leg>/...` with the hall's and the cadre's line.
"""

from typing import assert_never

from flask import Blueprint, Response

from evalsys.domain.live.words import StageRole
from evalsys.errors import InvalidInput
from evalsys.ids import AttemptId, LiveId, is_id
from evalsys.ports import CarrierCall
from evalsys.services.stage_ways import Way
from evalsys.telephony import stage_twiml
from evalsys.web.carrier_door import Form, ask_again, deliver_again, public_url, signed, xml
from evalsys.web.guards import by_carrier
from evalsys.web.rooms import rooms
from evalsys.web.twilio_hooks import say

blueprint = Blueprint("stage_hooks", __name__, url_prefix="/voice")


@blueprint.post("/<attempt>/air/offer/<int(min=1, max=9):tries>")
@by_carrier
@signed(ask_again)
def offer(attempt: AttemptId, form: Form, tries: int) -> Response:
    """Take a household's answer to the offer."""
    way = rooms().stage.answered(attempt, form["CallSid"], form.get("Digits", ""), tries)
    return _lead(attempt, way, tries)


@blueprint.post("/<attempt>/air/wait/<int(min=1, max=99):waits>")
@by_carrier
@signed(ask_again)
def wait(attempt: AttemptId, form: Form, waits: int) -> Response:
    """See whether a household that waits is taken."""
    way = rooms().stage.waited(attempt, form["CallSid"], form.get("Digits", ""), waits)
    return _lead(attempt, way, waits)


@blueprint.post("/<attempt>/air/left")
@by_carrier
@signed(ask_again)
def left(attempt: AttemptId, form: Form) -> Response:
    """Go on by key with a household whose line left the stage."""
    return _lead(attempt, rooms().stage.left(attempt, form["CallSid"]), 0)


@blueprint.post("/<attempt>/air/questions")
@by_carrier
@signed(ask_again)
def questions(attempt: AttemptId, form: Form) -> Response:
    """Ask what the interview stands at."""
    return say(attempt, rooms().calls.asked_now(attempt, form["CallSid"]))


def _lead(attempt: AttemptId, way: Way, so_far: int) -> Response:
    """Say what leads a household's line where it goes."""
    stage, here = rooms().stage, f"{public_url()}/voice/{attempt}/air"
    script, onward = stage.script, f"{here}/questions"
    match way:
        case Way.AGAIN:
            again = f"{here}/offer/{so_far + 1}"
            return xml(stage_twiml.offer(script, stage.offered(attempt), again))
        case Way.WAIT:
            return xml(stage_twiml.waiting(script, f"{here}/wait/{so_far + 1}"))
        case Way.STAGE:
            live, muted = stage.live_of(attempt), stage.is_cut(attempt)
            return xml(stage_twiml.onto_stage(script, live, f"{here}/left", muted=muted))
        case Way.DECLINED:
            return xml(stage_twiml.back(script.declined, script, onward))
        case Way.PASSED:
            return xml(stage_twiml.back(script.passed, script, onward))
        case Way.BACK:
            return xml(stage_twiml.back(script.back, script, onward))
        case _:
            assert_never(way)


@blueprint.post("/stage/<live>/<attempt>/answer")
@by_carrier
@signed(ask_again)
def line_answered(attempt: AttemptId, form: Form, live: str) -> Response:
    """Put the hall through; ask a cadre for a key first, since a machine would not press it."""
    session, stage = _live(live), rooms().stage
    role = stage.line_answered(session, attempt, form["CallSid"])
    if role is StageRole.HALL:
        document = stage_twiml.line_onto_stage(
            stage.script, session, text=stage.script.hall, starts=True
        )
    elif role is StageRole.FEED:
        document = stage_twiml.line_onto_stage(
            stage.script, session, text="", starts=False, muted=True
        )
    elif role is StageRole.CADRE:
        here = f"{public_url()}/voice/stage/{live}/{attempt}/key"
        document = stage_twiml.cadre_asked(stage.script, here)
    else:
        document = stage_twiml.goodbye()
    return xml(document)


@blueprint.post("/stage/<live>/<attempt>/key")
@by_carrier
@signed(ask_again)
def line_key(attempt: AttemptId, form: Form, live: str) -> Response:
    """Put a cadre through who pressed the key; anything else, silence too, ends the call."""
    session, stage = _live(live), rooms().stage
    role = stage.line_answered(session, attempt, form["CallSid"])
    if role is None or form.get("Digits", "") != stage.script.yes_key:
        return xml(stage_twiml.goodbye())
    return xml(stage_twiml.line_onto_stage(stage.script, session, text="", starts=False))


@blueprint.post("/stage/<live>/<attempt>/status")
@by_carrier
@signed(deliver_again)
def line_status(attempt: AttemptId, form: Form, live: str) -> Response:
    """Take the carrier's word on the hall's or the cadre's line."""
    if "CallStatus" not in form:
        raise InvalidInput("回调缺少参数。", place="CallStatus")
    report = CarrierCall(form["CallSid"], form["CallStatus"], 0)
    rooms().stage.line_reported(_live(live), attempt, report)
    return Response(status=204)


def _live(live: str) -> LiveId:
    if not is_id(live):
        raise InvalidInput("会议编号不对。")
    return LiveId(live)

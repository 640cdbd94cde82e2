"""The announced number's door: a household that missed our call calls back, and goes on.

The carrier's voice address of the announced number is `<public address>/voice/inbound/campaign`,
its status address `<public address>/voice/inbound/status`.
"""

from flask import Blueprint, Response

from evalsys.ids import AttemptId
from evalsys.web.carrier_door import Form, ask_again, deliver_again, signed
from evalsys.web.guards import by_carrier
from evalsys.web.rooms import rooms
from evalsys.web.twilio_hooks import reported, say

blueprint = Blueprint("campaign_inbound", __name__, url_prefix="/voice/inbound")


@blueprint.post("/campaign", defaults={"attempt": ""})
@by_carrier
@signed(ask_again)
def campaign(_attempt: AttemptId, form: Form) -> Response:
    """Find the case of whoever calls, and open the conversation; the PIN proves who it is."""
    return say(*rooms().campaign.inbound.called_back(form["CallSid"], form.get("From", "")))


@blueprint.post("/status", defaults={"attempt": ""})
@by_carrier
@signed(deliver_again)
def status(_attempt: AttemptId, form: Form) -> Response:
    """Take the carrier's word on a call that came in: it ends like any other."""
    report, sip_code = reported(form)
    rooms().campaign.inbound.report(report, sip_code=sip_code)
    return Response(status=204)

"""The announced number's door: a household that missed our call calls back, and goes on.

The carrier's voice address of the announced number is `<public address>/voice/inbound/campaign`.
"""

from flask import Blueprint, Response

from evalsys.ids import AttemptId
from evalsys.web.carrier_door import Form, ask_again, signed
from evalsys.web.guards import by_carrier
from evalsys.web.rooms import rooms
from evalsys.web.twilio_hooks import say

blueprint = Blueprint("campaign_inbound", __name__, url_prefix="/voice/inbound")


@blueprint.post("/campaign", defaults={"attempt": ""})
@by_carrier
@signed(ask_again)
def campaign(_attempt: AttemptId, form: Form) -> Response:
    """Find the case of whoever calls, and open the conversation; the PIN proves who it is."""
    return say(*rooms().campaign.calls.called_back(form["CallSid"], form.get("From", "")))

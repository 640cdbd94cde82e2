"""The announced number's door for short messages: a household writes, and is answered.

The carrier's message address of the announced number is `<public address>/voice/inbound/message`.
"""

from flask import Blueprint, Response

from evalsys.ids import AttemptId
from evalsys.services.casework_messages import not_now
from evalsys.telephony import twiml
from evalsys.web.carrier_door import Form, signed, xml
from evalsys.web.guards import by_carrier
from evalsys.web.rooms import rooms

blueprint = Blueprint("casework_messages", __name__, url_prefix="/voice/inbound")


def _apologise() -> Response:
    """Say that it was not kept: a carrier does not deliver a message a second time."""
    return xml(twiml.reply(not_now()))


@blueprint.post("/message", defaults={"attempt": ""})
@by_carrier
@signed(_apologise)
def message(_attempt: AttemptId, form: Form) -> Response:
    """Take a request in that came as a short message; the answer tells its code."""
    told = rooms().casework.messages.take(form["MessageSid"], form["From"], form["Body"])
    return xml(twiml.reply(told))

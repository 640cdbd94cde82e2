"""A door of the hall: scans the panel's cards, without a network too, and hands the scans in."""

import re
from collections.abc import Mapping
from datetime import datetime

from flask import Blueprint, current_app, render_template, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.checkin import CardClaim
from evalsys.errors import InvalidInput
from evalsys.ids import LiveId, is_id
from evalsys.services.checkin import HandedIn
from evalsys.web.card_door import never_keep
from evalsys.web.door_words import door_words
from evalsys.web.guards import allow, signed_in
from evalsys.web.json_body import sent_fields
from evalsys.web.rooms import rooms

blueprint = Blueprint("door", __name__, url_prefix="/door")

blueprint.after_request(never_keep)

_MOST_SCANS = 200
"""Scans in one handing in; a device with more hands them in in turn."""
_LONGEST_NAME = 40
_CODE = re.compile("[2-9A-Z]{8}")
_SIGNATURE = re.compile("[A-Za-z0-9_-]{86}")


@blueprint.get("/<live>")
@allow(Role.OPERATOR, Role.RECORDER)
def door(live: str) -> Response:
    """Show the door's page, which goes on without us once it was loaded."""
    state = rooms().live.state(LiveId(live))
    page = render_template(
        "door/door.html",
        live=live,
        title=state.plan.title if state.plan else "",
        words=door_words(),
        config_block={
            "live": live,
            "list_url": url_for("door.door_list", live=live),
            "scans_url": url_for("door.hand_in", live=live),
            "worker_url": url_for("door.worker", live=live),
        },
    )
    response: Response = current_app.make_response(page)
    response.headers["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=()"
    return response


@blueprint.get("/<live>/worker.js")
@allow(Role.OPERATOR, Role.RECORDER)
def worker(live: str) -> Response:
    """Return the script that answers for us, for this door alone, while the network is away."""
    rooms().live.state(LiveId(live))
    response: Response = current_app.send_static_file("door/worker.js")
    response.headers["Service-Worker-Allowed"] = url_for("door.door", live=live)
    return response


@blueprint.get("/<live>/list.json")
@allow(Role.OPERATOR, Role.RECORDER)
def door_list(live: str) -> Mapping[str, object]:
    """Return what a door needs to go on alone: the key, the seats, and who came so far."""
    rooms().live.state(LiveId(live))
    return _list(LiveId(live))


@blueprint.post("/<live>/scans")
@allow(Role.OPERATOR, Role.RECORDER)
def hand_in(live: str) -> Mapping[str, object]:
    """Keep what a door scanned; harmless to repeat."""
    rooms().live.state(LiveId(live))
    fields = sent_fields()
    device, given = fields.get("device"), fields.get("scans")
    if not isinstance(device, str) or not 0 < len(device.strip()) <= _LONGEST_NAME:
        raise InvalidInput(_("请给这台设备起个名字，最多 40 个字。"), remedy=_("例如：东门。"))
    if not isinstance(given, list) or len(given) > _MOST_SCANS:
        raise InvalidInput(_("签到记录的格式不正确。"), remedy=_("请刷新签到页；记录仍在本机。"))
    scans = [_scan(LiveId(live), one) for one in given]
    kept, forged = rooms().check_in.hand_in(
        LiveId(live),
        device.strip(),
        _time(fields.get("clock")),
        scans,
        actor=signed_in().name,
    )
    return {**_list(LiveId(live)), "kept": sorted(kept), "forged": sorted(forged)}


def _list(live: LiveId) -> dict[str, object]:
    found = rooms().check_in.door_list(live)
    return {
        "key": rooms().check_in.public_key,
        "csrf_token": generate_csrf(),
        "seats": [
            {
                "number": seat.number,
                "label": seat.label,
                "issue": seat.issue,
                "name": found.members[seat.number].entry.name
                if seat.number in found.members
                else "",
            }
            for seat in found.seats
        ],
        "scans": [
            {
                "id": scan.id,
                "seat": scan.seat,
                "issue": scan.issue,
                "device": scan.device,
                "at": scan.at.isoformat(timespec="seconds"),
                "admission": admission.value,
            }
            for scan, admission in found.scans
        ],
    }


def _scan(live: LiveId, given: object) -> HandedIn:
    fields = given if isinstance(given, dict) else {}
    seat, issue, code = fields.get("seat"), fields.get("issue"), fields.get("code")
    identity, signature = fields.get("id"), fields.get("signature")
    if (
        not (type(seat) is int and type(issue) is int and 0 < seat < 1000 and 0 < issue < 1000)
        or not (isinstance(code, str) and _CODE.fullmatch(code))
        or not (isinstance(identity, str) and is_id(identity))
        or not (isinstance(signature, str) and _SIGNATURE.fullmatch(signature))
    ):
        raise InvalidInput(_("签到记录的格式不正确。"), remedy=_("请刷新签到页；记录仍在本机。"))
    claim = CardClaim(live, seat, issue, code)
    return HandedIn(identity, claim, signature, _time(fields.get("at")))


def _time(told: object) -> datetime:
    """Read what a device's clock says: ISO 8601 with its zone, a year that a clock may show."""
    try:
        moment = datetime.fromisoformat(str(told))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not 2000 < moment.year < 2200:
        raise InvalidInput(
            _("设备的时间不是带时区的 ISO 8601 时刻。"), remedy=_("请校准设备的日期和时间。")
        )
    return moment

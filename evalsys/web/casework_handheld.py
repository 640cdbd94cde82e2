"""The handheld page 社管通 (L20): goes on while the network is away, and sends later."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from flask import Blueprint, current_app, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.casework.intake import Intake
from evalsys.domain.casework.words import Channel, RequestKind
from evalsys.errors import InvalidInput, NotAllowed
from evalsys.ids import is_id
from evalsys.services.casework_intake import BOX_AT_MOST, NotTaken, TakenIn
from evalsys.web import casework_words as words
from evalsys.web.guards import allow, signed_in
from evalsys.web.json_body import sent_fields
from evalsys.web.rooms import rooms

blueprint = Blueprint("casework_handheld", __name__, url_prefix="/casework/handheld")

handlers = allow(Role.CADRE, Role.OFFICE)
_LONGEST = 4100


@blueprint.get("/")
@handlers
def page() -> str:
    """Show the page, which goes on without us once it was loaded."""
    return render_template(
        "casework/handheld.html",
        kinds=words.kind_words(),
        words={
            "unreachable": _("没有网络，已存在本机，连上后自动发送。"),
            "sign_in": _("登录已结束：请重新登录，本机的记录还在。"),
            "kept_offline": _("没有网络也能用"),
            "not_kept_offline": _("这个浏览器不能离线使用"),
            "sent": _("已受理，编号 %(code)s"),
            "waiting": _("待发送"),
            "refused": _("没有受理"),
            "drop": _("删除"),
            "correct": _("改正"),
            "still_here": _("记录仍在本机。"),
            "full": _("本机存不下了：请先连上网络发送，或删除已受理的记录。"),
        },
        config_block={
            "sync_url": url_for("casework_handheld.sync"),
            "worker_url": url_for("casework_handheld.worker"),
            "who": signed_in().name,
        },
    )


@blueprint.get("/worker.js")
@handlers
def worker() -> Response:
    """Return the script that answers for us, for this page alone, while the network is away."""
    script = Path(str(current_app.static_folder)) / "door" / "worker.js"
    response = Response(script.read_bytes(), mimetype="text/javascript")
    response.headers["Service-Worker-Allowed"] = url_for("casework_handheld.page")
    return response


@blueprint.post("/sync")
@handlers
def sync() -> Mapping[str, object]:
    """Take what a handheld kept; harmless to repeat, and each answered for itself."""
    fields = sent_fields()
    given, who = fields.get("requests"), fields.get("who", signed_in().name)
    if who != signed_in().name:
        # On a shared device, what one cadre typed would else be another one's.
        raise NotAllowed(
            _("这些记录是用另一个账号登记的。"), remedy=_("请用登记时的账号登录后再发送。")
        )
    if not isinstance(given, list) or len(given) > BOX_AT_MOST:
        raise InvalidInput(
            _("记录的格式不正确。"), remedy=_("请刷新页面；记录仍在本机。"), place="requests"
        )
    read = [_read(one) for one in given]
    intakes = [one for one in read if isinstance(one, Intake)]
    results = iter(rooms().casework.intake.batch(intakes, person=signed_in()))
    told = [(one.client_id, next(results) if isinstance(one, Intake) else one) for one in read]
    return {
        "results": [
            {"id": identity, "code": one.code, "new": one.is_new}
            if isinstance(one, TakenIn)
            else {"id": identity, "error": one.error.to_json()}
            for identity, one in told
        ]
    }


def _read(given: object) -> Intake | NotTaken:
    """Read a record; one that cannot be read holds up none of the others."""
    try:
        return _intake(given)
    except InvalidInput as error:
        identity = given.get("id") if isinstance(given, dict) else None
        return NotTaken(identity if isinstance(identity, str) and is_id(identity) else "", error)


def _intake(given: object) -> Intake:
    fields = given if isinstance(given, dict) else {}
    identity, text = fields.get("id"), fields.get("text")
    household, place = fields.get("household"), fields.get("place", "")
    if not isinstance(identity, str) or not is_id(identity):
        raise InvalidInput(
            _("记录的格式不正确。"), remedy=_("请刷新页面；记录仍在本机。"), place="id"
        )
    told = (text, household, place)
    if not all(isinstance(one, str) and len(one) <= _LONGEST and "\0" not in one for one in told):
        raise InvalidInput(
            _("记录的格式不正确。"), remedy=_("请刷新页面；记录仍在本机。"), place="text"
        )
    kind = str(fields.get("kind", ""))
    return Intake(
        kind=RequestKind(kind) if kind in tuple(RequestKind) else RequestKind.PROBLEM,
        channel=Channel.HANDHELD,
        text=str(text),
        household=str(household).strip(),
        place=str(place),
        raised_at=_time(fields.get("at")),
        client_id=identity,
    )


def _time(told: object) -> datetime | None:
    """Read what a device's clock says; what cannot be a time is no reason to lose a request."""
    try:
        moment = datetime.fromisoformat(str(told))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None

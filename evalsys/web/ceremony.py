"""The devices of those who serve a ceremony: join with a card, then type dice or sign lines."""

import re
from collections.abc import Mapping
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evalsys.domain.live.attendants import Attendant, Service
from evalsys.errors import InvalidInput, NotAllowed
from evalsys.ids import LiveId
from evalsys.services.screens import AIRED
from evalsys.web.card_door import CardDoor, never_keep
from evalsys.web.ceremony_words import device_words
from evalsys.web.guards import by_seat, is_in_the_hall, public
from evalsys.web.json_body import sent_fields
from evalsys.web.live import of_the_hall, screen_page
from evalsys.web.rooms import rooms

blueprint = Blueprint("ceremony", __name__, url_prefix="/ceremony")

_HEX = {"key": re.compile("[0-9a-f]{64}"), "signature": re.compile("[0-9a-f]{128}")}
_MOST_LINE = 10**9

blueprint.after_request(never_keep)

_door = CardDoor("ceremony")


@blueprint.get("/")
@public
def start() -> ResponseReturnValue:
    """Ask for the code on the card; a device that serves already is offered its page."""
    return _door.ask(
        "ceremony/start.html", rooms().attendants.for_code, "ceremony.join_page", _attendant()
    )


@blueprint.get("/join/<code>")
@public
def join_page(code: str) -> ResponseReturnValue:
    """Show which place the card is for. Looking takes nothing: link previews look too."""
    one, held = rooms().attendants.for_code(code), _attendant()
    if held is not None and held.id == one.id:
        return redirect(url_for("ceremony.desk", live=one.live))
    page = render_template("ceremony/join.html", one=one, place=place_name(one))
    return _door.show(page, one, held)


@blueprint.post("/join/<code>")
@public
def join(code: str) -> ResponseReturnValue:
    """Take the place with this device."""
    one = rooms().attendants.join(code, _door.needed_token())
    return redirect(url_for("ceremony.desk", live=one.live), 303)


@blueprint.get("/<live>/desk")
@by_seat
def desk(live: str) -> ResponseReturnValue:
    """Show a clerk's or a witness's page; any other device is asked for its card."""
    one = _attendant()
    if one is None or one.live != live:
        return redirect(url_for("ceremony.start"))
    template = "clerk" if one.service is Service.CLERK else "witness"
    names = ("enrol", "sign", "clock", "dice", "lines")
    urls = {f"{name}_url": url_for(f"ceremony.{name}", live=live) for name in names}
    manifest_url = url_for("live.bundle_file", live=live, name="manifest.json")
    return screen_page(
        f"ceremony/{template}.html",
        LiveId(live),
        "public",
        {"me": one.name, **urls, "manifest_url": manifest_url, **of_the_hall(LiveId(live))},
        place=place_name(one),
        device=device_words(),
    )


@blueprint.get("/<live>/rollers")
@public
def rollers(live: str) -> str:
    """Tell the rollers who rolls which dice, and when all lift."""
    hall = request.args.get("hall", "") if is_in_the_hall(LiveId(live)) else None
    audience = "public" if hall is not None else AIRED
    config = of_the_hall(LiveId(live)) if hall else {}
    return screen_page(
        "ceremony/rollers.html", LiveId(live), audience, config, device=device_words()
    )


@blueprint.get("/<live>/lines.json")
@by_seat
def lines(live: str) -> dict[str, object]:
    """Return the transcript's lines from `?after=` on, as they stand."""
    current_attendant(live)
    after = request.args.get("after", "0")
    if not re.fullmatch("[0-9]{1,9}", after):
        raise InvalidInput(_("参数应为非负整数。"), remedy=_("请刷新页面。"), place="after")
    return {"lines": list(rooms().ceremony.lines(LiveId(live), after=int(after)))}


@blueprint.post("/<live>/clock")
@by_seat
def clock(live: str) -> dict[str, object]:
    """Hear that a device is there, and what its clock says."""
    one = current_attendant(live)
    return {"ahead_s": rooms().attendants.hear(one, _clock(sent_fields()))}


@blueprint.post("/<live>/enrol")
@by_seat
def enrol(live: str) -> dict[str, object]:
    """Record the public key that a witness's device made."""
    one, fields = _serving(live, Service.WITNESS), sent_fields()
    key, proof = _hex(fields, "key", "key"), _hex(fields, "proof", "signature")
    state = rooms().attendants.enrol(one, key, proof, _clock(fields))
    return {"witnesses": [known.id for known in state.ceremony.witnesses]}


@blueprint.post("/<live>/sign")
@by_seat
def sign(live: str) -> dict[str, object]:
    """Keep a witness's signature over the last line."""
    one, fields = _serving(live, Service.WITNESS), sent_fields()
    line, signature = fields.get("line"), _hex(fields, "signature", "signature")
    if type(line) is not int or not 0 <= line <= _MOST_LINE:
        raise InvalidInput(_("行号不是非负整数。"), remedy=_("请刷新页面。"), place="line")
    state = rooms().ceremony.sign(one, line, signature, _clock(fields))
    return {"missing": state.ceremony.missing}


@blueprint.post("/<live>/dice")
@by_seat
def dice(live: str) -> dict[str, object]:
    """Keep what a clerk typed."""
    one, digits = _serving(live, Service.CLERK), sent_fields().get("digits")
    if not isinstance(digits, str):
        raise InvalidInput(_("应为文本。"), remedy=_("请重新填写。"), place="digits")
    state = rooms().ceremony.type_dice(one, digits)
    return {"agreed": bool(state.ceremony.agreed)}


def place_name(one: Attendant) -> str:
    """Name a place as its card does."""
    if one.service is Service.CLERK:
        return _("记录员 %(name)s", name=one.name)
    return _("见证人 %(name)s", name=one.name)


def current_attendant(live: str) -> Attendant:
    """Return the place of the device that asks.

    Raises:
        NotAllowed: this device does not serve in this session, or lost its place to a new card.
    """
    one = _attendant()
    if one is None or one.live != live:
        raise NotAllowed(
            _("这台设备没有登记为本场的仪式人员，或卡已换发。"),
            remedy=_("请扫描仪式卡上的二维码入座，或找工作人员。"),
        )
    return one


def _serving(live: str, service: Service) -> Attendant:
    one = current_attendant(live)
    if one.service is not service:
        raise NotAllowed(
            _("这台设备担任的是“%(place)s”，不能这样做。", place=place_name(one)),
            remedy=_("请用相应角色的设备操作。"),
        )
    return one


def _hex(fields: Mapping[str, object], name: str, kind: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not _HEX[kind].fullmatch(value):
        raise InvalidInput(
            _("应为小写十六进制数。"), remedy=_("请刷新页面，让设备重新计算。"), place=name
        )
    return value


def _clock(fields: Mapping[str, object]) -> datetime:
    """Read what the device's clock says: ISO 8601 with its zone."""
    try:
        told = datetime.fromisoformat(str(fields.get("clock")))
    except ValueError:
        told = None
    if told is None or told.tzinfo is None:
        raise InvalidInput(
            _("设备的时间不是带时区的 ISO 8601 时刻。"), remedy=_("请刷新页面。"), place="clock"
        )
    return told


def _attendant() -> Attendant | None:
    return rooms().attendants.by_token(_door.token())

"""The operator's side of the panel: how many seats, who sits, cards to print and to replace."""

from collections.abc import Mapping

import segno
from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evalsys.domain.access import Role
from evalsys.domain.panel import Seat, SeatCategory
from evalsys.errors import InvalidInput
from evalsys.ids import LiveId
from evalsys.services.score import MOST_SEATS
from evalsys.web.guards import allow, signed_in
from evalsys.web.json_body import sent_fields
from evalsys.web.pad_words import category_name
from evalsys.web.rooms import rooms

blueprint = Blueprint("seats", __name__, url_prefix="/seats")


@blueprint.after_request
def never_keep(response: Response) -> Response:
    """Keep no page with join codes in any cache."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/<live>")
@allow(Role.OPERATOR)
def seats(live: str) -> str:
    """Show the panel: which seats are taken, and how many each category has."""
    state = rooms().live.state(LiveId(live))
    return render_template(
        "pad/seats.html",
        live=live,
        title=state.plan.title if state.plan else "",
        seats=rooms().score.seats(LiveId(live)),
        categories={category: category_name(category) for category in SeatCategory},
    )


@blueprint.post("/<live>")
@allow(Role.OPERATOR)
def create(live: str) -> ResponseReturnValue:
    """Bring each category up to a number of seats: a form goes back, JSON gets the cards."""
    rooms().live.state(LiveId(live))
    fields: Mapping[str, object] = sent_fields() if request.is_json else request.form
    counts = {category: _count(fields, category) for category in SeatCategory}
    score, actor = rooms().score, signed_in().name
    score.create_seats(LiveId(live), counts, actor=actor)
    if request.is_json:
        found = score.seats_with_codes(LiveId(live), actor=actor)
        return {"seats": [_card(seat) for seat in found]}
    return redirect(url_for("seats.seats", live=live), 303)


@blueprint.post(f"/<live>/<int(max={MOST_SEATS}):number>/reissue")
@allow(Role.OPERATOR)
def reissue(live: str, number: int) -> ResponseReturnValue:
    """Give a seat a new card, and go to print it."""
    seat = rooms().score.reissue(LiveId(live), number, actor=signed_in().name)
    return redirect(url_for("seats.cards", live=live, seat=seat.number), 303)


@blueprint.get("/<live>/cards")
@allow(Role.OPERATOR)
def cards(live: str) -> str:
    """Show the cards of free seats for printing on A4, or the one card of `?seat=`."""
    wanted = request.args.get("seat", type=int)
    found = rooms().score.seats_with_codes(LiveId(live), actor=signed_in().name)
    free = [
        {**_card(seat), "picture": _picture(seat)}
        for seat in found
        if not seat.is_taken and (wanted is None or seat.number == wanted)
    ]
    state = rooms().live.state(LiveId(live))
    title = state.plan.title if state.plan else ""
    return render_template(
        "pad/cards.html",
        live=live,
        title=title,
        cards=free,
        wanted=wanted,
        start_address=_address(url_for("pad.start")),
    )


def _card(seat: Seat) -> dict[str, object]:
    return {
        "number": seat.number,
        "category": seat.category.value,
        "label": seat.label,
        "code": seat.code,
        "taken": seat.is_taken,
        "join_url": _join_address(seat),
    }


def _picture(seat: Seat) -> str:
    """Draw the QR code of a card, as an address that holds the picture itself."""
    code = segno.make_qr(_join_address(seat), error="m")
    return code.svg_data_uri(border=4, xmldecl=False, svgclass=None, lineclass=None)


def _join_address(seat: Seat) -> str:
    return _address(url_for("pad.join_page", code=seat.code))


def _address(path: str) -> str:
    """Return an address for phones in the hall: never made from what a request claims."""
    public_url: str = current_app.config["PUBLIC_URL"]
    return public_url + path


def _count(fields: Mapping[str, object], category: SeatCategory) -> int:
    typed = str(fields.get(category.value) or "0").strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) < 7):
        raise InvalidInput(
            _("席位数“%(typed)s”不是整数。", typed=typed),
            remedy=_("请填 0 或正整数。"),
            place=category_name(category),
        )
    return int(typed)

"""The operator's side of the panel: how many seats, who sits, cards to print and to replace."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evalsys.domain.access import Role
from evalsys.domain.panel import Seat, SeatCategory
from evalsys.domain.panel_roster import PANEL
from evalsys.errors import InvalidInput
from evalsys.ids import LiveId
from evalsys.services.panel import ListReport
from evalsys.services.score import MOST_SEATS
from evalsys.web.card_door import never_keep, public_address, qr_picture
from evalsys.web.guards import allow, signed_in
from evalsys.web.json_body import sent_fields
from evalsys.web.pad_words import category_name
from evalsys.web.rooms import rooms

blueprint = Blueprint("seats", __name__, url_prefix="/seats")


blueprint.after_request(never_keep)

_MOST_PROBLEMS = 50
_LIST_AT_MOST = 500_000
"""Characters of a pasted list."""


@blueprint.get("/<live>")
@allow(Role.OPERATOR, Role.RECORDER)
def seats(live: str) -> str:
    """Show the panel: who sits where, who came, and how many each category has."""
    return _page(LiveId(live))


@blueprint.post("/<live>")
@allow(Role.OPERATOR)
def create(live: str) -> ResponseReturnValue:
    """Bring each category up to a number of seats: a form goes back, JSON gets the cards."""
    rooms().live.state(LiveId(live))
    fields: Mapping[str, object] = sent_fields() if request.is_json else request.form
    counts = {category: _count(fields, category) for category in SeatCategory}
    score, actor = rooms().score, signed_in().name
    score.create_seats(LiveId(live), counts, actor=actor)
    rooms().panel.seat_all(LiveId(live), actor=actor)
    if request.is_json:
        found = score.seats_with_codes(LiveId(live), actor=actor)
        return {"seats": [_card(seat) for seat in found]}
    return redirect(url_for("seats.seats", live=live), 303)


@blueprint.post("/<live>/list")
@allow(Role.OPERATOR)
def read_list(live: str) -> ResponseReturnValue:
    """Take a list that was pasted from a spreadsheet; with an error the former one stays."""
    rooms().live.state(LiveId(live))
    pasted = request.form.get("list", "")
    if not 0 < len(pasted) <= _LIST_AT_MOST:
        raise InvalidInput(_("没有粘贴名单，或名单过长。"), remedy=_("请连同表头一起粘贴。"))
    report = rooms().panel.read_pasted(LiveId(live), pasted, actor=signed_in().name)
    if report.is_kept and not report.problems:
        return redirect(url_for("seats.seats", live=live), 303)
    page = _page(LiveId(live), report=report, pasted="" if report.is_kept else pasted)
    return page, 200 if report.is_kept else 400


@blueprint.post(f"/<live>/<int(max={MOST_SEATS}):number>/reserve")
@allow(Role.OPERATOR, Role.RECORDER)
def call_reserve(live: str, number: int) -> ResponseReturnValue:
    """Seat a reserve in place of somebody who did not come, and go to print the new card."""
    seat = rooms().panel.call_reserve(LiveId(live), number, actor=signed_in().name)
    return redirect(url_for("seats.cards", live=live, seat=seat.number), 303)


@blueprint.post(f"/<live>/<int(max={MOST_SEATS}):number>/reissue")
@allow(Role.OPERATOR, Role.RECORDER)
def reissue(live: str, number: int) -> ResponseReturnValue:
    """Move a seat to another device: give it a new card, and go to show or print it."""
    seat = rooms().score.reissue(LiveId(live), number, actor=signed_in().name)
    return redirect(url_for("seats.cards", live=live, seat=seat.number), 303)


@blueprint.get("/<live>/cards")
@allow(Role.OPERATOR, Role.RECORDER)
def cards(live: str) -> str:
    """Show the cards of free seats for printing on A4, or the one card of `?seat=`."""
    wanted = request.args.get("seat", type=int)
    found = rooms().score.seats_with_codes(LiveId(live), actor=signed_in().name)
    members = rooms().check_in.door_list(LiveId(live)).members
    free = [
        {
            **_card(seat),
            "scanned": _signed_address(seat),
            "picture": qr_picture(_signed_address(seat)),
            "who": members.get(seat.number),
        }
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
        start_address=public_address(url_for("pad.start")),
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


def _join_address(seat: Seat) -> str:
    return public_address(url_for("pad.join_page", code=seat.code))


def _signed_address(seat: Seat) -> str:
    """The card's address for a phone, with what a door needs to know it behind the number sign.

    Browsers send nothing of what follows the number sign, so a phone that scans the card is told
    from a door by who reads it.
    """
    signature = rooms().check_in.sign_card(seat)
    return f"{_join_address(seat)}#{seat.number}.{seat.issue}.{signature}"


def _page(live: LiveId, report: ListReport | None = None, pasted: str = "") -> str:
    state = rooms().live.state(live)
    members = rooms().panel.members(live)
    found = rooms().check_in.door_list(live)
    quota = [
        {
            "category": category,
            "name": category_name(category),
            "seats": sum(seat.category is category for seat in found.seats),
            "listed": sum(one.entry.category is category for one in members),
            "reserves": sum(one.is_reserve and one.entry.category is category for one in members),
        }
        for category in SeatCategory
    ]
    return render_template(
        "pad/seats.html",
        live=live,
        title=state.plan.title if state.plan else "",
        seats=found.seats,
        members=found.members,
        listed=members,
        checked_in=found.checked_in,
        odd=found.odd,
        quota=quota,
        report=report,
        problems=report.problems[:_MOST_PROBLEMS] if report else (),
        pasted=pasted,
        header="\t".join(column.header for column in PANEL.columns),
        may_run=signed_in().role is Role.OPERATOR,
    )


def _count(fields: Mapping[str, object], category: SeatCategory) -> int:
    typed = str(fields.get(category.value) or "0").strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) < 7):
        raise InvalidInput(
            _("席位数“%(typed)s”不是整数。", typed=typed),
            remedy=_("请填 0 或正整数。"),
            place=category_name(category),
        )
    return int(typed)

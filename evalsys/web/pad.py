"""The panel's pad: take a seat with a card, then one vote a round from the seated device."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from evalsys.domain.live.proposal import Proposal
from evalsys.domain.panel import Choice, Seat, SeatCategory
from evalsys.errors import EvalsysError, InvalidInput, NotAllowed
from evalsys.ids import CadreNumber, LiveId
from evalsys.web.card_door import CardDoor, never_keep
from evalsys.web.guards import by_seat, public
from evalsys.web.json_body import sent_fields
from evalsys.web.pad_words import pad_words
from evalsys.web.rooms import rooms

blueprint = Blueprint("pad", __name__, url_prefix="/pad")

blueprint.after_request(never_keep)

_door = CardDoor("seat")


@blueprint.get("/")
@public
def start() -> ResponseReturnValue:
    """Ask for the code on the card; a seated device is offered its pad."""
    return _door.ask("pad/start.html", rooms().score.seat_for_code, "pad.join_page", _seat())


@blueprint.get("/join/<code>")
@public
def join_page(code: str) -> ResponseReturnValue:
    """Show whose seat the card is for. Looking takes nothing: link previews look too."""
    seat, held = rooms().score.seat_for_code(code), _seat()
    if held is not None and held.id == seat.id:
        return redirect(url_for("pad.pad", live=seat.live))
    return _door.show(render_template("pad/join.html", seat=seat), seat, held)


@blueprint.post("/join/<code>")
@public
def join(code: str) -> ResponseReturnValue:
    """Take the seat with this device, for good."""
    token = _door.needed_token()
    leading = request.form.get("leading_post") != "no"
    try:
        seat = rooms().score.join(code, token, holds_leading_post=leading)
    except EvalsysError as error:
        return render_template("pad/refused.html", error=error), error.status
    return redirect(url_for("pad.pad", live=seat.live), 303)


@blueprint.get("/<live>")
@by_seat
def pad(live: str) -> ResponseReturnValue:
    """Show the pad of a seated device; any other device is asked for its card."""
    seat = _seat()
    if seat is None or seat.live != live:
        return redirect(url_for("pad.start"))
    return render_template(
        "pad/pad.html",
        seat=seat,
        view=_view(seat),
        words=pad_words(),
        config_block={
            "live": live,
            "view_url": url_for("pad.view", live=live),
            "vote_url": url_for("pad.vote", live=live),
            "propose_url": url_for("pad.propose", live=live),
            "declare_url": url_for("pad.declare", live=live),
            "may_vote": seat.category.may_vote,
            "is_chair": seat.category is SeatCategory.CHAIR,
        },
    )


@blueprint.get("/<live>/view.json")
@by_seat
def view(live: str) -> Mapping[str, object]:
    """Return the pad's picture with the seat's own vote; the socket pushes it without."""
    return _view(current_seat(live))


@blueprint.post("/<live>/vote")
@by_seat
def vote(live: str) -> Mapping[str, object]:
    """Keep the seat's choice; the answer is the acknowledgement that it counts."""
    seat = current_seat(live)
    fields = sent_fields()
    kept = rooms().score.cast_vote(
        seat.live,
        _number(fields, "j"),
        seat,
        _choice(fields),
        revision=_number(fields, "revision"),
        opening=_number(fields, "opening"),
    )
    return {"choice": kept.choice.value, "revision": kept.revision}


@blueprint.post("/<live>/declare")
@by_seat
def declare(live: str) -> Mapping[str, object]:
    """Record what the chair says, the last of all (L29)."""
    seat = current_seat(live)
    rooms().show.declare_as_chair(seat, _choice(sent_fields()))
    return _view(seat)


@blueprint.post("/<live>/propose")
@by_seat
def propose(live: str) -> Mapping[str, object]:
    """Propose to name a cadre; nobody but the operator sees it until it is taken."""
    seat = current_seat(live)
    fields = sent_fields()
    cadre, reason = _text(fields, "cadre"), _text(fields, "reason")
    return _proposal(rooms().namings.propose(seat, CadreNumber(cadre), reason))


def current_seat(live: str) -> Seat:
    """Return the seat of the device that asks.

    Raises:
        NotAllowed: this device has no seat in this session, or lost it to a new card.
    """
    seat = _seat()
    if seat is None or seat.live != live:
        raise NotAllowed(
            _("这台设备在本场没有席位，或席位卡已换发。"),
            remedy=_("请扫描席位卡上的二维码入座，或举手找工作人员。"),
        )
    return seat


def _seat() -> Seat | None:
    return rooms().score.seat_by_token(_door.token())


def _view(seat: Seat) -> Mapping[str, object]:
    """The audience's picture, and what only this seat may know: its own vote."""
    picture = dict(rooms().screens.view(LiveId(seat.live), "pad"))
    current = picture["round"]
    own = _own(seat, int(str(current["j"]))) if isinstance(current, dict) else None
    proposals = [_proposal(one) for one in rooms().namings.of_seat(seat)]
    return {**picture, "own": own, "proposals": proposals, "csrf_token": generate_csrf()}


def _proposal(one: Proposal) -> Mapping[str, object]:
    return {"cadre": one.cadre, "reason": one.reason, "answer": one.answer.value, "why": one.why}


def _own(seat: Seat, j: int) -> Mapping[str, object]:
    own = rooms().score.own_vote(seat, j)
    return {
        "j": own.j,
        "opening": own.opening,
        "open": own.is_open,
        "choice": own.choice.value if own.choice else None,
        "revision": own.revision,
    }


def _text(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise InvalidInput(_("请填写干部编号和点名理由。"), remedy=_("两项都必须填写。"))
    return value.strip()


def _number(fields: Mapping[str, object], name: str) -> int:
    value = fields.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise InvalidInput(
            _("表决请求的 %(name)s 不正确。", name=name), remedy=_("请刷新页面后重新按一次。")
        )
    return value


def _choice(fields: Mapping[str, object]) -> Choice:
    try:
        return Choice(str(fields.get("choice")))
    except ValueError:
        raise InvalidInput(_("没有这个表决选项。"), remedy=_("请刷新页面后重新按一次。")) from None

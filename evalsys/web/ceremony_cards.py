"""The operator's side of those who serve a ceremony: their cards, who joined, who was heard."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from evalsys.domain.access import Role
from evalsys.domain.live.attendants import Attendant, Service
from evalsys.errors import NotFound
from evalsys.ids import LiveId
from evalsys.web.card_door import never_keep, public_address, qr_picture
from evalsys.web.ceremony import place_name
from evalsys.web.guards import allow, signed_in
from evalsys.web.rooms import rooms

blueprint = Blueprint("ceremony_cards", __name__, url_prefix="/ceremony")


blueprint.after_request(never_keep)


@blueprint.get("/<live>/cards")
@allow(Role.OPERATOR)
def cards(live: str) -> str:
    """Show the places, with a card to scan for each that is free."""
    state, serving = rooms().live.state(LiveId(live)), rooms().attendants
    found = serving.with_codes(LiveId(live), actor=signed_in().name)
    enrolled = {one.id for one in state.ceremony.witnesses}
    return render_template(
        "ceremony/cards.html",
        live=live,
        hall=rooms().links.hall_key(LiveId(live)),
        title=state.plan.title if state.plan else "",
        published=bool(state.manifest),
        witnesses=state.plan.witnesses if state.plan else 0,
        attendants=[
            {
                **_card(one),
                "place": place_name(one),
                "picture": "" if one.is_taken else qr_picture(_join_address(one)),
                "fresh": serving.is_heard(one),
                "ahead_s": one.ahead_s,
                "has_key": one.name in enrolled,
                "is_witness": one.service is Service.WITNESS,
            }
            for one in found
        ],
        start_address=public_address(url_for("ceremony.start")),
    )


@blueprint.post("/<live>/cards")
@allow(Role.OPERATOR)
def issue(live: str) -> ResponseReturnValue:
    """Make the cards that the plan asks for: a form goes back, JSON gets the cards."""
    found = rooms().attendants.issue(LiveId(live), actor=signed_in().name)
    if request.is_json:
        return {"cards": [_card(one) for one in found]}
    return redirect(url_for("ceremony_cards.cards", live=live), 303)


@blueprint.post("/<live>/<service>/<int(max=99):number>/reissue")
@allow(Role.OPERATOR)
def reissue(live: str, service: str, number: int) -> ResponseReturnValue:
    """Give a place a new card; its old device is worth nothing any more."""
    if service not in set(Service):
        raise NotFound("没有这张仪式卡。", remedy="请在仪式人员页中选择。")
    attendants = rooms().attendants
    attendants.reissue(LiveId(live), Service(service), number, actor=signed_in().name)
    return redirect(url_for("ceremony_cards.cards", live=live), 303)


def _card(one: Attendant) -> dict[str, object]:
    return {
        "service": one.service.value,
        "number": one.number,
        "name": one.name,
        "code": one.code,
        "taken": one.is_taken,
        "join_url": _join_address(one),
    }


def _join_address(one: Attendant) -> str:
    return public_address(url_for("ceremony.join_page", code=one.code))

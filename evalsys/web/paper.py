"""Votes on paper: which seats took a slip, and the slips as two clerks type them."""

import re
from collections.abc import Iterator, Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evalsys.domain.access import Role
from evalsys.domain.live.state import LiveState
from evalsys.domain.live.words import Phase
from evalsys.errors import EvalsysError, InvalidInput, WrongPhase
from evalsys.ids import LiveId
from evalsys.services.paper import PaperState
from evalsys.services.score import MOST_SEATS
from evalsys.web.card_door import never_keep
from evalsys.web.guards import allow, signed_in
from evalsys.web.rooms import rooms

blueprint = Blueprint("paper", __name__, url_prefix="/paper")

blueprint.after_request(never_keep)

clerks = allow(Role.OPERATOR, Role.RECORDER)

_SOME_SEATS = re.compile("([0-9]{1,3})(?:-([0-9]{1,3}))?")


@blueprint.get("/<live>")
@clerks
def page(live: str) -> str:
    """Show the slips of the round on stage, as far as this clerk may see them."""
    return _page(LiveId(live))


@blueprint.get("/<live>/state.json")
@clerks
def state(live: str) -> Mapping[str, object]:
    """Return a word that changes when the page would show something else."""
    current = rooms().live.state(LiveId(live))
    return {"is": _shown(current, _found(current, LiveId(live)))}


@blueprint.post("/<live>/seats")
@clerks
def hand_out(live: str) -> ResponseReturnValue:
    """Note which seats take a slip: "3 7 12-15"."""
    try:
        numbers = list(_numbers(request.form.get("seats", "")))
        rooms().paper.hand_out(LiveId(live), _round(live), numbers, actor=signed_in().name)
    except EvalsysError as error:
        return _page(LiveId(live), error), error.status
    return redirect(url_for("paper.page", live=live), 303)


@blueprint.post(f"/<live>/seats/<int(max={MOST_SEATS}):number>/back")
@clerks
def take_back(live: str, number: int) -> ResponseReturnValue:
    """Note that a seat gave its slip back unused."""
    try:
        rooms().paper.take_back(LiveId(live), _round(live), number, actor=signed_in().name)
    except EvalsysError as error:
        return _page(LiveId(live), error), error.status
    return redirect(url_for("paper.page", live=live), 303)


@blueprint.post("/<live>/slips")
@clerks
def type_slips(live: str) -> ResponseReturnValue:
    """Keep what this clerk typed of all slips."""
    typed = request.form.get("slips", "")
    try:
        rooms().paper.type_slips(LiveId(live), _round(live), typed, clerk=signed_in().name)
    except EvalsysError as error:
        return _page(LiveId(live), error, typed), error.status
    return redirect(url_for("paper.page", live=live), 303)


def _page(live: LiveId, error: EvalsysError | None = None, typed: str | None = None) -> str:
    state = rooms().live.state(live)
    current, found = state.round, _found(state, live)
    return render_template(
        "paper/paper.html",
        live=live,
        title=state.plan.title if state.plan else "",
        cadre=current.cadre if current else "",
        is_open=state.phase is Phase.VOTING,
        found=found,
        shown=_shown(state, found),
        typed=(found.mine or "") if typed is None else typed,
        me=signed_in().name,
        error=error,
        words={"1": _("满意"), "2": _("基本满意"), "3": _("不满意"), "0": _("废票"), "": _("没有")},
    )


def _found(state: LiveState, live: LiveId) -> PaperState:
    j = state.round.j if state.round else 0
    return rooms().paper.state(live, j, clerk=signed_in().name)


def _shown(state: LiveState, found: PaperState) -> str:
    j = state.round.j if state.round else 0
    return (
        f"{state.phase} {j} {len(found.seats)} {found.others} {found.differences} {found.is_agreed}"
    )


def _round(live: str) -> int:
    current = rooms().live.state(LiveId(live)).round
    if current is None:
        raise WrongPhase("现在没有开放的表决。", remedy="请等主持人宣布开始投票。")
    return current.j


def _numbers(typed: str) -> Iterator[int]:
    """Read seat numbers and ranges of them."""
    parts = re.split(r"[\s,，、;；]+", typed.strip())
    for part in parts:
        found = _SOME_SEATS.fullmatch(part)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
        if first > last:
            raise InvalidInput(
                _("“%(part)s”不是席位号。", part=part[:20]),
                remedy=_("请填席位号，例如 3 7 12-15。"),
                place=_("席位号"),
            )
        yield from range(first, last + 1)

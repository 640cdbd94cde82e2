"""The hand-over desk: who left with households to hand over, and what was proposed and accepted."""

import re
from collections.abc import Mapping
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.link_handover import HandOverState, LeavingReason
from evalsys.errors import InvalidInput
from evalsys.ids import CadreNumber
from evalsys.web.guards import allow, signed_in
from evalsys.web.rooms import rooms
from evalsys.web.roster import readers

blueprint = Blueprint("link_handover", __name__, url_prefix="/roster/handovers")

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_EARLIEST = "1900"
_RULINGS = frozenset(HandOverState) - {HandOverState.PROPOSED}


@blueprint.get("/")
@readers
def desk() -> str:
    """Show the hand-over desk."""
    return render_template(
        "roster/handovers.html",
        desk=rooms().link_handovers.desk(),
        reasons=[one for one in LeavingReason if one is not LeavingReason.TERM_OVER],
        states=state_words(),
        who=signed_in().name,
        may_act=signed_in().role is Role.PERSONNEL,
    )


@blueprint.post("/")
@allow(Role.PERSONNEL)
def propose() -> Response:
    """Propose a hand-over."""
    form = request.form
    try:
        reason = LeavingReason(form.get("reason", ""))
    except ValueError as error:
        remedy = _("请从列出的原因中选一个。")
        raise InvalidInput(_("没有选离任原因。"), remedy=remedy, place=_("离任原因")) from error
    is_much = rooms().link_handovers.propose(
        CadreNumber(form.get("giver", "").strip()),
        CadreNumber(form.get("taker", "").strip()),
        reason,
        _day(form.get("since", "")),
        form.get("note", "").strip(),
        by=signed_in().name,
    )
    told = _("已提出，等另一位同志确认；确认之前仍由原干部联系。")
    flash(told + (_("注意：接收人的户数将明显多于三十户。") if is_much else ""))
    return redirect(url_for("link_handover.desk"), 303)


@blueprint.post("/<int:number>/ruling")
@allow(Role.PERSONNEL)
def rule(number: int) -> Response:
    """Accept, decline or withdraw a hand-over."""
    asked = request.form.get("ruling", "")
    if asked not in _RULINGS:
        raise InvalidInput(_("没有说明是确认、退回还是撤回。"), remedy=_("请用页面上的按钮。"))
    ruling = HandOverState(asked)
    rooms().link_handovers.rule(number, ruling, request.form.get("why", ""), by=signed_in().name)
    flash(state_words()[ruling])
    return redirect(url_for("link_handover.desk"), 303)


def _day(text: str) -> date:
    try:
        if _DAY.fullmatch(text) and text >= _EARLIEST:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise InvalidInput(
        _("日期不对：%(text)s。", text=text or _("（空）")),
        remedy=_("请写成 2026-11-30 的样子。"),
        place=_("交接日期"),
    )


def state_words() -> Mapping[HandOverState, str]:
    """Name the states of a hand-over."""
    return {
        HandOverState.PROPOSED: _("待确认"),
        HandOverState.ACCEPTED: _("已交接"),
        HandOverState.DECLINED: _("已退回"),
        HandOverState.WITHDRAWN: _("已撤回"),
    }

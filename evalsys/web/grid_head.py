"""The page of heads of grids: appointed and ended from a day on, by two people (Y09-Y11)."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.grid_head import HeadAct, HeadDeed
from evalsys.domain.ruling import Ruling
from evalsys.errors import InvalidInput, RuleViolation
from evalsys.exports.grid_head import head_act_table
from evalsys.web.grid import EDITORS, editors, readers
from evalsys.web.guards import signed_in
from evalsys.web.link_term import asked_ruling
from evalsys.web.personnel_query import day, needed, word
from evalsys.web.rooms import rooms
from evalsys.web.taken import list_format, send_table

blueprint = Blueprint("grid_head", __name__, url_prefix="/grid/heads")


@blueprint.get("/")
@readers
def page() -> str:
    """List appointments and ends; `?grid=` of one grid, with every term of its heads."""
    return _page()


@blueprint.get("/acts.<form>")
@readers
def take(form: str) -> Response:
    """Send the list of the page as a file."""
    kind, found = list_format(form), rooms().grid.heads.desk(request.args.get("grid", ""))
    said = [_("制表 %(day)s", day=found.today), _("%(n)s 件", n=len(found.proposals))]
    said += [found.grid] * bool(found.grid)
    return send_table(head_act_table(found.proposals, said), kind, f"heads-acts-{found.today}")


@blueprint.post("/")
@editors
def act() -> Response | tuple[str, int] | str:
    """Say what a deed would do, or propose it."""
    heads = rooms().grid.heads
    try:
        asked = _act(request.form)
        if request.form.get("step") != "propose":
            return _page(preview=heads.preview(asked))
        heads.propose(asked, by=signed_in().name)
    except (InvalidInput, RuleViolation) as refusal:
        return _page(refusal=refusal), refusal.status
    flash(_("已提出，等另一位同志批准。"))
    return redirect(url_for("grid_head.page"), 303)


@blueprint.post("/<int:number>/ruling")
@editors
def rule(number: int) -> Response:
    """Approve, send back or withdraw a deed."""
    ruling = asked_ruling()
    why, by = request.form.get("why", ""), signed_in().name
    ruled = rooms().grid.heads.rule(number, ruling, why, by=by)
    flash(_state_words()[ruled.state])
    return redirect(url_for("grid_head.page"), 303)


def _page(**parts: object) -> str:
    layout = rooms().grid.presets.layout()
    nothing: dict[str, object] = {"preview": None, "refusal": None}
    grid = request.args.get("grid", "").strip()
    return render_template(
        "grid/heads.html",
        desk=rooms().grid.heads.desk(grid),
        grid=grid,
        levels=layout.levels or layout.preset.levels,
        deeds=deed_words(),
        states=_state_words(),
        who=signed_in().name,
        may_act=signed_in().role in EDITORS,
        sees_roster=signed_in().role is not Role.OFFICE,
        given=request.form,
        **(nothing | parts),
    )


def _act(form: Mapping[str, str]) -> HeadAct:
    deed = needed(word(form, "deed", HeadDeed), "deed")
    return HeadAct(
        deed,
        form.get("grid", "").strip(),
        form.get("cadre", "").strip(),
        needed(day(form, "on"), "on"),
        form.get("reason", ""),
        form.get("replaces", "").strip() if deed is HeadDeed.APPOINT else "",
    )


def deed_words() -> Mapping[HeadDeed, str]:
    """Name what may be done to a head."""
    return {HeadDeed.APPOINT: _("任命"), HeadDeed.END: _("免去")}


def _state_words() -> Mapping[Ruling, str]:
    return {
        Ruling.PROPOSED: _("待批准"),
        Ruling.ACCEPTED: _("已批准，到日生效"),
        Ruling.DONE: _("已生效"),
        Ruling.DECLINED: _("已退回"),
        Ruling.WITHDRAWN: _("已撤回"),
    }

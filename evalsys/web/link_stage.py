"""Stages of links: a cadre's own list on his telephone, and the report."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.link_stage import LinkStage, LinkStanding
from evalsys.errors import InvalidInput, NotFound
from evalsys.exports.link_stage import COLUMNS, stage_table
from evalsys.exports.table import read_cell
from evalsys.services.link_stage import StageReport
from evalsys.web.guards import allow, signed_in
from evalsys.web.personnel_query import day, needed
from evalsys.web.rooms import rooms
from evalsys.web.taken import list_format, send_table

blueprint = Blueprint("link_stage", __name__, url_prefix="/stages")

readers = allow(Role.OFFICE, Role.PERSONNEL, Role.OPERATOR, Role.DISCIPLINE, Role.AUDITOR)
_STAGES = frozenset(str(int(stage)) for stage in LinkStage if stage)


@blueprint.get("/")
@readers
def report() -> str:
    """Count the links by stage; `?by=unit` by unit."""
    found = _report()
    return render_template(
        "link_stage/report.html",
        found=found,
        by_unit=_by_unit(),
        columns=COLUMNS,
        rows=[found.total, *found.lines],
        show=read_cell,
    )


@blueprint.get("/report.<form>")
@readers
def take(form: str) -> Response:
    """Send the report of the page as a file."""
    kind, found = list_format(form), _report()
    table = stage_table(
        [found.total, *found.lines], [_("截至 %(time)s，干部自己登记", time=found.day)]
    )
    return send_table(table, kind, f"stages-{found.day}")


@blueprint.get("/mine")
@allow(Role.CADRE)
def mine() -> str:
    """List a cadre's own households by code; an account that names no cadre is told so."""
    stages = rooms().grid.stages
    links: tuple[LinkStanding, ...] = ()
    refusal = None
    try:
        links = stages.own(account=signed_in().name)
    except NotFound as unnamed:
        refusal = unnamed
    return render_template(
        "link_stage/mine.html",
        links=links,
        refusal=refusal,
        words=stage_words(),
        stages=LinkStage,
        today=stages.today(),
    )


@blueprint.post("/mine")
@allow(Role.CADRE)
def reach() -> Response:
    """Claim the next stage of a household."""
    form = request.form
    stage = form.get("stage", "")
    if stage not in _STAGES:
        raise InvalidInput(_("没有这个阶段。"), remedy=_("请用页面上的按钮。"))
    rooms().grid.stages.reach(
        form.get("household", "").strip(),
        LinkStage(int(stage)),
        needed(day(form, "on"), "on"),
        account=signed_in().name,
    )
    flash(_("已登记。"))
    return redirect(url_for("link_stage.mine"), 303)


def _report() -> StageReport:
    return rooms().grid.stages.report(by_unit=_by_unit())


def _by_unit() -> bool:
    return request.args.get("by") == "unit"


def stage_words() -> Mapping[LinkStage, str]:
    """Name the stages."""
    return {
        LinkStage.NONE: _("未登记"),
        LinkStage.MET: _("走访见面"),
        LinkStage.HELPED: _("解决问题"),
        LinkStage.CLOSE: _("感情交流"),
        LinkStage.SETTLED: _("形成制度"),
    }

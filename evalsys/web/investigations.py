"""Investigations after the show: the list with its clock, one with evidence, report, sanction."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.followup_rows import DeniedRow, InvestigationRow
from evalsys.domain.investigations import InvestigationStage
from evalsys.domain.personnel import InvestigationOutcome
from evalsys.domain.personnel_county import Evaluation
from evalsys.domain.standby import TEAM_NAMES
from evalsys.exports.followups import denied_table, investigations_table
from evalsys.ids import LiveId
from evalsys.web.case_files import handed_back, uploaded
from evalsys.web.followup_words import FOLLOWUP_LOOKS, followup_words
from evalsys.web.guards import allow, signed_in
from evalsys.web.personnel_page import evaluation_asked, room_page
from evalsys.web.personnel_query import day, needed, sanction_decision, word
from evalsys.web.purposes import chosen_purpose, purpose_page
from evalsys.web.rooms import rooms
from evalsys.web.taken import list_format, send_table

blueprint = Blueprint("investigations", __name__, url_prefix="/personnel/investigations")

readers = allow(Role.PERSONNEL, Role.DISCIPLINE, Role.AUDITOR)
investigators = allow(Role.DISCIPLINE)


@blueprint.get("/")
@readers
def every() -> str:
    """List what sessions called for; the stage stands in the query."""
    query, evaluation = evaluation_asked()
    stage, rows = _chosen(query.given, evaluation)
    return room_page(
        "investigations",
        query,
        evaluation,
        rows=rows,
        denied=_denied(stage),
        chosen=stage,
        stages=list(InvestigationStage),
        looks=FOLLOWUP_LOOKS,
        say=followup_words(),
    )


@blueprint.get("/export.<form>")
@readers
def take(form: str) -> Response:
    """Send the list on screen as a file."""
    kind = list_format(form)
    query, evaluation = evaluation_asked()
    stage, rows = _chosen(query.given, evaluation)
    selection = f"筛选：状态“{stage}”" if stage else ""
    rooms().investigations.note_export(rows=len(rows), by=signed_in().name)
    today = rooms().investigations.today()
    return send_table(investigations_table(rows, today, selection), kind, "investigations")


@blueprint.get("/denied.<form>")
@readers
def take_denied(form: str) -> Response:
    """Send the closes that households deny: the second list on screen."""
    kind = list_format(form)
    query, evaluation = evaluation_asked()
    stage, _rows = _chosen(query.given, evaluation)
    rows = _denied(stage)
    rooms().investigations.note_export(rows=len(rows), by=signed_in().name)
    selection = f"筛选：状态“{stage}”" if stage else ""
    today = rooms().investigations.today()
    return send_table(denied_table(rows, today, selection), kind, "denied-closes")


@blueprint.get("/<live>/<int:j>")
@readers
def one(live: str, j: int) -> str:
    """Show one investigation with its teams, evidence, report and sanction."""
    purpose = chosen_purpose()
    if purpose is None:
        return purpose_page()
    query, evaluation = evaluation_asked()
    by = signed_in().name
    row, teams = rooms().investigations.one(
        evaluation, LiveId(live), j, purpose=purpose.value, by=by
    )
    return room_page(
        "investigation",
        query,
        evaluation,
        row=row,
        inquiry=row.inquiry,
        teams=teams,
        team_names=TEAM_NAMES,
        outcomes=list(InvestigationOutcome),
        looks=FOLLOWUP_LOOKS,
        say=followup_words(),
        me=by,
        may_act=signed_in().role is Role.DISCIPLINE,
    )


@blueprint.post("/<live>/<int:j>/evidence")
@investigators
def add_evidence(live: str, j: int) -> Response:
    """Add a piece of evidence."""
    form = request.form
    rooms().investigations.add_evidence(
        _row(live, j),
        title=form.get("title", ""),
        file=uploaded("file"),
        reference=form.get("reference", ""),
        sha256=form.get("sha256", ""),
        by=signed_in().name,
    )
    return _to(live, j, _("证据已登记。"))


@blueprint.post("/<live>/<int:j>/evidence/<int:number>")
@allow(Role.DISCIPLINE, Role.PERSONNEL)
def evidence(live: str, j: int, number: int) -> Response:
    """Hand a file of evidence back, for a purpose that is recorded with the reading."""
    name, content = rooms().investigations.evidence(
        _row(live, j),
        number,
        purpose=request.form.get("purpose", ""),
        by=signed_in().name,
    )
    return handed_back(name, content)


@blueprint.post("/<live>/<int:j>/report")
@investigators
def conclude(live: str, j: int) -> Response:
    """Record what the report established."""
    form = request.form
    rooms().investigations.conclude(
        _row(live, j),
        needed(word(form, "outcome", InvestigationOutcome), "outcome"),
        concluded_on=needed(day(form, "concluded_on"), "concluded_on"),
        basis=form.get("basis", ""),
        by=signed_in().name,
    )
    return _to(live, j, _("调查结论已登记。"))


@blueprint.post("/<live>/<int:j>/sanction")
@allow(Role.DISCIPLINE, Role.PERSONNEL)
def sanction(live: str, j: int) -> Response:
    """Record the sanction on an established faking."""
    decided = sanction_decision(request.form)
    rooms().investigations.sanction(_row(live, j), decided, by=signed_in().name)
    return _to(live, j, _("处理决定已登记。"))


def _chosen(
    given: Mapping[str, str], evaluation: Evaluation
) -> tuple[InvestigationStage | None, list[InvestigationRow]]:
    stage = word(given, "stage", InvestigationStage)
    rows = rooms().investigations.every(evaluation)
    return stage, [row for row in rows if stage in {None, row.stage}]


def _denied(stage: InvestigationStage | None) -> list[DeniedRow]:
    return [one for one in rooms().investigations.denied.every() if stage in {None, one.stage}]


def _row(live: str, j: int) -> InvestigationRow:
    _query, evaluation = evaluation_asked()
    return rooms().investigations.find(evaluation, LiveId(live), j)


def _to(live: str, j: int, said: str) -> Response:
    flash(said)
    return redirect(url_for("investigations.one", live=live, j=j), 303)

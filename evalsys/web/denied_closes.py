"""Investigations of closes that their households deny: evidence and report (Y54)."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.personnel import InvestigationOutcome
from evalsys.web.case_files import handed_back, uploaded
from evalsys.web.followup_words import FOLLOWUP_LOOKS, followup_words
from evalsys.web.guards import allow, signed_in
from evalsys.web.personnel_page import evaluation_asked, room_page
from evalsys.web.personnel_query import day, needed, sanction_decision, word
from evalsys.web.purposes import chosen_purpose, purpose_page
from evalsys.web.rooms import rooms

blueprint = Blueprint("denied_closes", __name__, url_prefix="/personnel/investigations/requests")

readers = allow(Role.PERSONNEL, Role.DISCIPLINE, Role.AUDITOR)
investigators = allow(Role.DISCIPLINE)


@blueprint.get("/<code>/<int:seq>")
@readers
def one(code: str, seq: int) -> str:
    """Show one investigation with its evidence and report; audited with its purpose."""
    purpose = chosen_purpose()
    if purpose is None:
        return purpose_page()
    query, evaluation = evaluation_asked()
    by = signed_in()
    row = rooms().investigations.denied.one(code, seq, purpose=purpose.value, by=by.name)
    return room_page(
        "denied_close",
        query,
        evaluation,
        row=row,
        inquiry=row.inquiry,
        outcomes=list(InvestigationOutcome),
        looks=FOLLOWUP_LOOKS,
        say=followup_words(),
        me=by.name,
        may_act=by.role is Role.DISCIPLINE and row.is_open,
        may_read_request=by.role in {Role.DISCIPLINE, Role.AUDITOR},
    )


@blueprint.post("/<code>/<int:seq>/evidence")
@investigators
def add_evidence(code: str, seq: int) -> Response:
    """Add a piece of evidence."""
    form = request.form
    rooms().investigations.denied.add_evidence(
        code,
        seq,
        title=form.get("title", ""),
        file=uploaded("file"),
        reference=form.get("reference", ""),
        sha256=form.get("sha256", ""),
        by=signed_in().name,
    )
    return _to(code, seq, _("证据已登记。"))


@blueprint.post("/<code>/<int:seq>/evidence/<int:number>")
@allow(Role.DISCIPLINE, Role.PERSONNEL)
def evidence(code: str, seq: int, number: int) -> Response:
    """Hand a file of evidence back, for a purpose that is recorded with the reading."""
    purpose = request.form.get("purpose", "")
    name, content = rooms().investigations.denied.evidence(
        code, seq, number, purpose=purpose, by=signed_in().name
    )
    return handed_back(name, content)


@blueprint.post("/<code>/<int:seq>/report")
@investigators
def conclude(code: str, seq: int) -> Response:
    """Record what the report established."""
    form = request.form
    rooms().investigations.denied.conclude(
        code,
        seq,
        needed(word(form, "outcome", InvestigationOutcome), "outcome"),
        concluded_on=needed(day(form, "concluded_on"), "concluded_on"),
        basis=form.get("basis", ""),
        cadre=form.get("cadre", ""),
        by=signed_in().name,
    )
    return _to(code, seq, _("调查结论已登记。"))


@blueprint.post("/<code>/<int:seq>/sanction")
@allow(Role.DISCIPLINE, Role.PERSONNEL)
def sanction(code: str, seq: int) -> Response:
    """Record the sanction on an established faking."""
    decided = sanction_decision(request.form)
    rooms().investigations.denied.sanction(code, seq, decided, by=signed_in().name)
    return _to(code, seq, _("处理决定已登记。"))


def _to(code: str, seq: int, said: str) -> Response:
    flash(said)
    return redirect(url_for("denied_closes.one", code=code, seq=seq), 303)

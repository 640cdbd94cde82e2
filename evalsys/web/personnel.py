"""The personnel room's pages: the county, a person, units, sessions, the rulebook, exports."""

import io

from flask import Blueprint, flash, redirect, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.assessment import STATUTORY_GRADES
from evalsys.domain.component_scores import Subject
from evalsys.domain.disputes import Channel
from evalsys.domain.notices import notices_to
from evalsys.domain.personnel import Appraisal
from evalsys.domain.personnel_decisions import Choice
from evalsys.domain.purposes import Purpose
from evalsys.domain.rulebook import Basis, Conclusion, SideResult
from evalsys.errors import NotFound
from evalsys.exports.coverage import coverage_rows
from evalsys.exports.sessions import person_sessions, session_rows
from evalsys.exports.unit_pledges import unit_pledge_rows
from evalsys.ids import CadreNumber
from evalsys.services.personnel import PersonRecord, Seen
from evalsys.services.personnel_export import ListFormat, ListKind, Order, export
from evalsys.web.guards import allow, signed_in
from evalsys.web.papers import notice_words
from evalsys.web.personnel_page import evaluation_asked, room_page
from evalsys.web.personnel_query import A_PAGE, Asked, asked, day, needed, number, pages, word
from evalsys.web.personnel_words import band_words, conditions_in_words
from evalsys.web.purposes import back_to_page, chosen_purpose, keep_purpose, purpose_page
from evalsys.web.rooms import rooms

blueprint = Blueprint("personnel", __name__, url_prefix="/personnel")

RUNS_SHOWN = 10

readers = allow(Role.PERSONNEL, Role.DISCIPLINE, Role.AUDITOR)
deciders = allow(Role.PERSONNEL)


@blueprint.get("/")
@readers
def county() -> str:
    """List the county's cadres with the advice on each; filters stand in the query."""
    query, evaluation = evaluation_asked()
    chosen = list(query.wanted.choose(evaluation))
    place = pages(query.page, len(chosen))
    return room_page(
        "county",
        query,
        evaluation,
        chosen=chosen[(place.page - 1) * A_PAGE : place.page * A_PAGE],
        pages=place,
        decided=rooms().personnel.decided(evaluation.year),
        townships=sorted({one.cadre.township for one in evaluation.assessed}),
        conclusions=list(Conclusion),
        sides=list(SideResult),
    )


@blueprint.get("/cadres/<cadre>")
@readers
def person(cadre: str) -> str:
    """Show one cadre: every rule with the values it saw, what is missing, what was decided."""
    query = asked(request.args)
    purpose = chosen_purpose()
    if purpose is None:
        return purpose_page()
    record = _opened(cadre, query, purpose)
    return room_page(
        "person",
        query,
        record.evaluation,
        record=record,
        sessions=person_sessions(record.one.record),
        procedures=rooms().promotions.of_cadre(CadreNumber(cadre)),
        choices=list(Choice),
        statutory=STATUTORY_GRADES,
        notices=notices_to(record.one),
        notice_words=notice_words(),
        issued=rooms().issued_notices.of_cadre(CadreNumber(cadre)),
        disputes=rooms().disputes.of(Subject.CADRE, record.one.cadre.number),
        channels=list(Channel),
        purpose=purpose,
        may_decide=signed_in().role is Role.PERSONNEL,
    )


def _opened(cadre: str, query: Asked, purpose: Purpose) -> PersonRecord:
    """Open a person's record for whoever is signed in; the reading is on the audit log."""
    return rooms().personnel.person(
        CadreNumber(cadre),
        by=signed_in().name,
        purpose=purpose,
        as_of=query.as_of,
        year=query.year,
    )


@blueprint.get("/cadres/<cadre>/own")
@readers
def own(cadre: str) -> str:
    """Show what a cadre is told about himself: published figures with their n, no comments."""
    query = asked(request.args)
    purpose = chosen_purpose()
    if purpose is None:
        return purpose_page()
    record = _opened(cadre, query, purpose)
    return room_page("own", query, record.evaluation, record=record)


@blueprint.get("/purpose")
@readers
def purpose() -> str:
    """Ask anew what the reading is for."""
    return purpose_page(request.args.get("back", ""))


@blueprint.post("/purpose")
@readers
def choose_purpose() -> Response:
    """Note what the personal reads of this sitting are for, and go back to the page."""
    keep_purpose(needed(word(request.form, "purpose", Purpose), "purpose"))
    return redirect(back_to_page(request.form.get("page", "")), 303)


@blueprint.post("/cadres/<cadre>/decision")
@deciders
def decide(cadre: str) -> Response:
    """Record a decision, made in view of the evaluation that the form names."""
    form = request.form
    seen = Seen(
        run=form.get("run", ""),
        as_of=needed(day(form, "as_of"), "as_of"),
        year=needed(number(form, "year"), "year"),
    )
    rooms().personnel.decide(
        CadreNumber(cadre),
        needed(word(form, "choice", Choice), "choice"),
        reason=form.get("reason", ""),
        by=signed_in().name,
        seen=seen,
    )
    flash(_("决定已记录，与当时的建议一并存档。"))
    return _back_to(cadre)


@blueprint.post("/cadres/<cadre>/appraisal")
@deciders
def appraisal(cadre: str) -> Response:
    """Record the result of a pre-appointment appraisal."""
    personnel, form = rooms().personnel, request.form
    personnel.record_appraisal(
        Appraisal(
            cadre=CadreNumber(cadre),
            held_on=needed(day(form, "held_on"), "held_on"),
            linked=needed(number(form, "linked"), "linked"),
            answered=needed(number(form, "answered"), "answered"),
            satisfied=needed(number(form, "satisfied"), "satisfied"),
            document=form.get("document", "").strip(),
            recorded_by=signed_in().name,
            recorded_at=personnel.now(),
        )
    )
    flash(_("任前群众评议已登记，结论已按新的数据计算。"))
    return _back_to(cadre)


@blueprint.get("/units")
@readers
def units() -> str:
    """Show every unit's person-times and what follows for its principal."""
    query, evaluation = evaluation_asked()
    rows = coverage_rows(evaluation)
    names = {one.cadre.number: one.cadre.name for one in evaluation.assessed}
    return room_page(
        "units",
        query,
        evaluation,
        whole=rows[0],
        rows=rows[1:],
        names=names,
        promised=unit_pledge_rows(evaluation),
    )


@blueprint.get("/sessions")
@readers
def sessions() -> str:
    """Show what live sessions found about drawn cadres."""
    query, evaluation = evaluation_asked()
    return room_page("sessions", query, evaluation, rows=session_rows(evaluation))


@blueprint.get("/programmes")
@readers
def programmes() -> str:
    """Show what households made of units' programmes in the year (Y39)."""
    query, evaluation = evaluation_asked()
    return room_page(
        "programmes",
        query,
        evaluation,
        rows=rooms().programmes.results(evaluation.year),
        band_words=band_words(),
    )


@blueprint.get("/rules")
@readers
def rules() -> str:
    """Show the rulebook: every number and rule with source and how well it is founded."""
    query, evaluation = evaluation_asked()
    return room_page(
        "rules",
        query,
        evaluation,
        book=evaluation.book,
        bases=Basis,
        runs=rooms().personnel.runs(RUNS_SHOWN),
        conditions_in_words=conditions_in_words,
    )


@blueprint.get("/export/<kind>.<form>")
@readers
def take(kind: str, form: str) -> Response:
    """Send what is on screen as a file; the filters are those of the page."""
    query = asked(request.args)
    try:
        order = Order(ListKind(kind), ListFormat(form), query.as_of, query.year, query.wanted)
    except ValueError as error:
        raise NotFound(_("没有这种导出。"), remedy=_("请用页面上的导出按钮。")) from error
    out = io.BytesIO()
    export(rooms().personnel, order, out, by=signed_in().name)
    out.seek(0)
    return send_file(
        out,
        mimetype=order.form.media_type,
        as_attachment=True,
        download_name=f"{order.kind}.{order.form}",
        max_age=0,
    )


def _back_to(cadre: str) -> Response:
    return redirect(url_for("personnel.person", cadre=cadre), 303)

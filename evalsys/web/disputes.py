"""Objections to results: entered by the department, answered in time, corrected by two."""

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.assessment import Component, Counts
from evalsys.domain.component_scores import Subject, latest, published
from evalsys.domain.cycles import read_code
from evalsys.domain.disputes import Channel, Correction, Dispute, Outcome
from evalsys.domain.roster_cells import CellFault, Mended, tenths
from evalsys.domain.rule_versions import Ruling
from evalsys.errors import InvalidInput
from evalsys.exports.disputes import disputes_table
from evalsys.services.cycles import standard_of
from evalsys.web.guards import allow, signed_in
from evalsys.web.personnel_page import evaluation_asked, room_page
from evalsys.web.personnel_query import A_PAGE, day, needed, pages, word
from evalsys.web.personnel_query import number as whole_number
from evalsys.web.purposes import chosen_purpose, purpose_page
from evalsys.web.rooms import rooms
from evalsys.web.taken import list_format, send_table

blueprint = Blueprint("disputes", __name__, url_prefix="/personnel")

readers = allow(Role.PERSONNEL, Role.DISCIPLINE, Role.AUDITOR)
editors = allow(Role.PERSONNEL)

_UNSAVED = datetime(1, 1, 1, tzinfo=UTC)
"""In the place of a moment that the service fills in."""


@blueprint.get("/disputes/")
@readers
def every() -> str:
    """List objections: what is open and due first."""
    query, evaluation = evaluation_asked()
    found = rooms().disputes.every()
    place = pages(query.page, len(found))
    return room_page(
        "disputes",
        query,
        evaluation,
        found=found[(place.page - 1) * A_PAGE : place.page * A_PAGE],
        pages=place,
        open_count=sum(one.is_open for one, _name in found),
        overdue=sum(one.is_overdue(rooms().disputes.today()) for one, _name in found),
    )


@blueprint.get("/disputes.<form>")
@readers
def take(form: str) -> Response:
    """Send the list."""
    kind, found = list_format(form), rooms().disputes.every()
    rooms().disputes.note_export(rows=len(found), by=signed_in().name)
    return send_table(disputes_table(found, rooms().disputes.today()), kind, "disputes")


@blueprint.get("/disputes/<int:number>")
@readers
def one(number: int) -> str:
    """Show one objection with every score of what it is about, proposals, rulings, answer."""
    purpose = chosen_purpose()
    if purpose is None:
        return purpose_page()
    query, evaluation = evaluation_asked()
    record = rooms().disputes.record(number, by=signed_in().name, purpose=purpose.value)
    cycle = rooms().cycles.record(record.dispute.cycle).cycle
    person = signed_in()
    return room_page(
        "dispute",
        query,
        evaluation,
        record=record,
        one=record.dispute,
        standard=standard_of(evaluation.book, cycle, evaluation.as_of),
        published=published,
        holding={score.id for score in latest(record.trail).values()},
        components=list(Component),
        outcomes=list(Outcome),
        rulings=Ruling,
        me=person.name,
        may_edit=person.role is Role.PERSONNEL,
    )


@blueprint.post("/cadres/<cadre>/disputes")
@editors
def enter(cadre: str) -> Response:
    """Enter an objection that a cadre brought, or that the department found itself."""
    form = request.form
    code = read_code(form.get("cycle", "").strip())
    if code is None:
        raise InvalidInput(
            _("不是考核周期。"), remedy=_("年度写 2026，季度写 2026Q3。"), place="cycle"
        )
    received_on = needed(day(form, "received_on"), "received_on")
    entered = rooms().disputes.enter(
        Dispute(
            id=0,
            subject=Subject.CADRE,
            code=cadre,
            cycle=code,
            component=word(form, "component", Component),
            text=form.get("text", ""),
            channel=needed(word(form, "channel", Channel), "channel"),
            received_on=received_on,
            due_on=received_on,
            entered_by=signed_in().name,
            entered_at=_UNSAVED,
        )
    )
    flash(_("异议已登记。"))
    return redirect(url_for("disputes.one", number=entered), 303)


@blueprint.post("/disputes/<int:number>/corrections")
@editors
def propose(number: int) -> Response:
    """Propose a score in place of the one that holds."""
    form = request.form
    rooms().disputes.propose(
        Correction(
            id=0,
            dispute=number,
            component=needed(word(form, "component", Component), "component"),
            tenths=_mark(form.get("tenths", "")),
            counts=_counts(),
            document=form.get("document", ""),
            held_on=needed(day(form, "held_on"), "held_on"),
            reason=form.get("reason", ""),
            proposed_by=signed_in().name,
            proposed_at=_UNSAVED,
        )
    )
    flash(_("更正已提出，由组织部的另一个人批准。"))
    return redirect(url_for("disputes.one", number=number), 303)


@blueprint.post("/disputes/<int:number>/corrections/<int:correction>")
@editors
def rule(number: int, correction: int) -> Response:
    """Approve a correction or send it back, as its second person."""
    ruling = needed(word(request.form, "ruling", Ruling), "ruling")
    reason = request.form.get("reason", "")
    rooms().disputes.rule(number, correction, ruling, reason=reason, by=signed_in().name)
    flash(_("已记录。"))
    return redirect(url_for("disputes.one", number=number), 303)


@blueprint.post("/disputes/<int:number>/reply")
@editors
def reply(number: int) -> Response:
    """Answer an objection."""
    outcome = needed(word(request.form, "outcome", Outcome), "outcome")
    text = request.form.get("text", "")
    rooms().disputes.reply(number, outcome, text, by=signed_in().name)
    flash(_("答复已记录。"))
    return redirect(url_for("disputes.one", number=number), 303)


def _mark(text: str) -> int | None:
    """Read a mark from 0 to 100; empty takes the score away."""
    if not text.strip():
        return None
    try:
        value = tenths(text)
    except Mended as mended:
        value = mended.value
    except CellFault as fault:
        raise InvalidInput(f"{fault.what}。", remedy=fault.remedy, place="tenths") from fault
    return value if isinstance(value, int) else None


def _counts() -> Counts:
    form = request.form
    return Counts(
        *(whole_number(form, name) for name in ("asked", "called", "reached", "answered"))
    )

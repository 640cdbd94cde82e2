"""Taking over from the county's records into a cycle: what would change, the button, the list."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.component_scores import Subject
from evalsys.domain.cycles import CycleCode
from evalsys.domain.record_scores import Fate
from evalsys.exports.record_scores import record_scores_table
from evalsys.services.cycles import standard_of
from evalsys.web.guards import allow, signed_in
from evalsys.web.personnel_page import evaluation_asked, room_page
from evalsys.web.personnel_query import A_PAGE, day, pages
from evalsys.web.rooms import rooms
from evalsys.web.taken import list_format, send_table

blueprint = Blueprint("record_scores", __name__, url_prefix="/personnel/cycles/<code>/records")

readers = allow(Role.PERSONNEL, Role.DISCIPLINE, Role.AUDITOR)
editors = allow(Role.PERSONNEL)


@blueprint.get("/")
@readers
def look(code: str) -> str:
    """Show what the records say up to a day, beside what stands, and what taking over would do."""
    query, evaluation = evaluation_asked()
    found = rooms().record_scores.look(CycleCode(code), day(request.args, "until"))
    place = pages(query.page, len(found.outcomes))
    standard = standard_of(evaluation.book, found.cycle, evaluation.as_of)
    in_force = evaluation.book.on(max(evaluation.book.begins, found.as_of))
    return room_page(
        "records",
        query,
        evaluation,
        found=found,
        rows=found.outcomes[(place.page - 1) * A_PAGE : place.page * A_PAGE],
        pages=place,
        standard=standard,
        unit_standard=in_force.unit_standard,
        fates=Fate,
        subjects=Subject,
        may_edit=signed_in().role is Role.PERSONNEL,
    )


@blueprint.post("/")
@editors
def take_over(code: str) -> Response:
    """Enter what the records say up to a day."""
    until = day(request.form, "until")
    found = rooms().record_scores.take_over(CycleCode(code), until, by=signed_in().name)
    flash(
        _(
            "已按县内记录取用（截至 %(day)s）：写入 %(n)s 项。",
            day=found.as_of.isoformat(),
            n=found.entered,
        )
    )
    return redirect(url_for("record_scores.look", code=code, until=found.as_of.isoformat()), 303)


@blueprint.get("/list.<form>")
@readers
def take(code: str, form: str) -> Response:
    """Send the list of the page."""
    kind = list_format(form)
    found = rooms().record_scores.look(CycleCode(code), day(request.args, "until"))
    as_of = found.as_of.isoformat()
    table = record_scores_table(found.outcomes, found.names, found.cycle.code, as_of)
    personnel = rooms().personnel
    evaluation = personnel.evaluate(by=signed_in().name)
    personnel.note_export("records", by=signed_in().name, evaluation=evaluation, rows=table.count)
    return send_table(table, kind, f"records-{code}")

"""Units' year: the list, the townships, and the export that equals it."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.exports.inactivity import inactivity_table
from evalsys.exports.programme_results import ProgrammeRow, programmes_table
from evalsys.exports.unit_pledges import unit_pledge_rows, unit_pledges_table
from evalsys.exports.unit_years import townships_table, unit_years_table
from evalsys.web.guards import allow, signed_in
from evalsys.web.personnel_page import evaluation_asked, room_page
from evalsys.web.personnel_query import A_PAGE, asked, pages
from evalsys.web.rooms import rooms
from evalsys.web.taken import list_format, send_table

blueprint = Blueprint("unit_years", __name__, url_prefix="/personnel")

readers = allow(Role.PERSONNEL, Role.DISCIPLINE, Role.AUDITOR)


@blueprint.get("/unit-years/")
@readers
def every() -> str:
    """List units with score, coverage and every component (Y39, Y68)."""
    query = asked(request.args)
    evaluation, county = rooms().unit_years.year(
        by=signed_in().name, as_of=query.as_of, year=query.year
    )
    townships = sorted(county.townships.items())
    return room_page("unit_years", query, evaluation, county=county, townships=townships)


@blueprint.get("/unit-years.<form>")
@readers
def take(form: str) -> Response:
    """Send the list."""
    query, kind, by = asked(request.args), list_format(form), signed_in().name
    evaluation, county = rooms().unit_years.year(by=by, as_of=query.as_of, year=query.year)
    table = unit_years_table(evaluation, county)
    rooms().unit_years.note_export(by=by, evaluation=evaluation, rows=table.count)
    return send_table(table, kind, f"unit-years-{evaluation.year}")


@blueprint.get("/townships.<form>")
@readers
def take_townships(form: str) -> Response:
    """Send what households made of each township's cadres: the second list of the page."""
    query, kind, by = asked(request.args), list_format(form), signed_in().name
    evaluation, county = rooms().unit_years.year(by=by, as_of=query.as_of, year=query.year)
    table = townships_table(evaluation, county)
    rooms().unit_years.note_export(by=by, evaluation=evaluation, rows=table.count)
    return send_table(table, kind, f"townships-{evaluation.year}")


@blueprint.get("/unit-pledges.<form>")
@readers
def take_pledges(form: str) -> Response:
    """Send what units promised at assemblies and was ruled on in the year (Y69)."""
    kind, by = list_format(form), signed_in().name
    _query, evaluation = evaluation_asked()
    table = unit_pledges_table(evaluation, unit_pledge_rows(evaluation))
    rooms().unit_years.note_export(by=by, evaluation=evaluation, rows=table.count)
    return send_table(table, kind, f"unit-pledges-{evaluation.year}")


@blueprint.get("/programmes.<form>")
@readers
def take_programmes(form: str) -> Response:
    """Send what households made of programmes in the year (Y39)."""
    kind, by = list_format(form), signed_in().name
    _query, evaluation = evaluation_asked()
    rows = [
        ProgrammeRow(
            one.programme.unit_name if one.programme else "",
            one.programme.name if one.programme else "",
            one.result,
        )
        for one in rooms().programmes.results(evaluation.year)
    ]
    rooms().unit_years.note_export(by=by, evaluation=evaluation, rows=len(rows))
    return send_table(programmes_table(rows, evaluation.year), kind, "programmes")


@blueprint.get("/inactive/")
@readers
def inactive() -> str:
    """List cadres who have not visited for too long (Y82)."""
    query, evaluation = evaluation_asked()
    report = rooms().inactivity.report()
    place = pages(query.page, len(report.rows))
    rows = report.rows[(place.page - 1) * A_PAGE : place.page * A_PAGE]
    return room_page("inactive", query, evaluation, report=report, rows=rows, pages=place)


@blueprint.get("/inactive.<form>")
@readers
def take_inactive(form: str) -> Response:
    """Send the list."""
    kind, report = list_format(form), rooms().inactivity.report()
    rooms().inactivity.note_export(rows=len(report.rows), by=signed_in().name)
    table = inactivity_table(report.rows, report.today, report.window, report.serving)
    return send_table(table, kind, f"inactive-{report.today.isoformat()}")


@blueprint.get("/annual/")
@readers
def annual() -> str:
    """List everybody's year beside the peers' and the statutory grade."""
    query, evaluation = evaluation_asked()
    chosen = list(query.wanted.choose(evaluation))
    place = pages(query.page, len(chosen))
    some = chosen[(place.page - 1) * A_PAGE : place.page * A_PAGE]
    rows = rooms().personnel.annual_rows(evaluation, some)
    return room_page("annual", query, evaluation, rows=rows, pages=place)

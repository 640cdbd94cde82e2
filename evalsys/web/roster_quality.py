"""The roster's data quality: grid by grid, down to the households that lack something."""

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.exports.roster_quality import QUALITY_COLUMNS, quality_table
from evalsys.exports.table import read_cell
from evalsys.web.rooms import rooms
from evalsys.web.roster import readers
from evalsys.web.taken import list_format, send_table

blueprint = Blueprint("roster_quality", __name__, url_prefix="/roster")


@blueprint.get("/quality")
@readers
def page() -> str:
    """Show how complete the roster is; `?grid=` goes down."""
    found = rooms().grid.quality.page(request.args.get("grid", ""))
    return render_template(
        "roster/quality.html",
        found=found,
        columns=QUALITY_COLUMNS,
        rows=[found.total, *found.lines],
        show=read_cell,
    )


@blueprint.get("/quality.<form>")
@readers
def take(form: str) -> Response:
    """Send the lines of the page as a file."""
    kind, found = list_format(form), rooms().grid.quality.page(request.args.get("grid", ""))
    as_of = found.as_of.astimezone(rooms().zone)
    said = (found.grid.name, _("截至 %(time)s", time=f"{as_of:%Y-%m-%d %H:%M}"))
    table = quality_table(said, [found.total, *found.lines])
    return send_table(table, kind, f"quality-{found.grid.code}")

"""The roster's data quality: grid by grid, down to the households that lack something."""

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.exports.roster_quality import (
    LACKING_COLUMNS,
    QUALITY_COLUMNS,
    lacking_table,
    quality_table,
)
from evalsys.exports.table import read_cell
from evalsys.services.roster_quality import QualityPage
from evalsys.web.rooms import rooms
from evalsys.web.roster import readers
from evalsys.web.taken import list_format, send_table

blueprint = Blueprint("roster_quality", __name__, url_prefix="/roster")


@blueprint.get("/quality")
@readers
def page() -> str:
    """Show how complete the roster is; `?grid=` goes down."""
    found = _asked()
    return render_template(
        "roster/quality.html",
        found=found,
        columns=QUALITY_COLUMNS,
        lacking_columns=LACKING_COLUMNS,
        rows=[found.total, *found.lines],
        show=read_cell,
    )


@blueprint.get("/quality.<form>")
@readers
def take(form: str) -> Response:
    """Send the lines of the page as a file."""
    kind, found = list_format(form), _asked()
    table = quality_table(_of_when(found), [found.total, *found.lines])
    return send_table(table, kind, f"quality-{found.grid.code}")


@blueprint.get("/quality-lacking.<form>")
@readers
def take_lacking(form: str) -> Response:
    """Send the households on the page's own grid that lack something."""
    kind, found = list_format(form), _asked()
    table = lacking_table(_of_when(found), found.lacking)
    return send_table(table, kind, f"quality-lacking-{found.grid.code}")


def _asked() -> QualityPage:
    return rooms().grid.quality.page(request.args.get("grid", ""))


def _of_when(found: QualityPage) -> tuple[str, str]:
    as_of = found.as_of.astimezone(rooms().zone)
    return found.grid.name, _("截至 %(time)s", time=f"{as_of:%Y-%m-%d %H:%M}")

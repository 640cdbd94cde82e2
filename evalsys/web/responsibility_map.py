"""The responsibility map for those inside, and the public directory of who answers for what."""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.responsibility_map import Measure, Scale
from evalsys.errors import NotFound
from evalsys.exports.responsibility_map import measured, responsibility_table
from evalsys.exports.table import read_cell
from evalsys.ids import GridCode
from evalsys.services.responsibility_map import SeenCell
from evalsys.web.guards import allow, public
from evalsys.web.personnel_query import day
from evalsys.web.rooms import rooms
from evalsys.web.taken import list_format, send_table

blueprint = Blueprint("responsibility_map", __name__)

readers = allow(Role.OFFICE, Role.OPERATOR, Role.PERSONNEL, Role.DISCIPLINE, Role.AUDITOR)


@blueprint.get("/roster/map")
@blueprint.get("/roster/map/<grid>")
@readers
def cell(grid: str = "") -> str:
    """Show one cell: its scales as a map and as a list, coloured by `?measure=`."""
    measure = _measure()
    return render_template(
        "roster/map.html",
        seen=_seen(grid),
        measure=measure,
        measures=measure_words(),
        here=_here(measure),
        show=show_measure,
        on=_on(),
        today=_today(),
    )


@blueprint.get("/roster/map/<grid>/scales.json")
@readers
def scales(grid: str) -> Mapping[str, object]:
    """Give the scales of a cell to the picture: area is households, colour the measure."""
    measure = _measure()
    standing = _seen(grid).standing
    return {
        "scales": [
            {
                "name": each.name,
                "persons": "、".join(one.name for one in each.persons),
                "households": each.figures.households,
                "value": None if (exact := each.figures.measure(measure)) is None else float(exact),
                "shown": show_measure(each, measure),
                "open": _address(each),
            }
            for each in standing.below
        ]
    }


@blueprint.get("/roster/map/<grid>/list.<form>")
@readers
def take(grid: str, form: str) -> Response:
    """Send the list of the page as a file."""
    kind, seen = list_format(form), _seen(grid)
    as_of = seen.as_of.astimezone(rooms().zone)
    table = responsibility_table(
        seen.standing, [_("截至 %(time)s", time=f"{as_of:%Y-%m-%d %H:%M}")]
    )
    return send_table(table, kind, f"map-{grid}")


@blueprint.get("/directory/")
@blueprint.get("/directory/<grid>")
@public
def directory(grid: str = "") -> str:
    """Show everybody who answers for a cell: names and posts, neither figures nor telephones."""
    # Today's only: a past day is read anew each time, which is not for everybody to ask.
    seen = rooms().responsibility_map.cell(GridCode(grid) if grid else None)
    return render_template("roster/directory.html", seen=seen)


def _seen(grid: str) -> SeenCell:
    return rooms().responsibility_map.cell(GridCode(grid) if grid else None, _on())


def _on() -> date | None:
    return day(request.args, "on") if request.args.get("on") else None


def _today() -> date:
    return rooms().grid.changes.today()


def _here(measure: Measure) -> Mapping[str, str]:
    """Say what links to other cells keep: the measure and the day."""
    kept = {} if measure is Measure.LOAD else {"measure": measure.value}
    return kept | ({"on": on.isoformat()} if (on := _on()) else {})


def _measure() -> Measure:
    asked = request.args.get("measure", Measure.LOAD)
    if asked not in set(Measure):
        raise NotFound(_("没有这种指标。"), remedy=_("请从页面上的指标中选。"))
    return Measure(asked)


def _address(scale: Scale) -> str:
    if not scale.is_open:
        return ""
    return url_for(
        "responsibility_map.cell",
        grid=scale.code,
        measure=request.args.get("measure"),
        on=request.args.get("on"),
    )


def measure_words() -> Mapping[Measure, str]:
    """Name the measures."""
    return {
        Measure.LOAD: _("每名干部户数"),
        Measure.VISITED: _("九十天走访率"),
        Measure.SOLVED: _("诉求解决率"),
    }


def show_measure(scale: Scale, measure: Measure) -> str:
    """Write a measure of a scale; a dash where there is nothing to divide by."""
    shown = read_cell(measured(scale, measure))
    return shown + "%" * (measure is not Measure.LOAD) if shown else "—"

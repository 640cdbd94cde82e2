"""Station days: the desk with its report, and the button on a cadre's own telephone."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.station_day import Attendance, Grouping, Month
from evalsys.errors import InvalidInput, NotFound, RuleViolation
from evalsys.exports.station_day import COLUMNS, PEOPLE, people_table, report_table
from evalsys.exports.table import read_cell
from evalsys.services.station_day import StationReport
from evalsys.web.guards import allow, signed_in
from evalsys.web.rooms import rooms
from evalsys.web.taken import list_format, send_table
from evalsys.web.uploads import uploaded

blueprint = Blueprint("station_day", __name__, url_prefix="/station")

EDITORS = (Role.OFFICE, Role.PERSONNEL)
readers = allow(*EDITORS, Role.OPERATOR, Role.DISCIPLINE, Role.AUDITOR)
editors = allow(*EDITORS)
SHOWN = 300
_REFUSED = 422


@blueprint.get("/")
@readers
def page() -> str:
    """Show a month's attendance; `?month=`, `?by=`, `?year=1` say of what."""
    return _page()


@blueprint.get("/report.<form>")
@readers
def take(form: str) -> Response:
    """Send the report of the page as a file."""
    kind, found = list_format(form), _report()
    table = report_table([found.total, *found.lines], _said(found))
    return send_table(table, kind, f"station-{found.title}")


@blueprint.get("/absent.<form>")
@readers
def take_absent(form: str) -> Response:
    """Send who was not there in a month as a file."""
    kind, found = list_format(form), _report()
    table = people_table([*found.missing, *found.excused], _said(found))
    return send_table(table, kind, f"absent-{found.title}")


@blueprint.post("/months")
@editors
def set_month() -> Response:
    """Set who has to be where in a month."""
    month = Month.read(request.form.get("month", ""))
    count = rooms().grid.stations.set_month(month, by=signed_in().name)
    flash(_("%(month)s 已排定：应到 %(n)s 人。", month=month, n=count))
    return _back(month)


@blueprint.post("/marks")
@editors
def mark() -> Response:
    """Note that somebody was there, or why not."""
    form = request.form
    month = Month.read(form.get("month", ""))
    asked = form.get("attendance", "")
    if asked not in {Attendance.PRESENT, Attendance.EXCUSED}:
        raise InvalidInput(_("没有说明到岗还是请假。"), remedy=_("请用页面上的按钮。"))
    rooms().grid.stations.mark(
        month,
        form.get("cadre", "").strip(),
        Attendance(asked),
        form.get("reason", ""),
        by=signed_in().name,
    )
    flash(_("已登记。"))
    return _back(month)


@blueprint.post("/list")
@editors
def take_list() -> Response | tuple[str, int]:
    """Take the list that a station handed in; faults are listed by row and column."""
    month = Month.read(request.form.get("month", ""))
    with uploaded("file") as (path, filename):
        taken = rooms().grid.stations.take_list(month, path, filename, by=signed_in().name)
    if not taken.kept:
        return _page(problems=taken.problems[:SHOWN]), _REFUSED
    flash(_("已登记 %(n)s 人。", n=taken.kept))
    return _back(month)


@blueprint.get("/here")
@allow(Role.CADRE)
def here() -> str:
    """Show a cadre where he has to be, and on the day the button."""
    own = rooms().grid.stations.own_duty(account=signed_in().name)
    return render_template("station/here.html", own=own)


@blueprint.post("/here")
@allow(Role.CADRE)
def mark_self() -> Response:
    """Note that the cadre is there; the server's time counts."""
    rooms().grid.stations.mark_self(account=signed_in().name)
    return redirect(url_for("station_day.here"), 303)


def _page(**parts: object) -> str:
    found, days = _report(), rooms().grid.stations
    month = _month()
    planned, why_not = None, ""
    try:
        planned = days.planned(month)
    except RuleViolation as refusal:
        why_not = str(refusal)
    nothing: dict[str, object] = {"problems": ()}
    return render_template(
        "station/station.html",
        found=found,
        month=month,
        planned=planned,
        why_not=why_not,
        months=days.months(),
        grouping=_grouping(),
        groupings=grouping_words(),
        whole_year=_whole_year(),
        columns=COLUMNS,
        people=PEOPLE,
        rows=[found.total, *found.lines],
        shown=SHOWN,
        asked=_asked(),
        may_act=signed_in().role in EDITORS,
        show=read_cell,
        **(nothing | parts),
    )


def _report() -> StationReport:
    return rooms().grid.stations.report(_month(), _grouping(), whole_year=_whole_year())


def _month() -> Month:
    given = request.values.get("month", "")
    return Month.read(given) if given else Month.of(rooms().grid.stations.today())


def _whole_year() -> bool:
    return request.args.get("year") == "1"


def _grouping() -> Grouping:
    asked = request.args.get("by", Grouping.MONTH if _whole_year() else Grouping.TOWNSHIP)
    if asked not in set(Grouping):
        raise NotFound(_("没有这种看法。"), remedy=_("请用页面上的按钮选。"))
    return Grouping(asked)


def _asked() -> dict[str, str]:
    return {key: request.args[key] for key in ("month", "by", "year") if request.args.get(key)}


def _said(found: StationReport) -> list[str]:
    if found.station is None:
        return [found.title]
    day, until = found.station.day, found.station.late_until
    return [
        _(
            "%(month)s，驻点日 %(day)s，补登到 %(until)s 为止",
            month=found.title,
            day=day,
            until=until,
        )
    ]


def _back(month: Month) -> Response:
    return redirect(url_for("station_day.page", month=str(month)), 303)


def grouping_words() -> Mapping[Grouping, str]:
    """Name what a report lists."""
    return {
        Grouping.TOWNSHIP: _("上级网格"),
        Grouping.GRID: _("网格"),
        Grouping.UNIT: _("单位"),
        Grouping.MONTH: _("月份"),
    }

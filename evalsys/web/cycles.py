"""Assessment cycles: open, close, hand files in, see what each has been given."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.component_scores import published
from evalsys.domain.cycles import CycleCode, calendar_days, read_code, year_of
from evalsys.domain.rule_versions import Ruling
from evalsys.errors import InvalidInput
from evalsys.exports.cycles import cycles_table
from evalsys.exports.quotas import quotas_table
from evalsys.exports.scores import scores_table
from evalsys.ids import UnitCode
from evalsys.services.cycles import standard_of
from evalsys.services.tables_report import TablesReport
from evalsys.web.guards import allow, signed_in
from evalsys.web.personnel_page import evaluation_asked, room_page
from evalsys.web.personnel_query import A_PAGE, asked, day, needed, pages, word
from evalsys.web.rooms import rooms
from evalsys.web.taken import list_format, send_table
from evalsys.web.uploads import uploaded

blueprint = Blueprint("cycles", __name__, url_prefix="/personnel/cycles")

readers = allow(Role.PERSONNEL, Role.DISCIPLINE, Role.AUDITOR)
editors = allow(Role.PERSONNEL)

SHOWN_PROBLEMS = 200
_CHECKED, _REFUSED = 200, 422


@blueprint.get("/")
@readers
def every() -> str:
    """List years and quarters with how much each was given."""
    query, evaluation = evaluation_asked()
    return room_page(
        "cycles",
        query,
        evaluation,
        cycles=rooms().cycles.every(),
        may_edit=signed_in().role is Role.PERSONNEL,
    )


@blueprint.get("/list.<form>")
@readers
def take_cycles(form: str) -> Response:
    """Send the list of years and quarters."""
    kind, by = list_format(form), signed_in().name
    personnel, rows = rooms().personnel, rooms().cycles.every()
    evaluation = personnel.evaluate(by=by)
    personnel.note_export("cycles", by=by, evaluation=evaluation, rows=len(rows))
    return send_table(cycles_table(rows, personnel.zone), kind, "cycles")


@blueprint.get("/<code>")
@readers
def one(code: str) -> str:
    """Show one cycle: what each component was given, file by file, and the trail."""
    return _cycle_page(code, None)


@blueprint.get("/<code>/scores.<form>")
@readers
def take(code: str, form: str) -> Response:
    """Send every score of a cycle with its trail: the list on the page."""
    kind = list_format(form)
    record = rooms().cycles.record(CycleCode(code))
    personnel = rooms().personnel
    evaluation = personnel.evaluate(by=signed_in().name)
    standard = standard_of(evaluation.book, record.cycle, evaluation.as_of)
    table = scores_table(record.trail, record.names, standard, zone=personnel.zone)
    personnel.note_export("scores", by=signed_in().name, evaluation=evaluation, rows=table.count)
    return send_table(table, kind, f"scores-{code}")


@blueprint.post("/")
@editors
def open_() -> Response:
    """Open a cycle, with the calendar's days where none are given."""
    form = request.form
    code = read_code(form.get("code", "").strip())
    if code is None:
        raise InvalidInput(
            _("不是考核周期。"), remedy=_("年度写 2026，季度写 2026Q3。"), place="code"
        )
    first, last = calendar_days(code)
    rooms().cycles.open(
        code, day(form, "first") or first, day(form, "last") or last, by=signed_in().name
    )
    flash(_("考核周期已建立。"))
    return redirect(url_for("cycles.one", code=code), 303)


@blueprint.post("/<code>/close")
@editors
def close(code: str) -> Response:
    """Close a cycle for good."""
    rooms().cycles.close(CycleCode(code), by=signed_in().name)
    flash(_("考核周期已关闭，不再接收成绩；有误的走更正程序。"))
    return redirect(url_for("cycles.one", code=code), 303)


@blueprint.post("/<code>/files")
@editors
def hand_in(code: str) -> Response | tuple[str, int]:
    """Bring in a file, or only check it; problems are listed with their cells."""
    dry_run = request.form.get("deed") == "check"
    with uploaded("file") as (path, name):
        taken = rooms().cycles.take(path, name, by=signed_in().name, dry_run=dry_run)
    if taken.committed:
        flash(_("已导入 %(rows)s 行。", rows=taken.rows))
        return redirect(url_for("cycles.one", code=code), 303)
    return _cycle_page(code, taken), _REFUSED if taken.errors else _CHECKED


@blueprint.post("/<code>/seal")
@editors
def seal(code: str) -> Response:
    """Record the hash of an outside assessor's file."""
    assessor = request.form.get("assessor", "")
    with uploaded("file") as (path, name):
        sealed = rooms().cycles.seal(
            CycleCode(code), path, name, assessor=assessor, by=signed_in().name
        )
    flash(_("已登记 SHA-256 %(hash)s。", hash=sealed.sha256[:16]))
    return redirect(url_for("cycles.one", code=code), 303)


@blueprint.post("/<code>/quotas")
@editors
def ask_quota(code: str) -> Response:
    """Ask for a unit's higher quota of the top statutory grade."""
    unit = UnitCode(request.form.get("unit", "").strip())
    reason = request.form.get("reason", "")
    group = request.form.get("group", "")
    year = year_of(CycleCode(code))
    rooms().quotas.ask(unit, year, reason=reason, by=signed_in().name, group=group)
    flash(_("申请已提出，由组织部的另一个人决定。"))
    return redirect(url_for("cycles.one", code=code), 303)


@blueprint.post("/<code>/quotas/<int:number>")
@editors
def rule_quota(code: str, number: int) -> Response:
    """Approve a request or send it back, as its second person."""
    ruling = needed(word(request.form, "ruling", Ruling), "ruling")
    rooms().quotas.rule(number, ruling, by=signed_in().name)
    flash(_("已记录。"))
    return redirect(url_for("cycles.one", code=code), 303)


@blueprint.get("/<code>/quotas.<form>")
@readers
def take_quotas(code: str, form: str) -> Response:
    """Send how units and peer groups stand to their quotas: the list on the page."""
    kind, by = list_format(form), signed_in().name
    evaluation = rooms().personnel.evaluate(by=by, year=year_of(CycleCode(code)))
    rows = rooms().quotas.standings(evaluation)
    rooms().quotas.note_export(year=evaluation.year, rows=len(rows), by=by)
    return send_table(quotas_table(rows, evaluation.year), kind, f"quotas-{code}")


def _cycle_page(code: str, taken: TablesReport | None) -> str:
    query = asked(request.args)
    evaluation = rooms().personnel.evaluate(by=signed_in().name, as_of=query.as_of, year=query.year)
    record = rooms().cycles.record(CycleCode(code))
    standard = standard_of(evaluation.book, record.cycle, evaluation.as_of)
    place = pages(query.page, len(record.trail))
    return room_page(
        "cycle",
        query,
        evaluation,
        record=record,
        standard=standard,
        trail=record.trail[::-1][(place.page - 1) * A_PAGE : place.page * A_PAGE],
        pages=place,
        published=published,
        quotas=rooms().quotas.of_year(record.cycle.year),
        standings=rooms().quotas.standings(evaluation),
        groups=rooms().quotas.groups(evaluation),
        rulings=Ruling,
        numbers=evaluation.rules.numbers,
        me=signed_in().name,
        taken=taken,
        shown=SHOWN_PROBLEMS,
        may_edit=signed_in().role is Role.PERSONNEL,
    )

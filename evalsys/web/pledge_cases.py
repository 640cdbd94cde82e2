"""Promises after the show: the list with reminders due, one with proof, re-check and ruling."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.followup_rows import PledgeRow
from evalsys.domain.pledge import PledgeStanding
from evalsys.errors import InvalidInput
from evalsys.exports.followups import pledges_table
from evalsys.ids import LiveId
from evalsys.web.case_files import handed_back, uploaded
from evalsys.web.followup_words import FOLLOWUP_LOOKS, followup_words
from evalsys.web.guards import allow, signed_in
from evalsys.web.personnel_query import needed, word
from evalsys.web.rooms import rooms
from evalsys.web.taken import list_format, send_table

blueprint = Blueprint("pledge_cases", __name__, url_prefix="/followups/pledge-cases")

readers = allow(Role.OPERATOR, Role.RECORDER, Role.PERSONNEL, Role.DISCIPLINE, Role.AUDITOR)
keepers = allow(Role.RECORDER, Role.PERSONNEL, Role.DISCIPLINE)
judges = allow(Role.PERSONNEL, Role.DISCIPLINE)


@blueprint.get("/")
@readers
def every() -> str:
    """List the promises; the standing stands in the query."""
    standing, rows = _chosen(request.args)
    return render_template(
        "followups/pledge_cases.html",
        rows=rows,
        chosen=standing,
        standings=list(PledgeStanding),
        looks=FOLLOWUP_LOOKS,
        say=followup_words(),
    )


@blueprint.get("/export.<form>")
@readers
def take(form: str) -> Response:
    """Send the list on screen as a file."""
    kind = list_format(form)
    standing, rows = _chosen(request.args)
    selection = f"筛选：状态“{standing}”" if standing else ""
    rooms().pledge_cases.note_export(rows=len(rows), by=signed_in().name)
    return send_table(pledges_table(rows, rooms().pledge_cases.today(), selection), kind, "pledges")


@blueprint.get("/<live>/<int:seq>")
@readers
def one(live: str, seq: int) -> str:
    """Show one promise with everything that was recorded since."""
    row = rooms().pledge_cases.one(LiveId(live), seq, by=signed_in().name)
    role = signed_in().role
    personnel = rooms().personnel
    numbers = personnel.book.on(personnel.today()).numbers
    return render_template(
        "followups/pledge_case.html",
        row=row,
        case=row.case,
        record=row.record,
        says=row.record.recheck.says(numbers) if row.record.recheck else None,
        looks=FOLLOWUP_LOOKS,
        say=followup_words(),
        may_keep=role in {Role.RECORDER, Role.PERSONNEL, Role.DISCIPLINE},
        may_judge=role in {Role.PERSONNEL, Role.DISCIPLINE},
        may_see_campaign=role in {Role.OPERATOR, Role.PERSONNEL, Role.AUDITOR},
    )


@blueprint.post("/<live>/<int:seq>/reminder")
@keepers
def remind(live: str, seq: int) -> Response:
    """Record that whoever answers for it was reminded."""
    rooms().pledge_cases.remind(LiveId(live), seq, by=signed_in().name)
    return _to(live, seq, _("提醒已登记。"))


@blueprint.post("/<live>/<int:seq>/proof")
@keepers
def hand_in(live: str, seq: int) -> Response:
    """Hand in proof."""
    rooms().pledge_cases.hand_in(
        LiveId(live),
        seq,
        text=request.form.get("text", ""),
        file=uploaded("file"),
        by=signed_in().name,
    )
    return _to(live, seq, _("佐证已登记。"))


@blueprint.post("/<live>/<int:seq>/proof/<int:number>")
@keepers
def proof(live: str, seq: int, number: int) -> Response:
    """Hand a file of proof back; the reading is recorded."""
    name, content = rooms().pledge_cases.proof(LiveId(live), seq, number, by=signed_in().name)
    return handed_back(name, content)


@blueprint.post("/<live>/<int:seq>/recheck")
@judges
def recheck(live: str, seq: int) -> Response:
    """Ask the households by phone, or enter what they answered."""
    pledges, by = rooms().pledge_cases, signed_in().name
    match request.form.get("step"):
        case "call":
            pledges.call_recheck(LiveId(live), seq, by=by)
            return _to(live, seq, _("回访已开始，由联系户接听电话。"))
        case "count":
            pledges.count_recheck(LiveId(live), seq, by=by)
            return _to(live, seq, _("回访结果已登记。"))
        case _:
            raise InvalidInput(_("没有这种操作。"), remedy=_("请用页面上的按钮。"), place="step")


@blueprint.post("/<live>/<int:seq>/ruling")
@judges
def rule(live: str, seq: int) -> Response:
    """Record whether the promise was kept."""
    kept = {"yes": True, "no": False}.get(request.form.get("kept", ""))
    rooms().pledge_cases.rule(
        LiveId(live),
        seq,
        kept=needed(kept, "kept"),
        basis=request.form.get("basis", ""),
        by=signed_in().name,
    )
    return _to(live, seq, _("认定已登记，计入考核依据。"))


def _chosen(given: Mapping[str, str]) -> tuple[PledgeStanding | None, list[PledgeRow]]:
    standing = word(given, "standing", PledgeStanding)
    return standing, [
        row for row in rooms().pledge_cases.every() if standing in {None, row.standing}
    ]


def _to(live: str, seq: int, said: str) -> Response:
    flash(said)
    return redirect(url_for("pledge_cases.one", live=live, seq=seq), 303)

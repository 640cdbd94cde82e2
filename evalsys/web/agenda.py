"""The agenda of a pledge assembly: handed in as a sheet, edited issue by issue, until it opens."""

import io
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evalsys.domain.access import Role
from evalsys.domain.agenda import Issue, moved
from evalsys.domain.agenda_sheet import AGENDA
from evalsys.domain.live.state import is_assembly
from evalsys.domain.live.words import Phase
from evalsys.errors import EvalsysError, InvalidInput, NotFound
from evalsys.exports.agenda import agenda_table
from evalsys.exports.csv import write_csv
from evalsys.ids import LiveId
from evalsys.services.agenda import AgendaReport
from evalsys.web.guards import allow, signed_in
from evalsys.web.live_words import live_words
from evalsys.web.rooms import rooms

blueprint = Blueprint("agenda", __name__, url_prefix="/agenda")

editors = allow(Role.OPERATOR, Role.RECORDER)

_PASTED_AT_MOST = 200_000
"""Characters of a pasted table."""
_MOST_PROBLEMS = 50


@blueprint.get("/due.csv")
@editors
def due_csv() -> Response:
    """Return the pledges that fell due, as the sheet of a later assembly."""
    out = io.BytesIO()
    write_csv(agenda_table(rooms().agendas.due_issues(rooms().pledges.today)), out)
    headers = {"Content-Disposition": 'attachment; filename="agenda-due.csv"'}
    return Response(out.getvalue(), mimetype="text/csv", headers=headers)


@blueprint.get("/<live>")
@editors
def page(live: str) -> str:
    """Show the agenda with a form for each issue, and for a whole sheet."""
    return _page(LiveId(live))


@blueprint.post("/<live>/sheet")
@editors
def read_sheet(live: str) -> ResponseReturnValue:
    """Take an agenda as a file or pasted; with an error the former one stays."""
    pasted, file = request.form.get("list", ""), request.files.get("file")
    actor, expect = signed_in().name, _expect()
    if file is not None and file.filename:
        name = file.filename.replace("\\", "/").rpartition("/")[2][-80:]
        with TemporaryDirectory(prefix="evalsys-") as folder:
            path = Path(folder) / f"upload{Path(name).suffix[:8]}"
            file.save(path)
            report = rooms().agendas.read_uploaded(
                LiveId(live), path, name, actor=actor, expect=expect
            )
    elif 0 < len(pasted) <= _PASTED_AT_MOST:
        report = rooms().agendas.read_pasted(LiveId(live), pasted, actor=actor, expect=expect)
    else:
        raise InvalidInput(_("没有选择文件，也没有粘贴表格。"), remedy=_("请连同表头一起粘贴。"))
    if report.problems:
        page = _page(LiveId(live), report=report, pasted=pasted if report.errors else "")
        return page, 400 if report.errors else 200
    return redirect(url_for("agenda.page", live=live), 303)


@blueprint.post("/<live>/issue")
@editors
def save(live: str) -> ResponseReturnValue:
    """Keep one issue: number `n` of the agenda, or one more when `n` is empty."""
    issues, typed = list(_issues(live)), _typed()
    n = request.form.get("n", type=int)
    if n is None:
        issues.append(typed)
    elif 1 <= n <= len(issues):
        issues[n - 1] = typed
    else:
        raise NotFound(_("没有这个议题。"), remedy=_("请刷新页面。"))
    return _set(live, issues)


@blueprint.post("/<live>/<int(max=99):n>/move/<int(max=99):to>")
@editors
def move(live: str, n: int, to: int) -> ResponseReturnValue:
    """Put issue `n` in another place."""
    return _set(live, moved(_issues(live), n, to))


@blueprint.post("/<live>/<int(max=99):n>/remove")
@editors
def remove(live: str, n: int) -> ResponseReturnValue:
    """Take issue `n` off the agenda."""
    return _set(live, [one for i, one in enumerate(_issues(live), start=1) if i != n])


@blueprint.post("/<live>/due")
@editors
def take_due(live: str) -> ResponseReturnValue:
    """Put the pledges that fell due behind the agenda, to be answered for again (Y69)."""
    issues = _issues(live)
    plan = rooms().live.state(LiveId(live)).plan
    known = {one.question for one in issues}
    found = rooms().agendas.due_issues(
        rooms().pledges.today, rehearsal=bool(plan and plan.rehearsal)
    )
    return _set(live, [*issues, *(one for one in found if one.question not in known)])


def _issues(live: str) -> tuple[Issue, ...]:
    return rooms().live.state(LiveId(live)).agenda


def _typed() -> Issue:
    form = request.form
    return Issue(
        title=form.get("title", ""),
        question=form.get("question", ""),
        unit=form.get("unit", ""),
        speaker=form.get("speaker", ""),
        post=form.get("post", ""),
        requests=_count("requests", _("诉求件数")),
        places=_count("places", _("涉及村居")),
    )


def _count(name: str, title: str) -> int:
    typed = request.form.get(name, "").strip()
    if typed and not (typed.isascii() and typed.isdigit() and len(typed) < 9):
        raise InvalidInput(_("应为整数。"), remedy=_("请用半角数字填写。"), place=title)
    return int(typed or 0)


def _expect() -> int | None:
    return request.form.get("expect", type=int)


def _set(live: str, issues: Sequence[Issue]) -> ResponseReturnValue:
    try:
        rooms().agendas.set(LiveId(live), issues, actor=signed_in().name, expect=_expect())
    except EvalsysError as error:
        return _page(LiveId(live), error=error), error.status
    return redirect(url_for("agenda.page", live=live), 303)


def _page(
    live: LiveId,
    *,
    error: EvalsysError | None = None,
    report: AgendaReport | None = None,
    pasted: str = "",
) -> str:
    state = rooms().live.state(live)
    if not is_assembly(state) or state.plan is None:
        raise NotFound("本场不是承诺大会，没有议程。", remedy="请从会议列表进入承诺大会。")
    return render_template(
        "agenda/agenda.html",
        live=live,
        plan=state.plan,
        state=state,
        may_edit=state.phase in {Phase.PLANNED, Phase.FROZEN},
        may_run=signed_in().role is Role.OPERATOR,
        error=error,
        typed=request.form if error else {},
        problems=report.problems[:_MOST_PROBLEMS] if report else (),
        refused=bool(report and report.errors),
        pasted=pasted,
        due=len(rooms().agendas.due_issues(rooms().pledges.today, rehearsal=state.plan.rehearsal)),
        header="\t".join(column.header for column in AGENDA.columns),
        words=live_words(),
    )

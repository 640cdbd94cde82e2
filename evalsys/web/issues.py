"""Common issues: the list, one issue with its figures and pledge, and what the public may see."""

import io
from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.issues import CommonIssue, Statement, Target
from evalsys.domain.scoring import HIDE_BELOW
from evalsys.domain.taxonomy import Urgency
from evalsys.errors import InvalidInput, NotFound
from evalsys.services.issue_export import IssueList, export_issues
from evalsys.services.issues import MEMBERS_A_PAGE
from evalsys.web.guards import allow, public, signed_in, visitor
from evalsys.web.personnel_query import day, needed, number
from evalsys.web.rooms import rooms
from evalsys.web.taken import list_format

blueprint = Blueprint("issues", __name__)

ANALYSTS = (Role.OFFICE, Role.PERSONNEL, Role.RECORDER)
readers = allow(*ANALYSTS, Role.DISCIPLINE, Role.AUDITOR)
analysts = allow(*ANALYSTS)


@blueprint.get("/casework/issues/")
@readers
def every() -> str:
    """List all issues, the urgent and then the large first."""
    return render_template("issues/every.html", overview=rooms().issues.list.overview(), **parts())


@blueprint.get("/casework/issues/<kind>.<form>")
@readers
def take(kind: str, form: str) -> Response:
    """Send the list of the page, or the agenda of a pledge assembly, as a file."""
    if kind not in set(IssueList):
        raise NotFound(_("没有这种导出。"), remedy=_("请用页面上的导出按钮。"))
    written, out = list_format(form), io.BytesIO()
    export_issues(rooms().issues.list, IssueList(kind), written, out)
    out.seek(0)
    name = f"{kind}-{rooms().issues.list.today().isoformat()}.{form}"
    return send_file(
        out, mimetype=written.media_type, as_attachment=True, download_name=name, max_age=0
    )


@blueprint.get("/casework/issues/<int:issue>")
@readers
def one(issue: int) -> str:
    """Show one issue: what is said of it, where and when it was asked, the pledge."""
    return _one(issue)


@blueprint.get("/casework/issues/<int:issue>/figures.json")
@readers
def figures(issue: int) -> Mapping[str, object]:
    """Give the counts of an issue to its pictures: by month, by township and grid."""
    view = rooms().issues.list.view(issue)
    return {
        "months": [[month, count] for month, count in view.months],
        "towns": [
            {
                "name": town,
                "value": sum(count for _, count in below),
                "children": [{"name": name, "value": count} for name, count in below],
            }
            for town, below in view.places
        ],
    }


@blueprint.post("/casework/issues/<int:issue>")
@analysts
def say(issue: int) -> Response | tuple[str, int]:
    """Say something else of an issue: units, budget, pledge."""
    form = request.form
    try:
        target = Target(form.get("what", ""), form.get("amount", ""), form.get("unit", ""))
        said = Statement(
            form.get("name", ""),
            form.get("question", ""),
            form.get("lead", ""),
            tuple(form.getlist("assisting")),
            form.get("budget", ""),
            form.get("measure", ""),
            target if any((target.what, target.amount, target.unit)) else None,
            day(form, "deadline") if form.get("deadline") else None,
        )
        rooms().issues.list.say(issue, said, by=signed_in().name)
    except InvalidInput as refusal:
        return _one(issue, refusal=refusal, is_editing=True), refusal.status
    flash(_("已保存。"))
    return redirect(url_for("issues.one", issue=issue), 303)


@blueprint.post("/casework/issues/<int:issue>/progress")
@analysts
def follow(issue: int) -> Response | tuple[str, int]:
    """Note how far a pledge has come."""
    form = request.form
    try:
        rooms().issues.list.follow(
            issue,
            needed(day(form, "day"), "day"),
            form.get("done", ""),
            form.get("note", ""),
            by=signed_in().name,
        )
    except InvalidInput as refusal:
        return _one(issue, refusal=refusal), refusal.status
    flash(_("进展已记录。"))
    return redirect(url_for("issues.one", issue=issue), 303)


@blueprint.post("/casework/issues/<int:issue>/merge")
@analysts
def merge(issue: int) -> Response:
    """Let an issue go into another."""
    into = needed(number(request.form, "into"), "into")
    rooms().issues.list.merge(issue, into, by=signed_in().name)
    flash(_("已并入。"))
    return redirect(url_for("issues.one", issue=into), 303)


@blueprint.get("/casework/issues/<int:issue>/requests")
@readers
def requests(issue: int) -> str:
    """List the requests of an issue; every read is audited."""
    room = rooms().issues.list
    view, page = room.view(issue), max(1, number(request.args, "page") or 1)
    return render_template(
        "issues/requests.html",
        view=view,
        members=room.members(issue, page, by=signed_in().name),
        page=page,
        pages=max(1, -(-view.issue.figures.requests // MEMBERS_A_PAGE)),
        names={key: name for key, name in room.names().items() if key != issue},
        **parts(),
    )


@blueprint.post("/casework/issues/<int:issue>/requests")
@analysts
def move(issue: int) -> Response:
    """Move single requests to another issue, or to a new one."""
    form = request.form
    into: int | str = form.get("name", "").strip() or needed(number(form, "into"), "into")
    moved = rooms().issues.work.give(form.getlist("request"), into, by=signed_in().name)
    flash(_("已移到“%(name)s”。", name=rooms().issues.list.names()[moved]))
    return redirect(url_for("issues.requests", issue=issue), 303)


@blueprint.get("/issues/")
@public
def for_all() -> str:
    """Show everybody the issues that a unit answers for, what was promised and done."""
    overview = rooms().issues.list.overview()
    return render_template(
        "issues/public.html",
        overview=overview,
        # Before somebody answers for it, an issue is a draft of an analyst's.
        asked=[one for one in overview.issues if one.said.lead],
        hide_below=HIDE_BELOW,
        **parts(),
    )


def parts() -> dict[str, object]:
    """Give the words and looks that all pages of the room share."""
    return {
        "looks": {Urgency.PRESSING: "bad", Urgency.SOON: "warn", Urgency.ORDINARY: "info"},
        "urgency_names": {
            Urgency.PRESSING: _("紧急"),
            Urgency.SOON: _("较急"),
            Urgency.ORDINARY: _("一般"),
        },
        "may_edit": _may_edit(),
        "percent": percent,
    }


def percent(issue: CommonIssue) -> int:
    """Return how much of a target is reached, in whole percent, never rounded up to all."""
    return int((issue.share or 0.0) * 100)


def _may_edit() -> bool:
    person = visitor()
    return person is not None and person.role in ANALYSTS


def _one(issue: int, *, is_editing: bool = False, refusal: InvalidInput | None = None) -> str:
    room = rooms().issues.list
    view = room.view(issue)
    return render_template(
        "issues/one.html",
        view=view,
        names={key: name for key, name in room.names().items() if key != issue},
        is_editing=is_editing,
        refusal=refusal,
        given=request.form,
        **parts(),
    )

"""The audit log, for the auditor: read it in words, sought by whom, what, when; check its chain."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.exports.audit import AuditRow, audit_table
from evalsys.store.audit import Audited, Sought
from evalsys.web.audit_details import detail_in_words, subject_in_words
from evalsys.web.audit_words import action_words
from evalsys.web.guards import allow, signed_in
from evalsys.web.personnel_query import day
from evalsys.web.rooms import rooms
from evalsys.web.taken import list_format, send_table

blueprint = Blueprint("audit", __name__)

_A_PAGE = 100
_LAST_LINE = 2**31 - 1
"""No database counts further."""


@blueprint.get("/audit")
@allow(Role.AUDITOR, Role.DISCIPLINE)
def log() -> str:
    """Show the log, newest first; `?before=SEQ` goes further back."""
    before = request.args.get("before", type=int)
    if before is not None:
        before = max(0, min(before, _LAST_LINE))
    given, sought = _sought()
    lines = rooms().audit.latest(_A_PAGE, before=before, sought=sought)
    older = lines[-1].seq if len(lines) == _A_PAGE and lines[-1].seq > 1 else None
    names = action_words()
    return render_template(
        "audit/log.html",
        lines=[(line, _row(line, names)) for line in lines],
        older=older,
        given=given,
        actions=sorted(names.items(), key=lambda one: one[0]),
    )


@blueprint.get("/audit/log.<form>")
@allow(Role.AUDITOR, Role.DISCIPLINE)
def take(form: str) -> Response:
    """Send every line that the page's filters find; that it was taken is a line, too."""
    kind = list_format(form)
    given, sought = _sought()
    names = action_words()
    lines = rooms().audit.take(sought, by=signed_in().name)
    rows = [_row(line, names) for line in lines]
    return send_table(audit_table(rows, "，".join(given.values())), kind, "audit-log")


@blueprint.post("/audit/verify")
@allow(Role.AUDITOR, Role.DISCIPLINE)
def verify() -> Response:
    """Recompute the chain; what does not fit is reported as an error that names the line."""
    count = rooms().audit.verify()
    flash(_("已重算全部 %(count)d 行，校验链完整。", count=count))
    return redirect(url_for("audit.log"), 303)


def _sought() -> tuple[Mapping[str, str], Sought]:
    """Read the filters: as they were given, and as what is sought."""
    keys = ("actor", "action", "subject", "since", "until")
    given = {key: text for key in keys if (text := request.args.get(key, "").strip())}
    trail = rooms().audit
    since, until = day(given, "since"), day(given, "until")
    return given, Sought(
        actor=given.get("actor", ""),
        action=given.get("action", ""),
        subject=given.get("subject", ""),
        since=trail.begins(since) if since else None,
        until=trail.ends(until) if until else None,
    )


def _row(line: Audited, names: Mapping[str, str]) -> AuditRow:
    at = line.at.astimezone(rooms().audit.zone)
    return AuditRow(
        seq=line.seq,
        at=f"{at:%Y-%m-%d %H:%M:%S}",
        actor=line.actor,
        action=names.get(line.action, line.action),
        code=line.action,
        subject=subject_in_words(line),
        detail=detail_in_words(line),
        hash=line.hash,
    )

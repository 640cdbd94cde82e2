"""The audit log, for the auditor: read it line by line, and recompute its chain."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.web.guards import allow
from evalsys.web.rooms import rooms

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
    lines = rooms().audit.latest(_A_PAGE, before=before)
    older = lines[-1].seq if lines and lines[-1].seq > 1 else None
    return render_template("audit/log.html", lines=lines, older=older)


@blueprint.post("/audit/verify")
@allow(Role.AUDITOR, Role.DISCIPLINE)
def verify() -> Response:
    """Recompute the chain; what does not fit is reported as an error that names the line."""
    count = rooms().audit.verify()
    flash(_("已重算全部 %(count)d 行，校验链完整。", count=count))
    return redirect(url_for("audit.log"), 303)

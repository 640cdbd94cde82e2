"""The register of issued notices: issue under a number, open the paper, withdraw, export."""

import io

from flask import Blueprint, flash, redirect, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.exports.issued_notices import IssuedRow, issued_table
from evalsys.ids import CadreNumber
from evalsys.web.guards import allow, signed_in
from evalsys.web.papers import notice_words, organ, wanted_kind
from evalsys.web.personnel_page import evaluation_asked, room_page
from evalsys.web.personnel_query import A_PAGE, day, number, pages
from evalsys.web.purposes import chosen_purpose, purpose_page
from evalsys.web.rooms import rooms
from evalsys.web.taken import list_format, send_table

blueprint = Blueprint("issued_notices", __name__, url_prefix="/personnel/papers/issued")

readers = allow(Role.PERSONNEL, Role.DISCIPLINE, Role.AUDITOR)
issuers = allow(Role.PERSONNEL)


@blueprint.get("/")
@readers
def every() -> str:
    """List every notice that was issued, the newest first, with the talk it was served for."""
    query, evaluation = evaluation_asked()
    rows = _rows()
    place = pages(query.page, len(rows))
    return room_page(
        "issued_notices",
        query,
        evaluation,
        rows=rows[(place.page - 1) * A_PAGE : place.page * A_PAGE],
        pages=place,
        notice_words=notice_words(),
        may_issue=signed_in().role is Role.PERSONNEL,
    )


@blueprint.get("/list.<form>")
@readers
def take(form: str) -> Response:
    """Send the register as a file."""
    kind, rows = list_format(form), _rows()
    rooms().issued_notices.note_export(rows=len(rows), by=signed_in().name)
    return send_table(issued_table(rows), kind, "issued-notices")


@blueprint.post("/<cadre>/<kind>")
@issuers
def issue(cadre: str, kind: str) -> Response:
    """Issue a notice that is due under the next number; once, however often it is asked."""
    issued = rooms().issued_notices.issue(
        CadreNumber(cadre),
        wanted_kind(kind),
        as_of=day(request.form, "as_of"),
        year=number(request.form, "year"),
        organ=organ(),
        by=signed_in().name,
    )
    flash(_("已签发 %(number)s。", number=str(issued.number)))
    return redirect(url_for("issued_notices.every"), 303)


@blueprint.get("/<int:number>.pdf")
@readers
def paper(number: int) -> Response | str:
    """Send the paper as it was issued; that it was opened, and what for, is audited."""
    purpose = chosen_purpose()
    if purpose is None:
        return purpose_page()
    issued, content = rooms().issued_notices.paper(number, purpose=purpose, by=signed_in().name)
    return send_file(
        io.BytesIO(content),
        mimetype=issued.paper.media,
        as_attachment=True,
        download_name=issued.paper.name,
        max_age=0,
    )


@blueprint.post("/<int:number>/withdraw")
@issuers
def withdraw(number: int) -> Response:
    """Withdraw a notice that was not served; its number stays taken."""
    why = request.form.get("reason", "")
    rooms().issued_notices.withdraw(number, why=why, by=signed_in().name)
    flash(_("已撤销，文号不再使用。"))
    return redirect(url_for("issued_notices.every"), 303)


def _rows() -> list[IssuedRow]:
    zone = rooms().personnel.zone
    return [IssuedRow(*found, zone) for found in rooms().issued_notices.every()]

"""Candidates side by side: equal totals are decided by notable achievement (Y58)."""

import re

from flask import Blueprint, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.listings import is_honourable, preferred_first
from evalsys.domain.personnel_county import Assessed, Evaluation
from evalsys.errors import InvalidInput, NotFound
from evalsys.exports.ranking import ranking_table
from evalsys.web.guards import allow, signed_in
from evalsys.web.personnel_page import evaluation_asked, room_page
from evalsys.web.rooms import rooms
from evalsys.web.taken import list_format, send_table

blueprint = Blueprint("candidates", __name__, url_prefix="/personnel/candidates")

readers = allow(Role.PERSONNEL, Role.DISCIPLINE, Role.AUDITOR)

MOST = 50
_BETWEEN = re.compile(r"[\s,，、;；]+")


@blueprint.get("/")
@readers
def compare() -> str:
    """Show the named cadres in order, with what decides among equals."""
    query, evaluation = evaluation_asked()
    return room_page(
        "candidates",
        query,
        evaluation,
        ordered=_ordered(evaluation),
        named=request.args.get("cadres", ""),
        preferred=is_honourable,
    )


@blueprint.get("/list.<form>")
@readers
def take(form: str) -> Response:
    """Send the list of the page."""
    kind, by = list_format(form), signed_in().name
    _query, evaluation = evaluation_asked()
    ordered = _ordered(evaluation)
    table = ranking_table(evaluation, ordered, "人选比较")
    rooms().personnel.note_export("candidates", by=by, evaluation=evaluation, rows=len(ordered))
    return send_table(table, kind, "candidates")


def _ordered(evaluation: Evaluation) -> list[Assessed]:
    wanted = list(dict.fromkeys(filter(None, _BETWEEN.split(request.args.get("cadres", "")))))
    if len(wanted) > MOST:
        raise InvalidInput(
            _("一次最多比较 %(n)s 人。", n=MOST), remedy=_("请分几次比较。"), place="cadres"
        )
    known = {one.cadre.number: one for one in evaluation.assessed}
    for number in wanted:
        if number not in known:
            raise NotFound(
                _("在册干部中没有编号 %(number)s。", number=number),
                remedy=_("请核对 8 位编号，编号之间用空格分开。"),
                place=number,
            )
    return preferred_first(one for number, one in known.items() if number in wanted)

"""Exposure and honours: the desk of proposals and approvals, and what everybody may see."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.listings import ListingKind, ListingStage, honour_order
from evalsys.errors import NotFound
from evalsys.exports.listings import listings_table, public_table
from evalsys.exports.ranking import ranking_table
from evalsys.ids import CadreNumber
from evalsys.web.consequence_words import CONSEQUENCE_LOOKS, consequence_words
from evalsys.web.guards import allow, public, signed_in
from evalsys.web.personnel_page import evaluation_asked, room_page
from evalsys.web.personnel_query import day, needed, word
from evalsys.web.rooms import rooms
from evalsys.web.taken import list_format, send_table

blueprint = Blueprint("listings", __name__)

readers = allow(Role.PERSONNEL, Role.DISCIPLINE, Role.AUDITOR)
proposers = allow(Role.PERSONNEL, Role.DISCIPLINE)

HONOURS_SHOWN = 50
HONOURABLE = "honourable"
_KINDS = {"exposure": ListingKind.EXPOSURE, "honours": ListingKind.HONOUR}


@blueprint.get("/listed/")
@public
def listed() -> str:
    """Show everybody who is exposed or honoured today: approved and not expired (Y58, Y67)."""
    found = rooms().listings.public()
    return render_template(
        "personnel/listed.html",
        lists=[(kind, [one for one in found if one.proposed.kind is kind]) for kind in ListingKind],
        kinds=ListingKind,
        say=consequence_words(),
    )


@blueprint.get("/listed/list.<form>")
@public
def take_listed(form: str) -> Response:
    """Send what everybody sees as a file."""
    return send_table(public_table(rooms().listings.public()), list_format(form), "listed")


@blueprint.get("/personnel/listings/")
@readers
def every() -> str:
    """Show both lists with whoever waits for approval, and who can be honoured, in order."""
    query, evaluation = evaluation_asked()
    today, found = rooms().listings.today(), rooms().listings.every()
    honourable = honour_order(evaluation)
    return room_page(
        "listings",
        query,
        evaluation,
        lists=[
            (name, kind, [(one, one.stage(today)) for one in found if one.proposed.kind is kind])
            for name, kind in _KINDS.items()
        ],
        honourable=honourable[:HONOURS_SHOWN],
        honourable_count=len(honourable),
        proposed=query.given.get("propose", ""),
        kinds=list(ListingKind),
        stages=ListingStage,
        looks=CONSEQUENCE_LOOKS,
        say=consequence_words(),
        me=signed_in().name,
        may_propose=signed_in().role in {Role.PERSONNEL, Role.DISCIPLINE},
    )


@blueprint.get("/personnel/listings/<name>.<form>")
@readers
def take(name: str, form: str) -> Response:
    """Send one list as a file."""
    if name == HONOURABLE:
        return _honourable(form)
    kind, wanted = list_format(form), _KINDS.get(name)
    if wanted is None:
        raise NotFound(_("没有这种导出。"), remedy=_("请用页面上的导出按钮。"))
    rows = [one for one in rooms().listings.every() if one.proposed.kind is wanted]
    rooms().listings.note_export(rows=len(rows), by=signed_in().name)
    return send_table(listings_table(rows, wanted, rooms().listings.today()), kind, name)


@blueprint.post("/personnel/listings/")
@proposers
def propose() -> Response:
    """Propose a cadre for a list."""
    _query, evaluation = evaluation_asked()
    form = request.form
    rooms().listings.propose(
        evaluation,
        CadreNumber(form.get("cadre", "").strip()),
        kind=needed(word(form, "kind", ListingKind), "kind"),
        finding=form.get("finding", ""),
        basis=form.get("basis", ""),
        by=signed_in().name,
    )
    return _back(_("已提出，等待另一个人批准。"))


@blueprint.post("/personnel/listings/<case>/ruling")
@proposers
def rule(case: str) -> Response:
    """Approve an entry or send it back, as its second person."""
    form = request.form
    approved = needed({"yes": True, "no": False}.get(form.get("approved", "")), "approved")
    rooms().listings.rule(
        case,
        approved=approved,
        reason=form.get("reason", ""),
        publish_on=day(form, "publish_on"),
        by=signed_in().name,
    )
    return _back(_("已批准，到公布日公开。") if approved else _("已退回。"))


@blueprint.post("/personnel/listings/<case>/removal")
@proposers
def remove(case: str) -> Response:
    """Take an entry down before its day."""
    rooms().listings.remove(case, reason=request.form.get("reason", ""), by=signed_in().name)
    return _back(_("已撤下。"))


def _honourable(form: str) -> Response:
    """Send everybody who can be honoured, in order."""
    kind, by = list_format(form), signed_in().name
    _query, evaluation = evaluation_asked()
    ordered = honour_order(evaluation)
    rooms().personnel.note_export(HONOURABLE, by=by, evaluation=evaluation, rows=len(ordered))
    return send_table(ranking_table(evaluation, ordered, "可以表彰的干部"), kind, HONOURABLE)


def _back(said: str) -> Response:
    flash(said)
    return redirect(url_for("listings.every"), 303)

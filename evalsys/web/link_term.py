"""The page of terms: links that fall due, and renewals proposed, approved, exported (L11)."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.link_handover import LeavingReason
from evalsys.domain.link_term import Renewal, Scope
from evalsys.domain.ruling import Ruling
from evalsys.errors import InvalidInput, RuleViolation
from evalsys.exports.link_term import term_table
from evalsys.services.link_term import TermDesk
from evalsys.web.grid import EDITORS, editors, readers
from evalsys.web.guards import signed_in
from evalsys.web.personnel_query import day, needed, word
from evalsys.web.rooms import rooms
from evalsys.web.taken import list_format, send_table

blueprint = Blueprint("link_term", __name__, url_prefix="/roster/terms")

SHOWN = 200
RULINGS = (Ruling.ACCEPTED, Ruling.DECLINED, Ruling.WITHDRAWN)


@blueprint.get("/")
@readers
def page() -> str:
    """List the links whose term is over by `?by=`, in ninety days without it."""
    return _page()


@blueprint.get("/due.<form>")
@readers
def take(form: str) -> Response:
    """Send the list of the page as a file."""
    kind, found = list_format(form), rooms().grid.terms.desk(day(request.args, "by"))
    return send_table(term_table(found.lines, _said(found)), kind, f"terms-{found.by}")


@blueprint.post("/")
@editors
def renew() -> Response | tuple[str, int] | str:
    """Say what a renewal would do, or propose it."""
    terms = rooms().grid.terms
    try:
        asked = _renewal(request.form)
        if request.form.get("deed") != "propose":
            return _page(preview=terms.preview(asked))
        terms.propose(asked, by=signed_in().name)
    except (InvalidInput, RuleViolation) as refusal:
        return _page(refusal=refusal), refusal.status
    flash(_("已提出，等另一位同志批准。"))
    return redirect(url_for("link_term.page"), 303)


@blueprint.post("/<int:number>/ruling")
@editors
def rule(number: int) -> Response:
    """Approve, send back or withdraw a renewal."""
    ruling = asked_ruling()
    why, by = request.form.get("why", ""), signed_in().name
    rooms().grid.terms.rule(number, ruling, why, by=by)
    flash(_state_words()[ruling])
    return redirect(url_for("link_term.page"), 303)


def asked_ruling() -> Ruling:
    """Read the button of `macros.html: ruling`.

    Raises:
        InvalidInput: it is none of them.
    """
    asked = request.form.get("ruling", "")
    if asked not in RULINGS:
        raise InvalidInput(_("没有说明是批准、退回还是撤回。"), remedy=_("请用页面上的按钮。"))
    return Ruling(asked)


def _page(**parts: object) -> str:
    asked = day(request.args, "by") if request.method == "GET" else None
    found = rooms().grid.terms.desk(asked, limit=SHOWN)
    nothing: dict[str, object] = {"preview": None, "refusal": None}
    return render_template(
        "roster/terms.html",
        found=found,
        scopes=scope_words(),
        states=_state_words(),
        who=signed_in().name,
        may_act=signed_in().role in EDITORS,
        sees_roster=signed_in().role is not Role.OFFICE,
        may_hand_over=signed_in().role is Role.PERSONNEL,
        given=request.form,
        term_over=LeavingReason.TERM_OVER.value,
        **(nothing | parts),
    )


def _renewal(form: Mapping[str, str]) -> Renewal:
    return Renewal(
        needed(word(form, "scope", Scope), "scope"),
        form.get("code", "").strip(),
        needed(day(form, "due_by"), "due_by"),
        form.get("reason", ""),
    )


def _said(found: TermDesk) -> list[str]:
    return [
        _("制表 %(day)s，到 %(by)s 期满的联系关系", day=found.today, by=found.by),
        _("联系一定 %(n)s 年", n=found.years) if found.years else _("本县没有规定联系期限"),
        _("%(n)s 户，涉及 %(cadres)s 名在岗干部", n=found.due.links, cadres=found.due.cadres),
    ]


def scope_words() -> Mapping[Scope, str]:
    """Name whose links are renewed."""
    return {
        Scope.CADRE: _("一名干部的联系户"),
        Scope.GRID: _("一个网格及其下级的干部的联系户"),
        Scope.HOUSEHOLD: _("一户"),
    }


def _state_words() -> Mapping[Ruling, str]:
    return {
        Ruling.PROPOSED: _("待批准"),
        Ruling.ACCEPTED: _("已续期"),
        Ruling.DECLINED: _("已退回"),
        Ruling.WITHDRAWN: _("已撤回"),
    }

"""A cadre's page: what is his to do, and nothing of who said what."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.interview import Topic
from evalsys.domain.pledge import PledgeStanding
from evalsys.domain.roster import VisitKind
from evalsys.domain.scoring import Band
from evalsys.errors import InvalidInput, RuleViolation
from evalsys.web import casework_words
from evalsys.web.casework import read_day
from evalsys.web.followup_words import followup_words
from evalsys.web.guards import allow, signed_in
from evalsys.web.personnel_query import word
from evalsys.web.rooms import rooms

blueprint = Blueprint("cadre_page", __name__, url_prefix="/mine")

cadres = allow(Role.CADRE)


@blueprint.get("/")
@cadres
def mine() -> str:
    """Show the page of the cadre that the account is bound to; audited."""
    return _page()


@blueprint.post("/visits")
@cadres
def log_visit() -> Response | tuple[str, int]:
    """Keep a visit; a refusal stands above the form, with what was typed."""
    form, cadre = request.form, request.form.get("cadre", "")
    try:
        day = read_day(form, "day")
        household, note = form.get("household", ""), form.get("note", "")
        kind = word(form, "kind", VisitKind) or VisitKind.HOME
        rooms().households.cadres.log_visit(signed_in(), cadre, household, day, note, kind)
    except (InvalidInput, RuleViolation) as refusal:
        return _page(refusal), refusal.status
    flash(_("走访已登记。"))
    return redirect(url_for("cadre_page.mine", cadre=cadre or None), 303)


def visit_words() -> dict[str, str]:
    """Name how a household was visited."""
    return {
        VisitKind.HOME: _("入户走访"),
        VisitKind.DRIVE: _("集中走访"),
        VisitKind.EVENING: _("基层夜话"),
    }


def band_words() -> dict[Band, str]:
    """Say how a result may be shown."""
    return {
        Band.MEAN: "",
        Band.TOO_FEW: _("作答不足五户，不公布"),
        Band.UNANIMOUS_HIGH: _("全部打 4 分或 5 分"),
        Band.UNANIMOUS_LOW: _("全部打 3 分以下"),
    }


def topic_words() -> dict[str, str]:
    """Name what households were asked."""
    return {
        Topic.VISITED: _("来过没有"),
        Topic.SOLVED: _("解决没有"),
        Topic.PLEDGE: _("承诺兑现没有"),
    }


def _page(refusal: InvalidInput | RuleViolation | None = None) -> str:
    page = rooms().households.cadres.page(signed_in(), request.values.get("cadre", ""))
    return render_template(
        "cadre_page/mine.html",
        page=page,
        refusal=refusal,
        typed=request.form,
        lamps=casework_words.lamp_words(),
        steps=casework_words.step_words(),
        duties=casework_words.duty_words(),
        bands=band_words(),
        topics=topic_words(),
        kinds=visit_words(),
        standings=PledgeStanding,
        say=followup_words(),
    )

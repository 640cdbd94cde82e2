"""Signs for review: what looks odd, with its evidence, and what people make of it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.flags import FlagDecision, FlagKind
from evalsys.errors import InvalidInput
from evalsys.web.flag_words import evidence_words, kind_names, kind_reasons
from evalsys.web.guards import allow, signed_in
from evalsys.web.rooms import rooms

blueprint = Blueprint("flags", __name__, url_prefix="/flags")

_READERS = (Role.DISCIPLINE, Role.AUDITOR)


@blueprint.get("/")
@allow(*_READERS)
def review() -> str:
    """List every sign, those that wait for a decision first; that it was read is audited."""
    found = rooms().flags.read(reader=signed_in().name)
    sessions = {one.id: one for one in rooms().live.sessions()}
    kinds = [kind for kind in FlagKind if any(one.flag.kind is kind for one in found)]
    return render_template(
        "flags/review.html",
        by_kind=[(kind, [one for one in found if one.flag.kind is kind]) for kind in kinds],
        waiting=sum(one.is_open for one in found),
        names=kind_names(),
        reasons=kind_reasons(),
        evidence=evidence_words,
        sessions=sessions,
        decisions=FlagDecision,
    )


@blueprint.post("/look")
@allow(*_READERS)
def look() -> Response:
    """Check everything once more."""
    new = rooms().flags.look(actor=signed_in().name)
    flash(_("已重新核对，新发现 %(count)d 条。", count=new))
    return redirect(url_for("flags.review"), 303)


@blueprint.post("/<flag>/decide")
@allow(*_READERS)
def decide(flag: str) -> Response:
    """Dismiss or confirm a sign, with a reason; nothing follows from it by itself."""
    try:
        decision = FlagDecision(request.form.get("decision", ""))
    except ValueError:
        raise InvalidInput(
            _("请选择“不成立”或“属实”。"), remedy=_("请重新选择。"), place=_("结论")
        ) from None
    rooms().flags.decide(flag, decision, request.form.get("reason", ""), by=signed_in().name)
    flash(_("已记录。"))
    return redirect(url_for("flags.review", _anchor=flag), 303)

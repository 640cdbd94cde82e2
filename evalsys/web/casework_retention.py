"""Words of closed requests whose time is over: what is due, propose, approve."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.web.guards import allow, signed_in
from evalsys.web.rooms import rooms

blueprint = Blueprint("casework_retention", __name__, url_prefix="/casework/retention")

readers = allow(Role.OFFICE, Role.AUDITOR)
office = allow(Role.OFFICE)


@blueprint.get("/")
@readers
def page() -> str:
    """Show what is due by the policy in force, and what went so far."""
    person = signed_in()
    return render_template(
        "casework/retention.html",
        page=rooms().casework.retention.page(),
        me=person.name,
        may_act=person.role is Role.OFFICE,
    )


@blueprint.post("/")
@office
def propose() -> Response:
    """Propose to erase what is due."""
    rooms().casework.retention.propose(signed_in())
    flash(_("已提出，请另一个人批准。"))
    return redirect(url_for("casework_retention.page"), 303)


@blueprint.post("/<int:wanted>")
@office
def approve(wanted: int) -> Response:
    """Erase as proposed; it cannot be undone."""
    erased = rooms().casework.retention.approve(wanted, signed_in())
    flash(_("已清除 %(n)d 件的文字。", n=erased))
    return redirect(url_for("casework_retention.page"), 303)

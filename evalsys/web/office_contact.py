"""How to reach the county office: the public page, and the office's form."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.office_contact import OfficeContact
from evalsys.errors import InvalidInput
from evalsys.web.guards import allow, public, signed_in, visitor
from evalsys.web.rooms import rooms

blueprint = Blueprint("office_contact", __name__, url_prefix="/contact")


@blueprint.get("/")
@public
def page() -> str:
    """Tell telephone, hours and address; offer the office its form."""
    return _page()


@blueprint.post("/")
@allow(Role.OFFICE)
def change() -> Response | tuple[str, int]:
    """Keep another version."""
    form = request.form
    typed = OfficeContact(*(form.get(name, "") for name in ("phone", "hours", "address", "note")))
    try:
        changed = rooms().casework.contact.change(typed, by=signed_in().name)
    except InvalidInput as refusal:
        return _page(typed, refusal), refusal.status
    flash(_("已公布，各页面从现在起这样写。") if changed else _("和现在的一样。"))
    return redirect(url_for("office_contact.page"), 303)


def _page(typed: OfficeContact | None = None, refusal: InvalidInput | None = None) -> str:
    contact, person = rooms().casework.contact.current(), visitor()
    return render_template(
        "office/contact.html",
        contact=contact,
        typed=typed or contact,
        refusal=refusal,
        may_act=person is not None and person.role is Role.OFFICE,
    )

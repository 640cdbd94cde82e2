"""Household forms: whose there are, one form with its history, files in and out."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.household_form import FieldKind, joined
from evalsys.domain.purposes import HouseholdPurpose
from evalsys.errors import EvalsysError, InvalidInput
from evalsys.services.household_form import purpose_of
from evalsys.services.household_form_files import FormImport
from evalsys.web.guards import allow, signed_in
from evalsys.web.household_words import field_title, purpose_words, source_words
from evalsys.web.rooms import rooms
from evalsys.web.taken import list_format, send_table
from evalsys.web.uploads import uploaded
from evalsys.web.words import language

blueprint = Blueprint("household_form", __name__, url_prefix="/household-forms")

readers = allow(Role.CADRE, Role.OFFICE)

_PURPOSE = "household_purpose"


@blueprint.get("/")
@readers
def every() -> str:
    """List the households whose forms one may open, once it is said what for; audited."""
    return _list_page()


@blueprint.post("/purpose")
@readers
def say_purpose() -> Response:
    """Keep what the reading is for, for this sitting of this person."""
    purpose = purpose_of(request.form.get("purpose", ""))
    session[_PURPOSE] = [signed_in().name, purpose.value]
    household = request.form.get("household", "")
    if household:
        return redirect(url_for("household_form.one", household=household), 303)
    return redirect(url_for("household_form.every"), 303)


@blueprint.get("/<household>")
@readers
def one(household: str) -> str:
    """Show one form with its history; audited."""
    return _form_page(household)


@blueprint.post("/<household>")
@readers
def write(household: str) -> Response | tuple[str, int]:
    """Keep what was typed; a refusal stands above the form, with what was typed."""
    try:
        number = rooms().households.forms.write(
            household, signed_in(), typed_answers(), expect=expected_entries()
        )
    except InvalidInput as refusal:
        return _form_page(household, refusal), refusal.status
    flash(_("已保存 %(n)d 项。", n=number) if number else _("没有改动。"))
    return redirect(url_for("household_form.one", household=household), 303)


@blueprint.post("/import")
@readers
def take_in() -> str | tuple[str, int]:
    """Take a file in: tried first, or for good; what is wrong is listed by cell."""
    dry_run = bool(request.form.get("try"))
    try:
        with uploaded("file") as (path, name):
            report = rooms().households.files.import_uploaded(
                path, name, signed_in(), dry_run=dry_run
            )
    except InvalidInput as refusal:
        return _list_page(refusal=refusal), refusal.status
    return _list_page(report=report), 400 if report.errors else 200


@blueprint.get("/forms.<form>")
@readers
def take_out(form: str) -> Response:
    """Send the forms that one may read as a file; audited."""
    kind, purpose = list_format(form), _purpose()
    if purpose is None:
        raise InvalidInput(_("没有说明导出的用途。"), remedy=_("请先在民情表页面选择用途。"))
    table = rooms().households.files.export(
        signed_in(), purpose, request.args.get("grid", "").strip()
    )
    return send_table(table, kind, "household-forms")


def typed_answers() -> Mapping[str, str]:
    """Read the answers of a page: fields are named `f.CODE`, choices come several times."""
    given: dict[str, str] = {}
    for name in request.form:
        if name.startswith("f."):
            given[name[2:]] = joined([one for one in request.form.getlist(name) if one])
    return given


def expected_entries() -> int:
    """Read how many entries the form had when the page was shown."""
    text = request.form.get("entries", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def _purpose() -> HouseholdPurpose | None:
    kept = session.get(_PURPOSE)
    if not isinstance(kept, list) or kept[:1] != [signed_in().name]:
        return None  # chosen by somebody who sat here before
    return next((one for one in HouseholdPurpose if [one.value] == kept[1:]), None)


def _purpose_page(household: str = "") -> str:
    return render_template(
        "household_form/purpose.html", purposes=purpose_words(), household=household
    )


def _list_page(*, report: FormImport | None = None, refusal: EvalsysError | None = None) -> str:
    purpose = _purpose()
    if purpose is None:
        return _purpose_page()
    grid = request.values.get("grid", "").strip()
    return render_template(
        "household_form/every.html",
        page=rooms().households.forms.list_homes(signed_in(), purpose, grid),
        purpose=purpose_words()[purpose],
        report=report,
        refusal=refusal,
    )


def _form_page(household: str, refusal: EvalsysError | None = None) -> str:
    purpose = _purpose()
    if purpose is None:
        return _purpose_page(household)
    page = rooms().households.forms.read(household, signed_in(), purpose)
    return render_template(
        "household_form/one.html",
        page=page,
        purpose=purpose_words()[purpose],
        typed=typed_answers() if refusal else {},
        refusal=refusal,
        english=language() == "en",
        title=field_title,
        kinds=FieldKind,
        sources=source_words(),
    )

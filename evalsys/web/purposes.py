"""What a person reads about others for: chosen once a sitting, kept in the form's session."""

from flask import request, session, url_for
from flask_babel import gettext as _

from evalsys.domain.purposes import Purpose
from evalsys.web.guards import signed_in
from evalsys.web.personnel_page import evaluation_asked, room_page

_KEY = "purpose"
_PERSONS = ("/personnel/cadres/", "/personnel/disputes/")


def chosen_purpose() -> Purpose | None:
    """Return what the signed-in person chose, None where nothing was chosen yet."""
    kept = session.get(_KEY)
    if not isinstance(kept, list) or kept[:1] != [signed_in().name]:
        return None  # chosen by somebody who sat here before
    return next((purpose for purpose in Purpose if [purpose.value] == kept[1:]), None)


def keep_purpose(purpose: Purpose) -> None:
    """Keep the choice for this sitting of this person."""
    session[_KEY] = [signed_in().name, purpose.value]


def purpose_page() -> str:
    """Ask what the reading is for; the page of the person opens after the answer."""
    query, evaluation = evaluation_asked()
    page = request.full_path.removesuffix("?") if request.method == "GET" else ""
    return room_page(
        "purpose", query, evaluation, page=page, purposes=list(Purpose), purpose_words=_words()
    )


def back_to_page(page: str) -> str:
    """Return the page that was asked for; anything but a page about a person is the list."""
    plain = "\\" not in page and page.isprintable()
    return page if plain and page.startswith(_PERSONS) else url_for("personnel.county")


def _words() -> dict[Purpose, str]:
    return {
        Purpose.ASSESSMENT: _("年度考核"),
        Purpose.APPOINTMENT: _("选拔任用"),
        Purpose.DISPUTE: _("处理异议"),
        Purpose.INVESTIGATION: _("调查核实"),
        Purpose.AUDIT: _("审计检查"),
    }

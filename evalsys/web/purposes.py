"""What a person reads about others for: chosen once a sitting, kept in the form's session."""

from flask import request, session, url_for

from evalsys.domain.purposes import Purpose
from evalsys.web.guards import signed_in
from evalsys.web.personnel_page import evaluation_asked, room_page

_KEY = "purpose"
_PERSONS = (
    "/personnel/cadres/",
    "/personnel/disputes/",
    "/personnel/investigations/",
    "/personnel/papers/issued/",
    "/personnel/promotions/",
)


def chosen_purpose() -> Purpose | None:
    """Return what the signed-in person chose, None where nothing was chosen yet."""
    kept = session.get(_KEY)
    if not isinstance(kept, list) or kept[:1] != [signed_in().name]:
        return None  # chosen by somebody who sat here before
    return next((purpose for purpose in Purpose if [purpose.value] == kept[1:]), None)


def keep_purpose(purpose: Purpose) -> None:
    """Keep the choice for this sitting of this person."""
    session[_KEY] = [signed_in().name, purpose.value]


def purpose_page(page: str = "") -> str:
    """Ask what the reading is for; `page`, or the one asked for, opens after the answer."""
    query, evaluation = evaluation_asked()
    wanted = page or request.full_path.removesuffix("?")
    return room_page("purpose", query, evaluation, page=wanted, purposes=list(Purpose))


def back_to_page(page: str) -> str:
    """Return the page that was asked for; anything but a page about a person is the list."""
    plain = "\\" not in page and page.isprintable()
    return page if plain and page.startswith(_PERSONS) else url_for("personnel.county")

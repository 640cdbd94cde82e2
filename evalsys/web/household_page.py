"""A household's own page, for old eyes and small screens: in by a code, nothing in the address."""

import io

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    session,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.domain.casework.words import Confirmation
from evalsys.domain.household_form import FieldKind
from evalsys.domain.household_page import Outcome, WishKind, read_correction
from evalsys.errors import EvalsysError, InvalidInput, NotSignedIn, TooManyTries
from evalsys.exports.pdf import MEDIA_TYPE
from evalsys.web import casework_words
from evalsys.web.caller import caller
from evalsys.web.card_door import never_keep, public_address
from evalsys.web.guards import allow, by_household, public, signed_in
from evalsys.web.household_form import expected_entries, typed_answers
from evalsys.web.household_words import (
    field_title,
    kept_words,
    outcome_words,
    protection_words,
    source_words,
    wish_words,
)
from evalsys.web.rooms import rooms
from evalsys.web.words import language

blueprint = Blueprint("household_page", __name__, url_prefix="/my-home")

office = allow(Role.OFFICE)

_ASKING = "household_asking"


@blueprint.get("/")
@public
def index() -> Response | tuple[Response, int]:
    """Show the page of the household that got in; to anybody else, how to get in."""
    try:
        household = _household()
    except NotSignedIn:
        return _entry()
    page = rooms().households.pages.page(household)
    return _answer(
        render_template(
            "household_page/page.html",
            page=page,
            contact=rooms().casework.contact.current(),
            home=page.registered,
            english=language() == "en",
            title=field_title,
            kinds=FieldKind,
            lamps=casework_words.lamp_words(),
            steps=casework_words.step_words(),
            reasons=casework_words.reason_words(),
            sources=source_words(),
            protections=protection_words(),
            wish_kinds=wish_words(),
            outcomes=outcome_words(),
            kept=kept_words(),
        )
    )


@blueprint.post("/ask")
@public
def ask() -> Response | tuple[Response, int]:
    """Take a number; what is said does not depend on whether we know it."""
    try:
        session[_ASKING] = rooms().households.door.ask(
            request.form.get("phone", ""), address=caller()
        )
    except (InvalidInput, TooManyTries) as refusal:
        return _entry(refusal)
    return redirect(url_for("household_page.index", step="code"), 303)


@blueprint.post("/enter")
@public
def enter() -> Response | tuple[Response, int]:
    """Use a code up and keep the sitting in a cookie."""
    try:
        token = rooms().households.door.enter(
            request.form.get("code", ""),
            str(session.get(_ASKING, "")),
            address=caller(),
        )
    except (NotSignedIn, TooManyTries) as refusal:
        return _entry(refusal)
    session.pop(_ASKING, None)
    response = redirect(url_for("household_page.index"), 303)
    response.set_cookie(
        _cookie(),
        token,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response


@blueprint.post("/leave")
@public
def leave() -> Response:
    """End the sitting in this browser."""
    rooms().households.door.leave(request.cookies.get(_cookie(), ""))
    response = redirect(url_for("household_page.index"), 303)
    response.delete_cookie(_cookie())
    return response


@blueprint.post("/correct")
@by_household
def correct() -> Response:
    """Correct the household's own form."""
    number = rooms().households.pages.correct(
        _household(), typed_answers(), expect=expected_entries()
    )
    return _back(_("已更正 %(n)d 项。", n=number) if number else _("没有改动。"))


@blueprint.post("/erase")
@by_household
def erase() -> Response:
    """Erase the household's form, once it is said twice."""
    household = _household()
    if request.form.get("sure") != "yes":
        raise InvalidInput(_("没有勾选确认。"), remedy=_("删除不能恢复，请勾选后再按。"))
    number = rooms().households.pages.erase(household)
    return _back(_("民情表的 %(n)d 项内容已经删除，谁也不能再看到。", n=number))


@blueprint.post("/wish")
@by_household
def wish() -> Response:
    """Ask the office for a correction, an erasure or protection."""
    household = _household()
    try:
        kind = WishKind(request.form.get("kind", ""))
    except ValueError:
        raise InvalidInput(_("请选择要申请什么。"), remedy=_("请从列表中选择。")) from None
    form = request.form
    rooms().households.pages.wish(household, kind, form.get("words", ""), form.get("measure", ""))
    return _back(_("申请已经记下，县联系办会在这里答复。"))


@blueprint.post("/request")
@by_household
def raise_request() -> Response:
    """Bring a request in."""
    code = rooms().households.pages.raise_request(_household(), request.form.get("text", ""))
    return _back(_("已受理，编号 %(code)s。", code=code))


@blueprint.post("/requests/<code>/judge")
@by_household
def judge(code: str) -> Response:
    """Say whether a closed request is solved."""
    household = _household()
    try:
        answer = {"yes": Confirmation.YES, "no": Confirmation.NO}[request.form.get("answer", "")]
    except KeyError:
        raise InvalidInput(_("请按“解决了”或“没解决”。"), remedy=_("请重新按一次。")) from None
    rooms().households.pages.judge(household, code, answer)
    return _back(_("您的回答已经记下。"))


@blueprint.get("/wishes")
@office
def wishes() -> str:
    """List what households asked the office for; audited."""
    return render_template(
        "household_page/wishes.html",
        wishes=rooms().households.pages.wishes(signed_in()),
        wish_kinds=wish_words(),
        protections=protection_words(),
        outcomes=outcome_words(),
        outcome=Outcome,
    )


@blueprint.post("/wishes/<wish>")
@office
def answer_wish(wish: str) -> Response:
    """Grant or refuse a wish, with a reason that the household reads."""
    try:
        outcome = Outcome(request.form.get("outcome", ""))
    except ValueError:
        raise InvalidInput(_("请选择同意或不同意。"), remedy=_("请重新选择。")) from None
    form = request.form
    correction = read_correction(*(form.get(name, "") for name in ("head", "members", "phones")))
    rooms().households.pages.answer_wish(
        wish,
        outcome,
        form.get("words", ""),
        signed_in(),
        correction,
        erases=form.get("request", "").strip() if outcome is Outcome.GRANTED else "",
    )
    flash(_("已答复。"))
    return redirect(url_for("household_page.wishes"), 303)


@blueprint.post("/letters")
@office
def letters() -> Response:
    """Send the letters of a cell of the grid as PDF, each with a fresh code."""
    grid = request.form.get("grid", "").strip()
    address = public_address(url_for("household_page.index"))
    paper, _count = rooms().households.pages.print_letters(grid, signed_in(), address=address)
    return never_keep(
        send_file(
            io.BytesIO(paper),
            mimetype=MEDIA_TYPE,
            as_attachment=True,
            download_name=f"letters-{grid}.pdf",
        )
    )


def _household() -> str:
    return rooms().households.door.household(request.cookies.get(_cookie(), ""))


def _cookie() -> str:
    """Goes the way of the login's cookie: bound to the host over https."""
    login: str = current_app.config["LOGIN_COOKIE"]
    return login.replace("login", "home")


def _entry(refusal: EvalsysError | None = None) -> tuple[Response, int]:
    page = render_template(
        "household_page/entry.html",
        refusal=refusal,
        asked=request.args.get("step") == "code",
        contact=rooms().casework.contact.current(),
    )
    return _answer(page), 200 if refusal is None else refusal.status


def _answer(page: str) -> Response:
    return never_keep(current_app.make_response(page))


def _back(said: str) -> Response:
    flash(said)
    return redirect(url_for("household_page.index"), 303)

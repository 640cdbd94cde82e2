"""Signing in and out, and one's own account."""

from flask import (
    Blueprint,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.domain.access import Role
from evalsys.errors import InvalidInput, NotSignedIn, TooManyTries
from evalsys.services.access import LASTS_FOR
from evalsys.web.caller import caller
from evalsys.web.guards import allow, public, signed_in, visitor
from evalsys.web.rooms import rooms

blueprint = Blueprint("auth", __name__)


@blueprint.get("/login")
@public
def sign_in_page() -> ResponseReturnValue:
    """Show the sign-in form; people already signed in go on to where they were going."""
    if visitor() is not None:
        return redirect(_onward())
    return render_template("auth/login.html", next=_onward(), name="")


@blueprint.post("/login")
@public
def sign_in() -> ResponseReturnValue:
    """Check name and password, and go on to where the person was going."""
    name = request.form.get("name", "")
    try:
        token = rooms().access.sign_in(name, request.form.get("password", ""), address=caller())
    except (NotSignedIn, TooManyTries) as error:
        page = render_template("auth/login.html", next=_onward(), name=name, error=error)
        return page, error.status
    return _with_login(redirect(_onward(), 303), token)


@blueprint.post("/logout")
@public
def sign_out() -> ResponseReturnValue:
    """End this login, and go on to the page that asked, or home."""
    token = request.cookies.get(current_app.config["LOGIN_COOKIE"])
    if token:
        rooms().access.sign_out(token)
    return _without_login()


@blueprint.get("/account")
@allow(*Role)
def account() -> ResponseReturnValue:
    """Show one's own account."""
    return render_template("auth/account.html")


@blueprint.post("/account/password")
@allow(*Role)
def change_password() -> ResponseReturnValue:
    """Change one's own password; other browsers are signed out."""
    try:
        old, new = _typed_passwords()
        address = caller()
        token = rooms().access.change_password(signed_in(), old, new, address=address)
    except (InvalidInput, TooManyTries) as error:
        return render_template("auth/account.html", error=error), error.status
    response = _with_login(redirect(url_for("auth.account"), 303), token)
    flash(_("密码已修改，其他设备上的登录已全部退出。"))
    return response


@blueprint.post("/account/sign-out-everywhere")
@allow(*Role)
def sign_out_everywhere() -> ResponseReturnValue:
    """End every login of one's own, on every browser."""
    rooms().access.sign_out_everywhere(signed_in())
    return _without_login()


def safe_next(target: str) -> str:
    """Return `target` when it is a path of ours, else the home page (no open redirect)."""
    # Browsers read "//host" and "/\\host" as another site, and drop control characters first.
    ours = target.startswith("/") and not target.startswith("//") and "\\" not in target
    return target if ours and target.isprintable() else url_for("home.index")


def _typed_passwords() -> tuple[str, str]:
    form = request.form
    if form.get("new") != form.get("again"):
        raise InvalidInput(_("两次输入的新密码不一致。"), remedy=_("请重新输入。"))
    return form.get("old", ""), form.get("new", "")


def _onward() -> str:
    return safe_next(request.values.get("next", ""))


def _with_login(response: Response, token: str) -> Response:
    session.clear()  # a CSRF token from before the sign-in is worth nothing after it
    response.set_cookie(
        current_app.config["LOGIN_COOKIE"],
        token,
        max_age=LASTS_FOR,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response


def _without_login() -> Response:
    session.clear()
    g.visitor = None
    response = redirect(_onward(), 303)
    response.delete_cookie(
        current_app.config["LOGIN_COOKIE"],
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    response.headers["Clear-Site-Data"] = '"cache"'
    return response

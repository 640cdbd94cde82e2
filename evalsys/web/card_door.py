"""Joining by card: a place is taken by the device that first opens its card's address.

The panel's seats and the places of a ceremony are taken the same way. A device is known by a random
token in a cookie of its own; looking at a card's address gives the token and takes nothing, so that
a lost answer can be asked again and a link preview harms nobody.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import segno
from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from evalsys.errors import EvalsysError, InvalidInput
from evalsys.ids import LiveId

_HELD_FOR_S = 14 * 24 * 3600


class Place(Protocol):
    """What a device can take: it belongs to one session."""

    @property
    def id(self) -> str:
        """Identity of the place."""
        ...

    @property
    def live(self) -> LiveId:
        """Session of the place."""
        ...

    @property
    def code(self) -> str:
        """What its card says."""
        ...


@dataclass(frozen=True, slots=True)
class CardDoor:
    """One kind of places; `kind` names the cookie, so one phone can have a place of each kind."""

    kind: str

    def token(self) -> str:
        """Return the token of the device that asks; empty when it has none."""
        return request.cookies.get(self._cookie, "")

    def needed_token(self) -> str:
        """Return the token of the device that asks.

        Raises:
            InvalidInput: the browser keeps no cookies.
        """
        token = self.token()
        if not token:
            raise InvalidInput(
                _("浏览器没有保存本站的 Cookie，无法入座。"),
                remedy=_("请允许 Cookie，或换一个浏览器，再扫一次卡。"),
            )
        return token

    def ask(
        self, template: str, find: Callable[[str], Place], join: str, held: Place | None
    ) -> ResponseReturnValue:
        """Ask for the code on the card and go on to the page `join`; `held` is offered its page."""
        typed = request.args.get("code", "").strip()
        error = None
        if typed:
            try:
                return redirect(url_for(join, code=find(typed).code))
            except EvalsysError as refusal:
                error = refusal
        page = render_template(template, held=held, typed=typed, error=error)
        return page, error.status if error else 200

    def show(self, page: str, place: Place, held: Place | None) -> Response:
        """Answer with a card's page; a device that may take `place` gets its token with it."""
        response = current_app.make_response(page)
        if not self.token() or (held is not None and held.live != place.live):
            self._keep(response, secrets.token_urlsafe(32))
        return response

    def _keep(self, response: Response, token: str) -> None:
        response.set_cookie(
            self._cookie,
            token,
            max_age=_HELD_FOR_S,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )

    @property
    def _cookie(self) -> str:
        """Goes the way of the login's cookie: bound to the host over https."""
        login: str = current_app.config["LOGIN_COOKIE"]
        return login.replace("login", self.kind)


def never_keep(response: Response) -> Response:
    """Keep a page in no cache: it holds codes, or says whose device this is."""
    response.headers["Cache-Control"] = "no-store"
    return response


def public_address(path: str) -> str:
    """Return an address for devices in the hall: never made from what a request claims."""
    public_url: str = current_app.config["PUBLIC_URL"]
    return public_url + path


def qr_picture(text: str) -> str:
    """Draw a QR code, as an address that holds the picture itself."""
    code = segno.make_qr(text, error="m")
    return code.svg_data_uri(border=4, xmldecl=False, svgclass=None, lineclass=None)

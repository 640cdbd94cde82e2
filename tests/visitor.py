"""The application as people meet it: a browser's requests without the browser."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from evalsys.app import create_app
from evalsys.domain.access import Role
from evalsys.domain.purposes import Purpose
from evalsys.store.database import Database
from evalsys.web.rooms import rooms
from tests.accounts import rooms_of
from tests.builders import some_settings

PASSWORD = "correct horse battery"  # noqa: S105 - of accounts that live for one test
READERS = frozenset({Role.PERSONNEL, Role.DISCIPLINE, Role.AUDITOR})
"""Who may read about persons, and says at the start of a sitting what for."""
BROWSER = {"Accept": "text/html,application/xhtml+xml"}


class Visitor:
    """One person's browser: own cookies, asks for pages, sends the CSRF token with each form."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()
        self._token = ("", "")

    def get(self, path: str, **query: str) -> TestResponse:
        return self.client.get(path, query_string=query, headers=BROWSER, buffered=True)

    def ask(self, path: str) -> TestResponse:
        """Get as a program does, which takes JSON."""
        return self.client.get(path, headers={"Accept": "application/json"})

    def post(self, path: str, **form: str) -> TestResponse:
        """Send a form of one of our pages."""
        sent = {"csrf_token": self.csrf(), **form}
        return self.client.post(path, data=sent, headers=BROWSER)

    def send(self, path: str, body: object) -> TestResponse:
        """Send JSON as the scripts of our pages do."""
        return self.client.post(path, json=body, headers={"X-CSRFToken": self.csrf()})

    def csrf(self) -> str:
        """The token that our pages hold, asked for anew when the session is another."""
        if not self._token[1] or self._token[0] != self._session():
            found = re.search(r'name="csrf-token" content="([^"]+)"', self.get("/nowhere").text)
            assert found is not None
            self._token = (self._session(), found[1])
        return self._token[1]

    def _session(self) -> str:
        cookie = self.client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        return cookie.value if cookie else ""

    def sign_in(self, name: str, password: str = PASSWORD, **more: str) -> TestResponse:
        return self.post("/login", name=name, password=password, **more)

    def sign_in_as(self, role: Role) -> "Visitor":
        """Sign in with an account of that role, made when it is not there yet."""
        with self.app.app_context():
            access = rooms().access
            if role.value not in {account.name for account in access.accounts()}:
                access.add(role.value, role, PASSWORD, actor="test")
        assert self.sign_in(role.value).status_code == 303
        if role in READERS:
            purpose = Purpose.ASSESSMENT.value
            assert self.post("/personnel/purpose", purpose=purpose).status_code == 303
        return self


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Iterator[Flask]:
    """Build the application over a fresh database."""
    address = database.engine.url.render_as_string(hide_password=False)
    app = create_app(some_settings(address, tmp_path))
    found = rooms_of(app)
    yield app
    found.access._database.close()


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """One person who is not signed in."""
    return Visitor(app)

"""Screens subscribe to a session: what they send is checked before anything is looked up."""

from typing import Any

import pytest
from flask import Flask
from flask_socketio import SocketIO

from evalsys.domain.access import Role
from tests.live_hall import PLAN
from tests.visitor import Visitor

# Decided before any database is asked, or alike in both.


def subscribed(app: Flask, message: object, visitor: Visitor | None = None) -> dict[str, Any]:
    """What the server answers to one `subscribe`."""
    socket: SocketIO = app.extensions["socketio"]
    browser = visitor.client if visitor else app.test_client()
    client = socket.test_client(app, flask_test_client=browser)
    answer: dict[str, Any] = client.emit("subscribe", message, callback=True)
    client.disconnect()
    return answer


@pytest.mark.on_sqlite
@pytest.mark.parametrize(
    "message",
    [
        None,
        [],
        "subscribe",
        {},
        {"live": 1, "audience": "public"},
        {"live": "\x00", "audience": "public"},
        {"live": "0" * 33, "audience": "public"},
        {"live": "0" * 32, "audience": ["public"]},
        {"live": "0" * 32, "audience": "secret"},
    ],
)
def test_a_malformed_subscription_is_refused_in_words(app: Flask, message: object) -> None:
    error = subscribed(app, message)["error"]
    assert (error["code"], error["place"]) == ("invalid_input", "subscribe")


def test_a_screen_of_no_session_is_told_so(app: Flask) -> None:
    error = subscribed(app, {"live": "0" * 32, "audience": "public"})["error"]
    assert error["code"] == "not_found"


def test_the_console_is_shown_to_those_who_run_the_session_only(app: Flask) -> None:
    operator = Visitor(app).sign_in_as(Role.OPERATOR)
    live = operator.send("/console/plan", {**PLAN, "slots": 1}).get_json()["live"]
    wanted = {"live": live, "audience": "console"}
    assert subscribed(app, wanted)["error"]["code"] == "not_allowed"
    panel = Visitor(app).sign_in_as(Role.PANEL)
    assert subscribed(app, wanted, panel)["error"]["code"] == "not_allowed"
    assert subscribed(app, wanted, operator)["view"]["step"] == 1
    public = subscribed(app, {"live": live, "audience": "public"})["view"]
    assert "step" not in public

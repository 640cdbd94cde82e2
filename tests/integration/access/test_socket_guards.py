"""Who may send socket messages, message by message."""

from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask_socketio import SocketIO
from flask_socketio.test_client import SocketIOTestClient

from evalsys.domain.access import Role
from evalsys.errors import WrongPhase
from evalsys.realtime.guards import (
    Message,
    Pushes,
    check_every_push_declares,
    push_allow,
    push_public,
)
from evalsys.realtime.socket import attach_socket
from evalsys.store.database import Database
from evalsys.web.errors import told_error
from evalsys.web.words import set_up_words
from tests.accounts import accounts

COOKIE = "login"
GOOD = "correct horse battery"


class Line:
    """A socket server with three messages, over real accounts."""

    def __init__(self, database: Database) -> None:
        self.access = accounts(database)
        for role in (Role.OPERATOR, Role.HOST):
            self.access.add(role.value, role, GOOD, actor="test")
        self.app = Flask("evalsys", static_folder=None)
        set_up_words(self.app, ZoneInfo("Asia/Shanghai"), https=False)
        self.socket = SocketIO()
        attach_socket(self.socket, self.app, public_url="http://127.0.0.1", async_mode="threading")
        self.pushes = Pushes(self.socket, self.access, COOKIE, told_error)

        @push_public
        def who(_message: Message) -> Message:
            caller = self.pushes.caller()
            return {"name": caller.name if caller else ""}

        @push_allow(Role.OPERATOR)
        def step(message: Message) -> Message:
            if message.get("wrong"):
                raise WrongPhase("现在不能抽号。", remedy="请先开场。")
            return {"stepped": dict(message)}

        @push_public
        def broken(_message: Message) -> Message:
            raise LookupError("secret detail")

        for handler in (who, step, broken):
            self.pushes.on(handler.__name__, handler)
        check_every_push_declares(self.socket)

    def connect(self, name: str = "", *, lang: str = "zh") -> tuple[SocketIOTestClient, str]:
        browser = self.app.test_client()
        browser.set_cookie("lang", lang)
        token = ""
        if name:
            token = self.access.sign_in(name, GOOD, address="192.0.2.7")
            browser.set_cookie(COOKIE, token)
        return self.socket.test_client(self.app, flask_test_client=browser), token


@pytest.fixture
def line(database: Database) -> Line:
    return Line(database)


def _send(client: SocketIOTestClient, name: str, body: object = None) -> dict[str, object]:
    answer = client.emit(name, body, callback=True)
    assert isinstance(answer, dict)
    return answer


def test_everybody_may_send_a_public_message(line: Line) -> None:
    client, _ = line.connect()
    assert _send(client, "who") == {"name": ""}


def test_the_login_of_the_handshake_says_who_is_there(line: Line) -> None:
    client, _ = line.connect("host")
    assert _send(client, "who") == {"name": "host"}


def test_a_role_that_the_handler_names_passes(line: Line) -> None:
    client, _ = line.connect("operator")
    assert _send(client, "step", {"n": 1}) == {"stepped": {"n": 1}}


def test_others_are_refused_and_told_why(line: Line) -> None:
    for name, code in (("host", "not_allowed"), ("", "not_signed_in")):
        client, _ = line.connect(name)
        error = _send(client, "step")["error"]
        assert isinstance(error, dict)
        assert error["code"] == code
        assert error["what"]
    english, _ = line.connect("host", lang="en")
    assert _send(english, "step")["error"] == {
        "code": "not_allowed",
        "what": "Your role may not do this.",
        "remedy": "Sign in with an account that may.",
        "place": "",
    }


def test_a_login_that_ended_is_refused_at_the_next_message(line: Line) -> None:
    client, token = line.connect("operator")
    line.access.sign_out(token)
    error = _send(client, "step")["error"]
    assert isinstance(error, dict)
    assert error["code"] == "not_signed_in"


def test_a_socket_whose_login_ended_is_cut_off_and_others_stay(line: Line) -> None:
    ended, _ = line.connect("operator")
    other, _ = line.connect("host")
    anonymous, _ = line.connect()
    line.access.disable("operator", actor="test")
    line.pushes.drop_ended_logins()
    assert not ended.is_connected()
    assert other.is_connected()
    assert anonymous.is_connected()


def test_a_refusal_of_the_rules_is_the_acknowledgement(line: Line) -> None:
    client, _ = line.connect("operator")
    assert _send(client, "step", {"wrong": True}) == {
        "error": {
            "code": "wrong_phase",
            "what": "现在不能抽号。",
            "remedy": "请先开场。",
            "place": "",
        }
    }


def test_a_surprise_is_told_with_its_number_and_no_trace(line: Line) -> None:
    client, _ = line.connect()
    error = _send(client, "broken")["error"]
    assert isinstance(error, dict)
    assert error["code"] == "internal"
    assert len(error["incident"]) == 8
    assert "secret" not in str(error)


@pytest.mark.parametrize("body", [None, "text", 7, ["a"], {"n": 1}])
def test_whatever_is_sent_a_handler_gets_an_object(line: Line, body: object) -> None:
    client, _ = line.connect("operator")
    assert _send(client, "step", body) == {"stepped": body if isinstance(body, dict) else {}}


def test_a_handler_that_declares_nothing_is_refused(line: Line) -> None:
    with pytest.raises(RuntimeError, match="silent"):
        line.pushes.on("silent", lambda message: message)

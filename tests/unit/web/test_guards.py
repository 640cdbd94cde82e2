"""The application refuses to start while a door is undeclared."""

import pytest
from flask import Flask
from flask_socketio import SocketIO

from evalsys.domain.access import Door, Entrance, Role
from evalsys.realtime.guards import check_every_push_declares
from evalsys.realtime.socket import attach_socket
from evalsys.web.guards import (
    allow,
    by_carrier,
    by_seat,
    check_every_route_declares,
    door_of,
    public,
)


def test_each_mark_declares_its_door() -> None:
    assert door_of(public(lambda: "")) == Door(Entrance.PUBLIC)
    assert door_of(by_carrier(lambda: "")) == Door(Entrance.CARRIER)
    assert door_of(by_seat(lambda: "")) == Door(Entrance.SEAT)
    assert door_of(allow(Role.HOST)(lambda: "")) == Door.for_roles([Role.HOST])


def test_a_view_declares_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        public(allow(Role.HOST)(lambda: ""))


def test_a_route_that_declares_nothing_stops_the_start_and_is_named() -> None:
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/open", "open", public(lambda: ""))
    check_every_route_declares(app)
    app.add_url_rule("/silent/<int:n>", "silent", str)
    with pytest.raises(RuntimeError, match=r"/silent/<int:n> \(silent\)"):
        check_every_route_declares(app)


def test_a_socket_handler_that_nothing_guards_stops_the_start_and_is_named() -> None:
    socket = SocketIO()
    attach_socket(socket, Flask(__name__), public_url="http://127.0.0.1", async_mode="threading")
    check_every_push_declares(socket)
    socket.on("silent")(lambda _data: None)
    with pytest.raises(RuntimeError, match="/ silent"):
        check_every_push_declares(socket)

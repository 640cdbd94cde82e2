"""The engineers' wall over real sockets: who tells a name, who may look, what is done to whom."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask_socketio import SocketIO
from flask_socketio.test_client import SocketIOTestClient

from evalsys.domain.access import Role
from evalsys.domain.live.commands_control import TakeSeat
from evalsys.ids import LiveId
from evalsys.web.rooms import rooms
from tests.live_hall import PLAN
from tests.visitor import Visitor

pytestmark = pytest.mark.on_sqlite


class House:
    """A session on air, an engineer at the wall, and screens that connect."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.socket: SocketIO = app.extensions["socketio"]
        self.operator = Visitor(app).sign_in_as(Role.OPERATOR)
        planned = {**PLAN, "slots": 1}
        self.live = LiveId(self.operator.send("/console/plan", planned).get_json()["live"])
        self.engineer = Visitor(app).sign_in_as(Role.ENGINEER)
        self.wall = self.connect(self.engineer)
        self.open: list[SocketIOTestClient] = [self.wall]

    def connect(self, visitor: Visitor | None = None) -> SocketIOTestClient:
        browser = (visitor or Visitor(self.app)).client
        client: SocketIOTestClient = self.socket.test_client(self.app, flask_test_client=browser)
        return client

    def link(self, kind: str, name: str) -> str:
        made = self.engineer.send(f"/wall/{self.live}/link", {"kind": kind, "name": name})
        assert made.status_code == 200, made.text
        address: str = made.get_json()["address"]
        return address

    def screen(self, kind: str, name: str, **more: object) -> SocketIOTestClient:
        """Connect a screen that holds its link."""
        client = self.connect()
        self.open.append(client)
        key = parse_qs(urlsplit(self.link(kind, name)).query)["key"][0]
        told = {"kind": kind, "name": name, "key": key, "width": 1920, "height": 1080, **more}
        assert "id" in self.send(client, "screen", told)
        return client

    def send(self, client: SocketIOTestClient, name: str, message: Mapping[str, object]) -> Any:  # noqa: ANN401 - JSON
        return client.emit(name, {"live": self.live, **message}, callback=True)

    def screens(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.send(self.wall, "wall", {})["screens"]
        return found


@pytest.fixture
def house(app: Flask) -> Iterator[House]:
    house = House(app)
    yield house
    for client in house.open:
        if client.is_connected():
            client.disconnect()


def test_a_screen_with_its_link_stands_on_the_wall_until_it_is_gone(house: House) -> None:
    led = house.screen("led", "LED-1")
    house.send(led, "beat", {"seq": 1})
    (shown,) = house.screens()
    assert (shown["kind"], shown["name"], shown["seq"]) == ("led", "LED-1", 1)
    assert (shown["size"], shown["standing"], shown["on_air"]) == ([1920, 1080], "good", True)
    led.disconnect()
    (shown,) = house.screens()
    assert shown["standing"] == "gone"
    house.screen("led", "LED-1")  # it came back: one card, not two
    (shown,) = house.screens()
    assert shown["standing"] == "good"


def test_a_gone_screen_is_taken_off_the_wall(house: House) -> None:
    house.screen("stage", "舞台左").disconnect()
    house.send(house.wall, "screen_do", {"act": "forget", "id": house.screens()[0]["id"]})
    assert house.screens() == []


NOT_FOR_THE_WALL: list[tuple[dict[str, object], str]] = [
    ({"kind": "stage", "name": "舞台左", "key": "a" * 26}, "not_allowed"),
    ({"kind": "stage", "name": "舞台左"}, "not_allowed"),
    ({"kind": "stage", "name": "舞台左", "key": ["x"]}, "not_allowed"),
    ({"kind": "nothing", "name": "舞台左"}, "invalid_input"),
    ({"kind": "stage", "name": "<b>"}, "invalid_input"),
    ({"kind": "stage", "name": "舞台左", "live": "0" * 31}, "invalid_input"),
    ({}, "invalid_input"),
]


def test_nobody_else_gets_onto_the_wall(house: House) -> None:
    stranger = house.connect()
    for told, code in NOT_FOR_THE_WALL:
        assert house.send(stranger, "screen", told)["error"]["code"] == code, told
    assert house.send(stranger, "beat", {"seq": 5}) == {"known": False}
    assert house.send(stranger, "beat", {"seq": -1})["error"]["code"] == "invalid_input"
    assert house.screens() == []
    for name in ("wall", "screen_do"):
        assert house.send(stranger, name, {})["error"]["code"] == "not_signed_in"
    stranger.disconnect()


def test_a_link_opens_its_own_kind_of_screen_and_session_only(house: House) -> None:
    anybody = Visitor(house.app)
    link = urlsplit(house.link("monitor", "提示屏"))
    held = {name: value[0] for name, value in parse_qs(link.query).items()}
    assert anybody.get(link.path, **held).status_code == 200
    for path in (f"/observer/{house.live}", f"/calls/{house.live}"):
        assert anybody.get(path, **held).status_code == 302
    other = house.operator.send("/console/plan", {**PLAN, "slots": 1}).get_json()["live"]
    assert anybody.get(f"/monitor/{other}", **held).status_code == 302
    assert anybody.ask(f"/console/{house.live}/view.json?{link.query}").status_code == 200
    assert anybody.ask(f"/console/{other}/view.json?{link.query}").status_code == 401
    client = house.connect()
    wanted = {**held, "audience": "console"}
    assert house.send(client, "subscribe", wanted)["view"]["step"] == 1
    forged = {**wanted, "screen": "别的屏"}
    assert house.send(client, "subscribe", forged)["error"]["code"] == "not_allowed"
    client.disconnect()


def test_engineers_find_and_reload_one_screen_and_no_other(house: House) -> None:
    left, right = house.screen("stage", "左"), house.screen("stage", "右")
    number = {one["name"]: one["id"] for one in house.screens()}
    for act in ("identify", "reload"):
        assert house.send(house.wall, "screen_do", {"act": act, "id": number["右"]}) == {}
    assert [one["name"] for one in right.get_received()] == ["identify", "reload"]
    assert left.get_received() == []
    house.send(house.wall, "screen_do", {"act": "identify"})
    assert [one["name"] for one in left.get_received()] == ["identify"]
    for wrong in (
        {"act": "reload"},
        {"act": "explode", "id": number["右"]},
        {"act": "identify", "id": 99},
    ):
        assert house.send(house.wall, "screen_do", wrong)["error"]["code"] == "invalid_input"


def test_a_sub_venue_reports_and_reports_again_as_the_same_screen(house: House) -> None:
    desk = house.screen("subvenue-desk", "沂水一中", report={"present": 120, "picture": True})
    (shown,) = house.screens()
    assert shown["venue"] == {
        "name": "沂水一中",
        "present": 120,
        "picture": True,
        "sound": False,
        "asks": False,
    }
    key = parse_qs(urlsplit(house.link("subvenue-desk", "沂水一中")).query)["key"][0]
    told: dict[str, object] = {
        "kind": "subvenue-desk",
        "name": "沂水一中",
        "key": key,
        "report": {"asks": True},
    }
    assert house.send(desk, "screen", told)["id"] == shown["id"]
    assert house.screens()[0]["venue"]["asks"] is True
    told["report"] = {"present": "many"}
    assert house.send(desk, "screen", told)["error"]["code"] == "invalid_input"


def test_a_link_for_nothing_is_refused_in_words(house: House) -> None:
    made, door = house.engineer.send, f"/wall/{house.live}/link"
    for fields in ({}, {"kind": "led"}, {"kind": "x", "name": "a"}, {"kind": "led", "name": ""}):
        assert made(door, fields).status_code == 400, fields
    assert made(f"/wall/{'0' * 32}/link", {"kind": "led", "name": "a"}).status_code == 404


def test_an_engineer_blacks_an_output_out_and_only_the_director_lights_it(house: House) -> None:
    house.screen("overlay", "播出")
    (shown,) = house.screens()
    door = f"/wall/{house.live}/dark"
    dark = house.engineer.send(door, {"output": shown["darkens"]})
    assert dark.get_json()["control"]["dark"] == ["overlay"]
    for nothing in ({}, {"output": "desk"}, {"output": ["overlay"]}):
        assert house.engineer.send(door, nothing).status_code == 400
    lit = house.engineer.send(door, {"output": "overlay", "dark": False})
    assert lit.get_json()["control"]["dark"] == []
    assert house.engineer.send(f"/wall/{'0' * 32}/dark", {"output": "led"}).status_code == 404
    with house.app.app_context():
        rooms().live.tell(house.live, TakeSeat("dao-bo", 0), actor="dao-bo")
    assert house.engineer.send(door, {"output": "overlay"}).status_code == 200
    refused = house.engineer.send(door, {"output": "overlay", "dark": False})
    assert refused.status_code == 403
    assert "dao-bo" in refused.text
    assert f"/wall/{house.live}" in house.engineer.get("/wall/").text


def test_one_screen_goes_black_alone_and_stays_so_through_a_reload_and_a_restart(
    house: House,
) -> None:
    left, right = house.screen("stage", "左"), house.screen("stage", "右")
    house.screens()  # whoever asks once is told from then on
    house.wall.get_received()
    door = f"/wall/{house.live}/dark"
    told = house.engineer.send(door, {"kind": "stage", "name": "左"}).get_json()
    assert told["control"]["dark"] == [], "its kind is not dark, and nobody else hears of it"
    assert [one["args"] for one in left.get_received()] == [[{"dark": True}]]
    assert right.get_received() == []
    pushed = house.wall.get_received()[0]["args"][0]["screens"]
    assert {one["name"]: one["dark"] for one in pushed} == {"左": True, "右": False}
    assert house.send(left, "beat", {"seq": 1})["dark"] is True

    # Loaded anew it begins black; away, it stands on the wall; another process knows it too.
    address = urlsplit(house.link("stage", "左"))
    stranger = Visitor(house.app)
    given = {name: value[0] for name, value in parse_qs(address.query).items()}
    assert '"dark": true' in stranger.get(address.path, **given).text
    held = f"/live/{house.live}/view.json?{address.query}"
    assert stranger.ask(held).get_json()["screen_dark"] is True
    left.disconnect()
    number = next(one["id"] for one in house.screens() if one["name"] == "左")
    house.send(house.wall, "screen_do", {"act": "forget", "id": number})
    absent = house.send(house.wall, "wall", {})["dark"]
    assert absent == [{"kind": "stage", "name": "左"}]
    with house.app.app_context():
        rooms().live._folded.clear()
    again = house.connect()
    house.open.append(again)
    me = {"kind": "stage", "name": "左", "key": given["key"]}
    assert house.send(again, "screen", me)["dark"] is True

    # The desk lights it; a desk, where people work, cannot be darkened.
    again.get_received()
    light = {"act": "light_screen", "kind": "stage", "name": "左"}
    after = house.operator.send(f"/desk/{house.live}/act", light).get_json()
    assert after["desk"]["dark_screens"] == []
    assert [one["args"] for one in again.get_received() if one["name"] == "dark"] == [
        [{"dark": False}]
    ]
    for wrong, status in (
        ({"kind": "calls", "name": "台"}, 409),
        ({"kind": "stage", "name": "<b>"}, 400),
        ({"kind": "x", "name": "左"}, 400),
    ):
        assert house.engineer.send(door, wrong).status_code == status, wrong


def reading(house: House, stream: str) -> Iterator[bytes]:
    for piece in Visitor(house.app).client.get(stream).response:
        assert isinstance(piece, bytes)
        yield piece


def test_a_screen_that_reads_a_stream_goes_black_at_once_and_hears_of_its_link(
    house: House,
) -> None:
    query = urlsplit(house.link("led", "左")).query
    door, stream = f"/wall/{house.live}/dark", f"/live/{house.live}/stream"
    other = urlsplit(house.link("led", "右")).query
    read, right, anybody = (
        reading(house, f"{stream}?{held}") for held in (query, other, "outside=1")
    )
    assert b'event: dark\ndata: {"dark": false}\n\ndata: {' in next(read)
    assert b'"dark": false' in next(right)
    assert b"event: dark" not in next(anybody), "a page at home has no name"

    for dark in (True, False):
        house.engineer.send(door, {"kind": "led", "name": "左", "dark": dark})
        assert next(read) == f'event: dark\ndata: {{"dark": {str(dark).lower()}}}\n\n'.encode()
        assert b"dark" not in next(right).partition(b"data: {")[0]
        next(read)
    house.engineer.send(door, {"kind": "led", "name": "左"})
    again = reading(house, f"{stream}?{query}")
    assert b'event: dark\ndata: {"dark": true}' in next(again), "and so it is read anew"
    next(read)
    next(read)

    house.engineer.send(f"/wall/{house.live}/revoke", {"kind": "led", "name": "左"})
    assert next(read).startswith(b"event: revoked")
    assert next(read, None) is None, "nothing more is told to a link that was taken back"

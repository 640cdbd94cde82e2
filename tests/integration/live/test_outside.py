"""Outside the hall everything comes as late as the watch page, and without what was dumped."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask_socketio import SocketIO
from flask_socketio.test_client import SocketIOTestClient
from werkzeug.test import TestResponse

from evalsys.app import create_app
from evalsys.clock import utc_now
from evalsys.domain.access import Entrance, Role
from evalsys.realtime.background import background_of
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox
from evalsys.web.guards import door_of
from tests.accounts import rooms_of
from tests.builders import some_settings
from tests.integration.live.test_desk import Desk
from tests.live_hall import PLAN
from tests.processes import NO_LINE
from tests.roster_rows import fill_roster
from tests.visitor import Visitor

pytestmark = pytest.mark.on_sqlite


class Outside:
    """A rehearsal whose web comes ten seconds late, and everybody who looks at it."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.now = utc_now()
        address = database.engine.url.render_as_string(hide_password=False)
        settings = replace(some_settings(address, folder), telephony_url=NO_LINE)
        self.app: Flask = create_app(settings, now=lambda: self.now)
        with database.write() as db:
            fill_roster(db, PhoneBox(settings.phone_key, settings.index_key), [6] * 4)
        operator = Visitor(self.app).sign_in_as(Role.OPERATOR)
        self.live: str = operator.send("/console/plan", {**PLAN, "slots": 1}).get_json()["live"]
        self.desk = Desk(self.app, self.live, Role.OPERATOR)
        for command in ("freeze", "publish", "open_ceremony", "roll_master"):
            self.desk.do(command)
        self.desk.act("set_delay", seconds=10)
        self.engineer = Visitor(self.app).sign_in_as(Role.ENGINEER)
        self.open: list[SocketIOTestClient] = []

    def link(self, kind: str, name: str) -> str:
        made = self.engineer.send(f"/wall/{self.live}/link", {"kind": kind, "name": name})
        address: str = made.get_json()["address"]
        return address.partition("//")[2].partition("/")[2]

    def screen(self, **held: str) -> tuple[SocketIOTestClient, dict[str, Any]]:
        """Subscribe to the public picture as a screen in which nobody is signed in."""
        socket: SocketIO = self.app.extensions["socketio"]
        client = socket.test_client(self.app, flask_test_client=self.app.test_client())
        self.open.append(client)
        told = {"live": self.live, "audience": "public", **held}
        view: dict[str, Any] = client.emit("subscribe", told, callback=True)["view"]
        return client, view

    def of_the_background(self, name: str) -> Callable[[], object]:
        """What runs beside the requests, by its name."""
        tasks = background_of(self.app).at_once
        found: Iterator[Callable[[], object]] = (
            task for each in tasks for task in getattr(each, "args", ()) if callable(task)
        )
        return next(task for task in found if getattr(task, "__name__", "") == name)


@pytest.fixture
def outside(database: Database, tmp_path: Path) -> Iterator[Outside]:
    found = Outside(database, tmp_path)
    yield found
    for client in found.open:
        if client.is_connected():
            client.disconnect()
    rooms_of(found.app).access._database.close()


def open_link(visitor: Visitor, link: str) -> TestResponse:
    query = {name: value[0] for name, value in parse_qs(urlsplit(link).query).items()}
    return visitor.get(f"/{urlsplit(link).path}", **query)


def pushed(client: SocketIOTestClient) -> list[str]:
    return [one["args"][0]["phase"] for one in client.get_received() if one["name"] == "view"]


def public_doors(app: Flask, live: str) -> Iterator[str]:
    """Every address of a session that everybody may open, by what the routes declare."""
    for rule in app.url_map.iter_rules():
        door = door_of(app.view_functions[rule.endpoint])
        names = rule.arguments - {"live"}
        if (
            door is None
            or door.entrance is not Entrance.PUBLIC
            or "GET" not in (rule.methods or ())
        ):
            continue
        if "live" in rule.arguments and names <= {"name"}:
            path = rule.rule.replace("<live>", live)
            for file in ("state.json", "events.json", "transcript.jsonl", "heads.json"):
                yield path.replace("<name>", file)
                if not names:
                    break
        elif not rule.arguments:
            yield rule.rule


def tell_nothing_early(outside: Outside, cadre: str, held: dict[str, str]) -> None:
    """Open every public door while a draw waits in the delay: none tells of it before the web."""
    anybody, live = Visitor(outside.app), outside.live
    outside.of_the_background("sign_due")()
    doors = [door for door in public_doors(outside.app, live) if not door.endswith("/stream")]
    assert len(doors) > 30, "the list is made of what the routes declare"
    names_everybody = {"/directory/", f"/draw/{live}/roster.jsonl"}
    number = re.compile(rf"(?<!\w){cadre}(?!\w)")  # not a piece of a curve's constant
    for door in doors:
        said = anybody.client.get(door).get_data().decode(errors="replace")
        assert not number.search(said) or door in names_everybody, door
        assert "已抽中" not in said.partition('id="words"')[0], door
    home = anybody.get("/").text
    assert "种子已定" in home
    assert "0 / 1" in home
    assert "1 / 1" in outside.desk.visitor.get("/").text

    # Witnesses at home see heads, proofs and lines as late; those in the hall at once.
    def told(**query: str) -> tuple[list[int], int, int]:
        heads = anybody.get(f"/live/{live}/heads.json", **query).get_json()["heads"]
        lines = anybody.get(f"/live/{live}/transcript.jsonl", **query).text
        qr = anybody.get(f"/live/{live}/head.svg", **query).status_code
        return [one["size"] for one in heads], len(lines.splitlines()), qr

    (far, far_lines, far_qr), (near, near_lines, near_qr) = told(), told(**held)
    assert far == [one for one in near if one <= far_lines] != near
    assert (far_lines, far_qr, near_qr) == (far_lines, 404, 200)
    assert far_lines < near_lines
    proof = {"first": "1", "second": str(near[-1])}
    assert anybody.get(f"/live/{live}/proof.json", **proof).status_code == 400
    assert anybody.get(f"/live/{live}/proof.json", **proof, **held).status_code == 200
    leaf = {"leaf": str(near[-1] - 1), "size": str(near[-1])}
    assert anybody.get(f"/live/{live}/proof.json", **leaf).status_code == 400


def test_only_the_hall_is_ahead_of_the_delay(outside: Outside) -> None:
    live, anybody = outside.live, Visitor(outside.app)
    outside.now += timedelta(seconds=11)  # the delay itself is out
    hall = parse_qs(urlsplit(outside.link("stage", "舞台左")).query)
    held = {"screen": hall["screen"][0], "key": hall["key"][0]}
    near, near_view = outside.screen(**held)
    far, far_view = outside.screen()
    forged, forged_view = outside.screen(screen="舞台左", key="a" * 26)
    assert near_view["phase"] == far_view["phase"] == forged_view["phase"] == "seeded"
    assert outside.desk.do("draw_next")["phase"] == "drawn"

    cadre = outside.desk.view["round"]["cadre"]
    assert pushed(near) == ["drawn"]
    assert pushed(far) == pushed(forged) == []
    view = f"/live/{live}/view.json"
    for door, phase in (
        (view, "seeded"),
        (f"{view}?screen=x&key={'a' * 26}", "seeded"),
        (f"{view}?hall={'a' * 26}", "seeded"),
        (f"{view}?screen={held['screen']}&key={held['key']}", "drawn"),
    ):
        assert anybody.ask(door).get_json()["phase"] == phase, door
    assert outside.desk.visitor.ask(view).get_json()["phase"] == "drawn"
    assert outside.desk.visitor.ask(f"{view}?outside=1").get_json()["phase"] == "seeded"
    for page in ("live", "press", "stage", "overlay", "led", "subvenue"):
        assert cadre not in anybody.get(f"/{page}/{live}").text, page
    stream = anybody.client.get(f"/live/{live}/stream").response
    assert b'"phase":"seeded"' in next(iter(stream))
    packed = zipfile.ZipFile(io.BytesIO(anybody.get(f"/live/{live}/bundle.zip").data))
    transcript = packed.read(f"bundle-{live}/transcript.jsonl").decode()
    assert cadre not in {json.loads(line).get("cadre") for line in transcript.splitlines()}

    tell_nothing_early(outside, cadre, held)

    outside.of_the_background("show_due")()
    assert pushed(far) == []
    outside.now += timedelta(seconds=11)
    outside.of_the_background("show_due")()
    assert pushed(far) == pushed(forged) == ["drawn"]
    assert anybody.ask(view).get_json()["phase"] == "drawn"

    outside.desk.do("record_presence", presence="absent")
    outside.desk.act("dump", why="说错了")
    outside.now += timedelta(seconds=600)
    outside.of_the_background("show_due")()
    assert pushed(near)[-1] == "answering"
    assert "answering" not in pushed(far)
    outside.desk.do("take_back")
    outside.now += timedelta(seconds=11)
    outside.of_the_background("show_due")()
    assert "answering" not in pushed(far)
    assert anybody.ask(view).get_json()["phase"] == "drawn"


def test_a_link_that_was_taken_back_opens_nothing_and_says_so(outside: Outside) -> None:
    live, anybody, engineer = outside.live, Visitor(outside.app), outside.engineer
    monitor, stage = outside.link("monitor", "提示屏"), outside.link("stage", "舞台左")
    held = {name: value[0] for name, value in parse_qs(urlsplit(monitor).query).items()}
    client, view = outside.screen(**held, audience="console")
    assert view["step"] > 0
    listed = engineer.ask(f"/wall/{live}/links.json").get_json()["links"]
    assert {(one["kind"], one["name"], one["by"], one["revoked_by"]) for one in listed} == {
        ("monitor", "提示屏", "engineer", ""),
        ("stage", "舞台左", "engineer", ""),
    }
    gone = {"kind": "monitor", "name": "提示屏"}
    assert anybody.send(f"/wall/{live}/revoke", gone).status_code == 401
    nothing = {"kind": "monitor", "name": "没有的屏"}
    assert engineer.send(f"/wall/{live}/revoke", nothing).status_code == 404
    left = engineer.send(f"/wall/{live}/revoke", gone).get_json()["links"]
    assert [one["revoked_by"] for one in left if one["kind"] == "monitor"] == ["engineer"]

    assert not client.is_connected()
    refused = open_link(anybody, monitor)
    assert refused.status_code == 403
    assert "链接已被收回" in refused.text
    assert anybody.ask(f"/console/{live}/view.json?{urlsplit(monitor).query}").status_code == 403
    assert open_link(anybody, stage).status_code == 200, "no other link is concerned"
    again = outside.link("monitor", "提示屏")
    assert again != monitor
    assert open_link(anybody, again).status_code == 200
    assert "链接已被收回" in open_link(anybody, monitor).text

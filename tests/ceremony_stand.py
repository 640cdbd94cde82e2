"""A ceremony inside one process whose clock is an argument: an operator, clerks and witnesses."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from evalsys.app import create_app
from evalsys.domain.access import Role
from evalsys.domain.beacon import QUICKNET
from evalsys.domain.transcript import bytes_to_sign
from evalsys.services.rooms import Rooms
from evalsys.store.database import Database
from tests.accounts import rooms_of
from tests.builders import some_settings
from tests.builders_beacon import genuine
from tests.ceremony_hall import MASTER, time_of
from tests.live_ceremony import WitnessDevice
from tests.panel_hall import PLAN, a_county
from tests.relays import Start, publishes, says
from tests.visitor import Visitor

DICE = "314159265358979323846264"
PULSES = {one.round: one for one in genuine(QUICKNET)}
DELAY_S, MARGIN_S = 60, 10


@dataclass
class Stand:
    """One application whose clock is ours, an operator, and three witnesses' devices."""

    app: Flask
    rooms: Rooms
    now: list[datetime]
    operator: Visitor
    live: str = ""
    devices: list[tuple[Visitor, WitnessDevice]] = field(default_factory=list)
    clerks: list[Visitor] = field(default_factory=list)

    def wait(self, seconds: float) -> None:
        self.now[0] += timedelta(seconds=seconds)

    def view(self) -> dict[str, Any]:
        found: dict[str, Any] = self.operator.ask(f"/console/{self.live}/view.json").get_json()
        return found

    def do(self, command: str, **fields: object) -> dict[str, Any]:
        """Carry out a command; the answer's JSON, with its status."""
        body = {"command": command, "expect": self.view()["step"], **fields}
        answer = self.operator.send(f"/console/{self.live}/do", body)
        return {**answer.get_json(), "status": answer.status_code}

    def plan(self, **plan: object) -> None:
        usual = {**PLAN, "slots": 1, "beacon": "quicknet", "witnesses": 3}
        times = {"min_delay_s": DELAY_S, "bind_margin_s": MARGIN_S}
        body = {**usual, **times, **plan}
        self.live = self.operator.send("/console/plan", body).get_json()["live"]
        cards = self.operator.send(f"/ceremony/{self.live}/cards", {}).get_json()["cards"]
        for card in cards:
            visitor = Visitor(self.app)
            visitor.get(f"/ceremony/join/{card['code']}")
            assert visitor.post(f"/ceremony/join/{card['code']}").status_code == 303
            if card["service"] == "witness":
                self.devices.append((visitor, WitnessDevice(card["number"])))
            else:
                self.clerks.append(visitor)

    def post(self, visitor: Visitor, door: str, **fields: object) -> dict[str, Any]:
        """Send what a device's page would; the answer's JSON, with its status."""
        body = {"clock": self.now[0].isoformat(), **fields}
        answer = visitor.send(f"/ceremony/{self.live}/{door}", body)
        return {**answer.get_json(), "status": answer.status_code}

    def enrol(self, i: int, device: WitnessDevice | None = None) -> dict[str, Any]:
        visitor, own = self.devices[i]
        device = device or own
        claim = f"evalsys-witness|{self.live}|{own.id}|{device.key}"
        return self.post(visitor, "enrol", key=device.key, proof=device.sign(claim.encode()))

    def lines(self) -> list[str]:
        found: list[str] = (
            self.devices[0][0].ask(f"/ceremony/{self.live}/lines.json").get_json()["lines"]
        )
        return found

    def sign(self, i: int, device: WitnessDevice | None = None, **more: object) -> dict[str, Any]:
        visitor, own = self.devices[i]
        lines = self.lines()
        signature = (device or own).sign(bytes_to_sign(lines[-1].encode()))
        return self.post(
            visitor, "sign", **{"line": len(lines) - 1, "signature": signature, **more}
        )

    def all_sign(self) -> None:
        for i in range(len(self.devices)):
            assert self.sign(i)["status"] == 200

    def until_rolled(self) -> None:
        """Go on to the master dice, recorded when their round will be a real one."""
        self.do("freeze")
        for i in range(len(self.devices)):
            assert self.enrol(i)["status"] == 200
        self.do("publish")
        self.do("open_ceremony")
        self.now[0] = time_of(MASTER) - timedelta(seconds=DELAY_S)
        assert self.do("roll_master")["status"] == 200

    def until_bound(self) -> None:
        self.until_rolled()
        self.all_sign()
        assert self.do("bind")["ceremony"]["bound"]["round"] == MASTER
        self.all_sign()

    def type_signature(self, signature: str) -> dict[str, Any]:
        return self.do("type_signature", signature=signature)


@pytest.fixture
def stand(database: Database, tmp_path: Path) -> Iterator[Stand]:
    yield from _stand(database, tmp_path, ())


@pytest.fixture
def stand_with_relays(database: Database, tmp_path: Path, relay: Start) -> Iterator[Stand]:
    silent = relay(says({"error": "unknown"}, 404))
    yield from _stand(database, tmp_path, (silent, relay(publishes(QUICKNET))))


def _stand(database: Database, tmp_path: Path, relays: tuple[str, ...]) -> Iterator[Stand]:
    a_county(database)
    now = [time_of(MASTER) - timedelta(hours=1)]
    address = database.engine.url.render_as_string(hide_password=False)
    settings = replace(some_settings(address, tmp_path), beacon_relays=relays)
    app = create_app(settings, now=lambda: now[0])
    found = rooms_of(app)
    yield Stand(app, found, now, Visitor(app).sign_in_as(Role.OPERATOR))
    found.access._database.close()


def refused(answer: dict[str, Any], status: int, *words: str) -> None:
    """The answer is a refusal that says what, and what to do."""
    assert answer["status"] == status, answer
    assert all(word in answer["what"] + answer["remedy"] for word in words), answer
    assert answer["remedy"]

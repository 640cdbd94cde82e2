"""A ceremony over real HTTP: a served application at the time of real rounds, and its people."""

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from evalsys.cli.demo_ceremony import Device, Witness
from evalsys.cli.demo_people import Operator
from evalsys.clock import Clock
from evalsys.domain.beacon import QUICKNET
from evalsys.ids import LiveId
from evalsys.settings import Settings
from evalsys.store import event_log
from evalsys.store.database import Database
from tests.builders import environment_of
from tests.panel_hall import NAME, PASSWORD, PLAN, a_county
from tests.processes import Process, free_port, settings_on_port

MASTER, SLOT, HOUSEHOLDS = 30662982, 30662992, 31089008
"""Real rounds of quicknet: the second 30 seconds after the first, the third 15 days later."""
ROOT = Path(__file__).parents[1]


@dataclass
class CeremonyHall:
    """The served application, which may be killed and started at another time."""

    database: Database
    folder: Path
    settings: Settings
    app: Process | None = None
    operator: Operator = field(init=False)
    witnesses: list[Witness] = field(default_factory=list)
    clerks: list[Device] = field(default_factory=list)

    @property
    def clock(self) -> Path:
        return self.folder / "clock"

    def start(self, at: datetime) -> None:
        """Start the application so that it is `at` now; everybody's clock says the same."""
        self.pass_to(at)
        self.app = Process(
            [
                *(sys.executable, "-m", "tests.served_at"),
                *(self.settings.public_url.rpartition(":")[2], str(self.clock)),
            ],
            {**environment_of(self.settings), "PYTHONPATH": str(ROOT)},
            self.folder / "served.log",
        )
        self.app.wait_for(self.settings.public_url)

    def restart(self, at: datetime) -> None:
        """Kill it as a power cut would, and start it at another time."""
        assert self.app is not None
        self.app.kill()
        self.start(at)
        # Weeks may have passed since anybody signed in.
        self.operator.sign_in(NAME, PASSWORD)
        self.operator.see(f"/console/{self.operator.live}")

    def now(self) -> datetime:
        """What every clock in the hall says."""
        return datetime.fromisoformat(self.clock.read_text("ascii"))

    def plan_alone(self, **plan: object) -> None:
        """Sign an operator in, and plan a session."""
        self.operator = Operator(self.settings.public_url)
        self.operator.sign_in(NAME, PASSWORD)
        self.operator.plan(**{**PLAN, "slots": 1, **plan})

    def plan(self, **plan: object) -> None:
        """Plan a session, and let everybody join with the programs of this file."""
        self.plan_alone(**plan)
        for card in self.cards():
            if card["service"] == "witness":
                self.witnesses.append(Witness(*self.place(card)))
            else:
                self.clerks.append(Device(*self.place(card)))
        self.operator.look()

    def place(self, card: dict[str, Any]) -> tuple[str, str, dict[str, Any], Clock]:
        """What a device needs to take the place of a card."""
        return self.settings.public_url, self.operator.live, card, self.now

    def cards(self) -> list[dict[str, Any]]:
        """Issue the cards."""
        found: list[dict[str, Any]] = self.operator.tell(
            f"/ceremony/{self.operator.live}/cards", {}
        )["cards"]
        return found

    def until_open(self) -> None:
        """Freeze, enrol, publish, open."""
        self.operator.do("freeze")
        for witness in self.witnesses:
            witness.enrol()
        self.operator.look()
        self.operator.do("publish")
        self.operator.do("open_ceremony")

    def all_sign(self) -> None:
        """Let every witness sign the last line."""
        for witness in self.witnesses:
            witness.sign()

    def pass_to(self, at: datetime) -> None:
        """Let time pass; between two calls every clock in the hall stands still."""
        told = self.clock.with_suffix(".new")
        told.write_text(at.isoformat(), "ascii")
        told.replace(self.clock)  # the application reads it at any moment

    def wait_for(self, what: Callable[[dict[str, Any]], bool], seconds: float = 60) -> None:
        """Look at the console until `what` is true of its picture."""
        deadline = time.monotonic() + seconds
        while not what(self.operator.look()):
            assert time.monotonic() < deadline, self.operator.view["ceremony"]
            time.sleep(0.2)

    def house(self) -> dict[str, Any]:
        """What the console is told beside the record."""
        told: dict[str, Any] = self.operator.see(f"/console/{self.operator.live}/house.json").json()
        return told

    def events(self) -> list[object]:
        """The session's events, their chain checked."""
        with self.database.read() as db:
            return [one.event for one in event_log.read(db, LiveId(self.operator.live))]


def time_of(number: int) -> datetime:
    """When a round of quicknet was published."""
    return QUICKNET.round_time(number)


OpenCeremonyHall = Callable[..., CeremonyHall]


@pytest.fixture
def open_ceremony(database: Database, tmp_path: Path) -> Iterator[OpenCeremonyHall]:
    """Open a hall: `open_ceremony(at, relays=(...))`; its program is stopped at the end."""
    halls: list[CeremonyHall] = []

    def open_one(at: datetime, *, relays: tuple[str, ...] = ()) -> CeremonyHall:
        a_county(database)
        settings = settings_on_port(database, tmp_path, free_port())
        hall = CeremonyHall(database, tmp_path, replace(settings, beacon_relays=relays))
        halls.append(hall)
        hall.start(at)
        return hall

    yield open_one
    for hall in halls:
        if hall.app is not None:
            hall.app.stop()

"""A whole evening on this machine: a small county, the application, the exchange, an operator.

Both programs run as processes that a test may kill at a bad moment and start again.
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import select, update

from evalsys.cli.demo_people import Operator
from evalsys.domain.access import Role
from evalsys.domain.live import events as e
from evalsys.ids import LiveId
from evalsys.settings import Settings
from evalsys.store import event_log
from evalsys.store.bulk import bulk_insert
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox
from evalsys.store.schema.roster import Cadre, Unit
from tests.accounts import accounts
from tests.builders import TALLY_KEY, environment_of
from tests.processes import Process, evalsys, free_port, server, settings_on_port
from tests.roster_rows import code_of, fill_roster, number_of, phone_of

NAME, PASSWORD = "dao-bo", "correct horse battery"
CADRES, HOUSEHOLDS = 20, 12
NAMES = ("王建国", "李秀英", "张志强", "刘丽华", "陈守义", "杨晓东", "赵玉兰", "黄德胜")
PLAN: dict[str, object] = {
    "title": "2026 年第四季度现场直播调查大会",
    "rehearsal": True,
    "strata": "uniform",
    "target": 5,
    "attempts": 2,
    "gap_s": 1,
    "parallel": 3,
}
Truth = Callable[[int, int], dict[str, object]]


def usual_truth(i: int, h: int) -> dict[str, object]:
    """What the `h`-th household of the `i`-th cadre knows: every fourth was never visited."""
    return {
        "phone": phone_of(i, h),
        "household": code_of(i, h),
        "cadre": number_of(i),
        "head": "王建国",
        "visited": h % 4 != 0,
        "solved": (True, False, None)[h % 3],
        "score": 1 + h % 5,
        "comment": "村口的路灯修好了" if h % 3 == 0 else "",
        "answers": 100,
        "linked": True,
    }


@dataclass
class Hall:
    """The programs of one evening, and the operator at the console."""

    database: Database
    folder: Path
    settings: Settings
    truth: Truth = usual_truth
    speed: int = 40
    slots: int = 2
    app: Process | None = None
    exchange: Process | None = None
    tally: Process | None = None
    operator: Operator = field(init=False)

    def open(self) -> None:
        """Fill the county, start both programs, sign the operator in."""
        self._fill()
        lines = [self.truth(i, h) for i in range(CADRES) for h in range(HOUSEHOLDS)]
        truth = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (self.folder / "truth.jsonl").write_text(truth, encoding="utf-8")
        self.start_exchange()
        self.start_app()
        self.start_tally()
        self.operator = self.an_operator()
        self.operator.plan(**PLAN, slots=self.slots)

    def an_operator(self) -> Operator:
        """One more console, signed in."""
        operator = Operator(self.settings.public_url)
        operator.sign_in(NAME, PASSWORD)
        return operator

    def start_app(self) -> None:
        """Start the server at its address, and wait until it answers."""
        self.start_app_only()
        assert self.app is not None
        self.app.wait_for(self.settings.public_url)

    def start_app_only(self) -> None:
        """Start the server at its address; others wait for it."""
        port = self.settings.public_url.rpartition(":")[2]
        environment = environment_of(self.settings)
        self.app = Process(server(port), environment, self.folder / "serve.log")

    def start_exchange(self) -> None:
        """Start `evalsys exchange` at its address."""
        arguments = evalsys(
            *("exchange", "--port", self.settings.telephony_url.rpartition(":")[2]),
            *("--truth", "truth.jsonl", "--speed", str(self.speed), "--data-dir", "exchange"),
            *("--delayed", "client:feed=8"),
        )
        log = self.folder / "exchange.log"
        self.exchange = Process(arguments, environment_of(self.settings), log)
        self.exchange.wait_for(f"{self.settings.telephony_url}/health")

    def start_tally(self) -> None:
        """Start `evalsys tally --watch`, the only program with the key to the ballots."""
        self.tally = Process(
            evalsys("tally", "--watch"),
            environment_of(self.settings) | {"EVALSYS_TALLY_KEY": TALLY_KEY.hex()},
            self.folder / "tally.log",
        )

    def close(self) -> None:
        """Stop what still runs."""
        for process in (self.app, self.exchange, self.tally):
            if process is not None:
                process.stop()

    def until_calling(self) -> None:
        """Go on to the calls of the next cadre."""
        self.until_answering()
        self.operator.do("open_calls")

    def until_answering(self) -> None:
        """Go on to the answer of the next cadre."""
        self.until_drawn()
        self.operator.do("record_presence", presence="in_person")

    def until_drawn(self) -> None:
        """Go on to the next drawn cadre."""
        if self.operator.look()["phase"] == "planned":
            self.operator.do("freeze")
            self.operator.do("publish")
            self.operator.do("open_ceremony")
            self.operator.do("roll_master", digits="", again="")
        self.operator.do("draw_next", digits="", again="")

    def wait(self, what: Callable[[dict[str, Any]], bool], seconds: float = 90) -> dict[str, Any]:
        """Look at the console until `what` is true of its picture."""
        deadline = time.monotonic() + seconds
        while not what(self.operator.look()):
            assert time.monotonic() < deadline, self.operator.view["round"]
            time.sleep(0.2)
        return self.operator.view

    def events(self) -> list[e.Recorded]:
        """The session's record, its chain checked."""
        with self.database.read() as db:
            return list(event_log.read(db, LiveId(self.operator.live)))

    def calls_on_the_wire(self) -> list[dict[str, Any]]:
        """Every call that the exchange knows, from its REST interface."""
        account = self.settings.telephony_account
        answer = requests.get(
            f"{self.settings.telephony_url}/2010-04-01/Accounts/{account}/Calls.json",
            params={"PageSize": 1000},
            auth=(account, self.settings.telephony_token),
            timeout=10,
        )
        found: list[dict[str, Any]] = answer.json()["calls"]
        return found

    def _fill(self) -> None:
        box = PhoneBox(self.settings.phone_key, self.settings.index_key)
        with self.database.write() as db:
            fill_roster(db, box, [HOUSEHOLDS] * CADRES)
            db.execute(update(Unit).values(name="沂水县水利局"))
            for i, number in enumerate(db.scalars(select(Cadre.number)).all()):
                name = NAMES[i % len(NAMES)]
                db.execute(
                    update(Cadre)
                    .where(Cadre.number == number)
                    .values(name=name, post="河道管理股股长", rank="副科级")
                )
            # Every cadre claims to have visited everybody; a quarter of it is untrue.
            bulk_insert(
                db.connection(),
                "visits",
                ["cadre", "household", "visited_on", "note"],
                (
                    (number_of(i), code_of(i, h), date(2026, 9, 1 + h), "")
                    for i in range(CADRES)
                    for h in range(HOUSEHOLDS)
                ),
            )
        accounts(self.database).add(NAME, Role.OPERATOR, PASSWORD, actor="test")


OpenHall = Callable[..., Hall]


@pytest.fixture
def open_hall(database: Database, tmp_path: Path) -> Iterator[OpenHall]:
    """Open a hall: `open_hall(speed=40)`; its programs are stopped at the end."""
    halls: list[Hall] = []

    def open_one(**options: Any) -> Hall:  # noqa: ANN401 - the fields of a Hall
        settings = replace(
            settings_on_port(database, tmp_path, free_port()),
            telephony_url=f"http://127.0.0.1:{free_port()}",
        )
        hall = Hall(database, tmp_path, settings, **options)
        halls.append(hall)
        hall.open()
        return hall

    yield open_one
    for hall in halls:
        hall.close()

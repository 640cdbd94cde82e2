"""Several dialler processes on one PostgreSQL, killed at random: everybody is called, once."""

import time
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import select
from typing_extensions import override

from evalsys.domain.campaign.calendar import read_window
from evalsys.domain.campaign.forecast import Trunk
from evalsys.domain.campaign.plan import Rules
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox
from evalsys.store.schema.campaigns import CampaignAttempt
from tests.builders import environment_of
from tests.calling import Carrier, on_the_wire, real_now
from tests.campaigning import Field
from tests.processes import Process, evalsys
from tests.roster_rows import fill_roster, phone_of

CADRES, EACH = 20, 8
EVERYBODY = {phone_of(i, h) for i in range(CADRES) for h in range(EACH)} - {phone_of(0, 0)}
ANY_HOUR = Rules(windows=(read_window("00:00-23:59"),))


class _County(Field):
    """A county of some size, on the real clock."""

    def __init__(self, database: Database, data_dir: Path, url: str) -> None:
        super().__init__(database, data_dir, telephony_url=url)

    @override
    def fill(self) -> None:
        with self.database.write() as db:
            box = PhoneBox(self.settings.phone_key, self.settings.index_key)
            fill_roster(db, box, [EACH] * CADRES)


def _sidless(field: Field) -> int:
    with field.database.read() as db:
        missing = select(CampaignAttempt.id).where(
            CampaignAttempt.sid.is_(None), CampaignAttempt.ended_at.is_(None)
        )
        return len(db.scalars(missing).all())


@pytest.mark.on_postgresql
def test_processes_that_are_killed_call_nobody_twice_and_nobody_never(
    database: Database, tmp_path: Path
) -> None:
    carrier = Carrier()
    with on_the_wire(carrier.answer) as url:
        field = _County(database, tmp_path, url)
        field.watch.at = real_now()
        field.room.plans.set_lines(Trunk(500, 0, Fraction(25)), actor="op")
        field.plan(rules=ANY_HOUR)
        environment = environment_of(field.settings)
        running = [
            Process(evalsys("campaign", "dial"), environment, tmp_path / f"{n}.log")
            for n in range(3)
        ]
        killed = 0
        deadline = time.monotonic() + 60
        while len(carrier.calls) < len(EVERYBODY) * 0.9 and time.monotonic() < deadline:
            time.sleep(0.2)
            if killed < 4 and len(carrier.calls) > 25 * (killed + 1):
                running[killed % 3].kill()
                log = tmp_path / f"again-{killed}.log"
                running[killed % 3] = Process(evalsys("campaign", "dial"), environment, log)
                killed += 1
        for process in running:
            process.kill()
        # What the killed ones left is looked for at the carrier by whoever runs later.
        for _ in range(10):
            field.watch.at = max(field.watch.at, real_now())
            field.watch.forward(seconds=13)
            field.tick()
        assert killed >= 2
        assert Counter(call["To"] for call in carrier.calls).most_common(1)[0][1] == 1
        assert {call["To"] for call in carrier.calls} == EVERYBODY
        assert _sidless(field) == 0
        field.close()

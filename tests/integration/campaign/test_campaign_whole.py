"""A whole campaign over the local exchange, from the first call to the opened answers.

Scripted households answer on the virtual clock; every call, webhook and signature is on the wire.
"""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import update
from twilio.rest import Client
from typing_extensions import override
from werkzeug.serving import make_server

from evalsys.app import build_tally
from evalsys.domain.campaign.forecast import Trunk
from evalsys.domain.campaign.plan import State
from evalsys.domain.campaign.policy import MOST_ATTEMPTS, Contact
from evalsys.store import audit
from evalsys.store.campaigns import CLOSED, PERSON
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox
from evalsys.store.schema.campaigns import CampaignBallot, CampaignPending
from evalsys.store.schema.roster import Household
from tests.builders import TALLY_KEY
from tests.campaigning import Field
from tests.exchange_process import Exchange
from tests.processes import free_port
from tests.roster_rows import code_of, fill_roster, phone_of

CADRES, HOUSEHOLDS = 2, 30
UNREACHABLE = code_of(0, 0)
"""The one household without a telephone."""
REFUSING, STRANGE = code_of(0, 2), code_of(0, 3)
STEP = timedelta(minutes=15)
WITHIN_S = 120
HEAD = "王大明"


class Whole(Field):
    """An application with sixty households, served on a port of its own."""

    @override
    def fill(self) -> None:
        box = PhoneBox(self.settings.phone_key, self.settings.index_key)
        with self.database.write() as db:
            fill_roster(db, box, [HOUSEHOLDS] * CADRES)
            db.execute(update(Household).values(head=HEAD))

    def run(self) -> None:
        """Dial until nobody is left to call; the clock moves on whenever nobody speaks."""
        deadline = time.monotonic() + WITHIN_S
        while self.status.campaign.state is State.RUNNING:
            assert time.monotonic() < deadline, "the campaign does not end"
            if self.tick():
                continue
            due, calling = self.room.plans.next_due(self.campaign)
            if calling:
                time.sleep(0.02)
            elif due is None:
                return
            else:
                self.watch.at = max(due, self.watch.at) + STEP


@pytest.fixture
def whole(database: Database, tmp_path: Path) -> Iterator[Whole]:
    """Give a campaign that is started, with its households at the exchange."""
    port = free_port()
    exchange = Exchange(tmp_path, [], more=["--virtual-clock", "--lines", "scripted"])
    field = Whole(
        database,
        tmp_path,
        telephony_url=exchange.url,
        public_url=f"http://127.0.0.1:{port}",
    )
    field.room.plans.set_lines(Trunk(20, 0, Fraction(1000)), actor="op")
    field.plan()
    exchange.tell([_truth(field, i, h) for i in range(CADRES) for h in range(HOUSEHOLDS)])
    exchange.start(field.settings)
    server = make_server("127.0.0.1", port, field.app, threaded=True)
    serving = Thread(target=server.serve_forever)
    serving.start()
    yield field
    exchange.stop()
    server.shutdown()
    serving.join()
    server.server_close()
    field.close()


def _truth(field: Field, i: int, h: int) -> dict[str, object]:
    """What a household knows: it picks up two times of three, and gives four points."""
    household = code_of(i, h)
    unusual = {REFUSING: "refuses"}
    return {
        "phone": phone_of(i, h),
        "head": HEAD,
        "visited": True,
        "solved": True,
        "score": 4,
        "comment": "",
        "answers": 66,
        "linked": household != STRANGE,
        "pin": field.pin_of(household) if household != STRANGE else "",
        "behaviour": unusual.get(household, "usual"),
    }


def test_a_campaign_runs_from_the_first_call_to_the_opened_answers(whole: Whole) -> None:
    whole.run()
    status, attempts = whole.status, whole.attempts()

    assert status.states.keys() <= {CLOSED, PERSON}
    assert status.members == CADRES * HOUSEHOLDS
    answered = status.stops["answered"]
    assert answered > status.members * 0.8

    client = Client(whole.settings.telephony_account, whole.settings.telephony_token)
    client.api.base_url = whole.settings.telephony_url
    rung = Counter(str(call.to) for call in client.calls.stream())
    assert rung.total() == len(attempts) == status.attempts
    assert max(rung.values()) <= MOST_ATTEMPTS
    assert all(each.ended_at for each in attempts)

    assert whole.member(UNREACHABLE).needs_new_number
    assert whole.contacts(REFUSING)[-1] is Contact.REFUSED
    assert Contact.COMPLETE not in whole.contacts(STRANGE)

    assert whole.count(CampaignBallot) == answered * 3
    if status.campaign.state is State.RUNNING:
        whole.room.plans.stop(whole.campaign, actor="op")
    tally = build_tally(whole.settings, TALLY_KEY)
    opened = tally.campaigns.open(whole.campaign)
    tally.close()
    assert sum(each.scores.n for each in opened) == answered
    assert (whole.count(CampaignBallot), whole.count(CampaignPending)) == (0, 0)
    with whole.database.read() as db:
        assert audit.verify(db) > 0

"""A whole campaign over the local exchange, from the first call to the opened answers.

Scripted households answer on the virtual clock; every call, webhook and signature is on the wire.
Reports come twice and overtake each other all the while, and the exchange is killed in mid-call.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from twilio.rest import Client

from evalsys.app import build_tally
from evalsys.domain.campaign.plan import Kind, State
from evalsys.domain.campaign.policy import MOST_ATTEMPTS, Contact
from evalsys.store import audit
from evalsys.store.campaigns import CLOSED, PERSON
from evalsys.store.database import Database
from evalsys.store.schema.campaigns import CampaignBallot, CampaignPending
from tests.builders import TALLY_KEY
from tests.roster_rows import code_of
from tests.whole_campaign import Whole, over_exchange

UNREACHABLE = code_of(0, 0)
"""The one household without a telephone."""
FAULTS = "duplicate=0.3,reorder=0.3,seed=5"
REFUSING, STRANGE, MACHINE = code_of(0, 2), code_of(0, 3), code_of(0, 4)


@pytest.fixture
def whole(database: Database, tmp_path: Path) -> Iterator[Whole]:
    """Give a campaign that is started, with its households at the exchange."""
    with over_exchange(Whole, database, tmp_path, Kind.ANNUAL, _unusual, faults=FAULTS) as field:
        yield field


def _unusual(_field: Whole, household: str) -> Mapping[str, object]:
    unusual: Mapping[str, Mapping[str, object]] = {
        REFUSING: {"behaviour": "refuses"},
        STRANGE: {"linked": False, "pin": ""},
        MACHINE: {"behaviour": "machine"},
    }
    return unusual.get(household, {})


def test_a_campaign_runs_from_the_first_call_to_the_opened_answers(whole: Whole) -> None:
    whole.run(until=lambda: whole.status.lines_in_use > 5)
    whole.exchange.kill()
    whole.exchange.start(whole.settings)
    whole.run()
    status, attempts = whole.status, whole.attempts()

    assert status.states.keys() <= {CLOSED, PERSON}
    assert status.members == sum(Whole.SIZES)
    answered = status.stops["answered"]
    assert answered > status.members * 0.8

    client = Client(whole.settings.telephony_account, whole.settings.telephony_token)
    client.api.base_url = whole.settings.telephony_url
    rung = Counter(str(call.to) for call in client.calls.stream())
    assert len(attempts) == status.attempts
    # What the exchange refused rang nowhere; what it took was taken once.
    assert rung.total() == sum(bool(each.sid) for each in attempts)
    assert len({each.sid for each in attempts if each.sid}) == rung.total()
    counted = Counter(each.household for each in attempts if each.n is not None)
    assert max(counted.values()) <= MOST_ATTEMPTS
    assert all(each.ended_at for each in attempts)

    assert whole.member(UNREACHABLE).needs_new_number
    assert whole.contacts(REFUSING)[-1] is Contact.REFUSED
    assert Contact.COMPLETE not in whole.contacts(STRANGE)
    assert Contact.MACHINE in whole.contacts(MACHINE)

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

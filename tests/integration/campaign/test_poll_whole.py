"""A poll by telephone over the local exchange, from the first call to its result (G05)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from typing_extensions import override

from evalsys.domain.access import Person, Role
from evalsys.domain.campaign.plan import Kind, Rules, State
from evalsys.domain.campaign.policy import Stop
from evalsys.domain.outcome_codes import OUTCOMES
from evalsys.domain.polls import Option, Plan, PollStage, Span, Voiced
from evalsys.ids import CampaignId
from evalsys.services.polls import Polls
from evalsys.store.campaigns import CLOSED, PERSON
from evalsys.store.database import Database
from evalsys.web.rooms import install_rooms
from tests.roster_rows import code_of
from tests.whole_campaign import Whole, over_exchange

OFFICE = Person("office", Role.OFFICE)
UNREACHABLE, REFUSING, STRANGE, LIGHTS = (code_of(0, h) for h in (0, 2, 3, 5))


class WholePoll(Whole):
    """A poll over the first grid, in its first stage, by telephone."""

    SIZES: ClassVar = (24, 1)
    polls: Polls

    @override
    def plan(self, kind: Kind = Kind.POLL, **wanted: object) -> CampaignId:
        zone, watch = self.settings.zone, self.watch
        self.polls = Polls(self.database, self.settings.index_key, watch, zone, self.room.plans)
        install_rooms(self.app, replace(self.rooms, campaign=self.room, polls=self.polls))
        first = watch.at.date()
        spans = tuple(
            Span(stage, first + timedelta(days=40 * n), first + timedelta(days=40 * n + 29))
            for n, stage in enumerate(PollStage)
        )
        options = (Option("硬化村东路", 300_000), Option("装路灯", 80_000), Option("打井", 50_000))
        self.polls.plan(Plan("今年办哪几件", "T00", 400_000, options, spans), OFFICE)
        self.campaign = self.polls.ask(1, Rules(), OFFICE)
        return self.campaign

    @override
    def pin_of(self, household: str) -> str:
        # A household of another grid has no letter.
        return self.polls.pin_of(1, household) if household.startswith(code_of(0, 0)[:8]) else ""


@pytest.fixture
def poll(database: Database, tmp_path: Path) -> Iterator[WholePoll]:
    with over_exchange(
        WholePoll, database, tmp_path, Kind.POLL, _unusual, faults="duplicate=0.5,seed=3"
    ) as field:
        yield field


def _unusual(_field: WholePoll, household: str) -> Mapping[str, object]:
    unusual: Mapping[str, Mapping[str, object]] = {
        REFUSING: {"behaviour": "refuses"},
        STRANGE: {"pin": "00000000"},
        LIGHTS: {"wants": "路灯"},
    }
    return {"wants": "村东路", **unusual.get(household, {})}


@pytest.mark.on_sqlite
def test_a_poll_runs_by_telephone_to_its_result_and_every_household_has_one_code(
    poll: WholePoll,
) -> None:
    poll.run()
    status = poll.status
    assert status.states.keys() <= {CLOSED, PERSON}
    codes = dict(status.codes)
    assert sum(codes.values()) == status.members == poll.SIZES[0]
    assert set(codes) <= set(OUTCOMES)
    answered = status.stops[Stop.ANSWERED]
    assert codes["1.1"] == answered > status.members * 0.7
    assert poll.member(UNREACHABLE).needs_new_number
    assert poll.member(STRANGE).code == "3.20"
    rate = status.whole.rates["RR1"]
    assert rate is not None
    assert (rate.numerator, rate.denominator) == (answered, status.members)

    poll.watch.forward(days=40)
    poll.polls.end_past()
    assert poll.status.campaign.state in {State.DONE, State.STOPPED}
    told = poll.polls.page(1).results[0]
    assert told.voices == answered
    assert told.ways == {Voiced.CALL: answered}
    assert told.counts == {"1": answered - 1, "2": 1, "3": 0}

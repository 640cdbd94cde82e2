"""The answers of a campaign are opened once it is over, by the tally process alone."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import select, update

from evalsys.app import build_tally
from evalsys.domain.campaign.plan import OVER
from evalsys.domain.flags import FlagKind
from evalsys.domain.scoring import Band
from evalsys.errors import NotFound, Tampered, WrongPhase
from evalsys.ids import CampaignId
from evalsys.services.tally import Tally
from evalsys.store.ballot_box import BoxKey
from evalsys.store.schema.campaigns import CampaignBallot, CampaignMember, CampaignPending
from tests import warmed
from tests.builders import TALLY_KEY, environment_of
from tests.calling import CADRES, HOUSEHOLDS, Carrier
from tests.campaigning import Field, phones


@pytest.fixture
def tally(field: Field) -> Iterator[Tally]:
    built = build_tally(field.settings, TALLY_KEY)
    yield built
    built.close()


@pytest.fixture
def asked(field: Field, carrier: Carrier) -> Field:
    """Every household of both cadres has answered with the first key."""
    field.plan()
    for _ in range(CADRES * HOUSEHOLDS):
        field.watch.forward(seconds=1)
        field.tick()
        for phone in phones(field, carrier).values():
            phone.answer_all()
            phone.hook("step/comment/1", RecordingSid=f"RE{phone.sid}", RecordingDuration="0")
            phone.hang_up()
    return field


def end(field: Field) -> None:
    """End the campaign, unless it has ended because nobody is left to call."""
    if field.status.campaign.state not in OVER:
        field.room.plans.stop(field.campaign, actor="op")


def test_answers_of_a_campaign_that_goes_on_stay_sealed(field: Field, tally: Tally) -> None:
    other = field.plan()
    with pytest.raises(WrongPhase, match="还没有结束"):
        tally.campaigns.open(other)
    with pytest.raises(NotFound):
        tally.campaigns.open(CampaignId("f" * 32))


def test_a_campaign_is_opened_once_and_every_box_destroyed(asked: Field, tally: Tally) -> None:
    end(asked)
    assert asked.count(CampaignBallot) > 0
    first, second = tally.campaigns.open(asked.campaign)
    assert first.scores.n == second.scores.n == HOUSEHOLDS
    assert first.scores.band is not Band.TOO_FEW
    assert first.replies.keys() == {"visited", "solved"}
    assert (asked.count(CampaignBallot), asked.count(CampaignPending)) == (0, 0)
    assert tally.campaigns.open(asked.campaign) == (first, second)
    assert tally.look() == ""


@pytest.mark.on_sqlite
def test_the_watch_opens_it_by_itself_and_the_command_tells_it(asked: Field, tally: Tally) -> None:
    end(asked)
    assert tally.look() == ""
    key = {"EVALSYS_TALLY_KEY": TALLY_KEY.hex(), "PATH": "/usr/bin:/bin"}
    told = warmed.run(
        ["evalsys", "tally", asked.campaign, "--json"], {**environment_of(asked.settings), **key}
    )
    assert told.returncode == 0, told.stderr
    found = json.loads(told.stdout)
    assert found["campaign"] == asked.campaign
    assert [one["answered"] for one in found["results"]] == [HOUSEHOLDS, HOUSEHOLDS]


def test_a_box_that_was_added_stops_the_opening(asked: Field, tally: Tally) -> None:
    end(asked)
    slot = BoxKey(TALLY_KEY).slot
    with asked.database.write() as db:
        about = db.scalars(select(CampaignMember.about)).first()
        content = {"about": about, "nonce": "0" * 32, "topic": "score", "value": "5"}
        db.add(
            CampaignBallot(
                id="e" * 32, campaign=asked.campaign, about=about, sealed=slot.seal(content, 128)
            )
        )
    with pytest.raises(Tampered, match="多"):
        tally.campaigns.open(asked.campaign)
    assert "密封票" in tally.look()


def test_a_box_that_was_moved_to_another_cadre_stops_the_opening(
    asked: Field, tally: Tally
) -> None:
    end(asked)
    with asked.database.write() as db:
        one, other = db.scalars(select(CampaignBallot.about).distinct()).all()
        first = db.scalars(select(CampaignBallot.id).where(CampaignBallot.about == one)).first()
        moved = update(CampaignBallot).where(CampaignBallot.id == first)
        db.execute(moved.values(about=other))
    with pytest.raises(Tampered, match="别人"):
        tally.campaigns.open(asked.campaign)


def test_a_burst_of_answers_is_a_sign_for_review(asked: Field) -> None:
    end(asked)
    flags = asked.rooms.flags
    flags.look(actor="ji-wei")
    kinds = [one.flag.kind for one in flags.read(reader="ji-wei")]
    assert kinds.count(FlagKind.BURST) == 2
    # Each household of the test pressed every key at once, and all of them alike.
    assert kinds.count(FlagKind.FASTER_THAN_PROMPT) == 2
    assert kinds.count(FlagKind.SAME_RHYTHM) == 2
    assert not any(attempt.rhythm for attempt in asked.attempts())

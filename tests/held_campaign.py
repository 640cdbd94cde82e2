"""A campaign that was held: cases closed, answers sealed, ballots opened."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from evalsys.app import build_tally
from evalsys.domain.campaign.policy import Contact, Tried
from evalsys.domain.interview import Topic
from evalsys.ids import CadreNumber, MemberId
from evalsys.services.campaign_cases import close_contact
from evalsys.store import campaign_queue as queue
from evalsys.store import campaigns as store
from evalsys.store.ballot_box import BallotSlot
from evalsys.store.campaign_answers import seal_pending
from evalsys.store.schema.campaigns import CampaignMember
from tests.builders import TALLY_KEY
from tests.campaigning import Field


def answer_all(
    field: Field, given: Mapping[CadreNumber, Sequence[str]], topic: Topic = Topic.SCORE
) -> None:
    """Let households of the running campaign answer; whoever has no answer left was busy."""
    slot, zone = BallotSlot(field.settings.tally_public_key), field.settings.zone
    with field.database.write() as db:
        campaign = store.campaign(db, field.campaign)
        mine = select(CampaignMember).where(CampaignMember.campaign == field.campaign)
        for cadre, answers in given.items():
            members = db.scalars(mine.where(CampaignMember.about == cadre)).all()
            for n, row in enumerate(members):
                case = queue.case_of(db, MemberId(row.id))
                contact = Contact.COMPLETE if n < len(answers) else Contact.BUSY
                if n < len(answers):
                    seal_pending(db, slot, case.id, topic, answers[n], cadre)
                close_contact(db, campaign, case, Tried(contact, field.watch.at), "test", zone)


def end(field: Field) -> None:
    """Stop the campaign unless it is over, and open its ballots."""
    if field.status.campaign.state.value == "running":
        field.room.plans.stop(field.campaign, actor="op")
    tally = build_tally(field.settings, TALLY_KEY)
    tally.campaigns.open(field.campaign)
    tally.close()

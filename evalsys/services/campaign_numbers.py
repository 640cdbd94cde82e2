"""A case that was closed for a dead number goes on when the roster gets a new one."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from evalsys.domain.campaign.policy import Contact, Tried
from evalsys.services.campaign_cases import close_contact
from evalsys.store import campaign_lists, campaigns
from evalsys.store.campaign_queue import Case

ACTOR = "system:import"


def reopen_cases(db: Session, now: datetime, zone: ZoneInfo) -> int:
    """Reopen, in the import's transaction, the cases that it gave a number; return how many.

    Cases of campaigns that are over, and of households that want no call, stay closed.
    """
    return _reopen(db, campaign_lists.cases_with_a_new_number(db), now, zone, ACTOR)


def reopen_cases_of(
    db: Session, household: str, now: datetime, zone: ZoneInfo, *, actor: str
) -> int:
    """Reopen likewise what a household gets a number for that was put right at its wish."""
    return _reopen(db, campaign_lists.cases_of_a_new_number(db, household), now, zone, actor)


def _reopen(db: Session, cases: Sequence[Case], now: datetime, zone: ZoneInfo, actor: str) -> int:
    for case in cases:
        campaign = campaigns.campaign(db, case.campaign)
        close_contact(db, campaign, case, Tried(Contact.NEW_NUMBER, now), actor, zone)
    return len(cases)

"""A case that was closed for a dead number goes on when an import brings a new one."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from evalsys.domain.campaign.policy import Contact, Tried
from evalsys.services.campaign_cases import close_contact
from evalsys.store import campaign_lists, campaigns

ACTOR = "system:import"


def reopen_cases(db: Session, now: datetime, zone: ZoneInfo) -> int:
    """Reopen, in the import's transaction, the cases that it gave a number; return how many.

    Cases of campaigns that are over, and of households that want no call, stay closed.
    """
    reopened = campaign_lists.cases_with_a_new_number(db)
    for case in reopened:
        campaign = campaigns.campaign(db, case.campaign)
        close_contact(db, campaign, case, Tried(Contact.NEW_NUMBER, now), ACTOR, zone)
    return len(reopened)

"""A household chose by a key how it is spoken to: its own word, which later calls follow."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from evalsys.ids import HouseholdCode
from evalsys.store import audit, campaign_lists
from evalsys.store import campaigns as store

ACTOR = "household:telephone"


def remember(db: Session, household: HouseholdCode, dialect: str, now: datetime) -> None:
    """Keep the dialect that a household chose, in the call's own transaction.

    It goes before the roster's; "" is Mandarin, also where the roster names a dialect.
    """
    known = store.wish_of(db, household)
    store.keep_wish(db, replace(known, dialect=dialect, noted_by=ACTOR), now)
    campaign_lists.apply_dialect(db, household, dialect)
    audit.record(db, now, ACTOR, "household.wish", "household", {})

"""What follows for a household's case from what became of an attempt."""

import hmac
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from evalsys.domain.campaign.calendar import read_window
from evalsys.domain.campaign.outcome import outcome
from evalsys.domain.campaign.plan import Campaign, Kind
from evalsys.domain.campaign.policy import Contact, Stop, Tried, counted, next_attempt
from evalsys.domain.interview_arrangement import read_arrangement
from evalsys.store import campaign_answers as answers
from evalsys.store import campaign_callbacks
from evalsys.store import campaigns as store
from evalsys.store.campaign_queue import Case

FINISHED = frozenset({Contact.COMPLETE, Contact.PARTIAL})
_FORGETS = frozenset({Contact.NOT_FREE, Contact.REFUSED, Contact.NOT_LINKED, Contact.PIN_FAILED})
"""What throws an unfinished interview away; anything else leaves it to the next call."""
_NEVER_CALLED = "4.80"


@dataclass(frozen=True, slots=True)
class Pins:
    """The PINs of sealed letters: computed from a key, kept nowhere."""

    key: bytes

    def pin_of(self, campaign: str, household: str, digits: int) -> str:
        """Return a household's PIN in a campaign."""
        mac = hmac.digest(self.key, f"{campaign}|{household}".encode(), "sha256")
        return f"{int.from_bytes(mac[:8]) % 10**digits:0{digits}}"


def close_contact(
    db: Session, campaign: Campaign, case: Case, tried: Tried, actor: str, zone: ZoneInfo
) -> None:
    """Note what became of an attempt, and everything that follows from it, in `db`."""
    past = answers.history(db, case.id)
    whole = (*past, tried)
    answers.add_contact(db, case.id, len(whole), tried, actor)
    calendar = campaign.rules.calendar(zone, frozenset(store.holidays(db)))
    wish = read_window(case.wish) if case.wish else None
    following = next_attempt(whole, tried.at, calendar, campaign.rules.policy, wish)
    attempts = len(counted(whole))
    answers.keep_case(db, case.id, outcome(whole), following, attempts=attempts)
    if tried.contact in FINISHED:
        answers.cast_pending(db, case.id, case.campaign, case.about)
        _fill_quota(db, campaign, case)
    elif tried.contact in _FORGETS or isinstance(following, Stop):
        answers.forget_pending(db, case.id)
        if campaign.kind is Kind.CALLBACK:
            campaign_callbacks.keep_reply(db, case.id, "")
    if tried.contact is Contact.REFUSED_FOR_GOOD:
        known = store.wish_of(db, case.household)
        store.keep_wish(db, replace(known, do_not_call=True, noted_by=actor), tried.at)


def _fill_quota(db: Session, campaign: Campaign, case: Case) -> None:
    for group, quota in campaign.rules.quotas.items():
        if quota and answers.answers_beside(db, campaign.id, case.id, group) >= quota:
            answers.close_for_quota(db, campaign.id, case.id, group, _NEVER_CALLED)


def still_to_ask(case: Case, answered: frozenset[str]) -> str:
    """Write what a call asks: everything, without what an earlier call answered."""
    arrangement = read_arrangement(case.arrangement)
    order = tuple(topic for topic in arrangement.order if topic.value not in answered)
    return replace(arrangement, order=order).written()

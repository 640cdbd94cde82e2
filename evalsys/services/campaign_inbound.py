"""Households that call the announced number themselves: their telephone finds the case.

Such a call is none of our six attempts. Its PIN proves who calls, as in a call of ours.
"""

import re

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.interview import Ending, Farewell
from evalsys.domain.interview_script import Brief, words
from evalsys.domain.phone_number import to_e164
from evalsys.ids import AttemptId, new_id
from evalsys.ports import CarrierCall
from evalsys.services.calls import Speech
from evalsys.services.campaign_calls import CampaignCalls
from evalsys.services.campaign_cases import still_to_ask
from evalsys.store import campaign_due
from evalsys.store import campaign_queue as queue
from evalsys.store.campaign_queue import CampaignCall
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox

_E164 = re.compile(r"\+[0-9]{7,15}", re.ASCII)


class CampaignInbound:
    """Calls that come in at the announced number."""

    def __init__(self, database: Database, calls: CampaignCalls, box: PhoneBox, now: Clock) -> None:
        """Find cases by `box`; what is said and learnt goes through `calls`."""
        self._database = database
        self._calls = calls
        self._box = box
        self._now = now

    def called_back(self, sid: str, caller: str) -> tuple[AttemptId, Speech]:
        """Go on with the interview of a household that calls the announced number itself.

        Its telephone finds the case, its PIN proves who it is. Whoever is not asked by any
        running campaign is thanked. A repeat of the webhook gets the first answer again.
        """
        with self._database.write() as db:
            attempt = queue.call_with_sid(db, sid) or self._begun(db, sid, caller)
        if attempt is None:
            closed, script = Farewell(Ending.CLOSED), self._calls.script
            return AttemptId(""), Speech(closed, words(script, Brief(""), closed), script)
        return attempt, self._calls.answered(attempt, sid)

    def report(self, report: CarrierCall, *, sip_code: int | None = None) -> None:
        """Take the carrier's word on a call that came in; one that is no interview is let be."""
        with self._database.read() as db:
            attempt = queue.call_with_sid(db, report.sid)
        if attempt is not None:
            self._calls.report(attempt, report, sip_code=sip_code)

    def _begun(self, db: Session, sid: str, caller: str) -> AttemptId | None:
        number = caller if _E164.fullmatch(caller) else to_e164(caller)
        if not isinstance(number, str):
            return None
        case = queue.case_to_call_back(db, self._box.blind(number))
        if case is None or campaign_due.busy_households(db, [case.household]):
            return None
        now, answered = self._now(), queue.answered_topics(db, [case.id])
        call = CampaignCall(
            id=AttemptId(new_id()),
            campaign=case.campaign,
            member=case.id,
            household=case.household,
            n=None,  # we did not dial: it is none of our six attempts
            asks=still_to_ask(case, answered.get(case.id, frozenset())),
            placed_at=now,
            heard_at=now,
            sid=sid,
        )
        queue.add_calls(db, [call])
        return call.id

"""Callbacks: what a household says of a request that was closed as solved, beside the claim (Y54).

While the interview is under way the answer waits with its case; key 9 and a refusal erase it. When
the interview is finished it becomes an event of the request, in the same transaction.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from evalsys.domain.casework.words import Confirmation
from evalsys.domain.interview_script import Brief
from evalsys.domain.live.words import Reply
from evalsys.ids import CampaignId, MemberId
from evalsys.services.casework_desk import CaseworkDesk
from evalsys.services.casework_handling import confirm_in
from evalsys.store import campaign_callbacks as store
from evalsys.store import casework

_MEANING = {
    Reply.YES.value: Confirmation.YES,
    Reply.NO.value: Confirmation.NO,
    Reply.UNSURE.value: Confirmation.UNANSWERED,
}
_ANSWERED = frozenset({Confirmation.YES.value, Confirmation.NO.value})


class Callbacks:
    """The bridge from an interview to the request that it asks about."""

    def __init__(self, desk: CaseworkDesk) -> None:
        """Write on `desk`."""
        self._desk = desk

    @staticmethod
    def brief(db: Session, member: MemberId, cadre: str) -> Brief:
        """Tell what is said of the request, by the words of whoever raised it."""
        text = store.text_of(db, member)
        return Brief(cadre, requests=(text,) if text else ())

    @staticmethod
    def keep(db: Session, member: MemberId, reply: Reply) -> None:
        """Let an answer wait until its interview is finished; the first one holds."""
        if not store.asked(db, member).reply:
            store.keep_reply(db, member, reply.value)

    def finish(self, db: Session, campaign: CampaignId, member: MemberId, at: datetime) -> None:
        """Put the answer of a finished interview beside the claim.

        An answer about a close that was undone meanwhile, or about which the household had
        spoken otherwise, is no answer to what stands now: it is dropped.
        """
        asked = store.asked(db, member)
        if not asked.reply or asked.kept_at is not None:
            return
        casework.lock(db, asked.request)
        stands = casework.read_standing(db, asked.request)
        if stands is None or stands.closed_at != asked.closed_at or stands.confirmed in _ANSWERED:
            store.keep_reply(db, member, "")
            return
        store.keep_reply(db, member, asked.reply, at)
        answer = _MEANING[asked.reply]
        confirm_in(self._desk, db, asked.request, answer, f"campaign:{campaign}")

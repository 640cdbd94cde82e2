"""Recordings of comments at the carrier: played back to who spoke, erased when taken back."""

import logging

from evalsys.domain.interview import Ask, Topic, take_of
from evalsys.errors import LineDown, NotFound
from evalsys.ids import AttemptId
from evalsys.ports import CallGateway
from evalsys.services.campaign_calls import CampaignCalls
from evalsys.store import campaign_queue as queue
from evalsys.store.database import Database

MOST_ERASED_AT_ONCE = 20

_log = logging.getLogger(__name__)


class CampaignRecordings:
    """Fetches and erases what the carrier recorded; nothing of it is kept here."""

    def __init__(self, database: Database, calls: CampaignCalls, gateway: CallGateway) -> None:
        """Ask `gateway` for the sound of what `calls` let hear."""
        self._database = database
        self._calls = calls
        self._gateway = gateway

    def play(self, attempt: AttemptId, take: int) -> bytes:
        """Return the sound of the comment that this call's household is asked about now.

        Raises:
            NotFound: there is no such call, or it is not being asked about this comment.
            LineDown: the carrier does not give it.
        """
        with self._database.read() as db:
            call, _, campaign = queue.open_call(db, attempt)
            script = self._calls.script_of(campaign.script)
        match call.step:
            case Ask(Topic.REVIEW) as asked if (
                call.recording and call.ended_at is None and take_of(script, asked) == take
            ):
                return self._gateway.recording(call.recording)
        raise NotFound("现在没有可以放的录音。")

    def erase_dropped(self) -> None:
        """Erase at the carrier what households took back; what fails is tried again."""
        with self._database.read() as db:
            dropped = queue.dropped(db, limit=MOST_ERASED_AT_ONCE)
        for recording in dropped:
            try:
                self._gateway.erase(recording)
            except LineDown as down:
                _log.warning("a recording is not erased yet: %s", down.what)
                return
            with self._database.write() as db:
                queue.forget_dropped(db, recording)

"""What becomes of a spoken comment of a campaign: kept, taken back, handed on apart from its call.

While its household may still take it back, a comment waits beside the attempt; its words, if the
carrier sends them early, wait sealed. A recording that was taken back is erased at the carrier
(`services.campaign_recordings`).
"""

from datetime import datetime

from sqlalchemy.orm import Session

from evalsys.domain.interview import Ask, Script, Topic
from evalsys.ids import CadreNumber, LiveId
from evalsys.services.score import MOST_COMMENT_CHARACTERS, Scores
from evalsys.store import campaign_queue as queue
from evalsys.store.campaign_queue import CampaignCall, Case


def may_be_taken_back(call: CampaignCall, script: Script) -> bool:
    """Say whether the household may still speak its comment anew, or drop it."""
    is_asked = isinstance(call.step, Ask) and script.question(Topic.REVIEW) is not None
    return is_asked and call.ended_at is None


def take_back(db: Session, call: CampaignCall, now: datetime, *, speaks_anew: bool) -> None:
    """Forget a comment; another one may follow in this call if the household `speaks_anew`."""
    if call.recording and not call.sid.startswith(queue.WEB):
        queue.add_dropped(db, call.recording, now)
    left = None if speaks_anew else queue.HANDED_ON
    queue.keep_call(db, call.id, recording=left, words=None)


def keep_words(db: Session, scores: Scores, call: CampaignCall, text: str) -> None:
    """Keep the words of a comment sealed until it is certain that it stays."""
    words = scores.seal_comment(text[:MOST_COMMENT_CHARACTERS], call.recording or "")
    queue.keep_call(db, call.id, words=words)


def hand_on(db: Session, scores: Scores, call: CampaignCall, case: Case, text: str) -> None:
    """Hand a comment on with its words, apart from who gave it; once."""
    if not call.recording:
        return
    scores.keep_comment_in(
        db,
        LiveId(call.campaign),
        0,
        cadre=CadreNumber(case.about[:8]),
        text=text[:MOST_COMMENT_CHARACTERS],
        recording=call.recording,
        sealed=queue.words_of(db, call.id),
    )
    queue.keep_call(db, call.id, recording=queue.HANDED_ON, words=None)

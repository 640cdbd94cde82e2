"""One report of the carrier on a call of a campaign, while its transaction is open."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from evalsys.domain.campaign.plan import Campaign, Kind
from evalsys.domain.interview import Ask, Farewell, Script
from evalsys.store import rhythms
from evalsys.store.campaign_answers import forget_digests
from evalsys.store.campaign_queue import WEB, CampaignCall, Case

_OF_CADRES = frozenset({Kind.ANNUAL, Kind.APPOINTMENT, Kind.PLEDGE, Kind.CALLBACK})
ANSWERED = "answer"
"""Names the webhook that opens a conversation."""


@dataclass(slots=True)
class Hook:
    """The call, its case, and what is going to be written."""

    db: Session
    call: CampaignCall
    case: Case
    campaign: Campaign
    script: Script
    sid: str
    changes: dict[str, object] = field(default_factory=dict)
    """What is written of the call, at once, when the hook is done."""

    def keep(self, **values: object) -> None:
        """Have a change of the call written."""
        self.changes.update(values)

    def keep_rhythm(self, now: datetime, *, keyed: bool, says: str) -> None:
        """Count the key that came now, where it may tell of a cadre; a page is read, not heard."""
        if self.campaign.kind in _OF_CADRES and not self.sid.startswith(WEB):
            self.keep(rhythm=rhythms.noted(self.call.rhythm, now, keyed=keyed, says=says))

    def cut_loose(self) -> None:
        """Forget what was pressed in a call that has ended, and keep its rhythm apart from it."""
        forget_digests(self.db, self.call.id)
        if self.call.rhythm:
            place, about = self.call.campaign, self.case.about
            rhythms.keep_apart(self.db, self.call.rhythm, place, rhythms.OF_CAMPAIGN, about)
            self.keep(rhythm="")

    @property
    def is_ours(self) -> bool:
        """Whether it is the call that this attempt placed, not a second one by mistake."""
        return self.call.sid == self.sid


def standing(call: CampaignCall) -> str:
    """Name the webhook that the call waits for."""
    match call.step:
        case None:
            return ANSWERED
        case Ask(topic, tries):
            return f"{topic}/{tries}"
        case Farewell():
            return ""

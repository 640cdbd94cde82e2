"""One report of the carrier on a call of a campaign, while its transaction is open."""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from evalsys.domain.campaign.plan import Campaign
from evalsys.domain.interview import Ask, Farewell, Script
from evalsys.store.campaign_queue import CampaignCall, Case

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

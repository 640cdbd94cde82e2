"""Which households a campaign asks, and about whom."""

import hashlib
import heapq
from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from evalsys.domain.campaign.plan import Kind
from evalsys.domain.campaign.wanted import Wanted
from evalsys.errors import InvalidInput
from evalsys.ids import CampaignId
from evalsys.store import campaign_callbacks
from evalsys.store import campaigns as store
from evalsys.store.campaigns import Candidate


def who_is_asked(db: Session, campaign: CampaignId, wanted: Wanted) -> Sequence[Candidate]:
    """Find the households of a plan.

    Raises:
        InvalidInput: the roster does not know what it names, or nobody would be asked.
    """
    unknown = store.unknown_places(db, wanted.electorate)
    if unknown:
        raise InvalidInput(
            f"名册中没有：{'、'.join(unknown[:10])}。",
            remedy="请核对干部编号、单位和乡镇的代码。",
            place="electorate",
        )
    match wanted.kind:
        case Kind.DEPARTMENT:
            everybody = store.all_households(db, wanted.department)
            candidates = drawn(everybody, wanted.sample, seed=campaign)
        case Kind.CALLBACK:
            closed = list(campaign_callbacks.due(db, wanted.electorate))
            if not closed:
                raise InvalidInput(
                    "没有待回访的诉求。",
                    remedy="回访问的是按已解决办结、群众还没有答过的诉求；请在有新办结后再计划。",
                    place="electorate",
                )
            candidates = drawn(closed, wanted.sample or len(closed), seed=campaign)
        case _:
            candidates = list(store.linked_households(db, wanted.electorate))
    if not candidates:
        raise InvalidInput(
            "没有可以评议的联系户。", remedy="请先导入名册，或放宽范围。", place="electorate"
        )
    return candidates


def drawn(candidates: Iterable[Candidate], sample: int, *, seed: str) -> Sequence[Candidate]:
    """Draw households by the smallest tickets; anybody who has seed and codes finds the same."""

    def ticket(one: Candidate) -> bytes:
        return hashlib.sha256(f"spot-check/1|{seed}|{one.household}".encode()).digest()

    return heapq.nsmallest(sample, candidates, key=ticket)

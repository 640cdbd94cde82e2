"""Which households a campaign asks, and about whom."""

import hashlib
import heapq
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from evalsys.domain.campaign.plan import OVER, Kind
from evalsys.domain.campaign.wanted import Wanted
from evalsys.errors import InvalidInput, RuleViolation, WrongPhase
from evalsys.ids import CampaignId
from evalsys.store import campaign_callbacks, polls
from evalsys.store import campaigns as store
from evalsys.store.campaigns import Candidate
from evalsys.store.polls import Asked


def stage_asked(db: Session, wanted: Wanted, today: date) -> Asked:
    """Find the stage of a project poll that a plan asks about: the one that runs.

    Raises:
        NotFound: there is no such poll.
        WrongPhase: no stage runs, or another campaign asks about it already.
    """
    plan = polls.poll(db, wanted.poll).plan
    running = plan.running(today)
    if running is None:
        raise WrongPhase(
            "这个项目现在没有阶段进行，不能打电话征求。",
            remedy="请在阶段开始以后、截止以前再发起。",
        )
    for _campaign, stage, state in polls.campaigns_of(db, wanted.poll):
        if stage is running.stage and state not in OVER:
            raise WrongPhase(
                "这个阶段已经有电话征求在进行。", remedy="请等它结束，或先在电话评议活动中停止它。"
            )
    return Asked(wanted.poll, running.stage)


def who_is_asked(
    db: Session, campaign: CampaignId, wanted: Wanted, poll: Asked | None = None
) -> Sequence[Candidate]:
    """Find the households of a plan; `poll` is what it asks about, where it does.

    Raises:
        InvalidInput: the roster does not know what it names, or nobody would be asked.
    """
    unknown = store.unknown_places(db, wanted.electorate)
    if unknown:
        raise InvalidInput(
            f"名册中没有：{'、'.join(unknown[:10])}。",
            remedy="请核对干部编号、单位和第二级网格的代码。",
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
        case Kind.POLL if poll is not None:
            candidates = list(polls.silent(db, poll))
            if not candidates:
                raise RuleViolation("各户都已经答过了。", remedy="请在项目页看结果。")
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

"""Handing the households of a cadre who leaves the county over to another one (Y22).

干部工作岗位可以变动，联系户就不变: a change of post, unit or grid is no reason. Until the hand-over
is accepted the old link stands, so that no household is without a cadre for a day.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from evalsys.domain.roster_load import LoadLimits, LoadStanding
from evalsys.errors import InvalidInput, NotAllowed, RuleViolation, StaleState
from evalsys.ids import CadreNumber

MOST_AHEAD = timedelta(days=366)
_LONGEST_NOTE = 200


class LeavingReason(StrEnum):
    """Why a link ends: the cadre leaves the county's service for good (Y22)."""

    TRANSFERRED = "调出本县"
    RETIRED = "退休"
    DIED = "死亡"
    RESIGNED = "辞去公职"
    DISMISSED = "开除公职"


class HandOverState(StrEnum):
    """How far a hand-over has come."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Holder:
    """A cadre with the number of households linked at present."""

    number: CadreNumber
    name: str
    unit: str
    households: int
    left_on: date | None = None


@dataclass(frozen=True, slots=True)
class HandOver:
    """Some households go from one cadre to another on a day, once somebody else accepts it."""

    giver: CadreNumber
    taker: CadreNumber
    reason: LeavingReason
    since: date
    """The first day on which the taker answers for them."""
    households: int
    note: str
    proposed_by: str
    proposed_at: datetime
    id: int = 0
    state: HandOverState = HandOverState.PROPOSED
    ruled_by: str = ""
    ruled_at: datetime | None = None
    why: str = ""


def check_proposal(
    giver: Holder, taker: Holder, since: date, note: str, *, today: date, is_open: bool
) -> None:
    """Say whether a hand-over may be proposed.

    Raises:
        RuleViolation: the giver still serves, holds no household, or another one is open.
        InvalidInput: giver and taker are one, the taker has left, or the day cannot be.
    """
    if giver.left_on is None:
        raise RuleViolation(
            f"{giver.name}（{giver.number}）仍在岗：岗位、单位和网格变动都不改变联系户。",
            remedy="只有调出本县、退休等离任的干部才交接；请先在花名册登记离任日期和原因。",
        )
    if not giver.households:
        raise RuleViolation(f"{giver.name}（{giver.number}）名下没有联系户，不必交接。")
    if is_open:
        raise RuleViolation(
            f"{giver.name}（{giver.number}）的联系户已在交接。",
            remedy="请等接收人确认，或先撤回那一次。",
        )
    if giver.number == taker.number:
        raise InvalidInput("交出和接收是同一人。", remedy="请填接收干部的编号。", place="接收干部")
    if taker.left_on is not None:
        raise InvalidInput(
            f"{taker.name}（{taker.number}）已离任，不能接收。",
            remedy="请填在岗干部的编号。",
            place="接收干部",
        )
    if not giver.left_on <= since <= today + MOST_AHEAD:
        raise InvalidInput(
            f"交接日期 {since} 不对：应在离任之日 {giver.left_on} 之后，且不晚于一年后。",
            remedy="请填接收人开始联系这些户的第一天。",
            place="交接日期",
        )
    if len(note) > _LONGEST_NOTE:
        raise InvalidInput(f"说明超过 {_LONGEST_NOTE} 字。", remedy="请写短些。", place="说明")


def check_ruling(handover: HandOver, ruling: HandOverState, by: str, why: str) -> None:
    """Say whether somebody may accept, decline or withdraw a hand-over.

    Raises:
        StaleState: it is ruled on already.
        NotAllowed: who proposed it accepts it, or somebody else withdraws it.
        InvalidInput: declined without a reason.
    """
    if handover.state is not HandOverState.PROPOSED:
        raise StaleState(f"这次交接已由 {handover.ruled_by} 处理。", remedy="请刷新页面看结果。")
    if ruling is HandOverState.WITHDRAWN:
        if by != handover.proposed_by:
            raise NotAllowed("只有提出的人可以撤回。", remedy="您可以确认，或写明理由退回。")
        return
    if by == handover.proposed_by:
        raise NotAllowed("提出的人不能自己确认。", remedy="请接收单位的另一位同志确认。")
    if ruling is HandOverState.DECLINED and not why.strip():
        raise InvalidInput("退回要写明理由。", remedy="请写为什么不接。", place="理由")


def is_much(taker: Holder, more: int, limits: LoadLimits) -> bool:
    """Say whether the taker would answer for more households than the county means to (Y04)."""
    return limits.standing(taker.households + more) is LoadStanding.ABOVE

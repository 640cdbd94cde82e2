"""Handing the households of a cadre who leaves the county over to another one (Y22).

干部工作岗位可以变动，联系户就不变: a change of post, unit or grid is no reason. Where links have a
term (L11), households whose term is over may be handed over by a cadre who goes on serving.
Until the hand-over is accepted the old link stands, so that no household is without a cadre for
a day.
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
    """Why a link ends: the cadre leaves the county for good (Y22), or its term is over."""

    TRANSFERRED = "调出本县"
    RETIRED = "退休"
    DIED = "死亡"
    RESIGNED = "辞去公职"
    DISMISSED = "开除公职"
    TERM_OVER = "任期届满"
    """Of links whose term is over on the day, and of these alone (L11)."""


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
    term_over: int = 0
    """Of these, links whose term is over on the day of the hand-over (L11)."""


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

    @property
    def is_open(self) -> bool:
        """Whether nobody ruled on it yet."""
        return self.state is HandOverState.PROPOSED


def check_proposal(  # noqa: PLR0913 - what a proposal says, and what it is checked against
    giver: Holder,
    taker: Holder,
    reason: LeavingReason,
    since: date,
    note: str,
    *,
    today: date,
    is_open: bool,
) -> int:
    """Say whether a hand-over may be proposed, and of how many households.

    Raises:
        RuleViolation: the giver still serves, holds no household, or another one is open.
        InvalidInput: giver and taker are one, the taker has left, or the day cannot be.
    """
    is_term = reason is LeavingReason.TERM_OVER
    households = giver.term_over if is_term else giver.households
    _check_giver(giver, is_term=is_term, households=households, since=since)
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
    earliest = giver.left_on or today
    if not earliest <= since <= today + MOST_AHEAD:
        raise InvalidInput(
            f"交接日期 {since} 不对：应在 {earliest} 当天或以后，且不晚于一年后。",
            remedy="请填接收人开始联系这些户的第一天。",
            place="交接日期",
        )
    if len(note) > _LONGEST_NOTE:
        raise InvalidInput(f"说明超过 {_LONGEST_NOTE} 字。", remedy="请写短些。", place="说明")
    return households


def _check_giver(giver: Holder, *, is_term: bool, households: int, since: date) -> None:
    if giver.left_on is None and not is_term:
        raise RuleViolation(
            f"{giver.name}（{giver.number}）仍在岗：岗位、单位和网格变动都不改变联系户。",
            remedy="只有调出本县、退休等离任的干部才交接；请先在花名册登记离任日期和原因。",
        )
    if giver.left_on is not None and is_term:
        raise RuleViolation(
            f"{giver.name}（{giver.number}）已离任，名下的户都要交接，不论期限。",
            remedy="请选离任的原因。",
        )
    if not households and is_term:
        raise RuleViolation(
            f"{giver.name}（{giver.number}）名下到 {since} 没有期满的联系户。",
            remedy="请在联系期限页核对，或填更晚的日期。",
        )
    if not households:
        raise RuleViolation(f"{giver.name}（{giver.number}）名下没有联系户，不必交接。")


def check_ruling(handover: HandOver, ruling: HandOverState, by: str, why: str, today: date) -> None:
    """Say whether somebody may accept, decline or withdraw a hand-over.

    It is accepted on its day or later: until then the giver answers for the households, and a
    session or a campaign of these days must ask about him.

    Raises:
        RuleViolation: accepted before its day.
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
    if ruling is HandOverState.ACCEPTED and handover.since > today:
        raise RuleViolation(
            f"交接日期是 {handover.since}，那天以前仍由原干部联系。",
            remedy=f"请在 {handover.since} 当天或以后确认。",
        )


def is_much(taker: Holder, more: int, limits: LoadLimits) -> bool:
    """Say whether the taker would answer for more households than the county means to (Y04)."""
    return limits.standing(taker.households + more) is LoadStanding.ABOVE

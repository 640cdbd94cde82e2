"""A seat's proposal to name a cadre: not public until the operator takes it (Y33, Y35)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from evalsys.domain.live.naming import check_hears_cadres
from evalsys.domain.live.state import LiveState
from evalsys.domain.live.words import NamedBy, Phase
from evalsys.domain.panel import Seat, SeatCategory
from evalsys.errors import RuleViolation, WrongPhase
from evalsys.ids import CadreNumber

MOST_OF_A_SEAT = 20
"""Proposals that one seat may make in a session."""
_TOO_EARLY = (Phase.PLANNED, Phase.FROZEN)
_TOO_LATE = (Phase.CLOSED, Phase.SEALED)


class Answer(StrEnum):
    """What became of a proposal."""

    WAITING = "waiting"
    TAKEN = "taken"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One seat's proposal and what became of it."""

    id: str
    seat: int
    """Number of the seat."""
    label: str
    """As the hall calls the seat: "媒体 02"."""
    category: SeatCategory
    cadre: CadreNumber
    reason: str
    proposed_at: datetime
    answer: Answer = Answer.WAITING
    why: str = ""
    """Why it was dismissed."""

    @property
    def by(self) -> NamedBy:
        """Who names the cadre when this is taken."""
        return NamedBy.MEDIA if self.category is SeatCategory.MEDIA else NamedBy.PANEL


def new_proposal(
    seat: Seat,
    earlier: tuple[Proposal, ...],
    cadre: CadreNumber,
    reason: str,
    *,
    id_: str,
    at: datetime,
) -> Proposal:
    """Return what `seat` proposes; a repeat of the one that waits is that one.

    Raises:
        RuleViolation: another proposal of the seat still waits, or it made too many.
    """
    waiting = next((one for one in earlier if one.answer is Answer.WAITING), None)
    if waiting is not None:
        if (waiting.cadre, waiting.reason) == (cadre, reason):
            return waiting
        raise RuleViolation(
            f"本席提议点名 {waiting.cadre} 还在等待处理。", remedy="请等操作员处理之后再提。"
        )
    if len(earlier) >= MOST_OF_A_SEAT:
        raise RuleViolation(
            f"本席已提议 {MOST_OF_A_SEAT} 次，不能再提。", remedy="请当面向主持人提出。"
        )
    return Proposal(id_, seat.number, seat.label, seat.category, cadre, reason, at)


def check_may_propose(state: LiveState) -> None:
    """Let seats propose from the opening of the ceremony until the end.

    Raises:
        WrongPhase: the ceremony has not begun, or the session is over.
        RuleViolation: the session hears programmes.
    """
    check_hears_cadres(state)
    if state.phase in _TOO_EARLY:
        raise WrongPhase("抽签仪式还没有开始，现在不能提议点名。", remedy="请等大会开始。")
    if state.phase in _TOO_LATE:
        raise WrongPhase("本场大会已结束，不能再提议点名。", remedy="请在下一场大会提出。")

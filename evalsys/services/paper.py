"""The paper room: slips for seats whose pads fail, typed twice, compared, counted with the rest."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.panel import Seat
from evalsys.domain.paper import (
    CLERKS,
    Difference,
    TypedSlips,
    agreed,
    differences,
    read_slips,
)
from evalsys.errors import InvalidInput, NotFound, RuleViolation, WrongPhase
from evalsys.ids import LiveId
from evalsys.store import audit, paper, scoring
from evalsys.store.database import Database


@dataclass(frozen=True, slots=True)
class PaperState:
    """What one clerk may see of a round's slips: never what the other typed, before both did."""

    seats: tuple[Seat, ...]
    """Seats that took a slip, by number."""
    mine: str | None
    others: tuple[tuple[str, int], ...]
    """Other clerks, and how many slips each typed."""
    differences: tuple[Difference, ...]
    is_agreed: bool


class Paper:
    """Votes on paper of every session."""

    def __init__(self, database: Database, now: Clock) -> None:
        """Keep slips in `database`."""
        self._database = database
        self._now = now

    def hand_out(self, live: LiveId, j: int, numbers: Sequence[int], *, actor: str) -> None:
        """Note that these seats take a slip in round `j`; their pads have no vote in it.

        Raises:
            WrongPhase: the vote is not open.
            NotFound: the session has no such seat.
            RuleViolation: a seat does not vote, or voted on its pad already.
        """
        with self._database.write() as db:
            _check_open(db, live, j)
            seats = {seat.number: seat for seat in scoring.seats_of(db, live)}
            voted = scoring.seats_that_voted(db, live, j)
            have = paper.seats_with_slips(db, live, j)
            fresh = [number for number in dict.fromkeys(numbers) if number not in have]
            for number in fresh:
                _check_may_take(seats.get(number), number, has_voted=number in voted)
            if fresh:
                paper.hand_out(db, live, j, fresh)
                paper.forget_typed(db, live, j)
                detail = {"j": j, "seats": fresh}
                audit.record(db, self._now(), actor, "paper.hand_out", f"live:{live}", detail)

    def take_back(self, live: LiveId, j: int, number: int, *, actor: str) -> None:
        """Note that a seat gave its slip back unused: its pad votes again.

        Raises:
            WrongPhase: the vote is not open.
            RuleViolation: the box is open already, so nobody can tell whose slip is in it.
        """
        with self._database.write() as db:
            _check_open(db, live, j)
            if paper.typed_slips(db, live, j):
                raise RuleViolation(
                    "票箱已经打开录入，不能再收回纸质票。",
                    remedy="该席的票若不在箱中，按弃权计；无需操作。",
                )
            paper.take_back(db, live, j, number)
            detail = {"j": j, "seat": number}
            audit.record(db, self._now(), actor, "paper.take_back", f"live:{live}", detail)

    def type_slips(self, live: LiveId, j: int, typed: str, *, clerk: str) -> PaperState:
        """Keep what a clerk typed of all slips, in place of what the same clerk typed before.

        Raises:
            WrongPhase: the vote is not open.
            InvalidInput: something else than a digit a slip was typed.
            RuleViolation: two clerks agreed already, two others type, or there are too many slips.
        """
        with self._database.write() as db:
            _check_open(db, live, j)
            known = paper.typed_slips(db, live, j)
            if agreed(known):
                raise RuleViolation("两位录入员已经录成一致。", remedy="无需再录。")
            if len(known) >= CLERKS and clerk not in {one.clerk for one in known}:
                names = "、".join(one.clerk for one in known)
                raise RuleViolation(
                    f"本轮纸质票由 {names} 录入。", remedy="请由这两位核对差异后重录。"
                )
            handed_out = len(paper.seats_with_slips(db, live, j))
            slips = TypedSlips(clerk, read_slips(typed, handed_out=handed_out))
            paper.keep_typed(db, live, j, slips)
            detail = {"j": j, "slips": len(slips.digits)}
            audit.record(db, self._now(), clerk, "paper.type", f"live:{live}", detail)
            return _state(db, live, j, clerk)

    def state(self, live: LiveId, j: int, *, clerk: str) -> PaperState:
        """Return what a clerk may see of round `j`."""
        with self._database.read() as db:
            return _state(db, live, j, clerk)


def _state(db: Session, live: LiveId, j: int, clerk: str) -> PaperState:
    typed = paper.typed_slips(db, live, j)
    took = paper.seats_with_slips(db, live, j)
    return PaperState(
        seats=tuple(seat for seat in scoring.seats_of(db, live) if seat.number in took),
        mine=next((one.digits for one in typed if one.clerk == clerk), None),
        others=tuple((one.clerk, len(one.digits)) for one in typed if one.clerk != clerk),
        differences=differences(*typed) if len(typed) == CLERKS else (),
        is_agreed=agreed(typed) is not None,
    )


def _check_open(db: Session, live: LiveId, j: int) -> None:
    if not scoring.hold_open(db, live, j):
        raise WrongPhase("现在没有开放的表决。", remedy="请等主持人宣布开始投票。")


def _check_may_take(seat: Seat | None, number: int, *, has_voted: bool) -> None:
    if seat is None:
        raise NotFound(f"没有第 {number} 号席位。", remedy="请在席位表中选择。")
    if not seat.category.may_vote:
        raise InvalidInput(
            f"“{seat.label}”不参加投票，不发纸质票。", remedy="请核对席位号。", place="席位号"
        )
    if has_voted:
        raise RuleViolation(
            f"“{seat.label}”这一轮已用表决器投票，不能再领纸质票。",
            remedy="一席一票；要更改，请在原表决器上更改。",
        )

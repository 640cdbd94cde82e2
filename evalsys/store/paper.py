"""Votes on paper: which seats took a slip in a round, and what each clerk typed."""

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from evalsys.domain.panel import Choice
from evalsys.domain.paper import TypedSlips, counted
from evalsys.ids import LiveId
from evalsys.store.schema.panel import PaperSeat, PaperSlips


def hand_out(db: Session, live: LiveId, j: int, seats: Iterable[int]) -> None:
    """Note that seats took a slip, which they had not."""
    db.add_all(PaperSeat(live=live, j=j, seat=seat) for seat in seats)
    db.flush()


def take_back(db: Session, live: LiveId, j: int, seat: int) -> None:
    """Note that a seat gave its slip back."""
    these = (PaperSeat.live == live, PaperSeat.j == j, PaperSeat.seat == seat)
    db.execute(delete(PaperSeat).where(*these))


def seats_with_slips(db: Session, live: LiveId, j: int) -> frozenset[int]:
    """Name the seats that took a slip in this round."""
    query = select(PaperSeat.seat).where(PaperSeat.live == live, PaperSeat.j == j)
    return frozenset(db.scalars(query))


def typed_slips(db: Session, live: LiveId, j: int) -> tuple[TypedSlips, ...]:
    """Return what each clerk typed, by the clerks' names."""
    query = select(PaperSlips).where(PaperSlips.live == live, PaperSlips.j == j)
    rows = db.scalars(query.order_by(PaperSlips.clerk))
    return tuple(TypedSlips(row.clerk, row.digits) for row in rows)


def keep_typed(db: Session, live: LiveId, j: int, typed: TypedSlips) -> None:
    """Keep what a clerk typed in place of what the same clerk typed before."""
    db.merge(PaperSlips(live=live, j=j, clerk=typed.clerk, digits=typed.digits))
    db.flush()


def forget_typed(db: Session, live: LiveId, j: int) -> None:
    """Throw away what was typed: the pile of slips changed."""
    db.execute(delete(PaperSlips).where(PaperSlips.live == live, PaperSlips.j == j))


def forget(db: Session, live: LiveId, j: int) -> None:
    """Throw everything on paper away: the vote is void."""
    forget_typed(db, live, j)
    db.execute(delete(PaperSeat).where(PaperSeat.live == live, PaperSeat.j == j))


def counted_choices(db: Session, live: LiveId, j: int) -> tuple[Choice, ...]:
    """Return what the slips of a round add to the count.

    Raises:
        RuleViolation: slips were handed out and the clerks have not agreed on them.
    """
    handed_out = len(seats_with_slips(db, live, j))
    return counted(typed_slips(db, live, j), handed_out=handed_out)

"""The list of live sessions: a projection of their logs, kept so that pages need not replay all."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from evalsys.domain.live.state import LiveState, is_assembly
from evalsys.domain.live.words import Phase, SessionKind
from evalsys.ids import LiveId
from evalsys.store.schema.live import LiveEventRow, LiveSessionRow


@dataclass(frozen=True, slots=True)
class LiveSummary:
    """A session as a list shows it."""

    id: LiveId
    title: str
    phase: Phase
    rehearsal: bool
    planned_at: datetime
    drawn: int
    slots: int
    head_seq: int
    kind: SessionKind = SessionKind.CADRE
    """What it hears; an assembly's issues count as slots."""


_SAVE = update(LiveSessionRow.__table__).where(LiveSessionRow.__table__.c.id == bindparam("of"))  # type: ignore[arg-type]  # a table


def save(db: Session, live: LiveId, state: LiveState) -> None:
    """Bring the session's line up to `state`, in the transaction that appended its events."""
    plan, planned_at = state.plan, state.planned_at
    if plan is None or planned_at is None:
        return
    values = {
        "title": plan.title,
        "rehearsal": plan.rehearsal,
        "phase": state.phase.value,
        "kind": plan.kind.value,
        "drawn": len(state.slots_drawn),
        "slots": len(state.agenda) if is_assembly(state) else plan.slots,
        "planned_at": planned_at,
        "head_seq": state.version,
    }
    changed = db.connection().execute(_SAVE, {"of": live, **values})
    if changed.rowcount == 0:
        db.execute(insert(LiveSessionRow).values(id=live, **values))


def every(db: Session) -> tuple[LiveSummary, ...]:
    """List all sessions, the newest first."""
    rows = db.scalars(select(LiveSessionRow).order_by(LiveSessionRow.planned_at.desc()))
    return tuple(_summary(row) for row in rows)


def in_phase(db: Session, phases: Collection[Phase]) -> tuple[LiveId, ...]:
    """List the sessions that are in one of `phases`."""
    words = [phase.value for phase in phases]
    found = db.scalars(select(LiveSessionRow.id).where(LiveSessionRow.phase.in_(words)))
    return tuple(LiveId(live) for live in found)


def heads(db: Session) -> dict[LiveId, int]:
    """Return the number of every session's last event."""
    row = LiveSessionRow.__table__.c
    found = db.execute(select(row.id, row.head_seq))
    return {LiveId(one.id): one.head_seq for one in found}


def grown_since(db: Session, moment: datetime) -> dict[LiveId, int]:
    """Give each session that has events from `moment` on the number of its last one before."""
    row, event = LiveSessionRow, LiveEventRow
    is_last = (event.live == row.id) & (event.seq == row.head_seq)
    grown = db.scalars(select(row.id).join(event, is_last).where(event.at >= moment)).all()
    return {
        LiveId(live): (
            db.scalar(select(func.min(event.seq)).where(event.live == live, event.at >= moment))
            or 1
        )
        - 1
        for live in grown
    }


def recorded_ids(db: Session) -> tuple[LiveId, ...]:
    """List every session that has events, whether the projection knows it or not."""
    found = db.scalars(select(LiveEventRow.live).distinct().order_by(LiveEventRow.live))
    return tuple(LiveId(live) for live in found)


def clear(db: Session) -> None:
    """Forget the projection; `evalsys rebuild` makes it anew from the logs."""
    db.execute(delete(LiveSessionRow))


def _summary(row: LiveSessionRow) -> LiveSummary:
    return LiveSummary(
        id=LiveId(row.id),
        title=row.title,
        phase=Phase(row.phase),
        rehearsal=row.rehearsal,
        planned_at=row.planned_at,
        drawn=row.drawn,
        slots=row.slots,
        head_seq=row.head_seq,
        kind=SessionKind(row.kind),
    )

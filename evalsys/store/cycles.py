"""Keeping assessment cycles."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from evalsys.domain.cycles import Cycle, CycleCode, CycleKind, closed_codes
from evalsys.errors import NotFound
from evalsys.store.schema.assessment import AssessmentCycleRow


def cycles(db: Session) -> tuple[Cycle, ...]:
    """Read every cycle, the latest year first, each year before its quarters."""
    rows = db.scalars(select(AssessmentCycleRow).order_by(AssessmentCycleRow.code))
    found = [
        Cycle(
            CycleCode(row.code),
            CycleKind(row.kind),
            row.first_day,
            row.last_day,
            row.opened_by,
            row.opened_at,
            row.closed_by or "",
            row.closed_at,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda cycle: -cycle.year))


def cycle(db: Session, code: CycleCode) -> Cycle:
    """Read one cycle.

    Raises:
        NotFound: there is none of this code.
    """
    for one in cycles(db):
        if one.code == code:
            return one
    raise NotFound(f"没有考核周期 {code}。", remedy="请从考核周期的列表进入。", place=code)


def closed(db: Session) -> frozenset[CycleCode]:
    """Name the cycles that take no more input."""
    return closed_codes(cycles(db))


def add_cycle(db: Session, new: Cycle) -> None:
    """Keep a new cycle."""
    db.add(
        AssessmentCycleRow(
            code=new.code,
            kind=new.kind,
            first_day=new.first,
            last_day=new.last,
            opened_by=new.opened_by,
            opened_at=new.opened_at,
        )
    )
    db.flush()


def close_cycle(db: Session, code: CycleCode, *, by: str, at: datetime) -> None:
    """Close a cycle for good."""
    db.execute(
        update(AssessmentCycleRow)
        .where(AssessmentCycleRow.code == code, AssessmentCycleRow.closed_at.is_(None))
        .values(closed_by=by, closed_at=at)
    )

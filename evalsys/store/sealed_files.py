"""Keeping the hash of what an outside assessor handed in, before anybody opens it (L28)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from evalsys.domain.cycles import CycleCode
from evalsys.store.schema.assessment import SealedFileRow


@dataclass(frozen=True, slots=True)
class SealedFile:
    """One file as it was handed in; `sha256` is lower-case hex."""

    sha256: str
    cycle: CycleCode
    name: str
    assessor: str
    received_by: str
    received_at: datetime


def add_sealed_file(db: Session, new: SealedFile) -> bool:
    """Keep a hash; say whether it is new."""
    if db.get(SealedFileRow, new.sha256) is not None:
        return False
    db.add(
        SealedFileRow(
            sha256=new.sha256,
            cycle=new.cycle,
            name=new.name,
            assessor=new.assessor,
            received_by=new.received_by,
            received_at=new.received_at,
        )
    )
    db.flush()
    return True


def sealed_files(db: Session, cycle: CycleCode | None = None) -> tuple[SealedFile, ...]:
    """Read what was handed in, of one cycle if named, in the order of receipt."""
    query = select(SealedFileRow).order_by(SealedFileRow.received_at, SealedFileRow.sha256)
    if cycle is not None:
        query = query.where(SealedFileRow.cycle == cycle)
    return tuple(
        SealedFile(
            row.sha256,
            CycleCode(row.cycle),
            row.name,
            row.assessor,
            row.received_by,
            row.received_at,
        )
        for row in db.scalars(query)
    )

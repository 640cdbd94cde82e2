"""The record of imports: who brought in which files, and what they changed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from evalsys.store.schema.roster import ImportBatch


@dataclass(frozen=True, slots=True)
class Batch:
    """One committed import. `files` maps names to SHA-256 hex; `counts` tables to figures."""

    id: str
    at: datetime
    actor: str
    files: Mapping[str, str]
    counts: Mapping[str, Mapping[str, int]]


def save_batch(db: Session, batch: Batch) -> None:
    """Keep the record of an import, in the import's own transaction."""
    db.add(
        ImportBatch(
            id=batch.id,
            at=batch.at,
            actor=batch.actor,
            files=json.dumps(dict(batch.files), ensure_ascii=False),
            counts=json.dumps({k: dict(v) for k, v in batch.counts.items()}, ensure_ascii=False),
        )
    )


def latest_batches(db: Session, limit: int) -> tuple[Batch, ...]:
    """Give the last imports, newest first."""
    rows = db.scalars(select(ImportBatch).order_by(ImportBatch.at.desc()).limit(limit))
    return tuple(
        Batch(row.id, row.at, row.actor, json.loads(row.files), json.loads(row.counts))
        for row in rows
    )

"""Interview scripts that were used, or that a county wrote: kept byte by byte, never changed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from evalsys.domain.interview import Script
from evalsys.domain.interview_text import parse_script
from evalsys.store.schema.interviews import InterviewScriptRow as Row


@dataclass(frozen=True, slots=True)
class Kept:
    """A script, and who first used or added it."""

    script: Script
    at: datetime
    by: str


def kept(db: Session) -> tuple[Kept, ...]:
    """Return every kept script, by name and version."""
    rows = db.scalars(select(Row).order_by(Row.name, Row.version))
    return tuple(Kept(parse_script(row.raw, row.name), row.kept_at, row.kept_by) for row in rows)


def with_identity(db: Session, sha256: str) -> Script | None:
    """Return a kept script by its identity."""
    row = db.get(Row, sha256)
    return None if row is None else parse_script(row.raw, row.name)


def identity_of(db: Session, name: str, version: int) -> str | None:
    """Return the identity under which a version is kept."""
    this = (Row.name == name, Row.version == version)
    return db.scalar(select(Row.sha256).where(*this))


def keep(db: Session, script: Script, at: datetime, by: str) -> None:
    """Keep a script."""
    db.execute(
        insert(Row).values(
            sha256=script.sha256,
            name=script.name,
            version=script.version,
            raw=script.raw,
            kept_at=at,
            kept_by=by,
        )
    )

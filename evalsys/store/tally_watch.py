"""Whether the tally process is there: one line that it renews every few seconds."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from evalsys.store.schema.scoring import TallyWatch

_ONLY = 1


@dataclass(frozen=True, slots=True)
class Sign:
    """What the tally process said last."""

    public_key: bytes
    seen_at: datetime
    problem: str
    """Why it could not open what is due, in words for the console; empty when all is well."""


def keep(db: Session, sign: Sign) -> None:
    """Renew the line."""
    row = TallyWatch(
        id=_ONLY, public_key=sign.public_key.hex(), seen_at=sign.seen_at, problem=sign.problem
    )
    db.merge(row)


def last(db: Session) -> Sign | None:
    """Return the line, or nothing when no tally process ever ran."""
    row = db.get(TallyWatch, _ONLY)
    return Sign(bytes.fromhex(row.public_key), row.seen_at, row.problem) if row else None

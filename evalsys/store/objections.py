"""What is kept of objections beside the record: what was written, and how often one asks."""

from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from evalsys.ids import LiveId
from evalsys.store.schema.draw import ObjectionTextRow, ObjectionTryRow


def keep_text(db: Session, live: LiveId, n: int, text: str) -> None:
    """Keep what somebody wrote with objection `n`; nothing when nothing was written."""
    if text:
        db.execute(insert(ObjectionTextRow).values(live=live, n=n, text=text))


def texts(db: Session, live: LiveId) -> dict[int, str]:
    """Give what was written with each objection of a session."""
    rows = db.scalars(select(ObjectionTextRow).where(ObjectionTextRow.live == live))
    return {row.n: row.text for row in rows}


def note_try(db: Session, address: str, at: datetime) -> None:
    """Note that an objection came from this address."""
    db.execute(insert(ObjectionTryRow).values(address=address, at=at))


def tries(db: Session, address: str) -> int:
    """Count the objections from this address that are not forgotten."""
    return db.scalar(select(func.count()).where(ObjectionTryRow.address == address)) or 0


def forget_tries(db: Session, before: datetime) -> None:
    """Forget addresses from before a moment: they serve no other purpose."""
    db.execute(delete(ObjectionTryRow).where(ObjectionTryRow.at < before))

"""What the auditor heard at positions that were called again: written once."""

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from evalsys.domain.live.words import RecallOutcome
from evalsys.domain.openings import Place
from evalsys.ids import CadreNumber, LiveId
from evalsys.store.schema.draw import RecallRow


def note(
    db: Session, live: LiveId, place: Place, outcome: RecallOutcome, *, actor: str, at: datetime
) -> None:
    """Write down what was heard at a position."""
    db.execute(
        insert(RecallRow).values(
            live=live, cadre=place.cadre, k=place.k, outcome=outcome.value, actor=actor, at=at
        )
    )


def heard(db: Session, live: LiveId) -> dict[Place, RecallOutcome]:
    """Give what was heard so far at each position of a session."""
    rows = db.scalars(select(RecallRow).where(RecallRow.live == live))
    return {Place(CadreNumber(row.cadre), row.k): RecallOutcome(row.outcome) for row in rows}

"""Keeping promotion procedures: the entries of their casebooks, folded."""

from datetime import datetime

from sqlalchemy.orm import Session

from evalsys.domain.casebook import Entry
from evalsys.domain.promotion import PROMOTION, Procedure, procedure
from evalsys.domain.promotion_events import PromotionEvent
from evalsys.errors import NotFound
from evalsys.ids import CadreNumber
from evalsys.store import casebook
from evalsys.store.casebook import CaseRoom


def procedures(db: Session, cadre: CadreNumber | None = None) -> tuple[Procedure, ...]:
    """Read every procedure, the newest first; of one cadre when named."""
    found = casebook.cases(db, CaseRoom.PROMOTION, cadre)
    read = (procedure(case, map(PROMOTION.read, entries)) for case, entries in found.items())
    return tuple(one for one in read if one is not None)[::-1]


def one_procedure(db: Session, case: str) -> Procedure:
    """Read one procedure.

    Raises:
        NotFound: there is none of this id.
    """
    found = procedure(case, map(PROMOTION.read, casebook.entries(db, case)))
    if found is None:
        raise NotFound("没有这个提拔程序。", remedy="请从列表中选择。")
    return found


def note(  # noqa: PLR0913 - what an entry is
    db: Session,
    case: str,
    event: PromotionEvent,
    *,
    after: int,
    cadre: CadreNumber,
    by: str,
    at: datetime,
) -> None:
    """Record the event that follows entry `after` (0 for the first).

    Raises:
        StaleState: somebody else recorded one meanwhile.
    """
    kind, body = PROMOTION.write(event)
    entry = Entry(case, after + 1, kind, body, by, at)
    casebook.append(db, CaseRoom.PROMOTION, entry, cadre)

"""Words of closed requests whose time is over: found, and erased."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from evalsys.domain.casework.retention import Erasure
from evalsys.errors import NotFound
from evalsys.store.schema.casework import (
    CallbackMismatch,
    CaseworkNote,
    CaseworkRequest,
    CaseworkStanding,
    WordErasure,
)
from evalsys.store.schema.roster import ServiceRequest


def _done_with() -> Select[str]:
    """Name the closed requests whose words nobody needs any more.

    A household's "no" that nobody followed up, and a contradiction that is not looked into yet,
    keep the words that they are about.
    """
    unopened = select(CallbackMismatch.request).where(CallbackMismatch.opened_at.is_(None))
    return (
        select(CaseworkRequest.code)
        .join(CaseworkStanding, CaseworkStanding.request == CaseworkRequest.code)
        .where(
            CaseworkRequest.text != "",
            CaseworkStanding.is_open.is_(False),
            CaseworkStanding.next_duty == "",
            CaseworkRequest.code.not_in(unopened),
        )
    )


def _due(before: datetime) -> Select[str]:
    """Name those whose words are due to go."""
    return _done_with().where(CaseworkStanding.closed_at < before)


def count_due(db: Session, before: datetime) -> int:
    """Count the requests whose words are due to go."""
    return db.scalar(select(func.count()).select_from(_due(before).subquery())) or 0


def erase(db: Session, before: datetime) -> int:
    """Erase what households said and what was written in handling it; give of how many requests."""
    codes = list(db.scalars(_due(before)))
    _erase_words(db, codes)
    return len(codes)


def erase_of(db: Session, household: str, code: str) -> bool:
    """Erase the words of one request of a household; false while somebody needs them.

    Raises:
        NotFound: the household has no such request.
    """
    mine = CaseworkRequest.code == code, CaseworkRequest.household == household
    text = db.scalar(select(CaseworkRequest.text).where(*mine))
    if text is None:
        raise NotFound("这一户没有这件诉求。", remedy="请核对诉求编号。", place="诉求编号")
    if not text:
        return True  # they are gone already
    if db.scalar(_done_with().where(*mine)) is None:
        return False
    _erase_words(db, [code])
    return True


def _erase_words(db: Session, codes: Sequence[str]) -> None:
    gone = {"text": "", "place": "", "lat": None, "lon": None}
    for start in range(0, len(codes), 900):
        some = codes[start : start + 900]
        for statement in (
            delete(CaseworkNote).where(CaseworkNote.request.in_(some)),
            update(CaseworkRequest).where(CaseworkRequest.code.in_(some)).values(**gone),
            update(ServiceRequest).where(ServiceRequest.code.in_(some)).values(text="", answer=""),
        ):
            db.execute(statement, execution_options={"synchronize_session": False})


def erasures(db: Session) -> tuple[Erasure, ...]:
    """List proposals, the newest first."""
    rows = db.scalars(select(WordErasure).order_by(WordErasure.id.desc()).limit(50))
    return tuple(map(_erasure, rows))


def erasure(db: Session, wanted: int) -> Erasure:
    """Read a proposal, and hold it.

    Raises:
        NotFound: there is none of this number.
    """
    row = db.scalar(select(WordErasure).where(WordErasure.id == wanted).with_for_update())
    if row is None:
        raise NotFound("没有这份清除申请。", remedy="请从列表中选择。")
    return _erasure(row)


def propose(db: Session, before: date, requests: int, *, by: str, at: datetime) -> int:
    """Keep a proposal; give its number."""
    row = WordErasure(
        before=before,
        requests=requests,
        proposed_by=by,
        proposed_at=at,
        approved_by="",
        approved_at=None,
    )
    db.add(row)
    db.flush()
    return row.id


def approve(db: Session, wanted: int, requests: int, *, by: str, at: datetime) -> None:
    """Note that a proposal was approved, and of how many requests the words went."""
    db.execute(
        update(WordErasure)
        .where(WordErasure.id == wanted)
        .values(requests=requests, approved_by=by, approved_at=at)
    )


def _erasure(row: WordErasure) -> Erasure:
    return Erasure(
        row.id,
        row.before,
        row.requests,
        row.proposed_by,
        row.proposed_at,
        row.approved_by,
        row.approved_at,
    )

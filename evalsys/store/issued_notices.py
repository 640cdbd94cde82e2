"""Keeping issued notices and their numbers; both only grow."""

import json
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from evalsys.domain.casebook import Paper
from evalsys.domain.issued_notices import IssuedNotice, NoticeNumber
from evalsys.domain.notices import NoticeKind
from evalsys.errors import NotFound, StaleState
from evalsys.ids import CadreNumber
from evalsys.store.schema.notices import IssuedNoticeRow, NoticeWithdrawalRow


def next_number(db: Session, series: str, year: int) -> NoticeNumber:
    """Return the number after the last one of a series and year, from 1."""
    last = db.scalar(
        select(func.max(IssuedNoticeRow.number)).where(
            IssuedNoticeRow.series == series, IssuedNoticeRow.year == year
        )
    )
    return NoticeNumber(series, year, (last or 0) + 1)


def add(db: Session, new: IssuedNotice, key: str) -> int:
    """Keep an issued notice for good; give its id.

    Raises:
        StaleState: somebody else took its number meanwhile.
    """
    row = IssuedNoticeRow(
        series=new.number.series,
        year=new.number.year,
        number=new.number.number,
        key=key,
        kind=new.kind.value,
        cadre=new.cadre,
        assessed_year=new.assessed_year,
        as_of=new.as_of,
        grounds=json.dumps(new.grounds, ensure_ascii=False),
        run=new.run,
        paper=new.paper.id,
        paper_name=new.paper.name,
        paper_media=new.paper.media,
        paper_sha256=new.paper.sha256,
        paper_size=new.paper.size,
        issued_by=new.issued_by,
        issued_at=new.issued_at,
    )
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError as error:
        raise StaleState("这一文号刚刚被另一份通知使用。", remedy="请再签发一次。") from error
    return row.id


def add_withdrawal(db: Session, notice: int, *, why: str, by: str, at: datetime) -> None:
    """Keep that a notice was withdrawn.

    Raises:
        StaleState: it was withdrawn already.
    """
    try:
        with db.begin_nested():
            db.add(NoticeWithdrawalRow(notice=notice, reason=why, withdrawn_by=by, withdrawn_at=at))
    except IntegrityError as error:
        raise StaleState("这份通知刚刚被撤销。", remedy="请刷新页面。") from error


def issued(db: Session, *, cadre: CadreNumber | None = None) -> tuple[IssuedNotice, ...]:
    """Read every issued notice, of one cadre when named, the newest first."""
    query = select(IssuedNoticeRow).order_by(IssuedNoticeRow.id.desc())
    if cadre is not None:
        query = query.where(IssuedNoticeRow.cadre == cadre)
    return _values(db, db.scalars(query))


def one(db: Session, number: int) -> IssuedNotice:
    """Read one by its id.

    Raises:
        NotFound: there is none.
    """
    row = db.get(IssuedNoticeRow, number)
    if row is None:
        raise NotFound("没有签发过这份通知。", remedy="请从签发登记中选择。", place=str(number))
    return _values(db, [row])[0]


def holding(db: Session, key: str) -> IssuedNotice | None:
    """Find the notice of a key that was issued and not withdrawn."""
    rows = db.scalars(select(IssuedNoticeRow).where(IssuedNoticeRow.key == key))
    return next((each for each in _values(db, rows) if not each.is_withdrawn), None)


def by_number(db: Session, wanted: NoticeNumber) -> IssuedNotice | None:
    """Find the notice of a number; None when it was never given."""
    rows = db.scalars(
        select(IssuedNoticeRow).where(
            IssuedNoticeRow.series == wanted.series,
            IssuedNoticeRow.year == wanted.year,
            IssuedNoticeRow.number == wanted.number,
        )
    )
    return next(iter(_values(db, rows)), None)


def _values(db: Session, rows: Iterable[IssuedNoticeRow]) -> tuple[IssuedNotice, ...]:
    gone = {row.notice: row for row in db.scalars(select(NoticeWithdrawalRow))}
    return tuple(_value(row, gone.get(row.id)) for row in rows)


def _value(row: IssuedNoticeRow, gone: NoticeWithdrawalRow | None) -> IssuedNotice:
    return IssuedNotice(
        id=row.id,
        number=NoticeNumber(row.series, row.year, row.number),
        kind=NoticeKind(row.kind),
        cadre=CadreNumber(row.cadre),
        assessed_year=row.assessed_year,
        as_of=row.as_of,
        grounds=tuple(json.loads(row.grounds)),
        run=row.run,
        paper=Paper(row.paper, row.paper_name, row.paper_media, row.paper_sha256, row.paper_size),
        issued_by=row.issued_by,
        issued_at=row.issued_at,
        withdrawn_by=gone.withdrawn_by if gone else "",
        withdrawn_at=gone.withdrawn_at if gone else None,
        withdrawn_why=gone.reason if gone else "",
    )

"""Keeping statutory grades and requests for a higher quota of the top grade; all only grow."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from evalsys.domain.rule_versions import Ruling
from evalsys.domain.statutory import QuotaRequest, StatutoryGrade
from evalsys.errors import NotFound, StaleState
from evalsys.ids import CadreNumber, UnitCode
from evalsys.store.schema.assessment import QuotaRequestRow, QuotaRulingRow, StatutoryGradeRow


def statutory_grades(
    db: Session, year: int, known_before: datetime | None = None
) -> dict[CadreNumber, StatutoryGrade]:
    """Read the grade of a year that holds for each cadre, as entered before a moment."""
    table = StatutoryGradeRow
    entered = select(table).where(table.year == year).order_by(table.id)
    if known_before is not None:
        entered = entered.where(table.entered_at < known_before)
    return {
        CadreNumber(row.cadre): StatutoryGrade(
            CadreNumber(row.cadre),
            row.year,
            row.grade,
            row.document,
            row.decided_on,
            row.entered_by,
            row.entered_at,
        )
        for row in db.scalars(entered)
    }


def add_statutory_grades(db: Session, grades: Iterable[StatutoryGrade]) -> None:
    """Keep grades for good."""
    rows = [
        {
            "cadre": one.cadre,
            "year": one.year,
            "grade": one.grade,
            "document": one.document,
            "decided_on": one.decided_on,
            "entered_by": one.entered_by,
            "entered_at": one.entered_at,
        }
        for one in grades
    ]
    if rows:
        db.execute(insert(StatutoryGradeRow), rows)


def add_quota_request(db: Session, new: QuotaRequest) -> int:
    """Keep a request; give its number."""
    row = QuotaRequestRow(
        unit=new.unit,
        year=new.year,
        reason=new.reason,
        requested_by=new.requested_by,
        requested_at=new.requested_at,
        peer_group=new.group,
    )
    db.add(row)
    db.flush()
    return row.id


def add_quota_ruling(db: Session, request: int, ruling: Ruling, *, by: str, at: datetime) -> None:
    """Keep what the second person made of a request.

    Raises:
        StaleState: somebody else was faster.
    """
    try:
        with db.begin_nested():
            db.add(QuotaRulingRow(request=request, ruling=ruling, ruled_by=by, ruled_at=at))
    except IntegrityError as error:
        raise StaleState("刚刚由另一个人决定了。", remedy="请刷新页面，看过之后再说。") from error


def quota_requests(db: Session, year: int) -> tuple[QuotaRequest, ...]:
    """Read the requests of a year, newest first."""
    ruled = {row.request: row for row in db.scalars(select(QuotaRulingRow))}
    rows = db.scalars(
        select(QuotaRequestRow)
        .where(QuotaRequestRow.year == year)
        .order_by(QuotaRequestRow.id.desc())
    )
    return tuple(_value(row, ruled.get(row.id)) for row in rows)


def quota_request(db: Session, number: int) -> QuotaRequest:
    """Read one request.

    Raises:
        NotFound: there is none of this number.
    """
    row = db.get(QuotaRequestRow, number)
    if row is None:
        raise NotFound("没有这一申请。", remedy="请从考核周期的页面进入。", place=str(number))
    return _value(row, db.get(QuotaRulingRow, number))


def _value(row: QuotaRequestRow, ruling: QuotaRulingRow | None) -> QuotaRequest:
    return QuotaRequest(
        id=row.id,
        unit=UnitCode(row.unit),
        year=row.year,
        reason=row.reason,
        requested_by=row.requested_by,
        requested_at=row.requested_at,
        ruling=None if ruling is None else Ruling(ruling.ruling),
        ruled_by="" if ruling is None else ruling.ruled_by,
        ruled_at=None if ruling is None else ruling.ruled_at,
        group=row.peer_group,
    )

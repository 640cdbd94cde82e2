"""The places of the ceremony, and which device serves at each."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from evalsys.domain.live.attendants import Attendant, Service
from evalsys.errors import NotFound
from evalsys.ids import LiveId
from evalsys.store.schema.ceremony import AttendantRow


def add(db: Session, attendants: Iterable[Attendant]) -> None:
    """Keep new places."""
    db.add_all(
        AttendantRow(
            id=one.id,
            live=one.live,
            service=one.service.value,
            number=one.number,
            code=one.code,
            issue=one.issue,
            ahead_s=0,
        )
        for one in attendants
    )
    db.flush()


def every(db: Session, live: LiveId) -> tuple[Attendant, ...]:
    """List a session's places: the clerks, then the witnesses, by number."""
    order = (AttendantRow.service, AttendantRow.number)
    rows = db.scalars(select(AttendantRow).where(AttendantRow.live == live).order_by(*order))
    return tuple(_attendant(row) for row in rows)


def numbered(db: Session, live: LiveId, service: Service, number: int) -> Attendant:
    """Return one place, held until the transaction ends.

    Raises:
        NotFound: the session has no such place.
    """
    query = select(AttendantRow).where(
        AttendantRow.live == live,
        AttendantRow.service == service.value,
        AttendantRow.number == number,
    )
    row = db.scalar(query.with_for_update())
    if row is None:
        raise NotFound("没有这张仪式卡。", remedy="请在仪式人员页中选择。")
    return _attendant(row)


def with_code(db: Session, code: str) -> Attendant | None:
    """Return the place whose present card has this code, held until the transaction ends."""
    row = db.scalar(select(AttendantRow).where(AttendantRow.code == code).with_for_update())
    return _attendant(row) if row else None


def of_device(db: Session, token_sha256: str) -> Attendant | None:
    """Return the place of the device with this token, if it still has it."""
    row = db.scalar(select(AttendantRow).where(AttendantRow.token_sha256 == token_sha256))
    return _attendant(row) if row else None


def save(db: Session, one: Attendant, token_sha256: str | None) -> None:
    """Keep what changed on a place: its card, and which device serves there."""
    db.execute(
        update(AttendantRow)
        .where(AttendantRow.id == one.id)
        .values(code=one.code, issue=one.issue, joined_at=one.joined_at, token_sha256=token_sha256)
    )


def hear(db: Session, one: Attendant, at: datetime, ahead_s: int) -> None:
    """Keep that a device was heard at `at`, and what its clock said."""
    db.execute(
        update(AttendantRow).where(AttendantRow.id == one.id).values(seen_at=at, ahead_s=ahead_s)
    )


def _attendant(row: AttendantRow) -> Attendant:
    return Attendant(
        id=row.id,
        live=LiveId(row.live),
        service=Service(row.service),
        number=row.number,
        code=row.code,
        issue=row.issue,
        joined_at=row.joined_at,
        seen_at=row.seen_at,
        ahead_s=row.ahead_s,
    )

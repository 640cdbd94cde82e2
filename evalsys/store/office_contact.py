"""How to reach the county office, on disk."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from evalsys.domain.office_contact import OfficeContact
from evalsys.store.schema.office_contact import OfficeContactRow


def current(db: Session) -> OfficeContact | None:
    """Read what holds; None before anything was entered."""
    row = db.scalar(select(OfficeContactRow).order_by(OfficeContactRow.id.desc()).limit(1))
    return None if row is None else OfficeContact(row.phone, row.hours, row.address, row.note)


def add(db: Session, new: OfficeContact, *, by: str, at: datetime) -> None:
    """Keep another version."""
    row = OfficeContactRow(
        phone=new.phone, hours=new.hours, address=new.address, note=new.note, by=by, at=at
    )
    db.add(row)
    db.flush()

"""How to reach the county office, version by version."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class OfficeContactRow(Base):
    """One version; append-only, the last one holds."""

    __tablename__ = "office_contacts"

    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str] = mapped_column(String(30))
    hours: Mapped[str] = mapped_column(String(100))
    address: Mapped[str] = mapped_column(String(100))
    note: Mapped[str] = mapped_column(String(200))
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]

"""Personnel procedures as append-only entries, and the sealed papers that belong to them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class CasebookEntry(Base):
    """One entry of one procedure; append-only."""

    __tablename__ = "casebook_entries"
    __table_args__ = (
        UniqueConstraint("case", "seq"),
        Index(None, "room", "cadre"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    room: Mapped[str] = mapped_column(String(16))
    """Which procedure: promotion, talk, listing, investigation, pledge, statement."""
    case: Mapped[str] = mapped_column(String(64))
    seq: Mapped[int]
    cadre: Mapped[str | None] = mapped_column(ForeignKey("cadres.number"))
    kind: Mapped[str] = mapped_column(String(32))
    body: Mapped[str] = mapped_column(Text)
    """JSON object without anything that is kept sealed."""
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class CasePaper(Base):
    """A text or file that an entry names, sealed to its id."""

    __tablename__ = "case_papers"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(Text)
    media: Mapped[str] = mapped_column(String(100))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)

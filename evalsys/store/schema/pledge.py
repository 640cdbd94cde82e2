"""What became of pledges after the session that heard them."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class PledgeReportRow(Base):
    """Somebody's report on a pledge, the event `seq` of session `live`; append-only."""

    __tablename__ = "pledge_reports"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    live: Mapped[str] = mapped_column(String(32), index=True)
    seq: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    """A proof, or a ruling that it was kept or broken."""
    done: Mapped[str] = mapped_column(String(16))
    """How much of the target was reached, as a decimal; empty where nobody counted."""
    text: Mapped[str] = mapped_column(String(500))
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]

"""Which serving process leads: one line, raised at each take-over."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class LeadershipRow(Base):
    """The only line; `epoch` is its key, so that raising it waits for whoever writes under it."""

    __tablename__ = "leadership"

    epoch: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    leader: Mapped[str] = mapped_column(String(128))
    """Name of the leading process, as its database connections bear it."""
    beats: Mapped[int]
    """Grows while the leader lives; a standby needs no clock to see that it stands still."""

"""Signed tree heads of live sessions: rows are appended, never changed."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class TreeHeadRow(Base):
    """The `n`-th signed head of a session, n = 1, 2, ..."""

    __tablename__ = "tree_heads"

    live: Mapped[str] = mapped_column(String(32), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[int]
    root: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    key_id: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(128))

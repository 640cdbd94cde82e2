"""Stages of links 联系阶段 as cadres claimed them; append-only."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class LinkStageRow(Base):
    """A stage that a cadre claims of a household: each once."""

    __tablename__ = "link_stages"
    cadre: Mapped[str] = mapped_column(ForeignKey("cadres.number"), primary_key=True)
    household: Mapped[str] = mapped_column(ForeignKey("households.code"), primary_key=True)
    link_since: Mapped[date] = mapped_column(primary_key=True)
    """First day of the link that it belongs to."""
    stage: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """A `domain.link_stage.LinkStage`, 1 to 4."""
    reached_on: Mapped[date]
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]

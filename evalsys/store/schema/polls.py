"""Project polls: what is asked, who may answer, who did, and the answers apart from it."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class PollRow(Base):
    """One poll; append-only."""

    __tablename__ = "polls"

    id: Mapped[int] = mapped_column(primary_key=True)
    grid: Mapped[str] = mapped_column(ForeignKey("grids.code"))
    as_of: Mapped[date]
    """The day whose roster says which households are of the grid."""
    body: Mapped[str] = mapped_column(Text)
    """JSON of `domain.polls.Plan`."""
    households: Mapped[int]
    planned_by: Mapped[str] = mapped_column(String(64))
    planned_at: Mapped[datetime]


class PollHousehold(Base):
    """A household that may answer."""

    __tablename__ = "poll_households"
    __table_args__ = ({"sqlite_with_rowid": False},)

    poll: Mapped[int] = mapped_column(ForeignKey("polls.id"), primary_key=True)
    household: Mapped[str] = mapped_column(String(32), primary_key=True)


class PollTry(Base):
    """A household's code was typed with a wrong PIN; forgotten when it counts no more."""

    __tablename__ = "poll_tries"
    __table_args__ = (Index(None, "poll", "household", "at"), Index(None, "address", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    poll: Mapped[int] = mapped_column(ForeignKey("polls.id"))
    household: Mapped[str] = mapped_column(String(32))
    """As typed: it need not be one that may answer."""
    address: Mapped[str] = mapped_column(String(64))
    """Where it came from; empty for somebody of the county who wrote it down."""
    at: Mapped[datetime]


class PollTurnout(Base):
    """That a household answered in a stage, not what; append-only."""

    __tablename__ = "poll_turnout"
    __table_args__ = ({"sqlite_with_rowid": False},)

    poll: Mapped[int] = mapped_column(ForeignKey("polls.id"), primary_key=True)
    stage: Mapped[str] = mapped_column(String(16), primary_key=True)
    household: Mapped[str] = mapped_column(String(32), primary_key=True)
    voiced: Mapped[str] = mapped_column(String(8))
    """page, phone, call or link."""


class PollBallot(Base):
    """An answer. Nothing here leads to a household or a moment; append-only."""

    __tablename__ = "poll_ballots"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Random, so that reading by id is reading shuffled."""
    poll: Mapped[int] = mapped_column(ForeignKey("polls.id"), index=True)
    stage: Mapped[str] = mapped_column(String(16))
    answer: Mapped[str] = mapped_column(String(8))


class PollCampaign(Base):
    """A calling campaign that asks the question of a poll's stage; append-only."""

    __tablename__ = "poll_campaigns"
    __table_args__ = ({"sqlite_with_rowid": False},)

    campaign: Mapped[str] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    poll: Mapped[int] = mapped_column(ForeignKey("polls.id"), index=True)
    stage: Mapped[str] = mapped_column(String(16))

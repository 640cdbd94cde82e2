"""Calling campaigns: cases, attempts, what became of them, and ballots apart from households."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base

_UNDER_WAY = text("ended_at IS NULL")


class CampaignRow(Base):
    """One campaign. `script` is the identity of its interview script."""

    __tablename__ = "campaigns"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(100))
    state: Mapped[str] = mapped_column(String(16), index=True)
    script: Mapped[str] = mapped_column(String(64))
    rules: Mapped[str] = mapped_column(Text)
    """JSON of `domain.campaign.plan.Rules`."""
    about: Mapped[str] = mapped_column(String(100))
    pledge: Mapped[str] = mapped_column(String(200))
    members: Mapped[int]
    planned_at: Mapped[datetime]


class CampaignChange(Base):
    """Who planned, started, paused or stopped a campaign, and when; append-only."""

    __tablename__ = "campaign_changes"

    campaign: Mapped[str] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))


class CampaignMember(Base):
    """One household's case. Frozen at planning: whom it is about, in which unit and township."""

    __tablename__ = "campaign_members"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    campaign: Mapped[str] = mapped_column(ForeignKey("campaigns.id"))
    about: Mapped[str] = mapped_column(String(16))
    """Number of the cadre, or code of the department."""
    household: Mapped[str] = mapped_column(String(32))
    unit: Mapped[str] = mapped_column(String(32))
    township: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16))
    """waiting, calling, person (somebody must speak with them first) or closed."""
    stop: Mapped[str] = mapped_column(String(20))
    """Why it is closed, or empty."""
    due_at: Mapped[datetime | None]
    retried: Mapped[bool]
    attempts: Mapped[int]
    """Of those that count."""
    code: Mapped[str] = mapped_column(String(8))
    """AAPOR's code as things stand; follows from the contacts."""
    needs_new_number: Mapped[bool]
    arrangement: Mapped[str] = mapped_column(String(200))
    dialect: Mapped[str] = mapped_column(String(16))
    wish: Mapped[str] = mapped_column(String(16))
    """The household's own time, such as "19:00-20:00"."""
    link_sent_at: Mapped[datetime | None]

    __table_args__ = (
        Index(None, "campaign", "about", "household", unique=True),
        Index("ix_campaign_members_queue", "campaign", "state", "retried", "due_at"),
        Index(None, "household"),
        CheckConstraint("attempts BETWEEN 0 AND 6", name="attempts_capped"),
    )


class CampaignAttempt(Base):
    """One dialling attempt of a campaign; written before the carrier is asked."""

    __tablename__ = "campaign_attempts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    campaign: Mapped[str] = mapped_column(String(32))
    member: Mapped[str] = mapped_column(ForeignKey("campaign_members.id"))
    household: Mapped[str] = mapped_column(String(32))
    n: Mapped[int | None]
    """1 to 6; nothing when it does not count."""
    asks: Mapped[str] = mapped_column(String(200))
    """The arrangement of this call: without what an earlier call answered."""
    sid: Mapped[str | None] = mapped_column(String(64), unique=True)
    status: Mapped[str] = mapped_column(String(16))
    step: Mapped[str] = mapped_column(String(32))
    """What was asked last; empty until somebody picks up."""
    has_agreed: Mapped[bool]
    recording: Mapped[str | None] = mapped_column(String(64))
    """Of the comment, while it waits here; empty once it was handed on or dropped."""
    words: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The comment with its words, sealed, while its household may still take it back."""
    rhythm: Mapped[str] = mapped_column(Text, default="", server_default="")
    """How the keys came so far, the score's left out; cut loose from here when the call ends."""
    placed_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    heard_at: Mapped[datetime]

    __table_args__ = (
        Index(
            "uq_campaign_attempts_under_way",
            "household",
            unique=True,
            sqlite_where=_UNDER_WAY,
            postgresql_where=_UNDER_WAY,
        ),
        Index("uq_campaign_attempts_n", "member", "n", unique=True),
        Index(None, "ended_at"),
        Index(None, "recording"),
        CheckConstraint("n BETWEEN 1 AND 6", name="n_capped"),
    )


class RequestCallback(Base):
    """Which closed request a case of a callback is about, and what its household said of it.

    Unlike every other answer this one is no secret: it stands beside the claim (Y54), and the
    household is told so before it is asked.
    """

    __tablename__ = "request_callbacks"

    member: Mapped[str] = mapped_column(ForeignKey("campaign_members.id"), primary_key=True)
    request: Mapped[str] = mapped_column(ForeignKey("casework_requests.code"), index=True)
    closed_at: Mapped[datetime]
    """Which close is asked about: a request may be opened and closed again meanwhile."""
    reply: Mapped[str] = mapped_column(String(16))
    """yes, no or unsure; empty until the household answered."""
    kept_at: Mapped[datetime | None]
    """When the finished interview put it beside the claim; nothing while it may be taken back."""


class DroppedRecording(Base):
    """A comment that its household took back, until it is erased at the carrier."""

    __tablename__ = "dropped_recordings"

    recording: Mapped[str] = mapped_column(String(64), primary_key=True)
    dropped_at: Mapped[datetime]

    __table_args__ = ({"sqlite_with_rowid": False},)


class CampaignAnswer(Base):
    """One webhook of a campaign that had its effect; see `CallAnswer`."""

    __tablename__ = "campaign_answers"

    attempt: Mapped[str] = mapped_column(ForeignKey("campaign_attempts.id"), primary_key=True)
    asked: Mapped[str] = mapped_column(String(32), primary_key=True)
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))
    step: Mapped[str] = mapped_column(String(32))


class CampaignContact(Base):
    """What became of each attempt, in order; append-only. Outcome and rates follow from it."""

    __tablename__ = "campaign_contacts"

    member: Mapped[str] = mapped_column(ForeignKey("campaign_members.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    contact: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))


class CampaignPending(Base):
    """A sealed answer of an interview that is not finished; gone when it is."""

    __tablename__ = "campaign_pending"

    member: Mapped[str] = mapped_column(ForeignKey("campaign_members.id"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(16), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class CampaignBallot(Base):
    """A sealed answer of a finished interview. Nothing here leads to a household or a moment."""

    __tablename__ = "campaign_ballots"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Random, so that reading by id is reading shuffled."""
    campaign: Mapped[str] = mapped_column(String(32))
    about: Mapped[str] = mapped_column(String(16))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (Index(None, "campaign", "about"), {"sqlite_with_rowid": False})


class CampaignResult(Base):
    """What the opened answers about one cadre told, as it may be shown to anybody."""

    __tablename__ = "campaign_results"

    campaign: Mapped[str] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    about: Mapped[str] = mapped_column(String(16), primary_key=True)
    n: Mapped[int]
    """Households that scored."""
    mean_tenths: Mapped[int | None]
    band: Mapped[str] = mapped_column(String(16))
    satisfied: Mapped[int | None]
    """Scores of 4 and 5; absent where fewer than five scored."""
    replies: Mapped[str] = mapped_column(Text)
    """JSON: topic to counts of yes, no and unsure; empty where fewer than five answered."""


class TrunkRow(Base):
    """The lines to the carrier, shared by every dialler; one row, locked while calls are taken."""

    __tablename__ = "trunks"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    channels: Mapped[int]
    reserved: Mapped[int]
    calls_a_second: Mapped[float]
    tokens: Mapped[float]
    refilled_at: Mapped[datetime]


class Holiday(Base):
    """A day on which no campaign calls anybody."""

    __tablename__ = "calling_holidays"

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50))


class HouseholdWish(Base):
    """What a household asked for: not to be called, its own time, its dialect."""

    __tablename__ = "household_wishes"

    household: Mapped[str] = mapped_column(String(32), primary_key=True)
    do_not_call: Mapped[bool]
    wish: Mapped[str] = mapped_column(String(16))
    dialect: Mapped[str] = mapped_column(String(16))
    noted_at: Mapped[datetime]
    noted_by: Mapped[str] = mapped_column(String(64))


class InterviewLink(Base):
    """A link by which a household answers on a page; good for one interview."""

    __tablename__ = "interview_links"

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    member: Mapped[str] = mapped_column(ForeignKey("campaign_members.id"), index=True)
    attempt: Mapped[str | None] = mapped_column(String(32))
    """The interview that the link began; nothing while nobody opened it."""
    expires_at: Mapped[datetime]

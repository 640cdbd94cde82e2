"""Household requests 诉求: what never changes, the events, and what is computed from them.

`casework_events` is the truth and refuses UPDATE and DELETE. Free text stands apart from it in
`casework_notes`, so that a household can have its words erased and the loop stays whole.
`casework_standings` is disposable: `evalsys rebuild` makes it anew.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base

_CLUSTERED = {"sqlite_with_rowid": False}


class CaseworkRequest(Base):
    """What never changes of a request, except that its text may be erased."""

    __tablename__ = "casework_requests"
    __table_args__ = (
        Index(None, "household"),
        Index(None, "grid", "raised_at"),
        Index("uq_casework_requests_client_id", "client_id", unique=True),
    )

    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    household: Mapped[str | None] = mapped_column(ForeignKey("households.code"))
    """None: somebody who did not say from which household, as over Open311."""
    cadre: Mapped[str | None] = mapped_column(ForeignKey("cadres.number"), index=True)
    """The cadre linked to the household when it was raised."""
    grid: Mapped[str] = mapped_column(ForeignKey("grids.code"))
    kind: Mapped[str] = mapped_column(String(16))
    channel: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(200), server_default="")
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    raised_at: Mapped[datetime]
    """When the household said it, as claimed."""
    received_at: Mapped[datetime]
    """When this server took it in: the clocks count from here, whatever a handheld claims."""
    taxonomy: Mapped[int]
    """Number of the taxonomy's version; 0 for none."""
    class_code: Mapped[str] = mapped_column(String(32))
    """The class it came with; empty for none. The present one is in the standing."""
    asked_kind: Mapped[str] = mapped_column(String(8))
    asked: Mapped[str] = mapped_column(String(32))
    """Who was asked first 首问责任人 (Y41): a cadre, a grid or a unit."""
    client_id: Mapped[str | None] = mapped_column(String(64))
    """What the sending device calls it, so that sending twice adds it once."""


class CaseworkEvent(Base):
    """One event of a request; append-only by trigger."""

    __tablename__ = "casework_events"
    __table_args__ = (Index(None, "kind", "at"), _CLUSTERED)

    request: Mapped[str] = mapped_column(ForeignKey("casework_requests.code"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1, 2, 3 ... a request: two people who act at once collide here."""
    kind: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)
    """Canonical JSON without free text."""


class CaseworkNote(Base):
    """The free text that belongs to an event: a reason, a reply. May be erased."""

    __tablename__ = "casework_notes"
    __table_args__ = _CLUSTERED

    request: Mapped[str] = mapped_column(String(64), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)


class CaseworkStanding(Base):
    """Where a request stands; computed from its events, one row each, for lists and boards.

    Times that a clock ends at are computed with the calendar and the policy of the last change;
    `evalsys tick` brings those of open requests up to date.
    """

    __tablename__ = "casework_standings"
    __table_args__ = (
        Index(
            "ix_casework_standings_open",
            "next_at",
            sqlite_where=text("is_open"),
            postgresql_where=text("is_open"),
        ),
        Index(None, "grid"),
        Index(None, "cadre"),
        Index(None, "holder_kind", "holder"),
        Index(None, "household"),
        Index(None, "raised_at"),
        Index(None, "class_code"),
    )

    request: Mapped[str] = mapped_column(ForeignKey("casework_requests.code"), primary_key=True)
    seq: Mapped[int]
    """Number of its last event."""
    household: Mapped[str | None]
    cadre: Mapped[str | None]
    grid: Mapped[str]
    """Where it was raised."""
    kind: Mapped[str] = mapped_column(String(16))
    channel: Mapped[str] = mapped_column(String(16))
    raised_at: Mapped[datetime]
    received_at: Mapped[datetime]
    taxonomy: Mapped[int]
    class_code: Mapped[str] = mapped_column(String(32))
    limit_class: Mapped[str] = mapped_column(String(32))
    step: Mapped[str] = mapped_column(String(16))
    is_open: Mapped[bool]
    level: Mapped[int]
    """Depth of the grid level that it is handled at, or was closed at."""
    at_grid: Mapped[str]
    """The grid that it is handled at: the raising one, or one above it."""
    holder_kind: Mapped[str] = mapped_column(String(8))
    holder: Mapped[str] = mapped_column(String(32))
    accountable_kind: Mapped[str] = mapped_column(String(8))
    accountable: Mapped[str] = mapped_column(String(32))
    unit: Mapped[str | None]
    """The unit that holds it or leads a consultation; else the unit of its class, if it has one."""
    is_paused: Mapped[bool]
    answered: Mapped[bool]
    """A reply to the household is on record."""
    explained: Mapped[bool]
    """有说法 (G02)."""
    concluded: Mapped[bool]
    """有结论 (G02)."""
    solved: Mapped[bool]
    """Closed as solved; what the cadre side claims."""
    close_reason: Mapped[str] = mapped_column(String(16))
    """Empty while open."""
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str] = mapped_column(String(64))
    confirmed: Mapped[str] = mapped_column(String(16))
    """What the household said of the close: empty, yes, no or unanswered."""
    reopened: Mapped[int]
    escalated: Mapped[int]
    is_petition: Mapped[bool]
    urgency: Mapped[int]
    """The greater the sooner; of its limit class."""
    due_at: Mapped[datetime | None]
    """When the answer is due; kept as it was when the request was closed."""
    yellow_at: Mapped[datetime | None]
    """When the lamp turns yellow."""
    next_at: Mapped[datetime | None]
    """When the next duty of any kind is due; None when closed."""
    next_duty: Mapped[str] = mapped_column(String(24))
    clockwork: Mapped[str] = mapped_column(String(24))
    """Calendar and policy that the times were computed with."""
    offered_kind: Mapped[str] = mapped_column(String(8), server_default="")
    offered: Mapped[str] = mapped_column(String(32), server_default="")
    """Whom it was offered to, while they have not answered."""
    longer_limit: Mapped[str] = mapped_column(String(32), server_default="")
    """The longer limit of another class, while nobody above has approved it."""


class Duplicate(Base):
    """A hint that two requests may be one; a person decides."""

    __tablename__ = "casework_duplicates"
    __table_args__ = _CLUSTERED

    request: Mapped[str] = mapped_column(ForeignKey("casework_requests.code"), primary_key=True)
    other: Mapped[str] = mapped_column(ForeignKey("casework_requests.code"), primary_key=True)
    """The earlier one."""
    likeness: Mapped[int]
    """Percent."""
    decided: Mapped[str] = mapped_column(String(16))
    """Empty, same or different."""
    decided_by: Mapped[str] = mapped_column(String(64))


class Meeting(Base):
    """The monthly assessment meeting 每月分析研判会 of a grid (Y16)."""

    __tablename__ = "casework_meetings"
    __table_args__ = (Index("uq_casework_meetings_grid_month", "grid", "month", unique=True),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    grid: Mapped[str] = mapped_column(ForeignKey("grids.code"))
    month: Mapped[str] = mapped_column(String(7))
    """YYYY-MM."""
    held_on: Mapped[date]
    chair: Mapped[str] = mapped_column(String(100))
    present: Mapped[str] = mapped_column(Text)
    minutes: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(String(64))
    written_at: Mapped[datetime]


class MeetingDecision(Base):
    """What a meeting decided of a request: measure, deadline and responsible, all three (Y17)."""

    __tablename__ = "casework_decisions"

    meeting: Mapped[str] = mapped_column(ForeignKey("casework_meetings.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    request: Mapped[str] = mapped_column(ForeignKey("casework_requests.code"), index=True)
    measure: Mapped[str] = mapped_column(Text)
    deadline: Mapped[date]
    responsible_kind: Mapped[str] = mapped_column(String(8))
    responsible: Mapped[str] = mapped_column(String(32))
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class FirstPetition(Base):
    """A household petitioned for the first time 初访 (Y75): did its cadre know and accompany?"""

    __tablename__ = "casework_first_petitions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    household: Mapped[str] = mapped_column(ForeignKey("households.code"), index=True)
    cadre: Mapped[str] = mapped_column(ForeignKey("cadres.number"), index=True)
    request: Mapped[str | None] = mapped_column(ForeignKey("casework_requests.code"))
    place: Mapped[str] = mapped_column(String(200))
    petitioned_at: Mapped[datetime]
    noted_at: Mapped[datetime]
    noted_by: Mapped[str] = mapped_column(String(64))
    seen_at: Mapped[datetime | None]
    """When the cadre opened the alert."""
    knew: Mapped[bool | None]
    accompanied: Mapped[bool | None]
    established_at: Mapped[datetime | None]
    established_by: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text)


class CallbackMismatch(Base):
    """A close that the household contradicts: an investigation to be opened (Y54)."""

    __tablename__ = "casework_mismatches"

    request: Mapped[str] = mapped_column(ForeignKey("casework_requests.code"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Number of the event that holds the household's answer."""
    cadre: Mapped[str | None] = mapped_column(ForeignKey("cadres.number"))
    closed_by: Mapped[str] = mapped_column(String(64))
    found_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    opened_by: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)


class WordErasure(Base):
    """Words of closed requests that are to go, or went, when their time was over."""

    __tablename__ = "casework_erasures"

    id: Mapped[int] = mapped_column(primary_key=True)
    before: Mapped[date]
    """Closed before this day."""
    requests: Mapped[int]
    proposed_by: Mapped[str] = mapped_column(String(64))
    proposed_at: Mapped[datetime]
    approved_by: Mapped[str] = mapped_column(String(64))
    approved_at: Mapped[datetime | None]


class MakeUpDay(Base):
    """A weekend day that is worked 调休上班日; holidays are those of the calling calendar."""

    __tablename__ = "casework_make_up_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50))


class AccountScope(Base):
    """For whom an account acts: a cadre, a grid or a unit. Without a row: for nobody."""

    __tablename__ = "account_scopes"

    account: Mapped[str] = mapped_column(ForeignKey("users.name"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    """cadre, grid or unit."""
    code: Mapped[str] = mapped_column(String(32), primary_key=True)

"""What follows from requests: mismatches to be investigated, first petitions, meetings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.orm import Session

from evalsys.domain.casework.words import Party, PartyKind
from evalsys.errors import NotFound, RuleViolation
from evalsys.store.schema.casework import (
    CallbackMismatch,
    FirstPetition,
    Meeting,
    MeetingDecision,
)
from evalsys.store.schema.roster import Cadre

# --- the household contradicts ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewMismatch:
    """A close that its household contradicted: number of the event, and who closed it."""

    request: str
    seq: int
    cadre: str | None
    closed_by: str
    found_at: datetime


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A contradicted close, and whether an investigation was opened."""

    request: str
    seq: int
    cadre: str | None
    closed_by: str
    found_at: datetime
    opened_at: datetime | None
    opened_by: str
    reason: str


def add_mismatch(db: Session, found: NewMismatch) -> None:
    """Keep a contradiction; whoever investigates finds it on a list (Y54)."""
    db.execute(
        insert(CallbackMismatch).values(
            request=found.request,
            seq=found.seq,
            cadre=found.cadre,
            closed_by=found.closed_by,
            found_at=found.found_at,
            opened_at=None,
            opened_by="",
            reason="",
        )
    )


def mismatches(db: Session) -> tuple[Mismatch, ...]:
    """List the contradictions, those first that nobody has looked into."""
    rows = db.scalars(
        select(CallbackMismatch).order_by(
            CallbackMismatch.opened_at.is_not(None), CallbackMismatch.found_at.desc()
        )
    )
    return tuple(
        Mismatch(
            row.request,
            row.seq,
            row.cadre,
            row.closed_by,
            row.found_at,
            row.opened_at,
            row.opened_by,
            row.reason,
        )
        for row in rows
    )


def open_investigation(
    db: Session, request: str, seq: int, *, by: str, at: datetime, reason: str
) -> None:
    """Note that an investigation of a contradiction was opened.

    Raises:
        NotFound: there is no such contradiction.
        RuleViolation: somebody opened one already.
    """
    row = db.get(CallbackMismatch, (request, seq))
    if row is None:
        raise NotFound("没有这条不一致记录。", remedy="请刷新列表。")
    if row.opened_at is not None:
        raise RuleViolation("调查已经启动。", remedy=f"由 {row.opened_by} 启动，请与其联系。")
    row.opened_at, row.opened_by, row.reason = at, by, reason
    db.flush()


# --- first petitions -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Petition:
    """A first petition 初访 and what was found of the linked cadre (Y75)."""

    id: str
    household: str
    cadre: str
    cadre_name: str
    request: str | None
    place: str
    petitioned_at: datetime
    noted_by: str
    seen_at: datetime | None
    knew: bool | None
    accompanied: bool | None
    established_at: datetime | None
    note: str

    @property
    def interview_is_due(self) -> bool:
        """Whether the cadre is to be interviewed 约谈: did not know, or did not accompany."""
        return self.established_at is not None and not (self.knew and self.accompanied)


@dataclass(frozen=True, slots=True)
class NewPetition:
    """A first petition as it is noted."""

    id: str
    household: str
    cadre: str
    request: str | None
    place: str
    petitioned_at: datetime
    noted_at: datetime
    noted_by: str


def add_petition(db: Session, new: NewPetition) -> None:
    """Keep a first petition; its cadre has an alert from now on."""
    db.add(
        FirstPetition(
            id=new.id,
            household=new.household,
            cadre=new.cadre,
            request=new.request,
            place=new.place,
            petitioned_at=new.petitioned_at,
            noted_at=new.noted_at,
            noted_by=new.noted_by,
            seen_at=None,
            knew=None,
            accompanied=None,
            established_at=None,
            established_by="",
            note="",
        )
    )
    db.flush()


def has_petitioned(db: Session, household: str) -> bool:
    """Say whether a household petitioned before: then it is no first petition."""
    query = select(FirstPetition.id).where(FirstPetition.household == household).limit(1)
    return db.scalar(query) is not None


def petitions(db: Session, cadres: Iterable[str] | None = None) -> tuple[Petition, ...]:
    """List first petitions, the newest first; of some cadres only when they are named."""
    wanted: list[ColumnElement[bool]] = []
    if cadres is not None:
        wanted.append(FirstPetition.cadre.in_(list(cadres)))
    rows = db.execute(
        select(FirstPetition, Cadre.name)
        .join(Cadre, Cadre.number == FirstPetition.cadre)
        .where(*wanted)
        .order_by(FirstPetition.petitioned_at.desc(), FirstPetition.id)
    )
    return tuple(_petition(row, name) for row, name in rows)


def mark_seen(db: Session, petition: str, at: datetime) -> None:
    """Note when the cadre first opened the alert."""
    db.execute(
        update(FirstPetition)
        .where(FirstPetition.id == petition, FirstPetition.seen_at.is_(None))
        .values(seen_at=at)
    )


@dataclass(frozen=True, slots=True)
class Established:
    """What somebody other than the cadre found out about a first petition."""

    knew: bool
    accompanied: bool
    note: str
    by: str
    at: datetime


def establish(db: Session, petition: str, found: Established) -> Petition:
    """Keep whether the cadre knew and accompanied.

    Raises:
        NotFound: there is no such petition.
        RuleViolation: it was established before.
    """
    row = db.get(FirstPetition, petition)
    if row is None:
        raise NotFound("没有这次初访。", remedy="请刷新列表。")
    if row.established_at is not None:
        raise RuleViolation("这次初访已经核实过。", remedy="结论不能改写；请在约谈中说明。")
    row.knew, row.accompanied, row.note = found.knew, found.accompanied, found.note
    row.established_by, row.established_at = found.by, found.at
    db.flush()
    cadre = db.get(Cadre, row.cadre)
    return _petition(row, row.cadre if cadre is None else cadre.name)


def _petition(row: FirstPetition, name: str) -> Petition:
    return Petition(
        row.id,
        row.household,
        row.cadre,
        name,
        row.request,
        row.place,
        row.petitioned_at,
        row.noted_by,
        row.seen_at,
        row.knew,
        row.accompanied,
        row.established_at,
        row.note,
    )


# --- meetings --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Held:
    """A monthly meeting with its minutes."""

    id: str
    grid: str
    month: str
    held_on: date
    chair: str
    present: str
    minutes: str
    written_by: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision of a meeting."""

    n: int
    request: str
    measure: str
    deadline: date
    responsible: Party
    by: str


def meeting(db: Session, grid: str, month: str) -> Held | None:
    """Read the meeting of a grid and month; None before anything is written of it."""
    row = db.scalar(select(Meeting).where(Meeting.grid == grid, Meeting.month == month))
    if row is None:
        return None
    return Held(
        row.id,
        row.grid,
        row.month,
        row.held_on,
        row.chair,
        row.present,
        row.minutes,
        row.written_by,
        row.written_at,
    )


def keep_meeting(db: Session, held: Held) -> None:
    """Write a meeting and its minutes, or write them anew."""
    row = db.get(Meeting, held.id)
    if row is None:
        row = Meeting(id=held.id, grid=held.grid, month=held.month)
        db.add(row)
    row.held_on, row.chair, row.present = held.held_on, held.chair, held.present
    row.minutes, row.written_by, row.written_at = held.minutes, held.written_by, held.written_at
    db.flush()


def decisions(db: Session, meeting_id: str) -> tuple[Decided, ...]:
    """Read what a meeting decided, in order."""
    rows = db.scalars(
        select(MeetingDecision)
        .where(MeetingDecision.meeting == meeting_id)
        .order_by(MeetingDecision.n)
    )
    return tuple(
        Decided(
            row.n,
            row.request,
            row.measure,
            row.deadline,
            Party(PartyKind(row.responsible_kind), row.responsible),
            row.by,
        )
        for row in rows
    )


def add_decision(db: Session, meeting_id: str, decided: Decided, at: datetime) -> None:
    """Keep one decision."""
    db.execute(
        insert(MeetingDecision).values(
            meeting=meeting_id,
            n=decided.n,
            request=decided.request,
            measure=decided.measure,
            deadline=decided.deadline,
            responsible_kind=decided.responsible.kind.value,
            responsible=decided.responsible.code,
            by=decided.by,
            at=at,
        )
    )

"""The queue of cases that are due, and the attempts that were taken from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Integer,
    Row,
    bindparam,
    case,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Session

from evalsys.domain.campaign.outcome import CODE_UNCALLED
from evalsys.domain.campaign.plan import Campaign, State
from evalsys.domain.campaign.policy import Stop
from evalsys.domain.interview import Step
from evalsys.domain.live.words import CallStatus
from evalsys.errors import NotFound
from evalsys.ids import AttemptId, CampaignId, HouseholdCode, MemberId
from evalsys.store.calls import read_step, written
from evalsys.store.campaigns import CALLING, CLOSED, PERSON, WAITING, read_campaign
from evalsys.store.numbers import household_behind
from evalsys.store.prepared import Prepared
from evalsys.store.schema.base import Base
from evalsys.store.schema.calls import CallAttempt
from evalsys.store.schema.campaigns import (
    CampaignAttempt,
    CampaignMember,
    CampaignPending,
    CampaignRow,
    DroppedRecording,
)

HANDED_ON = ""
"""Stands for a recording that waits here no more."""
_ATTEMPTS = Base.metadata.tables[CampaignAttempt.__tablename__]
_MEMBERS = Base.metadata.tables[CampaignMember.__tablename__]
_CAMPAIGNS = Base.metadata.tables[CampaignRow.__tablename__]
_LIVE_CALLS = Base.metadata.tables[CallAttempt.__tablename__]
_PENDING = Base.metadata.tables[CampaignPending.__tablename__]
WEB = "web-"
"""Begins the name of an interview on a page: no line carries it, no carrier knows it."""


@dataclass(frozen=True, slots=True)
class Case:
    """One household's case, as the dialler and the interview need it."""

    id: MemberId
    campaign: CampaignId
    about: str
    household: HouseholdCode
    attempts: int
    arrangement: str
    dialect: str
    wish: str


@dataclass(frozen=True, slots=True)
class CampaignCall:
    """One attempt of a campaign."""

    id: AttemptId
    campaign: CampaignId
    member: MemberId
    household: HouseholdCode
    n: int | None
    asks: str
    placed_at: datetime
    heard_at: datetime
    sid: str = ""
    status: CallStatus = CallStatus.PLACED
    step: Step | None = None
    has_agreed: bool = False
    recording: str | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    rhythm: str = ""


_NEW_CALL = Prepared(insert(_ATTEMPTS))
_NOW_CALLED = Prepared(
    update(_MEMBERS)
    .where(_MEMBERS.c.id.in_(bindparam("members", expanding=True)))
    .values(state=CALLING)
)
_ANSWERED_TOPICS = Prepared(
    select(_PENDING.c.member, _PENDING.c.topic).where(
        _PENDING.c.member.in_(bindparam("members", expanding=True))
    )
)
_UNHEARD = Prepared(
    select(_ATTEMPTS)
    .where(
        _ATTEMPTS.c.ended_at.is_(None),
        _ATTEMPTS.c.heard_at <= bindparam("since", type_=_ATTEMPTS.c.heard_at.type),
        _ATTEMPTS.c.sid.is_(None) | _ATTEMPTS.c.sid.not_like(f"{WEB}%"),
    )
    .order_by(_ATTEMPTS.c.heard_at, _ATTEMPTS.c.id)
    .limit(bindparam("most", type_=Integer))
)


def case_of(db: Session, member: MemberId, *, alone: bool = False) -> Case:
    """Return a case.

    Raises:
        NotFound: there is none.
    """
    query = select(CampaignMember).where(CampaignMember.id == member)
    row = db.scalars(query.with_for_update() if alone else query).one_or_none()
    if row is None:
        raise NotFound("没有这一户。")
    return case_from(row)


def add_calls(db: Session, calls: Sequence[CampaignCall]) -> None:
    """Keep the intention to dial, before the carrier is asked; the cases are being called."""
    if not calls:
        return
    for call in calls:
        _NEW_CALL.run(
            db,
            id=call.id,
            campaign=call.campaign,
            member=call.member,
            household=call.household,
            n=call.n,
            asks=call.asks,
            sid=call.sid or None,
            status=call.status.value,
            step=written(call.step) if call.step else "",
            has_agreed=call.has_agreed,
            rhythm=call.rhythm,
            placed_at=call.placed_at,
            answered_at=call.answered_at,
            heard_at=call.heard_at,
        )
    _NOW_CALLED.run(db, members=[call.member for call in calls])


def call_with_sid(db: Session, sid: str) -> AttemptId | None:
    """Return the attempt whose call has this name at the carrier, if there is one."""
    found = db.scalar(select(CampaignAttempt.id).where(CampaignAttempt.sid == sid))
    return None if found is None else AttemptId(found)


def case_to_call_back(db: Session, blind: bytes) -> Case | None:
    """Return the case of whoever calls from a number: of a running campaign, and not finished.

    A number that does not belong to one household alone leads to nobody.
    """
    household = household_behind(db, blind)
    if household is None:
        return None
    not_finished = CampaignMember.state.in_((WAITING, PERSON)) | (
        CampaignMember.stop == Stop.ATTEMPTS_USED
    )
    query = (
        select(CampaignMember)
        .join(CampaignRow, CampaignRow.id == CampaignMember.campaign)
        .where(
            CampaignMember.household == household,
            CampaignRow.state == State.RUNNING.value,
            not_finished,
        )
        .order_by(CampaignRow.planned_at.desc(), CampaignMember.id)
        .limit(1)
        .with_for_update(of=CampaignMember)
    )
    row = db.scalars(query).one_or_none()
    return None if row is None else case_from(row)


def close_uncalled(db: Session, member: MemberId, stop: Stop) -> None:
    """Close a case whose household may not be called; what was learnt before stays its code."""
    never = case((CampaignMember.attempts == 0, CODE_UNCALLED[stop]), else_=CampaignMember.code)
    values = {"state": CLOSED, "stop": stop.value, "due_at": None, "code": never}
    db.execute(
        update(CampaignMember)
        .where(CampaignMember.id == member)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def put_off(db: Session, member: MemberId, until: datetime) -> None:
    """Let a case that cannot be called now be due later."""
    db.execute(update(CampaignMember).where(CampaignMember.id == member).values(due_at=until))


_OPENED = Prepared(
    select(
        _ATTEMPTS,
        _MEMBERS.c.about.label("case_about"),
        *(_MEMBERS.c[name] for name in ("attempts", "arrangement", "dialect", "wish")),
        _CAMPAIGNS.c.about.label("campaign_about"),
        *(_CAMPAIGNS.c[name] for name in ("kind", "title", "state", "script", "rules", "pledge")),
    )
    .join(_MEMBERS, _MEMBERS.c.id == _ATTEMPTS.c.member)
    .join(_CAMPAIGNS, _CAMPAIGNS.c.id == _ATTEMPTS.c.campaign)
    .where(_ATTEMPTS.c.id == bindparam("attempt"))
    .with_for_update(of=_ATTEMPTS)
)


def open_call(db: Session, attempt: AttemptId) -> tuple[CampaignCall, Case, Campaign]:
    """Return an attempt with its case and campaign, held against other webhooks of the call.

    Raises:
        NotFound: there is no such attempt.
    """
    row = _OPENED.first(db, attempt=attempt)
    if row is None:
        raise NotFound("没有这通电话。")
    case = Case(
        MemberId(row.member),
        CampaignId(row.campaign),
        row.case_about,
        HouseholdCode(row.household),
        row.attempts,
        row.arrangement,
        row.dialect,
        row.wish,
    )
    columns = (row.campaign, row.kind, row.title, row.state, row.script, row.rules)
    campaign = read_campaign(*columns, row.campaign_about, row.pledge)
    return _call(row), case, campaign


def unheard(db: Session, *, since: datetime, limit: int) -> tuple[CampaignCall, ...]:
    """List attempts under way of which the carrier has said nothing since a time."""
    return tuple(map(_call, _UNHEARD.all(db, since=since, most=limit)))


_WITH_COMMENT = Prepared(select(_ATTEMPTS).where(_ATTEMPTS.c.recording > HANDED_ON))


def waiting_comments(db: Session, *, ended_before: datetime) -> tuple[CampaignCall, ...]:
    """List ended attempts whose comment still waits for its words."""
    # Greater than nothing, and the time apart: so the index of the few that wait is used.
    calls = map(_call, _WITH_COMMENT.all(db))
    return tuple(each for each in calls if each.ended_at and each.ended_at <= ended_before)


_THIS = _ATTEMPTS.c.id == bindparam("attempt")
_CHANGED = Prepared(update(_ATTEMPTS).where(_THIS))
_NAMED = Prepared(update(_ATTEMPTS).where(_THIS, _ATTEMPTS.c.sid.is_(None)))


def keep_call(db: Session, attempt: AttemptId, **values: object) -> None:
    """Keep what changed about an attempt."""
    _CHANGED.run(db, attempt=attempt, **values)


_RINGS = Prepared(
    update(_ATTEMPTS)
    .where(
        _ATTEMPTS.c.id == bindparam("attempt"),
        _ATTEMPTS.c.status == CallStatus.PLACED.value,
        _ATTEMPTS.c.sid.is_(None) | (_ATTEMPTS.c.sid == bindparam("named")),
    )
    .values(status=CallStatus.RINGING.value, sid=bindparam("named"))
)


def rings(db: Session, attempt: AttemptId, sid: str, now: datetime) -> bool:
    """Note that a call rings, without reading it; nothing is done unless it was only placed."""
    return bool(_RINGS.count(db, attempt=attempt, named=sid, heard_at=now))


_KEPT_OF = Prepared(select(_ATTEMPTS.c.sid, _ATTEMPTS.c.recording).where(_THIS))


def keeps_recording(db: Session, attempt: AttemptId, sid: str) -> bool:
    """Say whether a comment of this call is known already, or was handed on."""
    row = _KEPT_OF.first(db, attempt=attempt)
    return row is not None and row.sid == sid and row.recording is not None


_WORDS = Prepared(select(_ATTEMPTS.c.words).where(_THIS))


def words_of(db: Session, attempt: AttemptId) -> bytes | None:
    """Return the sealed words of an attempt's comment, where they came early."""
    row = _WORDS.first(db, attempt=attempt)
    return None if row is None else row.words


def add_dropped(db: Session, recording: str, now: datetime) -> None:
    """Note that a recording is to be erased at the carrier; harmless to repeat."""
    db.merge(DroppedRecording(recording=recording, dropped_at=now))
    db.flush()


def dropped(db: Session, *, limit: int) -> tuple[str, ...]:
    """List recordings that are to be erased at the carrier, the oldest first."""
    query = select(DroppedRecording.recording).order_by(DroppedRecording.dropped_at)
    return tuple(db.scalars(query.limit(limit)))


def forget_dropped(db: Session, recording: str) -> None:
    """Note that a recording is erased."""
    db.execute(delete(DroppedRecording).where(DroppedRecording.recording == recording))


def keep_sids(db: Session, sids: Mapping[AttemptId, str]) -> None:
    """Note the carrier's names of calls, where no webhook brought them before."""
    for attempt, sid in sorted(sids.items()):
        _NAMED.run(db, attempt=attempt, sid=sid)


def known_sids(db: Session, sids: Sequence[str]) -> frozenset[str]:
    """Return those of `sids` that belong to an attempt."""
    known = db.scalars(select(CampaignAttempt.sid).where(CampaignAttempt.sid.in_(sids)))
    return frozenset(sid for sid in known if sid is not None)


def answered_topics(db: Session, members: Sequence[MemberId]) -> Mapping[str, frozenset[str]]:
    """Return the topics that unfinished interviews have answered, by case."""
    topics: dict[str, set[str]] = {}
    for row in _ANSWERED_TOPICS.all(db, members=members):
        topics.setdefault(row.member, set()).add(row.topic)
    return {member: frozenset(found) for member, found in topics.items()}


def case_from(row: CampaignMember) -> Case:
    """Read a case from its row."""
    return read_case(row)


def read_case(row: Any) -> Case:  # noqa: ANN401 - an entity, or a row of its columns
    """Read a case from whatever has its columns."""
    return Case(
        MemberId(row.id),
        CampaignId(row.campaign),
        row.about,
        HouseholdCode(row.household),
        row.attempts,
        row.arrangement,
        row.dialect,
        row.wish,
    )


def _call(row: Row[tuple[object, ...]]) -> CampaignCall:
    return CampaignCall(
        id=AttemptId(row.id),
        campaign=CampaignId(row.campaign),
        member=MemberId(row.member),
        household=HouseholdCode(row.household),
        n=row.n,
        asks=row.asks,
        placed_at=row.placed_at,
        heard_at=row.heard_at,
        sid=row.sid or "",
        status=CallStatus(row.status),
        step=read_step(row.step) if row.step else None,
        has_agreed=row.has_agreed,
        recording=row.recording,
        answered_at=row.answered_at,
        ended_at=row.ended_at,
        rhythm=row.rhythm,
    )


def cases_with_a_person(
    db: Session, campaign: CampaignId, household: HouseholdCode
) -> tuple[Case, ...]:
    """Return the cases of a household in which a person must speak with it first, and hold them."""
    query = select(CampaignMember).where(
        CampaignMember.campaign == campaign,
        CampaignMember.household == household,
        CampaignMember.state == PERSON,
    )
    return tuple(map(case_from, db.scalars(query.with_for_update())))

"""Dialling attempts and the inbox of the carrier's webhooks. No number, no key, no score."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from evalsys.domain.interview import Ask, Ending, Farewell, Hint, Step, Topic
from evalsys.domain.live.words import CallStatus
from evalsys.errors import NotFound, StaleState
from evalsys.ids import AttemptId, CadreNumber, HouseholdCode, LiveId
from evalsys.store.schema.calls import CallAnswer, CallAttempt
from evalsys.store.schema.roster import Household

_HANDED_ON = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One dialling attempt. `step` is what was asked last, nothing before the first answer."""

    id: AttemptId
    live: LiveId
    j: int
    k: int
    cadre: CadreNumber
    household: HouseholdCode
    script: str
    placed_at: datetime
    heard_at: datetime
    """When the carrier last said something about it, or was asked."""
    sid: str = ""
    status: CallStatus = CallStatus.PLACED
    rang_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    step: Step | None = None
    asks: str = ""
    """Order and polarity of the questions, as `Arrangement.written`; empty as they are written."""
    recording: str | None = None
    """A comment that waits for its words; "" once it was handed on, nothing without a comment."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The effect that a webhook had: the keyed digest of what it said, and what came next."""

    mac: bytes
    """Empty when the call is over."""
    step: Step

    def contradicts(self, mac: bytes) -> bool:
        """Say whether a webhook of digest `mac` says something else; never after the call."""
        return bool(self.mac) and not hmac.compare_digest(self.mac, mac)


def add(db: Session, attempt: Attempt) -> None:
    """Keep the intention to dial, before the carrier is asked.

    Raises:
        StaleState: a call to this household is under way already.
    """
    try:
        db.execute(
            insert(CallAttempt).values(
                id=attempt.id,
                live=attempt.live,
                j=attempt.j,
                k=attempt.k,
                cadre=attempt.cadre,
                household=attempt.household,
                script=attempt.script,
                status=attempt.status.value,
                placed_at=attempt.placed_at,
                heard_at=attempt.heard_at,
                step="",
                asks=attempt.asks,
            )
        )
    except IntegrityError as error:
        raise StaleState(
            "这一户已有通话在进行。", remedy="无需操作，通话结束后系统会继续。"
        ) from error


def get(db: Session, attempt: AttemptId) -> Attempt:
    """Return an attempt.

    Raises:
        NotFound: there is no such attempt.
    """
    row = db.execute(select(CallAttempt.__table__).where(CallAttempt.id == attempt)).one_or_none()
    if row is None:
        raise NotFound("没有这通电话。")
    return _attempt(row)


def unheard(db: Session, *, since: datetime) -> tuple[Attempt, ...]:
    """List the attempts under way of which the carrier has said nothing since a time."""
    query = select(CallAttempt.__table__).where(
        CallAttempt.ended_at.is_(None), CallAttempt.heard_at <= since
    )
    return tuple(map(_attempt, db.execute(query.order_by(CallAttempt.placed_at, CallAttempt.id))))


def waiting_comments(db: Session, *, ended_before: datetime) -> tuple[Attempt, ...]:
    """List the attempts whose comment still waits for its words, although the call is long over."""
    query = select(CallAttempt.__table__).where(
        CallAttempt.recording != _HANDED_ON, CallAttempt.ended_at <= ended_before
    )
    return tuple(map(_attempt, db.execute(query)))


def known_sids(db: Session, sids: tuple[str, ...]) -> frozenset[str]:
    """Return those of `sids` that belong to an attempt."""
    return frozenset(
        sid
        for sid in db.scalars(select(CallAttempt.sid).where(CallAttempt.sid.in_(sids)))
        if sid is not None
    )


def keep_sid(db: Session, attempt: AttemptId, sid: str) -> None:
    """Note the carrier's name of the call, if none is known yet."""
    unnamed = (CallAttempt.id == attempt) & CallAttempt.sid.is_(None)
    db.execute(update(CallAttempt).where(unnamed).values(sid=sid))


def keep_heard(db: Session, attempt: AttemptId, at: datetime) -> None:
    """Note that the carrier said something about the call, or was asked."""
    db.execute(update(CallAttempt).where(CallAttempt.id == attempt).values(heard_at=at))


def keep_status(db: Session, attempt: Attempt) -> None:
    """Keep how far the call has come, and when."""
    db.execute(
        update(CallAttempt)
        .where(CallAttempt.id == attempt.id)
        .values(
            status=attempt.status.value,
            rang_at=attempt.rang_at,
            answered_at=attempt.answered_at,
            ended_at=attempt.ended_at,
        )
    )


def keep_recording(db: Session, attempt: AttemptId, recording: str) -> None:
    """Keep a comment that waits for its words."""
    db.execute(update(CallAttempt).where(CallAttempt.id == attempt).values(recording=recording))


def forget_recording(db: Session, attempt: AttemptId) -> None:
    """Cut the tie between a comment and its call: the comment was handed on."""
    keep_recording(db, attempt, _HANDED_ON)


def answer_to(db: Session, attempt: AttemptId, asked: str) -> Answer | None:
    """Return the effect that a webhook had, or nothing before it came for the first time."""
    row = db.get(CallAnswer, (attempt, asked))
    return Answer(row.mac, read_step(row.step)) if row else None


def keep_answer(db: Session, attempt: AttemptId, asked: str, answer: Answer) -> None:
    """Keep a webhook's effect, and that the interview now stands at its next step."""
    step = written(answer.step)
    db.execute(insert(CallAnswer).values(attempt=attempt, asked=asked, mac=answer.mac, step=step))
    db.execute(update(CallAttempt).where(CallAttempt.id == attempt).values(step=step))


def forget_digests(db: Session, attempt: AttemptId) -> None:
    """Forget what was pressed in a call that is over; what was said in turn stays.

    Whoever holds the application's key and the tables finds out of five digests which key it
    was: then a score would hang on its household for good, whatever the tally destroys.
    """
    db.execute(update(CallAnswer).where(CallAnswer.attempt == attempt).values(mac=b""))


def written(step: Step) -> str:
    """Write a step as one word: `score/2/wrong`, or the ending, `thanks`."""
    match step:
        case Ask(topic, tries, hint):
            return f"{topic}/{tries}/{hint}"
        case Farewell(ending):
            return ending.value


def head_of(db: Session, household: HouseholdCode) -> str:
    """Return the name of the household's head; the caller has it audited. Empty when unknown."""
    return db.scalar(select(Household.head).where(Household.code == household)) or ""


def first_script(db: Session, live: LiveId) -> str | None:
    """Return the identity of the script by which a session's first call asked, if there is one."""
    mine = select(CallAttempt.script).where(CallAttempt.live == live)
    return db.scalar(mine.order_by(CallAttempt.placed_at, CallAttempt.id).limit(1))


def read_step(text: str) -> Step:
    """Read what `written` wrote."""
    if "/" not in text:
        return Farewell(Ending(text))
    topic, tries, hint = text.split("/")
    return Ask(Topic(topic), int(tries), Hint(hint))


def _attempt(row: Row[tuple[object, ...]]) -> Attempt:
    return Attempt(
        id=AttemptId(row.id),
        live=LiveId(row.live),
        j=row.j,
        k=row.k,
        cadre=CadreNumber(row.cadre),
        household=HouseholdCode(row.household),
        script=row.script,
        placed_at=row.placed_at,
        heard_at=row.heard_at,
        sid=row.sid or "",
        status=CallStatus(row.status),
        rang_at=row.rang_at,
        answered_at=row.answered_at,
        ended_at=row.ended_at,
        step=read_step(row.step) if row.step else None,
        asks=row.asks,
        recording=row.recording,
    )

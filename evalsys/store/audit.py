"""The audit log: who did what to what, chained by hash, in the deed's own transaction (Y27)."""

import hashlib
from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, event, insert, select, text
from sqlalchemy.orm import Session

from evalsys.domain.canonical import canonical
from evalsys.errors import Tampered
from evalsys.store.prepared import Prepared
from evalsys.store.schema.access import AuditEntry
from evalsys.store.schema.base import Base

FIRST_PREV_HASH = "0" * 64
_CHAIN_LOCK = 0x65_76_61_6C_61_75_64  # "evalaud": PostgreSQL's advisory lock of the chain
_PENDING = "evalsys_audit_pending"

_LINES = Base.metadata.tables[AuditEntry.__tablename__]
_NEWEST = Prepared(select(_LINES.c.seq, _LINES.c.hash).order_by(_LINES.c.seq.desc()).limit(1))
_NEW_LINE = Prepared(insert(_LINES))


@dataclass(frozen=True, slots=True)
class Audited:
    """One line of the audit log. `detail` is canonical JSON; hashes are lower-case hex SHA-256."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: str
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class _Deed:
    at: datetime
    actor: str
    action: str
    subject: str
    detail: str


def record(
    db: Session,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Note who did what, committed together with it or not at all (Y54).

    `actor` is a sign-in name or "system:..."; `action` a dotted word such as
    "phone.read"; `subject` what it was done to; `detail` JSON values without
    floats, and never a secret. Lines are chained when the transaction commits, so the
    chain's lock is held for an instant however long the transaction was.

    Raises:
        RuntimeError: `db` only reads, so the line would be lost.
    """
    if not db.get_bind().get_execution_options().get("evalsys_immediate", False):
        raise RuntimeError("an audited deed needs Database.write(): a read is rolled back")
    pending = db.info.setdefault(_PENDING, [])
    pending.append(_Deed(at, actor, action, subject, canonical(dict(detail or {})).decode()))


def entries(db: Session, *, after: int = 0, subject: str | None = None) -> Generator[Audited]:
    """Read the log in order, from the line after `after`; of one subject when named."""
    query = select(AuditEntry).where(AuditEntry.seq > after).order_by(AuditEntry.seq)
    if subject is not None:
        query = query.where(AuditEntry.subject == subject)
    with closing(db.scalars(query.execution_options(yield_per=1000))) as rows:
        yield from map(_value, rows)


def subjects_since(db: Session, action: str, since: datetime) -> frozenset[str]:
    """Give what `action` was done to from `since` on."""
    query = select(AuditEntry.subject).where(AuditEntry.action == action, AuditEntry.at >= since)
    return frozenset(db.scalars(query))


@dataclass(frozen=True, slots=True)
class Sought:
    """Which lines are looked for: by whom, what was done, to what, from when until when.

    What is empty or None is not asked for; `subject` is a part of the text, `until` not included.
    """

    actor: str = ""
    action: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


EVERYTHING = Sought()


def latest(
    db: Session, limit: int, *, before: int | None = None, sought: Sought = EVERYTHING
) -> tuple[Audited, ...]:
    """Read at most `limit` lines, newest first, older than line `before` when given."""
    asked: list[ColumnElement[bool]] = []
    if sought.actor:
        asked.append(AuditEntry.actor == sought.actor)
    if sought.action:
        asked.append(AuditEntry.action == sought.action)
    if sought.subject:
        asked.append(AuditEntry.subject.contains(sought.subject, autoescape=True))
    if sought.since is not None:
        asked.append(AuditEntry.at >= sought.since)
    if sought.until is not None:
        asked.append(AuditEntry.at < sought.until)
    if before is not None:
        asked.append(AuditEntry.seq < before)
    query = select(AuditEntry).where(*asked).order_by(AuditEntry.seq.desc()).limit(limit)
    return tuple(_value(row) for row in db.scalars(query))


def verify(db: Session) -> int:
    """Recompute the whole chain and return the number of lines.

    Raises:
        Tampered: a line was altered, removed or slipped in; names the first such line.
    """
    seq, prev_hash = 0, FIRST_PREV_HASH
    with closing(entries(db)) as lines:
        for line in lines:
            seq += 1
            deed = _Deed(line.at, line.actor, line.action, line.subject, line.detail)
            own = _hash(seq, deed, prev_hash)
            if (line.seq, line.prev_hash, line.hash) != (seq, prev_hash, own):
                raise Tampered(
                    f"审计日志第 {seq} 行与校验链不符。",
                    remedy="立即停止使用并通知审计人员，用备份与日志摘要核对。",
                    place=f"audit_log {seq}",
                )
            prev_hash = own
    return seq


# Listened to once for all sessions: a listener of its own costs each of them more than its lines.
@event.listens_for(Session, "before_commit")
def _chain_pending(db: Session) -> None:
    pending: list[_Deed] = db.info.get(_PENDING, [])
    if not pending:
        return
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    newest = _NEWEST.first(db)
    seq, prev_hash = (newest.seq, newest.hash) if newest else (0, FIRST_PREV_HASH)
    for deed in pending:
        seq += 1
        own = _hash(seq, deed, prev_hash)
        _NEW_LINE.run(
            db,
            seq=seq,
            at=deed.at,
            actor=deed.actor,
            action=deed.action,
            subject=deed.subject,
            detail=deed.detail,
            prev_hash=prev_hash,
            hash=own,
        )
        prev_hash = own
    pending.clear()


def _hash(seq: int, deed: _Deed, prev_hash: str) -> str:
    at = deed.at.astimezone(UTC).isoformat(timespec="microseconds")
    line = [seq, at, deed.actor, deed.action, deed.subject, deed.detail, prev_hash]
    return hashlib.sha256(canonical(line)).hexdigest()


def _value(row: AuditEntry) -> Audited:
    return Audited(
        row.seq, row.at, row.actor, row.action, row.subject, row.detail, row.prev_hash, row.hash
    )

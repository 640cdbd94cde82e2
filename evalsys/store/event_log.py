"""The event log of live sessions: append-only, chained by hash, one writer at a time."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from sqlalchemy import bindparam, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from evalsys.domain.canonical import canonical
from evalsys.domain.live.codec import decode, encode, kind_of
from evalsys.domain.live.events import Event, Recorded
from evalsys.errors import StaleState, Tampered
from evalsys.ids import LiveId
from evalsys.store import notices
from evalsys.store.schema.live import LiveEventRow

FIRST_PREV_HASH = "0" * 64

_ROW = LiveEventRow.__table__.c
# Made once: a show reads its record several times a step, and making a query costs more than it.
_FROM = (
    select(_ROW.seq, _ROW.kind, _ROW.body, _ROW.at, _ROW.actor, _ROW.prev_hash, _ROW.hash)
    .where(_ROW.live == bindparam("live"), _ROW.seq >= bindparam("first"))
    .order_by(_ROW.seq)
    .execution_options(yield_per=2000)
)
_HASH_OF = select(_ROW.hash).where(_ROW.live == bindparam("live"), _ROW.seq == bindparam("seq"))
_HEAD = (
    select(_ROW.seq, _ROW.hash)
    .where(_ROW.live == bindparam("live"))
    .order_by(_ROW.seq.desc())
    .limit(1)
)


def lock(db: Session, live: LiveId) -> None:
    """Wait until this transaction is the only one that may append to the session.

    On SQLite the writer's lock already says so.
    """
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:live, 0))"), {"live": live})


def append(
    db: Session, live: LiveId, events: Sequence[Event], *, after: int, at: datetime, actor: str
) -> tuple[Recorded, ...]:
    """Append `events` behind event number `after`, and return them as recorded.

    Raises:
        StaleState: somebody else appended first; nothing of ours was kept.
    """
    prev_hash = hash_of(db, live, after)
    rows, records = [], []
    for seq, event in enumerate(events, start=after + 1):
        kind, body = kind_of(type(event)), canonical(encode(event)).decode()
        hashed = _hash(prev_hash, live, seq, at, actor, kind, body)
        rows.append(
            {
                "live": live,
                "seq": seq,
                "kind": kind,
                "body": body,
                "at": at,
                "actor": actor,
                "prev_hash": prev_hash,
                "hash": hashed,
            }
        )
        records.append(Recorded(seq, at, actor, event))
        prev_hash = hashed
    try:
        db.execute(insert(LiveEventRow), rows)
    except IntegrityError as error:
        raise StaleState(
            "别人刚刚先操作了一步。", remedy="画面已更新，请看清当前状态后再操作。"
        ) from error
    notices.hint(db)
    return tuple(records)


def read(db: Session, live: LiveId, *, after: int = 0) -> Iterator[Recorded]:
    """Read the events behind number `after` in order, checking numbers and hashes.

    Raises:
        Tampered: a row was changed, removed or inserted.
    """
    prev_hash, seq = FIRST_PREV_HASH, after
    with db.execute(_FROM, {"live": live, "first": after}) as rows:
        if after:  # what we go on from comes first
            known = next(rows, None)
            if known is None or known.seq != after:
                raise _tampered(live, after)
            prev_hash = known.hash
        for row in rows:
            seq += 1
            hashed = _hash(prev_hash, live, seq, row.at, row.actor, row.kind, row.body)
            if (row.seq, row.prev_hash, row.hash) != (seq, prev_hash, hashed):
                raise _tampered(live, seq)
            prev_hash = hashed
            event = decode(row.kind, json.loads(row.body))  # its bytes are in the hash
            yield Recorded(seq, row.at, row.actor, event)


def head(db: Session, live: LiveId) -> tuple[int, str]:
    """Return number and hash of the session's last event; (0, 64 zeros) before the first."""
    row = db.execute(_HEAD, {"live": live}).one_or_none()
    return (row.seq, row.hash) if row else (0, FIRST_PREV_HASH)


def hash_of(db: Session, live: LiveId, seq: int) -> str:
    """Return the hash of event number `seq`; 64 zeros before the first.

    Raises:
        Tampered: there is no such event.
    """
    if seq == 0:
        return FIRST_PREV_HASH
    found: str | None = db.scalar(_HASH_OF, {"live": live, "seq": seq})
    if found is None:
        raise _tampered(live, seq)
    return found


def _hash(prev_hash: str, live: str, seq: int, at: datetime, *fields: str) -> str:
    """SHA-256 over the row: one field a line; none of them can hold a line feed."""
    when = at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(
        "\n".join((prev_hash, live, str(seq), when, *fields)).encode()
    ).hexdigest()


def _tampered(live: str, seq: int) -> Tampered:
    return Tampered(
        f"会议 {live} 的第 {seq} 条记录被改动或缺失。",
        remedy="请立即停止使用本会议的数据，保留现场并通知审计人员。",
    )

"""What somebody with the database in hand can do: triggers off, rows changed, chain rebuilt."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from evalsys.ids import LiveId
from evalsys.store import event_log
from evalsys.store.database import Database
from evalsys.store.schema.live import LiveEventRow
from evalsys.store.schema.witness import TreeHeadRow


@contextmanager
def _behind_the_triggers(database: Database, table: str) -> Iterator[Session]:
    with database.write() as db:
        if not database.is_sqlite:
            db.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            yield db
            db.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
            return
        query = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :t")
        triggers = db.execute(query, {"t": table}).all()
        for trigger in triggers:
            db.execute(text(f"DROP TRIGGER {trigger.name}"))
        yield db
        for trigger in triggers:
            db.execute(text(trigger.sql))


def rewrite_record(
    database: Database, live: LiveId, *, kind: str, words: tuple[str, str] | None = None
) -> None:
    """Change a digit in the first event of `kind` and rebuild the chain of hashes after it.

    With `words` the first are replaced by the second instead.
    """
    with _behind_the_triggers(database, "live_events") as db:
        rows = db.scalars(
            select(LiveEventRow).where(LiveEventRow.live == live).order_by(LiveEventRow.seq)
        ).all()
        row = next(one for one in rows if one.kind == kind)
        if words:
            row.body = row.body.replace(*words)
        else:
            at = row.body.index('"digits":"') + len('"digits":"')
            row.body = row.body[:at] + str((int(row.body[at]) + 1) % 10) + row.body[at + 1 :]
        prev_hash = event_log.FIRST_PREV_HASH
        for one in rows:
            one.prev_hash = prev_hash
            fields = (one.at, one.actor, one.kind, one.body)
            prev_hash = one.hash = event_log._hash(prev_hash, live, one.seq, *fields)


def break_record(database: Database, live: LiveId) -> None:
    """Change who did the last step, and leave the chain as it is."""
    with _behind_the_triggers(database, "live_events") as db:
        last = select(LiveEventRow.seq).order_by(LiveEventRow.seq.desc()).limit(1)
        db.execute(
            update(LiveEventRow)
            .where(LiveEventRow.live == live, LiveEventRow.seq == last.scalar_subquery())
            .values(actor="nobody")
        )


def cut_record(database: Database, live: LiveId, *, kind: str) -> None:
    """Remove the first event of `kind` and all after it."""
    with _behind_the_triggers(database, "live_events") as db:
        of_this = LiveEventRow.live == live
        first = (
            select(LiveEventRow.seq)
            .where(of_this, LiveEventRow.kind == kind)
            .order_by(LiveEventRow.seq)
            .limit(1)
        )
        seq = db.scalars(first).one()
        db.execute(delete(LiveEventRow).where(of_this, LiveEventRow.seq >= seq))


def forget_heads(database: Database, live: LiveId, *, but: int = 0) -> None:
    """Remove every head that was signed, but for the first few."""
    with _behind_the_triggers(database, "tree_heads") as db:
        heads = db.scalars(
            select(TreeHeadRow).where(TreeHeadRow.live == live).order_by(TreeHeadRow.n)
        ).all()
        for head in heads[but:]:
            db.delete(head)

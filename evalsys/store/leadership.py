"""The line that says which serving process leads, and the fence before every write of one.

A writer holds the line's key while its transaction is open, so a take-over waits for what is in
progress and everything after it sees the higher epoch. A heartbeat does not touch the key.
"""

from dataclasses import dataclass

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.orm import Session

from evalsys.store.prepared import Prepared
from evalsys.store.schema.base import Base
from evalsys.store.schema.leadership import LeadershipRow

_END_ITS_CONNECTIONS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE application_name = :leader AND usename = current_user AND pid <> pg_backend_pid()"
)

_LINE = Base.metadata.tables[LeadershipRow.__tablename__]
# FOR KEY SHARE on PostgreSQL; SQLite's one writer needs no lock and is given none.
_HOLDS = Prepared(
    select(_LINE.c.epoch)
    .where(_LINE.c.epoch == bindparam("epoch"))
    .with_for_update(read=True, key_share=True)
)


@dataclass(frozen=True, slots=True)
class Sight:
    """What a standby sees of the leader."""

    epoch: int
    leader: str
    beats: int


def look(db: Session) -> Sight:
    """Return the present line."""
    row = db.scalars(select(LeadershipRow)).one()
    return Sight(row.epoch, row.leader, row.beats)


def take(db: Session, leader: str) -> int:
    """Make `leader` the leading process and return its epoch.

    A predecessor that was stopped in the middle of a transaction would keep us waiting for ever:
    on PostgreSQL its connections are ended first, and what it had not committed is undone.
    """
    before = look(db)
    if db.get_bind().dialect.name == "postgresql" and before.leader not in {"", leader}:
        db.execute(_END_ITS_CONNECTIONS, {"leader": before.leader})
    raised = {"epoch": LeadershipRow.epoch + 1, "leader": leader, "beats": 0}
    return db.scalars(update(LeadershipRow).values(raised).returning(LeadershipRow.epoch)).one()


def beat(db: Session, epoch: int) -> None:
    """Show that the leader of `epoch` lives."""
    grown = {"beats": LeadershipRow.beats + 1}
    db.execute(update(LeadershipRow).where(LeadershipRow.epoch == epoch).values(grown))


def holds(db: Session, epoch: int) -> bool:
    """Say whether `epoch` still leads, and keep it so until this transaction ends."""
    return _HOLDS.first(db, epoch=epoch) is not None

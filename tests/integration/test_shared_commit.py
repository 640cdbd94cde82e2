"""Writers of one moment share a commit: each of them all or nothing, and none in another's way."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy import event, func, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from evalsys.store import audit
from evalsys.store.database import Database
from evalsys.store.schema.access import AuditEntry
from evalsys.store.schema.roster import Unit

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
WRITERS = 24


def unit(code: str, *, fails: bool = False) -> Callable[[Session], str]:
    """Add a unit, with a line in the audit log; then perhaps break."""

    def act(db: Session) -> str:
        audit.record(db, NOW, "op", "unit.add", code)
        db.execute(insert(Unit).values(code=code, name=code))
        if fails:
            raise ValueError(code)
        return code

    return act


def units(database: Database) -> set[str]:
    with database.read() as db:
        return set(db.scalars(select(Unit.code)))


def test_whoever_writes_is_told_what_it_wrote_once_it_is_committed(database: Database) -> None:
    assert database.write_together(unit("U1")) == "U1"
    assert units(database) == {"U1"}


def test_many_at_one_moment_are_all_committed(database: Database) -> None:
    ready = Barrier(WRITERS)

    def write(n: int) -> str:
        ready.wait()
        told = database.write_together(unit(f"U{n}"))
        assert told in units(database)
        return told

    with ThreadPoolExecutor(WRITERS) as pool:
        assert list(pool.map(write, range(WRITERS))) == [f"U{n}" for n in range(WRITERS)]
    with database.read() as db:
        assert audit.verify(db) == WRITERS


def test_one_that_fails_takes_back_its_own_changes_and_no_others(database: Database) -> None:
    ready = Barrier(WRITERS)

    def write(n: int) -> str:
        ready.wait()
        try:
            return database.write_together(unit(f"U{n}", fails=n % 3 == 0))
        except ValueError as error:
            return f"failed {error}"

    with ThreadPoolExecutor(WRITERS) as pool:
        told = list(pool.map(write, range(WRITERS)))
    assert told == [f"failed U{n}" if n % 3 == 0 else f"U{n}" for n in range(WRITERS)]
    kept = {f"U{n}" for n in range(WRITERS) if n % 3}
    assert units(database) == kept
    with database.read() as db:
        assert audit.verify(db) == len(kept)
        assert set(db.scalars(select(AuditEntry.subject))) == kept


def test_what_the_database_refuses_is_the_writers_own_failure(database: Database) -> None:
    database.write_together(unit("U1"))
    with pytest.raises(IntegrityError):
        database.write_together(unit("U1"))
    assert database.write_together(unit("U2")) == "U2"


@pytest.mark.on_sqlite  # PostgreSQL commits each by itself
def test_a_commit_that_fails_fails_for_everybody(database: Database) -> None:
    ready = Barrier(WRITERS)

    def write(n: int) -> str:
        ready.wait()
        try:
            return database.write_together(unit(f"U{n}"))
        except OperationalError:
            return ""

    def refuse(connection: object) -> None:  # noqa: ARG001 - SQLAlchemy's signature
        raise OperationalError("COMMIT", {}, OSError("disk full"))

    event.listen(database.engine, "commit", refuse)
    try:
        with ThreadPoolExecutor(WRITERS) as pool:
            assert set(pool.map(write, range(WRITERS))) == {""}
    finally:
        event.remove(database.engine, "commit", refuse)
    assert units(database) == set()
    assert database.write_together(unit("U1")) == "U1"


def test_other_writers_and_shared_ones_wait_for_each_other(database: Database) -> None:
    def write(n: int) -> None:
        if n % 2:
            database.write_together(unit(f"U{n}"))
            return
        with database.write() as db:
            unit(f"U{n}")(db)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(WRITERS)))
    with database.read() as db:
        assert db.scalar(select(func.count()).select_from(Unit)) == WRITERS
        assert db.scalar(text("SELECT count(*) FROM audit_log")) == WRITERS

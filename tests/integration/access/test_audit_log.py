"""The audit log: chained, append-only, in the transaction of the deed itself."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from evalsys.errors import InvalidInput, Tampered
from evalsys.store import audit
from evalsys.store.database import Database
from tests.builders import NOON


def _record(database: Database, *subjects: str) -> None:
    for subject in subjects:
        with database.write() as db:
            audit.record(db, NOON, "caozuo", "phone.read", subject, {"count": 3, "why": "核对"})


def _lines(database: Database) -> list[audit.Audited]:
    with database.read() as db:
        return list(audit.entries(db))


def _verify(database: Database) -> int:
    with database.read() as db:
        return audit.verify(db)


def test_lines_are_numbered_chained_and_verify(database: Database) -> None:
    _record(database, "a", "b", "c")
    first, second, third = _lines(database)
    assert (first.seq, second.seq, third.seq) == (1, 2, 3)
    assert first.prev_hash == audit.FIRST_PREV_HASH
    assert (second.prev_hash, third.prev_hash) == (first.hash, second.hash)
    assert first.detail == '{"count":3,"why":"核对"}'
    assert first.at == NOON
    assert _verify(database) == 3


def test_an_empty_log_verifies(database: Database) -> None:
    assert _verify(database) == 0


def test_several_deeds_of_one_transaction_are_all_chained(database: Database) -> None:
    with database.write() as db:
        for subject in "abc":
            audit.record(db, NOON, "caozuo", "phone.read", subject)
    assert [line.subject for line in _lines(database)] == ["a", "b", "c"]
    assert _verify(database) == 3


def test_a_deed_that_is_rolled_back_leaves_no_line(database: Database) -> None:
    with database.write() as db:
        audit.record(db, NOON, "caozuo", "phone.read", "a")
        db.rollback()
    assert _lines(database) == []


def test_an_audited_deed_in_a_read_is_an_error_not_a_lost_line(database: Database) -> None:
    with database.read() as db, pytest.raises(RuntimeError, match="write"):
        audit.record(db, NOON, "caozuo", "phone.read", "a")


def test_a_detail_that_has_no_canonical_form_is_refused(database: Database) -> None:
    with pytest.raises(InvalidInput), database.write() as db:
        audit.record(db, NOON, "caozuo", "phone.read", "a", {"share": 0.5})


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_log SET actor = 'nobody'",
        "DELETE FROM audit_log",
        "DELETE FROM audit_log WHERE seq = 1",
    ],
)
def test_the_database_refuses_to_change_or_remove_lines(database: Database, change: str) -> None:
    _record(database, "a", "b")
    with pytest.raises(DatabaseError, match="append-only"), database.write() as db:
        db.execute(text(change))
    assert _verify(database) == 2


@pytest.mark.parametrize(
    ("forgery", "line"),
    [
        ("UPDATE audit_log SET actor = 'nobody' WHERE seq = 2", 2),
        ("UPDATE audit_log SET detail = '{}' WHERE seq = 1", 1),
        ("DELETE FROM audit_log WHERE seq = 2", 2),
        ("DELETE FROM audit_log WHERE seq = 1", 1),
        ("UPDATE audit_log SET seq = seq + 1 WHERE seq = 3", 3),
    ],
)
def test_what_an_insider_forges_past_the_triggers_is_found(
    database: Database, forgery: str, line: int
) -> None:
    _record(database, "a", "b", "c")
    with database.write() as db:
        _disarm(database, db.connection().exec_driver_sql)
        db.execute(text(forgery))
    with pytest.raises(Tampered) as found:
        _verify(database)
    assert found.value.place == f"audit_log {line}"


def test_deeds_at_the_same_moment_are_chained_one_after_another(database: Database) -> None:
    with ThreadPoolExecutor(8) as people:
        list(people.map(lambda n: _record(database, f"subject-{n}"), range(40)))
    assert _verify(database) == 40


def test_the_log_is_read_newest_first_page_by_page(database: Database) -> None:
    _record(database, *"abcde")
    with database.read() as db:
        newest = audit.latest(db, 2)
        older = audit.latest(db, 2, before=newest[-1].seq)
        of_c = list(audit.entries(db, subject="c"))
    assert [line.subject for line in (*newest, *older)] == ["e", "d", "c", "b"]
    assert [line.seq for line in of_c] == [3]


def _disarm(database: Database, run: object) -> None:
    assert callable(run)
    if database.is_sqlite:
        run("DROP TRIGGER audit_log_refuses_update")
        run("DROP TRIGGER audit_log_refuses_delete")
    else:
        run("ALTER TABLE audit_log DISABLE TRIGGER USER")

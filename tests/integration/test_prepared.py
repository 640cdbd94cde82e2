"""Prepared statements read, write and fail as SQLAlchemy's own would, on both databases."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import BindParameter, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError, PendingRollbackError

from evalsys.store.database import Database
from evalsys.store.prepared import Prepared
from evalsys.store.schema.base import Base
from evalsys.store.schema.campaigns import DroppedRecording, HouseholdWish

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
_WISHES = Base.metadata.tables[HouseholdWish.__tablename__]
_DROPPED = Base.metadata.tables[DroppedRecording.__tablename__]
_THIS = _DROPPED.c.recording == bindparam("name")


def test_what_is_written_is_read_with_the_types_of_its_columns(database: Database) -> None:
    add, change, forget = (
        Prepared(insert(_DROPPED)),
        Prepared(update(_DROPPED).where(_THIS)),
        Prepared(delete(_DROPPED).where(_THIS)),
    )
    one, every = Prepared(select(_DROPPED).where(_THIS)), Prepared(select(_DROPPED))
    with database.write() as db:
        add.run(db, recording="RE1", dropped_at=AT)
        assert one.first(db, name="RE1").dropped_at == AT
        assert one.first(db, name="RE2") is None
        later = AT.replace(hour=10)
        change.run(db, name="RE1", dropped_at=later)
    with database.read() as db:
        ours, theirs = every.all(db), db.execute(select(_DROPPED)).all()
        assert [tuple(row) for row in ours] == [tuple(row) for row in theirs] == [("RE1", later)]
    with database.write() as db:
        forget.run(db, name="RE1")
        assert every.all(db) == []


def test_values_may_differ_from_run_to_run_and_truth_is_truth(database: Database) -> None:
    add, read = Prepared(insert(_WISHES)), Prepared(select(_WISHES.c.do_not_call, _WISHES.c.wish))
    known = {"wish": "", "dialect": "", "noted_at": AT, "noted_by": "test"}
    with database.write() as db:
        add.run(db, household="F1", do_not_call=True, **known)
        assert read.first(db).do_not_call is True
        add.run(db, household="F2", do_not_call=False, **(known | {"wish": "09:00-10:00"}))
        assert {(row.do_not_call, row.wish) for row in read.all(db)} == {
            (True, ""),
            (False, "09:00-10:00"),
        }


def test_a_failure_is_sqlalchemys_and_does_not_tell_what_was_to_be_kept(
    database: Database,
) -> None:
    add = Prepared(insert(_DROPPED))

    def twice() -> None:
        with database.write() as db:
            add.run(db, recording="secret-name", dropped_at=AT)
            add.run(db, recording="secret-name", dropped_at=AT)

    with pytest.raises(IntegrityError) as refused:
        twice()
    assert "secret-name" not in str(refused.value).partition("DETAIL")[0]
    with database.read() as db:
        assert Prepared(select(_DROPPED)).all(db) == []


def test_what_the_session_has_not_written_yet_is_seen(database: Database) -> None:
    every = Prepared(select(_DROPPED))
    with database.write() as db:
        db.add(DroppedRecording(recording="RE1", dropped_at=AT))
        assert [row.recording for row in every.all(db)] == ["RE1"]


def test_nothing_is_run_in_a_transaction_that_was_taken_back(database: Database) -> None:
    add, every = Prepared(insert(_DROPPED)), Prepared(select(_DROPPED))
    with database.read() as db:
        add.run(db, recording="RE1", dropped_at=AT)
        db.add_all([DroppedRecording(recording="RE1", dropped_at=AT)])
        with pytest.raises(IntegrityError):
            db.flush()
        with pytest.raises(PendingRollbackError):
            add.run(db, recording="RE2", dropped_at=AT)
        db.rollback()
        assert every.all(db) == []


def test_lists_of_any_length_are_looked_up_and_changes_are_counted(database: Database) -> None:
    names: BindParameter[str] = bindparam("names", expanding=True)
    add, within, without = (
        Prepared(insert(_DROPPED)),
        Prepared(select(_DROPPED.c.recording).where(_DROPPED.c.recording.in_(names))),
        Prepared(
            select(_DROPPED.c.recording).where(
                _DROPPED.c.dropped_at <= bindparam("until", type_=_DROPPED.c.dropped_at.type),
                _DROPPED.c.recording.not_in(names),
            )
        ),
    )
    change = Prepared(update(_DROPPED).where(_DROPPED.c.recording.in_(names)))
    with database.write() as db:
        for name in ("RE1", "RE2", "RE3"):
            add.run(db, recording=name, dropped_at=AT)
        for asked in ([], ["RE1"], ["RE1", "RE9", "RE3"], ["RE1", "RE2", "RE3"]):
            found = {row.recording for row in within.all(db, names=asked)}
            rest = {row.recording for row in without.all(db, names=asked, until=AT)}
            assert found == {"RE1", "RE2", "RE3"} & set(asked)
            assert rest == {"RE1", "RE2", "RE3"} - set(asked)
            assert change.count(db, names=asked, dropped_at=AT) == len(found)

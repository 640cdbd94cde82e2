"""The database opens with the promised settings and the migrations give the code's schema."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from evalsys.errors import InvalidInput
from evalsys.services.roster_import import RosterImport
from evalsys.store import migrate, schema_version
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox
from evalsys.store.phone_keys import check_keys
from evalsys.store.schema import Base
from tests.builders import NOON
from tests.roster_papers import CHINA, bring_in, papers, write_csv


def test_migrations_give_exactly_the_tables_of_the_code(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    migrate.upgrade(database)
    assert schema_version.is_current(database)


def _set_version(database: Database, version: str) -> None:
    with database.write() as db:
        db.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def test_a_schema_of_another_version_is_refused_and_a_later_one_never_touched(
    database: Database,
) -> None:
    _set_version(database, "0007")
    with pytest.raises(InvalidInput, match=r"0007 版.*evalsys migrate"):
        schema_version.check_current(database)
    _set_version(database, "9999")
    for look in (schema_version.check_current, migrate.upgrade):
        with pytest.raises(InvalidInput, match="来自更新的程序"):
            look(database)


def test_a_command_makes_no_database_by_looking_for_one(tmp_path: Path) -> None:
    nowhere = Database(f"sqlite:///{tmp_path}/nowhere.db")
    with pytest.raises(InvalidInput, match=r"还没有建立.*evalsys migrate"):
        schema_version.check_current(nowhere)
    assert list(tmp_path.iterdir()) == []


def test_keys_of_another_installation_are_noticed(database: Database, tmp_path: Path) -> None:
    own, other = bytes(range(64)), bytes(range(1, 65))
    with database.read() as db:
        check_keys(db, PhoneBox(other, other[:32]))  # no number is sealed yet
    files = write_csv(tmp_path, papers())
    assert bring_in(database, files).committed
    for phone_key, index_key in ((other, own[:32]), (own, other[:32])):
        box = PhoneBox(phone_key, index_key)
        with pytest.raises(InvalidInput, match="密钥") as refused:
            RosterImport(database, box, lambda: NOON, CHINA).run(files, actor="cli:test")
        assert "EVALSYS_PHONE_KEY" in refused.value.place
    assert bring_in(database, files).committed


def test_sqlite_commits_reach_the_disk_and_foreign_keys_hold(database: Database) -> None:
    if not database.is_sqlite:
        with database.read() as db:
            assert db.execute(text("SHOW fsync")).scalar_one() in {"on", "off"}
        return
    with database.read() as db:
        settings = {
            name: db.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5000,
    }

"""The database opens with the promised settings and the migrations give the code's schema."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from evalsys.store import migrate, schema_version
from evalsys.store.database import Database
from evalsys.store.schema import Base


def test_migrations_give_exactly_the_tables_of_the_code(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    migrate.upgrade(database)
    assert schema_version.is_current(database)


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

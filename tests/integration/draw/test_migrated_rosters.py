"""A roster that was frozen before rosters could be frozen again is still the session's roster."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from evalsys.domain.draw import FrozenCadre
from evalsys.domain.draw_roster import roster_of
from evalsys.domain.merkle import EMPTY_ROOT
from evalsys.ids import CadreNumber, LiveId, Stratum
from evalsys.services.draw import FROZEN_PHONES, Draws
from evalsys.store import draws, migrate, schema_version
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox
from tests.builders import NOON

LIVE = LiveId("ab" * 16)
SOMEBODY = FrozenCadre(CadreNumber("00000001"), 0, EMPTY_ROOT.hex(), Stratum("T01"), 1)


@pytest.fixture
def empty_database(database: Database, tmp_path: Path) -> Iterator[Database]:
    """The same engine without any table."""
    if database.is_sqlite:
        empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")
        yield empty
        empty.close()
        return
    with database.write() as db:
        db.execute(text("DROP SCHEMA public CASCADE"))
        db.execute(text("CREATE SCHEMA public"))
    yield database


def test_households_of_the_earlier_shape_open_at_their_positions(
    empty_database: Database, box: PhoneBox
) -> None:
    config = migrate._config()
    numbers = {k: f"+8610000000{k:03d}" for k in range(1, 12)}
    with schema_version.connected(empty_database, immediate=True) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0015")
        connection.execute(
            text(
                "INSERT INTO frozen_rosters (id, live, n, strata_kind, frozen_at) "
                "VALUES (7, :live, 1, 'uniform', :at)"
            ),
            {"live": LIVE, "at": "2026-12-01 04:00:00.000000"},
        )
        for cadre in (SOMEBODY.cadre, "00000002"):
            for k, number in sorted(numbers.items(), reverse=True):
                row = f"{LIVE}|{cadre}|{k}".encode()
                connection.execute(
                    text("INSERT INTO frozen_households VALUES (7, :cadre, :k, :code, :salt, :s)"),
                    {
                        "cadre": cadre,
                        "k": k,
                        "code": f"{cadre}{90 - k:03d}",
                        "salt": bytes([k]) * 16,
                        "s": box.seal(number, row, place=FROZEN_PHONES),
                    },
                )
        connection.commit()
    migrate.upgrade(empty_database)
    room = Draws(empty_database, box, lambda: NOON)
    with empty_database.write() as db:
        held = draws.households_of(db, LIVE, SOMEBODY.cadre)
        assert [(one.k, one.household) for one in held] == [
            (k, f"{SOMEBODY.cadre}{90 - k:03d}") for k in numbers
        ]
        assert [one.salt for one in held] == [bytes([k]) * 16 for k in numbers]
        opened = {k: room.open_number(db, LIVE, SOMEBODY.cadre, k, actor="tester") for k in numbers}
    assert opened == numbers


def test_rows_of_the_earlier_shape_survive_the_migration(empty_database: Database) -> None:
    config = migrate._config()
    with schema_version.connected(empty_database, immediate=True) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0008")
        for statement in (
            "INSERT INTO frozen_rosters VALUES (7, :live, 'township', :at)",
            "INSERT INTO frozen_strata (roster, stratum, key) VALUES (7, 'T01', '371323001')",
            "INSERT INTO frozen_cadres VALUES (7, :cadre, 0, :root, 'T01', 1)",
        ):
            connection.execute(
                text(statement),
                {
                    "live": LIVE,
                    "at": "2026-12-01 04:00:00.000000",
                    "cadre": SOMEBODY.cadre,
                    "root": SOMEBODY.hh_root,
                },
            )
        connection.commit()
    migrate.upgrade(empty_database)
    with empty_database.write() as db:
        assert draws.frozen_roster(db, LIVE) == roster_of([SOMEBODY])
        assert draws.stratum_labels(db, LIVE) == {"T01": ("371323001", "")}
        again = draws.begin_roster(db, LIVE, "uniform", NOON)
        assert draws.existing_roster(db, LIVE) == again

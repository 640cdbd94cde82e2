"""Resources that tests share: a migrated database of each kind, processes, a browser.

Values come from `builders`.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import make_url

from evalsys.store import migrate
from evalsys.store.database import Database

pytest_plugins = [
    "tests.processes",
    "tests.browser",
    "tests.exchange_rig",
    "tests.living",
    "tests.sip_rig",
    "tests.live_hall",
    "tests.relays",
    "tests.ceremony_hall",
    "tests.nginx_door",
    "tests.visitor",
    "tests.ceremony_stand",
]

# A busy machine is not a defect: no example is timed.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

POSTGRES = "EVALSYS_TEST_POSTGRES_URL"
"""Address of a server on which tests may create databases; `scripts/test` starts one."""


@pytest.fixture(scope="session")
def _migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.db"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def _migrated_postgres() -> Iterator[str]:
    server = os.environ.get(POSTGRES)
    if not server:
        pytest.skip(f"{POSTGRES} is not set: run ./scripts/test, which starts PostgreSQL")
    name = f"template_{uuid4().hex}"
    _on_server(server, f"CREATE DATABASE {name}")
    database = Database(_named(server, name))
    migrate.upgrade(database)
    database.close()
    yield name
    _on_server(server, f"DROP DATABASE {name}")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Give a fresh database with the present schema, once on each engine."""
    if request.param == "sqlite":
        path = tmp_path / "evalsys.db"
        shutil.copy(request.getfixturevalue("_migrated_sqlite"), path)
        database = Database(f"sqlite:///{path}")
        yield database
        database.close()
        return
    template = request.getfixturevalue("_migrated_postgres")
    server = os.environ[POSTGRES]
    name = f"test_{uuid4().hex}"
    _on_server(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    database = Database(_named(server, name))
    yield database
    database.close()
    _on_server(server, f"DROP DATABASE {name} WITH (FORCE)")


def _on_server(server: str, statement: str) -> None:
    address = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement.encode())


def _named(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)

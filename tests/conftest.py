"""Resources that tests share: a migrated database of each kind, processes, a browser.

Values come from `builders`.
"""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from evalsys.store import migrate
from evalsys.store.database import Database
from tests import compiled_once
from tests.fresh_postgres import FreshPostgres

pytest_plugins = [
    "tests.processes",
    "tests.browser",
    "tests.exchange_rig",
    "tests.living",
    "tests.sip_rig",
    "tests.live_hall",
    "tests.relays",
    "tests.ceremony_hall",
    "tests.deaf_proxy",
    "tests.nginx_door",
    "tests.visitor",
    "tests.ceremony_stand",
]

# A busy machine is not a defect: no example is timed.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


_ENGINE_OF = {f"on_{engine}": engine for engine in ("sqlite", "postgresql")}
_REAL_TIME = frozenset({"start_telephones", "start_trunk"})
_LONG = frozenset({"journeys", "verify"})
"""Folders whose tests begin first, so that no long one is left when the others are done."""


def pytest_configure() -> None:
    """Begin before any test builds an application; commands speak Chinese whatever the locale."""
    gc.disable()  # what is loaded stays: looking through it again and again found nothing
    os.environ["EVALSYS_LANGUAGE"] = "zh"
    compiled_once.begin()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Clean up where the run began, not in its workers."""
    if not hasattr(config, "workerinput"):
        compiled_once.end()


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that is marked for one engine its database on that engine alone."""
    marked = (each.name for each in metafunc.definition.iter_markers())
    engine = next((_ENGINE_OF[name] for name in marked if name in _ENGINE_OF), None)
    if engine is not None:
        alone = pytest.mark.parametrize("database", [engine], indirect=True)
        metafunc.definition.add_marker(alone)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what speaks over a trunk: with a frame every 20 ms, a busy machine drops sound."""
    items.sort(key=lambda item: _LONG.isdisjoint(item.path.parts))
    for item in items:
        if not _REAL_TIME.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.alone)


def pytest_collection_finish() -> None:
    """Let the collector never look again through what is loaded by now: it stays to the end."""
    gc.collect()
    gc.freeze()
    gc.enable()


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
def _postgres() -> Iterator[FreshPostgres]:
    server = os.environ.get(POSTGRES)
    if not server:
        pytest.skip(f"{POSTGRES} is not set: run ./scripts/test, which starts PostgreSQL")
    postgres = FreshPostgres(server)
    yield postgres
    postgres.drop()


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
    database = Database(request.getfixturevalue("_postgres").fresh())
    yield database
    database.close()

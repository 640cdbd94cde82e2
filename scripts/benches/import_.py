"""The roster import of a whole county beside pandas + ORM, and beside bare read + bare insert.

Everybody runs as a process of its own, from start to exit, into a fresh database.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy import make_url

from evalsys.county.generate import WORKBOOK, Wanted, generate
from evalsys.store import migrate
from evalsys.store.database import Database
from scripts.benches.figure import Figure, in_turn

COUNTY = Wanted(cadres=10_180, households=337_000, seed=1, as_of=date(2026, 11, 1))
CSV_S, XLSX_S, PEAK_MIB = 10.0, 20.0, 400.0
"""Promised at most (issue: roster)."""

PANDAS, FLOOR = "pandas + ORM", "bare read + bare insert"
POSTGRES = "EVALSYS_TEST_POSTGRES_URL"
_KIB_A_MIB = 1024


def run(repeat: int) -> list[Figure]:
    """Import a made-up county of 337,000 households from csv and from xlsx."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate(COUNTY, folder, csv=True, xlsx=True, progress=lambda _done, _total: None)
        house = _House(folder)
        return [*_sqlite(house, repeat), *_postgres(house, repeat)]


@dataclass(frozen=True, slots=True)
class _House:
    """The county's files, an empty database to copy, and the ways to import into it."""

    folder: Path

    def ours(self, files: str) -> None:
        """Run `evalsys import roster` into a fresh SQLite database."""
        self._fresh()
        self.import_files(files, f"sqlite:///{self._database}")

    def again(self) -> None:
        """Run it once more into the database of the last run."""
        self.import_files("*.csv", f"sqlite:///{self._database}")

    def import_files(self, files: str, url: str) -> None:
        """Run `evalsys import roster` on all `files`."""
        found = map(str, sorted(self.folder.glob(files)))
        self._process("evalsys", "import", "roster", *found, settings={"DATABASE_URL": url})

    def theirs(self, module: str, *options: str) -> None:
        """Run a peer into an empty file."""
        path = self.folder / "peer.db"
        path.unlink(missing_ok=True)
        self._process(f"scripts.benches.{module}", *options, str(self.folder), str(path))

    def peak_mib(self, files: str) -> float:
        """Give the most memory that our process held while it imported `files`."""
        self._fresh()
        found = map(str, sorted(self.folder.glob(files)))
        url = f"sqlite:///{self._database}"
        program = (
            "import resource, runpy, sys; sys.argv[0] = 'evalsys'\n"
            "try: runpy.run_module('evalsys', run_name='__main__')\n"
            "except SystemExit: pass\n"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        ended = self._python(("-c", program, "import", "roster", *found), {"DATABASE_URL": url})
        return int(ended.splitlines()[-1]) / _KIB_A_MIB

    @property
    def _database(self) -> Path:
        return self.folder / "bench.db"

    def _fresh(self) -> None:
        template = self.folder / "template.db"
        if not template.exists():
            database = Database(f"sqlite:///{template}")
            migrate.upgrade(database)
            database.close()
        for path in self.folder.glob("bench.db*"):
            path.unlink()
        shutil.copy(template, self._database)

    def _process(
        self, module: str, *arguments: str, settings: Mapping[str, str] | None = None
    ) -> None:
        self._python(("-m", module, *arguments), settings or {})

    def _python(self, arguments: tuple[str, ...], settings: Mapping[str, str]) -> str:
        keys = dict.fromkeys(("INDEX_KEY", "TALLY_PUBLIC_KEY", "HEAD_KEY"), "5a" * 32)
        keys["PHONE_KEY"] = "5a" * 64
        others = dict.fromkeys(("SECRET_KEY", "TELEPHONY_ACCOUNT", "TELEPHONY_TOKEN"), "bench")
        named = {f"EVALSYS_{name}": value for name, value in {**keys, **others, **settings}.items()}
        ended = subprocess.run(  # noqa: S603 - our own programs
            [sys.executable, *arguments],
            env={**os.environ, **named},
            check=True,
            capture_output=True,
            text=True,
        )
        return ended.stdout


def _sqlite(house: _House, repeat: int) -> list[Figure]:
    from_csv, pandas, floor = in_turn(
        repeat,
        partial(house.ours, "*.csv"),
        partial(house.theirs, "import_pandas"),
        partial(house.theirs, "import_floor", "csv"),
    )
    from_xlsx, floor_xlsx = in_turn(
        repeat, partial(house.ours, WORKBOOK), partial(house.theirs, "import_floor", "xlsx")
    )
    (again,) = in_turn(repeat, house.again)
    whole = "337,000 households"
    return [
        Figure("import", f"{whole}, csv", from_csv, "s", PANDAS, pandas, target=CSV_S),
        Figure("import", f"{whole}, csv, floor", from_csv, "s", FLOOR, floor),
        Figure("import", f"{whole}, xlsx", from_xlsx, "s", FLOOR, floor_xlsx, target=XLSX_S),
        Figure("import", "the same once more", again, "s"),
        Figure("import", "peak, csv", house.peak_mib("*.csv"), "MiB", target=PEAK_MIB),
        Figure("import", "peak, xlsx", house.peak_mib(WORKBOOK), "MiB", target=PEAK_MIB),
    ]


def _postgres(house: _House, repeat: int) -> list[Figure]:
    """Measure PostgreSQL, too, when there is a server to make databases on."""
    server = os.environ.get(POSTGRES)
    if not server:
        return []
    (from_csv,) = in_turn(repeat, partial(_into_postgres, house, server, "*.csv"))
    (from_xlsx,) = in_turn(repeat, partial(_into_postgres, house, server, WORKBOOK))
    whole = "337,000 households, PostgreSQL"
    return [
        Figure("import", f"{whole}, csv", from_csv, "s"),
        Figure("import", f"{whole}, xlsx", from_xlsx, "s", target=XLSX_S),
    ]


def _into_postgres(house: _House, server: str, files: str) -> None:
    name = f"bench_{uuid4().hex}"
    address = make_url(server).set(drivername="postgresql")
    with psycopg.connect(
        address.render_as_string(hide_password=False), autocommit=True
    ) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        url = address.set(database=name).render_as_string(hide_password=False)
        database = Database(url)
        migrate.upgrade(database)
        database.close()
        house.import_files(files, url)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

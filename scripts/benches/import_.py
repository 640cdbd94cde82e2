"""The roster import of a whole county beside pandas + ORM, and beside bare read + bare insert.

Everybody runs as a process of its own, from start to exit, into a fresh database; nothing of a
first run helps the next, so none is thrown away. We and the floor under csv take turns; whoever
is only there to be looked at runs once, and pandas + ORM, which takes minutes, on a tenth of the
households and links, told in households a second: the whole bench is to end in five minutes.
"""

import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path

from evalsys.county.generate import WORKBOOK, Wanted, generate
from evalsys.county.sinks import XlsxSink
from evalsys.domain.roster_sheets import SHEETS, Kind
from evalsys.store import migrate
from evalsys.store.database import Database
from scripts.benches.figure import Figure, in_turn, once
from scripts.benches.postgres import SERVER, fresh_database

COUNTY = Wanted(cadres=10_180, households=337_000, seed=1, as_of=date(2026, 11, 1))
CSV_S, XLSX_S, PEAK_MIB = 10.0, 20.0, 400.0
"""Promised at most (issue: roster)."""

WHOLE = "337,000 households"
CORE = (Kind.GRIDS, Kind.UNITS, Kind.CADRES, Kind.HEADS, Kind.HOUSEHOLDS, Kind.LINKS)
"""What is promised: the grid, its people, and who is linked to whom."""
CSV = "{grids,units,cadres,heads,households,links}.csv"
XLSX = "core.xlsx"
ALL_CSV = "{grids,units,cadres,heads,households,links,visits,requests,assessment}.csv"
PANDAS_ROWS = COUNTY.households // 10
PANDAS, FLOOR = "pandas + ORM", "bare read + bare insert"
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_LOOK_EVERY_S = 0.05
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def run(repeat: int) -> list[Figure]:
    """Import a made-up county of 337,000 households from csv and from xlsx."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate(COUNTY, folder, csv=True, xlsx=True, progress=lambda _done, _total: None)
        _core_workbook(folder)
        house = _House(folder)
        return [*_from_csv(house, repeat), *_from_xlsx(house, repeat), *_into_a_server(house)]


@dataclass(frozen=True, slots=True)
class _House:
    """The county's files, an empty database to copy, and the ways to import into it."""

    folder: Path
    peaks: dict[str, float] = field(default_factory=dict)
    """The most memory in MiB that any run of a program held, with its children."""

    def ours(self, files: str) -> None:
        """Run `evalsys import roster` into a fresh SQLite database."""
        self._fresh()
        self.import_files(files, f"sqlite:///{self._database}")

    def again(self) -> None:
        """Run it once more into the database of the last run."""
        self.import_files(CSV, f"sqlite:///{self._database}", name="again")

    def import_files(self, files: str, url: str, name: str = "") -> None:
        """Run `evalsys import roster` on all `files`; `name` is that of its peak."""
        found = (str(self.folder / name) for name in _names(files))
        arguments = ("evalsys", "import", "roster", *found)
        self._process(name or files, arguments, settings={"DATABASE_URL": url})

    def theirs(self, module: str, *options: str) -> None:
        """Run a peer into an empty file."""
        path = self.folder / "peer.db"
        path.unlink(missing_ok=True)
        arguments = (f"scripts.benches.{module}", *options, str(self.folder), str(path))
        self._process(" ".join((module, *options)), arguments)

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
        self, name: str, arguments: tuple[str, ...], settings: Mapping[str, str] | None = None
    ) -> None:
        keys = dict.fromkeys(("INDEX_KEY", "TALLY_PUBLIC_KEY", "HEAD_KEY"), "5a" * 32)
        keys["PHONE_KEY"] = "5a" * 64
        others = dict.fromkeys(("SECRET_KEY", "TELEPHONY_ACCOUNT", "TELEPHONY_TOKEN"), "bench")
        named = {**keys, **others, **(settings or {})}
        said = self.folder / "said.txt"
        with (
            said.open("w") as out,
            subprocess.Popen(  # noqa: S603 - our own programs
                [sys.executable, "-m", *arguments],
                env={**os.environ, **{f"EVALSYS_{key}": value for key, value in named.items()}},
                stdout=out,
                stderr=out,
            ) as process,
        ):
            peak = self.peaks.get(name, 0)
            while process.poll() is None:
                peak = max(peak, _held_by(process.pid))
                time.sleep(_LOOK_EVERY_S)
            self.peaks[name] = peak
        if process.returncode:
            raise RuntimeError(said.read_text())


def _names(files: str) -> list[str]:
    """Spell out the names in "{one,other}.csv"."""
    stems, brace, ending = files.removeprefix("{").partition("}")
    return [f"{stem}{ending}" for stem in stems.split(",")] if brace else [files]


def _held_by(pid: int) -> float:
    """Give the MiB that a process and its children hold; pages that they share count twice."""
    folder = Path(f"/proc/{pid}")
    pages = 0
    with suppress(OSError):  # one of them ended meanwhile
        children = (folder / "task" / str(pid) / "children").read_text().split()
        for one in (str(pid), *children):
            pages += int(Path(f"/proc/{one}/statm").read_text().split()[1])
    return pages * _PAGE_BYTES / (1 << 20)


def _from_csv(house: _House, repeat: int) -> list[Figure]:
    ours, floor = in_turn(
        repeat,
        partial(house.ours, CSV),
        partial(house.theirs, "import_floor", "csv"),
        warm=False,
    )
    again, pandas, everything = once(
        house.again,
        partial(house.theirs, "import_pandas", f"--rows={PANDAS_ROWS}"),
        partial(house.ours, ALL_CSV),
    )
    held, theirs = house.peaks[CSV], house.peaks["import_floor csv"]
    return [
        Figure("import", f"{WHOLE}, csv", ours, "s", FLOOR, floor, target=CSV_S),
        Figure(
            "import",
            "households a second, csv",
            COUNTY.households / ours,
            "1/s",
            f"{PANDAS}, {PANDAS_ROWS:,} households",
            PANDAS_ROWS / pandas,
            higher_is_better=True,
        ),
        Figure("import", "the same once more", again, "s", FLOOR, floor),
        Figure("import", "with visits, requests and marks, csv", everything, "s"),
        Figure("import", "peak, csv", held, "MiB", FLOOR, theirs, target=PEAK_MIB),
    ]


def _core_workbook(folder: Path) -> None:
    """Write of the county's CSV files what is promised into one workbook."""
    with XlsxSink(folder / XLSX, {kind: SHEETS[kind] for kind in CORE}) as sink:
        for kind in CORE:
            with (folder / f"{kind}.csv").open(encoding="utf-8-sig", newline="") as file:
                for row in islice(csv.reader(file), 1, None):
                    sink.write(kind, [_of_a_sheet(cell) for cell in row])


def _of_a_sheet(cell: str) -> str | date:
    return date.fromisoformat(cell) if _DAY.fullmatch(cell) else cell


def _from_xlsx(house: _House, repeat: int) -> list[Figure]:
    (ours,) = in_turn(repeat, partial(house.ours, XLSX), warm=False)
    floor, everything = once(
        partial(house.theirs, "import_floor", "xlsx"), partial(house.ours, WORKBOOK)
    )
    held, theirs = house.peaks[WORKBOOK], house.peaks["import_floor xlsx"]
    return [
        Figure("import", f"{WHOLE}, xlsx", ours, "s", FLOOR, floor, target=XLSX_S),
        Figure("import", "with visits, requests and marks, xlsx", everything, "s"),
        Figure("import", "peak, with all that, xlsx", held, "MiB", FLOOR, theirs, target=PEAK_MIB),
    ]


def _into_a_server(house: _House) -> list[Figure]:
    """Measure PostgreSQL, too, when there is a server to make databases on."""
    server = os.environ.get(SERVER)
    if not server:
        return []
    from_csv, from_xlsx, sqlite = once(
        partial(_into_postgres, house, server, CSV),
        partial(_into_postgres, house, server, XLSX),
        partial(house.ours, CSV),
    )
    return [
        Figure("import", f"{WHOLE}, PostgreSQL, csv", from_csv, "s", "SQLite", sqlite),
        Figure("import", f"{WHOLE}, PostgreSQL, xlsx", from_xlsx, "s", target=XLSX_S),
    ]


def _into_postgres(house: _House, server: str, files: str) -> None:
    with fresh_database(server) as url:
        house.import_files(files, url)

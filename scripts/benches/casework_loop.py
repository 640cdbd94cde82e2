"""Requests: a ledger of 35,489 imported, all of them ticked, 48,000 due dates.

Beside the bare loop that a stranger would write: the same rows inserted by the driver alone, and
each due date counted one day after the other.
"""

import csv
import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

from evalsys.cli.no_collecting import no_collecting
from evalsys.domain.casework.workdays import Workdays
from evalsys.domain.roster import YISHUI_LEVELS
from evalsys.services.casework import casework_room
from evalsys.store.bulk import bulk_insert
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox
from scripts.benches.figure import Figure
from scripts.benches.postgres import engines

LEDGER = 35_489
"""Requests of Yishui's first round (Y72)."""
DATES = 48_000
CADRES = 1_040
HOUSEHOLDS_A_CADRE = 10
MOST_IMPORT_S = 5.0
MOST_TICK_S = 2.0
MOST_DATES_S = 0.1
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 2, 2, tzinfo=UTC)
HEADER = ("诉求编号", "户编码", "提出日期", "诉求内容", "渠道", "办理状态")


def run(repeat: int) -> list[Figure]:
    """Measure on SQLite, and on PostgreSQL where EVALSYS_BENCH_POSTGRES names a server."""
    figures = []
    with tempfile.TemporaryDirectory() as folder, engines(f"{folder}/bench.db") as urls:
        ledger = _ledger(Path(folder))
        floor = _floor(ledger, Path(folder) / "floor.db")
        for engine, url in urls.items():
            database = Database(url)
            _settle(database)
            box = PhoneBox(bytes(64), bytes(32))
            room = casework_room(database, box, lambda: NOW, ZONE)
            with no_collecting():  # as the command does
                took = _seconds(partial(room.ledger.run, [ledger], actor="bench"))
            figures.append(
                Figure(
                    "casework",
                    f"import of {LEDGER:,} requests, {engine}",
                    took,
                    "s",
                    "bare driver",
                    floor,
                    MOST_IMPORT_S,
                )
            )
            ticks = [_seconds(room.clock.tick) for _ in range(repeat)]
            found = room.clock.tick()
            if len(found.due) < LEDGER:
                raise RuntimeError("not every open request was looked at")
            figures.append(
                Figure(
                    "casework",
                    f"tick over {LEDGER:,} open requests, {engine}",
                    median(ticks),
                    "s",
                    target=MOST_TICK_S,
                )
            )
            database.close()
    figures.append(_dates(repeat))
    return figures


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _ledger(folder: Path) -> Path:
    path = folder / "ledger.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADER)
        for n in range(LEDGER):
            home = f"{n % (CADRES * HOUSEHOLDS_A_CADRE):010d}"
            out.writerow((f"L{n}", home, "2026-10-01", f"第{n}件：村口的路坏了", "走访", "办理中"))
    return path


def _floor(ledger: Path, path: Path) -> float:
    """Insert the rows of the file as they are, once, into one bare table."""
    begin = time.perf_counter()
    with sqlite3.connect(path) as connection, ledger.open(encoding="utf-8-sig", newline="") as file:
        connection.execute("CREATE TABLE ledger (a TEXT PRIMARY KEY, b, c, d, e, f)")
        rows = csv.reader(file)
        next(rows)
        connection.executemany("INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?)", rows)
    connection.close()
    return time.perf_counter() - begin


def _settle(database: Database) -> None:
    levels = [
        (
            each.depth,
            each.name,
            each.head_count,
            each.head_min_rank,
            each.holds_households,
            each.holds_cadres,
        )
        for each in YISHUI_LEVELS
    ]
    names = ("depth", "name", "head_count", "head_min_rank", "holds_households", "holds_cadres")
    with database.write() as db:
        connection = db.connection()
        bulk_insert(connection, "grid_levels", names, levels)
        grids = [
            ("37", "县", 1, None, ""),
            ("3701", "镇", 2, "37", ""),
            ("370101", "片", 3, "3701", ""),
            ("37010101", "村", 4, "370101", ""),
        ]
        bulk_insert(connection, "grids", ("code", "name", "depth", "parent", "grid_class"), grids)
        bulk_insert(connection, "units", ("code", "name"), [("U1", "局")])
        cadres = [
            (f"{n:08d}", "干部", "U1", "科员", "科员", "公务员", "37010101", False, "")
            for n in range(CADRES)
        ]
        bulk_insert(
            connection,
            "cadres",
            (
                "number",
                "name",
                "unit",
                "post",
                "rank",
                "staff_type",
                "grid",
                "on_probation",
                "left_reason",
            ),
            cadres,
        )
        homes = range(CADRES * HOUSEHOLDS_A_CADRE)
        bulk_insert(
            connection,
            "households",
            ("code", "head", "grid", "members"),
            [(f"{n:010d}", "户主", "37010101", 3) for n in homes],
        )
        bulk_insert(
            connection,
            "household_links",
            ("household", "cadre", "since", "until", "reason"),
            [(f"{n:010d}", f"{n % CADRES:08d}", "2024-01-01", None, "") for n in homes],
        )


def _dates(repeat: int) -> Figure:
    days = Workdays(ZONE, frozenset({date(2026, 10, 1), date(2026, 10, 2)}))
    begin = date(2026, 1, 1)
    ours = [
        _seconds(lambda: [days.add(begin + timedelta(days=n % 365), 5) for n in range(DATES)])
        for _ in range(repeat)
    ]
    slow = _seconds(
        lambda: [_counted(days, begin + timedelta(days=n % 365), 5) for n in range(DATES)]
    )
    return Figure(
        "casework", f"{DATES:,} due dates", median(ours), "s", "day by day", slow, MOST_DATES_S
    )


def _counted(days: Workdays, day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= days.is_working(day)
    return day

"""Boards over 48,000 requests with 500,000 events, beside one bare scan of the same rows."""

import tempfile
from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from evalsys.domain.casework.board import Cadence, Division
from evalsys.domain.roster import YISHUI_LEVELS
from evalsys.services.casework_board import CaseworkBoards
from evalsys.store.bulk import bulk_insert
from evalsys.store.database import Database
from scripts.benches.figure import Figure, in_turn
from scripts.benches.postgres import engines

REQUESTS, EVENTS = 48_000, 500_000
TOWNS, AREAS, VILLAGES, CADRES = 19, 135, 1_040, 10_180
UNITS, VISITS = 60, 300_000
MOST_S = {"sqlite": 0.6, "postgresql": 0.3}
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 2, 2, tzinfo=UTC)
_SCAN = text(
    "SELECT grid, count(*), sum(CASE WHEN is_open THEN 1 ELSE 0 END) "
    "FROM casework_standings GROUP BY grid"
)


def run(repeat: int) -> list[Figure]:
    """Measure on SQLite, and on PostgreSQL where EVALSYS_BENCH_POSTGRES names a server."""
    figures = []
    with tempfile.TemporaryDirectory() as folder, engines(f"{folder}/boards.db") as urls:
        for engine, url in urls.items():
            database = Database(url)
            _fill(database)
            figures += _measure(database, engine, repeat)
            database.close()
    return figures


def _measure(database: Database, engine: str, repeat: int) -> list[Figure]:
    boards = CaseworkBoards(database, lambda: NOW, ZONE)
    asked = {
        "county by grids": ("", Division.GRID, Cadence.ALL),
        "county by units": ("", Division.UNIT, Cadence.ALL),
        "county by cadres": ("", Division.CADRE, Cadence.ALL),
        "county, this quarter": ("", Division.GRID, Cadence.QUARTER),
        "a township": (_town(3), Division.GRID, Cadence.ALL),
        "a village by cadres": (_village(500), Division.CADRE, Cadence.ALL),
    }
    figures = []
    for name, (grid, division, cadence) in asked.items():
        counted = boards.board(grid, division, cadence).total.raised
        if not grid and cadence is Cadence.ALL and counted != REQUESTS:
            raise RuntimeError("the board does not count every request")
        took, scan = in_turn(
            repeat, partial(boards.board, grid, division, cadence), partial(_scan, database)
        )
        title = f"board of {name}, {engine}"
        figures.append(Figure("casework", title, took, "s", "bare scan", scan, MOST_S[engine]))
    return figures


def _scan(database: Database) -> None:
    with database.read() as db:
        db.execute(_SCAN).all()


def _town(n: int) -> str:
    return f"37{n % TOWNS:02d}"


def _area(n: int) -> str:
    return f"{_town(n % AREAS)}{n % AREAS:03d}"


def _village(n: int) -> str:
    return f"{_area(n % VILLAGES)}{n % VILLAGES:04d}"


def _cell(n: int) -> str:
    return f"{_village(n)}{n:05d}"


def _fill(database: Database) -> None:
    """Lay a whole county out: every table that a board reads, and the events beside them."""
    cells = [(_cell(n), f"格{n}", 5, _village(n), "") for n in range(CADRES)]
    grids = [
        ("37", "县", 1, None, ""),
        *((_town(n), f"镇{n}", 2, "37", "") for n in range(TOWNS)),
        *((_area(n), f"片{n}", 3, _town(n), "") for n in range(AREAS)),
        *((_village(n), f"村{n}", 4, _area(n), "") for n in range(VILLAGES)),
        *cells,
    ]
    with database.write() as db:
        to = db.connection()
        levels = [
            (one.depth, one.name, one.head_count, one.head_min_rank, one.holds_households,
             one.holds_cadres)
            for one in YISHUI_LEVELS
        ]  # fmt: skip
        names = ("depth", "name", "head_count", "head_min_rank", "holds_households", "holds_cadres")
        bulk_insert(to, "grid_levels", names, levels)
        bulk_insert(to, "grids", ("code", "name", "depth", "parent", "grid_class"), grids)
        bulk_insert(to, "units", ("code", "name"), [(f"U{n}", f"局{n}") for n in range(UNITS)])
        cadres = (
            (f"{n:08d}", f"干部{n}", f"U{n % UNITS}", "科员", "科员", "公务员", _cell(n), False, "")
            for n in range(CADRES)
        )
        bulk_insert(
            to,
            "cadres",
            ("number", "name", "unit", "post", "rank", "staff_type", "grid", "on_probation",
             "left_reason"),
            list(cadres),
        )  # fmt: skip
        homes = [(f"{n:010d}", "户主", _village(n % CADRES), 3) for n in range(REQUESTS)]
        bulk_insert(to, "households", ("code", "head", "grid", "members"), homes)
        began = date(2025, 1, 1)
        visits = [
            (
                f"{n % CADRES:08d}",
                f"{n % REQUESTS:010d}",
                began + timedelta(days=n % 600 + n // REQUESTS),
                "",
            )
            for n in range(VISITS)
        ]
        bulk_insert(to, "visits", ("cadre", "household", "visited_on", "note"), sorted(set(visits)))
        _requests(to)


def _day(n: int) -> date:
    return date(2025, 1, 1) + timedelta(days=n)


def _requests(to: Connection) -> None:
    raised = [NOW - timedelta(days=n % 500, hours=n % 23) for n in range(REQUESTS)]
    requests, standings = [], []
    for n, at in enumerate(raised):
        cadre = n % CADRES
        is_open = n % 12 == 0
        solved = not is_open and n % 20 != 0
        requests.append(
            (f"R{n}", f"{n:010d}", f"{cadre:08d}", _village(cadre), "problem", "visit",
             "村口的路坏了", "", at, at, 0, "", "cadre", f"{cadre:08d}")
        )  # fmt: skip
        standings.append(
            (f"R{n}", 10, f"{n:010d}", f"{cadre:08d}", _village(cadre), "problem", "visit", at, at,
             0, "", "default", "assigned" if is_open else "closed", is_open, 5, _cell(cadre),
             "cadre", f"{cadre:08d}", "cadre", f"{cadre:08d}",
             f"U{n % UNITS}" if n % 3 else None, False, not is_open, not is_open, solved, solved,
             "" if is_open else ("solved" if solved else "legacy"), None if is_open else at, "",
             "yes" if n % 7 == 0 and solved else "", 0, n % 5, False, 1, at + timedelta(days=5), at,
             at + timedelta(days=5) if is_open else None, "answer" if is_open else "", "bench")
        )  # fmt: skip
    bulk_insert(
        to,
        "casework_requests",
        ("code", "household", "cadre", "grid", "kind", "channel", "text", "place", "raised_at",
         "received_at", "taxonomy", "class_code", "asked_kind", "asked"),
        requests,
    )  # fmt: skip
    bulk_insert(
        to,
        "casework_standings",
        ("request", "seq", "household", "cadre", "grid", "kind", "channel", "raised_at",
         "received_at", "taxonomy", "class_code", "limit_class", "step", "is_open", "level",
         "at_grid", "holder_kind", "holder", "accountable_kind", "accountable", "unit", "is_paused",
         "answered", "explained", "concluded", "solved", "close_reason", "closed_at", "closed_by",
         "confirmed", "reopened", "escalated", "is_petition", "urgency", "due_at", "yellow_at",
         "next_at", "next_duty", "clockwork"),
        standings,
    )  # fmt: skip
    events = [
        (
            f"R{n % REQUESTS}",
            n // REQUESTS + 1,
            "interim_replied",
            raised[n % REQUESTS],
            "bench",
            "{}",
        )
        for n in range(EVENTS)
    ]
    bulk_insert(to, "casework_events", ("request", "seq", "kind", "at", "actor", "body"), events)

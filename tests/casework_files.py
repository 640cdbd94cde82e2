"""One request in a small tree of grids, and the people around it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from evalsys.domain.casework import events as e
from evalsys.domain.casework.acting import Acting
from evalsys.domain.casework.clocks import Clockwork
from evalsys.domain.casework.route import GridCell, GridTree
from evalsys.domain.casework.state import Filed, RequestFile, apply, begin
from evalsys.domain.casework.words import Channel, Party, PartyKind, RequestKind
from evalsys.domain.casework.workdays import Workdays
from evalsys.store.casework_policy import shipped_policy

ZONE = ZoneInfo("Asia/Shanghai")
COUNTY, TOWN, AREA, VILLAGE, CELL = "37", "3701", "370101", "37010101", "3701010101"
TREE = GridTree(
    {
        code: GridCell(code, code, depth, parent)
        for depth, (code, parent) in enumerate(
            ((COUNTY, None), (TOWN, COUNTY), (AREA, TOWN), (VILLAGE, AREA), (CELL, VILLAGE)), 1
        )
    }
)
CADRE = Party(PartyKind.CADRE, "00000042")
WATER, ROADS = Party(PartyKind.UNIT, "U001"), Party(PartyKind.UNIT, "U002")
MONDAY = datetime(2026, 11, 2, 2, tzinfo=UTC)
"""2 November 2026, ten in the morning in the county."""
POLICY = shipped_policy()
CLOCKS = Clockwork(Workdays(ZONE), POLICY, POLICY.version)


def somebody(name: str, *parties: Party) -> Acting:
    """Name somebody who acts for `parties`."""
    return Acting(name, frozenset(parties), TREE)


def head_of(grid: str) -> Acting:
    """Name the head of a grid."""
    return somebody(f"head-{grid}", Party(PartyKind.GRID, grid))


THE_CADRE = somebody("lin", CADRE)
OFFICE = head_of(COUNTY)


def a_file(*, limit: str = "default", channel: Channel = Channel.VISIT) -> RequestFile:
    """File a request with the linked cadre on Monday morning."""
    filed = Filed(
        "R1",
        "3701010001",
        CADRE.code,
        VILLAGE,
        RequestKind.PROBLEM,
        channel,
        "村口的路坏了",
        MONDAY,
        MONDAY,
        1,
        "Q401",
        CADRE,
    )
    file = begin(filed, CLOCKS.days.day_of)
    registered = e.Registered(CADRE.kind, CADRE.code, 5, CELL, limit)
    return happen(file, [(registered, "")], at=MONDAY, by="system:casework")


def happen(
    file: RequestFile,
    done: Sequence[tuple[e.CaseworkEvent, str]],
    *,
    at: datetime = MONDAY,
    by: str = "lin",
) -> RequestFile:
    """Let what was decided happen."""
    for event, note in done:
        apply(file, e.Recorded(file.seq + 1, at, by, event, note))
    return file


def received_at(file: RequestFile, at: datetime) -> RequestFile:
    """Let the request have come at another time."""
    file.filed = replace(file.filed, received_at=at, raised_at=at)
    return file

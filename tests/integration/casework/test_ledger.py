"""Ledgers enter the loop: checked row by row, all or nothing, the same again changes nothing."""

import csv
from datetime import date
from pathlib import Path

from sqlalchemy import func, insert, select, update

from evalsys.domain.casework.words import Channel, CloseReason
from evalsys.domain.roster_problems import Severity
from evalsys.store import casework
from evalsys.store.database import Database
from evalsys.store.schema.casework import CaseworkEvent
from evalsys.store.schema.roster import ServiceRequest
from tests.casework_county import LIN, LINKED, UNLINKED, County
from tests.small_county import PRINCIPAL

HEADER = ("诉求编号", "户编码", "提出日期", "诉求内容", "渠道", "办理状态", "办结日期", "办理结果")


def a_file(folder: Path, *rows: tuple[str, ...]) -> Path:
    """Write a ledger."""
    path = folder / "ledger.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows((HEADER, *rows))
    return path


def test_a_ledger_is_imported_once_and_every_fault_has_its_place(
    database: Database, tmp_path: Path
) -> None:
    county = County(database)
    ledger = county.room.ledger
    bad = a_file(
        tmp_path,
        ("L1", "999", "2026-10-01", "井水发黄", "走访", "办理中", "", ""),
        ("L2", UNLINKED, "2026-10-01", "井水发黄", "走访", "办理中", "", ""),
        ("L3", LINKED, "2027-10-01", "井水发黄", "走访", "办理中", "", ""),
        ("L3", LINKED, "2026-10-01", "井水发黄", "走访", "办理中", "", ""),
        ("L4", LINKED, "2026-10-01", "井水发黄", "飞鸽", "办理中", "", ""),
    )
    report = ledger.run([bad], actor="test")
    assert not report.committed
    assert sorted((one.row, one.column) for one in report.problems) == [
        (2, "户编码"),
        (3, "户编码"),
        (4, "提出日期"),
        (5, "诉求编号"),
        (6, "渠道"),
    ]
    good = a_file(
        tmp_path,
        ("L1", LINKED, "2026-10-26", "井水发黄", "来信来访", "办理中", "", ""),
        ("L2", LINKED, "2026-10-01", "路灯不亮", "走访", "已解决", "2026-10-05", "已换灯泡"),
        ("L5", LINKED, "2023-05-01", "水渠堵了", "走访", "办理中", "", ""),
        ("L6", LINKED, "2023-05-01", "水渠堵了", "来信来访", "办理中", "", ""),
    )
    tried = ledger.run([good], actor="test", dry_run=True)
    assert tried.merged.new == 4
    # A visit from before the link is kept and named; the petition is no visit.
    assert [(one.row, one.column, one.severity) for one in tried.problems] == [
        (4, "提出日期", Severity.WARNING)
    ]
    assert ledger.run([good], actor="test").merged.new == 4
    assert ledger.run([good], actor="test").merged.unchanged == 4
    with database.read() as db:
        petition, solved = (casework.read_standing(db, code) for code in ("L1", "L2"))
        row = ServiceRequest
        claim = db.execute(select(row.cadre, row.state, row.answer).where(row.code == "L2")).one()
    assert petition is not None
    assert solved is not None
    assert (petition.channel, petition.limit_class) == (Channel.PETITION, "petition")
    assert (solved.is_open, solved.solved, solved.closed_by) == (False, True, "test")
    assert tuple(claim) == (PRINCIPAL, "已解决", "已换灯泡")
    before = county.room.view.request("L2", LIN).file
    assert county.room.clock.rebuild() == 4
    with database.read() as db:
        assert casework.read_standing(db, "L2") == solved
    assert before.close is not None


def test_the_roster_s_ledger_enters_and_has_no_say_once_something_happened(
    database: Database,
) -> None:
    county = County(database)
    row = {
        "household": LINKED,
        "cadre": PRINCIPAL,
        "raised_on": date(2026, 10, 30),
        "text": "路灯不亮",
        "state": "办理中",
        "solved_on": None,
        "answer": "",
    }
    with database.write() as db:
        db.execute(insert(ServiceRequest), [{"code": f"S{n}", **row} for n in (1, 2)])
        assert county.room.ledger.follow_roster(db) == 2
        assert county.room.ledger.follow_roster(db) == 0
    hands = county.room.handling
    hands.reply("S1", LIN, "灯泡已经换好", Channel.PHONE, (True, True))
    hands.close("S1", LIN, CloseReason.SOLVED, "灯泡已经换好")
    with database.write() as db:
        # A later roster says otherwise of both.
        db.execute(update(ServiceRequest).values(state="历史遗留"))
        assert county.room.ledger.follow_roster(db) == 1
    with database.read() as db:
        states = dict(db.execute(select(ServiceRequest.code, ServiceRequest.state)).all())
        events = db.scalar(select(func.count()).where(CaseworkEvent.request == "S2"))
    assert states == {"S1": "已解决", "S2": "历史遗留"}
    assert events == 2

"""The panel room: who is invited, who sits where, reserves for those who do not come (Y47)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.panel import Seat, SeatCategory
from evalsys.domain.panel_roster import (
    PANEL,
    Entry,
    PanelMember,
    check_entry,
    next_reserve,
    seat_members,
)
from evalsys.domain.roster_cells import Parsed
from evalsys.domain.roster_problems import ImportProblem, ProblemLog, Severity
from evalsys.errors import RuleViolation
from evalsys.ids import LiveId, new_id
from evalsys.services.listed import listed_rows
from evalsys.services.score import Scores
from evalsys.store import audit, panel, scoring
from evalsys.store.database import Database
from evalsys.store.roster_files import Table, names_of, open_tables, pasted_table

MOST_MEMBERS = 3000
"""People on one list: three for each of the 999 seats."""


@dataclass(frozen=True, slots=True)
class ListReport:
    """What reading a list did, or why it did nothing."""

    problems: tuple[ImportProblem, ...]
    members: tuple[PanelMember, ...]
    """The list as it is now; the former one when there were errors."""
    errors: int
    warnings: int

    @property
    def is_kept(self) -> bool:
        """Whether the list took the place of the former one."""
        return not self.errors


class Panel:
    """The lists of every session's panel."""

    def __init__(self, database: Database, scores: Scores, now: Clock) -> None:
        """Keep lists in `database`; `scores` has the seats and gives new cards."""
        self._database = database
        self._scores = scores
        self._now = now

    def members(self, live: LiveId) -> tuple[PanelMember, ...]:
        """Return a session's list, in its order."""
        with self._database.read() as db:
            return panel.members_of(db, live)

    def read_files(self, live: LiveId, files: Sequence[Path], *, actor: str) -> ListReport:
        """Put the list in `files` (xlsx or csv) in place of the session's list.

        Raises:
            InvalidInput: a file cannot be opened or read at all.
            RuleViolation: somebody of the present list was checked in already.
        """
        tables = (open_tables(path, name) for path, name in names_of(files).items())
        return self._read(live, chain.from_iterable(tables), actor=actor)

    def read_pasted(self, live: LiveId, text: str, *, actor: str) -> ListReport:
        """Put a list that was pasted from a spreadsheet in place of the session's list.

        Raises:
            InvalidInput: the text is no table.
            RuleViolation: somebody of the present list was checked in already.
        """
        return self._read(live, (pasted_table(text, "粘贴的表格"),), actor=actor)

    def seat_all(self, live: LiveId, *, actor: str) -> tuple[PanelMember, ...]:
        """Give every empty seat to the first reserve of its category; harmless to repeat."""
        with self._database.write() as db:
            seated = _seat_all(db, live)
            if seated:
                detail = {"seated": seated}
                audit.record(db, self._now(), actor, "panel.seat", f"live:{live}", detail)
            return panel.members_of(db, live)

    def call_reserve(self, live: LiveId, number: int, *, actor: str) -> Seat:
        """Give the seat of somebody who did not come to the next reserve, with a new card.

        Raises:
            NotFound: there is no such seat.
            RuleViolation: nobody sits there, the person was checked in, or no reserve is left.
        """
        with self._database.write() as db:
            seat = scoring.seat_numbered(db, live, number)
            members = panel.members_of(db, live)
            absent = next((one for one in members if one.seat == number), None)
            if absent is None:
                raise RuleViolation(f"“{seat.label}”没有安排人员。", remedy="请先导入评议团名单。")
            if any(scan.seat == number for scan in panel.scans_of(db, live)):
                raise RuleViolation(
                    f"“{seat.label}”已经签到，不能换人。", remedy="设备或席位卡有问题时请换发新卡。"
                )
            reserve = next_reserve(members, seat.category)
            if reserve is None:
                raise RuleViolation(
                    f"“{seat.category.hall_name}”没有候补人员了。",
                    remedy="该席可以空着，按缺席计。",
                )
            panel.set_seat(db, absent, None, stood_down=True)
            panel.set_seat(db, reserve, number, stood_down=False)
            subject = f"seat:{live}/{number}"
            audit.record(db, self._now(), actor, "panel.reserve", subject, {"place": reserve.place})
            return self._scores.reissue_in(db, live, number, actor=actor)

    def _read(self, live: LiveId, tables: Iterable[Table], *, actor: str) -> ListReport:
        log = ProblemLog()
        with self._database.write() as db:
            if panel.scans_of(db, live):
                raise RuleViolation(
                    "已有人签到，名单不能再整体更换。",
                    remedy="缺席的请在席位表中由候补入座。",
                )
            read = tuple(chain.from_iterable(_rows(table, log) for table in tables))
            entries = tuple(_checked(db, read, log))
            if not read and not log.errors:
                log.add(_whole("没有找到“评议团名单”表", "请核对表头，见 docs/formats/panel.md。"))
            if len(read) > MOST_MEMBERS:
                log.add(_whole(f"名单有 {len(read)} 人", f"最多 {MOST_MEMBERS} 人。"))
            if not log.errors:
                fresh = (
                    PanelMember(new_id(), live, place, entry)
                    for place, entry in enumerate(entries, start=1)
                )
                panel.replace_list(db, live, fresh)
                seated = _seat_all(db, live)
                detail = {"members": len(entries), "seated": seated}
                audit.record(db, self._now(), actor, "panel.list", f"live:{live}", detail)
            return ListReport(log.kept, panel.members_of(db, live), log.errors, log.warnings)


@dataclass(frozen=True, slots=True)
class _Row:
    file: str
    sheet: str
    line: int
    entry: Entry

    def problem(self, header: str, value: str, what: str, remedy: str) -> ImportProblem:
        return ImportProblem(
            Severity.ERROR, self.file, self.sheet, self.line, header, value, what, remedy
        )


def _rows(table: Table, log: ProblemLog) -> Iterator[_Row]:
    for line, values in listed_rows(table, PANEL, log):
        yield _Row(table.file, table.sheet, line, _entry(values))


def _entry(values: dict[str, Parsed]) -> Entry:
    return Entry(
        name=str(values["name"]),
        category=SeatCategory(str(values["category"])),
        unit=str(values["unit"]),
        post=str(values.get("post") or ""),
        leading=bool(values["leading"]),
    )


def _checked(db: Session, rows: Sequence[_Row], log: ProblemLog) -> Iterator[Entry]:
    """Pass the entries on, noting each that is twice there or may not sit."""
    leading = panel.leaders(db, (row.entry.name for row in rows))
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        entry, key = row.entry, (row.entry.name, row.entry.unit)
        if key in seen:
            what = f"与第{seen[key]}行是同一个人"
            log.add(row.problem("姓名", entry.name, what, "每人只能有一席，请删去一行。"))
        seen.setdefault(key, row.line)
        fault = check_entry(entry, leading)
        if fault is not None:
            header = "担任领导职务" if entry.leading else "姓名"
            value = "是" if entry.leading else entry.name
            log.add(row.problem(header, value, fault.what, fault.remedy))
        yield entry


def _seat_all(db: Session, live: LiveId) -> int:
    seated = seat_members(panel.members_of(db, live), scoring.seats_of(db, live))
    for member, number in seated:
        panel.set_seat(db, member, number, stood_down=False)
    return len(seated)


def _whole(what: str, remedy: str) -> ImportProblem:
    return ImportProblem(Severity.ERROR, "", "", 0, "", "", what, remedy)

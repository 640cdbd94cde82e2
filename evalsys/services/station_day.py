"""Station days: a month's roster set once, marks by handheld, desk or list, and the reports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.casework.workdays import Workdays
from evalsys.domain.local_date import local_date
from evalsys.domain.roster_problems import ImportProblem, ProblemLog, Severity
from evalsys.domain.station_day import (
    ATTENDANCE,
    Attendance,
    Attended,
    Grouping,
    Mark,
    MarkChannel,
    Month,
    Shift,
    StationDay,
    StationLine,
    StationRule,
    attended,
    check_mark,
    check_month,
    grouped,
    station_date,
    total,
)
from evalsys.errors import InvalidInput, NotFound
from evalsys.services.listed import listed_rows
from evalsys.store import audit, campaigns, casework_lists
from evalsys.store import station_day as store
from evalsys.store.database import Database
from evalsys.store.grid_preset import taken
from evalsys.store.roster_files import open_tables


@dataclass(frozen=True, slots=True)
class StationReport:
    """A month, or all months of a year, line by line."""

    title: str
    """2026-11, or 2026."""
    station: StationDay | None
    """The month's day, for a report of one month whose roster is set."""
    lines: tuple[StationLine, ...]
    total: StationLine
    missing: tuple[Attended, ...]
    """Who is not marked, of one month."""
    excused: tuple[Attended, ...]
    is_over: bool
    """Whether marks can be entered no more."""


@dataclass(frozen=True, slots=True)
class ListTaken:
    """What became of a list: kept whole, or not at all."""

    problems: tuple[ImportProblem, ...]
    kept: int


@dataclass(frozen=True, slots=True)
class OwnDuty:
    """Where a cadre has to be, and whether that is on record."""

    station: StationDay
    duty: Attended
    is_today: bool


class StationDays:
    """Attendance on the day on which those who head grids are at their stations (L10)."""

    def __init__(self, database: Database, now: Clock, zone: ZoneInfo) -> None:
        """Read and write `database`; days are those of `zone`."""
        self._database = database
        self._now = now
        self._zone = zone

    def today(self) -> date:
        """Return the day in the county."""
        return local_date(self._now(), self._zone)

    def planned(self, month: Month) -> date:
        """Say which day a month's would be by the rules and the calendar of today.

        Raises:
            RuleViolation: the county has no station day.
        """
        with self._database.read() as db:
            return station_date(month, self._rule(db, month), self._workdays(db).is_working)

    def months(self) -> tuple[StationDay, ...]:
        """List the months whose roster is set, the newest first."""
        with self._database.read() as db:
            return store.months(db)

    def set_month(self, month: Month, *, by: str) -> int:
        """Set who has to be where in a month; return how many.

        Raises:
            RuleViolation: the county has no station day.
            InvalidInput: the month is too far away, or nobody heads a grid.
            StaleState: it is set already.
        """
        with self._database.write() as db:
            check_month(month, self.today())
            rule = self._rule(db, month)
            day = station_date(month, rule, self._workdays(db).is_working)
            at = self._now()
            station = StationDay(month, day, day + timedelta(days=rule.late_days), by, at)
            count = store.set_month(db, station)
            if not count:
                raise InvalidInput(
                    f"{day} 没有人担任网格负责人。",
                    remedy="请先在花名册登记各网格的负责人。",
                    place="网格负责人",
                )
            audit.record(db, at, by, "station.set", str(month), {"due": count})
            return count

    def mark(
        self, month: Month, cadre: str, attendance: Attendance, reason: str, *, by: str
    ) -> None:
        """Note at the desk that somebody was there, or why not.

        Raises:
            NotFound: the month is not set.
            InvalidInput: the cadre has no duty in it, or an absence has no reason.
            RuleViolation: it is too early or too late.
        """
        with self._database.write() as db:
            self._keep(
                db, month, [Mark(cadre, attendance, reason, MarkChannel.DESK, by, self._now())]
            )
            audit.record(db, self._now(), by, "station.mark", f"{month}:{cadre}")

    def mark_self(self, *, account: str) -> OwnDuty:
        """Note that the cadre of an account is at the station today.

        Raises:
            NotFound: the account acts for no cadre.
            NotFound: this month is not set.
            InvalidInput: the cadre has no duty.
            RuleViolation: it is not the day.
        """
        month = Month.of(self.today())
        with self._database.write() as db:
            cadre = self._own(db, account)
            mark = Mark(cadre, Attendance.PRESENT, "", MarkChannel.HANDHELD, account, self._now())
            self._keep(db, month, [mark])
            audit.record(db, self._now(), account, "station.mark", f"{month}:{cadre}")
        own = self.own_duty(account=account)
        if own is None:
            raise NotFound("本月没有驻点任务。", remedy="请联系县联系群众工作办公室。")
        return own

    def own_duty(self, *, account: str) -> OwnDuty | None:
        """Say where the cadre of an account has to be this month; None without a duty.

        Raises:
            NotFound: the account acts for no cadre.
        """
        month = Month.of(self.today())
        with self._database.read() as db:
            cadre = self._own(db, account)
            station = store.month(db, month)
            if station is None:
                return None
            mine = [one for one in self._attended(db, month) if one.duty.cadre == cadre]
        return OwnDuty(station, mine[0], self.today() == station.day) if mine else None

    def take_list(self, month: Month, file: Path, filename: str, *, by: str) -> ListTaken:
        """Take a list of marks from an xlsx or csv file, whole or not at all.

        Raises:
            NotFound: the month is not set.
            InvalidInput: the file cannot be read at all.
        """
        log = ProblemLog()
        marks: list[Mark] = []
        with self._database.write() as db:
            station = self._set(db, month)
            due = {duty.cadre for duty in store.duties(db, month)}
            at, seen = self._now(), set[str]()
            for table in open_tables(file, filename):
                for line, values in listed_rows(table, ATTENDANCE, log):
                    cadre = str(values["cadre"])
                    state = Attendance.PRESENT if values["present"] else Attendance.EXCUSED
                    reason = str(values.get("reason") or "")
                    mark = Mark(cadre, state, reason, MarkChannel.LIST, by, at)
                    fault = self._fault(mark, station, due, seen)
                    if fault is not None:
                        log.add(
                            ImportProblem(Severity.ERROR, table.file, table.sheet, line, *fault)
                        )
                    seen.add(cadre)
                    marks.append(mark)
            if log.errors or not marks:
                return ListTaken(log.kept, 0)
            store.add_marks(db, month, marks)
            audit.record(db, at, by, "station.list", str(month), {"marks": len(marks)})
        return ListTaken(log.kept, len(marks))

    def report(
        self, month: Month, grouping: Grouping, *, whole_year: bool = False
    ) -> StationReport:
        """Count a month, or every month of its year whose roster is set, line by line."""
        with self._database.read() as db:
            if whole_year:
                wanted = [one.month for one in store.months(db) if one.month.year == month.year]
            else:
                wanted = [month]
            months: Mapping[Month, Sequence[Attended]] = {
                one: self._attended(db, one) for one in wanted
            }
            station = None if whole_year else store.month(db, month)
        listed = () if whole_year else tuple(months[month])
        return StationReport(
            str(month.year) if whole_year else str(month),
            station,
            grouped(months, grouping),
            total(months, "合计"),
            tuple(one for one in listed if one.attendance is Attendance.MISSING),
            tuple(one for one in listed if one.attendance is Attendance.EXCUSED),
            station is not None and self.today() > station.late_until,
        )

    def _fault(
        self, mark: Mark, station: StationDay, due: set[str], seen: set[str]
    ) -> tuple[str, str, str, str] | None:
        """Say column, value, what is wrong and the remedy; None when nothing is."""
        if mark.cadre not in due:
            return ("干部编号", mark.cadre, "不在本月的驻点名单里", "请核对编号和月份。")
        if mark.cadre in seen:
            return ("干部编号", mark.cadre, "重复", "请只保留正确的一行。")
        try:
            check_mark(mark, station, self.today())
        except InvalidInput as error:
            return (error.place, mark.reason, error.what.rstrip("。"), error.remedy)
        return None

    def _keep(self, db: Session, month: Month, marks: Sequence[Mark]) -> None:
        station = self._set(db, month)
        due = {duty.cadre for duty in store.duties(db, month)}
        for mark in marks:
            if mark.cadre not in due:
                raise InvalidInput(
                    f"{mark.cadre or '（空）'} 不在 {month} 的驻点名单里。",
                    remedy="请核对编号和月份。",
                    place="干部编号",
                )
            check_mark(mark, station, self.today())
        store.add_marks(db, month, marks)

    def _set(self, db: Session, month: Month) -> StationDay:
        station = store.month(db, month)
        if station is None:
            raise NotFound(f"{month} 的驻点还没有排定。", remedy="请先在驻点页排定这个月。")
        return station

    def _attended(self, db: Session, month: Month) -> tuple[Attended, ...]:
        return attended(store.duties(db, month), store.marks(db, month))

    def _own(self, db: Session, account: str) -> str:
        cadre = store.cadre_of(db, account)
        if cadre is None:
            raise NotFound(
                "这个账号没有登记是哪一位干部。",
                remedy="请管理员登记：evalsys user scope 账号 --cadre 编号。",
            )
        return cadre

    def _rule(self, db: Session, month: Month) -> StationRule:
        preset, day = taken(db), month.day(1)
        return StationRule(
            preset.number("station_day", day),
            Shift(preset.number("station_shift", day)),
            preset.number("station_late_days", day),
        )

    def _workdays(self, db: Session) -> Workdays:
        holidays = frozenset(campaigns.holidays(db))
        return Workdays(self._zone, holidays, frozenset(casework_lists.make_up_days(db)))

"""The station day 驻点日: once a month those who head a grid are at its station (L10, L09).

每月28日为领导干部联系群众的驻点日: which day, and what happens when nobody works on it, are dated
numbers of the grid preset. Who has to be where is set once for a month. Whoever is not marked by
the end of the period for late entries is missing: silence is never presence.
"""

from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum
from fractions import Fraction

from typing_extensions import override

from evalsys.domain.roster_cells import cadre_number, label, yes_no
from evalsys.domain.roster_sheets import Column, Kind, Sheet
from evalsys.domain.written import LONGEST_TEXT, one_line
from evalsys.errors import InvalidInput, RuleViolation

_MONTHS_A_YEAR = 12

ATTENDANCE = Sheet(
    Kind.ATTENDANCE,
    "驻点签到",
    (
        Column("cadre", "干部编号", cadre_number, refers=Kind.CADRES, other_headers=("编号",)),
        Column("present", "到岗", yes_no),
        Column("reason", "未到原因", label, needed=False, blank=""),
    ),
    key=("cadre",),
)
"""The list that a station hands in."""


class Shift(IntEnum):
    """What becomes of a station day on which nobody works."""

    STAYS = 0
    NEXT = 1
    """It goes to the next working day."""
    BEFORE = 2
    """It goes to the working day before."""


class Attendance(StrEnum):
    """What is known of somebody's attendance."""

    PRESENT = "present"
    EXCUSED = "excused"
    """Absent with a reason that the desk or the station's list gave."""
    MISSING = "missing"
    """Nothing is on record: expected still, or absent without a reason."""


class MarkChannel(StrEnum):
    """How a mark came in."""

    HANDHELD = "handheld"
    DESK = "desk"
    LIST = "list"


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of a year."""

    year: int
    month: int

    @override
    def __str__(self) -> str:
        """Write it as 2026-11."""
        return f"{self.year:04d}-{self.month:02d}"

    @classmethod
    def of(cls, day: date) -> "Month":
        """Return the month of a day."""
        return cls(day.year, day.month)

    @classmethod
    def read(cls, text: str) -> "Month":
        """Read a month as it is written.

        Raises:
            InvalidInput: it is none.
        """
        try:
            found = date.fromisoformat(f"{text}-01")
        except ValueError as error:
            raise InvalidInput(
                f"“{text[:20]}”不是月份。", remedy="请写成 2026-11 的样子。", place="月份"
            ) from error
        return cls.of(found)

    def day(self, number: int) -> date:
        """Return a day of it; the last one when it has no such day."""
        return date(self.year, self.month, min(number, monthrange(self.year, self.month)[1]))


@dataclass(frozen=True, slots=True)
class StationRule:
    """The numbers of the preset that hold for a month."""

    day: int
    """0: there is no station day."""
    shift: Shift
    late_days: int
    """How many days after the station day marks may still be entered."""


@dataclass(frozen=True, slots=True)
class StationDay:
    """The station day of a month, once its roster is set."""

    month: Month
    day: date
    late_until: date
    """The last day on which marks may be entered; after it whoever is not marked is missing."""
    set_by: str
    set_at: datetime


@dataclass(frozen=True, slots=True)
class Duty:
    """Somebody who has to be at a station, as the roster stood when the month was set."""

    cadre: str
    name: str
    unit: str
    grid: str
    """Code of the grid whose station it is."""
    station: str
    """Name of that grid."""
    township: str
    """Name of the grid of the second level above it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One entry; the last of a cadre counts, and all of them stay."""

    cadre: str
    attendance: Attendance
    reason: str
    channel: MarkChannel
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Attended:
    """A duty with what became of it."""

    duty: Duty
    mark: Mark | None = None

    @property
    def attendance(self) -> Attendance:
        """Say what is known."""
        return self.mark.attendance if self.mark else Attendance.MISSING


class Grouping(StrEnum):
    """What a report lists one line each."""

    TOWNSHIP = "township"
    GRID = "grid"
    UNIT = "unit"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class StationLine:
    """Counts of some duties; `due` is the denominator of each share."""

    name: str
    due: int
    present: int
    excused: int

    @property
    def missing(self) -> int:
        """Nothing is on record of these."""
        return self.due - self.present - self.excused

    def share(self) -> Fraction | None:
        """Return the share that was present, exactly; None where nobody was due."""
        return Fraction(self.present, self.due) if self.due else None


def station_date(month: Month, rule: StationRule, is_working: Callable[[date], bool]) -> date:
    """Return the station day of a month.

    Raises:
        RuleViolation: the preset has none, or no working day is near.
    """
    if not rule.day:
        raise RuleViolation(
            "本县的网格方案没有驻点日。",
            remedy="岳麓方案每月28日驻点：evalsys grid preset show yuelu。",
        )
    day = month.day(rule.day)
    if rule.shift is Shift.STAYS:
        return day
    step = timedelta(days=1 if rule.shift is Shift.NEXT else -1)
    for _ in range(31):
        if is_working(day):
            return day
        day += step
    raise RuleViolation(f"{month} 附近没有工作日。", remedy="请核对节假日表。")


def check_month(month: Month, today: date) -> None:
    """Say whether a month's roster can be set: this month's, or one of the year before.

    Raises:
        InvalidInput: it lies too far away.
    """
    ahead = (month.year - today.year) * _MONTHS_A_YEAR + month.month - today.month
    if not -_MONTHS_A_YEAR <= ahead <= 1:
        raise InvalidInput(
            f"{month} 离现在太远。", remedy="可以排本月、下月和过去一年的。", place="月份"
        )


def check_mark(mark: Mark, station: StationDay, today: date) -> None:
    """Say whether a mark can be entered on `today`.

    Raises:
        RuleViolation: it is too early or too late, or a cadre's own is not of the day itself.
        InvalidInput: an absence without a reason.
    """
    own = mark.channel is MarkChannel.HANDHELD
    if own and (today != station.day or mark.attendance is not Attendance.PRESENT):
        raise RuleViolation(
            f"本人签到只在驻点日 {station.day} 当天。", remedy="补签和请假请找驻点登记员。"
        )
    if mark.attendance is Attendance.PRESENT and today < station.day:
        raise RuleViolation(
            f"驻点日是 {station.day}，还没有到。", remedy="请在当天或以后登记到岗。"
        )
    if today > station.late_until:
        raise RuleViolation(
            f"补登期到 {station.late_until} 为止，已经过了。",
            remedy="未登记的按缺岗统计，不再更改。",
        )
    reason = one_line(mark.reason, "未到原因", longest=LONGEST_TEXT)
    if mark.attendance is Attendance.EXCUSED and not reason:
        raise InvalidInput(
            f"{mark.cadre} 未到，没有写原因。",
            remedy="请写明原因，如出差、病假。",
            place="未到原因",
        )


def attended(duties: Iterable[Duty], marks: Iterable[Mark]) -> tuple[Attended, ...]:
    """Put duties and the last marks together; `marks` in the order in which they came."""
    last = {mark.cadre: mark for mark in marks}
    return tuple(Attended(duty, last.get(duty.cadre)) for duty in duties)


def grouped(
    months: Mapping[Month, Sequence[Attended]], grouping: Grouping
) -> tuple[StationLine, ...]:
    """Count duties line by line, in the order of names."""
    found: dict[str, list[Attended]] = {}
    for month in sorted(months):
        for each in months[month]:
            duty = each.duty
            name = {
                Grouping.TOWNSHIP: duty.township or duty.station,
                Grouping.GRID: duty.station,
                Grouping.UNIT: duty.unit,
                Grouping.MONTH: str(month),
            }[grouping]
            found.setdefault(name, []).append(each)
    return tuple(_line(name, found[name]) for name in sorted(found))


def total(months: Mapping[Month, Sequence[Attended]], name: str) -> StationLine:
    """Count all duties."""
    return _line(name, [each for every in months.values() for each in every])


def _line(name: str, all_: Sequence[Attended]) -> StationLine:
    known = [each.attendance for each in all_]
    return StationLine(
        name, len(known), known.count(Attendance.PRESENT), known.count(Attendance.EXCUSED)
    )

"""When households may be called: windows of the day, holidays, a household's own time.

Local times of the county; results are aware datetimes in UTC (telephony, section 5).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from evalsys.domain.local_date import local_date
from evalsys.errors import InvalidInput

_EVENING = time(18)
_AFTERNOON = time(12)
_SEARCH_DAYS = 400
"""More than any row of holidays; a calendar that is closed for longer is a mistake."""


class DayPart(StrEnum):
    """A part of the day in which other people are at home."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Calls may be placed from `opens` until just before `closes`, local time."""

    opens: time
    closes: time

    @property
    def seconds(self) -> int:
        """How long it is open."""
        return _seconds(self.closes) - _seconds(self.opens)


WINDOWS = (Window(time(9), time(12)), Window(time(14, 30), time(21)))
"""09:00-12:00 and 14:30-21:00: not at noon rest, not at night."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The county's calling hours."""

    zone: ZoneInfo
    windows: tuple[Window, ...] = WINDOWS
    holidays: frozenset[date] = frozenset()

    @property
    def seconds_a_day(self) -> int:
        """How long a line may be used on an open day."""
        return sum(window.seconds for window in self.windows)

    def is_open(self, at: datetime, preferred: Window | None = None) -> bool:
        """Say whether a household with this `preferred` time may be called at `at`."""
        return self.next_open(at, preferred=preferred) == at

    def part_of(self, at: datetime) -> DayPart:
        """Name the part of the day that `at` lies in."""
        clock = at.astimezone(self.zone).time()
        if clock < _AFTERNOON:
            return DayPart.MORNING
        return DayPart.AFTERNOON if clock < _EVENING else DayPart.EVENING

    def part_after(self, at: datetime) -> datetime:
        """Return when the next part of the day begins; after the evening, the next midnight."""
        day = self.day_of(at)
        match self.part_of(at):
            case DayPart.MORNING:
                return self._at(day, _AFTERNOON)
            case DayPart.AFTERNOON:
                return self._at(day, _EVENING)
            case DayPart.EVENING:
                return self._at(day + timedelta(days=1), time())

    def day_of(self, at: datetime) -> date:
        """Return the local day."""
        return local_date(at, self.zone)

    def next_open(
        self,
        at: datetime,
        *,
        preferred: Window | None = None,
        not_on: frozenset[date] = frozenset(),
        not_in: frozenset[DayPart] = frozenset(),
    ) -> datetime:
        """Return the first moment from `at` on at which a call may be placed.

        A preferred time that no window touches is a wish that cannot be granted: the usual
        windows hold.

        Raises:
            InvalidInput: nothing is open for more than a year.
        """
        for opens, closes in self._stretches(self.day_of(at), preferred):
            begins = max(opens, at)
            if self.day_of(opens) in not_on:
                continue
            while begins < closes:
                if self.part_of(begins) not in not_in:
                    return begins
                begins = self.part_after(begins)
        raise InvalidInput(
            "一年多之内没有可以拨打的时段。", remedy="请检查拨打时段和节假日表。", place="calendar"
        )

    def closing_after(self, at: datetime) -> datetime:
        """Return when the window closes that is open at `at`."""
        return next(end for opens, end in self._stretches(self.day_of(at), None) if end > at)

    def _stretches(
        self, first: date, preferred: Window | None
    ) -> Iterator[tuple[datetime, datetime]]:
        windows = self.windows
        if preferred is not None:
            narrowed = (
                Window(max(each.opens, preferred.opens), min(each.closes, preferred.closes))
                for each in windows
            )
            windows = tuple(each for each in narrowed if each.opens < each.closes) or windows
        for days in range(_SEARCH_DAYS):
            day = first + timedelta(days=days)
            if day in self.holidays:
                continue
            for window in windows:
                yield self._at(day, window.opens), self._at(day, window.closes)

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone).astimezone(UTC)


def read_window(text: str, place: str = "") -> Window:
    """Read `09:00-12:00`.

    Raises:
        InvalidInput: it is no such span, or ends before it begins.
    """
    opens, _, closes = text.replace("：", ":").replace("—", "-").partition("-")
    try:
        window = Window(time.fromisoformat(opens.strip()), time.fromisoformat(closes.strip()))
    except ValueError as error:
        raise _not_a_window(text, place) from error
    if window.opens >= window.closes or window.opens.tzinfo or window.closes.tzinfo:
        raise _not_a_window(text, place)
    return window


def check_windows(windows: tuple[Window, ...]) -> tuple[Window, ...]:
    """Return the windows in order.

    Raises:
        InvalidInput: there are none, or two overlap.
    """
    ordered = tuple(sorted(windows))
    if not ordered:
        raise InvalidInput("没有拨打时段。", remedy="请至少写一个时段。", place="windows")
    for before, after in pairwise(ordered):
        if after.opens < before.closes:
            raise InvalidInput("拨打时段互相重叠。", remedy="请分开填写。", place="windows")
    return ordered


def _not_a_window(text: str, place: str) -> InvalidInput:
    return InvalidInput(
        f"“{text[:20]}”不是时段。", remedy="请写成 09:00-12:00，先早后晚。", place=place
    )


def _seconds(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second

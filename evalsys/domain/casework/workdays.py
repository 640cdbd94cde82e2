"""Working days: a table made once, so that 48,000 due dates take no time."""

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from evalsys.domain.local_date import local_date
from evalsys.errors import InvalidInput

_FRIDAY = 4
_DAY_S = 86400


@dataclass(frozen=True)
class Workdays:
    """Which days are worked, from `first` on, in the county's zone.

    Monday to Friday without the holidays, and the weekend days that make up for one 调休.
    """

    zone: ZoneInfo
    holidays: frozenset[date] = frozenset()
    made_up: frozenset[date] = frozenset()
    first: date = date(2010, 1, 1)
    days: int = 366 * 45
    _before: list[int] = field(init=False, repr=False, compare=False)
    """Working days before each day of the table."""
    _worked: list[date] = field(init=False, repr=False, compare=False)
    """The working days themselves: the `count`-th one is looked up, not searched for."""
    _begins: int = field(init=False, repr=False, compare=False)
    _ends: dict[date, datetime] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the table."""
        begins = self.first.toordinal()
        weekday = self.first.weekday()
        worked = [1 if (weekday + n) % 7 <= _FRIDAY else 0 for n in range(self.days)]
        for day in self.holidays:
            if 0 <= (n := day.toordinal() - begins) < self.days:
                worked[n] = 0
        for day in self.made_up:
            if 0 <= (n := day.toordinal() - begins) < self.days:
                worked[n] = 1
        object.__setattr__(self, "_begins", begins)
        object.__setattr__(self, "_before", list(accumulate(worked, initial=0)))
        days = (date.fromordinal(begins + n) for n, works in enumerate(worked) if works)
        object.__setattr__(self, "_worked", list(days))
        object.__setattr__(self, "_ends", {})

    def is_working(self, day: date) -> bool:
        """Say whether `day` is worked."""
        at = self._at(day)
        return self._before[at + 1] > self._before[at]

    def between(self, after: date, until: date) -> int:
        """Count the working days after `after`, up to and with `until`; negative backwards."""
        return self._before[self._at(until) + 1] - self._before[self._at(after) + 1]

    def add(self, day: date, count: int) -> date:
        """Return the `count`-th working day after `day`; `day` itself for none."""
        if count <= 0:
            return day
        n = day.toordinal() - self._begins
        if not 0 <= n < self.days:
            raise _outside(day)
        at = self._before[n + 1] + count - 1
        if at >= len(self._worked):
            raise _outside(day)
        return self._worked[at]

    def earliest_within(self, day: date, count: int) -> date:
        """Return the earliest day whose `count`-th working day after it is not before `day`."""
        found = day
        while self.add(found - timedelta(days=1), count) >= day:
            found -= timedelta(days=1)
        return found

    def day_of(self, at: datetime) -> date:
        """Return the local day."""
        return local_date(at, self.zone)

    def end_of(self, day: date) -> datetime:
        """Return the last instant of a local day, which is midnight, in UTC."""
        found = self._ends.get(day)
        if found is None:
            next_day = datetime.combine(day + timedelta(days=1), time(), self.zone)
            found = self._ends[day] = next_day.astimezone(UTC)
        return found

    def seconds_between(self, start: datetime, end: datetime) -> int:
        """Count the seconds of working days from `start` to `end`; a day has 24 hours."""
        return self._seconds(end) - self._seconds(start)

    def after_seconds(self, start: datetime, seconds: int) -> datetime:
        """Return the instant at which so many seconds of working days have passed."""
        wanted = self._seconds(start) + max(seconds, 0)
        whole, rest = divmod(wanted, _DAY_S)
        at = bisect_left(self._before, whole + 1) - 1
        if at + 1 >= len(self._before):
            raise _outside(self.day_of(start))
        day = date.fromordinal(self.first.toordinal() + at)
        midnight = datetime.combine(day, time(), self.zone).astimezone(UTC)
        return max(start, midnight + timedelta(seconds=rest))

    @lru_cache(maxsize=4096)  # noqa: B019 - a table or two live as long as the program
    def share_between(self, start: datetime, end: datetime, percent: int) -> datetime:
        """Return the instant at which so much of the worked time from `start` to `end` is over.

        Remembered: a ledger has few days, and each many times.
        """
        return self.after_seconds(start, self.seconds_between(start, end) * percent // 100)

    def _seconds(self, at: datetime) -> int:
        local = at.astimezone(self.zone)
        n = self._at(local.date())
        today = self._before[n + 1] - self._before[n]
        clock = local.hour * 3600 + local.minute * 60 + local.second
        return self._before[n] * _DAY_S + today * clock

    def _at(self, day: date) -> int:
        n = day.toordinal() - self.first.toordinal()
        if not 0 <= n < self.days:
            raise _outside(day)
        return n


def _outside(day: date) -> InvalidInput:
    return InvalidInput(f"日期 {day.isoformat()} 不在工作日历之内。", remedy="请核对年份。")

"""Working days 工作日: Monday to Friday, without the days of the county's holiday table.

A Saturday or Sunday on which people work to make up for a holiday 调休 does not count: a period
is then a day longer for the public, never shorter.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

SATURDAY: Final = 5
_LONGEST: Final = 4000
"""Days after which a search gives up: a holiday table that closes ten years is a mistake."""


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    """Say whether people work on `day`."""
    return day.weekday() < SATURDAY and day not in holidays


def after_working_days(start: date, days: int, holidays: Collection[date]) -> date:
    """Return the last of `days` working days that begin on the day after `start`.

    The day of the deed itself does not count (civil code art. 201); no days give `start`.

    Raises:
        ValueError: ten years have no such number of working days.
    """
    day, left = start, days
    for _ in range(_LONGEST):
        if left <= 0:
            return day
        day += timedelta(days=1)
        left -= is_working_day(day, holidays)
    raise ValueError(f"no {days} working days follow {start}: the holiday table closes them all")


def working_days_between(start: date, end: date, holidays: Collection[date]) -> int:
    """Count the working days after `start` up to and with `end`; negative when `end` is earlier."""
    if end < start:
        return -working_days_between(end, start, holidays)
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day, holidays) for day in days)

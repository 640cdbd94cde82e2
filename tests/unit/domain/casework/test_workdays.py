"""Working days, holidays, weekends that are worked."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalsys.domain.casework.workdays import Workdays
from evalsys.errors import InvalidInput

ZONE = ZoneInfo("Asia/Shanghai")
WEEK = Workdays(
    ZONE,
    holidays=frozenset({date(2026, 10, day) for day in range(1, 8)}),
    made_up=frozenset({date(2026, 10, 10)}),
)


def test_five_working_days_over_a_holiday_and_a_saturday_that_is_worked() -> None:
    # 30 September is a Wednesday; 8, 9 and (made up) 10 October are worked, then 12 and 13.
    assert WEEK.add(date(2026, 9, 30), 5) == date(2026, 10, 13)
    assert WEEK.between(date(2026, 9, 30), date(2026, 10, 13)) == 5
    assert not WEEK.is_working(date(2026, 10, 1))
    assert WEEK.is_working(date(2026, 10, 10))


def test_a_day_ends_at_the_county_s_midnight() -> None:
    assert WEEK.end_of(date(2026, 9, 30)) == datetime(2026, 9, 30, 16, tzinfo=UTC)


@settings(max_examples=40)
@given(st.integers(0, 4000), st.integers(1, 60))
def test_the_table_agrees_with_counting_one_day_after_the_other(start: int, count: int) -> None:
    day = found = date(2024, 1, 1) + timedelta(days=start)
    left = count
    while left:
        found += timedelta(days=1)
        left -= WEEK.is_working(found)
    assert WEEK.add(day, count) == found
    assert WEEK.between(day, found) == count
    earliest = WEEK.earliest_within(found, count)
    assert WEEK.add(earliest, count) >= found > WEEK.add(earliest - timedelta(days=1), count)


@settings(max_examples=40)
@given(st.integers(0, 10_000_000), st.integers(0, 2_000_000))
def test_seconds_of_working_days_there_and_back(offset: int, seconds: int) -> None:
    start = datetime(2026, 9, 1, tzinfo=UTC) + timedelta(seconds=offset)
    end = WEEK.after_seconds(start, seconds)
    assert end >= start
    assert WEEK.seconds_between(start, end) == seconds


def test_a_year_that_nobody_planned_for_is_refused() -> None:
    with pytest.raises(InvalidInput):
        WEEK.add(date(2990, 1, 1), 5)

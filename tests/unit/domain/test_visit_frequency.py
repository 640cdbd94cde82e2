"""Visits of a quarter: by class, from a day on, and never paid for another household."""

from dataclasses import replace
from datetime import date

import pytest

from evalsys.domain.rulebook import Dated
from evalsys.domain.visit_frequency import left_of, quarter_of, required_by_class
from evalsys.store.grid_preset import shipped_preset


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 11, 27), date(2026, 10, 1), date(2026, 12, 31)),
        (date(2028, 2, 29), date(2028, 1, 1), date(2028, 3, 31)),
    ],
)
def test_a_quarter_has_its_days(day: date, first: date, last: date) -> None:
    assert quarter_of(day) == (first, last)


def test_a_class_asks_by_the_value_of_the_quarter_s_first_day() -> None:
    key, *others = shipped_preset("yuelu").classes
    assert required_by_class((key, *others), date(2026, 10, 1)) == {"A": 3, "B": 2, "C": 1}
    values = (
        Dated(3, date(2010, 1, 1), date(2026, 12, 31)),
        Dated(4, date(2027, 1, 1), date(2027, 6, 30)),
        Dated(0, date(2027, 7, 1)),
    )
    changed = replace(key, visits=replace(key.visits, values=values))
    asked = [
        required_by_class([changed], day).get("A")
        for day in (date(2026, 10, 1), date(2027, 4, 1), date(2027, 7, 1), date(2009, 1, 1))
    ]
    assert asked == [3, 4, None, None]
    assert required_by_class(shipped_preset("yishui").classes, date(2026, 10, 1)) == {}


def test_a_visit_too_many_is_none_too_few() -> None:
    assert [left_of(3, paid) for paid in (0, 2, 3, 5)] == [3, 1, 0, 0]

"""Boards add up over the tree, and every share knows what it is a share of."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalsys.domain.casework.board import (
    COUNTED,
    Cadence,
    Counts,
    Period,
    Share,
    lines_below,
    period,
    total,
)
from evalsys.errors import InvalidInput
from tests.casework_files import AREA, CELL, COUNTY, TOWN, TREE, VILLAGE

SOME = Counts(
    raised=10, open=4, overdue=1, closed=6, solved=5, solved_lowest=3, answered=7, confirmed=2
)


def test_what_was_raised_below_counts_for_every_grid_above() -> None:
    own, visits = {CELL: SOME, VILLAGE: Counts(raised=1, open=1)}, {TOWN: 2}
    (town,) = lines_below(TREE, COUNTY, own, visits)
    assert town.counts == SOME + Counts(raised=1, open=1, visits=2)
    area, itself = lines_below(TREE, TOWN, own, visits)
    assert (area.code, area.is_open) == (AREA, True)
    assert (itself.name, itself.counts) == ("3701（本级）", Counts(visits=2))
    (cell, village) = lines_below(TREE, VILLAGE, own, visits)
    assert (cell.counts, cell.is_open) == (SOME, False)
    assert village.counts.raised == 1


@given(st.dictionaries(st.sampled_from([TOWN, AREA, VILLAGE, CELL]), st.integers(0, 99)))
def test_no_request_is_lost_or_counted_twice(raised: dict[str, int]) -> None:
    own = {grid: Counts(raised=count) for grid, count in raised.items()}
    assert total(lines_below(TREE, COUNTY, own, {})).raised == sum(raised.values())


def test_a_share_is_exact_and_a_share_of_nothing_is_none() -> None:
    assert SOME.share(Share.SOLVED) == Fraction(1, 2)
    assert SOME.share(Share.LOWEST) == Fraction(3, 5)
    assert SOME.share(Share.ANSWERED) == Fraction(7, 10)
    assert SOME.share(Share.OVERDUE) == Fraction(1, 4)
    # Four of six closed were not confirmed: who was not asked is never content.
    assert SOME.share(Share.CONFIRMED) == Fraction(1, 3)
    assert all(Counts().share(each) is None for each in Share)


def test_every_count_is_added() -> None:
    one = Counts(**dict.fromkeys(COUNTED, 1))
    assert one + one == Counts(**dict.fromkeys(COUNTED, 2))


@pytest.mark.parametrize(
    ("cadence", "on", "first", "last"),
    [
        (Cadence.DAY, date(2026, 11, 26), date(2026, 11, 26), date(2026, 11, 26)),
        (Cadence.MONTH, date(2024, 2, 10), date(2024, 2, 1), date(2024, 2, 29)),
        (Cadence.MONTH, date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31)),
        (Cadence.QUARTER, date(2026, 11, 26), date(2026, 10, 1), date(2026, 12, 31)),
        (Cadence.QUARTER, date(2026, 1, 1), date(2026, 1, 1), date(2026, 3, 31)),
        (Cadence.YEAR, date(2026, 7, 1), date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_is_the_whole_day_month_quarter_or_year(
    cadence: Cadence, on: date, first: date, last: date
) -> None:
    assert period(cadence, on) == Period(first, last)


@pytest.mark.parametrize("year", [1, 2009, 9999])
def test_a_year_that_no_calendar_knows_is_refused(year: int) -> None:
    with pytest.raises(InvalidInput):
        period(Cadence.YEAR, date(year, 12, 31))


def test_all_time_has_no_ends() -> None:
    assert period(Cadence.ALL, date(2026, 1, 1)) == Period(None, None)

"""Household scores: what a release tells, and what it hides."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalsys.domain.scoring import (
    HIDE_BELOW,
    Band,
    checked_score,
    mean_tenths,
    release,
)
from evalsys.errors import InvalidInput

scores = st.integers(1, 5)
enough = st.lists(scores, min_size=HIDE_BELOW, max_size=400)


@given(st.lists(scores, min_size=1, max_size=400))
def test_the_mean_is_rounded_half_up_to_one_decimal(given_scores: list[int]) -> None:
    exact = Decimal(sum(given_scores)) / Decimal(len(given_scores))
    rounded = exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert mean_tenths(given_scores) == int(rounded * 10)


def test_a_mean_of_exactly_half_a_tenth_goes_up() -> None:
    assert mean_tenths([4, 4, 4, 5]) == 43
    assert mean_tenths([3] * 19 + [4]) == 31


def test_no_scores_have_no_mean() -> None:
    with pytest.raises(ValueError, match="no scores"):
        mean_tenths([])


@given(st.lists(scores, max_size=HIDE_BELOW - 1))
def test_fewer_than_five_answers_release_no_figure(few: list[int]) -> None:
    released = release(few)
    assert (released.n, released.mean_tenths, released.band) == (len(few), None, Band.TOO_FEW)
    assert released.assessed_tenths is None


@given(scores, st.integers(HIDE_BELOW, 60))
def test_a_unanimous_result_is_a_band_that_leaves_the_score_open(score: int, n: int) -> None:
    released = release([score] * n)
    assert released.mean_tenths is None
    assert released.unanimous
    hidden_with = [other for other in range(1, 6) if release([other] * n) == released]
    assert score in hidden_with
    assert len(hidden_with) >= 2


@given(enough.filter(lambda given_scores: len(set(given_scores)) > 1))
def test_a_divided_result_is_its_mean(given_scores: list[int]) -> None:
    released = release(given_scores)
    assert released.band is Band.MEAN
    assert released.mean_tenths == released.assessed_tenths == mean_tenths(given_scores)
    assert not released.unanimous


shuffled = enough.flatmap(lambda cast: st.tuples(st.just(cast), st.permutations(cast)))


@given(shuffled)
def test_the_order_of_answers_leaves_no_trace(orders: tuple[list[int], list[int]]) -> None:
    assert release(orders[0]) == release(orders[1])


def test_a_band_enters_the_assessment_with_its_class_mark() -> None:
    assert release([5] * 5).assessed_tenths == release([4] * 5).assessed_tenths == 45
    assert release([1] * 5).assessed_tenths == release([3] * 5).assessed_tenths == 20


def test_an_empty_round_is_too_few_even_when_nothing_is_to_be_hidden() -> None:
    assert release([], hide_below=0).band is Band.TOO_FEW


@pytest.mark.parametrize("score", [-1, 0, 6, 10])
def test_a_score_outside_one_to_five_is_refused(score: int) -> None:
    with pytest.raises(InvalidInput, match=str(score)):
        checked_score(score)
    with pytest.raises(InvalidInput):
        release([score] * 5)

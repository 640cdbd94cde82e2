"""The annual result: weighted, with absent components left out by name."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalsys.domain.assessment import (
    STATUTORY_GRADES,
    Component,
    ContactGrade,
    Standard,
    annual_result,
    show_tenths,
)
from evalsys.domain.personnel_county import CountyFacts
from evalsys.domain.roster_ranks import StaffType
from evalsys.domain.scoring import Band
from evalsys.errors import InvalidInput
from tests.builders import a_year_of

STANDARD = Standard(
    weights={Component.HOUSEHOLD: 60, Component.UNIT_RATING: 20, Component.INSPECTION: 20},
    pass_mark=600,
    notable_mark=950,
    hide_below=5,
    quorum=20,
)
scores = st.integers(0, 1000)


def test_the_total_is_the_weighted_mean() -> None:
    result = annual_result(a_year_of(), 2026, STANDARD)
    assert (result.total_tenths, result.grade) == (850, ContactGrade.QUALIFIED)
    assert result.excluded == ()


def test_halves_round_up_to_the_tenth() -> None:
    given_year = a_year_of(household_score_tenths=0, unit_rating_tenths=1, inspection_tenths=None)
    assert annual_result(given_year, 2026, STANDARD).total_tenths == 0  # 20 / 80 = 0.25
    halves = Standard({**STANDARD.weights, Component.HOUSEHOLD: 20}, 600, 950, 5, 20)
    assert annual_result(given_year, 2026, halves).total_tenths == 1  # 20 / 40 = 0.5


def test_an_absent_component_is_left_out_by_name_and_not_counted_as_zero() -> None:
    result = annual_result(a_year_of(inspection_tenths=None), 2026, STANDARD)
    assert result.total_tenths == 838  # (60 x 850 + 20 x 800) / 80 = 837.5
    assert [(part.component, part.absent) for part in result.excluded] == [
        (Component.INSPECTION, "未录入")
    ]


def test_where_nothing_counts_the_year_is_pending_and_says_so() -> None:
    only_unit = replace(STANDARD, weights={Component.UNIT_RATING: 100})
    result = annual_result(a_year_of(unit_rating_tenths=None), 2026, only_unit)
    assert (result.total_tenths, result.grade) == (None, None)
    assert result.pending == "没有一个部分可以计入"


def test_a_zero_that_was_given_counts() -> None:
    assert annual_result(a_year_of(inspection_tenths=0), 2026, STANDARD).total_tenths == 670


def test_without_the_household_appraisal_there_is_no_grade() -> None:
    result = annual_result(a_year_of(household_score_tenths=None), 2026, STANDARD)
    assert (result.total_tenths, result.grade) == (None, None)
    assert result.pending == "没有联系户评议得分"


@pytest.mark.parametrize(
    ("band", "total", "words"),
    [
        (Band.UNANIMOUS_HIGH, 880, "全部评为 4 分以上"),
        (Band.UNANIMOUS_LOW, 580, "全部评为 3 分以下"),
    ],
)
def test_all_alike_weighs_by_its_class_mark_and_shows_a_band(
    band: Band, total: int, words: str
) -> None:
    given_year = a_year_of(household_score_tenths=None, household_band=band)
    result = annual_result(given_year, 2026, STANDARD)
    part = result.part(Component.HOUSEHOLD)
    assert (result.total_tenths, part.shown) == (total, words)
    assert "组中值" in part.note
    facts = {CountyFacts(cadres=(), inputs=(one,)).sha256 for one in (given_year, a_year_of())}
    facts.add(CountyFacts(cadres=(), inputs=(a_year_of(household_score_tenths=None),)).sha256)
    assert len(facts) == 3
    with pytest.raises(InvalidInput, match="只登记分档"):
        a_year_of(household_band=band)


def test_a_year_that_was_not_entered_is_pending() -> None:
    result = annual_result(None, 2026, STANDARD)
    assert (result.grade, result.notable, result.pending) == (None, False, "未录入年度考核")


@pytest.mark.parametrize("score", [0, 100, 1000])
def test_too_few_answers_are_neutral_and_their_score_is_hidden(score: int) -> None:
    few = a_year_of(household_score_tenths=score, households_answered=4, households_linked=10)
    result = annual_result(few, 2026, STANDARD)
    assert (result.grade, result.notable) == (None, False)
    assert result.score_of(Component.HOUSEHOLD) is None
    assert "少于 5 户" in result.pending


def test_five_answers_are_enough() -> None:
    five = a_year_of(households_answered=5, households_linked=10)
    assert annual_result(five, 2026, STANDARD).grade is ContactGrade.QUALIFIED


def test_a_low_turnout_is_pending_and_says_how_low() -> None:
    result = annual_result(a_year_of(households_answered=5, households_linked=26), 2026, STANDARD)
    assert result.grade is None
    assert "5/26" in result.pending


@pytest.mark.parametrize(
    ("total", "grade"), [(599, ContactGrade.UNQUALIFIED), (600, ContactGrade.QUALIFIED)]
)
def test_the_pass_mark_itself_passes(total: int, grade: ContactGrade) -> None:
    year = a_year_of(
        household_score_tenths=total, unit_rating_tenths=total, inspection_tenths=total
    )
    assert annual_result(year, 2026, STANDARD).grade is grade


def test_an_outstanding_year_is_notable() -> None:
    year = a_year_of(household_score_tenths=990, unit_rating_tenths=950, inspection_tenths=None)
    assert annual_result(year, 2026, STANDARD).notable


@given(scores, st.none() | scores, st.none() | scores)
def test_the_total_lies_between_the_components(
    household: int, unit: int | None, inspection: int | None
) -> None:
    year = a_year_of(
        household_score_tenths=household, unit_rating_tenths=unit, inspection_tenths=inspection
    )
    total = annual_result(year, 2026, STANDARD).total_tenths
    present = [score for score in (household, unit, inspection) if score is not None]
    assert total is not None
    assert min(present) <= total <= max(present)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("household_score_tenths", 1001),
        ("unit_rating_tenths", -1),
        ("inspection_tenths", 10_000),
        ("households_answered", 31),
        ("households_answered", -1),
    ],
)
def test_an_impossible_input_is_refused_and_names_the_cadre(field: str, wrong: int) -> None:
    with pytest.raises(InvalidInput) as refusal:
        a_year_of("00004211", **{field: wrong})
    assert "00004211" in refusal.value.place


def test_the_local_grade_is_no_statutory_grade_of_a_civil_servant() -> None:
    assert not set(ContactGrade) & set(STATUTORY_GRADES[StaffType.CIVIL_SERVANT])


@pytest.mark.parametrize(("tenths", "text"), [(0, "0.0"), (857, "85.7"), (1000, "100.0")])
def test_tenths_are_written_as_decimals(tenths: int, text: str) -> None:
    assert show_tenths(tenths) == text

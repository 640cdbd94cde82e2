import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalsys.domain.outcome_codes import OUTCOMES
from evalsys.domain.response_rates import (
    RATES,
    Counts,
    Group,
    Rate,
    eligible_share,
    response_rates,
)

AAPOR = json.loads((Path(__file__).parents[2] / "data/aapor.json").read_text("utf-8"))
COUNTS = st.builds(
    Counts,
    st.dictionaries(st.sampled_from(Group), st.integers(0, 10**6)),
    st.none() | st.fractions(0, 1, max_denominator=1000),
)


def _counts(vector: dict[str, Any]) -> Counts:
    return Counts({Group(name): n for name, n in vector["counts"].items()}, Fraction(vector["e"]))


@pytest.mark.parametrize("vector", AAPOR["vectors"], ids=lambda vector: vector["id"])
def test_published_worked_examples_come_out_exactly(vector: dict[str, Any]) -> None:
    rates = response_rates(_counts(vector))
    assert {name: rate and rate.value for name, rate in rates.items()} == {
        name: None if text is None else Fraction(text) for name, text in vector["exact"].items()
    }
    assert {name: rate and rate.rounded for name, rate in rates.items()} == vector["rounded4"]
    for name, published in vector["published"].items():
        rate = rates[name]
        assert (rate is None) == (published is None)
        assert rate is None or abs(rate.value - Fraction(str(published))) <= vector["tol"]


def test_a_fraction_keeps_the_numbers_that_were_counted() -> None:
    vector = next(each for each in AAPOR["vectors"] if each["id"] == "omb-0920-014-a")
    rate = response_rates(_counts(vector))["RR3"]
    assert rate is not None
    assert rate.fraction == vector["published_fraction"] == "300/440"


def test_a_broken_denominator_is_brought_to_whole_numbers() -> None:
    rate = response_rates(
        Counts({Group.INTERVIEW: 4, Group.NON_CONTACT: 5, Group.UNKNOWN_OTHER: 2}, Fraction(9, 10))
    )["RR3"]
    assert rate == Rate(20, 54)


def test_without_e_it_is_estimated_from_the_cases_that_are_known() -> None:
    vector = next(each for each in AAPOR["vectors"] if each["id"] == "outcomerate-readme")
    counts = Counts(_counts(vector).by_group)
    assert eligible_share(counts) == Fraction(vector["e"])
    assert response_rates(counts) == response_rates(_counts(vector))


def test_nothing_that_hangs_on_e_is_said_when_no_case_is_known() -> None:
    rates = response_rates(Counts({Group.UNKNOWN_OTHER: 1}))
    assert rates["RR3"] is rates["CON2"] is rates["REF2"] is None
    assert rates["RR1"] == Rate(0, 1)


def test_every_code_of_the_table_is_known_in_its_group() -> None:
    assert {each["code"]: each["group"] for each in AAPOR["codes"]} == {
        code: outcome.group for code, outcome in OUTCOMES.items()
    }
    assert all(outcome.label for outcome in OUTCOMES.values())


@given(COUNTS)
def test_the_identities_of_the_definitions_hold(counts: Counts) -> None:
    rates = response_rates(counts)
    assert tuple(rates) == RATES

    def at_least(*names: str) -> bool:
        values = [rate.value for name in names if (rate := rates[name]) is not None]
        return values == sorted(values, reverse=True)

    for names in (
        "RR5 RR3 RR1",
        "RR6 RR4 RR2",
        "COOP3 COOP1",
        "COOP4 COOP2",
        "CON3 CON2 CON1",
        "RR2 RR1",
        "RR4 RR3",
        "RR6 RR5",
        "REF3 REF2 REF1",
    ):
        assert at_least(*names.split()), names
    for product, one, other in (
        ("RR1", "CON1", "COOP1"),
        ("RR2", "CON1", "COOP2"),
        ("RR3", "CON2", "COOP1"),
        ("RR5", "CON3", "COOP1"),
    ):
        whole, left, right = rates[product], rates[one], rates[other]
        if whole and left and right:
            assert whole.value == left.value * right.value

"""The whole county: units' person-times, as-of days, and runs that can be repeated."""

import dataclasses
from datetime import date
from typing import Any

import pytest

from evalsys.domain.live.words import Verdict as SessionVerdict
from evalsys.domain.personnel import InvestigationOutcome
from evalsys.domain.personnel_county import CountyFacts, Evaluation, evaluate
from evalsys.domain.rulebook import Conclusion, Dated, SideResult
from evalsys.errors import InvalidInput
from evalsys.store.rulebooks import shipped_rulebook
from tests.builders import a_finding, a_report, a_year_of, an_appraisal, an_official

BOOK = shipped_rulebook()
NUMBERS = ("00000001", "00000002", "00000003", "00000004")
BAD: dict[str, Any] = {
    "household_score_tenths": 300,
    "unit_rating_tenths": 300,
    "inspection_tenths": 300,
}


def county(bad: int, *, pending: int = 0, **facts: tuple[Any, ...]) -> CountyFacts:
    """Four cadres of one unit, the first its principal; `bad` unqualified, `pending` open."""
    cadres = tuple(an_official(n, is_principal=n == NUMBERS[0]) for n in NUMBERS)
    graded = NUMBERS[: len(NUMBERS) - pending]
    inputs = tuple(a_year_of(n, **(BAD if i < bad else {})) for i, n in enumerate(graded))
    return CountyFacts(cadres, inputs, **facts)


def run(facts: CountyFacts, as_of: date = date(2026, 12, 20), year: int = 2026) -> Evaluation:
    return evaluate(facts, BOOK, as_of=as_of, year=year)


def test_three_person_times_admonish_the_principal_and_nobody_else() -> None:
    done = run(county(3))
    assert done.units[0].is_admonished
    assert done.units[0].person_times == 3
    admonished = [a.cadre.number for a in done.assessed if a.verdict.side_results]
    assert admonished == [NUMBERS[0]]


def test_two_person_times_do_not() -> None:
    assert not run(county(2)).units[0].is_admonished


def test_an_open_result_that_could_reach_the_number_is_shown_as_such() -> None:
    unit = run(county(2, pending=1)).units[0]
    assert (unit.is_admonished, unit.may_yet_be, unit.pending) == (False, True, 1)


def test_person_times_count_a_cadre_once_a_year_within_the_window() -> None:
    window = next(p for p in BOOK.parameters if p.name == "admonish_window")
    values = tuple(dataclasses.replace(dated, value=2) for dated in window.values)
    longer = dataclasses.replace(window, values=values)
    two_years = dataclasses.replace(
        BOOK, parameters=tuple(longer if p is window else p for p in BOOK.parameters)
    )
    last_year = tuple(a_year_of(n, year=2025, **BAD) for n in NUMBERS[:2])
    this_year = county(1)
    facts = CountyFacts(this_year.cadres, this_year.inputs + last_year)
    day = date(2026, 12, 20)
    assert evaluate(facts, BOOK, as_of=day, year=2026).units[0].person_times == 1
    assert evaluate(facts, two_years, as_of=day, year=2026).units[0].person_times == 3


def test_counts_name_all_conclusions_and_side_results() -> None:
    done = run(county(1, pending=1))
    assert done.conclusions == {
        Conclusion.BARRED: 1,
        Conclusion.SUSPENDED: 0,
        Conclusion.PENDING: 1,
        Conclusion.ELIGIBLE: 2,
    }
    assert set(done.side_results) == set(SideResult)


def test_the_same_facts_rules_and_day_give_the_same_run() -> None:
    assert run(county(1)).run == run(county(1)).run
    assert run(county(1)).run != run(county(2)).run
    assert run(county(1)).run != run(county(1), as_of=date(2026, 12, 21)).run


def test_a_finding_after_the_day_is_not_known_on_the_day() -> None:
    facts = county(0, findings=(a_finding(SessionVerdict.FAKED_SUSPECTED, NUMBERS[1]),))
    assert run(facts, as_of=date(2026, 11, 19)).conclusions[Conclusion.PENDING] == 0
    assert run(facts, as_of=date(2026, 11, 20)).conclusions[Conclusion.PENDING] == 1


def test_a_report_after_the_day_is_not_known_on_the_day() -> None:
    facts = county(
        0,
        findings=(a_finding(SessionVerdict.FAKED_SUSPECTED, NUMBERS[1]),),
        reports=(a_report(InvestigationOutcome.CLEARED, cadre=NUMBERS[1]),),
    )
    assert run(facts, as_of=date(2026, 11, 27)).conclusions[Conclusion.PENDING] == 1
    assert run(facts, as_of=date(2026, 11, 28)).conclusions[Conclusion.PENDING] == 0


def test_the_latest_appraisal_of_the_year_holds() -> None:
    first = an_appraisal(5, cadre=NUMBERS[1], held_on=date(2026, 11, 1))
    second = an_appraisal(20, cadre=NUMBERS[1], held_on=date(2026, 12, 1))
    facts = county(0, appraisals=(second, first))
    assert run(facts, as_of=date(2026, 11, 2)).conclusions[Conclusion.SUSPENDED] == 1
    assert run(facts, as_of=date(2026, 12, 2)).conclusions[Conclusion.SUSPENDED] == 0


def test_an_appraisal_of_an_earlier_year_opens_and_closes_nothing() -> None:
    old = an_appraisal(0, cadre=NUMBERS[1], held_on=date(2025, 12, 31))
    assert run(county(0, appraisals=(old,))).conclusions[Conclusion.SUSPENDED] == 0


@pytest.mark.parametrize(
    ("satisfied", "held_on", "suspended"),
    [
        (0, date(2025, 1, 1), 1),
        (20, date(2025, 1, 1), 0),  # contentment is of its own year alone
        (0, date(2024, 12, 31), 0),
    ],
)
def test_how_long_a_refusal_holds_is_a_dated_number(
    satisfied: int, held_on: date, suspended: int
) -> None:
    years = next(one for one in BOOK.parameters if one.name == "appraisal_refused_years")
    two = dataclasses.replace(
        years, values=(Dated(1, BOOK.begins, date(2026, 6, 30)), Dated(2, date(2026, 7, 1)))
    )
    book = dataclasses.replace(
        BOOK, parameters=tuple(two if one is years else one for one in BOOK.parameters)
    )
    facts = county(0, appraisals=(an_appraisal(satisfied, cadre=NUMBERS[1], held_on=held_on),))
    later = evaluate(facts, book, as_of=date(2026, 12, 20), year=2026)
    before = evaluate(facts, book, as_of=date(2026, 6, 30), year=2026)
    assert later.conclusions[Conclusion.SUSPENDED] == suspended
    assert before.conclusions[Conclusion.SUSPENDED] == 0


@pytest.mark.parametrize("year", [2027, 2012, 0, -1])
def test_a_year_that_has_not_begun_or_lies_before_the_rules_is_refused(year: int) -> None:
    with pytest.raises(InvalidInput, match=r"2013 年（规则集开始）至 2026 年"):
        run(county(0), year=year)


def test_a_day_before_the_rules_is_refused() -> None:
    with pytest.raises(InvalidInput):
        run(county(0), as_of=date(2012, 5, 1), year=2012)


def test_every_cadre_of_a_county_of_10180_is_judged() -> None:
    cadres = tuple(an_official(f"{i:08d}", is_principal=i < 120) for i in range(10_180))
    inputs = tuple(
        a_year_of(f"{i:08d}", household_score_tenths=i % 1001, unit_rating_tenths=None)
        for i in range(10_180)
    )
    done = run(CountyFacts(cadres, inputs))
    assert len(done.assessed) == 10_180

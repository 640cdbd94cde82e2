"""Eligibility: the rule cases of 沂水2013, three-valued logic, and facts from records."""

import dataclasses
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from evalsys.domain.assessment import annual_result
from evalsys.domain.eligibility import COMPARE, Judge, eligibility
from evalsys.domain.live.words import Verdict as SessionVerdict
from evalsys.domain.personnel import (
    FIELDS,
    GRADE,
    INVESTIGATIONS_OPEN,
    Appraisal,
    CadreRecord,
    InvestigationOutcome,
    Missing,
    Value,
    appraisal_outcome,
    facts_of,
    is_on_probation,
)
from evalsys.domain.rulebook import Conclusion, Operator
from evalsys.store.rulebooks import shipped_rulebook
from tests.builders import a_finding, a_report, a_year_of, an_appraisal, an_official

DATA = Path(__file__).parents[2] / "data" / "eligibility_cases.toml"
CASES: list[dict[str, Any]] = tomllib.loads(DATA.read_text(encoding="utf-8"))["case"]
RULES = shipped_rulebook().on(date(2026, 12, 1))
USUAL: dict[str, Value] = {
    "联系群众考核等次": "合格",
    "试用期": False,
    "主要负责人": False,
    "人员类别": "公务员",
    "单位不合格人次": 0,
    "显著实绩": False,
    "任前群众评议": "未开展",
    "查实弄虚作假次数": 0,
    "查实未处理次数": 0,
    "未结调查次数": 0,
    "会上未完成次数": 0,
    "承诺未兑现次数": 0,
    "单位承诺未兑现次数": 0,
    "处理影响期": False,
}


def facts(given: dict[str, Any]) -> dict[str, Value]:
    assert given.keys() <= USUAL.keys()
    return USUAL | {k: Missing("没有数据") if v == "缺" else v for k, v in given.items()}


def a_record(**different: object) -> CadreRecord:
    usual = CadreRecord(an_official(), annual_result(a_year_of(), 2026, RULES.standard))
    return dataclasses.replace(usual, **different)  # type: ignore[arg-type]  # tests name fields


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    verdict = Judge(RULES).verdict_on(facts(case.get("given", {})))
    assert verdict.conclusion == case["conclusion"]
    assert list(verdict.side_results) == case.get("side", [])
    assert sorted(verdict.rule_numbers) == sorted(case["rules"])


def test_every_rule_is_fired_by_some_case_and_spared_by_another() -> None:
    judge = Judge(RULES)
    verdicts = [judge.verdict_on(facts(case.get("given", {}))) for case in CASES]
    for i, rule in enumerate(RULES.rules):
        outcomes = {verdict.outcomes[i].met for verdict in verdicts}
        assert {True, False} <= outcomes, rule.number


def test_the_cases_speak_of_every_field() -> None:
    assert USUAL.keys() == {field.name for field in FIELDS}


def test_every_operator_has_a_meaning() -> None:
    assert COMPARE.keys() == set(Operator)


def test_reasons_stand_most_severe_first() -> None:
    verdict = Judge(RULES).verdict_on(
        facts({GRADE: "不合格", "任前群众评议": "不满意", INVESTIGATIONS_OPEN: 1})
    )
    assert [outcome.effect for outcome in verdict.reasons] == [
        Conclusion.BARRED,
        Conclusion.SUSPENDED,
        Conclusion.PENDING,
    ]


@pytest.mark.parametrize("field", [field.name for field in FIELDS])
def test_missing_input_never_makes_a_person_better_off(field: str) -> None:
    judge = Judge(RULES)
    order = list(Conclusion)
    for case in CASES:
        given = case.get("given", {})
        full = judge.verdict_on(facts(given)).conclusion
        holey = judge.verdict_on(facts(given | {field: "缺"})).conclusion
        worst_hidden = order.index(Conclusion.PENDING)
        assert order.index(holey) <= max(order.index(full), worst_hidden)


def test_a_reason_names_the_rule_and_the_values_it_saw() -> None:
    verdict = Judge(RULES).verdict_on(facts({GRADE: "不合格", "试用期": True}))
    assert verdict.side[0].reason == (
        "沂水-2 试用期内不合格，免除试用期职务：试用期=是，联系群众考核等次=不合格"
    )


def test_a_pending_reason_says_what_is_missing() -> None:
    record = a_record(annual=annual_result(None, 2026, RULES.standard))
    assert eligibility(record, RULES).reasons[0].reason == "沂水-1 待核：未录入年度考核"


def test_a_suspicion_opens_an_investigation_and_convicts_nobody() -> None:
    record = a_record(findings=(a_finding(SessionVerdict.FAKED_SUSPECTED),))
    verdict = eligibility(record, RULES)
    assert verdict.conclusion is Conclusion.PENDING
    assert verdict.side_results == ()


def test_an_investigation_that_clears_the_cadre_leaves_nothing_behind() -> None:
    record = a_record(
        findings=(a_finding(SessionVerdict.ACCOUNTS_DIFFER),),
        reports=(a_report(InvestigationOutcome.CLEARED),),
    )
    assert eligibility(record, RULES).conclusion is Conclusion.ELIGIBLE


def test_faking_established_is_penalised_and_holds_promotion_until_the_sanction() -> None:
    finding = a_finding(SessionVerdict.FAKED_SUSPECTED)
    open_ = a_record(findings=(finding,), reports=(a_report(InvestigationOutcome.FAKED),))
    assert eligibility(open_, RULES).conclusion is Conclusion.PENDING
    assert eligibility(open_, RULES).side_results == ("处理曝光",)
    sanctioned = a_record(
        findings=(finding,),
        reports=(
            a_report(InvestigationOutcome.FAKED),
            a_report(InvestigationOutcome.FAKED, sanction="党内警告"),
        ),
    )
    assert eligibility(sanctioned, RULES).conclusion is Conclusion.ELIGIBLE
    assert eligibility(sanctioned, RULES).side_results == ("处理曝光",)


def test_a_rehearsal_never_counts() -> None:
    record = a_record(findings=(a_finding(SessionVerdict.FAKED_SUSPECTED, rehearsal=True),))
    assert eligibility(record, RULES).conclusion is Conclusion.ELIGIBLE


def test_an_old_investigation_stays_open_until_it_is_concluded() -> None:
    old = a_finding(SessionVerdict.ACCOUNTS_DIFFER, held_on=date(2024, 5, 1))
    assert facts_of(a_record(findings=(old,)), RULES.numbers)[INVESTIGATIONS_OPEN] == 1


def test_what_was_not_done_last_year_is_no_note_of_this_year() -> None:
    old = a_finding(SessionVerdict.NOT_DONE, held_on=date(2025, 12, 31))
    assert eligibility(a_record(findings=(old,)), RULES).side_results == ()


@pytest.mark.parametrize(
    ("appraisal", "outcome"),
    [
        (None, "未开展"),
        (an_appraisal(20), "满意"),
        (an_appraisal(14), "满意"),
        (an_appraisal(13), "不满意"),
        (an_appraisal(0), "不满意"),
    ],
)
def test_a_pre_appointment_appraisal_is_judged_by_its_threshold(
    appraisal: Appraisal | None, outcome: str
) -> None:
    assert appraisal_outcome(appraisal, RULES.numbers) == outcome


@pytest.mark.parametrize(("answered", "linked"), [(4, 6), (14, 30)], ids=["too few", "low turnout"])
def test_an_appraisal_without_quorum_decides_nothing(answered: int, linked: int) -> None:
    appraisal = an_appraisal(0, answered=answered, linked=linked)
    assert isinstance(appraisal_outcome(appraisal, RULES.numbers), Missing)


@pytest.mark.parametrize(
    ("flagged", "since", "until", "expected"),
    [
        (False, None, None, False),
        (True, None, None, True),
        (True, date(2026, 1, 1), date(2026, 12, 1), True),
        (True, date(2026, 12, 2), None, False),
        (True, None, date(2026, 11, 30), False),
    ],
)
def test_probation_follows_its_dates(
    *, flagged: bool, since: date | None, until: date | None, expected: bool
) -> None:
    assert is_on_probation(date(2026, 12, 1), since, until, flagged=flagged) is expected


def record_facts(record: CadreRecord) -> dict[str, Value]:
    return facts_of(record, RULES.numbers)


def test_insufficient_data_touch_no_promotion() -> None:
    for verdict in SessionVerdict:
        record = a_record(findings=(a_finding(verdict, is_enough=False),))
        assert record_facts(record) == record_facts(a_record())


def test_an_investigation_after_insufficient_data_stands_on_its_own_evidence() -> None:
    finding = a_finding(SessionVerdict.ACCOUNTS_DIFFER, is_enough=False)
    faked = a_record(findings=(finding,), reports=(a_report(InvestigationOutcome.FAKED),))
    enough = a_record(
        findings=(a_finding(SessionVerdict.ACCOUNTS_DIFFER),),
        reports=(a_report(InvestigationOutcome.FAKED),),
    )
    assert record_facts(faked) == record_facts(enough)

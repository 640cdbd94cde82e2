"""The personnel room on each database: evaluate, read with an audit line, decide for good."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from evalsys.domain.assessment import NOBODY, Component
from evalsys.domain.component_scores import ComponentScore, Subject
from evalsys.domain.cycles import CycleCode
from evalsys.domain.live.words import Verdict as SessionVerdict
from evalsys.domain.personnel import CadreFact, InvestigationOutcome, SessionFinding
from evalsys.domain.personnel_county import Assessed
from evalsys.domain.personnel_decisions import Choice
from evalsys.domain.personnel_filter import Filter
from evalsys.domain.pledge_case import PledgeRuled
from evalsys.domain.rulebook import Conclusion, SideResult
from evalsys.domain.scoring import Band
from evalsys.errors import InvalidInput, NotFound, RuleViolation, StaleState
from evalsys.ids import CadreNumber
from evalsys.services.cycles import Cycles
from evalsys.services.personnel import Personnel, Seen
from evalsys.store import audit, rule_versions
from evalsys.store.assessment import Saved, inputs_of, save_inputs
from evalsys.store.cases import PLEDGES, PROCEDURES
from evalsys.store.component_scores import add_scores
from evalsys.store.database import Database
from tests.builders import NOON, a_finding, a_report, a_year_of, an_appraisal
from tests.procedures import GIVEN_UP, at_the_gate
from tests.small_county import GONE, NOT_ENTERED, ON_PROBATION, PRINCIPAL, TEACHER, report


def conclusion_on(personnel: Personnel, number: CadreNumber) -> Conclusion:
    return personnel.person(number, by="zuzhi").one.verdict.conclusion


def decided(
    personnel: Personnel, number: CadreNumber, choice: Choice, reason: str = "经研究决定"
) -> None:
    evaluation = personnel.evaluate(by="zuzhi")
    seen = Seen(evaluation.run, evaluation.as_of, evaluation.year)
    personnel.decide(number, choice, reason=reason, by="zuzhi", seen=seen)


def actions(database: Database) -> list[tuple[str, str, str]]:
    with database.read() as db:
        return [(line.actor, line.action, line.subject) for line in audit.entries(db)]


def test_every_serving_cadre_is_judged_and_who_left_is_not(personnel: Personnel) -> None:
    evaluation = personnel.evaluate(by="zuzhi")
    assert {one.cadre.number: one.verdict.conclusion for one in evaluation.assessed} == {
        PRINCIPAL: Conclusion.ELIGIBLE,
        ON_PROBATION: Conclusion.BARRED,
        TEACHER: Conclusion.ELIGIBLE,
        NOT_ENTERED: Conclusion.PENDING,
    }
    assert evaluation.year == 2026
    assert evaluation.as_of == date(2026, 12, 1)


def test_a_cadre_who_left_later_is_judged_as_of_the_earlier_day(personnel: Personnel) -> None:
    then = personnel.evaluate(by="zuzhi", as_of=date(2026, 4, 30))
    assert GONE in {one.cadre.number for one in then.assessed}


def test_roster_facts_reach_the_rules(personnel: Personnel) -> None:
    record = personnel.person(ON_PROBATION, by="zuzhi")
    assert record.one.cadre.township == "龙家圈街道"
    assert record.one.verdict.side_results == (SideResult.PROBATION_ENDED,)
    cadres = {one.cadre.number: one.cadre for one in record.evaluation.assessed}
    assert cadres[PRINCIPAL].is_principal is True
    assert cadres[ON_PROBATION].is_principal is False
    assert cadres[TEACHER].is_principal is None  # the roster names no principal of that unit


def test_an_evaluation_is_recorded_once_however_often_it_is_looked_at(
    personnel: Personnel, database: Database
) -> None:
    first = personnel.evaluate(by="zuzhi")
    personnel.evaluate(by="another")
    assert [(run.run, run.first_by, run.cadres) for run in personnel.runs(10)] == [
        (first.run, "zuzhi", 4)
    ]
    with database.write() as db:
        save_inputs(db, [a_year_of(NOT_ENTERED)], on=NOON.date())
    assert personnel.evaluate(by="zuzhi").run != first.run
    assert len(personnel.runs(10)) == 2


def test_a_day_that_has_not_come_is_refused(personnel: Personnel) -> None:
    with pytest.raises(InvalidInput, match="还没有到"):
        personnel.evaluate(by="zuzhi", as_of=date(2026, 12, 2))


def test_opening_a_record_leaves_an_audit_line(personnel: Personnel, database: Database) -> None:
    personnel.person(TEACHER, by="zuzhi")
    assert ("zuzhi", "personnel.read", f"cadre:{TEACHER}") in actions(database)


def test_nobody_of_that_number_is_not_found(personnel: Personnel) -> None:
    with pytest.raises(NotFound, match="00009999"):
        personnel.person(CadreNumber("00009999"), by="zuzhi")


def test_inputs_handed_in_again_change_nothing_and_corrected_ones_replace(
    personnel: Personnel, database: Database
) -> None:
    assert personnel.today() == date(2026, 12, 1)
    with database.write() as db:
        again = save_inputs(
            db, [a_year_of(PRINCIPAL), a_year_of(NOT_ENTERED, year=2025)], on=NOON.date()
        )
        changed = save_inputs(db, [a_year_of(PRINCIPAL, unit_rating_tenths=None)], on=NOON.date())
        kept = inputs_of(db, [2026])
    assert again == Saved(new=1, changed=0, unchanged=1)
    assert changed == Saved(new=0, changed=1, unchanged=0)
    assert next(row for row in kept if row.cadre == PRINCIPAL).unit_rating_tenths is None


def test_a_decision_is_kept_beside_the_advice_it_follows(
    personnel: Personnel, database: Database
) -> None:
    decided(personnel, ON_PROBATION, Choice.REFUSE, "年度考核不合格")
    (made,) = personnel.person(ON_PROBATION, by="zuzhi").decisions
    assert (made.choice, made.decided_by, made.reason) == (
        Choice.REFUSE,
        "zuzhi",
        "年度考核不合格",
    )
    assert made.conclusion is Conclusion.BARRED
    assert made.rules == ("沂水-1", "沂水-2")
    assert not made.departs
    assert personnel.decided(2026)[ON_PROBATION] == made
    assert ("zuzhi", "personnel.decide", f"cadre:{ON_PROBATION}") in actions(database)


def test_the_last_decision_holds_and_the_earlier_ones_stay(personnel: Personnel) -> None:
    decided(personnel, TEACHER, Choice.DEFER)
    decided(personnel, TEACHER, Choice.REFUSE)
    record = personnel.person(TEACHER, by="zuzhi")
    assert [made.choice for made in record.decisions] == [Choice.REFUSE, Choice.DEFER]
    assert record.decisions[0].departs
    assert personnel.decided(2026)[TEACHER].choice is Choice.REFUSE
    assert personnel.decided(2025) == {}


@pytest.mark.parametrize("table", ["decisions", "evaluation_runs"])
def test_what_was_decided_cannot_be_changed(
    personnel: Personnel, database: Database, table: str
) -> None:
    decided(personnel, TEACHER, Choice.DEFER)
    with pytest.raises(DBAPIError, match="append-only"), database.write() as db:
        db.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - names of our own tables


def test_a_rule_knows_no_exception_for_one_person(personnel: Personnel) -> None:
    with pytest.raises(RuleViolation, match=r"沂水-1.*不设个人例外"):
        decided(personnel, ON_PROBATION, Choice.PROMOTE)


def test_nobody_is_promoted_before_the_households_are_satisfied(
    personnel: Personnel, database: Database
) -> None:
    with pytest.raises(RuleViolation, match="任前群众评议"):
        decided(personnel, TEACHER, Choice.PROMOTE)
    personnel.record_appraisal(an_appraisal(20, cadre=TEACHER))
    with pytest.raises(RuleViolation, match="没有在办的提拔程序"):
        decided(personnel, TEACHER, Choice.PROMOTE)
    case = at_the_gate(database, TEACHER, until=date(2026, 12, 1))
    with pytest.raises(RuleViolation, match="公示到 2026-12-01 才期满"):
        decided(personnel, TEACHER, Choice.PROMOTE)
    assert personnel.decided(2026) == {}
    with database.write() as db:
        PROCEDURES.note(db, case, GIVEN_UP, after=4, cadre=TEACHER, by="zuzhi", at=NOON)
    case = at_the_gate(database, TEACHER)
    decided(personnel, TEACHER, Choice.PROMOTE)
    with database.read() as db:
        assert PROCEDURES.one(db, case).decided_by == "zuzhi"
    assert personnel.decided(2026)[TEACHER].choice is Choice.PROMOTE


def test_nobody_is_promoted_in_view_of_an_earlier_day_or_year(
    personnel: Personnel, database: Database
) -> None:
    """Spared by a rule then, barred now: only the present advice carries a promotion (Y59)."""
    personnel.record_appraisal(an_appraisal(20, cadre=ON_PROBATION))
    at_the_gate(database, ON_PROBATION)
    with database.write() as db:
        save_inputs(db, [a_year_of(ON_PROBATION, year=2025)], on=date(2025, 12, 31))
    for day, year in ((date(2026, 11, 30), None), (None, 2025), (date(2025, 12, 31), 2025)):
        then = personnel.evaluate(by="zuzhi", as_of=day, year=year)
        seen = Seen(then.run, then.as_of, then.year)
        with pytest.raises(RuleViolation, match="基准日 2026-12-01、考核年度 2026"):
            personnel.decide(ON_PROBATION, Choice.PROMOTE, reason="x", by="zuzhi", seen=seen)
    with pytest.raises(RuleViolation, match="沂水-1"):
        decided(personnel, ON_PROBATION, Choice.PROMOTE)
    assert personnel.decided(2026) == personnel.decided(2025) == {}


def test_households_who_are_not_satisfied_suspend_the_procedure(personnel: Personnel) -> None:
    personnel.record_appraisal(an_appraisal(3, cadre=TEACHER))
    assert conclusion_on(personnel, TEACHER) is Conclusion.SUSPENDED


def test_a_decision_on_an_outdated_page_is_refused(
    personnel: Personnel, database: Database
) -> None:
    old = personnel.evaluate(by="zuzhi")
    with database.write() as db:
        save_inputs(db, [a_year_of(TEACHER, household_score_tenths=100)], on=NOON.date())
    seen = Seen(old.run, old.as_of, old.year)
    with pytest.raises(StaleState):
        personnel.decide(TEACHER, Choice.DEFER, reason="理由", by="zuzhi", seen=seen)
    assert personnel.decided(2026) == {}


@pytest.mark.parametrize("reason", ["", "  \n", "长" * 1001])
def test_a_decision_needs_a_reason_of_readable_length(personnel: Personnel, reason: str) -> None:
    with pytest.raises(InvalidInput):
        decided(personnel, TEACHER, Choice.DEFER, reason)


def test_an_investigation_runs_from_suspicion_to_sanction(
    personnel: Personnel, database: Database, found: list[SessionFinding]
) -> None:
    found.append(a_finding(SessionVerdict.FAKED_SUSPECTED, TEACHER))
    assert conclusion_on(personnel, TEACHER) is Conclusion.PENDING
    report(database, a_report(InvestigationOutcome.FAKED, cadre=TEACHER))
    record = personnel.person(TEACHER, by="zuzhi").one
    assert record.verdict.side_results == (SideResult.PENALISED,)
    assert record.verdict.conclusion is Conclusion.PENDING
    report(database, a_report(InvestigationOutcome.FAKED, cadre=TEACHER, sanction="党内警告"))
    assert conclusion_on(personnel, TEACHER) is Conclusion.ELIGIBLE


def test_a_record_needs_a_document_and_a_day_that_has_come(personnel: Personnel) -> None:
    with pytest.raises(InvalidInput, match="文件"):
        personnel.record_appraisal(an_appraisal(20, cadre=TEACHER, document=" "))
    with pytest.raises(InvalidInput, match="还没有到"):
        personnel.record_appraisal(an_appraisal(20, cadre=TEACHER, held_on=date(2026, 12, 2)))
    with pytest.raises(NotFound):
        personnel.record_appraisal(an_appraisal(20, cadre=GONE))


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (Filter(), {PRINCIPAL, ON_PROBATION, TEACHER, NOT_ENTERED}),
        (Filter(conclusion=Conclusion.PENDING), {NOT_ENTERED}),
        (Filter(side=SideResult.PROBATION_ENDED), {ON_PROBATION}),
        (Filter(search="00000003"), {TEACHER}),
        (Filter(search=" 建国 "), {PRINCIPAL}),
        (Filter(search="0003"), set()),
        (Filter(township="龙家圈街道", search="李"), {ON_PROBATION}),
        (Filter(township="别处"), set()),
    ],
)
def test_a_filter_chooses(personnel: Personnel, wanted: Filter, numbers: set[CadreNumber]) -> None:
    evaluation = personnel.evaluate(by="zuzhi")
    assert {one.cadre.number for one in wanted.choose(evaluation)} == numbers
    assert bool(wanted.in_words(evaluation)) is (wanted != Filter())


def test_an_earlier_day_knows_nothing_of_what_was_recorded_since(
    personnel: Personnel, database: Database, found: list[SessionFinding]
) -> None:
    """Appraisal, report, score, fact, ruling: each counts from the day on which it is recorded."""
    earlier, today = date(2026, 11, 30), personnel.today()
    found.append(a_finding(SessionVerdict.FAKED_SUSPECTED, TEACHER, held_on=date(2026, 6, 1)))

    def on(day: date) -> Assessed:
        evaluation = personnel.evaluate(by="zuzhi", as_of=day)
        return next(one for one in evaluation.assessed if one.cadre.number == TEACHER)

    before = on(earlier)
    assert before.verdict.conclusion is Conclusion.PENDING
    personnel.record_appraisal(an_appraisal(20, cadre=TEACHER, held_on=date(2026, 6, 1)))
    report(
        database,
        a_report(InvestigationOutcome.CLEARED, cadre=TEACHER, concluded_on=date(2026, 7, 1)),
    )
    ruled = PledgeRuled(TEACHER, kept=False, basis="核查", ruled_on=date(2026, 6, 1))
    fact = CadreFact(TEACHER, "处分种类", "警告", date(2026, 6, 1), "文", "zuzhi", NOON)
    score = ComponentScore(
        subject=Subject.CADRE,
        code=TEACHER,
        component=Component.INSPECTION,
        cycle=CycleCode("2026"),
        tenths=900,
        band=Band.UNANIMOUS_HIGH,
        counts=NOBODY,
        document="文",
        held_on=date(2026, 6, 1),
        entered_by="zuzhi",
        entered_at=NOON,
    )
    year = (date(2026, 1, 1), date(2026, 12, 31))
    Cycles(database, lambda: NOON, personnel.zone, personnel.book).open(
        score.cycle, *year, by="zuzhi"
    )
    with database.write() as db:
        PLEDGES.note(db, "p-x-1", ruled, after=0, cadre=TEACHER, by="zuzhi", at=NOON)
        rule_versions.add_facts(db, [fact])
        add_scores(db, [score])
        save_inputs(db, [a_year_of(TEACHER, household_score_tenths=100)], on=today)
    assert on(earlier) == before
    assert on(date(2026, 1, 1)).annual.grade is before.annual.grade
    after = on(today).record
    assert (after.appraisal is not None, len(after.reports), after.broken_pledges) == (True, 1, 1)
    assert after.more == {"处分种类": "警告"}
    inspected = after.annual.part(Component.INSPECTION)
    assert (inspected.score_tenths, inspected.shown) == (900, "全部评为 4 分以上")
    assert after.annual.score_of(Component.HOUSEHOLD) == 100

"""The gate of a promotion procedure: no step is skipped, whoever asks (Y62-Y65, Y80)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date

import pytest

from evalsys.domain import promotion_events as e
from evalsys.domain import promotion_steps as steps
from evalsys.domain.casebook import Entry, Noted, Paper
from evalsys.domain.personnel import AppraisalOutcome
from evalsys.domain.personnel_decisions import Choice
from evalsys.domain.promotion import PROMOTION, Procedure, PromotionStage, procedure
from evalsys.errors import InvalidInput, NotFound, RuleViolation, Tampered, WrongPhase
from tests.builders import NOON, an_appraisal
from tests.procedures import CALLED, CAMPAIGN, GIVEN_UP, counted, opened, publicity

NUMBERS = {
    "hide_below": 5,
    "appraisal_quorum": 50,
    "appraisal_pass": 67,
    "appraisal_refused_years": 1,
    "publicity_days": 5,
    "probation_months": 12,
}
CADRE = an_appraisal(1).cadre
DAY, UNTIL = date(2026, 12, 1), date(2026, 11, 27)
OPENED, PUBLIC, GOOD = opened(CADRE), publicity(UNTIL), counted()
WORDS = Paper("f" * 32, "异议", "text/plain", "0" * 64, 12)
OBJECTION = e.ObjectionReceived(1, DAY, e.ObjectorKind.HOUSEHOLD, WORDS)
REJECTED, UPHELD = (e.ObjectionHandled(1, upheld, "查过") for upheld in (False, True))
AGREED = e.DecisionMade(Choice.PROMOTE, "经研究")
APPOINTED = e.Appointed(DAY, "任职文件", date(2027, 12, 1))
NOT_CONTENT = counted(3, outcome=AppraisalOutcome.NOT_SATISFIED)
TOO_FEW = counted(None, answered=4, outcome=None, open_because="人数过少")


def after(*events: e.PromotionEvent) -> Procedure:
    noted = [Noted(event, "dongyi", NOON, n) for n, event in enumerate(events, 1)]
    found = procedure("a" * 32, noted)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("events", "stage", "lacks"),
    [
        ((OPENED,), PromotionStage.OPENED, "还没有公示"),
        ((OPENED, publicity(DAY)), PromotionStage.PUBLICITY, "才期满"),
        ((OPENED, PUBLIC), PromotionStage.PUBLICITY, "还没有由其联系户"),
        ((OPENED, PUBLIC, CALLED), PromotionStage.APPRAISAL, "还没有结果"),
        ((OPENED, publicity(DAY), CALLED, GOOD), PromotionStage.APPRAISAL, "才期满"),
        ((OPENED, PUBLIC, OBJECTION, CALLED, GOOD), PromotionStage.APPRAISAL, "第 1 件异议"),
        ((OPENED, PUBLIC, CALLED, TOO_FEW), PromotionStage.APPRAISAL, "人数过少"),
        ((OPENED, PUBLIC, CALLED, GOOD), PromotionStage.CONTINUES, ""),
        ((OPENED, PUBLIC, OBJECTION, REJECTED, CALLED, GOOD), PromotionStage.CONTINUES, ""),
        ((OPENED, PUBLIC, OBJECTION, UPHELD, CALLED, GOOD), PromotionStage.SUSPENDED, "成立"),
        ((OPENED, PUBLIC, CALLED, NOT_CONTENT), PromotionStage.SUSPENDED, "不满意"),
        ((OPENED, PUBLIC, CALLED, GOOD, AGREED), PromotionStage.AGREED, ""),
        ((OPENED, PUBLIC, CALLED, GOOD, AGREED, APPOINTED), PromotionStage.PROBATION, ""),
        ((OPENED, GIVEN_UP), PromotionStage.CLOSED, ""),
    ],
)
def test_only_the_whole_way_opens_the_gate(
    events: tuple[e.PromotionEvent, ...], stage: PromotionStage, lacks: str
) -> None:
    state = after(*events)
    assert state.stage(DAY) is stage
    assert lacks in "；".join(state.missing(DAY))
    if stage is PromotionStage.CONTINUES:
        assert steps.decide_at_gate(state, Choice.PROMOTE, "经研究", day=DAY).choice
        return
    with pytest.raises(RuleViolation):
        steps.decide_at_gate(state, Choice.PROMOTE, "经研究", day=DAY)


def test_a_year_of_working_days_and_months_is_counted_from_the_next_day() -> None:
    begun = steps.start_publicity(
        after(OPENED), where="公告栏", day=DAY, numbers=NUMBERS, holidays={date(2026, 12, 4)}
    )
    assert begun.until == date(2026, 12, 9)  # five working days without the 4th and a weekend
    state = after(OPENED, PUBLIC, CALLED, GOOD, AGREED)
    made = steps.appoint(
        state, appointed_on=DAY, document="文件", day=DAY, numbers=NUMBERS, zone=UTC
    )
    assert made.probation_until == date(2027, 12, 1)
    assert steps.months_later(date(2027, 8, 31), 6) == date(2028, 2, 29)
    with pytest.raises(InvalidInput, match="不可能"):
        steps.appoint(
            state,
            appointed_on=date(2026, 11, 30),
            document="文件",
            day=DAY,
            numbers=NUMBERS,
            zone=UTC,
        )


@pytest.mark.parametrize(
    ("satisfied", "answered", "outcome"),
    [
        (19, 20, AppraisalOutcome.SATISFIED),
        (5, 20, AppraisalOutcome.NOT_SATISFIED),
        (14, 14, None),  # 14 of 30: one short of the quorum
        (15, 15, AppraisalOutcome.SATISFIED),  # just enough
        (10, 15, AppraisalOutcome.NOT_SATISFIED),  # 66.7 percent are no 67
        (4, 4, None),
    ],
)
def test_an_appraisal_is_judged_by_quorum_and_threshold(
    satisfied: int, answered: int, outcome: AppraisalOutcome | None
) -> None:
    state, held = after(OPENED, PUBLIC, CALLED), an_appraisal(satisfied, answered=answered)
    found = steps.count_appraisal(state, held, called=30, reached=25, hidden=False, numbers=NUMBERS)
    assert found.outcome is outcome
    assert bool(found.open_because) is (outcome is None)
    again = after(OPENED, PUBLIC, CALLED, found)
    if outcome is None:
        steps.check_may_call(again, DAY)
    else:
        with pytest.raises(WrongPhase):
            steps.check_may_call(again, DAY)


STEPS: list[tuple[Callable[[Procedure], object], Procedure]] = [
    (lambda s: steps.check_may_call(s, DAY), after(OPENED)),
    (lambda s: steps.check_may_call(s, DAY), after(OPENED, PUBLIC, CALLED)),
    (
        lambda s: steps.start_publicity(s, where="栏", day=DAY, numbers=NUMBERS, holidays=()),
        after(OPENED, PUBLIC),
    ),
    (
        lambda s: steps.receive_objection(s, e.ObjectorKind.CITIZEN, WORDS, day=DAY),
        after(OPENED),
    ),
    (
        lambda s: steps.receive_objection(s, e.ObjectorKind.CITIZEN, WORDS, day=DAY),
        after(OPENED, PUBLIC, CALLED, GOOD, AGREED),
    ),
    (
        lambda s: steps.receive_objection(s, e.ObjectorKind.HOUSEHOLD, WORDS, day=DAY),
        after(OPENED, PUBLIC, OBJECTION),  # a double click
    ),
    (
        lambda s: steps.check_undecided([s], 2026, NUMBERS),
        after(OPENED, PUBLIC, CALLED, NOT_CONTENT),
    ),
    (
        lambda s: steps.handle_objection(s, 1, upheld=False, reply="查", by="dongyi", day=DAY),
        after(OPENED, PUBLIC, OBJECTION),
    ),
    (
        lambda s: steps.handle_objection(s, 1, upheld=True, reply="查", by="jijian", day=DAY),
        after(OPENED, PUBLIC, OBJECTION, REJECTED),
    ),
    (
        lambda s: steps.appoint(
            s, appointed_on=DAY, document="文", day=DAY, numbers=NUMBERS, zone=UTC
        ),
        after(OPENED, PUBLIC, CALLED, GOOD),
    ),
    (
        lambda s: steps.end_probation(s, passed=True, basis="考核", day=DAY),
        after(OPENED, PUBLIC, CALLED, GOOD, AGREED, APPOINTED),
    ),
    (lambda s: steps.end_probation(s, passed=False, basis="考核", day=DAY), after(OPENED)),
    (lambda s: steps.review_uniformity(s, "看过"), after(OPENED, PUBLIC, CALLED, GOOD)),
    (lambda s: steps.close_procedure(s, "不办了", day=DAY), after(OPENED, GIVEN_UP)),
    (
        lambda s: steps.decide_at_gate(s, Choice.DEFER, "再看", day=DAY),
        after(OPENED, PUBLIC, CALLED, GOOD, AGREED),
    ),
]


@pytest.mark.parametrize(("step", "state"), STEPS)
def test_a_step_out_of_turn_is_refused(
    step: Callable[[Procedure], object], state: Procedure
) -> None:
    with pytest.raises(RuleViolation):
        step(state)


def test_an_objection_is_answered_by_somebody_else_and_probation_ends_after_its_last_day() -> None:
    state = after(OPENED, PUBLIC, OBJECTION)
    with pytest.raises(NotFound):
        state.objection(2)
    with pytest.raises(InvalidInput, match="答复"):
        steps.handle_objection(state, 1, upheld=False, reply=" ", by="jijian", day=DAY)
    handled = steps.handle_objection(state, 1, upheld=False, reply="查", by="jijian", day=DAY)
    assert handled.reply == "查"
    served = after(OPENED, PUBLIC, CALLED, GOOD, AGREED, APPOINTED)
    done = steps.end_probation(served, passed=True, basis="考核", day=date(2027, 12, 2))
    assert after(OPENED, PUBLIC, CALLED, GOOD, AGREED, APPOINTED, done).stage(DAY) is (
        PromotionStage.DONE
    )


def test_one_voice_is_shown_and_reviewed_without_effect() -> None:
    state = after(OPENED, PUBLIC, CALLED, counted(20))
    assert state.is_uniform
    assert state.stage(DAY) is PromotionStage.CONTINUES
    reviewed = after(
        OPENED, PUBLIC, CALLED, counted(20), steps.review_uniformity(state, "参评率 67%")
    )
    assert reviewed.stage(DAY) is PromotionStage.CONTINUES
    assert reviewed.reviews == ("参评率 67%",)


def test_events_are_kept_and_read_exactly() -> None:
    for event in (OPENED, PUBLIC, OBJECTION, UPHELD, CALLED, GOOD, TOO_FEW, AGREED, APPOINTED):
        kind, body = PROMOTION.write(event)
        entry = Entry("a" * 32, 1, kind, body, "zuzhi", NOON)
        assert PROMOTION.read(entry).event == event
        with pytest.raises(Tampered):
            PROMOTION.read(replace(entry, body={"wrong": 1}))
    assert CALLED.campaign == CAMPAIGN

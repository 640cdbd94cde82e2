"""Exposure and honours: two people, a day to appear and a day to go (Y58, Y67)."""

from datetime import date, timedelta

import pytest

from evalsys.domain import listings as x
from evalsys.domain.casebook import Noted
from evalsys.domain.live.words import Verdict as SessionVerdict
from evalsys.domain.personnel import InvestigationOutcome, InvestigationReport
from evalsys.domain.personnel_county import CountyFacts, Evaluation, evaluate
from evalsys.errors import InvalidInput, RuleViolation, WrongPhase
from evalsys.store.rulebooks import shipped_rulebook
from tests.builders import NOON, a_finding, a_report, a_year_of, an_official

DAY = date(2026, 12, 1)
NUMBERS = {"exposure_days": 90}
FAKED = a_report(InvestigationOutcome.FAKED)
EXPOSED = x.ListingProposed(
    x.ListingKind.EXPOSURE, FAKED.cadre, "王建国", "县水利局", "虚报走访", "调查报告 12 号"
)
HONOURED = x.ListingProposed(
    x.ListingKind.HONOUR, FAKED.cadre, "王建国", "县水利局", "显著实绩", "表彰决定"
)


def after(*events: x.ListingEvent) -> x.Listing:
    noted = [Noted(event, "tichu", NOON, n) for n, event in enumerate(events, 1)]
    found = x.listing("a" * 32, noted)
    assert found is not None
    return found


def county(*reports: InvestigationReport, **year: int) -> Evaluation:
    number = FAKED.cadre
    facts = CountyFacts(
        (an_official(number),),
        (a_year_of(number, **year),),
        (a_finding(SessionVerdict.FAKED_SUSPECTED, number),) if reports else (),
        reports,
    )
    return evaluate(facts, shipped_rulebook(), as_of=DAY, year=2026)


def proposed(evaluation: Evaluation, kind: x.ListingKind, *earlier: x.Listing) -> object:
    (one,) = evaluation.assessed
    return x.propose_listing(
        evaluation, one, earlier, kind=kind, finding="虚报走访", basis="调查报告 12 号"
    )


def ruled(state: x.Listing, *, by: str = "pizhun", publish_on: date = DAY) -> x.ListingRuled:
    return x.rule_listing(
        state,
        approved=True,
        reason="",
        publish_on=publish_on,
        by=by,
        day=DAY,
        numbers=NUMBERS,
    )


def test_only_what_was_established_is_exposed() -> None:
    report = a_report(InvestigationOutcome.FAKED, concluded_on=date(2026, 11, 28))
    assert proposed(county(report), x.ListingKind.EXPOSURE) == EXPOSED
    cleared = a_report(InvestigationOutcome.CLEARED, concluded_on=date(2026, 11, 29))
    for reports in ((), (cleared,), (report, cleared)):
        with pytest.raises(RuleViolation, match="没有查实"):
            proposed(county(*reports), x.ListingKind.EXPOSURE)
    with pytest.raises(RuleViolation, match="已在曝光名单"):
        proposed(county(report), x.ListingKind.EXPOSURE, after(EXPOSED))


def test_only_whom_the_rules_prefer_is_honoured_in_order_of_the_total() -> None:
    best = {"household_score_tenths": 1000, "unit_rating_tenths": 1000, "inspection_tenths": 900}
    assert proposed(county(**best), x.ListingKind.HONOUR)
    with pytest.raises(RuleViolation, match="不能表彰"):
        proposed(county(), x.ListingKind.HONOUR)
    numbers = [f"{n:08d}" for n in range(1, 4)]
    inputs = [a_year_of(n, **best, households_answered=20 + at) for at, n in enumerate(numbers)]
    inputs[0] = a_year_of(numbers[0])
    facts = CountyFacts(tuple(map(an_official, numbers)), tuple(inputs))
    evaluation = evaluate(facts, shipped_rulebook(), as_of=DAY, year=2026)
    assert [one.cadre.number for one in x.honour_order(evaluation)] == [numbers[2], numbers[1]]
    ordered = [one.cadre.number for one in x.preferred_first(evaluation.assessed)]
    assert ordered == [numbers[2], numbers[1], numbers[0]]


@pytest.mark.parametrize(
    ("days", "stage"),
    [
        (-1, x.ListingStage.WAITING),
        (0, x.ListingStage.PUBLIC),
        (89, x.ListingStage.PUBLIC),
        (90, x.ListingStage.EXPIRED),
    ],
)
def test_an_exposure_appears_and_goes_by_its_days(days: int, stage: x.ListingStage) -> None:
    published = date(2026, 12, 10)
    state = after(EXPOSED, ruled(after(EXPOSED), publish_on=published))
    assert state.stage(published + timedelta(days=days)) is stage
    honour = after(HONOURED, ruled(after(HONOURED)))
    assert honour.stage(date(2099, 1, 1)) is x.ListingStage.PUBLIC


def test_a_second_person_decides_once_and_gives_reasons() -> None:
    state = after(EXPOSED)
    assert state.stage(DAY) is x.ListingStage.PROPOSED
    with pytest.raises(RuleViolation, match="不能自己批准"):
        ruled(state, by="tichu")
    with pytest.raises(InvalidInput, match="公布日期"):
        ruled(state, publish_on=date(2026, 11, 30))
    with pytest.raises(InvalidInput, match="退回理由"):
        x.rule_listing(
            state, approved=False, reason="", publish_on=None, by="b", day=DAY, numbers=NUMBERS
        )
    back = x.rule_listing(
        state, approved=False, reason="证据不足", publish_on=None, by="b", day=DAY, numbers=NUMBERS
    )
    assert after(EXPOSED, back).stage(DAY) is x.ListingStage.REJECTED
    for decided in (after(EXPOSED, back), after(EXPOSED, ruled(state))):
        with pytest.raises(WrongPhase):
            ruled(decided)
    public = after(EXPOSED, ruled(state))
    gone = after(EXPOSED, ruled(state), x.remove_listing(public, "更正", day=DAY))
    assert gone.stage(DAY) is x.ListingStage.REMOVED
    with pytest.raises(WrongPhase):
        x.remove_listing(gone, "再撤", day=DAY)

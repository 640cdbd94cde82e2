"""Talks: owed by the numbers, notified before they are held, overdue by working days (Y61, Y75)."""

from collections.abc import Callable
from datetime import date

import pytest

from evalsys.domain import talks as t
from evalsys.domain.casebook import Entry, Noted, Paper
from evalsys.domain.personnel_county import CountyFacts, Evaluation, evaluate
from evalsys.errors import InvalidInput, RuleViolation, WrongPhase
from evalsys.ids import CadreNumber
from evalsys.store.rulebooks import shipped_rulebook
from tests.builders import NOON, a_year_of, an_official

DAY = date(2026, 12, 1)
NUMBERS = {"talk_days": 10}
HEAD, OTHER = CadreNumber("00000001"), CadreNumber("00000009")
RECORD = Paper("f" * 32, "谈话记录", "text/plain", "0" * 64, 9)
ORDERED = t.TalkOrdered(t.TalkKind.PETITION, HEAD, "petition:1", "初访未陪同", date(2026, 12, 15))
NOTICE = t.NoticeServed("通知 1 号", DAY)
HELD = t.TalkHeld(DAY, "县委组织部", RECORD)
WITHDRAWN = t.TalkWithdrawn("登记有误")


def after(*events: t.TalkEvent) -> t.Talk:
    noted = [Noted(event, "zuzhi", NOON, n) for n, event in enumerate(events, 1)]
    found = t.talk("a" * 32, noted)
    assert found is not None
    return found


def county(failed: int) -> Evaluation:
    numbers = [f"{n:08d}" for n in range(1, 6)]
    cadres = tuple(an_official(n, is_principal=n == HEAD) for n in numbers)
    inputs = tuple(
        a_year_of(n, household_score_tenths=100 if at < failed else 850)
        for at, n in enumerate(numbers)
    )
    return evaluate(CountyFacts(cadres, inputs), shipped_rulebook(), as_of=DAY, year=2026)


def ordered(evaluation: Evaluation, *talks: t.Talk) -> t.TalkOrdered:
    return t.order_admonition(evaluation, HEAD, talks, day=DAY, holidays=())


@pytest.mark.parametrize(("failed", "owed"), [(2, 0), (3, 1), (5, 1)])
def test_three_person_times_owe_the_principal_a_talk(failed: int, owed: int) -> None:
    found = t.owed_admonitions(county(failed), ())
    assert [one.principal.number for one in found if one.principal] == [HEAD] * owed


def test_an_admonition_is_ordered_once_and_again_when_it_was_withdrawn() -> None:
    evaluation = county(3)
    first = ordered(evaluation)
    assert first.due_on == date(2026, 12, 15)
    assert "不合格 3 人次" in first.reason
    with pytest.raises(RuleViolation, match="已经登记"):
        ordered(evaluation, after(first))
    assert t.owed_admonitions(evaluation, [after(first)])[0].talk is not None
    assert ordered(evaluation, after(first, WITHDRAWN)) == first
    with pytest.raises(RuleViolation, match="没有达到"):
        ordered(county(2))


@pytest.mark.parametrize(
    ("events", "day", "stage"),
    [
        ((ORDERED,), DAY, t.TalkStage.TO_NOTIFY),
        ((ORDERED, NOTICE), date(2026, 12, 15), t.TalkStage.TO_HOLD),
        ((ORDERED, NOTICE), date(2026, 12, 16), t.TalkStage.OVERDUE),
        ((ORDERED, NOTICE, HELD), date(2027, 1, 1), t.TalkStage.HELD),
        ((ORDERED, WITHDRAWN), date(2027, 1, 1), t.TalkStage.WITHDRAWN),
    ],
)
def test_a_talk_stands_where_its_records_and_the_calendar_say(
    events: tuple[t.TalkEvent, ...], day: date, stage: t.TalkStage
) -> None:
    assert after(*events).stage(day) is stage


def petition(*, knew: bool, accompanied: bool, number: str = "信访 7 号") -> t.TalkOrdered:
    return t.order_petition_talk(
        OTHER,
        number,
        (),
        knew=knew,
        accompanied=accompanied,
        day=DAY,
        numbers=NUMBERS,
        holidays=(),
    )


def test_a_first_petition_leads_to_a_talk_and_to_one_above() -> None:
    talk = petition(knew=True, accompanied=False)
    assert "未陪同" in talk.reason
    assert "不知情" not in talk.reason
    with pytest.raises(RuleViolation, match="不需要约谈"):
        petition(knew=True, accompanied=True)
    with pytest.raises(InvalidInput):
        petition(knew=False, accompanied=False, number=" ")
    above = t.order_talk_above(
        after(talk), HEAD, (), day=DAY, numbers=NUMBERS, holidays={date(2026, 12, 2)}
    )
    assert (above.kind, above.due_on) == (t.TalkKind.ABOVE, date(2026, 12, 16))
    with pytest.raises(RuleViolation, match="本人"):
        t.order_talk_above(after(talk), OTHER, (), day=DAY, numbers=NUMBERS, holidays=())
    with pytest.raises(RuleViolation, match="已经登记"):
        t.order_talk_above(after(talk), HEAD, [after(above)], day=DAY, numbers=NUMBERS, holidays=())


STEPS: list[tuple[Callable[[t.Talk], object], t.Talk]] = [
    (lambda s: t.hold_talk(s, "部领导", DAY, RECORD, day=DAY), after(ORDERED)),
    (lambda s: t.serve_notice(s, "1 号", DAY, day=DAY), after(ORDERED, NOTICE)),
    (lambda s: t.withdraw_talk(s, "有误"), after(ORDERED, NOTICE, HELD)),
    (lambda s: t.serve_notice(s, "1 号", DAY, day=DAY), after(ORDERED, WITHDRAWN)),
]


@pytest.mark.parametrize(("step", "state"), STEPS)
def test_a_step_out_of_turn_is_refused(step: Callable[[t.Talk], object], state: t.Talk) -> None:
    with pytest.raises(WrongPhase):
        step(state)


def test_days_and_words_that_cannot_be_are_refused() -> None:
    for wrong in (date(2026, 11, 30), date(2026, 12, 2)):
        with pytest.raises(InvalidInput, match="谈话日期"):
            t.hold_talk(after(ORDERED, NOTICE), "部领导", wrong, RECORD, day=DAY)
    with pytest.raises(InvalidInput, match="送达日期"):
        t.serve_notice(after(ORDERED), "1 号", date(2026, 12, 2), day=DAY)
    for event in (ORDERED, NOTICE, HELD, WITHDRAWN):
        kind, body = t.TALK.write(event)
        assert t.TALK.read(Entry("a", 1, kind, body, "zuzhi", NOON)).event == event

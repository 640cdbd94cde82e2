"""Who may hand whose households over: only those of a cadre who has left, and never alone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from evalsys.domain.link_handover import (
    HandOver,
    HandOverState,
    Holder,
    LeavingReason,
    check_proposal,
    check_ruling,
    is_much,
)
from evalsys.domain.roster_coverage import ABOUT_THIRTY
from evalsys.errors import EvalsysError, InvalidInput, NotAllowed, RuleViolation, StaleState
from evalsys.ids import CadreNumber
from tests.builders import NOON

TODAY = NOON.date()
LEAVER = Holder(CadreNumber("00000001"), "张一", "县水利局", 30, TODAY)
TAKER = Holder(CadreNumber("00000002"), "李二", "县水利局", 12)
PROPOSED = HandOver(
    LEAVER.number, TAKER.number, LeavingReason.RETIRED, TODAY, 30, "", "zu-zhi-1", NOON
)


def propose(
    giver: Holder = LEAVER,
    taker: Holder = TAKER,
    since: date = TODAY,
    *,
    note: str = "",
    is_open: bool = False,
    reason: LeavingReason = LeavingReason.RETIRED,
) -> int:
    return check_proposal(giver, taker, reason, since, note, today=TODAY, is_open=is_open)


def test_a_leaver_s_households_may_be_handed_over_from_the_day_of_leaving_on() -> None:
    assert propose() == 30
    propose(since=TODAY + timedelta(days=366))


def test_whoever_serves_on_hands_over_what_is_past_its_term_and_no_more() -> None:
    serving = replace(LEAVER, left_on=None, term_over=4)
    assert propose(serving, reason=LeavingReason.TERM_OVER) == 4
    for giver, words in ((replace(serving, term_over=0), "没有期满"), (LEAVER, "不论期限")):
        with pytest.raises(RuleViolation, match=words):
            propose(giver, reason=LeavingReason.TERM_OVER)


def gone(holder: Holder, left_on: date | None) -> Holder:
    return Holder(holder.number, holder.name, holder.unit, holder.households, left_on)


@pytest.mark.parametrize(
    ("error", "words", "arguments"),
    [
        (RuleViolation, "仍在岗", {"giver": gone(LEAVER, None)}),
        (RuleViolation, "没有联系户", {"giver": Holder(LEAVER.number, "张一", "局", 0, TODAY)}),
        (RuleViolation, "已在交接", {"is_open": True}),
        (InvalidInput, "同一人", {"taker": LEAVER}),
        (InvalidInput, "不能接收", {"taker": gone(TAKER, TODAY)}),
        (InvalidInput, "交接日期", {"since": TODAY - timedelta(days=1)}),
        (InvalidInput, "交接日期", {"since": TODAY + timedelta(days=367)}),
        (InvalidInput, "200 字", {"note": "字" * 201}),
    ],
)
def test_what_may_not_be_proposed_says_why(
    error: type[EvalsysError], words: str, arguments: dict[str, object]
) -> None:
    with pytest.raises(error, match=words) as refused:
        propose(**arguments)  # type: ignore[arg-type]  # the table's own
    assert refused.value.remedy or "不必交接" in refused.value.what


def test_whoever_proposed_it_neither_accepts_nor_declines_but_may_withdraw() -> None:
    for ruling in (HandOverState.ACCEPTED, HandOverState.DECLINED):
        with pytest.raises(NotAllowed, match="不能自己确认"):
            check_ruling(PROPOSED, ruling, "zu-zhi-1", "不接", TODAY)
    check_ruling(PROPOSED, HandOverState.WITHDRAWN, "zu-zhi-1", "", TODAY)
    with pytest.raises(NotAllowed, match="撤回"):
        check_ruling(PROPOSED, HandOverState.WITHDRAWN, "zu-zhi-2", "", TODAY)


def test_declining_takes_a_reason_and_nothing_is_ruled_twice() -> None:
    check_ruling(PROPOSED, HandOverState.ACCEPTED, "zu-zhi-2", "", TODAY)
    before = TODAY - timedelta(days=1)
    with pytest.raises(RuleViolation, match="那天以前"):
        check_ruling(PROPOSED, HandOverState.ACCEPTED, "zu-zhi-2", "", before)
    with pytest.raises(InvalidInput, match="理由"):
        check_ruling(PROPOSED, HandOverState.DECLINED, "zu-zhi-2", "  ", TODAY)
    ruled = HandOver(
        LEAVER.number, TAKER.number, LeavingReason.RETIRED, TODAY, 30, "", "zu-zhi-1", NOON,
        1, HandOverState.DECLINED, "zu-zhi-3", NOON, "太远",
    )  # fmt: skip
    with pytest.raises(StaleState, match="zu-zhi-3"):
        check_ruling(ruled, HandOverState.ACCEPTED, "zu-zhi-2", "", TODAY)


def test_more_than_forty_households_are_pointed_out_and_not_refused() -> None:
    assert not is_much(TAKER, 28, ABOUT_THIRTY)
    assert is_much(TAKER, 29, ABOUT_THIRTY)

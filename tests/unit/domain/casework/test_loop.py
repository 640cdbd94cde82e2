"""The loop of a request: who may do what, in which order, and what it makes happen."""

from datetime import date, timedelta

import pytest

from evalsys.domain.casework import decide, decide_close
from evalsys.domain.casework import events as e
from evalsys.domain.casework.acting import Acting
from evalsys.domain.casework.decide import ClassChoice, Decision, PauseWish
from evalsys.domain.casework.route import GridCell, GridTree
from evalsys.domain.casework.standing import standing
from evalsys.domain.casework.state import RequestFile
from evalsys.domain.casework.words import Channel, CloseReason, Confirmation, Duty, Step
from evalsys.domain.roster import RequestState
from evalsys.errors import InvalidInput, NotAllowed, RuleViolation, WrongPhase
from evalsys.store.casework_lists import grids_below
from tests.casework_files import (
    AREA,
    CADRE,
    CLOCKS,
    MONDAY,
    OFFICE,
    POLICY,
    ROADS,
    THE_CADRE,
    TOWN,
    VILLAGE,
    WATER,
    a_file,
    happen,
    head_of,
    somebody,
)


def verified() -> RequestFile:
    """File a request that was found to be so."""
    file = a_file()
    return happen(file, decide.verify(file, THE_CADRE, genuine=True, finding="现场看过属实"))


def answered() -> RequestFile:
    """File a request that was answered."""
    file = verified()
    done = decide_close.reply(
        file, THE_CADRE, "已铺好碎石", Channel.VISIT, explained=True, concluded=True
    )
    return happen(file, done)


def closed(reason: CloseReason = CloseReason.SOLVED) -> RequestFile:
    """File a request that its cadre closed."""
    file = answered()
    return happen(file, decide_close.close(file, THE_CADRE, reason, "路已修好", POLICY))


def test_nothing_is_closed_without_a_reply_to_the_household() -> None:
    with pytest.raises(RuleViolation, match="还没有答复群众"):
        decide_close.close(verified(), THE_CADRE, CloseReason.SOLVED, "路已修好", POLICY)


def test_a_reply_without_explanation_or_conclusion_is_only_an_interim_one() -> None:
    with pytest.raises(InvalidInput):
        decide_close.reply(
            verified(), THE_CADRE, "正在办", Channel.PHONE, explained=False, concluded=False
        )


def test_a_solved_request_is_what_the_cadre_claims() -> None:
    file = closed()
    assert file.claim is RequestState.SOLVED
    assert file.step is Step.CLOSED
    assert file.close is not None
    assert (file.close.by, file.close.level) == ("lin", 5)


@pytest.mark.parametrize("reason", [CloseReason.LEGACY, CloseReason.POLICY, CloseReason.UNFOUNDED])
def test_what_is_not_solved_needs_a_second_person_above(reason: CloseReason) -> None:
    file = closed(reason)
    assert file.step is Step.APPROVAL
    assert file.is_open
    with pytest.raises(NotAllowed):
        decide_close.approve_close(file, THE_CADRE, "确属如此")
    same = Acting("lin", head_of(AREA).parties, OFFICE.tree)
    with pytest.raises(NotAllowed, match="不能自己批准"):
        decide_close.approve_close(file, same, "确属如此")
    again = Acting("lin-2", head_of(AREA).parties, OFFICE.tree, alike=frozenset({"lin", "lin-2"}))
    with pytest.raises(NotAllowed, match="不能自己批准"):
        decide_close.approve_close(file, again, "确属如此")
    happen(file, decide_close.approve_close(file, head_of(VILLAGE), "确属如此"), by="head")
    assert file.close is not None
    assert file.close.by == "lin"


def test_whoever_was_asked_first_answers_for_it_until_somebody_accepts() -> None:
    file = verified()
    happen(file, decide.hand_over(file, THE_CADRE, WATER, "属水利设施"))
    assert file.accountable == CADRE
    happen(file, decide.accept(file, somebody("w", WATER)), by="w")
    assert (file.holder, file.accountable) == (WATER, WATER)


def test_a_hand_over_that_nobody_accepts_in_time_is_decided_above() -> None:
    file = verified()
    happen(file, decide.hand_over(file, THE_CADRE, WATER, "属水利设施"))
    above, said = head_of(VILLAGE), "水利所已三天未接收"
    with pytest.raises(WrongPhase, match="到 2026-11-03 为止"):
        decide.settle(file, above, WATER, said, MONDAY, CLOCKS)
    later = MONDAY + timedelta(days=2)
    happen(file, decide.settle(file, above, WATER, said, later, CLOCKS), at=later, by="v")
    assert (file.holder, file.accountable, file.offered_to) == (WATER, WATER, None)
    with pytest.raises(RuleViolation, match="已经裁定"):
        decide.hand_over(file, somebody("w", WATER), ROADS, "还是不归我们")


def test_not_ours_must_say_whose_and_is_settled_once() -> None:
    file = verified()
    happen(file, decide.hand_over(file, THE_CADRE, WATER, "属水利设施"))
    water = somebody("w", WATER)
    with pytest.raises(InvalidInput, match="应由谁办"):
        decide.refuse(file, water, None, "不归我们管")
    happen(file, decide.refuse(file, water, ROADS, "属县道养护"), by="w")
    assert (file.step, file.accountable) == (Step.DISPUTED, CADRE)
    with pytest.raises(NotAllowed):
        decide.settle(file, THE_CADRE, ROADS, "县道由交通局养护", MONDAY, CLOCKS)
    done = decide.settle(file, head_of(VILLAGE), ROADS, "县道由交通局养护", MONDAY, CLOCKS)
    happen(file, done, by="v")
    with pytest.raises(RuleViolation, match="已经裁定"):
        decide.hand_over(file, somebody("r", ROADS), WATER, "还是不归我们")


def test_it_goes_up_one_level_at_a_time_to_the_county_office_which_is_the_last() -> None:
    file = verified()
    by = THE_CADRE
    for level, grid in ((4, VILLAGE), (3, AREA), (2, TOWN), (1, "37")):
        happen(file, decide.escalate(file, by, "本级办不了，缺少资金"))
        assert (file.level, file.grid, file.step) == (level, grid, Step.HANDING_OVER)
        by = head_of(grid)
        with pytest.raises(RuleViolation, match="不得退回"):
            decide.refuse(file, by, ROADS, "我们也办不了")
        happen(file, decide.accept(file, by), by=by.name)
    assert file.escalated == 4
    assert file.claim is RequestState.ESCALATED
    with pytest.raises(RuleViolation, match="没有上一级"):
        decide.escalate(file, OFFICE, "我们也办不了")
    with pytest.raises(NotAllowed):
        decide.escalate(file, THE_CADRE, "再往上报")


def test_a_decision_of_a_meeting_makes_its_party_answer_for_it() -> None:
    file = verified()
    ahead = Decision("m", 1, "由交通局月底前铺设沥青", date(2026, 11, 30), ROADS)
    with pytest.raises(InvalidInput, match="已经过去"):
        decide.decide_in_meeting(file, head_of(VILLAGE), ahead, date(2026, 12, 1))
    happen(file, decide.decide_in_meeting(file, head_of(VILLAGE), ahead, date(2026, 11, 3)))
    assert file.accountable == ROADS
    assert file.decided_by_meeting == date(2026, 11, 30)
    # So it goes on from a hand-over that nobody accepted yet: whoever is named need not.
    happen(file, decide.hand_over(file, somebody("r", ROADS), WATER, "属水利设施"))
    happen(file, decide.decide_in_meeting(file, head_of(VILLAGE), ahead, date(2026, 11, 3)))
    assert (file.step, file.holder, file.offered_to) == (Step.ASSIGNED, ROADS, None)


def test_departments_consult_and_are_summoned() -> None:
    file = verified()
    village = head_of(VILLAGE)
    with pytest.raises(InvalidInput):
        decide.consult(file, village, "U001", [], "一起看现场")
    happen(file, decide.consult(file, village, "U001", ["U002"], "一起看现场"))
    happen(file, decide.give_opinion(file, somebody("r", ROADS), "U002", "可以同时施工"))
    happen(file, decide.summon(file, village, "U001", "请到村口看路", MONDAY, CLOCKS))
    assert file.summonses[0].respond_by == CLOCKS.days.end_of(date(2026, 11, 3))
    happen(file, decide.attend(file, somebody("w", WATER), "U001", "已到现场查看"))
    assert file.summonses[0].came_at == MONDAY


def test_reopening_counts_against_whoever_closed_and_asks_for_a_new_reply() -> None:
    file = closed()
    happen(file, decide_close.confirm(file, Confirmation.NO, "page"), by="system:casework")
    assert decide_close.is_mismatch(file, Confirmation.NO)
    happen(file, decide_close.reopen(file, None, "群众说路没有修"))
    assert (file.reopened, file.reopened_against) == (1, ["lin"])
    with pytest.raises(RuleViolation):
        decide_close.close(file, THE_CADRE, CloseReason.SOLVED, "路已修好", POLICY)


def test_a_no_waits_until_it_is_opened_again_or_somebody_above_says_why_not() -> None:
    file = closed()
    with pytest.raises(WrongPhase):
        decide_close.decline_reopening(file, head_of(VILLAGE), "路确实修好了")
    happen(file, decide_close.confirm(file, Confirmation.NO, "page"))
    (due,) = CLOCKS.duties(file)
    assert due.duty is Duty.REOPEN
    with pytest.raises(NotAllowed):
        decide_close.decline_reopening(file, THE_CADRE, "路确实修好了")
    happen(file, decide_close.decline_reopening(file, head_of(VILLAGE), "现场看过，路已修好"))
    assert CLOCKS.duties(file) == []
    assert file.confirmation is Confirmation.NO  # what the household said stays
    happen(file, decide_close.reopen(file, head_of(VILLAGE), "又下沉了"))
    assert not file.waits_for_reopening


def test_silence_is_not_satisfaction() -> None:
    steps = []
    for answer in (Confirmation.UNANSWERED, Confirmation.YES):
        file = closed()
        happen(file, decide_close.confirm(file, answer, "case"))
        steps.append(file.step)
    assert steps == [Step.CLOSED, Step.CONFIRMED]


def test_what_is_closed_takes_no_more_steps() -> None:
    file = closed()
    wish = PauseWish("season", date(2026, 12, 1), "等农闲再施工")
    with pytest.raises(WrongPhase):
        decide.escalate(file, THE_CADRE, "再往上报")
    with pytest.raises(WrongPhase):
        decide.hand_over(file, THE_CADRE, WATER, "属水利设施")
    with pytest.raises(WrongPhase):
        decide.pause(file, THE_CADRE, wish, MONDAY, CLOCKS)


def test_a_longer_limit_by_another_class_waits_for_somebody_above() -> None:
    file = verified()
    before = CLOCKS.clock(file).due_at
    to = ClassChoice("Q301", 1, "complex")
    happen(file, decide.reclassify(file, THE_CADRE, to, "其实是宅基地", CLOCKS))
    assert CLOCKS.clock(file).due_at == before
    # It waits on somebody's desk and by a day, as a close that needs a second person does.
    assert Duty.APPROVE in {due.duty for due in CLOCKS.duties(file)}
    assert standing(file, CLOCKS, None).longer_limit == "complex"
    happen(file, decide.approve_reclass(file, head_of(VILLAGE)), by="v")
    assert CLOCKS.clock(file).due_at == before + timedelta(days=14)  # ten working days more
    assert Duty.APPROVE not in {due.duty for due in CLOCKS.duties(file)}


@pytest.mark.parametrize("order", [("37", "M", "S", "U"), ("U", "S", "M", "37")])
def test_a_merged_grid_counts_below_its_successor_in_whatever_order_grids_are_read(
    order: tuple[str, ...],
) -> None:
    # S was merged into M, both of one level; U had been merged into S before.
    above = {"37": (1, None), "M": (2, "37"), "S": (2, "M"), "U": (2, "S")}
    tree = GridTree({code: GridCell(code, code, *above[code]) for code in order})
    assert tree.tops("37") == {"37": "37", "M": "M", "S": "M", "U": "M"}
    assert grids_below(tree, ["M"]) == ("M", "S", "U")


def test_events_survive_their_spelling() -> None:
    summoned = e.Summoned("U001", "2026-11-03T16:00:00+00:00")
    consulted = e.ConsultationCalled("U001", ("U002", "U003"))
    for event in (summoned, consulted, e.Closed(CloseReason.SOLVED, 5), e.Resumed()):
        assert e.decode(e.kind_of(event), e.encode(event)) == event

"""What follows from a round is entered while the show runs on, and corrected in the open."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalsys.domain.live import commands as c
from evalsys.domain.live.events import TeamMember
from evalsys.domain.live.fold import replay
from evalsys.domain.live.words import TeamCategory, Verdict
from evalsys.domain.standby import StandbyMember, check_once, form_team
from evalsys.errors import InvalidInput, NotFound, RuleViolation, WrongPhase
from tests.builders import NOON
from tests.live_play import Play

TEAM = tuple(TeamMember(category, "某人") for category in TeamCategory)
SOON = (NOON + timedelta(days=15)).date().isoformat()
STANDBY = tuple(
    StandbyMember(f"{category}-{i}", category, f"{category}{i}", f"单位{i}")
    for category in TeamCategory
    for i in range(3)
)


def judged(verdict: Verdict = Verdict.FAKED_SUSPECTED) -> Play:
    play = Play().until_seeded()
    play.draw()
    play.go_on_to_the_verdict()
    play.tell(c.TakeBack())
    play.tell(c.GiveVerdict(verdict))
    return play


def pledge(j: int = 1) -> c.MakePledge:
    return c.MakePledge("逐户走访", SOON, "王建国", j)


def test_the_recorder_enters_beside_the_show_and_no_operator_goes_stale() -> None:
    play = judged()
    step = play.state.step
    play.tell(pledge())
    play.tell(c.OpenInvestigation("说法不一", TEAM, 1))
    play.tell(c.ReferCase(1, "县纪委监委", "涉嫌弄虚作假"))
    assert play.state.step == step
    play.draw()  # the show went on
    play.tell(pledge())
    first = play.state.rounds[0]
    assert (len(first.pledges), len(first.investigations)) == (2, 1)
    assert first.referral is not None
    assert play.round.pledges == ()
    assert replay(play.records) == play.state


def test_a_step_taken_back_leaves_what_the_recorder_entered() -> None:
    play = judged()
    play.tell(c.MakePledge("操作员录入", SOON, "王建国"))
    play.tell(pledge())
    play.tell(c.TakeBack())
    assert [one.measure for one in play.round.pledges] == ["逐户走访"]


def test_a_mistake_is_corrected_with_a_reason_and_both_stay_in_the_record() -> None:
    play = judged()
    play.tell(pledge())
    wrong = play.round.pledges[0].seq
    with pytest.raises(InvalidInput, match="理由"):
        play.tell(c.WithdrawFollowUp(1, wrong, " "))
    with pytest.raises(NotFound):
        play.tell(c.WithdrawFollowUp(1, wrong + 1, "日期录错"))
    before = len(play.records)
    play.tell(c.WithdrawFollowUp(1, wrong, "日期录错"))
    assert (play.round.pledges, len(play.records)) == ((), before + 1)
    with pytest.raises(NotFound):
        play.tell(c.WithdrawFollowUp(1, wrong, "日期录错"))


def test_nothing_follows_before_the_finding_or_from_no_round() -> None:
    play = Play().until_calling()
    with pytest.raises(WrongPhase, match="还没有认定"):
        play.tell(pledge())
    with pytest.raises(NotFound):
        play.tell(pledge(7))


@pytest.mark.parametrize("verdict", [Verdict.CONFIRMED, Verdict.ACCOUNTS_DIFFER])
def test_only_what_looks_faked_is_referred_and_once(verdict: Verdict) -> None:
    with pytest.raises(RuleViolation, match="没有认定为涉嫌弄虚作假"):
        judged(verdict).tell(c.ReferCase(1, "县纪委监委", "事由"))
    play = judged()
    with pytest.raises(InvalidInput):
        play.tell(c.ReferCase(1, "县纪委监委", " "))
    play.tell(c.ReferCase(1, "县纪委监委", "事由"))
    with pytest.raises(RuleViolation, match="已经移送"):
        play.tell(c.ReferCase(1, "县纪委监委", "事由"))


@pytest.mark.parametrize("due", ["2026-02-30", "昨天", "", "2020-01-01"])
def test_a_promise_needs_a_day_that_is_to_come(due: str) -> None:
    with pytest.raises(InvalidInput):
        judged().tell(c.MakePledge("逐户走访", due, "王建国", 1))


@given(st.text("0123456789abcdef", max_size=8), st.sampled_from(["单位0", "单位1", ""]))
def test_a_drawn_team_has_four_categories_and_nobody_of_the_cadre_s_unit(
    seed: str, unit: str
) -> None:
    team = form_team(STANDBY, unit=unit, seed=seed, picked={}, aside=())
    again = form_team(tuple(reversed(STANDBY)), unit=unit, seed=seed, picked={}, aside=())
    assert team.members == again.members
    assert [one.category for one in team.members] == list(TeamCategory)
    assert all(one.drawn for one in team.members)
    out = {one.name for one in team.recused}
    assert out.isdisjoint(one.name for one in team.members)
    assert len(out) == (4 if unit else 0)


def test_who_is_picked_goes_unless_recused_and_an_empty_category_says_so() -> None:
    first = STANDBY[1]
    picked = {first.category: first.id}
    team = form_team(STANDBY, unit="", seed="x", picked=picked, aside=())
    assert team.members[0] == TeamMember(first.category, first.name)
    with pytest.raises(InvalidInput, match="回避"):
        form_team(STANDBY, unit=first.unit, seed="x", picked=picked, aside=())
    everybody = [one.id for one in STANDBY if one.category is TeamCategory.CPPCC_MEMBER]
    with pytest.raises(RuleViolation, match="政协委员"):
        form_team(STANDBY, unit="", seed="x", picked={}, aside=everybody)


def test_somebody_on_two_lists_is_one_person_of_the_team() -> None:
    both = [
        StandbyMember("a", TeamCategory.DISCIPLINE, "钱进", "县纪委"),
        StandbyMember("b", TeamCategory.PEOPLES_DEPUTY, "钱进", "县纪委"),
    ]
    with pytest.raises(RuleViolation, match="人大代表"):
        form_team(both, unit="", seed="x", picked={}, aside=())
    with pytest.raises(InvalidInput, match="出现了两次"):
        check_once(both)
    check_once([both[0], StandbyMember("c", TeamCategory.PEOPLES_DEPUTY, "钱进", "县水利局")])

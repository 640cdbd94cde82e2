"""A session of programmes: the same protocol, and the households alone judge (Y36-Y39)."""

from collections.abc import Mapping

import pytest

from evalsys.domain.draw_strata import StrataKind, division_of, number_strata
from evalsys.domain.live import commands as c
from evalsys.domain.live.views import Display, RoundClaims, public_view
from evalsys.domain.live.words import CallsEnd, CallStatus, Phase, Presence, Reply
from evalsys.domain.manifest import ExclusionReason
from evalsys.domain.scoring import Band
from evalsys.domain.verify_steps import Finding
from evalsys.errors import InvalidInput, RuleViolation, WrongPhase
from evalsys.ids import CadreNumber
from tests.builders import full_width
from tests.live_play import Play, a_plan, programme_numbers, some_programmes

_ON_LEAVE = ExclusionReason.ON_LEAVE


def a_hearing(n: int = 2, households: int = 7, **plan: object) -> Play:
    planned = a_plan(strata="programme", slots=n, programmes=programme_numbers(n), **plan)
    return Play(plan=planned, cadres=some_programmes(n, households))


def judge_by_phone(play: Play) -> None:
    """Draw the next programme and let its households answer until the calls close."""
    play.draw()
    play.tell(c.OpenCalls(play.households))
    while play.round.calls_end is None:
        for dial, attempt_id in play.dial():
            reply = Reply.YES if dial.k % 2 else Reply.NO
            play.tell(c.RecordReply(play.round.j, dial.k, "consent", Reply.YES, claimed=False))
            play.tell(c.RecordReply(play.round.j, dial.k, "satisfied", reply, claimed=False))
            play.tell(c.CommitScore(play.round.j, dial.k, f"{play.round.j * 1000 + dial.k:064x}"))
            play.end(dial.k, attempt_id)


def test_each_programme_has_its_stratum_and_its_slot() -> None:
    strata = number_strata(division_of(StrataKind.PROGRAMME), programme_numbers(120))
    assert (strata[programme_numbers(1)[0]], strata[programme_numbers(120)[-1]]) == ("P01", "Q21")


def test_households_judge_every_programme_and_the_bundle_verifies() -> None:
    play = a_hearing(3).until_seeded()
    for _ in range(3):
        judge_by_phone(play)
        assert play.state.phase is Phase.JUDGED
        play.tell(c.ReleaseScores(play.round.j, 2, None, Band.TOO_FEW))
    assert {past.cadre for past in play.state.rounds} == set(programme_numbers(3))
    play.tell(c.CloseSession())
    assert play.report().finding is Finding.GOOD, play.report()


def test_the_plan_puts_programmes_in_order_and_counts_them() -> None:
    play = Play()
    planned = a_plan(strata="uniform", slots=7, programmes=tuple(reversed(programme_numbers(3))))
    play.tell(c.PlanSession(planned))
    plan = play.state.plan
    assert plan is not None
    assert (plan.strata, plan.slots, plan.programmes) == ("programme", 3, programme_numbers(3))
    assert plan.kind == "programme"


@pytest.mark.parametrize(
    "changes",
    [
        {"programmes": (), "strata": "programme"},
        {"programmes": (CadreNumber("00000001"),)},
        {"programmes": (full_width("90000001"),)},
        {"programmes": ("90000001", "90000001")},
        {"programmes": programme_numbers(51)},
        {"programmes": programme_numbers(2), "spare_recent": True},
        {"programmes": programme_numbers(2), "weigh_by": "rank"},
        {"programmes": programme_numbers(2), "target": 31},
    ],
)
def test_a_plan_of_programmes_out_of_range_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        Play().tell(c.PlanSession(a_plan(**changes)))


def test_nobody_answers_votes_is_named_or_excluded_in_a_hearing_of_programmes() -> None:
    play = a_hearing()
    play.tell(c.PlanSession(play.plan))
    play.freeze()
    with pytest.raises(RuleViolation, match="不能排除"):
        play.tell(c.EnterExclusion(programme_numbers(1)[0], _ON_LEAVE, is_frozen=True))
    play = a_hearing().until_seeded()
    with pytest.raises(RuleViolation, match="不点名"):
        play.name(programme_numbers(1)[0])
    play.draw()
    with pytest.raises(RuleViolation, match="干部作答"):
        play.tell(c.RecordPresence(Presence.IN_PERSON))
    play.tell(c.OpenCalls(play.households))
    play.finish_calls()
    for command in (c.OpenVote(), c.GiveVerdict("confirmed")):  # type: ignore[arg-type]  # refused before it is read
        with pytest.raises(WrongPhase):
            play.tell(command)
    play.tell(c.MakePledge("当月内回访不满意的住户", "2027-01-31", "民政局局长"))


def test_a_cadres_calls_still_wait_for_the_cadres_answer() -> None:
    play = Play().until_seeded()
    play.draw()
    with pytest.raises(WrongPhase):
        play.tell(c.OpenCalls(7))


def test_a_programme_without_dialable_households_is_judged_by_nobody() -> None:
    play = a_hearing(1, households=0).until_seeded()
    play.draw()
    play.tell(c.OpenCalls(0))
    assert (play.round.calls_end, play.state.phase) == (CallsEnd.LIST_EXHAUSTED, Phase.JUDGED)


def test_opinions_are_shown_as_counts_and_only_beside_a_figure() -> None:
    play = a_hearing(1, households=9, target=6).until_seeded()
    judge_by_phone(play)

    def shown() -> Mapping[str, object]:
        view = public_view(play.state, Display({}, RoundClaims()), play.now)
        assert view["kind"] == "programme"
        assert isinstance(view["round"], dict)
        return view["round"]

    assert all("satisfied" not in call["replies"] for call in shown()["calls"])  # type: ignore[attr-defined]  # a list of calls
    assert shown()["satisfied"] is None
    play.tell(c.ReleaseScores(1, 6, 31, Band.MEAN))
    told = shown()["satisfied"]
    assert isinstance(told, dict)
    assert sum(told.values()) == 6
    few = a_hearing(1, households=3, target=6).until_seeded()
    judge_by_phone(few)
    few.tell(c.ReleaseScores(1, 3, None, Band.TOO_FEW))
    view = public_view(few.state, Display({}, RoundClaims()), few.now)
    assert isinstance(view["round"], dict)
    assert view["round"]["satisfied"] is None


def test_a_late_word_of_the_carrier_after_the_calls_changes_nothing() -> None:
    play = a_hearing(1, households=9, target=1, parallel=2).until_seeded()
    play.draw()
    play.tell(c.OpenCalls(play.households))
    (first, one), (second, other) = play.dial()
    play.interview(first.k)
    play.end(first.k, one)
    assert play.round.calls_end is None
    play.end(second.k, other, CallStatus.NO_ANSWER)
    assert play.state.phase is Phase.JUDGED
    assert play.end(second.k, other) == ()

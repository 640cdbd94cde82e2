"""Who is heard on stage: by consent, in the drawn order, one at a time, and never stuck."""

import json

import pytest

from evalsys.domain.live import commands as c
from evalsys.domain.live import commands_air as air
from evalsys.domain.live import events_air as a
from evalsys.domain.live.air import AirStatus
from evalsys.domain.live.decide_air import may_offer, next_for_air
from evalsys.domain.live.views import Display, RoundClaims, console_view, public_view
from evalsys.domain.live.words import AirEnd, CallStatus, Presence, Reply, StageRole
from evalsys.errors import RuleViolation, WrongPhase
from evalsys.ids import AttemptId
from tests.live_play import Play, a_plan

HALL = AttemptId("a" * 32)


@pytest.fixture
def play() -> Play:
    """Three households of the first cadre on the telephone, the offer made, the hall there."""
    playing = Play(a_plan(target=5)).until_calling()
    playing.tell(air.OfferAir())
    playing.tell(air.PlaceStageLine(HALL, StageRole.HALL))
    playing.tell(air.ReportStageLine(HALL, "CAhall", CallStatus.IN_PROGRESS))
    playing.dial()
    return playing


def attempt(play: Play, k: int) -> AttemptId:
    current = play.round.positions[k].current
    assert current is not None
    return current.attempt_id


def agree(play: Play, k: int) -> tuple[object, ...]:
    sid = f"CA{k}"
    return play.tell(
        air.ConsentToAir(play.round.j, k, attempt(play, k), sid, "air-1 0", "zh-CN", "1")
    )


def decline(play: Play, k: int) -> None:
    play.tell(air.DeclineAir(play.round.j, k, attempt(play, k)))


def status(play: Play, k: int) -> AirStatus:
    return play.round.air.legs[k].status


def staged(play: Play) -> int:
    """Bring the first household on stage."""
    first = play.round.order[0]
    agree(play, first)
    play.tell(air.TakeOnAir(first))
    play.tell(air.EnterAir(play.round.j, first, attempt(play, first)))
    return first


def test_a_consent_says_by_which_words_in_which_call_by_which_key(play: Play) -> None:
    (event,) = agree(play, play.round.order[0])
    assert isinstance(event, a.AirConsented)
    assert (event.text, event.language, event.key) == ("air-1 0", "zh-CN", "1")
    assert (event.sid, event.attempt_id) == (f"CA{event.k}", attempt(play, event.k))
    assert agree(play, event.k) == ()


def test_the_earliest_who_agreed_is_taken_once_those_before_have_decided(play: Play) -> None:
    first, second, third = play.round.order[:3]
    agree(play, third)
    assert next_for_air(play.round) is None
    with pytest.raises(RuleViolation, match="还没有轮到"):
        play.tell(air.TakeOnAir(third))
    decline(play, first)
    agree(play, second)
    assert next_for_air(play.round) == second
    with pytest.raises(RuleViolation, match="还没有轮到"):
        play.tell(air.TakeOnAir(third))
    play.tell(air.TakeOnAir(second))
    assert status(play, second) is AirStatus.TAKEN


def test_one_that_is_past_the_offer_or_gone_holds_nobody_up(play: Play) -> None:
    first, second, third = play.round.order[:3]
    agree(play, third)
    j = play.round.j
    play.tell(c.RecordReply(j, first, "visited", Reply.YES, claimed=True))
    play.end(second, attempt(play, second), CallStatus.NO_ANSWER)
    assert next_for_air(play.round) == third


def test_one_offer_brings_one_talk(play: Play) -> None:
    first, second = play.round.order[:2]
    agree(play, first)
    agree(play, second)
    play.tell(air.TakeOnAir(first))
    assert not play.round.air.is_offered
    assert not may_offer(play.round, play.round.order[2])
    with pytest.raises(RuleViolation, match="台上已有"):
        play.tell(air.TakeOnAir(second))
    play.tell(air.OfferAir())
    assert may_offer(play.round, play.round.order[2])
    assert not may_offer(play.round, second)


def test_nobody_is_taken_without_consent_or_without_the_hall(play: Play) -> None:
    first = play.round.order[0]
    with pytest.raises(RuleViolation, match="没有同意"):
        play.tell(air.TakeOnAir(first))
    decline(play, first)
    with pytest.raises(RuleViolation, match="没有同意"):
        play.tell(air.TakeOnAir(first))
    second = play.round.order[1]
    agree(play, second)
    play.tell(air.ReportStageLine(HALL, "CAhall", CallStatus.COMPLETED))
    with pytest.raises(RuleViolation, match="会场的线路"):
        play.tell(air.TakeOnAir(second))


def test_cut_and_dump_work_at_once_and_twice_are_one(play: Play) -> None:
    k = staged(play)
    step = play.state.step
    assert [type(e) for e in play.tell(air.CutAir(dump=False))] == [a.AirCut]
    assert play.tell(air.CutAir(dump=False)) == ()
    assert [type(e) for e in play.tell(air.CutAir(dump=True))] == [a.AirCut]
    assert play.tell(air.CutAir(dump=True)) == ()
    assert play.round.air.legs[k].dumped
    play.tell(air.ResumeAir())
    assert status(play, k) is AirStatus.ON_AIR
    assert play.state.step == step, "a cut makes no console stale"


def test_the_star_takes_the_consent_back_for_good(play: Play) -> None:
    k = staged(play)
    (event,) = play.tell(air.LeaveAir(play.round.j, k, attempt(play, k), AirEnd.WITHDRAWN))
    assert isinstance(event, a.AirLeft)
    assert event.end is AirEnd.WITHDRAWN
    assert play.round.air.staged is None
    assert agree(play, k) == ()


def test_sent_back_by_the_operator_is_told_apart_from_withdrawn(play: Play) -> None:
    k = staged(play)
    play.tell(air.ReleaseAir())
    assert status(play, k) is AirStatus.LEAVING
    play.tell(air.LeaveAir(play.round.j, k, attempt(play, k), AirEnd.WITHDRAWN))
    assert play.round.air.legs[k].end is AirEnd.RELEASED


@pytest.mark.parametrize("cut", [False, True])
def test_a_call_that_ends_leaves_nobody_on_air(play: Play, *, cut: bool) -> None:
    k = staged(play)
    if cut:
        play.tell(air.CutAir(dump=True))
    play.end(k, attempt(play, k))
    assert status(play, k) is AirStatus.OFF
    assert play.round.air.staged is None
    with pytest.raises(RuleViolation, match="台上没有"):
        play.tell(air.CutAir(dump=False))


def test_late_words_of_another_call_change_nothing(play: Play) -> None:
    k = staged(play)
    other = AttemptId("f" * 32)
    before = play.state
    j = play.round.j
    for late in (
        air.LeaveAir(j, k, other, AirEnd.WITHDRAWN),
        air.LeaveAir(j + 1, k, attempt(play, k), AirEnd.WITHDRAWN),
        air.EnterAir(j, k, attempt(play, k)),
        air.DeclineAir(j, k, attempt(play, k)),
        air.ReportStageLine(HALL, "CAhall", CallStatus.RINGING),
        air.ReportStageLine(other, "CA9", CallStatus.RINGING),
    ):
        assert play.tell(late) == (), late
    assert play.state == before


def test_the_staged_household_scores_afterwards_like_everybody(play: Play) -> None:
    k = staged(play)
    attempt_id = attempt(play, k)
    play.tell(air.ReleaseAir())
    play.tell(air.LeaveAir(play.round.j, k, attempt_id, AirEnd.WITHDRAWN))
    play.interview(k)
    play.end(k, attempt_id)
    assert play.round.completed == 1


def test_a_cadre_is_called_only_who_answers_by_telephone() -> None:
    leg = AttemptId("c" * 32)
    in_person = Play(a_plan()).until_calling()
    with pytest.raises(RuleViolation, match="电话作答"):
        in_person.tell(air.PlaceStageLine(leg, StageRole.CADRE))
    playing = Play(a_plan()).until_seeded()
    with pytest.raises(WrongPhase):
        playing.tell(air.PlaceStageLine(leg, StageRole.HALL))
    playing.draw()
    playing.tell(c.RecordPresence(Presence.BY_PHONE))
    playing.tell(air.PlaceStageLine(leg, StageRole.CADRE))
    with pytest.raises(RuleViolation, match="已经在接通"):
        playing.tell(air.PlaceStageLine(AttemptId("d" * 32), StageRole.CADRE))
    playing.tell(air.ReportStageLine(leg, "CA7", CallStatus.NO_ANSWER))
    playing.tell(air.PlaceStageLine(AttemptId("d" * 32), StageRole.CADRE))


def test_the_offer_ends_with_the_calls() -> None:
    play = Play(a_plan(target=1)).until_calling()
    play.finish_calls()
    with pytest.raises(RuleViolation, match="已经结束"):
        play.tell(air.OfferAir())


def test_the_public_is_told_a_place_and_nothing_that_leads_to_a_household(play: Play) -> None:
    k = staged(play)
    attempt_id = attempt(play, k)
    shown = public_view(play.state, Display({}, RoundClaims()), play.now)
    current = shown["round"]
    assert isinstance(current, dict)
    assert current["on_air"] == {"place": 1, "k": k}
    told = json.dumps(shown)
    for secret in (attempt_id, f"CA{k}", "CAhall", HALL, "air-1"):
        assert secret not in told
    play.tell(air.CutAir(dump=False))
    cut = public_view(play.state, Display({}, RoundClaims()), play.now)["round"]
    assert isinstance(cut, dict)
    assert cut["on_air"] is None, "that somebody was cut is not shown"


def test_the_console_sees_every_line_by_its_place_and_no_name_of_a_call(play: Play) -> None:
    k = staged(play)
    shown = console_view(play.state, Display({}, RoundClaims()), play.now)["stage"]
    assert isinstance(shown, dict)
    assert shown["lines"] == [{"role": "hall", "status": "in-progress"}]
    legs = shown["legs"]
    assert isinstance(legs, list)
    assert [leg["place"] for leg in legs if isinstance(leg, dict)] == [1, 2, 3]
    told = json.dumps(shown)
    for secret in (attempt(play, k), f"CA{k}", "CAhall", HALL):
        assert secret not in told

"""Show control: what the director may do to the pictures, and what that keeps from happening."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from evalsys.domain.live import commands as c
from evalsys.domain.live import commands_control as k
from evalsys.domain.live.airing import WITHHELD, as_aired, may_be_told, shown_until
from evalsys.domain.live.codec import decode, encode, kind_of
from evalsys.domain.live.control import KEYS_LAST, STANDBY_LASTS
from evalsys.domain.live.decide_control import check_pace, check_seat
from evalsys.domain.live.dialling import next_dials
from evalsys.domain.live.events_control import CueLine
from evalsys.domain.live.fold import replay
from evalsys.domain.live.views import Display, RoundClaims, console_view, pad_view, public_view
from evalsys.domain.live.words import (
    CheckItem,
    GoStep,
    NamedBy,
    Output,
    Phase,
    Presence,
    ShowCheck,
)
from evalsys.domain.transcript import AbortReason
from evalsys.errors import InvalidInput, NotAllowed, RuleViolation, StaleState, WrongPhase
from evalsys.ids import CadreNumber
from tests.live_play import Play, a_plan

NOBODY = Display({}, RoundClaims())


def control(play: Play) -> Mapping[str, object]:
    shown = public_view(play.state, NOBODY, play.now)["control"]
    assert isinstance(shown, dict)
    return shown


# --- pictures -------------------------------------------------------------------------------


def test_a_blackout_is_on_every_screen_and_no_step_becomes_stale_by_it() -> None:
    play = Play().until_seeded()
    step = play.state.step
    play.tell(k.DarkenOutputs(set(Output)))
    assert control(play)["dark"] == [one.value for one in Output]
    assert pad_view(play.state, NOBODY, play.now)["control"] == control(play)
    assert play.state.step == step
    play.tell(k.LightOutputs("wang", {Output.PADS}))
    assert "pads" not in control(play)["dark"]  # type: ignore[operator]  # a list
    assert not play.tell(k.DarkenOutputs({Output.STAGE})), "it is dark already"


def test_nobody_is_drawn_or_named_while_the_hall_cannot_see_it() -> None:
    play = Play().until_seeded()
    play.roll("0" * 12)
    play.tell(k.DarkenOutputs({Output.STAGE}))
    with pytest.raises(RuleViolation, match="大屏是黑场"):
        play.tell(c.DrawNext(play.cadres))
    with pytest.raises(RuleViolation, match="大屏是黑场"):
        play.tell(c.NameCadre(CadreNumber("00000001"), NamedBy.CHAIR, "主持人", "信", play.cadres))
    play.tell(k.LightOutputs("wang", {Output.STAGE}))
    assert play.tell(c.DrawNext(play.cadres))


@pytest.mark.parametrize(
    ("halt", "go_on", "words"),
    [
        (k.HoldShow(), k.ResumeShow("wang"), "会议已保持"),
        (k.ShowPauseCard("线路检修"), k.RemovePauseCard("wang"), "技术暂停中"),
    ],
)
def test_while_the_show_stands_no_step_is_taken_and_nobody_is_called(
    halt: c.Command, go_on: c.Command, words: str
) -> None:
    play = Play().until_calling()
    play.finish_calls()
    play.tell(halt)
    with pytest.raises(RuleViolation, match=words):
        play.tell(c.OpenVote())
    play.tell(go_on)
    assert play.tell(c.OpenVote())


def test_calls_in_progress_go_on_while_held_but_no_further_household_is_called() -> None:
    play = Play(a_plan(target=5, parallel=2)).until_calling()
    (dial, attempt), *_ = play.dial()
    play.tell(k.HoldShow())
    play.interview(dial.k)
    play.end(dial.k, attempt)
    assert play.round.completed == 1
    assert next_dials(play.state, play.now) == ()
    play.tell(k.ResumeShow("wang"))
    assert next_dials(play.state, play.now)


def test_a_session_that_stands_can_still_be_aborted() -> None:
    play = Play().until_calling()
    play.tell(k.ShowPauseCard(""))
    assert play.tell(c.AbortSession(AbortReason.POWER_FAILURE))


def test_once_sealed_the_record_takes_nothing_more_and_every_output_shows_the_result() -> None:
    play = Play().until_calling()
    play.tell(k.DarkenOutputs(set(Output)))
    play.tell(c.AbortSession(AbortReason.SAFETY))
    play.tell(c.SealSession("a" * 64))
    assert control(play) == {
        "n": 1,
        "dark": [],
        "card": None,
        "held": False,
        "halted_since": None,
    }
    with pytest.raises(WrongPhase, match="已封存"):
        play.tell(k.HoldShow())


def test_words_on_the_card_are_short_and_visible() -> None:
    play = Play().until_seeded()
    with pytest.raises(InvalidInput, match="最多 40"):
        play.tell(k.ShowPauseCard("长" * 41))
    with pytest.raises(InvalidInput, match="控制字符"):
        play.tell(k.ShowPauseCard("一\n二"))


# --- the director's seat --------------------------------------------------------------------


def test_the_second_director_sees_who_holds_the_seat_and_may_take_it_over() -> None:
    play = Play().until_seeded()
    play.tell(k.TakeSeat("wang", 0), actor="wang")
    with pytest.raises(NotAllowed, match="导播席由 wang 执掌"):
        check_seat(play.state, "li")
    with pytest.raises(NotAllowed, match="wang"):
        play.tell(k.LightOutputs("li", {Output.STAGE}))
    assert play.tell(k.HoldShow(), actor="li"), "whoever sees harm may stop the picture"
    with pytest.raises(NotAllowed, match="wang"):
        play.tell(k.ResumeShow("li"))
    play.tell(k.TakeSeat("li", 1), actor="li")
    desk = console_view(play.state, NOBODY, play.now)["desk"]
    assert isinstance(desk, dict)
    assert desk["director"] == {
        "name": "li",
        "since": play.now.isoformat(timespec="milliseconds"),
        "taken_from": "wang",
    }
    with pytest.raises(NotAllowed, match="li"):
        check_seat(play.state, "wang")


def test_of_two_who_take_over_at_once_the_second_is_told_that_the_seat_changed_hands() -> None:
    play = Play().until_seeded()
    play.tell(k.TakeSeat("wang", 0), actor="wang")
    play.tell(k.TakeSeat("li", 1), actor="li")
    with pytest.raises(StaleState, match="现在由 li 执掌"):
        play.tell(k.TakeSeat("zhao", 1), actor="zhao")
    assert not play.tell(k.TakeSeat("li", 1), actor="li"), "a double click is silent"


def test_a_seat_that_was_left_is_anybody_s_again() -> None:
    play = Play().until_seeded()
    play.tell(k.TakeSeat("wang", 0), actor="wang")
    assert not play.tell(k.LeaveSeat("li")), "only its holder can leave it"
    play.tell(k.LeaveSeat("wang"), actor="wang")
    check_seat(play.state, "li")


# --- standby, go, the second key ------------------------------------------------------------


@pytest.fixture
def keyed() -> Play:
    """A session with two keys whose next step is the first draw."""
    play = Play(a_plan(two_keys=True)).until_seeded()
    play.roll("0" * 12)
    return play


def test_an_irreversible_step_wants_standby_and_a_second_person_s_key(keyed: Play) -> None:
    draw = c.DrawNext(keyed.cadres)
    with pytest.raises(RuleViolation, match="两人同意"):
        keyed.tell(draw)
    keyed.tell(k.SetStandby("wang", GoStep.DRAW_NEXT), actor="wang")
    with pytest.raises(RuleViolation, match="还缺第二把钥匙"):
        keyed.tell(draw)
    with pytest.raises(RuleViolation, match="同一人"):
        keyed.tell(k.TurnSecondKey("wang", GoStep.DRAW_NEXT), actor="wang")
    keyed.tell(k.TurnSecondKey("chair", GoStep.DRAW_NEXT), actor="chair")
    assert not keyed.tell(k.TurnSecondKey("chair", GoStep.DRAW_NEXT), actor="chair")
    assert keyed.tell(draw)
    assert keyed.state.control.standby is None, "a key opens once"


def test_a_standby_disarms_itself_and_takes_the_key_with_it(keyed: Play) -> None:
    keyed.tell(k.SetStandby("wang", GoStep.DRAW_NEXT), actor="wang")
    keyed.tell(k.TurnSecondKey("chair", GoStep.DRAW_NEXT), actor="chair")
    keyed.wait(KEYS_LAST.total_seconds())
    with pytest.raises(RuleViolation, match="两人同意"):
        keyed.tell(c.DrawNext(keyed.cadres))
    with pytest.raises(RuleViolation, match="过时"):
        keyed.tell(k.TurnSecondKey("chair", GoStep.DRAW_NEXT), actor="chair")


def test_a_key_for_one_step_opens_no_other(keyed: Play) -> None:
    keyed.tell(k.SetStandby("wang", GoStep.NAME_CADRE), actor="wang")
    keyed.tell(k.TurnSecondKey("chair", GoStep.NAME_CADRE), actor="chair")
    with pytest.raises(RuleViolation, match="抽取下一个"):
        keyed.tell(c.DrawNext(keyed.cadres))
    with pytest.raises(RuleViolation, match="中止"):
        keyed.tell(c.AbortSession(AbortReason.SAFETY))


def test_who_takes_the_seat_over_finds_nothing_armed(keyed: Play) -> None:
    keyed.tell(k.TakeSeat("wang", 0), actor="wang")
    keyed.tell(k.SetStandby("wang", GoStep.DRAW_NEXT), actor="wang")
    keyed.tell(k.TurnSecondKey("chair", GoStep.DRAW_NEXT), actor="chair")
    keyed.tell(k.TakeSeat("li", 1), actor="li")
    with pytest.raises(RuleViolation, match="两人同意"):
        keyed.tell(c.DrawNext(keyed.cadres))


def test_what_can_be_taken_back_wants_no_second_key(keyed: Play) -> None:
    keyed.tell(k.SetStandby("wang", GoStep.DRAW_NEXT), actor="wang")
    keyed.tell(k.TurnSecondKey("chair", GoStep.DRAW_NEXT), actor="chair")
    keyed.tell(c.DrawNext(keyed.cadres))
    keyed.tell(c.RecordPresence(Presence.ABSENT))
    assert keyed.tell(c.OpenCalls(keyed.households))


def test_a_standby_is_armed_only_where_its_step_can_follow() -> None:
    play = Play().until_seeded()
    with pytest.raises(WrongPhase, match="待命“开放投票”"):
        play.tell(k.SetStandby("wang", GoStep.OPEN_VOTE))


def test_a_standby_of_what_can_be_taken_back_lasts_ten_seconds() -> None:
    play = Play().until_calling()
    play.finish_calls()
    play.tell(k.SetStandby("wang", GoStep.OPEN_VOTE))
    play.wait(STANDBY_LASTS.total_seconds() - 0.1)
    assert play.state.control.armed(play.now)
    play.wait(0.1)
    assert play.state.control.armed(play.now) is None


def test_a_second_go_within_a_second_is_a_hand_that_trembled() -> None:
    play = Play().until_calling()
    with pytest.raises(StaleState, match="开始连线求证"):
        check_pace(play.state, play.now + timedelta(seconds=0.9))
    check_pace(play.state, play.now + timedelta(seconds=1))


# --- the web: late, and without what was dumped ---------------------------------------------


def shown(play: Play, *, before: int = 0) -> int:
    waiting = [one for one in play.records if one.seq > before]
    return shown_until(play.state.control.airing, waiting, play.now, shown=before)


def test_the_web_comes_late_by_the_delay_and_never_goes_back() -> None:
    play = Play().until_seeded()
    first = play.state.version
    play.tell(k.SetDelay("wang", 20, first))
    play.draw()
    play.wait(19)
    assert shown(play) == first
    play.wait(1)
    assert shown(play) == play.state.version
    play.tell(k.SetDelay("wang", 60, play.state.version))
    assert shown(play) == play.state.version - 1


def test_what_is_dumped_never_airs_and_the_web_stands_still_until_the_next_step() -> None:
    play = Play().until_calling()
    play.finish_calls()
    for command in (c.OpenVote(), c.CloseVote(1, 1, 1, 3)):
        play.tell(command)
    play.tell(k.SetDelay("wang", 20, play.state.version))
    play.wait(60)
    before = shown(play)
    play.tell(c.GiveVerdict("not_done"))  # type: ignore[arg-type]  # any word
    wrong = play.state.version
    play.wait(5)
    play.tell(k.DumpDelay(before, "口误"))
    play.wait(600)
    assert shown(play, before=before) == before
    play.tell(c.TakeBack())
    play.wait(19)
    assert shown(play, before=before) == before
    play.wait(1)
    assert shown(play, before=before) == play.state.version
    assert not may_be_told(play.state.control.airing, play.records[wrong - 1])


def test_words_typed_in_a_dumped_step_are_gone_from_the_web_and_stay_in_the_record() -> None:
    play = Play().until_seeded()
    at = play.state.version
    play.tell(k.SetDelay("wang", 30, at))
    named = c.NameCadre(
        CadreNumber("00000001"), NamedBy.MEDIA, "媒体 01", "不该说的话", play.cadres
    )
    play.tell(named)
    play.tell(k.DumpDelay(at + 1, ""))
    play.tell(c.RecordPresence(Presence.ABSENT))
    aired = replay(as_aired(play.state.control.airing, one) for one in play.records)
    assert aired.round is not None
    assert aired.round.naming is not None
    assert (aired.round.naming.who, aired.round.naming.reason) == (WITHHELD, WITHHELD)
    assert play.round.naming is not None
    assert play.round.naming.reason == "不该说的话"


def test_what_has_aired_cannot_be_dumped() -> None:
    play = Play().until_seeded()
    with pytest.raises(RuleViolation, match="没有还未播出"):
        play.tell(k.DumpDelay(play.state.version, ""))


def test_every_event_of_show_control_survives_the_record() -> None:
    play = Play().until_seeded()
    for command in (
        k.TakeSeat("tester", 0),
        k.DarkenOutputs({Output.STAGE, Output.LED}),
        k.LightOutputs("tester", {Output.LED}),
        k.ShowPauseCard("稍候"),
        k.HoldShow(),
        k.RemovePauseCard("tester"),
        k.ResumeShow("tester"),
        k.SetDelay("tester", 9, 1),
        k.DumpDelay(2, ""),
        k.SetStandby("tester", GoStep.DRAW_NEXT),
        k.TurnSecondKey("chair", GoStep.DRAW_NEXT),
        k.ClearStandby("tester"),
        k.SetRundown("tester", "2026-11-26T09:00:00+08:00", (CueLine(Phase.VOTING, 5, "请投票"),)),
        k.ConfirmCheck(CheckItem.LINES, "已听到"),
        k.LeaveSeat("tester"),
    ):
        assert play.tell(command), command
    for one in play.records:
        kind = kind_of(type(one.event))
        assert decode(kind, encode(one.event)) == one.event
        assert len(kind) <= 40
    assert kind_of(type(play.records[-1].event)) == "director_left"
    assert play.state.control.confirmed[CheckItem.LINES].by == "tester"


# --- the checklist --------------------------------------------------------------------------


def test_a_red_check_keeps_a_show_that_counts_from_beginning_until_two_people_waive_it() -> None:
    play = Play(a_plan(rehearsal=False, gap_s=90)).until_published()
    play.wait(24 * 3600)
    red = (ShowCheck.BACKUP, ShowCheck.DISK)
    begins = c.OpenCeremony(red)
    with pytest.raises(RuleViolation, match="2 项不合格，不能开始：备份、磁盘"):
        play.tell(begins)
    with pytest.raises(InvalidInput, match="没有写放行理由"):
        play.tell(k.WaiveCheck("wang", ShowCheck.DISK, "磁盘剩余 0.9 GB。", " "), actor="wang")
    with pytest.raises(RuleViolation, match="还没有人放行"):
        play.tell(k.SecondWaiver("li", ShowCheck.DISK), actor="li")
    for check in red:
        play.tell(k.WaiveCheck("wang", check, "磁盘剩余 0.9 GB。", "够用"), actor="wang")
    play.tell(k.SecondWaiver("li", ShowCheck.DISK), actor="li")
    with pytest.raises(RuleViolation, match="1 项不合格，不能开始：备份"):
        play.tell(begins)
    with pytest.raises(RuleViolation, match="不能由同一人"):
        play.tell(k.SecondWaiver("wang", ShowCheck.BACKUP), actor="wang")
    play.tell(k.SecondWaiver("li", ShowCheck.BACKUP), actor="li")
    assert not play.tell(k.SecondWaiver("li", ShowCheck.BACKUP), actor="li"), "twice is once"
    play.tell(k.WaiveCheck("wang", ShowCheck.BACKUP, "还没有人确认。", "另一个理由"), actor="wang")
    with pytest.raises(RuleViolation, match="不能开始：备份"):
        play.tell(begins)  # who agreed had agreed to another reason
    play.tell(k.SecondWaiver("li", ShowCheck.BACKUP), actor="li")
    assert play.tell(begins)
    assert replay(play.records).control.waived[ShowCheck.DISK].second == "li"


def test_a_rehearsal_begins_whatever_is_red() -> None:
    play = Play().until_published()
    assert play.tell(c.OpenCeremony(tuple(ShowCheck)))

"""What the session allows, and what it refuses with a reason."""

import pytest

from evalsys.domain.live import commands as c
from evalsys.domain.live import commands_ceremony as cc
from evalsys.domain.live import events as e
from evalsys.domain.live.words import (
    CallsEnd,
    CallStatus,
    Phase,
    Presence,
    TeamCategory,
    Verdict,
)
from evalsys.domain.panel import Choice
from evalsys.domain.scoring import Band
from evalsys.domain.transcript import AbortReason
from evalsys.domain.verify_steps import Finding
from evalsys.errors import InvalidInput, RuleViolation, WrongPhase
from tests.live_play import Play, a_plan, some_cadres


def test_a_whole_session_goes_from_the_plan_to_the_seal() -> None:
    play = Play().until_seeded()
    play.play_round()
    play.play_round()
    play.tell(c.CloseSession())
    play.tell(c.SealSession("f" * 64))
    assert play.state.phase is Phase.SEALED
    assert len(play.state.drawn) == 2
    assert [past.verdict for past in play.state.rounds] == [Verdict.CONFIRMED] * 2


def test_a_draw_before_the_ceremony_is_refused_and_silent() -> None:
    play = Play().until_published()
    before = play.state
    with pytest.raises(WrongPhase, match="抽取号码"):
        play.tell(c.DrawNext(play.cadres))
    assert play.state == before


def test_a_real_session_waits_24_hours_after_the_manifest() -> None:
    play = Play(plan=a_plan(rehearsal=False, gap_s=90)).until_published()
    play.wait(24 * 3600 - 1)
    with pytest.raises(RuleViolation, match="24 小时"):
        play.tell(c.OpenCeremony())
    play.wait(1)
    play.tell(c.OpenCeremony())
    assert play.state.phase is Phase.CEREMONY


def test_a_real_session_refuses_shortened_calling() -> None:
    with pytest.raises(InvalidInput, match="90 秒"):
        Play().tell(c.PlanSession(a_plan(rehearsal=False, gap_s=89)))


@pytest.mark.parametrize(
    "changes",
    [{"title": " "}, {"strata": "colour"}, {"slots": 0}, {"target": 31}, {"parallel": 0}],
)
def test_a_plan_out_of_range_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        Play().tell(c.PlanSession(a_plan(**changes)))


def test_rehearsal_digits_are_refused_in_a_real_session() -> None:
    play = Play(plan=a_plan(rehearsal=False, gap_s=90)).until_published()
    play.wait(24 * 3600)
    play.tell(c.OpenCeremony())
    with pytest.raises(RuleViolation, match="骰盅"):
        play.tell(cc.RehearseDice("1" * 24))


@pytest.mark.parametrize(
    "digits", ["1" * 23, "1" * 25, "\uff11" * 24, " " + "1" * 23, "1" * 23 + "\n", "a" * 24]
)
def test_only_24_ascii_digits_are_master_dice(digits: str) -> None:
    play = Play().until_published()
    play.tell(c.OpenCeremony())
    with pytest.raises(InvalidInput):
        play.tell(cc.RehearseDice(digits))


def test_nobody_is_drawn_twice() -> None:
    play = Play(plan=a_plan(slots=6), cadres=some_cadres(6)).until_seeded()
    for _ in range(6):
        play.play_round()
    assert len(play.state.drawn) == 6


def test_a_second_roster_and_a_second_manifest_are_refused() -> None:
    play = Play().until_published()
    with pytest.raises(RuleViolation):
        play.tell(c.FreezeRoster("0" * 64, "0" * 64, 1, 1))
    with pytest.raises(RuleViolation):
        play.tell(c.PublishManifest("0" * 64, play.state.manifest, play.state.slots))


def test_a_session_cannot_close_before_every_slot_is_drawn() -> None:
    play = Play().until_seeded()
    play.play_round()
    with pytest.raises(RuleViolation, match="1 个名额"):
        play.tell(c.CloseSession())


def test_an_aborted_session_keeps_what_was_drawn() -> None:
    play = Play().until_calling()
    play.tell(c.AbortSession(AbortReason.POWER_FAILURE))
    assert play.state.phase is Phase.CLOSED
    assert len(play.state.rounds) == 1
    with pytest.raises(WrongPhase):
        play.draw()


def test_the_vote_waits_for_the_calls() -> None:
    play = Play().until_calling()
    with pytest.raises(WrongPhase, match="尚未结束"):
        play.tell(c.OpenVote())


def test_scores_are_released_once_and_only_after_the_calls() -> None:
    play = Play().until_calling()
    release = c.ReleaseScores(1, 2, None, Band.TOO_FEW)
    with pytest.raises(RuleViolation):
        play.tell(release)
    play.finish_calls()
    play.tell(release)
    with pytest.raises(RuleViolation):
        play.tell(release)


def test_a_pledge_needs_a_measure_a_name_and_a_future_date() -> None:
    play = Play().until_calling()
    play.finish_calls()
    play.judge(Verdict.NOT_DONE)
    for wrong in (
        c.MakePledge("修路", "2026-12-01", "张三"),
        c.MakePledge("修路", "明年", "张三"),
        c.MakePledge(" ", "2027-01-31", "张三"),
        c.MakePledge("修路", "2027-01-31", ""),
    ):
        with pytest.raises(InvalidInput):
            play.tell(wrong)
    play.tell(c.MakePledge("修路", "2027-01-31", "张三"))
    assert len(play.round.pledges) == 1


def test_an_investigation_needs_all_four_categories() -> None:
    play = Play().until_calling()
    play.finish_calls()
    play.judge(Verdict.ACCOUNTS_DIFFER)
    team = tuple(e.TeamMember(category, f"{category} 1") for category in TeamCategory)
    with pytest.raises(InvalidInput, match="人大代表"):
        play.tell(c.OpenInvestigation("说法不一", team[:3]))
    play.tell(c.OpenInvestigation("说法不一", team))
    assert len(play.round.investigations) == 1


@pytest.mark.parametrize("step", ["presence", "vote", "verdict", "pledge"])
def test_the_last_step_can_be_taken_back_and_both_stay_in_the_record(step: str) -> None:
    play = Play().until_seeded()
    play.draw()
    steps: list[tuple[str, c.Command]] = [
        ("presence", c.RecordPresence(Presence.ABSENT)),
        ("vote", c.OpenVote()),
        ("verdict", c.GiveVerdict(Verdict.NOT_DONE)),
        ("pledge", c.MakePledge("修路", "2027-01-31", "张三")),
    ]
    for name, command in steps:
        before = play.state
        play.tell(command)
        if name == step:
            play.tell(c.TakeBack())
            assert play.state.phase is before.phase
            assert play.state.rounds == before.rounds
            assert play.state.version == before.version + 2
            return
        if name == "presence":
            play.tell(c.OpenCalls(play.households))
            play.finish_calls()
        if name == "vote":
            play.tell(c.CloseVote(1, 1, 1, 3))


def test_a_draw_cannot_be_taken_back() -> None:
    play = Play().until_seeded()
    play.draw()
    with pytest.raises(RuleViolation, match="不能撤回"):
        play.tell(c.TakeBack())


def test_taking_back_twice_is_refused() -> None:
    play = Play().until_seeded()
    play.draw()
    play.tell(c.RecordPresence(Presence.ABSENT))
    play.tell(c.TakeBack())
    with pytest.raises(RuleViolation):
        play.tell(c.TakeBack())


def test_stopping_waits_for_calls_in_progress() -> None:
    play = Play().until_calling()
    placed = play.dial()
    play.tell(c.StopDialling())
    assert play.dial() == []
    assert play.round.calls_end is None
    for dial, attempt_id in placed:
        play.end(dial.k, attempt_id, CallStatus.NO_ANSWER)
    assert play.round.calls_end is CallsEnd.TIME_UP


def test_a_cadre_without_households_is_asked_and_nobody_is_called() -> None:
    play = Play(cadres=some_cadres(households=0)).until_calling()
    assert play.round.calls_end is CallsEnd.LIST_EXHAUSTED


def test_a_session_that_was_played_verifies_from_its_files_alone() -> None:
    play = Play(plan=a_plan(slots=3, target=4, attempts=2)).until_seeded()
    for slot in range(3):
        play.draw()
        play.tell(c.RecordPresence(Presence.BY_PHONE))
        play.tell(c.OpenCalls(play.households))
        play.finish_calls_in_every_way(slot)
        play.wait(60)
        play.judge()
    play.tell(c.CloseSession())
    assert play.report().finding is Finding.GOOD, play.report()


def test_an_aborted_session_verifies_too() -> None:
    play = Play().until_calling()
    play.dial()
    play.tell(c.AbortSession(AbortReason.SAFETY))
    assert play.report().finding is Finding.GOOD, play.report()


@pytest.mark.parametrize(
    "text",
    [
        "修路\n" * 2,
        "修\x00路",
        "修\x1b[31m路",
        "修\u2028路",
        "\u202e路修",
        "修\ud800路",
        "路" * 501,
    ],
)
def test_what_is_written_into_the_record_is_short_and_can_be_seen(text: str) -> None:
    with pytest.raises(InvalidInput, match="会议名称"):
        Play(plan=a_plan(title=text)).until_published()
    play = Play().until_seeded()
    play.play_round()
    for pledge in (
        c.MakePledge(text, "2026-12-31", "王建国"),
        c.MakePledge("修通村路", "2026-12-31", text),
    ):
        with pytest.raises(InvalidInput, match=r"措施|责任人"):
            play.tell(pledge)
    team = tuple(e.TeamMember(category, text) for category in TeamCategory)
    with pytest.raises(InvalidInput, match="调查组"):
        play.tell(c.OpenInvestigation("说法不一", team))


def test_rare_and_private_characters_may_stand_in_names() -> None:
    play = Play().until_seeded()
    play.play_round()
    play.tell(c.MakePledge("修通　村路", "2026-12-31", "𠮷䶮·\ue863"))
    assert play.round.pledges[0].responsible == "𠮷䶮·\ue863"


def test_an_investigation_team_has_at_most_thirty_members() -> None:
    play = Play().until_seeded()
    play.play_round()
    team = tuple(e.TeamMember(category, "甲") for category in TeamCategory) * 8
    with pytest.raises(InvalidInput, match="最多 30 人"):
        play.tell(c.OpenInvestigation("说法不一", team))


def test_numbers_that_the_carrier_refuses_leave_a_transcript_that_verifies() -> None:
    play = Play(plan=a_plan(slots=1)).until_calling()
    while play.round.calls_end is None:
        for dial, attempt_id in play.dial():
            refused = c.EndCall(dial.j, dial.k, attempt_id, "", CallStatus.FAILED, 0, 0)
            play.tell(refused)
    play.judge()
    play.tell(c.CloseSession())
    assert play.report().finding is Finding.GOOD


def test_a_call_that_lasts_longer_than_a_day_leaves_a_transcript_that_verifies() -> None:
    play = Play(plan=a_plan(slots=1, target=1, parallel=1)).until_calling()
    ((dial, attempt_id),) = play.dial()
    play.interview(dial.k)
    play.tell(c.EndCall(dial.j, dial.k, attempt_id, "CA1", CallStatus.COMPLETED, 999_999, 999_999))
    play.judge()
    play.tell(c.CloseSession())
    assert play.report().finding is Finding.GOOD


def test_the_chair_speaks_once_and_only_after_the_count() -> None:
    play = Play().until_calling()
    play.finish_calls()
    with pytest.raises(WrongPhase, match="末位表态"):
        play.tell(c.DeclareAsChair(Choice.SATISFIED))
    play.tell(c.OpenVote())
    with pytest.raises(WrongPhase, match="末位表态"):
        play.tell(c.DeclareAsChair(Choice.SATISFIED))
    play.tell(c.CloseVote(7, 2, 1, 12))
    step = play.state.step
    play.tell(c.DeclareAsChair(Choice.NOT_SATISFIED))
    assert (play.round.chair, play.state.step) == (Choice.NOT_SATISFIED, step)
    with pytest.raises(RuleViolation, match="不能更改"):
        play.tell(c.DeclareAsChair(Choice.SATISFIED))
    play.tell(c.GiveVerdict(Verdict.CONFIRMED))
    assert play.round.votes == e.VoteTallied(1, 7, 2, 1, 12)

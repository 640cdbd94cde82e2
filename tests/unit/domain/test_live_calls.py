"""Households are called strictly in the drawn order, and every fact counts once."""

import pytest

from evalsys.domain.live import commands as c
from evalsys.domain.live import events as e
from evalsys.domain.live.dialling import next_dials, next_due
from evalsys.domain.live.words import CallsEnd, CallStatus, Reply
from evalsys.domain.manifest import FinalCode
from evalsys.domain.verify_steps import Finding
from evalsys.errors import RuleViolation
from evalsys.ids import AttemptId
from tests.live_play import Play, a_plan


def test_the_first_three_of_the_drawn_order_are_dialled_at_once() -> None:
    play = Play().until_calling()
    assert [dial.k for dial, _ in play.dial()] == list(play.round.order[:3])
    assert play.dial() == []


def test_a_household_out_of_order_cannot_be_dialled() -> None:
    play = Play().until_calling()
    with pytest.raises(RuleViolation):
        play.tell(c.PlaceCall(1, play.round.order[1], AttemptId("a" * 32)))
    with pytest.raises(RuleViolation):
        play.tell(c.PlaceCall(1, play.round.order[-1], AttemptId("a" * 32)))


def test_one_that_waits_for_its_second_attempt_keeps_its_place() -> None:
    play = Play().until_calling()
    (first, attempt), *_ = play.dial()
    play.end(first.k, attempt, CallStatus.NO_ANSWER)
    assert play.dial() == []
    play.wait(59)
    assert play.dial() == []
    assert next_due(play.state, play.now) is not None
    play.wait(1)
    assert [(dial.k, dial.attempt) for dial, _ in play.dial()] == [(first.k, 2)]


def test_two_attempts_without_an_answer_are_final_and_open_the_next() -> None:
    play = Play().until_calling()
    (first, attempt), *_ = play.dial()
    play.end(first.k, attempt, CallStatus.BUSY)
    play.wait(60)
    ((_, again),) = play.dial()
    play.end(first.k, again, CallStatus.NO_ANSWER)
    assert play.round.positions[first.k].final is FinalCode.NO_ANSWER
    assert [dial.k for dial, _ in play.dial()] == [play.round.order[3]]


def test_a_call_that_never_rang_does_not_count() -> None:
    play = Play().until_calling()
    (first, attempt), *_ = play.dial()
    play.tell(c.VoidCall(1, first.k, attempt, "line_down"))
    ((again, _),) = play.dial()
    assert (again.k, again.attempt) == (first.k, 1)


def test_dialling_stops_at_the_target_and_calls_in_progress_still_count() -> None:
    play = Play(plan=a_plan(target=1)).until_calling()
    placed = play.dial()
    for dial, attempt in placed[:1]:
        play.interview(dial.k)
        play.end(dial.k, attempt)
    assert next_dials(play.state, play.now) == ()
    assert play.state.round is not None
    assert play.state.round.calls_end is None
    for dial, attempt in placed[1:]:
        play.interview(dial.k)
        play.end(dial.k, attempt)
    assert play.round.calls_end is CallsEnd.TARGET_REACHED
    assert play.round.completed == 3


@pytest.mark.parametrize("step", [-3600, 3600])
def test_a_clock_that_steps_calls_nobody_twice_and_goes_on_with_the_others(step: int) -> None:
    play = Play(plan=a_plan(target=5, attempts=2, gap_s=90, parallel=3)).until_calling()
    (first, attempt), *talking = play.dial()
    play.end(first.k, attempt, CallStatus.NO_ANSWER)
    play.wait(step)
    # Set back, the gap is kept by the recorded times, or the verifier would find it too short.
    again = [dial.k for dial in next_dials(play.state, play.now)]
    assert again == ([] if step < 0 else [first.k])
    for dial, other in talking:
        play.interview(dial.k)
        play.end(dial.k, other)
    fresh = [dial.k for dial in next_dials(play.state, play.now) if dial.attempt == 1]
    assert len(fresh) == 2
    play.wait(-step + 90)
    assert first.k in [dial.k for dial in next_dials(play.state, play.now)]


def test_the_list_is_never_topped_up() -> None:
    play = Play(plan=a_plan(attempts=1, target=5)).until_calling()
    while play.round.calls_end is None:
        for dial, attempt in play.dial():
            play.end(dial.k, attempt, CallStatus.NO_ANSWER)
    assert play.round.calls_end is CallsEnd.LIST_EXHAUSTED
    assert len(play.round.positions) == play.households


@pytest.mark.parametrize(
    ("facts", "status", "code"),
    [
        (["yes", "score"], CallStatus.COMPLETED, FinalCode.COMPLETED),
        (["yes", "score"], CallStatus.FAILED, FinalCode.COMPLETED),
        (["yes"], CallStatus.COMPLETED, FinalCode.BROKEN_OFF),
        (["no"], CallStatus.COMPLETED, FinalCode.REFUSED),
        (["yes", "stranger"], CallStatus.COMPLETED, FinalCode.NOT_LINKED),
        ([], CallStatus.FAILED, FinalCode.INVALID_NUMBER),
        ([], CallStatus.COMPLETED, None),
        ([], CallStatus.BUSY, None),
        ([], CallStatus.CANCELED, None),
    ],
)
def test_the_final_code_follows_from_what_was_said_and_how_it_ended(
    facts: list[str], status: CallStatus, code: FinalCode | None
) -> None:
    play = Play().until_calling()
    (dial, attempt), *_ = play.dial()
    for fact in facts:
        match fact:
            case "yes" | "no":
                play.tell(c.RecordReply(1, dial.k, "consent", Reply(fact), claimed=False))
            case "score":
                play.tell(c.CommitScore(1, dial.k, "a" * 64))
            case _:
                play.tell(c.MarkNotLinked(1, dial.k))
    play.end(dial.k, attempt, status)
    assert play.round.positions[dial.k].final is code


def test_facts_that_come_twice_or_late_are_silent() -> None:
    play = Play().until_calling()
    (dial, attempt), *_ = play.dial()
    progress = c.ReportProgress(1, dial.k, attempt, CallStatus.IN_PROGRESS)
    assert len(play.tell(progress)) == 1
    assert play.tell(progress) == ()
    assert play.tell(c.ReportProgress(1, dial.k, attempt, CallStatus.RINGING)) == ()
    play.interview(dial.k)
    assert play.tell(c.CommitScore(1, dial.k, "b" * 64)) == ()
    assert play.tell(c.RecordReply(1, dial.k, "visited", Reply.NO, claimed=True)) == ()
    assert play.end(dial.k, attempt)
    assert play.end(dial.k, attempt) == ()
    assert play.tell(c.VoidCall(1, dial.k, attempt, "line_down")) == ()
    assert play.tell(progress) == ()


def test_facts_of_a_finished_round_are_silent() -> None:
    play = Play().until_calling()
    placed = play.dial()
    play.tell(c.StopDialling())
    for dial, attempt in placed:
        play.end(dial.k, attempt, CallStatus.NO_ANSWER)
    play.judge()
    play.draw()
    dial, attempt = placed[0]
    assert play.tell(c.EndCall(1, dial.k, attempt, "CA1", CallStatus.COMPLETED, 1, 1)) == ()


def test_an_undialable_household_is_final_without_a_call() -> None:
    play = Play().until_calling()
    k = play.round.order[0]
    events = play.tell(c.SkipUndialable(1, k))
    assert [type(event) for event in events] == [e.PositionOpened, e.PositionFinished]
    assert play.round.positions[k].final is FinalCode.INVALID_NUMBER


def test_nothing_an_operator_does_ends_a_call_or_takes_back_an_answer() -> None:
    play = Play(a_plan(target=1, parallel=2)).until_calling()
    (first, attempt), (second, _) = play.dial()
    play.interview(first.k)
    play.end(first.k, attempt)
    before = play.round.positions
    assert before[first.k].final is FinalCode.COMPLETED
    for command in (
        c.TakeBack(),
        c.OpenCalls(7),
        c.DrawNext(play.cadres),
        c.OpenVote(),
        c.CloseVote(0, 0, 0, 0),
        c.CloseSession(),
    ):
        with pytest.raises(RuleViolation):
            play.tell(command)
    play.tell(c.StopDialling())
    assert play.round.positions == before
    assert play.round.calls_end is None
    assert play.round.positions[second.k].current is not None


def test_a_completed_call_is_not_unmade_by_whatever_the_carrier_says_later() -> None:
    play = Play(a_plan(target=1)).until_calling()
    (first, attempt), *_ = play.dial()
    play.interview(first.k)
    play.end(first.k, attempt)
    for late in (CallStatus.FAILED, CallStatus.NO_ANSWER, CallStatus.CANCELED):
        assert play.end(first.k, attempt, late) == ()
    assert play.tell(c.VoidCall(1, first.k, attempt, "line_down")) == ()
    assert play.tell(c.MarkNotLinked(1, first.k)) == ()
    assert play.round.positions[first.k].final is FinalCode.COMPLETED


def test_every_score_is_in_the_record_before_the_next_position_opens() -> None:
    play = Play(a_plan(target=5, parallel=3)).until_calling()
    play.finish_calls()
    unscored: set[int] = set()
    for record in play.records:
        match record.event:
            case e.PositionOpened(k=k):
                assert len(unscored) < 3
                unscored.add(k)
            case e.ScoreCommitted(k=k):
                unscored.remove(k)
            case e.PositionFinished(k=k, code=FinalCode.COMPLETED):
                assert k not in unscored
            case _:
                pass
    assert play.report().finding is not Finding.BAD

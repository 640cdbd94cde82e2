"""Interviews over signed webhooks: what is asked, what is recorded, and what a repeat does."""

import logging
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from evalsys.domain.interview_arrangement import arrange
from evalsys.domain.live.words import Reply
from evalsys.domain.manifest import FinalCode
from evalsys.domain.transcript import AbortReason
from evalsys.store import audit
from tests.calling import Caller, Carrier, Hall, callers
from tests.heard import asked_of, asks, is_turned, said, verbs

# Decided before any database is asked, or alike in both.


def _k(hall: Hall, caller: Caller) -> int:
    return next(
        k
        for k, position in hall.round.positions.items()
        if any(attempt.attempt_id == caller.attempt for attempt in position.attempts)
    )


def test_a_whole_interview_completes_the_position(hall: Hall, caller: Caller) -> None:
    k = _k(hall, caller)
    heard = caller.pick_up()
    asked, turned = [], set()
    keys = {"consent": "1", "identity": "1", "visited": "2", "solved": "1", "score": "2"}
    while (topic := asked_of(heard)) != "comment":
        asked.append(f"{topic}!" if is_turned(said(heard)) else topic)
        turned |= {topic} if is_turned(said(heard)) else set()
        heard = caller.reply(heard, keys[topic])
    # As drawn from the round's seed, which is in the record for whoever wants to know.
    drawn = arrange(hall.rooms.calls.script, f"{hall.round.seed}/{k}")
    assert [*asked, "comment"] == drawn.written().split()
    assert hall.attempt(k).asks == drawn.written()
    assert turned == {topic.value for topic in drawn.turned}
    thanks = caller.hook("step/comment/1", RecordingSid="RE1", RecordingDuration="6")
    assert verbs(thanks) == ["Say", "Hangup"]
    caller.hang_up(61)
    position = hall.position(k)
    assert position.final is FinalCode.COMPLETED
    assert {q: r.reply for q, r in position.replies.items()} == {
        "consent": Reply.YES,
        "visited": Reply.NO,
        "solved": Reply.YES,
    }
    assert position.score_sha256 is not None
    assert (hall.attempt(k).sid, hall.attempt(k).talk_s) == (caller.sid, 61)
    assert hall.round.comments == 1


@pytest.mark.on_sqlite
def test_a_claim_is_put_to_the_household_that_it_is_about(hall: Hall, caller: Caller) -> None:
    claimed = int(hall.code(_k(hall, caller))[-3:]) <= 4
    caller.pick_up()
    identity = said(caller.press("consent", "1"))
    first = caller.press("identity", "1")
    second = caller.reply(first, "1")
    caller.reply(second, "2")
    told = {asked_of(each): said(each) for each in (first, second)}
    visited, solved = told["visited"], told["solved"]
    assert "户主姓" in identity
    assert ("登记，2026年3月5日" in visited) == claimed
    assert ("“村口路灯不亮”" in solved) == claimed
    replies = hall.position(_k(hall, caller)).replies
    assert [replies[question].claimed for question in ("visited", "solved")] == [claimed] * 2


def test_that_the_familys_name_was_spoken_is_audited(hall: Hall, caller: Caller) -> None:
    caller.pick_up()
    caller.press("consent", "1")
    with hall.database.read() as db:
        lines = [line for line in audit.entries(db) if line.action == "household.head.speak"]
    subject = f"live:{hall.live}/{hall.round.j}/{_k(hall, caller)}"
    assert [line.subject for line in lines] == [subject]


@pytest.mark.on_sqlite
def test_who_refuses_is_not_called_again(hall: Hall, caller: Caller) -> None:
    caller.pick_up()
    assert verbs(caller.press("consent", "2")) == ["Say", "Hangup"]
    caller.hang_up()
    assert hall.position(_k(hall, caller)).final is FinalCode.REFUSED


@pytest.mark.on_sqlite
def test_who_is_not_this_household_is_set_aside(hall: Hall, caller: Caller) -> None:
    caller.pick_up()
    caller.press("consent", "1")
    assert verbs(caller.press("identity", "2")) == ["Say", "Hangup"]
    caller.hang_up()
    assert hall.position(_k(hall, caller)).final is FinalCode.NOT_LINKED


@pytest.mark.on_sqlite
def test_silence_and_wrong_keys_are_asked_again_and_then_the_call_ends(
    hall: Hall, caller: Caller
) -> None:
    caller.pick_up()
    caller.press("consent", "1")
    assert asks(caller.press("identity", "7")) == "identity/2"
    assert asks(caller.press("identity", "", 2)) == "identity/3"
    assert asks(caller.hook("step/identity/3")) == "identity/4"
    assert verbs(caller.press("identity", "*", 4)) == ["Say", "Hangup"]
    caller.hang_up()
    assert hall.position(_k(hall, caller)).final is FinalCode.BROKEN_OFF


@pytest.mark.on_sqlite
def test_hanging_up_at_any_question_has_a_defined_end(hall: Hall, carrier: Carrier) -> None:
    hall.open_calls(parallel=6, attempts=2)
    hall.tick()
    ends = {}
    for answered, (k, caller) in enumerate(callers(hall, carrier).items()):
        caller.pick_up()
        caller.press_all("11115"[:answered])
        caller.hang_up()
        ends[answered] = hall.position(k).final
    broken = FinalCode.BROKEN_OFF
    expected = {0: None, 1: broken, 2: broken, 3: broken, 4: broken, 5: FinalCode.COMPLETED}
    assert ends == {answered: expected[answered] for answered in ends}
    assert len(ends) >= 5


def test_a_webhook_that_comes_twice_has_one_effect_and_the_same_answer(
    hall: Hall, caller: Caller
) -> None:
    first = caller.pick_up()
    again = caller.hook("answer", CallStatus="in-progress")
    assert again.data == first.data
    caller.press_all("1111")
    before = hall.state.version
    first = caller.press("score", "5")
    after = hall.state.version
    assert after == before + 1
    for _ in range(3):
        assert caller.press("score", "5").data == first.data
    assert hall.state.version == after


@pytest.mark.on_sqlite
def test_another_key_for_an_answered_question_is_refused_and_the_first_is_kept(
    hall: Hall, caller: Caller
) -> None:
    caller.pick_up()
    caller.press_all("1111")
    caller.press("score", "1")
    sealed = hall.position(_k(hall, caller)).score_sha256
    refused = caller.press("score", "5")
    assert refused.status_code == 409
    assert refused.mimetype == "text/plain"
    assert hall.position(_k(hall, caller)).score_sha256 == sealed


def test_twenty_keys_at_once_count_as_one(hall: Hall, caller: Caller) -> None:
    caller.pick_up()
    caller.press_all("1111")
    before = hall.state.version
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda n: caller.press("score", "12345"[n % 5]), range(20)))
    codes = Counter(answer.status_code for answer in answers)
    assert codes == {200: 4, 409: 16}
    assert hall.state.version == before + 1


@pytest.mark.on_sqlite
def test_a_question_that_is_not_being_asked_takes_no_answer(hall: Hall, caller: Caller) -> None:
    caller.pick_up()
    before = hall.state.version
    for question, tries in [("score", 1), ("consent", 2), ("comment", 1)]:
        assert caller.press(question, "1", tries).status_code == 409
    assert hall.state.version == before


@pytest.mark.on_sqlite
def test_keys_after_the_end_of_the_call_count_for_nothing(hall: Hall, caller: Caller) -> None:
    caller.pick_up()
    caller.press_all("1111")
    caller.hang_up()
    before = hall.state.version
    late = caller.press("score", "5")
    assert (late.status_code, verbs(late)) == (200, ["Say", "Hangup"])
    assert hall.state.version == before
    assert hall.position(_k(hall, caller)).score_sha256 is None


@pytest.mark.on_sqlite
def test_a_call_that_comes_through_after_the_calls_closed_is_thanked(
    hall: Hall, caller: Caller
) -> None:
    hall.rooms.show.abort(hall.operator, AbortReason.POWER_FAILURE)
    answer = caller.pick_up()
    assert verbs(answer) == ["Say", "Hangup"]
    assert "已经结束" in said(answer)


@pytest.mark.on_sqlite
def test_a_second_call_for_the_same_attempt_is_not_listened_to(hall: Hall, caller: Caller) -> None:
    caller.pick_up()
    other = Caller(hall, caller.attempt, "CA" + "f" * 32)
    before = hall.state.version
    assert verbs(other.hook("answer")) == ["Say", "Hangup"]
    assert verbs(other.press("consent", "1")) == ["Say", "Hangup"]
    assert other.hang_up().status_code == 204
    assert hall.state.version == before
    assert asks(caller.press("consent", "1")) == "identity/1"


def test_an_unknown_attempt_is_not_found_without_detail(hall: Hall, caller: Caller) -> None:
    stranger = Caller(hall, "0" * 32, caller.sid)
    for response in (
        stranger.hook("answer"),
        stranger.press("consent", "1"),
        stranger.status("completed"),
        stranger.hook("recording", RecordingSid="RE1", RecordingDuration="3"),
        stranger.hook("transcription", RecordingSid="RE1"),
        caller.press("weather", "1"),
    ):
        assert (response.status_code, response.text) == (404, "not_found")


@pytest.mark.on_sqlite
def test_an_unsigned_webhook_is_refused_and_changes_nothing(hall: Hall, caller: Caller) -> None:
    before = hall.state.version
    for path in ("answer", "step/consent/1", "status", "recording", "transcription"):
        response = hall.app.test_client().post(
            f"/voice/{caller.attempt}/{path}",
            data={"CallSid": caller.sid, "AccountSid": hall.settings.telephony_account},
        )
        assert (response.status_code, response.text) == (403, "not_allowed")
    assert hall.app.test_client().get(f"/voice/{caller.attempt}/answer").status_code == 405
    assert hall.state.version == before


def test_neither_keys_nor_numbers_are_logged_or_kept_in_the_tables_of_calls(
    hall: Hall, caller: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "evalsys")
    caller.pick_up()
    caller.press_all("1111")
    called = "+86100000000"
    caller.hook("step/score/1", Digits="4", To=called, From="+8600000000000")
    caller.press("score", "5")
    assert called not in caplog.text
    assert "Digits" not in caplog.text
    with hall.database.read() as db:
        connection = db.connection()
        for table in ("call_attempts", "call_answers"):
            rows = connection.exec_driver_sql(f"SELECT * FROM {table}").all()  # noqa: S608 - fixed names
            assert rows
            assert called not in str(rows)


@pytest.mark.on_sqlite
def test_two_answers_by_different_keys_leave_digests_that_only_the_key_can_tell(
    hall: Hall, caller: Caller
) -> None:
    caller.pick_up()
    caller.press_all("11115")
    digests = _digests(hall)
    assert len(digests) == 6
    assert all(len(digest) == 32 for digest in digests)
    caller.hang_up()
    assert _digests(hall) == {b""}  # nor the key any more: the call is over
    assert caller.press("score", "2").status_code == 200


def _digests(hall: Hall) -> set[bytes]:
    with hall.database.read() as db:
        rows = db.connection().exec_driver_sql("SELECT mac FROM call_answers")
        return {bytes(row.mac) for row in rows}

"""What the carrier reports of calls: late, twice, out of order, or with our own house on fire."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from evalsys.domain.live.events import CallEnded
from evalsys.domain.live.words import CallStatus
from evalsys.domain.manifest import FinalCode
from tests.calling import Caller, Carrier, Hall, callers
from tests.heard import asks, said, verbs

# Decided before any database is asked, or alike in both.


def _log(hall: Hall) -> list[str]:
    return [type(each.event).__name__ for each in hall.rooms.live.events(hall.live)]


def test_reports_that_come_late_twice_or_out_of_order_change_nothing(
    hall: Hall, caller: Caller
) -> None:
    caller.status("ringing")
    caller.status("in-progress")
    before = hall.state.version
    for word in ("ringing", "initiated", "queued", "in-progress"):
        assert caller.status(word).status_code == 204
    assert hall.state.version == before
    caller.status("completed", CallDuration="9")
    over = hall.state.version
    for word in ("ringing", "busy", "failed", "completed", "no-answer"):
        assert caller.status(word).status_code == 204
    assert hall.state.version == over


@pytest.mark.on_sqlite
def test_an_end_that_overtakes_everything_else_is_the_end(hall: Hall, caller: Caller) -> None:
    caller.status("no-answer")
    caller.status("ringing")
    assert _log(hall).count("CallEnded") == 1
    assert _log(hall).count("CallProgressed") == 0


def test_a_webhook_may_overtake_the_carriers_own_answer(hall: Hall, carrier: Carrier) -> None:
    hall.open_calls()
    carrier.mood = "forgets to answer"
    hall.tick()
    (k, caller), *_ = callers(hall, carrier).items()
    assert asks(caller.pick_up()) == "consent/1"
    caller.press_all("11115")
    caller.hang_up()
    assert hall.position(k).final is FinalCode.COMPLETED
    assert hall.attempt(k).sid == caller.sid


@pytest.mark.on_sqlite
def test_only_a_dead_number_ends_a_position_at_the_first_try(hall: Hall, carrier: Carrier) -> None:
    hall.open_calls(parallel=6)
    hall.tick()
    ends: list[tuple[str, str, FinalCode | None]] = [
        ("busy", "486", None),
        ("no-answer", "480", None),
        ("failed", "404", FinalCode.INVALID_NUMBER),
        ("failed", "", FinalCode.INVALID_NUMBER),
    ]
    in_flight = list(callers(hall, carrier).items())
    for (word, sip_code, code), (k, caller) in zip(ends, in_flight, strict=False):
        caller.status(word, SipResponseCode=sip_code, CallDuration="0")
        assert (hall.attempt(k).status, hall.position(k).counted) == (word, 1)
        assert hall.position(k).final is code


@pytest.mark.on_sqlite
def test_a_failure_of_the_carrier_does_not_count_and_the_household_is_called_again(
    hall: Hall, caller: Caller, carrier: Carrier
) -> None:
    (k, _), *_ = callers(hall, carrier).items()
    caller.status("failed", SipResponseCode="503")
    position = hall.position(k)
    assert position.attempts[-1].status is CallStatus.VOID
    assert (position.counted, position.final) == (0, None)


@pytest.mark.on_sqlite
def test_ringing_and_talking_are_counted_in_seconds(hall: Hall, caller: Caller) -> None:
    caller.pick_up()
    caller.hang_up(33)
    recorded = [each.event for each in hall.rooms.live.events(hall.live)]
    (ended,) = [event for event in recorded if isinstance(event, CallEnded)]
    assert (ended.talk_s, ended.ring_s) == (33, 0)


@pytest.mark.on_sqlite
@pytest.mark.parametrize("parameters", [{}, {"CallStatus": "ringing!"}])
def test_a_report_without_a_status_is_refused(
    hall: Hall, caller: Caller, parameters: dict[str, str]
) -> None:
    refused = caller.hook("status", **parameters)
    assert (refused.status_code, refused.text) == (400, "invalid_input")
    assert hall.state.version


@contextmanager
def _broken_database(hall: Hall) -> Iterator[None]:
    """Take the record's table away underneath the application, and give it back."""

    def rename(old: str, new: str) -> None:
        with hall.database.write() as db:
            db.connection().exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")

    rename("live_events", "live_events_away")
    yield
    rename("live_events_away", "live_events")


def test_while_our_database_is_away_the_question_is_asked_again_in_a_moment(
    hall: Hall, caller: Caller
) -> None:
    caller.pick_up()
    with _broken_database(hall):
        failed = caller.press("consent", "1")
        assert (failed.status_code, verbs(failed)) == (200, ["Pause", "Redirect"])
        assert asks(failed) == "consent/1?again=1"
    assert asks(caller.hook("step/consent/1", query="again=1")) == "consent/2"
    assert asks(caller.press("consent", "1", 2)) == "identity/1"


@pytest.mark.on_sqlite
def test_what_was_answered_before_our_failure_is_not_asked_again(caller: Caller) -> None:
    caller.pick_up()
    caller.press("consent", "1")
    assert asks(caller.hook("step/consent/1", query="again=1")) == "identity/1"


@pytest.mark.on_sqlite
def test_after_three_failures_the_call_ends_with_an_apology(hall: Hall, caller: Caller) -> None:
    caller.pick_up()
    with _broken_database(hall):
        assert asks(caller.hook("step/consent/1", query="again=2")) == "consent/1?again=3"
        sorry = caller.hook("step/consent/1", query="again=3")
    assert (sorry.status_code, verbs(sorry)) == (200, ["Say", "Hangup"])
    assert "故障" in said(sorry)


def test_a_report_that_we_could_not_keep_is_to_be_delivered_again(
    hall: Hall, caller: Caller
) -> None:
    with _broken_database(hall):
        for hook in ("recording", "transcription"):
            form = {"RecordingSid": "RE1", "RecordingDuration": "3"}
            assert caller.hook(hook, **form).status_code == 503
        failed = caller.status("ringing")
        assert (failed.status_code, failed.mimetype) == (503, "text/plain")
    assert caller.status("ringing").status_code == 204


class TestComments:
    @pytest.fixture
    def speaker(self, caller: Caller) -> Caller:
        """A household that is asked for its comment."""
        caller.pick_up()
        caller.press_all("11114")
        return caller

    @staticmethod
    def _kept(hall: Hall) -> list[tuple[str, str]]:
        hall.tally.release_comments_of(hall.live, over=True)
        comments = hall.rooms.score.read_comments(hall.live, reader="纪检")
        return [(comment.text, comment.recording) for comment in comments]

    def test_a_comment_is_kept_once_with_its_words(self, hall: Hall, speaker: Caller) -> None:
        spoken = {"RecordingSid": "RE1", "RecordingDuration": "6"}
        words = {"RecordingSid": "RE1", "TranscriptionText": "他常来。"}
        speaker.hook("step/comment/1", Digits="#", **spoken)
        speaker.hook("recording", RecordingStatus="completed", **spoken)
        for _ in range(2):
            assert speaker.hook("transcription", **words).status_code == 204
        speaker.hang_up()
        assert hall.round.comments == 1
        assert self._kept(hall) == [("他常来。", "RE1")]

    def test_words_may_come_before_the_recording_and_after_the_call(
        self, hall: Hall, speaker: Caller
    ) -> None:
        speaker.hang_up()
        speaker.hook("transcription", RecordingSid="RE1", TranscriptionText="他常来。")
        speaker.hook("recording", RecordingSid="RE1", RecordingDuration="6")
        assert self._kept(hall) == [("他常来。", "RE1")]

    @pytest.mark.on_sqlite
    def test_a_comment_without_words_is_kept_as_a_recording_after_two_minutes(
        self, hall: Hall, speaker: Caller
    ) -> None:
        speaker.hook("step/comment/1", RecordingSid="RE1", RecordingDuration="6")
        speaker.hang_up()
        hall.rooms.calls.hand_on_waiting_comments()
        assert self._kept(hall) == []
        hall.minutes_pass(3)
        hall.rooms.calls.hand_on_waiting_comments()
        speaker.hook("transcription", RecordingSid="RE1", TranscriptionText="太晚了。")
        assert self._kept(hall) == [("", "RE1")]

    @pytest.mark.on_sqlite
    def test_a_comment_may_be_left_out(self, hall: Hall, speaker: Caller) -> None:
        thanks = speaker.hook("step/comment/1")
        assert verbs(thanks) == ["Say", "Hangup"]
        speaker.hang_up()
        assert (hall.round.comments, self._kept(hall)) == (0, [])

    def test_once_handed_on_nothing_ties_a_comment_to_its_call(
        self, hall: Hall, speaker: Caller
    ) -> None:
        speaker.hook("step/comment/1", RecordingSid="RE77", RecordingDuration="6")
        speaker.hook("transcription", RecordingSid="RE77", TranscriptionText="他常来。")
        with hall.database.read() as db:
            for table in ("call_attempts", "call_answers"):
                rows = db.connection().exec_driver_sql(f"SELECT * FROM {table}").all()  # noqa: S608 - fixed names
                assert "RE77" not in str(rows)

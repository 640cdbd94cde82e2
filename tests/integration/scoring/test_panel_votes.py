"""The panel's vote: each acknowledged vote is counted once, and nobody learns whose it was."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from sqlalchemy import select

from evalsys.domain.panel import Choice, Seat, SeatCategory, Vote, VoteCounts
from evalsys.errors import RuleViolation, StaleState, WrongPhase
from evalsys.ids import LiveId
from evalsys.services.score import Scores
from evalsys.store.database import Database
from evalsys.store.schema.scoring import PanelVote
from evalsys.store.scoring import OwnVote

LIVE = LiveId("1" * 32)
SATISFIED, BASICALLY, NOT = Choice.SATISFIED, Choice.BASICALLY_SATISFIED, Choice.NOT_SATISFIED


def seated(scores: Scores, number: int) -> tuple[Seat, ...]:
    counts = {SeatCategory.MASS_REPRESENTATIVE: number}
    seats = scores.create_seats(LIVE, counts, actor="dao-bo")
    return tuple(scores.join(s.code, f"device {s.id}", holds_leading_post=False) for s in seats)


def open_vote(scores: Scores, database: Database, j: int = 1) -> int:
    with database.write() as db:
        return scores.open_vote_in(db, LIVE, j)


def close_vote(scores: Scores, database: Database, j: int = 1) -> VoteCounts:
    with database.write() as db:
        return scores.tally_vote_in(db, LIVE, j)


def void_vote(scores: Scores, database: Database, j: int = 1) -> None:
    with database.write() as db:
        scores.void_vote_in(db, LIVE, j)


def cast(
    scores: Scores, seat: Seat, choice: Choice, revision: int = 1, opening: int = 1, j: int = 1
) -> Vote:
    return scores.cast_vote(LIVE, j, seat, choice, revision=revision, opening=opening)


def holds(scores: Scores, seat: Seat) -> Vote | None:
    own = scores.own_vote(seat, 1)
    return Vote(own.choice, own.revision) if own.choice else None


def test_a_pad_knows_whether_the_vote_is_open(scores: Scores, database: Database) -> None:
    (seat,) = seated(scores, 1)
    assert scores.own_vote(seat, 1) == OwnVote(1, 0, is_open=False, choice=None, revision=0)
    open_vote(scores, database)
    assert scores.own_vote(seat, 1) == OwnVote(1, 1, is_open=True, choice=None, revision=0)


def test_the_last_choice_of_each_seat_counts(scores: Scores, database: Database) -> None:
    first, second, _ = seated(scores, 3)
    open_vote(scores, database)
    cast(scores, first, SATISFIED)
    cast(scores, second, SATISFIED)
    cast(scores, second, NOT, revision=2)
    assert holds(scores, second) == Vote(NOT, 2)
    assert close_vote(scores, database) == VoteCounts(1, 0, 1, present=3)


def test_before_the_opening_and_after_the_close_nothing_counts(
    scores: Scores, database: Database
) -> None:
    (seat,) = seated(scores, 1)
    with pytest.raises(WrongPhase, match="没有计入"):
        cast(scores, seat, SATISFIED)
    open_vote(scores, database)
    counts = close_vote(scores, database)
    with pytest.raises(WrongPhase):
        cast(scores, seat, SATISFIED)
    assert close_vote(scores, database) == counts == VoteCounts(0, 0, 0, present=1)


def test_a_vote_that_was_never_opened_can_not_be_counted(
    scores: Scores, database: Database
) -> None:
    with pytest.raises(WrongPhase):
        close_vote(scores, database)


def test_a_repeated_vote_counts_once_and_an_overtaken_one_not_at_all(
    scores: Scores, database: Database
) -> None:
    (seat,) = seated(scores, 1)
    open_vote(scores, database)
    cast(scores, seat, NOT, revision=2)
    assert cast(scores, seat, NOT, revision=2) == Vote(NOT, 2)
    with pytest.raises(StaleState):
        cast(scores, seat, SATISFIED, revision=1)
    assert close_vote(scores, database) == VoteCounts(0, 0, 1, present=1)


def test_a_voided_vote_leaves_nothing_for_the_next_opening(
    scores: Scores, database: Database
) -> None:
    (seat,) = seated(scores, 1)
    open_vote(scores, database)
    cast(scores, seat, SATISFIED)
    void_vote(scores, database)
    with pytest.raises(WrongPhase):
        cast(scores, seat, NOT, revision=2)
    assert open_vote(scores, database) == 2
    with pytest.raises(WrongPhase):  # queued on a pad since the first opening
        cast(scores, seat, SATISFIED, opening=1)
    assert close_vote(scores, database).voted == 0


def test_a_counted_vote_is_opened_again_only_after_it_was_voided(
    scores: Scores, database: Database
) -> None:
    (seat,) = seated(scores, 1)
    open_vote(scores, database)
    cast(scores, seat, SATISFIED)
    close_vote(scores, database)
    with pytest.raises(RuleViolation, match="作废"):
        open_vote(scores, database)
    void_vote(scores, database)
    open_vote(scores, database)
    assert close_vote(scores, database).voted == 0


def test_opening_twice_keeps_the_votes(scores: Scores, database: Database) -> None:
    (seat,) = seated(scores, 1)
    open_vote(scores, database)
    cast(scores, seat, SATISFIED)
    assert open_vote(scores, database) == 1
    assert close_vote(scores, database).satisfied == 1


def test_after_the_count_nobody_can_tell_who_chose_what(scores: Scores, database: Database) -> None:
    first, second, _ = seated(scores, 3)
    open_vote(scores, database)
    cast(scores, first, SATISFIED)
    cast(scores, second, NOT)
    close_vote(scores, database)
    with database.read() as db:
        assert set(db.scalars(select(PanelVote.choice))) == {None}
    assert holds(scores, first) is None
    assert scores.own_vote(first, 1) == OwnVote(1, 1, is_open=False, choice=None, revision=1)
    assert scores.attendance(LIVE, 1) == {first.number, second.number}


def test_a_replaced_device_votes_no_more_but_its_vote_still_counts(
    scores: Scores, database: Database
) -> None:
    old, _ = seated(scores, 2)
    open_vote(scores, database)
    cast(scores, old, SATISFIED)
    fresh = scores.reissue(LIVE, old.number, actor="dao-bo")
    with pytest.raises(RuleViolation, match="新的席位卡"):
        cast(scores, old, NOT, revision=2)
    assert close_vote(scores, database) == VoteCounts(1, 0, 0, present=2)
    assert not fresh.is_taken


def test_a_new_device_sees_and_changes_its_seats_vote(scores: Scores, database: Database) -> None:
    (old,) = seated(scores, 1)
    open_vote(scores, database)
    cast(scores, old, SATISFIED)
    card = scores.reissue(LIVE, old.number, actor="dao-bo")
    fresh = scores.join(card.code, "new device", holds_leading_post=False)
    assert holds(scores, fresh) == Vote(SATISFIED, 1)
    cast(scores, fresh, NOT, revision=2)
    assert close_vote(scores, database) == VoteCounts(0, 0, 1, present=1)


def test_a_seat_of_another_session_does_not_vote_here(scores: Scores, database: Database) -> None:
    (seat,) = seated(scores, 1)
    open_vote(scores, database)
    with pytest.raises(RuleViolation, match="另一场"):
        scores.cast_vote(LiveId("2" * 32), 1, seat, SATISFIED, revision=1, opening=1)


def test_forty_threads_pressing_for_one_seat_make_one_vote(
    scores: Scores, database: Database
) -> None:
    (seat,) = seated(scores, 1)
    open_vote(scores, database)
    together = Barrier(40)

    def press(i: int) -> Vote | None:
        together.wait()
        try:
            return cast(scores, seat, list(Choice)[i % 3])
        except StaleState:
            return None

    with ThreadPoolExecutor(40) as threads:
        answers = list(threads.map(press, range(40)))
    acknowledged = {vote for vote in answers if vote}
    assert acknowledged == {holds(scores, seat)}
    assert close_vote(scores, database).voted == 1


def test_two_hundred_seats_voting_at_once_are_all_counted(
    scores: Scores, database: Database
) -> None:
    seats = seated(scores, 200)
    open_vote(scores, database)
    with ThreadPoolExecutor(40) as threads:
        list(threads.map(lambda s: cast(scores, s, list(Choice)[s.number % 3]), seats))
    assert close_vote(scores, database) == VoteCounts(66, 67, 67, present=200)


def test_what_was_acknowledged_while_the_vote_closed_is_what_was_counted(
    scores: Scores, database: Database
) -> None:
    seats = seated(scores, 60)
    open_vote(scores, database)
    some_voted = Event()

    def press(seat: Seat) -> bool:
        with contextlib.suppress(WrongPhase):
            cast(scores, seat, SATISFIED)
            some_voted.set()
            return True
        return False

    with ThreadPoolExecutor(16) as threads:
        answers = [threads.submit(press, seat) for seat in seats]
        some_voted.wait(timeout=30)
        counts = close_vote(scores, database)
        acknowledged = sum(answer.result() for answer in answers)
    assert counts.satisfied == acknowledged > 0

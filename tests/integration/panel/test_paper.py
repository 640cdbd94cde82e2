"""Votes on paper: typed twice apart, compared slip by slip, one seat one vote."""

import pytest

from evalsys.domain.panel import Choice, Seat, SeatCategory, VoteCounts
from evalsys.domain.paper import Difference
from evalsys.errors import EvalsysError, InvalidInput, NotFound, RuleViolation, WrongPhase
from evalsys.ids import LiveId
from evalsys.services.paper import Paper
from evalsys.services.score import Scores
from evalsys.store.ballot_box import BoxKey
from evalsys.store.database import Database
from tests.builders import NOON, TALLY_KEY
from tests.tallying import READERS

LIVE = LiveId("1" * 32)


class Hall:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.scores = Scores(database, BoxKey(TALLY_KEY).slot, READERS, lambda: NOON)
        self.paper = Paper(database, lambda: NOON)
        counts = {SeatCategory.MASS_REPRESENTATIVE: 5, SeatCategory.MEDIA: 1}
        self.seats = [self.sit(seat) for seat in self.scores.create_seats(LIVE, counts, actor="a")]
        with database.write() as db:
            self.scores.open_vote_in(db, LIVE, 1)

    def sit(self, seat: Seat) -> Seat:
        return self.scores.join(seat.code, seat.id, holds_leading_post=False)

    def press(self, number: int) -> None:
        seat = self.seats[number - 1]
        self.scores.cast_vote(LIVE, 1, seat, Choice.SATISFIED, revision=1, opening=1)

    def close(self) -> VoteCounts:
        with self.database.write() as db:
            return self.scores.tally_vote_in(db, LIVE, 1)

    def hand_out(self, *numbers: int) -> None:
        self.paper.hand_out(LIVE, 1, numbers, actor="clerk-a")

    def type(self, clerk: str, digits: str) -> tuple[Difference, ...]:
        return self.paper.type_slips(LIVE, 1, digits, clerk=clerk).differences


@pytest.fixture
def hall(database: Database) -> Hall:
    return Hall(database)


def test_slips_that_two_clerks_typed_alike_are_counted_with_the_pads(hall: Hall) -> None:
    hall.press(1)
    hall.hand_out(2, 3, 4)
    assert hall.type("clerk-a", "1 30") == ()
    with pytest.raises(RuleViolation, match="还没有录成一致"):
        hall.close()
    assert hall.type("clerk-b", "130") == ()
    assert hall.close() == VoteCounts(2, 0, 1, 5)
    assert hall.close() == VoteCounts(2, 0, 1, 5)


def test_differences_are_shown_slip_by_slip_once_both_have_typed(hall: Hall) -> None:
    hall.hand_out(1, 2, 3)
    hall.type("clerk-a", "123")
    assert hall.paper.state(LIVE, 1, clerk="clerk-b").others == (("clerk-a", 3),)
    assert hall.paper.state(LIVE, 1, clerk="clerk-b").mine is None
    assert hall.type("clerk-b", "13") == (Difference(2, "2", "3"), Difference(3, "3", ""))
    with pytest.raises(RuleViolation, match="还没有录成一致"):
        hall.close()
    assert hall.type("clerk-b", "123") == ()
    with pytest.raises(RuleViolation, match="无需再录"):
        hall.type("clerk-a", "111")


def test_a_seat_has_one_vote_on_its_pad_or_on_paper(hall: Hall) -> None:
    hall.press(1)
    with pytest.raises(RuleViolation, match="已用表决器"):
        hall.hand_out(2, 1)
    hall.press(2)  # the refused list handed out nothing
    hall.hand_out(3, 3)
    with pytest.raises(RuleViolation, match="已领纸质票"):
        hall.press(3)
    hall.paper.take_back(LIVE, 1, 3, actor="clerk-a")
    hall.press(3)


@pytest.mark.parametrize(
    ("digits", "error"),
    [("4", InvalidInput), ("一", InvalidInput), ("111", RuleViolation), ("1,1", InvalidInput)],
)
def test_what_cannot_be_slips_is_refused(
    hall: Hall, digits: str, error: type[EvalsysError]
) -> None:
    hall.hand_out(1, 2)
    with pytest.raises(error):
        hall.type("clerk-a", digits)


def test_a_third_clerk_does_not_type_and_an_open_box_takes_nothing_back(hall: Hall) -> None:
    hall.hand_out(1, 2)
    hall.type("clerk-a", "12")
    hall.type("clerk-b", "11")
    with pytest.raises(RuleViolation, match="clerk-a、clerk-b"):
        hall.type("clerk-c", "12")
    with pytest.raises(RuleViolation, match="已经打开"):
        hall.paper.take_back(LIVE, 1, 1, actor="clerk-a")


def test_the_media_and_unknown_seats_take_no_slip_and_a_closed_vote_none_at_all(hall: Hall) -> None:
    with pytest.raises(InvalidInput, match="不参加投票"):
        hall.hand_out(6)
    with pytest.raises(NotFound):
        hall.hand_out(99)
    with pytest.raises(RuleViolation, match="没有发出"):
        hall.type("clerk-a", "1")
    hall.close()
    with pytest.raises(WrongPhase):
        hall.hand_out(1)


def test_a_void_vote_throws_its_paper_away(hall: Hall) -> None:
    hall.hand_out(1)
    hall.type("clerk-a", "1")
    with hall.database.write() as db:
        hall.scores.void_vote_in(db, LIVE, 1)
        hall.scores.open_vote_in(db, LIVE, 1)
    assert hall.paper.state(LIVE, 1, clerk="clerk-a").seats == ()
    assert hall.close() == VoteCounts(0, 0, 0, 5)

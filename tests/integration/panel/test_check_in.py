"""The doors: a genuine card admits once, through whatever door, whenever that is told."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from evalsys.domain.checkin import Admission, CardClaim
from evalsys.domain.panel import Seat, SeatCategory
from evalsys.errors import RuleViolation
from evalsys.ids import LiveId, new_id
from evalsys.services.checkin import CheckIn, HandedIn
from evalsys.services.panel import Panel
from evalsys.services.score import Scores
from evalsys.store.ballot_box import BoxKey
from evalsys.store.card_key import CardKey
from evalsys.store.database import Database
from tests.builders import NOON, TALLY_KEY
from tests.tallying import READERS

LIVE = LiveId("1" * 32)
ACTOR = "hui-wu"
MINUTE = timedelta(minutes=1)
A, D, OLD = Admission.ADMITTED, Admission.DOUBLE, Admission.OLD_CARD


class Hall:
    def __init__(self, database: Database) -> None:
        self.now = NOON
        self.scores = Scores(database, BoxKey(TALLY_KEY).slot, READERS, lambda: self.now)
        self.panel = Panel(database, self.scores, lambda: self.now)
        self.doors = CheckIn(database, CardKey(bytes(32)), lambda: self.now)
        counts = {SeatCategory.PEOPLES_DEPUTY: 2}
        self.seats = list(self.scores.create_seats(LIVE, counts, actor=ACTOR))

    def card(self, seat: Seat, at: datetime | None = None) -> HandedIn:
        claim = CardClaim(seat.live, seat.number, seat.issue, seat.code)
        return HandedIn(new_id(), claim, self.doors.sign_card(seat), at or self.now)

    def hand_in(self, door: str, *scans: HandedIn, clock: datetime | None = None) -> frozenset[str]:
        _, forged = self.doors.hand_in(LIVE, door, clock or self.now, scans, actor=ACTOR)
        return forged

    def judged(self) -> list[tuple[int, str, Admission]]:
        return [(s.seat, s.device, a) for s, a in self.doors.door_list(LIVE).scans]


@pytest.fixture
def hall(database: Database) -> Hall:
    return Hall(database)


def test_a_card_admits_once_and_the_second_door_is_told_of(hall: Hall) -> None:
    east, west = hall.card(hall.seats[0]), hall.card(hall.seats[0], NOON + MINUTE)
    hall.now += 10 * MINUTE
    hall.hand_in("西门", west)  # it was cut off less long
    assert hall.judged() == [(1, "西门", A)]
    hall.hand_in("东门", east)
    assert hall.judged() == [(1, "东门", A), (1, "西门", D)]
    assert hall.doors.door_list(LIVE).checked_in.keys() == {1}


def test_handing_in_twice_changes_nothing(hall: Hall) -> None:
    scan = hall.card(hall.seats[0])
    hall.hand_in("东门", scan)
    hall.hand_in("东门", scan, hall.card(hall.seats[1], NOON - MINUTE))
    assert hall.judged() == [(2, "东门", A), (1, "东门", A)]


def test_a_door_with_a_wrong_clock_is_put_right(hall: Hall) -> None:
    first = hall.card(hall.seats[0], NOON + 5 * MINUTE)  # at noon, by a clock five minutes fast
    second = hall.card(hall.seats[0], NOON + MINUTE)
    hall.now += 2 * MINUTE
    hall.hand_in("西门", second)
    hall.hand_in("东门", first, clock=hall.now + 5 * MINUTE)
    assert hall.judged() == [(1, "东门", A), (1, "西门", D)]


def test_a_replaced_card_is_old_from_then_on_but_not_before(hall: Hall) -> None:
    before = hall.card(hall.seats[0])
    hall.now += 5 * MINUTE
    fresh = hall.scores.reissue(LIVE, 1, actor=ACTOR)
    after = hall.card(hall.seats[0], hall.now + MINUTE)
    hall.now += 5 * MINUTE
    hall.hand_in("东门", before, after, hall.card(fresh))
    assert hall.judged() == [(1, "东门", A), (1, "东门", D), (1, "东门", A)]
    stolen = hall.scores.reissue(LIVE, 2, actor=ACTOR)
    hall.now += MINUTE
    hall.hand_in("西门", hall.card(hall.seats[1]))
    hall.now += MINUTE
    hall.hand_in("西门", hall.card(stolen))
    assert hall.judged()[3:] == [(2, "西门", OLD), (2, "西门", A)]


def test_what_is_no_card_of_this_session_is_told_and_not_kept(hall: Hall) -> None:
    genuine = hall.card(hall.seats[0])
    other = LiveId("2" * 32)
    forged = (
        replace(genuine, id=new_id(), signature="A" * 86),
        replace(genuine, id=new_id(), signature="不" * 86),
        replace(genuine, id=new_id(), claim=replace(genuine.claim, seat=2)),
        replace(genuine, id=new_id(), claim=replace(genuine.claim, issue=2)),
        replace(genuine, id=new_id(), claim=replace(genuine.claim, seat=77)),
        replace(genuine, id=new_id(), claim=replace(genuine.claim, live=other)),
    )
    assert hall.hand_in("东门", *forged) == {one.id for one in forged}
    assert hall.judged() == []


def test_nobody_takes_the_seat_of_somebody_who_came_and_the_list_stays(hall: Hall) -> None:
    pasted = "姓名\t类别\t单位\t担任领导职务\n张一\t人大代表\t街道\t否\n"
    hall.panel.read_pasted(LIVE, pasted, actor=ACTOR)
    hall.hand_in("东门", hall.card(hall.seats[0]))
    with pytest.raises(RuleViolation, match="已经签到"):
        hall.panel.call_reserve(LIVE, 1, actor=ACTOR)
    with pytest.raises(RuleViolation, match="已有人签到"):
        hall.panel.read_pasted(LIVE, pasted, actor=ACTOR)

"""Seats of the panel: one card, one device, and a new card when it is lost."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from evalsys.domain.panel import Seat, SeatCategory
from evalsys.errors import EvalsysError, InvalidInput, NotFound, RuleViolation
from evalsys.ids import LiveId, new_id
from evalsys.services.score import Scores
from evalsys.store import audit
from evalsys.store.database import Database

LIVE = LiveId("1" * 32)
COUNTS = {SeatCategory.PEOPLES_DEPUTY: 2, SeatCategory.RETIRED_CADRE: 1}


def the_seats(scores: Scores) -> tuple[Seat, ...]:
    return scores.create_seats(LIVE, COUNTS, actor="dao-bo")


def take(scores: Scores, seat: Seat, token: str) -> Seat:
    return scores.join(seat.code, token, holds_leading_post=False)


def test_seats_are_numbered_through_and_named_by_category(scores: Scores) -> None:
    assert [(seat.number, seat.label) for seat in the_seats(scores)] == [
        (1, "人大代表 01"),
        (2, "人大代表 02"),
        (3, "老干部 01"),
    ]


def test_creating_seats_again_adds_only_what_is_missing(scores: Scores) -> None:
    first = the_seats(scores)
    assert the_seats(scores) == first
    more = scores.create_seats(LIVE, {SeatCategory.PEOPLES_DEPUTY: 3}, actor="dao-bo")
    assert more[:3] == first
    assert [(seat.number, seat.label) for seat in more[3:]] == [(4, "人大代表 03")]
    assert scores.seats(LIVE) == more


@pytest.mark.parametrize("count", [-1, 1000])
def test_an_impossible_number_of_seats_is_refused(scores: Scores, count: int) -> None:
    with pytest.raises(InvalidInput):
        scores.create_seats(LIVE, {SeatCategory.RETIRED_CADRE: count}, actor="dao-bo")
    assert scores.seats(LIVE) == ()


def test_a_card_seats_one_device_and_asking_again_is_harmless(scores: Scores) -> None:
    seat = the_seats(scores)[0]
    taken = take(scores, seat, "phone")
    assert taken.is_taken
    assert take(scores, seat, "phone") == taken == scores.seat_by_token("phone")


def test_a_used_code_is_refused_on_another_device_and_says_what_to_do(scores: Scores) -> None:
    seat = the_seats(scores)[0]
    take(scores, seat, "phone")
    with pytest.raises(RuleViolation, match="另一台设备") as refusal:
        take(scores, seat, "tablet")
    assert "换发新卡" in refusal.value.remedy
    assert scores.seat_by_token("tablet") is None


def test_a_device_takes_one_seat_only(scores: Scores) -> None:
    first, second, _ = the_seats(scores)
    take(scores, first, "phone")
    with pytest.raises(RuleViolation, match="只能坐一席"):
        take(scores, second, "phone")


def test_who_holds_a_leading_post_is_not_seated(scores: Scores) -> None:
    seat = the_seats(scores)[0]
    with pytest.raises(RuleViolation, match="领导职务"):
        scores.join(seat.code, "phone", holds_leading_post=True)
    assert scores.seat_by_token("phone") is None
    assert take(scores, seat, "another phone").is_taken


def test_a_new_card_ends_the_old_code_and_the_old_device(scores: Scores) -> None:
    seat = the_seats(scores)[0]
    take(scores, seat, "phone")
    fresh = scores.reissue(LIVE, seat.number, actor="dao-bo")
    assert scores.seat_by_token("phone") is None
    with pytest.raises(NotFound):
        take(scores, seat, "phone")
    assert take(scores, fresh, "tablet").issue == 2
    assert scores.seat_by_token("tablet") == replace(
        fresh, joined_at=scores.seats(LIVE)[0].joined_at
    )


def test_forty_devices_with_one_card_seat_exactly_one(scores: Scores) -> None:
    seat = the_seats(scores)[0]

    def try_to_sit(token: str) -> bool:
        try:
            take(scores, seat, token)
        except RuleViolation:
            return False
        return True

    with ThreadPoolExecutor(40) as threads:
        seated = list(threads.map(try_to_sit, [new_id() for _ in range(40)]))
    assert seated.count(True) == 1


@pytest.mark.parametrize("token", ["", "unknown"])
def test_an_unknown_device_has_no_seat(scores: Scores, token: str) -> None:
    the_seats(scores)
    assert scores.seat_by_token(token) is None


def test_an_unknown_seat_or_code_is_not_found(scores: Scores) -> None:
    with pytest.raises(NotFound):
        scores.reissue(LIVE, 99, actor="dao-bo")
    with pytest.raises(NotFound):
        scores.seat_for_code("ABCD2345")
    with pytest.raises(EvalsysError):
        scores.seat_for_code("not a code")


def test_every_card_that_was_made_printed_used_or_replaced_is_in_the_audit_log(
    scores: Scores, database: Database
) -> None:
    seat = the_seats(scores)[0]
    scores.seats_with_codes(LIVE, actor="dao-bo")
    take(scores, seat, "phone")
    scores.reissue(LIVE, seat.number, actor="dao-bo")
    with database.read() as db:
        lines = list(audit.entries(db))
    actions = [(line.actor, line.action) for line in lines]
    assert actions == [
        ("dao-bo", "seats.create"),
        ("dao-bo", "seats.print"),
        ("seat:1", "seat.join"),
        ("dao-bo", "seat.reissue"),
    ]
    assert not any(seat.code in line.detail + line.subject for line in lines)

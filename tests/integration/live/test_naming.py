"""Naming through the services: seats propose, the operator takes or dismisses (Y33, Y35)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from evalsys.domain.live.proposal import MOST_OF_A_SEAT, Answer
from evalsys.domain.live.words import NamedBy, Phase, Presence, Verdict
from evalsys.domain.panel import Choice, Seat, SeatCategory
from evalsys.errors import InvalidInput, NotFound, RuleViolation, StaleState, WrongPhase
from evalsys.ids import CadreNumber
from evalsys.services.show import Operator
from evalsys.store import draws
from evalsys.store.database import Database
from tests.builders import full_width
from tests.calling import Hall, fill_county
from tests.live_play import a_plan
from tests.roster_rows import number_of

# Decided before any database is asked, or alike in both.

REASON = "多名群众来信反映办事难"


@pytest.fixture
def hall(database: Database, tmp_path: Path) -> Iterator[Hall]:
    """A county of two cadres without telephones, one of them drawn and judged."""
    hall = Hall(database, tmp_path)
    fill_county(database, hall.settings)
    hall.without_phones()
    hall.live = hall.rooms.show.plan(a_plan(slots=1), actor="op")
    yield hall
    hall.close()


def seat(hall: Hall, category: SeatCategory = SeatCategory.MEDIA, device: str = "d") -> Seat:
    score = hall.rooms.score
    seats = score.create_seats(hall.live, {category: 1}, actor="op")
    code = next(one.code for one in seats if one.category is category)
    return score.join(code, device, holds_leading_post=False)


def until_seeded(hall: Hall) -> None:
    show = hall.rooms.show
    show.freeze(hall.operator)
    show.publish(hall.operator)
    show.open_ceremony(hall.operator)
    hall.rooms.ceremony.rehearse_dice(hall.operator)


def judge(hall: Hall) -> None:
    """Bring the cadre on stage to the verdict; nobody can be called."""
    show = hall.rooms.show
    show.record_presence(hall.operator, Presence.IN_PERSON)
    show.open_calls(hall.operator)
    show.stop_dialling(hall.operator)
    show.open_vote(hall.operator)
    show.close_vote(hall.operator)
    show.give_verdict(hall.operator, Verdict.NOT_DONE)


def test_the_media_propose_and_the_operator_takes_it_with_who_and_why(hall: Hall) -> None:
    reporter = seat(hall)
    until_seeded(hall)
    made = hall.rooms.namings.propose(reporter, CadreNumber(number_of(0)), REASON)
    assert hall.rooms.namings.waiting(hall.live) == (made,)
    public = hall.rooms.screens.view(hall.live, "public")
    assert (public["named"], public["round"]) == (0, None)
    hall.rooms.show.take_proposal(hall.operator, made.id)
    assert hall.state.phase is Phase.NAMED
    for audience in ("public", "console", "pad"):
        shown = hall.rooms.screens.view(hall.live, audience)["round"]
        assert isinstance(shown, dict)
        assert shown["naming"] == {"n": 1, "by": "media", "who": "媒体 01", "reason": REASON}
        assert shown["name"] == "张三"
    assert hall.rooms.namings.waiting(hall.live) == ()
    assert [one.answer for one in hall.rooms.namings.of_seat(reporter)] == [Answer.TAKEN]
    with pytest.raises(RuleViolation, match="已经处理过"):
        hall.rooms.show.take_proposal(hall.operator, made.id)


def test_a_naming_is_neither_drawn_nor_counted(hall: Hall, database: Database) -> None:
    until_seeded(hall)
    show = hall.rooms.show
    named = CadreNumber(number_of(0))
    show.name_cadre(hall.operator, named, NamedBy.CHAIR, who="主持人", reason=REASON)
    judge(hall)
    view = hall.rooms.screens.view(hall.live, "public")
    assert (view["drawn"], view["named"], view["slots"]) == (0, 1, 1)
    assert hall.rooms.live.sessions()[0].drawn == 0
    hall.rooms.ceremony.draw_next(hall.operator)
    judge(hall)
    assert show.close(hall.operator).phase is Phase.CLOSED
    with database.read() as db:
        assert draws.drawn_since(db, hall.state.planned_at or hall.now()) == frozenset()
    assert len(hall.state.namings) == len(hall.state.slots_drawn) == 1


def test_a_cadre_who_was_named_on_air_is_not_spared_the_next_draw(
    hall: Hall, database: Database
) -> None:
    show, start = hall.rooms.show, hall.now()
    until_seeded(hall)
    named = CadreNumber(number_of(0))
    show.name_cadre(hall.operator, named, NamedBy.PANEL, who="评议团", reason=REASON)
    with database.write() as db:
        db.execute(text("UPDATE live_sessions SET rehearsal = :no"), {"no": False})
    with database.read() as db:
        assert draws.drawn_since(db, start) == frozenset()


def test_a_seat_waits_for_its_answer_and_reads_why_not(hall: Hall) -> None:
    reporter = seat(hall)
    until_seeded(hall)
    namings, number = hall.rooms.namings, CadreNumber(number_of(0))
    made = namings.propose(reporter, number, REASON)
    assert namings.propose(reporter, number, f" {REASON} ") == made
    with pytest.raises(RuleViolation, match="还在等待"):
        namings.propose(reporter, CadreNumber(number_of(1)), REASON)
    with pytest.raises(InvalidInput, match="理由"):
        hall.rooms.show.dismiss_proposal(hall.operator, made.id, "  ")
    before = hall.state
    hall.rooms.show.dismiss_proposal(hall.operator, made.id, "该干部已在外地培训")
    assert hall.state == before
    (own,) = namings.of_seat(reporter)
    assert (own.answer, own.why) == (Answer.DISMISSED, "该干部已在外地培训")
    with pytest.raises(RuleViolation, match="已经处理过"):
        hall.rooms.show.take_proposal(hall.operator, made.id)
    for _ in range(MOST_OF_A_SEAT - 1):
        again = namings.propose(reporter, number, REASON)
        hall.rooms.show.dismiss_proposal(hall.operator, again.id, "不采纳")
    with pytest.raises(RuleViolation, match="不能再提"):
        namings.propose(reporter, number, REASON)


@pytest.mark.on_sqlite
@pytest.mark.parametrize(
    ("number", "reason", "refusal"),
    [
        (full_width("12345678"), REASON, InvalidInput),
        ("1234567", REASON, InvalidInput),
        ("12345678' OR 1=1", REASON, InvalidInput),
        (number_of(0), "", InvalidInput),
        (number_of(0), "路" * 201, InvalidInput),
        (number_of(0), "修\x00路", InvalidInput),
        ("99999999", REASON, RuleViolation),
    ],
)
def test_what_nobody_could_be_named_for_is_not_even_proposed(
    hall: Hall, number: str, reason: str, refusal: type[Exception]
) -> None:
    reporter = seat(hall)
    until_seeded(hall)
    with pytest.raises(refusal):
        hall.rooms.namings.propose(reporter, CadreNumber(number), reason)
    assert hall.rooms.namings.waiting(hall.live) == ()


def test_seats_propose_from_the_ceremony_to_the_end_and_not_outside(hall: Hall) -> None:
    reporter = seat(hall)
    namings, number = hall.rooms.namings, CadreNumber(number_of(0))
    with pytest.raises(WrongPhase, match="还没有开始"):
        namings.propose(reporter, number, REASON)
    until_seeded(hall)
    hall.rooms.ceremony.draw_next(hall.operator)
    other = next(n for n in map(number_of, range(2)) if n not in hall.state.drawn)
    made = namings.propose(reporter, CadreNumber(other), REASON)
    with pytest.raises(WrongPhase, match="两轮之间"):
        hall.rooms.show.take_proposal(hall.operator, made.id)
    assert namings.waiting(hall.live) == (made,)  # the refusal undid nothing by halves
    judge(hall)
    hall.rooms.show.close(hall.operator)
    with pytest.raises(WrongPhase, match="已结束"):
        namings.propose(seat(hall, SeatCategory.PEOPLES_DEPUTY, "e"), number, REASON)


def test_a_proposal_of_another_session_does_not_exist_here(hall: Hall) -> None:
    reporter = seat(hall)
    until_seeded(hall)
    made = hall.rooms.namings.propose(reporter, CadreNumber(number_of(0)), REASON)
    other = hall.rooms.show.plan(a_plan(), actor="op")
    with pytest.raises(NotFound):
        hall.rooms.show.dismiss_proposal(Operator(other, "op", 1), made.id, "不采纳")


def test_two_operators_cannot_take_the_same_proposal(hall: Hall) -> None:
    reporter = seat(hall)
    until_seeded(hall)
    made = hall.rooms.namings.propose(reporter, CadreNumber(number_of(0)), REASON)
    first, second = hall.operator, hall.operator
    hall.rooms.show.take_proposal(first, made.id)
    with pytest.raises(StaleState):
        hall.rooms.show.take_proposal(second, made.id)


def test_a_media_seat_never_votes_and_is_not_counted_as_present(hall: Hall) -> None:
    reporter = seat(hall)
    deputy = seat(hall, SeatCategory.PEOPLES_DEPUTY, "e")
    until_seeded(hall)
    show, score = hall.rooms.show, hall.rooms.score
    show.name_cadre(
        hall.operator, CadreNumber(number_of(0)), NamedBy.PANEL, who="评议团", reason=REASON
    )
    show.record_presence(hall.operator, Presence.BY_PHONE)
    show.open_calls(hall.operator)
    show.stop_dialling(hall.operator)
    show.open_vote(hall.operator)
    j = hall.round.j
    with pytest.raises(RuleViolation, match="不参加投票"):
        score.cast_vote(hall.live, j, reporter, Choice.SATISFIED, revision=1, opening=1)
    score.cast_vote(hall.live, j, deputy, Choice.SATISFIED, revision=1, opening=1)
    show.close_vote(hall.operator)
    votes = hall.round.votes
    assert votes is not None
    assert (votes.satisfied, votes.seats) == (1, 1)


def test_proposals_and_answers_only_grow(hall: Hall, database: Database) -> None:
    reporter = seat(hall)
    until_seeded(hall)
    made = hall.rooms.namings.propose(reporter, CadreNumber(number_of(0)), REASON)
    hall.rooms.show.dismiss_proposal(hall.operator, made.id, "不采纳")
    for change in (
        "UPDATE naming_proposals SET reason = 'x'",
        "DELETE FROM naming_proposals",
        "UPDATE naming_answers SET why = 'x'",
        "DELETE FROM naming_answers",
    ):
        with pytest.raises(DBAPIError, match="append-only"), database.write() as db:
            db.execute(text(change))

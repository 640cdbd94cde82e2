"""Dialling in the drawn order: nobody is skipped, nobody twice, whatever breaks on the way."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from evalsys.app import create_app
from evalsys.domain.campaign.plan import Kind
from evalsys.domain.campaign.wanted import Electorate, Wanted
from evalsys.domain.live.dialling import next_dials
from evalsys.domain.live.words import CallsEnd, CallStatus, Phase
from evalsys.domain.manifest import FinalCode
from evalsys.ids import AttemptId, HouseholdCode, MemberId
from evalsys.services.dialler import Dialler
from evalsys.store import audit
from evalsys.store.campaign_queue import CampaignCall, add_calls, keep_call
from evalsys.store.schema.campaigns import CampaignMember
from evalsys.web.rooms import rooms
from tests.calling import Carrier, Hall, callers


def _in_flight(hall: Hall) -> list[int]:
    return [k for k, position in hall.round.positions.items() if position.current is not None]


def test_the_first_three_of_the_drawn_order_are_dialled(hall: Hall, carrier: Carrier) -> None:
    hall.open_calls(parallel=3)
    hall.tick()
    hall.tick()
    assert _in_flight(hall) == list(hall.round.order[:3])
    assert len(carrier.calls) == 3
    attempts = {urlsplit(call["Url"]).path.split("/")[2] for call in carrier.calls}
    assert attempts == {hall.attempt(k).attempt_id for k in _in_flight(hall)}


def test_the_next_opens_only_when_one_is_final(hall: Hall, carrier: Carrier) -> None:
    hall.open_calls(parallel=2, gap_s=90)
    hall.tick()
    first, second, third = hall.round.order[:3]
    callers(hall, carrier)[first].status("no-answer")
    hall.tick()
    assert third not in hall.round.positions
    caller = callers(hall, carrier)[second]
    caller.pick_up()
    caller.press("consent", "2")
    caller.hang_up()
    hall.tick()
    assert _in_flight(hall) == [third]


def test_a_household_with_which_a_campaign_speaks_now_is_asked_a_moment_later(
    hall: Hall, carrier: Carrier
) -> None:
    hall.open_calls(parallel=3)
    first = hall.round.order[0]
    campaign = hall.rooms.campaign
    electorate = Electorate(cadres=(str(hall.round.cadre),))
    planned = campaign.plans.plan(Wanted(Kind.ANNUAL, "年度", electorate), actor="op")[0].id
    campaign.plans.start(planned, actor="op")
    with hall.database.write() as db:
        member = db.scalars(
            select(CampaignMember).where(CampaignMember.household == hall.code(first))
        ).one()
        call = CampaignCall(
            AttemptId("a" * 32),
            planned,
            MemberId(member.id),
            HouseholdCode(member.household),
            1,
            member.arrangement,
            hall.now(),
            hall.now(),
        )
        add_calls(db, [call])
    hall.tick()
    assert first not in _in_flight(hall)
    with hall.database.write() as db:
        over = CallStatus.COMPLETED.value
        keep_call(db, AttemptId("a" * 32), status=over, ended_at=hall.now())
    hall.tick()
    assert first in _in_flight(hall)
    assert len(carrier.calls) == 3


def test_a_household_without_a_number_is_final_without_a_call(hall: Hall, carrier: Carrier) -> None:
    hall.without_phones()
    hall.open_calls(parallel=3)
    hall.tick()
    hall.tick()
    assert hall.round.calls_end is CallsEnd.LIST_EXHAUSTED
    assert {p.final for p in hall.round.positions.values()} == {FinalCode.INVALID_NUMBER}
    assert not any(position.attempts for position in hall.round.positions.values())
    assert carrier.calls == []


def test_dialling_stops_at_the_target_and_the_tally_opens_the_ballots(
    hall: Hall, carrier: Carrier
) -> None:
    hall.open_calls(parallel=3, target=3)
    while hall.round.calls_end is None:
        hall.tick()
        for caller in callers(hall, carrier).values():
            caller.pick_up()
            caller.press_all("11114")
            caller.hang_up()
    assert hall.round.calls_end is CallsEnd.TARGET_REACHED
    assert hall.round.completed == len(carrier.calls) == 3
    sealed = hall.round.released
    assert hall.tally.look() == ""
    opened = hall.round.released
    assert (sealed, opened and opened.answered) == (None, 3)


def test_every_number_that_is_opened_is_audited(hall: Hall, carrier: Carrier) -> None:
    hall.open_calls(parallel=2)
    hall.tick()
    with hall.database.read() as db:
        opened = [line.subject for line in audit.entries(db) if line.action == "phone.read"]
    assert len(opened) == len(carrier.calls) == 2


def test_a_number_that_the_carrier_refuses_is_invalid(hall: Hall, carrier: Carrier) -> None:
    hall.open_calls(parallel=1)
    carrier.mood = "wrong"
    hall.tick()
    first = hall.round.order[0]
    assert hall.position(first).final is FinalCode.INVALID_NUMBER
    assert hall.attempt(first).status is CallStatus.FAILED
    assert hall.rooms.dialler.line_problem == ""


def test_while_the_carrier_is_away_nobody_is_announced_and_owed_calls_wait(
    hall: Hall, carrier: Carrier
) -> None:
    hall.open_calls(parallel=3)
    carrier.mood = "busy"
    for _ in range(8):
        hall.tick()
    assert hall.rooms.dialler.line_problem
    assert hall.round.positions == {}
    carrier.mood = "takes"
    hall.line_rests()
    hall.tick()
    assert hall.rooms.dialler.line_problem == ""
    assert _in_flight(hall) == list(hall.round.order[:3])


def test_a_dial_that_the_carrier_did_not_take_is_void_and_goes_on_when_it_is_back(
    hall: Hall, carrier: Carrier
) -> None:
    hall.open_calls(parallel=1)
    hall.tick()
    (caller,) = callers(hall, carrier).values()
    caller.status("failed", SipResponseCode="404")
    carrier.mood = "busy"
    for _ in range(8):
        hall.tick()
    second = hall.round.order[1]
    assert [attempt.status for attempt in hall.position(second).attempts] == [CallStatus.VOID]
    assert hall.position(second).counted == 0
    carrier.mood = "takes"
    hall.line_rests()
    hall.tick()
    assert _in_flight(hall) == [second]


def test_a_call_whose_answer_was_lost_is_found_at_the_carrier_and_not_dialled_again(
    hall: Hall, carrier: Carrier
) -> None:
    hall.open_calls(parallel=1)
    carrier.mood = "forgets to answer"
    hall.tick()
    carrier.mood = "takes"
    hall.tick()
    assert len(carrier.calls) == 1
    hall.minutes_pass(1)
    hall.tick()
    (k,) = _in_flight(hall)
    assert len(carrier.calls) == 1
    with hall.database.read() as db:
        sids = db.connection().exec_driver_sql("SELECT sid FROM call_attempts").scalars().all()
    assert sids == [carrier.calls[0]["sid"]]
    assert hall.position(k).counted == 1


def _intended(hall: Hall) -> tuple[AttemptId, str]:
    """Do what a dialler did that was killed before it asked the carrier."""
    now = hall.now()
    (dial,) = next_dials(hall.state, now)
    intended = hall.rooms.dialler._intend(hall.live, dial, now)
    assert intended is not None
    return intended.attempt, intended.number


def test_killed_between_intention_and_dial_the_household_is_dialled_once(
    hall: Hall, carrier: Carrier
) -> None:
    hall.open_calls(parallel=1)
    _intended(hall)
    restarted = _second_dialler(hall)
    restarted.tick(hall.now())
    assert carrier.calls == []
    hall.minutes_pass(1)
    restarted.tick(hall.now())
    first = hall.round.order[0]
    assert [a.status for a in hall.position(first).attempts][:1] == [CallStatus.VOID]
    hall.wait_for_rest()
    restarted.tick(hall.now())
    assert len(carrier.calls) == 1
    assert hall.position(first).counted == 1


def test_killed_after_the_dial_the_call_that_rings_is_adopted(hall: Hall, carrier: Carrier) -> None:
    hall.open_calls(parallel=1)
    hall.rooms.dialler._gateway.dial(*_intended(hall))
    hall.minutes_pass(1)
    _second_dialler(hall).tick(hall.now())
    assert len(carrier.calls) == 1
    (caller,) = callers(hall, carrier).values()
    caller.pick_up()
    caller.press_all("11115")
    caller.hang_up()
    assert hall.round.completed == 1


@pytest.mark.on_sqlite
@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_steps_in_mid_call_ends_nothing(
    hall: Hall, carrier: Carrier, hours: int
) -> None:
    hall.open_calls(parallel=1)
    hall.tick()
    (caller,) = callers(hall, carrier).values()
    caller.pick_up()
    caller.press("consent", "1")
    carrier.calls[0]["status"] = "in-progress"
    for _ in range(2):
        hall.rooms.dialler.tick(hall.now() + timedelta(hours=hours))
    caller.press_all("11115")
    caller.hang_up()
    assert len(carrier.calls) == 1
    assert hall.round.completed == 1


def test_a_call_whose_callbacks_were_lost_is_asked_after(hall: Hall, carrier: Carrier) -> None:
    hall.open_calls(parallel=1)
    hall.tick()
    (k,) = _in_flight(hall)
    carrier.end(carrier.calls[0]["sid"], "busy")
    hall.tick()
    assert _in_flight(hall) == [k]
    hall.minutes_pass(1)
    hall.tick()
    assert hall.attempt(k).status is CallStatus.BUSY


def test_a_call_that_the_carrier_forgot_is_void_if_it_never_rang(
    hall: Hall, carrier: Carrier
) -> None:
    hall.open_calls(parallel=2)
    hall.tick()
    silent, rang = callers(hall, carrier).items()
    rang[1].status("ringing")
    carrier.calls.clear()
    hall.minutes_pass(1)
    hall.tick()
    assert hall.position(silent[0]).attempts[0].status is CallStatus.VOID
    assert hall.position(rang[0]).attempts[0].status is CallStatus.NO_ANSWER


def _second_dialler(hall: Hall) -> Dialler:
    """Start the application once more over the same database."""
    app = create_app(hall.settings)
    with app.app_context():
        again = rooms()
    hall.also_close(again)
    return again.dialler


def test_two_diallers_by_mistake_call_nobody_twice(hall: Hall, carrier: Carrier) -> None:
    hall.open_calls(parallel=3)
    diallers = [hall.rooms.dialler, *(_second_dialler(hall) for _ in range(2))]
    with ThreadPoolExecutor(3) as pool:
        for _ in range(4):
            list(pool.map(lambda dialler: dialler.tick(hall.now()), diallers))
    assert sorted(_in_flight(hall)) == sorted(hall.round.order[:3])
    dialled = [call["To"] for call in carrier.calls]
    assert len(dialled) == len(set(dialled)) == 3


def test_a_stopped_session_places_no_further_call(hall: Hall, carrier: Carrier) -> None:
    hall.open_calls(parallel=1)
    hall.tick()
    hall.rooms.show.stop_dialling(hall.operator)
    for caller in callers(hall, carrier).values():
        caller.status("no-answer")
    hall.tick()
    assert len(carrier.calls) == 1
    assert hall.round.calls_end is CallsEnd.TIME_UP
    assert hall.state.phase is Phase.CALLING

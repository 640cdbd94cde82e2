"""Who is called, when, and never twice: whatever the lines, the clock and other diallers do."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from fractions import Fraction

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from evalsys.domain.campaign.calendar import read_window
from evalsys.domain.campaign.forecast import Trunk
from evalsys.domain.campaign.plan import Rules, State
from evalsys.domain.campaign.policy import Contact
from evalsys.errors import InvalidInput, NotFound, WrongPhase
from evalsys.ids import CampaignId, HouseholdCode
from evalsys.store import audit
from evalsys.store.schema.campaigns import CampaignAttempt, CampaignContact, CampaignMember
from evalsys.store.schema.roster import Phone as PhoneRow
from tests.calling import CADRES, HOUSEHOLDS, Carrier, real_now
from tests.campaigning import Field, phones
from tests.roster_rows import code_of, phone_of

EVERYBODY = CADRES * HOUSEHOLDS
WIDE = Trunk(100, 0, Fraction(100))


def _lines(field: Field, trunk: Trunk) -> None:
    field.room.plans.set_lines(trunk, actor="op")


def test_lines_that_are_reserved_for_the_stage_stay_free(field: Field, carrier: Carrier) -> None:
    _lines(field, Trunk(10, 6, Fraction(100)))
    field.plan()
    for _ in range(3):
        field.watch.forward(seconds=1)
        field.tick()
    assert len(carrier.calls) == 4
    next(iter(phones(field, carrier).values())).status("busy")
    field.tick()
    assert len(carrier.calls) == 5


def test_a_clock_that_is_set_back_stops_nothing_and_repeats_nothing(
    field: Field, carrier: Carrier
) -> None:
    field.plan()
    field.tick()
    field.watch.forward(hours=-1)
    field.tick()
    for _ in range(5):
        field.watch.forward(seconds=1)
        field.tick()
    field.watch.forward(hours=1)
    for _ in range(5):
        field.watch.forward(seconds=1)
        field.tick()
    assert Counter(call["To"] for call in carrier.calls).most_common(1)[0][1] == 1
    assert len(carrier.calls) == EVERYBODY


def test_nobody_is_called_at_noon_at_night_or_on_a_holiday(field: Field, carrier: Carrier) -> None:
    plans = field.room.plans
    field.watch.forward(hours=2, minutes=30)  # 12:30
    field.plan()
    assert field.tick() == 0
    plans.set_holidays({date(2026, 12, 1): "修整"}, actor="op")
    field.watch.forward(hours=3)
    assert field.tick() == 0
    plans.set_holidays({}, actor="op")
    assert field.tick() == 5
    field.watch.forward(hours=6)  # 21:30
    assert field.tick() == 0
    assert len(carrier.calls) == 5


def test_a_household_is_called_at_its_own_time(field: Field, carrier: Carrier) -> None:
    _lines(field, WIDE)
    household = HouseholdCode(code_of(0, 1))
    field.room.plans.note_wish(household, actor="op", window="19:00-20:00")
    field.plan()
    field.tick()
    assert phone_of(0, 1) not in {call["To"] for call in carrier.calls}
    assert len(carrier.calls) == EVERYBODY - 1
    field.watch.forward(hours=9)
    field.tick()
    assert carrier.calls[-1]["To"] == phone_of(0, 1)


def test_a_household_without_a_number_of_its_own_is_a_non_contact(
    field: Field, carrier: Carrier
) -> None:
    _lines(field, WIDE)
    with field.database.write() as db:
        silent = PhoneRow.household == code_of(0, 1)
        db.execute(update(PhoneRow).where(silent).values(usable=False))
        blind = db.scalars(select(PhoneRow.blind).where(PhoneRow.household == code_of(0, 2))).one()
        db.execute(update(PhoneRow).where(PhoneRow.household == code_of(0, 3)).values(blind=blind))
    field.plan()
    field.tick()
    assert len(carrier.calls) == EVERYBODY - 3
    for h in (1, 2, 3):
        case = field.member(code_of(0, h))
        assert (case.stop, case.code) == ("needs_new_number", "2.20")
        assert case.needs_new_number
    assert field.status.needs_new_number == 3


def test_retried_households_come_before_fresh_ones(field: Field, carrier: Carrier) -> None:
    _lines(field, Trunk(1, 0, Fraction(100)))
    field.plan()
    field.tick()
    first = carrier.calls[0]["To"]
    next(iter(phones(field, carrier).values())).status("busy")
    field.watch.forward(minutes=15)
    field.tick()
    assert [call["To"] for call in carrier.calls] == [first, first]


def test_the_database_itself_refuses_a_second_call_and_a_seventh_attempt(field: Field) -> None:
    _lines(field, WIDE)
    field.plan()
    field.tick()
    under_way = field.attempts()[0]
    values = {
        column.name: getattr(under_way, column.name) for column in CampaignAttempt.__table__.columns
    }
    with pytest.raises(IntegrityError), field.database.write() as db:
        db.execute(insert(CampaignAttempt).values(values | {"id": "1" * 32, "sid": None, "n": 2}))
    other = values | {"id": "1" * 32, "sid": None, "n": 7, "ended_at": field.watch.at}
    with pytest.raises(IntegrityError), field.database.write() as db:
        db.execute(insert(CampaignAttempt).values(other))
    with pytest.raises(IntegrityError), field.database.write() as db:
        db.execute(update(CampaignMember).values(attempts=7))


def test_what_became_of_attempts_can_only_be_added_to(field: Field, carrier: Carrier) -> None:
    field.plan()
    field.tick()
    next(iter(phones(field, carrier).values())).status("busy")
    for change in (
        update(CampaignContact).values(contact="complete"),
        delete(CampaignContact),
    ):
        with pytest.raises(Exception, match="append-only"), field.database.write() as db:
            db.execute(change)


def test_six_attempts_over_three_days_and_no_seventh(field: Field, carrier: Carrier) -> None:
    _lines(field, WIDE)
    field.plan()
    for _ in range(60):
        field.tick()
        for phone in phones(field, carrier).values():
            phone.status("no-answer")
        field.watch.forward(hours=3)
    assert Counter(call["To"] for call in carrier.calls) == {
        phone_of(i, h): 6 for i in range(CADRES) for h in range(HOUSEHOLDS)
    }
    assert field.status.stops == {"attempts_used": EVERYBODY}
    assert field.status.campaign.state is State.DONE
    days = {row.placed_at.date() for row in field.attempts() if row.household == code_of(0, 0)}
    assert len(days) >= 3


def test_a_busy_carrier_costs_no_attempt_and_is_left_alone_for_a_while(
    field: Field, carrier: Carrier
) -> None:
    field.plan()
    carrier.mood = "busy"
    field.tick()
    assert set(field.status.contacts) == {Contact.CARRIER_FAILED}
    assert field.tick() == 0
    carrier.mood = "takes"
    field.watch.forward(seconds=10)
    field.room.dialler._gateway._breaker.succeeded()  # type: ignore[attr-defined]  # the real body
    for _ in range(5):
        field.watch.forward(seconds=1)
        field.tick()
    assert len(carrier.calls) == EVERYBODY
    assert {row.n for row in field.attempts() if row.ended_at is None} == {1}


def test_a_number_that_the_carrier_refuses_needs_a_new_one(field: Field, carrier: Carrier) -> None:
    _lines(field, WIDE)
    carrier.mood = "wrong"
    field.plan()
    field.tick()
    assert field.status.needs_new_number == EVERYBODY


def test_a_call_whose_answer_was_lost_is_looked_for_and_never_repeated(
    field: Field, carrier: Carrier
) -> None:
    _lines(field, WIDE)
    field.watch.at = real_now()  # by which the carrier dates its calls
    carrier.mood = "forgets to answer"
    field.plan(rules=Rules(windows=(read_window("00:00-23:59"),)))
    field.tick()
    taken = len(carrier.calls)
    assert taken
    carrier.mood = "takes"
    field.room.dialler._gateway._breaker.succeeded()  # type: ignore[attr-defined]  # the real body
    for _ in range(4):
        field.watch.forward(seconds=13)
        field.tick()
    assert Counter(call["To"] for call in carrier.calls).most_common(1)[0][1] == 1
    assert len(carrier.calls) == EVERYBODY
    assert all(row.sid for row in field.attempts() if row.ended_at is None)


def test_callbacks_that_were_lost_are_asked_for(field: Field, carrier: Carrier) -> None:
    _lines(field, WIDE)
    field.plan()
    field.tick()
    for call in carrier.calls:
        carrier.end(call["sid"], "no-answer")
    field.watch.forward(seconds=40)
    field.tick()
    field.watch.forward(seconds=1)
    field.tick()
    assert field.status.contacts == {Contact.NO_ANSWER: EVERYBODY}


def test_a_paused_campaign_calls_nobody_and_goes_on_where_it_was(
    field: Field, carrier: Carrier
) -> None:
    plans, campaign = field.room.plans, field.plan()
    field.tick()
    plans.pause(campaign, actor="op")
    field.watch.forward(seconds=5)
    assert field.tick() == 0
    plans.start(campaign, actor="op")
    plans.start(campaign, actor="op")
    assert field.tick() == 5
    plans.stop(campaign, actor="op")
    field.watch.forward(seconds=5)
    assert field.tick() == 0
    with pytest.raises(WrongPhase, match="已停止"):
        plans.start(campaign, actor="op")
    steps = [change.state.value for change in field.status.life]
    assert steps == ["planned", "running", "paused", "running", "stopped"]
    assert len(carrier.calls) == 10


def test_every_opened_number_is_audited(field: Field, carrier: Carrier) -> None:
    field.plan()
    field.tick()
    with field.database.read() as db:
        lines = [line for line in audit.entries(db) if line.action == "phone.read"]
    assert [line.detail for line in lines] == ['{"numbers":5}']
    assert len(carrier.calls) == 5


def test_two_diallers_at_once_call_nobody_twice(field: Field, carrier: Carrier) -> None:
    _lines(field, WIDE)
    field.plan()
    others = [field.room.dialler, field._own_room().dialler, field._own_room().dialler]
    with ThreadPoolExecutor(3) as pool:
        for _ in range(4):
            list(pool.map(lambda dialler: dialler.tick(field.watch.at), others))
            field.watch.forward(seconds=1)
    assert Counter(call["To"] for call in carrier.calls).most_common(1)[0][1] == 1
    assert len(carrier.calls) == EVERYBODY
    for other in others[1:]:
        other._database.close()


def test_lines_and_wishes_that_cannot_be_meant_are_refused(field: Field) -> None:
    plans = field.room.plans
    for trunk in (Trunk(3, 3), Trunk(0, 0), Trunk(5, -1), Trunk(5, 0, Fraction(0))):
        with pytest.raises(InvalidInput):
            plans.set_lines(trunk, actor="op")
    with pytest.raises(InvalidInput, match="没有这一户"):
        plans.note_wish(HouseholdCode("nobody"), actor="op", do_not_call=True)
    with pytest.raises(InvalidInput, match="不是时段"):
        plans.note_wish(HouseholdCode(code_of(0, 0)), actor="op", window="at night")
    with pytest.raises(NotFound):
        plans.start(CampaignId("0" * 32), actor="op")


def test_a_case_can_be_visited_when_the_telephone_failed(field: Field, carrier: Carrier) -> None:
    _lines(field, WIDE)
    field.plan()
    field.tick()
    calls = phones(field, carrier)
    calls[code_of(0, 0)].status("failed", SipResponseCode="404")
    calls[code_of(0, 1)].status("busy")
    listed = field.room.plans.visit_list(field.campaign, actor="op")
    assert [(row.household, row.reason, row.attempts) for row in listed] == [
        (code_of(0, 0), "needs_new_number", 1)
    ]


def test_rates_are_counted_for_each_cadre_unit_and_township(field: Field, carrier: Carrier) -> None:
    _lines(field, WIDE)
    field.plan()
    field.tick()
    for phone in phones(field, carrier).values():
        if phone.household.startswith("00000001"):
            phone.answer_all()
            phone.hang_up()
        else:
            phone.status("failed", SipResponseCode="404")
    by_cadre = {
        row.code: row.rates["RR2"] for row in field.room.plans.rates(field.campaign, "about")
    }
    assert {code: rate and rate.fraction for code, rate in by_cadre.items()} == {
        "00000001": "6/6",
        "00000002": "0/6",
    }
    (unit,) = field.room.plans.rates(field.campaign, "unit")
    assert unit.rates["RR2"] is not None
    assert unit.rates["RR2"].fraction == "6/12"
    assert len(field.room.plans.rates(field.campaign, "township")) == 2

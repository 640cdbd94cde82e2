"""One request through the loop, on both engines: recorded, projected, rebuilt, never doubled."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from evalsys.domain.access import Person, Role
from evalsys.domain.casework.events import Registered
from evalsys.domain.casework.intake import Intake
from evalsys.domain.casework.words import Channel, CloseReason, Confirmation, RequestKind
from evalsys.errors import EvalsysError, InvalidInput, NotAllowed, RuleViolation
from evalsys.ids import HouseholdCode
from evalsys.services.casework_intake import NotTaken, TakenIn
from evalsys.services.casework_outcomes import Minutes
from evalsys.store import casework, roster
from evalsys.store.database import Database
from evalsys.store.schema.casework import CaseworkEvent, CaseworkStanding
from tests.casework_county import (
    AUDITOR,
    LIN,
    LINKED,
    MONDAY,
    OFFICE,
    OTHERS,
    PHONE,
    UNLINKED,
    VILLAGE,
    VILLAGE_HEAD,
    WATER,
    County,
)
from tests.small_county import PRINCIPAL
from tests.visitor import Visitor


def test_from_the_first_word_to_a_contradicted_close(database: Database) -> None:
    county = County(database)
    room, hands = county.room, county.room.handling
    code = county.register()
    with database.read() as db:
        standing = casework.read_standing(db, code)
    assert standing is not None
    assert (standing.holder, standing.level, standing.next_duty) == (PRINCIPAL, 4, "verify")

    county.later(hours=3)
    hands.verify(code, LIN, genuine=True, finding="现场看过，确实坏了")
    with pytest.raises(RuleViolation, match="还没有答复"):
        hands.close(code, LIN, CloseReason.SOLVED, "路已修好")
    hands.reply(code, LIN, "已请施工队铺好", Channel.VISIT, (True, True))
    hands.close(code, LIN, CloseReason.SOLVED, "路已修好")
    with database.read() as db:
        (claimed,) = roster.claims_of(db, PRINCIPAL)[HouseholdCode(LINKED)].solved
    assert (claimed.answer, claimed.solved_on) == ("已请施工队铺好", date(2026, 11, 2))

    waits = [room.clock.tick(county.at + timedelta(days=days)) for days in (0, 1, 2)]
    assert [(one.to_call_back, one.call_back_late) for one in waits] == [(1, 0), (1, 0), (1, 1)]
    hands.confirm(code, Confirmation.NO, "page")
    assert room.clock.tick().to_call_back == 0
    # A "no" never stays without an answer: it waits on the desk of whoever is above, on a clock.
    (waiting,) = room.view.desk(VILLAGE_HEAD).to_reopen
    assert (waiting.standing.request, waiting.standing.next_duty) == (code, "reopen")
    assert room.clock.tick(county.at + timedelta(days=10)).counts["reopen"] == 1
    with pytest.raises(NotAllowed):
        hands.decline_reopening(code, LIN, "路确实已经修好了")
    (found,) = room.outcomes.mismatches(AUDITOR)
    assert (found.request, found.closed_by, found.opened_at) == (code, "lin", None)
    room.outcomes.investigate(code, found.seq, "由纪委派两人到户核实", OFFICE)
    with pytest.raises(RuleViolation):
        room.outcomes.investigate(code, found.seq, "由纪委派两人到户核实", OFFICE)
    hands.reopen(code, VILLAGE_HEAD, "群众说路没有修好")
    assert room.view.desk(VILLAGE_HEAD).to_reopen == ()
    page = room.view.request(code, LIN)
    assert page.file.reopened_against == ["lin"]
    with database.read() as db:
        before = casework.read_standing(db, code)
        assert LINKED not in roster.claims_of(db, PRINCIPAL)
    assert room.clock.rebuild() == 1
    with database.read() as db:
        assert casework.read_standing(db, code) == before
    with pytest.raises(DatabaseError), database.write() as db:
        db.execute(update(CaseworkEvent).values(actor="nobody"))


def test_what_cannot_be_registered_and_why(database: Database) -> None:
    county = County(database)
    cases: list[tuple[dict[str, object], str]] = [
        ({"household": "999"}, "没有户编码"),
        ({"household": UNLINKED}, "没有联系干部"),
        ({"household": "", "grid": "777"}, "没有编码为“777”的网格"),
        ({"class_code": "Z9"}, "分类体系中没有"),
        ({"phone": "13900000002"}, "不是这一户登记的电话"),
        ({"raised_at": MONDAY + timedelta(days=1)}, "还没有到"),
        ({"raised_at": MONDAY - timedelta(days=2000)}, "早于联系关系"),
        ({"raised_at": MONDAY.replace(year=2001)}, "早于 2010"),
        ({"text": "路"}, "4 到 4000"),
    ]
    for wrong, why in cases:
        with pytest.raises(InvalidInput, match=why) as told:
            county.register(**wrong)  # type: ignore[arg-type]  # any field, and the text
        assert told.value.remedy
        assert told.value.place
    with pytest.raises(NotAllowed):
        county.room.intake.register(
            Intake(RequestKind.PROBLEM, Channel.BOX, "井水发黄好几天了", LINKED), person=WATER
        )
    code = county.register(phone=PHONE)
    with pytest.raises(InvalidInput, match="没有写牵头单位"):
        county.room.handling.consult(code, VILLAGE_HEAD, "", (), "请到村口看路")
    with pytest.raises(InvalidInput, match="没有写单位"):
        county.room.handling.summon(code, VILLAGE_HEAD, " ", "请到村口看路")


def test_a_handheld_that_sends_twice_with_a_wrong_clock_adds_one_request(
    database: Database,
) -> None:
    county = County(database)
    ahead = MONDAY + timedelta(days=400)
    intakes = [
        Intake(
            RequestKind.PROBLEM,
            Channel.HANDHELD,
            words,
            household,
            raised_at=ahead,
            client_id=identity,
        )
        for words, household, identity in (
            ("井水发黄好几天了", LINKED, "d1-1"),
            ("井水发黄好几天了", "999", "d1-2"),
        )
    ]
    first, refused = county.room.intake.batch(intakes, person=LIN)
    again, _ = county.room.intake.batch(intakes, person=LIN)
    assert isinstance(first, TakenIn)
    assert isinstance(again, TakenIn)
    assert isinstance(refused, NotTaken)
    assert refused.client_id == "d1-2"
    assert (again.code, again.is_new) == (first.code, False)
    page = county.room.view.request(first.code, LIN)
    assert page.file.filed.raised_at == page.file.filed.received_at == MONDAY
    registered = page.history[0].event
    assert isinstance(registered, Registered)
    assert registered.claimed_at == ahead.isoformat()


def test_whoever_is_asked_first_answers_until_the_linked_cadre_accepts(database: Database) -> None:
    county = County(database)
    intake = Intake(RequestKind.SUGGESTION, Channel.VISIT, "希望装两盏路灯照亮", OTHERS)
    code = county.room.intake.register(intake, person=LIN).code
    page = county.room.view.request(code, LIN)
    assert page.file.accountable.code == PRINCIPAL
    assert page.file.offered_to is not None
    with pytest.raises(NotAllowed):
        county.room.handling.accept(code, LIN)
    with pytest.raises(NotAllowed):
        county.room.view.request(code, WATER)


def test_duplicates_are_hinted_and_decided_by_a_person(database: Database) -> None:
    county = County(database)
    first = county.register()
    intake = Intake(RequestKind.PROBLEM, Channel.PHONE, "村口的路坏了，车都过不去", LINKED)
    taken = county.room.intake.register(intake, person=LIN)
    assert [other for other, _ in taken.duplicates] == [first]
    county.room.handling.decide_duplicate(taken.code, LIN, first, same=True)
    (hint,) = county.room.view.request(first, LIN).duplicates
    assert hint[0] == taken.code
    assert hint[2] == "same"


def test_ticking_twice_changes_nothing_and_looking_ahead_writes_nothing(
    database: Database,
) -> None:
    county = County(database)
    code, hands, clock = county.register(), county.room.handling, county.room.clock
    assert clock.tick().due == ()
    ahead = clock.tick(MONDAY + timedelta(days=30))
    assert {one.duty for one in ahead.due} == {"overdue", "verify"}
    hands.verify(code, LIN, genuine=True, finding="现场看过，确实坏了")
    hands.pause(code, LIN, "household", date(2026, 11, 5), "等他家人回来")
    # Another duty that is due sooner keeps no pause alive: nobody verified this one.
    other = county.register()
    hands.reply(other, LIN, "等他家人回来再看", Channel.VISIT, (True, False))
    hands.pause(other, LIN, "household", date(2026, 11, 5), "等他家人回来")
    county.later(days=4)
    assert set(clock.tick().resumed) == {code, other}
    assert clock.tick().resumed == ()
    assert county.room.view.request(code, LIN).clock.paused_workdays == 3


def test_a_holiday_that_is_added_moves_every_open_due_time(database: Database) -> None:
    county = County(database)
    code = county.register()
    with database.write() as db:
        db.execute(text("INSERT INTO calling_holidays VALUES ('2026-11-04', '补休')"))
    assert county.room.clock.tick().refreshed == 1
    with database.read() as db:
        due = db.scalar(select(CaseworkStanding.due_at).where(CaseworkStanding.request == code))
    assert due == county.room.view.request(code, LIN).clock.due_at
    assert county.room.clock.tick().refreshed == 0


def test_a_meeting_decides_with_measure_deadline_and_responsible(database: Database) -> None:
    county = County(database)
    code, outcomes = county.register(), county.room.outcomes
    minutes = Minutes(date(2026, 11, 2), "李书记", "村两委", "逐件研判")
    with pytest.raises(NotAllowed):
        outcomes.write_minutes(VILLAGE, "2026-11", minutes, LIN)
    outcomes.write_minutes(VILLAGE, "2026-11", minutes, VILLAGE_HEAD)
    with pytest.raises(InvalidInput, match="解决时限"):
        outcomes.decide(VILLAGE, "2026-11", code, "铺设沥青", None, "unit:U002", VILLAGE_HEAD)
    day = date(2026, 11, 30)
    outcomes.decide(VILLAGE, "2026-11", code, "铺设沥青路面", day, "unit:U002", VILLAGE_HEAD)
    pack = outcomes.meeting(VILLAGE, "2026-11", VILLAGE_HEAD)
    assert [(one.request, one.measure, one.deadline) for one in pack.decisions] == [
        (code, "铺设沥青路面", day)
    ]
    assert county.room.view.desk(WATER).open[0].standing.request == code


def test_a_first_petition_alerts_the_cadre_and_leads_to_an_interview(database: Database) -> None:
    county = County(database)
    outcomes = county.room.outcomes
    petition = outcomes.note_petition(LINKED, "县信访局", None, OFFICE)
    with pytest.raises(RuleViolation, match="不是初访"):
        outcomes.note_petition(LINKED, "县信访局", None, OFFICE)
    assert [one.id for one in county.room.view.desk(LIN).petitions] == [petition]
    with pytest.raises(InvalidInput, match="陪同了就是知情"):
        outcomes.establish(petition, knew=False, accompanied=True, note="查访核实", by=OFFICE)
    assert outcomes.interviews_due() == ()
    outcomes.establish(petition, knew=True, accompanied=False, note="查访核实过", by=OFFICE)
    assert [one.cadre for one in outcomes.interviews_due()] == [PRINCIPAL]


def test_nobody_sees_what_does_not_concern_them(database: Database) -> None:
    county = County(database)
    code = county.register()
    stranger = Person("stranger", Role.CADRE)
    with pytest.raises(EvalsysError):
        county.room.view.request(code, stranger)
    assert county.room.view.desk(stranger).open == ()
    assert county.room.view.request(code, AUDITOR).file.filed.code == code


@pytest.mark.on_sqlite
def test_the_department_finds_the_interviews_that_petitions_call_for(
    visitor: Visitor, database: Database
) -> None:
    outcomes = County(database).room.outcomes
    petition = outcomes.note_petition(LINKED, "县信访局", None, OFFICE)
    outcomes.establish(petition, knew=False, accompanied=False, note="查访核实过", by=OFFICE)
    office = visitor.sign_in_as(Role.PERSONNEL)
    assert petition in office.get("/personnel/talks/").text
    form = {"cadre": PRINCIPAL, "petition": petition, "knew": "no", "accompanied": "no"}
    assert office.post("/personnel/talks/petition", **form).status_code == 303
    page = office.get("/personnel/talks/").text
    assert "应约谈的初访" not in page
    assert petition in page

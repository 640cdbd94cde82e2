"""Households are asked whether what was closed as solved is solved (Y54, issue point 9)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from typing_extensions import override

from evalsys.domain.access import Person, Role
from evalsys.domain.campaign.plan import Kind
from evalsys.domain.campaign.wanted import Wanted
from evalsys.domain.casework.words import Confirmation
from evalsys.domain.investigations import InvestigationStage
from evalsys.domain.personnel import FAKED, FAKED_UNSANCTIONED, facts_of
from evalsys.domain.personnel_county import Assessed
from evalsys.domain.roster import RequestState
from evalsys.errors import InvalidInput
from evalsys.services.casework import CaseworkRoom, casework_room
from evalsys.services.investigations import Investigations
from evalsys.services.personnel import Personnel
from evalsys.services.session_findings import session_findings
from evalsys.store import access, casework
from evalsys.store import campaign_callbacks as store
from evalsys.store.campaign_callbacks import Answers
from evalsys.store.casebook import PaperSafe
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox
from evalsys.store.rulebooks import shipped_rulebook
from evalsys.store.schema.campaigns import RequestCallback
from evalsys.store.schema.casework import CallbackMismatch
from evalsys.store.schema.roster import ServiceRequest
from evalsys.web.rooms import install_rooms
from tests.calling import Carrier
from tests.campaigning import Field, Phone, asked, phones
from tests.held_campaign import end
from tests.roster_rows import code_of, number_of
from tests.visitor import Visitor
from tests.whole_campaign import Whole, over_exchange

OFFICE = Person("office", Role.OFFICE)
UNREACHABLE, DISCONTENT = code_of(0, 0), code_of(0, 1)


def _follow_roster(field: Field) -> None:
    """Let the claims of the roster enter the loop."""
    with field.database.write() as db:
        _casework(field).ledger.follow_roster(db)


def _casework(field: Field) -> CaseworkRoom:
    box = PhoneBox(field.settings.phone_key, field.settings.index_key)
    return casework_room(field.database, box, field.watch, field.settings.zone)


def _confirmed(field: Field, household: str) -> str:
    with field.database.read() as db:
        stands = casework.read_standing(db, f"R{household}")
    assert stands is not None
    return stands.confirmed


def _mismatches(field: Field) -> list[str]:
    with field.database.read() as db:
        return list(db.scalars(select(CallbackMismatch.request)))


class Closing(Whole):
    """Seven households, each with a request that was closed as solved."""

    SIZES = (7,)

    @override
    def fill(self) -> None:
        super().fill()
        with self.database.write() as db:
            for h in range(7):
                db.add(
                    ServiceRequest(
                        code=f"R{code_of(0, h)}",
                        household=code_of(0, h),
                        cadre=number_of(0),
                        raised_on=date(2026, 11, 2),
                        text="门前的路灯不亮",
                        state=RequestState.SOLVED.value,
                        solved_on=date(2026, 11, 27),
                        answer="已经修好",
                    )
                )
        _follow_roster(self)


def test_what_households_say_at_the_exchange_stands_beside_the_claim(
    database: Database, tmp_path: Path
) -> None:
    def unusual(_field: Closing, household: str) -> Mapping[str, object]:
        return {"answers": 100, "solved": household != DISCONTENT}

    with over_exchange(Closing, database, tmp_path, Kind.CALLBACK, unusual) as field:
        field.run()
        assert field.status.callback == Answers(asked=7, yes=5, no=1, unsure=0)
        said = [_confirmed(field, code_of(0, h)) for h in range(7)]
        assert said == ["", "no", *["yes"] * 5]
        assert _mismatches(field) == [f"R{DISCONTENT}"]
        end(field)
        (standing,) = field.room.outcomes.standings(field.campaign, "about")
        assert (standing.answered, standing.scored) == (6, 6)


def test_an_answer_counts_once_the_interview_is_finished(field: Field, carrier: Carrier) -> None:
    _follow_roster(field)
    field.plan(Kind.CALLBACK, title="办结回访")
    for _ in range(2):
        field.watch.forward(seconds=1)
        field.tick()
    lines = phones(field, carrier)
    assert len(lines) == 8
    homes = [code_of(i, h) for i, h in ((0, 0), (0, 1), (0, 2), (0, 3), (1, 0), (1, 1))]
    content, unsure, not_free, reopened, otherwise, half = (lines[home] for home in homes)

    assert "“村口路灯不亮”这件事" in _say(content, "办好了")
    assert _confirmed(field, homes[0]) == ""
    content.press("score", "5")
    content.hang_up()
    assert _confirmed(field, homes[0]) == "yes"

    # Unsure is no yes; who was not free to speak has said nothing.
    _say(unsure, "说不清")
    unsure.press("score", "3")
    _say(not_free, "没有办好")
    not_free.press("score", "9")
    # What was reopened, or answered otherwise, is not answered by an old interview.
    _say(reopened, "没有办好")
    with field.database.write() as db:
        access.add_account(db, OFFICE.name, OFFICE.role, "x", field.watch.at)
    requests = _casework(field).handling
    requests.reopen(f"R{homes[3]}", OFFICE, "群众说还没有办好")
    _say(otherwise, "办好了")
    requests.confirm(f"R{homes[4]}", Confirmation.NO, "page")
    for phone in (reopened, otherwise):
        phone.press("score", "1")
    for phone in (unsure, not_free, reopened, otherwise):
        phone.hang_up()
    assert [_confirmed(field, home) for home in homes[1:5]] == ["unanswered", "", "", "no"]
    assert _mismatches(field) == [f"R{homes[4]}"]
    _investigate(field, f"R{homes[4]}")

    # Nobody is asked by two campaigns; one that is stopped forgets what was half said.
    _say(half, "没有办好")
    wanted = Wanted(Kind.CALLBACK, "再回访一次")
    with pytest.raises(InvalidInput, match="没有待回访"):
        field.room.plans.plan(wanted, actor="op")
    field.room.plans.stop(field.campaign, actor="op")
    assert field.status.callback == Answers(asked=8, yes=1, no=0, unsure=1)
    assert _replies(field) == {"yes", "unsure", ""}
    with field.database.read() as db:
        again = {one.household for one in store.due(db, wanted.electorate)}
        assert again == {homes[2], homes[5], code_of(1, 2), code_of(1, 3)}


def _investigate(field: Field, request: str) -> None:
    """A close that is denied goes through the investigations room, on its clock."""
    zone = field.settings.zone
    findings = session_findings(field.database, zone)
    personnel = Personnel(field.database, field.watch, zone, shipped_rulebook(), findings)
    room = Investigations(field.database, personnel, field.rooms.live, PaperSafe(bytes(32)))
    denied = room.denied
    rooms = replace(field.rooms, personnel=personnel, investigations=room)
    install_rooms(field.app, replace(rooms, campaign=field.room))
    discipline = Visitor(field.app).sign_in_as(Role.DISCIPLINE)
    assert f"/requests/{request}/" in discipline.get("/personnel/investigations/").text
    (row,) = denied.every()
    at = f"/personnel/investigations/requests/{request}/{row.seq}"
    assert "待启动调查" in discipline.get(at).text
    paper = {"title": "现场照片", "reference": "纪委案卷 7", "sha256": "a" * 64}
    assert discipline.post(f"{at}/evidence", **paper).status_code == 409
    _casework(field).outcomes.investigate(request, row.seq, "由纪委派两人到户核实", OFFICE)
    assert discipline.post(f"{at}/evidence", **paper).status_code == 303
    report = {"outcome": "未查实", "basis": "报告 5 号", "concluded_on": "2020-01-01"}
    assert discipline.post(f"{at}/report", **report).status_code == 400
    report["concluded_on"] = personnel.today().isoformat()
    assert discipline.post(f"{at}/report", **report).status_code == 303
    assert "报告 5 号" in Visitor(field.app).sign_in_as(Role.AUDITOR).get(at).text
    assert Visitor(field.app).sign_in_as(Role.CADRE).get(at).status_code == 403
    assert denied.every()[0].stage is InvestigationStage.DONE

    # A later report establishes it: of whom it says, and the rules know it from then on (Y54).
    report |= {"outcome": "查实弄虚作假", "basis": "报告 6 号"}
    assert discipline.post(f"{at}/report", cadre="", **report).status_code == 400
    accused = personnel.evaluate(by="x").assessed[-1]
    assert _faked(accused) == (0, 0)
    report["cadre"] = str(accused.cadre.number)
    assert discipline.post(f"{at}/report", **report).status_code == 303
    found = personnel.evaluate(by="x").assessed
    assert [_faked(one) for one in found] == [(0, 0)] * (len(found) - 1) + [(1, 1)]
    decided = {"decision": "诫勉", "basis": "纪字 1 号", "decided_on": report["concluded_on"]}
    decided["until"] = decided["decided_on"]
    assert discipline.post(f"{at}/sanction", **decided).status_code == 409
    office = Visitor(field.app).sign_in_as(Role.PERSONNEL)
    assert office.post(f"{at}/sanction", **decided).status_code == 303
    sanctioned = personnel.evaluate(by="x").assessed[-1]
    assert (_faked(sanctioned), sanctioned.record.in_sanction) == ((1, 0), True)
    assert f"/requests/{request}/" in office.get(f"/personnel/cadres/{report['cadre']}").text


def _faked(one: Assessed) -> tuple[object, object]:
    facts = facts_of(one.record, {})
    return facts[FAKED], facts[FAKED_UNSANCTIONED]


def _say(phone: Phone, meaning: str) -> str:
    """Prove who it is, hear the question, and press the key that means this; give the question."""
    phone.pick_up()
    question = phone.prove().text
    key = question.partition(f"？{meaning}，请按")[2] or question.partition(f"；{meaning}，请按")[2]
    assert asked(phone.press("solved", key[0])) == "score"
    return question


def _replies(field: Field) -> set[str]:
    with field.database.read() as db:
        return set(db.scalars(select(RequestCallback.reply)))

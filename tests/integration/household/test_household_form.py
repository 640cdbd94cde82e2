"""Household forms on both engines: read by whom they name, sealed, only added to, erased whole."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from evalsys.domain.access import Person, Role
from evalsys.domain.casework.words import Party, PartyKind
from evalsys.domain.purposes import HouseholdPurpose
from evalsys.errors import InvalidInput, NotAllowed, NotFound, StaleState, Tampered
from evalsys.services.casework import casework_room
from evalsys.services.household_room import HouseholdKeys, HouseholdRoom, household_room
from evalsys.services.live_session import LiveSessions
from evalsys.services.tally import Elsewhere
from evalsys.store import audit
from evalsys.store import casework_people as people
from evalsys.store import household_form as store
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox
from evalsys.store.schema.household_form import HouseholdEntry
from evalsys.telephony.gateway import TwilioGateway
from tests.builders import some_settings
from tests.casework_county import LIN, LINKED, MONDAY, OFFICE, OTHERS, VILLAGE, ZONE, settle
from tests.small_county import PRINCIPAL
from tests.visitor import Visitor

VISIT, REPORT = HouseholdPurpose.VISIT, HouseholdPurpose.REPORT
WORRY = "儿子在外，怕邻居知道"


@pytest.fixture
def room(database: Database) -> HouseholdRoom:
    settle(database)
    box = PhoneBox(bytes(range(64)), bytes(range(32)))
    casework = casework_room(database, box, lambda: MONDAY, ZONE)
    line = TwilioGateway(some_settings("sqlite://", Path("nowhere")))  # never dialled here
    keys = HouseholdKeys(bytes(range(64)), bytes(range(32)))
    live = LiveSessions(database, lambda: MONDAY, Elsewhere())
    return household_room(casework.desk, casework.intake, line, keys, list, live)


def test_a_form_s_life(database: Database, room: HouseholdRoom) -> None:
    forms = room.forms
    given = {"people": "4", "income": "外出务工", "difficulties": WORRY}
    assert forms.write(LINKED, LIN, given, expect=0) == 3
    with pytest.raises(StaleState):
        forms.write(LINKED, LIN, {"people": "5"}, expect=0)
    assert forms.write(LINKED, LIN, {"people": "5", "income": "migrant"}, expect=3) == 1
    assert forms.write(LINKED, OFFICE, {"health": "高血压"}, expect=4) == 1
    # Nobody who is not named reads or writes, and the whole of a bad form is refused.
    for refused, given in ((LIN, {"health": "好"}), (OFFICE, {"people": "4", "nothing": "1"})):
        with pytest.raises(NotAllowed):
            forms.write(LINKED, refused, given, expect=5)
    with pytest.raises(InvalidInput):
        forms.write(LINKED, LIN, {"people": "6", "income": "放贷"}, expect=5)
    for stranger, household in (
        (LIN, OTHERS),
        (LIN, "9999"),
        (Person("p", Role.PERSONNEL), LINKED),
        (Person("auditing", Role.AUDITOR), LINKED),
    ):
        with pytest.raises(NotFound):
            forms.read(household, stranger, VISIT)
    mine, office = forms.read(LINKED, LIN, VISIT), forms.read(LINKED, OFFICE, REPORT)
    assert mine.answers["people"].value == "5"
    assert [one.value for one in mine.history if one.field == "people"] == ["5", "4"]
    assert "health" not in mine.answers
    assert office.answers["health"].value == "高血压"
    with database.read() as db:
        lines = list(audit.entries(db, subject=f"household:{LINKED}"))
        sealed = [(row.seq, row.sealed) for row in db.scalars(select(HouseholdEntry))]
    reads = [one for one in lines if one.action == "household_form.read"]
    assert [one.actor for one in reads] == [LIN.name, OFFICE.name]
    assert VISIT.value in reads[0].detail
    assert "health" not in reads[0].detail
    assert not any(WORRY in one.detail or "高血压" in one.detail for one in lines)
    assert not any("高血压".encode() in data for _, data in sealed)
    assert {len(data) for _, data in sealed} == {80}  # padded: a length tells nothing
    with pytest.raises(DatabaseError, match="append-only"), database.write() as db:
        db.execute(update(HouseholdEntry).values(field="health"))
    # Erased: the entries stay, nobody opens them, and a new form begins behind them.
    with database.write() as db:
        assert store.erase(db, LINKED, MONDAY) == 5
    assert forms.read(LINKED, OFFICE, REPORT).answers == {}
    assert forms.write(LINKED, LIN, {"people": "3"}, expect=5) == 1
    assert [one.value for one in forms.read(LINKED, LIN, VISIT).history] == ["3"]


def test_an_answer_that_was_moved_does_not_open(database: Database, room: HouseholdRoom) -> None:
    room.forms.write(LINKED, LIN, {"people": "4"}, expect=0)
    room.forms.write(OTHERS, OFFICE, {"people": "2"}, expect=0)
    with database.write() as db:
        taken = db.scalars(select(HouseholdEntry).where(HouseholdEntry.household == LINKED)).one()
        db.add(
            HouseholdEntry(
                household=OTHERS,
                seq=2,
                generation=1,
                field="people",
                sealed=taken.sealed,
                at=MONDAY,
                actor="x",
                source="page",
                definition="1",
            )
        )
    with pytest.raises(Tampered):
        room.forms.read(OTHERS, OFFICE, REPORT)


def test_files_go_in_whole_or_not_at_all(room: HouseholdRoom, tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_text(f"户编码,家庭人口,种养项目\n{LINKED},4,果树\n{OTHERS},五,果树\n", "utf-8")
    report = room.files.import_files([path], OFFICE)
    assert (report.committed, report.errors) == (False, 1)
    assert "表.csv 第3行 “家庭人口”列" in report.problems[0].place
    path.write_text(f"户编码,家庭人口,健康状况\n{LINKED},4,好\n{OTHERS},5,\n", "utf-8")
    report = room.files.import_files([path], LIN)
    assert [one.what for one in report.problems] == ["不认识的列，未导入", "不是您的联系户"]
    tried = room.files.import_files([path], OFFICE, dry_run=True)
    assert (tried.committed, tried.answers) == (False, 3)
    assert room.files.import_files([path], OFFICE).answers == 3
    assert room.files.import_files([path], OFFICE).answers == 0
    table = room.files.export(LIN, VISIT)
    assert "健康状况" not in table.titles
    assert [row[:2] for row in table.rows] == [(LINKED, 4)]
    assert "健康状况" in room.files.export(OFFICE, REPORT, VILLAGE).titles


def test_the_pages_of_a_cadre_and_of_the_office(app: Flask, database: Database) -> None:
    settle(database)
    cadre = Visitor(app).sign_in_as(Role.CADRE)
    with database.write() as db:
        people.set_scopes(db, Role.CADRE.value, (Party(PartyKind.CADRE, PRINCIPAL),))
    assert "请先说明" in cadre.get(f"/household-forms/{LINKED}").text
    assert cadre.get("/household-forms/forms.xlsx").status_code == 400
    chosen = cadre.post("/household-forms/purpose", purpose="走访服务", household=LINKED)
    assert chosen.location.endswith(f"/household-forms/{LINKED}")
    page = cadre.get(chosen.location).text
    assert "健康状况" not in page
    entries = re.search(r'name="entries" value="(\d+)"', page)
    assert entries is not None
    form = {"f.people": "4", "f.members": WORRY, "entries": entries[1]}
    refused = cadre.post(chosen.location, **(form | {"f.people": "四口"}))
    assert refused.status_code == 400
    assert WORRY in refused.text  # what was typed stays
    assert cadre.post(chosen.location, **form).status_code == 303
    assert WORRY in cadre.get(chosen.location).text
    assert "Household form" in cadre.get(chosen.location, lang="en").text
    assert LINKED in cadre.get("/household-forms/", lang="zh").text
    assert cadre.get(f"/household-forms/{OTHERS}").status_code == 404
    book = load_workbook(BytesIO(cadre.get("/household-forms/forms.xlsx").data))
    assert any("家庭人口" in str(cell.value) for row in book.worksheets[0] for cell in row)
    office = Visitor(app).sign_in_as(Role.OFFICE)
    office.post("/household-forms/purpose", purpose="汇总上报")
    assert LINKED in office.get("/household-forms/", grid=VILLAGE).text

"""A household's own page on both engines: in by a code that works once, nothing told to others."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from evalsys.app import create_app
from evalsys.domain.access import Role
from evalsys.domain.casework.words import Party, PartyKind
from evalsys.services.rooms import Rooms
from evalsys.store import casework_people as people
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox
from evalsys.store.schema.casework import CaseworkNote
from evalsys.store.schema.household_page import HouseholdAsking, HouseholdCode, HouseholdSitting
from evalsys.store.schema.roster import Household, Phone
from tests.accounts import rooms_of
from tests.builders import some_settings
from tests.calling import Carrier, on_the_wire
from tests.casework_county import LINKED, OFFICE, PHONE, VILLAGE, settle
from tests.pdf_text import text_of
from tests.small_county import PRINCIPAL
from tests.visitor import Visitor

MOBILE = PHONE.removeprefix("+86")
UNKNOWN = "13900000002"


@pytest.fixture
def village(database: Database, tmp_path: Path) -> Iterator[SimpleNamespace]:
    """Give the application of a village whose household has a telephone, and its carrier."""
    carrier = Carrier()
    with on_the_wire(carrier.answer) as url:
        address = database.engine.url.render_as_string(hide_password=False)
        settings = some_settings(address, tmp_path)
        object.__setattr__(settings, "telephony_url", url)
        settle(database)
        box = PhoneBox(settings.phone_key, settings.index_key)
        with database.write() as db:
            row = db.query(Phone).one()
            row.sealed, row.blind = box.seal(PHONE, row.id), box.blind(PHONE)
        app = create_app(settings)
        yield SimpleNamespace(app=app, rooms=rooms_of(app), carrier=carrier)
        rooms_of(app).access._database.close()


def _code(village: SimpleNamespace) -> str:
    rooms: Rooms = village.rooms
    rooms.households.door.look()
    found = re.search(r"代码：(\d{6})", village.carrier.calls[-1]["Body"])
    assert found is not None
    return found[1]


def test_from_a_message_to_an_erased_form(village: SimpleNamespace, database: Database) -> None:
    rooms: Rooms = village.rooms
    app: Flask = village.app
    rooms.households.forms.write(
        LINKED, OFFICE, {"people": "4", "health": "高血压", "members": "三叔"}, expect=0
    )
    family, stranger = Visitor(app), Visitor(app)
    told = [who.post("/my-home/ask", phone=MOBILE) for who in (family,)]
    told += [stranger.post("/my-home/ask", phone=UNKNOWN)]
    assert {(one.status_code, one.location) for one in told} == {(303, "/my-home/?step=code")}
    code = _code(village)
    assert [call["To"] for call in village.carrier.calls] == [PHONE]
    # The code opens nothing in another browser, and only once in its own.
    assert stranger.post("/my-home/enter", code=code).status_code == 401
    entered = family.post("/my-home/enter", code=f" {code[:3]} {code[3:]}")
    assert (entered.status_code, entered.location) == (303, "/my-home/")
    assert family.post("/my-home/enter", code=code).status_code == 401
    page = family.get("/my-home/")
    for words in ("王建国", "高血压", "139****0001", "县里要凭它查清"):
        assert words in page.text, words
    assert MOBILE not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "What cannot be erased" in family.get("/my-home/", lang="en").text
    family.get("/my-home/", lang="zh")
    entries = re.search(r'name="entries" value="(\d+)"', page.text)
    assert entries is not None
    fields = {"f.people": "5", "f.health": "", "entries": entries[1]}
    assert family.post("/my-home/correct", **fields).status_code == 303
    form = rooms.households.pages.page(LINKED).form
    assert (form.answers["people"].value, form.answers["people"].actor) == ("5", "household")
    assert form.answers["health"].value == ""
    assert family.post("/my-home/erase").status_code == 400
    assert family.post("/my-home/erase", sure="yes").status_code == 303
    after = family.get("/my-home/").text
    assert "三叔" not in after
    assert "王建国" in after
    family.post("/my-home/leave")
    assert "我有代码" in family.get("/my-home/").text
    assert family.post("/my-home/erase", sure="yes").status_code == 401
    with database.read() as db:
        rows = [*db.query(HouseholdCode), *db.query(HouseholdAsking)]
        kept = str([vars(row) for row in rows])
        assert db.query(HouseholdSitting).count() == 0
    assert code not in kept
    assert MOBILE not in kept


def _words_go(people_: tuple[Visitor, Visitor, Visitor], database: Database, denied: str) -> None:
    """Erase words when the office grants it, of a request that is over, and of no other."""
    family, cadre, office = people_
    assert family.post("/my-home/request", text="路灯照到屋里睡不好").status_code == 303
    (other,) = set(re.findall(r"SQ[0-9]+", family.get("/my-home/").text)) - {denied}
    for act, form in (
        ("verify", {"genuine": "yes", "text": "晚上去看过"}),
        ("reply", {"channel": "visit", "text": "加了一个灯罩", "concluded": "on"}),
        ("close", {"reason": "solved", "text": "灯罩已经装好"}),
    ):
        assert cadre.post(f"/casework/requests/{other}/{act}", **form).status_code == 303, act
    assert family.post("/my-home/wish", kind="erase", words="请删睡不好那件").status_code == 303
    (wish,) = re.findall(r"/my-home/wishes/(\w+)", office.get("/my-home/wishes").text)
    granted = {"outcome": "granted", "words": "已经删除"}
    for named, status in (("", 400), ("SQ-1", 404), (denied, 409), (other, 303)):
        answered = office.post(f"/my-home/wishes/{wish}", **granted, request=named)
        assert answered.status_code == status, named
    for look in (family.get("/my-home/"), cadre.get(f"/casework/requests/{other}")):
        assert not any(words in look.text for words in ("路灯照到屋里", "加了一个灯罩"))
    with database.read() as db:
        kept = db.query(CaseworkNote.request).filter(CaseworkNote.request == other).count()
        assert kept == 0
        assert db.query(CaseworkNote).filter(CaseworkNote.request == denied).count() > 0


def test_requests_wishes_and_what_the_office_answers(
    village: SimpleNamespace, database: Database
) -> None:
    app: Flask = village.app
    family, cadre = Visitor(app), Visitor(app).sign_in_as(Role.CADRE)
    office = Visitor(app).sign_in_as(Role.OFFICE)
    with database.write() as db:
        people.set_scopes(db, Role.CADRE.value, (Party(PartyKind.CADRE, PRINCIPAL),))
    assert office.post("/my-home/letters", grid="371323").status_code == 404
    first = text_of(office.post("/my-home/letters", grid=VILLAGE).data)
    lost = re.findall(r"\d{4} \d{4} \d{4}", first)[0]
    printed = text_of(office.post("/my-home/letters", grid=VILLAGE).data)
    assert "户编码 " + LINKED in printed
    letter = re.findall(r"\d{4} \d{4} \d{4}", printed)[0]  # the first in the order of codes
    assert family.post("/my-home/enter", code=lost).status_code == 401  # another took its place
    assert family.post("/my-home/enter", code=letter).status_code == 303
    assert family.post("/my-home/request", text="井水发黄了").status_code == 303
    found = re.search(r"SQ[0-9-]+", family.get("/my-home/").text)
    assert found is not None
    request = f"/casework/requests/{found[0]}"
    for act, form in (
        ("verify", {"genuine": "yes", "text": "现场看过，属实"}),
        ("reply", {"channel": "visit", "text": "已经换了水管", "explained": "on"}),
        ("close", {"reason": "solved", "text": "已经换好水管"}),
    ):
        assert cadre.post(f"{request}/{act}", **form).status_code == 303, act
    assert "已经换了水管" in family.get("/my-home/").text
    assert family.post("/my-home/requests/SQ-1/judge", answer="no").status_code == 404
    assert family.post(f"/my-home/requests/{found[0]}/judge", answer="no").status_code == 303
    assert "您说：没解决" in family.get("/my-home/").text
    assert family.post(f"/my-home/requests/{found[0]}/judge", answer="yes").status_code == 409
    assert family.post("/my-home/wish", kind="protect", measure="not_live").status_code == 303
    assert family.post("/my-home/wish", kind="correct", words="人口应为五口").status_code == 303
    assert family.post("/my-home/wish", kind="correct", words=" ").status_code == 400
    assert family.get("/my-home/wishes").status_code in {302, 401}
    listed = office.get("/my-home/wishes").text
    assert "人口应为五口" in listed
    for wish in re.findall(r"/my-home/wishes/(\w+)", listed):
        wrong = {"outcome": "refused", "words": "再议", "head": "李大山"}
        assert office.post(f"/my-home/wishes/{wish}", **wrong).status_code == 400
        answered = office.post(f"/my-home/wishes/{wish}", outcome="granted", words="已经照办")
        assert answered.status_code == 303
    assert (
        office.post(f"/my-home/wishes/{wish}", outcome="refused", words="再议").status_code == 409
    )
    assert "已经照办" in family.get("/my-home/").text
    with database.read() as db:
        home = db.get(Household, LINKED)
        assert home is not None
        assert home.protection == "not_live"

    _words_go((family, cadre, office), database, found[0])


def test_asking_and_guessing_have_limits(village: SimpleNamespace) -> None:
    visitor = Visitor(village.app)
    for phone in (MOBILE, UNKNOWN):
        told = [visitor.post("/my-home/ask", phone=phone).status_code for _ in range(4)]
        assert told == [303, 303, 303, 429]
    assert visitor.post("/my-home/ask", phone="12345").status_code == 400
    code = _code(village)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    guesses = [visitor.post("/my-home/enter", code=wrong).status_code for _ in range(6)]
    assert guesses == [401] * 5 + [429]
    letter = [visitor.post("/my-home/enter", code="1234 5678 9012").status_code for _ in range(11)]
    assert letter[-1] == 429

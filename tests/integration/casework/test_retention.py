"""Words of closed requests go when their time is over, by two people; where the office is found."""

from datetime import timedelta

import pytest
from flask import Flask

from evalsys.domain.access import Person, Role
from evalsys.domain.casework.words import Channel, CloseReason, Confirmation
from evalsys.domain.roster import RequestState
from evalsys.errors import RuleViolation, WrongPhase
from evalsys.store import casework
from evalsys.store.database import Database
from evalsys.store.schema.casework import CaseworkNote, CaseworkRequest
from evalsys.store.schema.roster import ServiceRequest
from tests.casework_county import LIN, OFFICE, County
from tests.visitor import Visitor

ANOTHER = Person("another", Role.OFFICE)


def _closed(county: County) -> str:
    hands, code = county.room.handling, county.register()
    hands.verify(code, LIN, genuine=True, finding="现场看过，确实坏了")
    hands.reply(code, LIN, "已请施工队铺好", Channel.VISIT, (True, True))
    hands.close(code, LIN, CloseReason.SOLVED, "路已修好")
    return code


def test_words_go_when_two_people_agree_and_what_happened_stays(database: Database) -> None:
    county = County(database)
    room = county.room
    gone, denied, still = _closed(county), _closed(county), county.register()
    room.handling.confirm(denied, Confirmation.NO, "page")
    retention = room.retention
    with pytest.raises(RuleViolation, match="没有到期"):
        retention.propose(OFFICE)
    later = county.at + timedelta(days=37 * 31)
    assert retention.due(later) == 1  # neither the open one nor the one that nobody followed up
    county.later(days=37 * 31)
    number = retention.propose(OFFICE)
    with pytest.raises(RuleViolation, match="等待批准"):
        retention.propose(ANOTHER)
    with pytest.raises(RuleViolation):
        retention.approve(number, OFFICE)
    with database.read() as db:
        before = casework.read_standing(db, gone)
    assert retention.approve(number, ANOTHER) == 1
    with pytest.raises(WrongPhase):
        retention.approve(number, ANOTHER)
    with database.read() as db:
        texts = {row.code: row.text for row in db.query(CaseworkRequest)}
        assert (texts[gone], bool(texts[denied]), bool(texts[still])) == ("", True, True)
        assert not db.query(CaseworkNote).where(CaseworkNote.request == gone).all()
        assert db.query(CaseworkNote).where(CaseworkNote.request == denied).all()
        claim = db.get(ServiceRequest, gone)
        assert claim is not None
        assert (claim.text, claim.answer, claim.state) == ("", "", RequestState.SOLVED)
    room.clock.rebuild()
    with database.read() as db:
        assert casework.read_standing(db, gone) == before
    assert retention.page().due == 0
    assert room.view.request(gone, OFFICE).file.is_open is False


def test_the_office_says_where_it_is_found_and_everybody_reads_it(app: Flask) -> None:
    anybody, office = Visitor(app), Visitor(app).sign_in_as(Role.OFFICE)
    assert "还没有公布" in anybody.get("/contact/").text
    given = {"phone": "0539-1234567", "hours": "工作日 8:30-17:30", "address": "振兴路 1 号"}
    assert anybody.post("/contact/", **given).status_code in {302, 401, 403}
    for wrong in ({"phone": "打我电话"}, {"hours": " "}, {"address": "长" * 101}):
        assert office.post("/contact/", **(given | wrong)).status_code == 400
    assert office.post("/contact/", **given).status_code == 303
    assert "tel:0539-1234567" in anybody.get("/contact/").text
    assert "振兴路 1 号" in anybody.get("/my-home/").text
    assert "到期待清除" in office.get("/casework/retention/").text

"""Whoever was not reached by telephone answers the same interview by a link, once."""

import hashlib
import re
from datetime import timedelta
from fractions import Fraction

from werkzeug.test import TestResponse

from evalsys.domain.campaign.forecast import Trunk
from evalsys.domain.campaign.plan import Rules, State
from evalsys.domain.campaign.policy import Contact, Policy
from evalsys.store.phone_box import PhoneBox
from evalsys.store.schema.campaigns import CampaignBallot, InterviewLink
from evalsys.store.schema.roster import Phone
from tests.calling import CADRES, HOUSEHOLDS, Carrier
from tests.campaigning import Field, phones
from tests.roster_rows import code_of, phone_of
from tests.visitor import Visitor

EVERYBODY = CADRES * HOUSEHOLDS
ONCE = Rules(Policy(most_attempts=1, least_days=1, least_parts=1), sends_links=True)


def _mobiles(field: Field) -> None:
    """Give everybody a mobile number, by which alone a message can be read."""
    box = PhoneBox(field.settings.phone_key, field.settings.index_key)
    with field.database.write() as db:
        for n, row in enumerate(db.query(Phone).order_by(Phone.household)):
            number = f"+86154{n:08d}"
            row.sealed, row.blind = box.seal(number, row.id), box.blind(number)


def _unreached(field: Field, carrier: Carrier) -> list[str]:
    """Call everybody once in vain, and return the links that went out."""
    field.room.plans.set_lines(Trunk(100, 0, Fraction(100)), actor="op")
    field.plan(rules=ONCE)
    field.tick()
    for phone in phones(field, carrier).values():
        phone.status("no-answer")
    while field.room.links.send_due():
        pass
    return [call["Body"] for call in carrier.calls if "Body" in call]


def _said(page: TestResponse) -> str:
    found = re.search(r'class="ask-text"[^>]*>([^<]*)<', page.text)
    assert found is not None, page.text[:500]
    return found[1]


def _send(visitor: Visitor, path: str, page: TestResponse, answer: str) -> TestResponse:
    topic = re.search(r'name="topic" value="(\w+)"', page.text)
    tries = re.search(r'name="tries" value="(\d+)"', page.text)
    assert topic is not None
    assert tries is not None
    return visitor.post(path, topic=topic[1], tries=tries[1], answer=answer)


def _household_of(field: Field, token: str) -> str:
    with field.database.read() as db:
        link = db.get(InterviewLink, hashlib.sha256(token.encode()).hexdigest())
        assert link is not None
        member = link.member
    for i in range(CADRES):
        for h in range(HOUSEHOLDS):
            if field.member(code_of(i, h)).id == member:
                return code_of(i, h)
    raise AssertionError


def test_a_landline_gets_no_message_and_a_mobile_gets_one(field: Field, carrier: Carrier) -> None:
    assert phone_of(0, 0).startswith("+86100")
    assert _unreached(field, carrier) == []


def test_the_same_interview_is_answered_on_a_page_once(field: Field, carrier: Carrier) -> None:
    _mobiles(field)
    texts = _unreached(field, carrier)
    assert len(texts) == EVERYBODY
    field.tick()
    assert field.status.campaign.state is State.RUNNING
    token = texts[0].rpartition("/i/")[2]
    household, path = _household_of(field, token), f"/i/{token}"
    visitor = Visitor(field.app)
    page = visitor.get(path)
    assert "年度群众评议" in _said(page)
    assert visitor.get(path).text.count("愿意继续，请按1") == 1
    page = _send(visitor, path, page, "1")
    page = _send(visitor, path, page, "999")
    assert "密码不对" in _said(page)
    page = _send(visitor, path, page, field.pin_of(household))
    first = page
    for _ in range(3):
        page = _send(visitor, path, page, "1")
    assert "评语" in _said(page)
    assert "评语" in _said(_send(visitor, path, first, "2"))  # an old page changes nothing
    page = _send(visitor, path, page, "他常来看我们")
    assert "谢谢您的评议" in _said(page)
    assert field.contacts(household) == [Contact.NO_ANSWER, Contact.COMPLETE]
    assert field.count(CampaignBallot) == 3
    assert "谢谢您的评议" in _said(visitor.get(path))
    assert field.status.lines_in_use == 0


def test_a_link_that_is_wrong_or_too_old_opens_nothing(field: Field, carrier: Carrier) -> None:
    _mobiles(field)
    token = _unreached(field, carrier)[0].rpartition("/i/")[2]
    visitor = Visitor(field.app)
    for wrong in ("x", token[:-1], "a" * 200):
        assert visitor.get(f"/i/{wrong}").status_code == 404
    assert visitor.post(f"/i/{token}", topic="nix", tries="1", answer="1").status_code == 404
    assert visitor.post(f"/i/{token}", topic="consent", tries="x", answer="1").status_code == 404
    field.watch.at += timedelta(days=8)
    assert visitor.get(f"/i/{token}").status_code == 404
    field.room.links.look()
    field.tick()
    assert field.status.campaign.state is State.DONE

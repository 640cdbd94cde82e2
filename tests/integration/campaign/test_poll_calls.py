"""A project poll by telephone and short message: each household once, whatever the way (G05)."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from evalsys.domain.access import Person, Role
from evalsys.domain.campaign.forecast import Trunk
from evalsys.domain.campaign.plan import Kind, Rules, State
from evalsys.domain.campaign.policy import Contact, Policy, Stop
from evalsys.domain.polls import Option, Plan, PollStage, Span, Voiced
from evalsys.errors import RuleViolation, WrongPhase
from evalsys.services.campaign_export import CampaignList
from evalsys.services.polls import Polls
from evalsys.store.phone_box import PhoneBox
from evalsys.store.schema.campaigns import CampaignBallot, CampaignPending
from evalsys.store.schema.roster import Phone
from evalsys.web.rooms import install_rooms
from tests.calling import HOUSEHOLDS, Carrier
from tests.campaigning import Field, asked, phones
from tests.campaigning import Phone as Call
from tests.roster_rows import code_of
from tests.visitor import Visitor

OFFICE = Person("office", Role.OFFICE)
HOMES = [code_of(0, h) for h in range(HOUSEHOLDS)]


@pytest.fixture
def polls(field: Field) -> Polls:
    """Give a poll that runs in its first stage over the six households of the first grid."""
    zone, watch = field.settings.zone, field.watch
    made = Polls(field.database, field.settings.index_key, watch, zone, field.room.plans)
    install_rooms(field.app, replace(field.rooms, campaign=field.room, polls=made))
    field.room.plans.set_lines(Trunk(100, 0, Fraction(100)), actor="op")
    first = watch.at.date()
    spans = tuple(
        Span(stage, first + timedelta(days=30 * n), first + timedelta(days=30 * n + 9))
        for n, stage in enumerate(PollStage)
    )
    options = (Option("硬化村东路", 300_000), Option("装路灯", 80_000), Option("打井", 50_000))
    made.plan(Plan("今年办哪几件", "T00", 400_000, options, spans), OFFICE)
    return made


def _answer(call: Call, polls: Polls, topic: str, key: str) -> str:
    """Pick up, agree, prove with the letter's PIN, and press a key; tell what is said then."""
    call.pick_up()
    call.press("consent", "1")
    said = call.press("pin", polls.pin_of(1, call.household))
    assert asked(said) == topic, said.text
    done = call.press(topic, key)
    call.hang_up()
    return done.text


def test_every_household_is_called_and_counted_once(
    field: Field, carrier: Carrier, polls: Polls
) -> None:
    polls.speak(1, HOMES[0], polls.pin_of(1, HOMES[0]), PollStage.CHOOSE, "1")
    field.campaign = polls.ask(1, Rules(), OFFICE)
    assert field.status.campaign.kind is Kind.POLL
    assert field.status.members == HOUSEHOLDS - 1  # who has spoken is not called
    with pytest.raises(WrongPhase):
        polls.ask(1, Rules(), OFFICE)
    # One speaks on the page before the dialler comes to it.
    polls.speak(1, HOMES[1], polls.pin_of(1, HOMES[1]), PollStage.CHOOSE, "1", by=OFFICE)
    assert field.member(HOMES[1]).stop == Stop.SPOKEN
    field.tick()
    calls = phones(field, carrier)
    assert set(calls) == set(HOMES[2:])
    first = calls[HOMES[2]]
    assert "今年办哪几件" in first.pick_up().text
    first.press("consent", "1")
    assert "密码不对" in first.press("pin", "00000000").text
    said = first.press("pin", polls.pin_of(1, HOMES[2]), tries=2)
    assert "硬化村东路，请按1；装路灯，请按2；打井，请按3" in said.text
    assert "不在选项里" in first.press("choose", "4").text  # three projects, three keys
    assert "已经记下" in first.press("choose", "3", tries=2).text
    assert first.press("choose", "1", tries=2).status_code == 409  # the first word holds
    first.hang_up()
    for home in HOMES[3:5]:
        assert "已经记下" in _answer(calls[home], polls, "choose", "1")
    # While its telephone rings the last household answers on the page: the first word holds.
    last = calls[HOMES[5]]
    last.pick_up()
    last.press("consent", "1")
    polls.speak(1, HOMES[5], polls.pin_of(1, HOMES[5]), PollStage.CHOOSE, "2")
    assert "已经答过" in last.press("pin", polls.pin_of(1, HOMES[5])).text
    last.hang_up()
    due, _calling = field.room.plans.next_due(field.campaign)
    assert due is not None
    field.watch.at = due
    assert field.tick() == 0
    assert field.member(HOMES[5]).stop == Stop.SPOKEN
    assert field.count(CampaignBallot) == field.count(CampaignPending) == 0
    told = polls.page(1).results[0]
    assert (told.voices, told.eligible, told.counts) == (6, 6, None)
    assert told.ways == {Voiced.PAGE: 2, Voiced.PHONE: 1, Voiced.CALL: 3}
    field.watch.forward(days=10)
    told = polls.page(1).results[0]
    assert told.counts == {"1": 4, "2": 1, "3": 1}
    with pytest.raises(WrongPhase):
        polls.ask(1, Rules(), OFFICE)  # no stage runs
    office = Visitor(field.app).sign_in_as(Role.OFFICE)
    assert "电话按键 3 户" in office.get("/polls/1").text


def test_a_link_by_short_message_comes_first_where_it_is_wanted(
    field: Field, carrier: Carrier, polls: Polls
) -> None:
    box = PhoneBox(field.settings.phone_key, field.settings.index_key)
    with field.database.write() as db:
        for row in db.query(Phone).where(Phone.household == HOMES[0]):
            row.sealed, row.blind = box.seal("+8615400000001", row.id), box.blind("+8615400000001")
    once = Policy(most_attempts=1, least_days=1, least_parts=1)
    office = Visitor(field.app).sign_in_as(Role.OFFICE)
    assert office.post("/polls/1/ask", attempts="9").status_code == 400
    rules = Rules(once, sends_links=True, links_first=True)
    field.campaign = polls.ask(1, rules, OFFICE)
    assert field.tick() == 0  # before the links are out nobody is called
    field.room.links.look()
    (message,) = [call["Body"] for call in carrier.calls if "Body" in call]
    assert "群众点菜" in message
    assert field.tick() == HOUSEHOLDS - 1  # landlines get no message, and are called at once
    path = f"/i/{message.rpartition('/i/')[2]}"
    visitor = Visitor(field.app)
    assert "愿意继续" in visitor.get(path).text
    visitor.post(path, topic="consent", tries="1", answer="1")
    page = visitor.post(path, topic="pin", tries="1", answer=polls.pin_of(1, HOMES[0])).text
    assert "<b>3</b> 打井" in page
    assert 'value="4"' not in page
    assert "已经记下" in visitor.post(path, topic="choose", tries="1", answer="2").text
    assert "已经记下" in visitor.get(path).text
    assert field.contacts(HOMES[0]) == [Contact.COMPLETE]
    assert polls.page(1).results[0].ways == {Voiced.LINK: 1}
    assert polls.page(1).asking == field.campaign
    assert "正在征求" in office.get("/polls/1").text
    operator = Visitor(field.app).sign_in_as(Role.OPERATOR)
    letters = f"/campaigns/{field.campaign}/export/{CampaignList.LETTERS}.csv"
    assert operator.get(letters).status_code == RuleViolation.status
    field.watch.forward(days=10)
    polls.end_past()
    polls.end_past()
    assert field.status.campaign.state is State.STOPPED
    assert polls.page(1).results[0].voices == 1


@pytest.mark.parametrize("stage", list(PollStage)[1:])
def test_each_later_stage_asks_its_own_question(
    field: Field, carrier: Carrier, polls: Polls, stage: PollStage
) -> None:
    n = list(PollStage).index(stage)
    field.watch.forward(days=30 * n)
    field.campaign = polls.ask(1, Rules(), OFFICE)
    field.tick()
    for call in phones(field, carrier).values():
        assert "已经记下" in _answer(call, polls, stage.value, "1")
    assert polls.page(1).results[n].ways == {Voiced.CALL: HOUSEHOLDS}
    rate = field.status.whole.rates["RR2"]
    assert rate is not None
    assert rate.value == 1

"""What households answer in a campaign is counted once, sealed, and apart from the household."""

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from evalsys.domain.campaign.plan import Kind, Rules
from evalsys.domain.campaign.policy import Contact
from evalsys.domain.campaign.wanted import Electorate
from evalsys.ids import HouseholdCode
from evalsys.store.campaigns import wish_of
from evalsys.store.schema.campaigns import CampaignAnswer, CampaignBallot, CampaignPending
from tests.calling import CADRES, HOUSEHOLDS, Carrier, posted
from tests.campaigning import Field, Phone, asked, phones
from tests.heard import said, verbs
from tests.roster_rows import number_of, phone_of

# Decided before any database is asked, or alike in both.

EVERYBODY = CADRES * HOUSEHOLDS


def test_every_linked_household_is_called_within_the_pace(field: Field, carrier: Carrier) -> None:
    field.plan()
    field.tick()
    assert len(carrier.calls) == 5  # the pace is five calls a second
    for _ in range(4):
        field.watch.forward(seconds=1)
        field.tick()
    assert len(carrier.calls) == EVERYBODY
    assert len({call["To"] for call in carrier.calls}) == EVERYBODY
    assert all("/voice/campaign/" in call["StatusCallback"] for call in carrier.calls)


def _digests(field: Field) -> list[bytes]:
    """Return the digests of what was pressed in the calls of a campaign."""
    with field.database.read() as db:
        found = [bytes(mac) for mac in db.scalars(select(CampaignAnswer.mac))]
    assert found
    return found


def test_a_finished_interview_leaves_only_that_the_household_answered(phone: Phone) -> None:
    field = phone.field
    comment = phone.answer_all()
    assert verbs(comment) == ["Say", "Record", "Redirect"]
    assert field.count(CampaignPending) == 3
    heard = phone.hook("step/comment/1", RecordingSid="RE1", RecordingDuration="4")
    assert asked(heard) == "review"
    assert "Hangup" in verbs(phone.press("review", "1"))
    assert all(_digests(field))
    phone.hang_up()
    assert not any(_digests(field))  # five keys are soon tried by who holds the application's
    repeated = phone.press("score", "2")
    assert (repeated.status_code, asked(repeated)) == (200, "comment")
    assert field.contacts(phone.household) == [Contact.COMPLETE]
    assert (field.count(CampaignPending), field.count(CampaignBallot)) == (0, 3)
    case = field.member(phone.household)
    assert (case.state, case.stop, case.code, case.attempts) == ("closed", "answered", "1.1", 1)
    columns = {column.name for column in CampaignBallot.__table__.columns}
    assert columns == {"id", "campaign", "about", "sealed"}


def test_a_repeated_webhook_has_one_effect_and_the_same_answer(phone: Phone) -> None:
    first = phone.pick_up()
    assert phone.hook("answer", CallStatus="in-progress").text == first.text
    agreed = phone.press("consent", "1")
    assert phone.press("consent", "1").text == agreed.text
    assert phone.press("consent", "2").status_code == 409
    for _ in range(2):
        phone.hang_up()
    assert phone.field.contacts(phone.household) == [Contact.BROKEN_OFF]


@pytest.mark.on_sqlite
def test_a_status_that_comes_late_changes_nothing(phone: Phone) -> None:
    phone.answer_all()
    phone.hang_up()
    for word in ("ringing", "in-progress", "no-answer", "completed"):
        assert phone.status(word).status_code == 204
    assert phone.field.contacts(phone.household) == [Contact.PARTIAL]


@pytest.mark.on_sqlite
@pytest.mark.parametrize(
    ("word", "more", "contact", "code"),
    [
        ("busy", {}, Contact.BUSY, "2.20"),
        ("no-answer", {}, Contact.NO_ANSWER, "2.20"),
        ("canceled", {}, Contact.NO_ANSWER, "2.20"),
        ("failed", {"SipResponseCode": "404"}, Contact.DEAD_NUMBER, "2.20"),
        ("failed", {"SipResponseCode": "503"}, Contact.CARRIER_FAILED, "3.16"),
        ("completed", {}, Contact.HUNG_UP, "2.12"),
    ],
)
def test_a_call_that_reached_nobody_is_coded(
    phone: Phone, word: str, more: dict[str, str], contact: Contact, code: str
) -> None:
    phone.status("initiated")
    if word == "completed":
        phone.hook("answer", CallStatus="in-progress")
    phone.status(word, **more)
    case = phone.field.member(phone.household)
    assert phone.field.contacts(phone.household) == [contact]
    assert case.code == code
    assert case.attempts == (0 if contact is Contact.CARRIER_FAILED else 1)
    assert case.needs_new_number == (contact is Contact.DEAD_NUMBER)


def test_a_dialect_chosen_at_the_greeting_is_kept_for_the_household(phone: Phone) -> None:
    field = phone.field
    assert "请按3" in said(phone.pick_up())
    chosen = phone.press("consent", "3")
    assert (asked(chosen), said(chosen)[:7]) == ("consent", "您好！想听普通")
    assert 'language="zh-CN-yimeng">恁好' in chosen.text
    assert phone.press("consent", "3").text == chosen.text  # the same webhook twice
    pin = phone.hook("step/consent/5", Digits="1")
    assert said(pin).startswith("恁瞧瞧")
    assert "恁得空" in said(phone.press("pin", "9"))  # forgotten is what was said, not the speech
    phone.hang_up()
    assert field.contacts(phone.household) == [Contact.NOT_FREE]
    with field.database.read() as db:
        wish = wish_of(db, HouseholdCode(phone.household))
    assert (wish.dialect, wish.noted_by) == ("yimeng", "household:telephone")
    assert field.member(phone.household).dialect == "yimeng"


@pytest.mark.on_sqlite
@pytest.mark.parametrize("answered", range(6))
def test_a_household_may_hang_up_at_every_step(phone: Phone, answered: int) -> None:
    heard = phone.pick_up()
    for _ in range(answered):
        topic = asked(heard)
        pin = phone.field.pin_of(phone.household)
        heard = phone.press(topic, pin if topic == "pin" else "1")
    phone.hang_up()
    wanted = Contact.HUNG_UP if answered == 0 else Contact.BROKEN_OFF
    wanted = Contact.PARTIAL if asked(heard) == "comment" else wanted
    assert phone.field.contacts(phone.household) == [wanted]


def test_a_broken_off_interview_goes_on_at_the_open_question(
    phone: Phone, carrier: Carrier
) -> None:
    field = phone.field
    phone.pick_up()
    first = asked(phone.prove())
    second = asked(phone.press(first, "1"))
    phone.hang_up()
    field.watch.forward(hours=5)
    again = _called_again(field, carrier, phone.household)
    again.pick_up()
    assert asked(again.prove()) == second
    assert field.count(CampaignPending) == 1


def test_key_nine_forgets_everything_and_calls_again_at_another_hour(
    phone: Phone, carrier: Carrier
) -> None:
    field = phone.field
    phone.pick_up()
    topic = asked(phone.prove())
    assert asked(phone.press(topic, "1")) != ""
    assert field.count(CampaignPending) == 1
    goodbye = phone.press(asked(phone.press(topic, "1")), "9")
    assert "您方便的时候我们再打" in said(goodbye)
    phone.hang_up()
    assert (field.count(CampaignPending), field.count(CampaignBallot)) == (0, 0)
    assert field.contacts(phone.household) == [Contact.NOT_FREE]
    due = field.member(phone.household).due_at
    assert due is not None
    assert (due - field.watch.at).total_seconds() >= 3600
    field.watch.forward(hours=1)
    again = _called_again(field, carrier, phone.household)
    again.pick_up()
    assert asked(again.prove()) == topic


@pytest.mark.on_sqlite
def test_key_nine_while_speaking_throws_the_recording_away(phone: Phone) -> None:
    phone.answer_all()
    phone.hook("recording", RecordingSid="RE1", RecordingDuration="4")
    phone.hook("step/comment/1", RecordingSid="RE1", RecordingDuration="4", Digits="9")
    phone.hang_up()
    assert phone.field.contacts(phone.household) == [Contact.NOT_FREE]
    assert phone.field.attempts()[0].recording in {None, ""}


@pytest.mark.on_sqlite
def test_three_wrong_pins_end_the_call_and_the_case(phone: Phone) -> None:
    phone.pick_up()
    phone.press("consent", "1")
    wrong = "000000" if phone.field.pin_of(phone.household) != "000000" else "111111"
    assert "密码不对" in said(phone.press("pin", wrong))
    assert "没有听到" in said(phone.press("pin", "", 2))
    assert "密码三次都不对" in said(phone.press("pin", wrong, 3))
    phone.hang_up()
    case = phone.field.member(phone.household)
    assert (case.stop, case.code) == ("pin_failed", "3.20")
    listed = phone.field.room.plans.visit_list(phone.field.campaign, actor="op")
    assert [(row.household, row.reason) for row in listed] == [(phone.household, "pin_failed")]


def test_a_pin_is_of_one_household_and_one_campaign(field: Field) -> None:
    pins = {(c, h): field.room.calls.pins.pin_of(c, h, 6) for c in "ab" for h in "12345678"}
    assert len(set(pins.values())) > len(pins) / 2
    assert all(len(pin) == 6 and pin.isdigit() for pin in pins.values())


@pytest.mark.on_sqlite
def test_a_refusal_is_left_to_a_person_after_a_week_and_asked_once_more(
    phone: Phone, carrier: Carrier
) -> None:
    field = phone.field
    phone.pick_up()
    phone.press("consent", "2")
    phone.hang_up()
    case = field.member(phone.household)
    assert (case.state, case.code) == ("person", "2.111")
    field.watch.forward(days=8)
    field.tick()
    assert phone.household not in phones(field, carrier)
    plans = field.room.plans
    household = case.household
    plans.note_by_hand(field.campaign, household, Contact.AGREED, actor="wang")  # type: ignore[arg-type]  # a code
    again = _called_again(field, carrier, phone.household)
    again.pick_up()
    again.press("consent", "2")
    again.hang_up()
    assert field.member(phone.household).stop == "refused"


def test_who_never_wants_to_be_called_again_is_in_no_campaign(phone: Phone) -> None:
    field = phone.field
    phone.pick_up()
    phone.press("consent", "0")
    phone.hang_up()
    assert field.member(phone.household).stop == "do_not_call"
    field.plan(title="second")
    case = field.member(phone.household)
    assert (case.state, case.stop, case.code) == ("closed", "do_not_call", "2.112")


@pytest.mark.on_sqlite
def test_digits_after_the_campaign_was_stopped_are_not_counted(phone: Phone) -> None:
    field = phone.field
    phone.pick_up()
    topic = asked(phone.prove())
    field.room.plans.stop(field.campaign, actor="op")
    assert "已经结束" in said(phone.press(topic, "1"))
    phone.hang_up()
    assert field.count(CampaignBallot) == 0
    assert field.member(phone.household).code == "2.12"


@pytest.mark.on_sqlite
def test_silence_and_music_end_politely_and_are_no_refusal(phone: Phone) -> None:
    phone.pick_up()
    for tries in (1, 2, 3):
        assert "没有听到" in said(phone.press("consent", "", tries))
    phone.press("consent", "", 4)
    phone.hang_up()
    assert phone.field.contacts(phone.household) == [Contact.SILENT]
    assert phone.field.member(phone.household).code == "2.20"


@pytest.mark.on_sqlite
def test_a_second_call_for_the_same_attempt_is_not_listened_to(phone: Phone) -> None:
    phone.pick_up()
    other = Phone(phone.field, phone.attempt, "CA" + "9" * 32, phone.household)
    assert "已经结束" in said(other.hook("answer", CallStatus="in-progress"))
    other.status("completed")
    assert phone.field.contacts(phone.household) == []


def test_a_filled_quota_of_a_unit_or_township_calls_nobody_else_there(
    field: Field, carrier: Carrier
) -> None:
    field.plan(rules=Rules(unit_quota=2, township_quota=1))
    field.tick()
    field.watch.forward(seconds=0.4)
    field.tick()
    called = phones(field, carrier)
    assert len(called) == 7  # one more than a township has: both are among them, in whatever order
    first, *_ = called.values()
    there = [each for each in called.values() if each.household[:8] == first.household[:8]]
    first.answer_all()
    first.hook("step/comment/1")
    first.hang_up()
    stops = field.status.stops
    # The other cadre's township still needs its answer.
    assert stops.get("quota_filled", 0) == HOUSEHOLDS - len(there)
    other = next(each for each in called.values() if each not in there)
    other.answer_all()
    other.hook("step/comment/1")
    other.hang_up()
    assert field.status.stops.get("quota_filled", 0) == EVERYBODY - len(called)
    assert field.status.stops["answered"] == 2


def test_a_filled_quota_calls_nobody_else_about_that_cadre(field: Field, carrier: Carrier) -> None:
    field.plan(rules=Rules(quota=1), electorate=Electorate(cadres=(number_of(0),)))
    field.tick()
    first = next(iter(phones(field, carrier).values()))
    first.answer_all()
    first.hang_up()
    stops = field.status.stops
    assert stops == {"answered": 1, "quota_filled": 1}  # four others are being called already
    assert dict(field.status.codes)["4.80"] == 1


def test_a_department_is_judged_by_drawn_households_under_its_own_words(
    field: Field, carrier: Carrier
) -> None:
    field.plan(Kind.DEPARTMENT, department="U1", about="县水利局的饮水工程", sample=3)
    assert field.status.members == 3
    field.tick()
    phone = next(iter(phones(field, carrier).values()))
    assert "请您评一评县水利局的饮水工程" in said(phone.pick_up())


@pytest.mark.on_sqlite
def test_a_pledge_is_put_to_the_household_in_its_own_words(field: Field, carrier: Carrier) -> None:
    electorate = Electorate(cadres=(number_of(0),))
    field.plan(Kind.PLEDGE, electorate=electorate, pledge="国庆前修好村口的路")
    field.tick()
    phone = next(iter(phones(field, carrier).values()))
    phone.pick_up()
    assert "当众承诺：国庆前修好村口的路" in said(phone.prove())


def _called_again(field: Field, carrier: Carrier, household: str) -> Phone:
    for _ in range(20):
        field.tick()
        found = phones(field, carrier).get(household)
        if found is not None:
            return found
        field.watch.forward(seconds=1)
    pytest.fail("the household was not called again")


def _calls_back(field: Field, caller: str, sid: str = "CA" + "b" * 32) -> TestResponse:
    form = {"CallSid": sid, "From": caller, "CallStatus": "ringing"}
    return posted(field.app, field.settings, "/voice/inbound/campaign", form)


def test_a_household_that_calls_back_goes_on_where_it_was(phone: Phone) -> None:
    field = phone.field
    phone.pick_up()
    first = asked(phone.prove())
    second = asked(phone.press(first, "1"))
    phone.hang_up()
    opened = _calls_back(field, phone_number(phone.household))
    assert asked(opened) == "consent"
    (call,) = [row for row in field.attempts() if row.ended_at is None and row.n is None]
    assert f"/voice/campaign/{call.id}/step/consent/1" in opened.text
    assert _calls_back(field, phone_number(phone.household)).text == opened.text
    back = Phone(field, call.id, call.sid or "", phone.household)
    assert asked(back.prove()) == second
    for _ in range(2):
        second = asked(back.press(second, "1"))
    assert second == "comment"
    ended = {"CallSid": call.sid or "", "CallStatus": "completed", "CallDuration": "41"}
    for sid in ("CA" + "0" * 32, call.sid or ""):  # a stranger's call is nobody's
        told = posted(field.app, field.settings, "/voice/inbound/status", ended | {"CallSid": sid})
        assert told.status_code == 204
    assert field.contacts(phone.household) == [Contact.BROKEN_OFF, Contact.PARTIAL]
    assert field.count(CampaignBallot) == 3


@pytest.mark.on_sqlite
def test_whoever_is_asked_by_no_campaign_is_thanked(phone: Phone) -> None:
    for caller in ("anonymous", "", "+8613900000000", "sip:x@y", "1" * 300):
        answer = _calls_back(phone.field, caller)
        assert "Hangup" in verbs(answer) if answer.status_code == 200 else len(caller) > 200
        assert len(phone.field.attempts()) == 5, caller


@pytest.mark.on_sqlite
def test_nobody_calls_back_into_a_campaign_that_is_over_or_while_being_called(
    phone: Phone,
) -> None:
    field = phone.field
    assert "已经结束" in said(_calls_back(field, phone_number(phone.household)))
    phone.status("busy")
    field.room.plans.stop(field.campaign, actor="op")
    assert "已经结束" in said(_calls_back(field, phone_number(phone.household)))


def phone_number(household: str) -> str:
    """The telephone of a household of the small county."""
    return phone_of(int(household[:8]) - 1, int(household[8:]) - 1)

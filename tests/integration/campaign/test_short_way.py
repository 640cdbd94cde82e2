"""A campaign's webhooks are answered alike by the short way and by the whole application."""

from dataclasses import replace

from sqlalchemy import text

from evalsys.store.schema.campaigns import CampaignAttempt
from evalsys.web.short_way import ShortWay
from tests.campaigning import Phone
from tests.heard import verbs


def test_the_short_way_answers_as_the_whole_application_does(phone: Phone) -> None:
    app = phone.field.app
    short_way = app.wsgi_app
    assert isinstance(short_way, ShortWay)
    for hook, form, status in (
        ("status", {"CallStatus": "ringing"}, 204),
        ("answer", {"CallStatus": "in-progress"}, 200),
        ("status", {}, 400),
        ("status", {"CallStatus": "ringing", "AccountSid": "AC" + "f" * 32}, 403),
        ("step/weather/1", {"Digits": "1"}, 404),
        ("step/score/1", {"Digits": "1"}, 409),
    ):
        unsigned = app.test_client().post(phone.address(hook), data={"CallSid": phone.sid})
        short = phone.hook(hook, **form)
        long = replace(phone, door=short_way.long_way).hook(hook, **form)
        assert (short.status_code, short.data) == (long.status_code, long.data)
        assert sorted(short.headers) == sorted(long.headers)
        assert (short.status_code, unsigned.status_code) == (status, 403), hook
    assert phone.field.contacts(phone.household) == []


def test_a_failure_of_ours_on_the_short_way_is_no_page(phone: Phone) -> None:
    attempts = CampaignAttempt.__tablename__
    rename(phone, attempts, "mislaid")
    try:
        assert phone.status("ringing").status_code == 503
        again = phone.hook("answer", CallStatus="in-progress")
    finally:
        rename(phone, "mislaid", attempts)  # on PostgreSQL the next test has the same tables
    assert verbs(again) == ["Pause", "Redirect"]
    assert f"/voice/campaign/{phone.attempt}/answer?again=1" in again.text


def rename(phone: Phone, old: str, new: str) -> None:
    with phone.field.database.engine.begin() as db:
        db.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))

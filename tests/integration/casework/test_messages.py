"""A household's short message becomes a request: signed, once, and answered in words."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from evalsys.settings import Settings
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox
from evalsys.store.schema.casework import CaseworkRequest
from evalsys.store.schema.roster import Phone
from tests.builders import some_settings
from tests.calling import posted
from tests.casework_county import LINKED, OTHERS, settle

MINE, SHARED, STRANGE = "+8613900000011", "+8613900000012", "+8613900000013"
BODY = "村口的路坏了，From here to the bridge，车过不去"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Its keys and addresses are those of every test's application."""
    return some_settings("sqlite://", tmp_path)


@pytest.fixture
def county(database: Database, settings: Settings) -> None:
    settle(database)
    box = PhoneBox(settings.phone_key, settings.index_key)
    with database.write() as db:
        for at, (household, number) in enumerate(
            ((LINKED, MINE), (LINKED, SHARED), (OTHERS, SHARED)), start=2
        ):
            row = bytes([at]) * 16
            db.add(
                Phone(
                    id=row,
                    household=household,
                    cadre=None,
                    position=at,
                    usable=True,
                    sealed=box.seal(number, row),
                    blind=box.blind(number),
                    key_version=1,
                )
            )


def _write(app: Flask, settings: Settings, sender: str, sid: str, body: str = BODY) -> TestResponse:
    form = {"MessageSid": sid, "SmsMessageSid": sid, "From": sender, "To": "+8610", "Body": body}
    more = {"FromCity": "", "NumMedia": "0", "SmsStatus": "received"}
    return posted(app, settings, "/voice/inbound/message", form | more)


def _requests(database: Database) -> list[tuple[str | None, str, str]]:
    with database.read() as db:
        rows = db.scalars(select(CaseworkRequest)).all()
        return [(row.household, row.channel, row.text) for row in rows]


@pytest.mark.usefixtures("county")
def test_a_message_is_one_request_however_often_it_is_delivered(
    app: Flask, settings: Settings, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    first = _write(app, settings, MINE, "SM1")
    assert "<Message>您反映的事已受理，受理号SQ" in first.text
    assert _write(app, settings, MINE, "SM1").text == first.text
    assert _requests(database) == [(LINKED, "sms", BODY)]
    for sender, body, told in (
        (STRANGE, BODY, "没有登记为联系户的电话"),
        (SHARED, BODY, "不止一户登记"),
        (MINE, "路", "写清楚是什么事"),
    ):
        answer = _write(app, settings, sender, "SM2", body)
        assert (answer.status_code, told in answer.text) == (200, True)
        assert body not in answer.text or body == "路"
    assert len(_requests(database)) == 1
    assert "村口" not in caplog.text
    assert "139000000" not in caplog.text


@pytest.mark.usefixtures("county")
def test_what_the_carrier_did_not_sign_as_a_message_is_refused(
    app: Flask, settings: Settings, database: Database
) -> None:
    forged = app.test_client().post(
        "/voice/inbound/message",
        data={"AccountSid": settings.telephony_account, "MessageSid": "SM1", "Body": BODY},
        headers={"X-Twilio-Signature": "AAAA"},
    )
    assert forged.status_code == 403
    whole = {"MessageSid": "SM1", "From": MINE, "Body": BODY}
    for wrong, status in (
        (whole | {"From": "anonymous"}, 400),
        ({name: whole[name] for name in ("MessageSid", "Body")}, 400),
        (whole | {"G": f"From{MINE}"}, 400),  # a signed message, cut in another way
        (whole | {"AccountSid": "AC" + "1" * 32}, 403),
    ):
        assert posted(app, settings, "/voice/inbound/message", wrong).status_code == status, wrong
    assert _requests(database) == []

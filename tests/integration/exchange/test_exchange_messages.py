"""Short messages by the official client."""

import time

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from tests.exchange_rig import (
    ACCOUNT,
    CALLER,
    HOUSEHOLD,
    TOKEN,
    Application,
    ExchangeRig,
    StartExchange,
    a_truth,
)
from tests.telephone import until

LINK = "沂水评议：请点击 https://eval.example/s/7f3a 参加评议，一周内有效。"


@pytest.fixture
def rig(start_exchange: StartExchange) -> ExchangeRig:
    return start_exchange([a_truth()], speed=20)


def send(rig: ExchangeRig, application: Application, **more: object) -> str:
    wanted: dict[str, object] = {
        "to": HOUSEHOLD,
        "from_": CALLER,
        "body": LINK,
        "status_callback": application.url("/sent"),
    }
    return str(rig.client.messages.create(**(wanted | more)).sid)  # type: ignore[arg-type]  # tests name parameters


def test_a_message_is_taken_sent_delivered_and_reported(
    rig: ExchangeRig, application: Application
) -> None:
    made = rig.client.messages.create(
        to=HOUSEHOLD, from_=CALLER, body=LINK, status_callback=application.url("/sent")
    )
    assert (str(made.status), made.body, made.num_segments) == ("queued", LINK, "1")
    hooks = application.wait_for("/sent", 2)
    assert [hook.form["MessageStatus"] for hook in hooks] == ["sent", "delivered"]
    assert {hook.form["MessageSid"] for hook in hooks} == {made.sid}
    ended = made.fetch()
    assert (str(ended.status), ended.error_code) == ("delivered", None)
    assert ended.date_sent is not None
    assert [each.sid for each in rig.client.messages.list(to=HOUSEHOLD)] == [made.sid]
    assert rig.client.messages.list(to="+8613900000002") == []
    assert ended.delete() is True
    assert rig.client.messages.list() == []


def test_a_message_to_nobody_is_undelivered(rig: ExchangeRig, application: Application) -> None:
    sid = send(rig, application, to="+8613900000002")
    last = application.wait_for("/sent", 2)[-1].form
    assert (last["MessageStatus"], last["ErrorCode"]) == ("undelivered", "30003")
    assert rig.client.messages(sid).fetch().error_code == 30003


def test_a_wrong_message_is_refused_with_twilios_code(
    rig: ExchangeRig, application: Application
) -> None:
    for wrong, code in (
        ({"to": ""}, 21604),
        ({"to": "139"}, 21211),
        ({"from_": ""}, 21603),
        ({"body": ""}, 21602),
        ({"body": "字" * 1601}, 21617),
        ({"status_callback": "nowhere"}, 21609),
    ):
        with pytest.raises(TwilioRestException) as refused:
            send(rig, application, **wrong)
        assert (refused.value.status, refused.value.code) == (400, code), wrong
    assert rig.client.messages.list() == []


def test_a_message_on_its_way_at_a_kill_still_arrives(
    start_exchange: StartExchange, application: Application
) -> None:
    rig = start_exchange([a_truth()], speed=2)
    sid = send(rig, application)
    with pytest.raises(TwilioRestException, match="cannot be deleted"):
        rig.client.messages(sid).delete()
    rig.process.kill()
    rig.restart()
    deadline = time.monotonic() + 10
    while str(rig.client.messages(sid).fetch().status) != "delivered":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert application.wait_for("/sent", 2)[-1].form["MessageStatus"] == "delivered"


def test_a_message_that_comes_in_is_told_signed_and_its_answer_sent(
    start_exchange: StartExchange, application: Application
) -> None:
    application.says("/sms", "<Message>收到：<Body>已受理</Body></Message><Message>再见</Message>")
    rig = start_exchange(
        [a_truth()], speed=20, more=["--inbound-message-url", application.url("/sms")]
    )
    address = f"{rig.url}/2010-04-01/Accounts/{ACCOUNT}/IncomingMessages.json"
    form = {"From": HOUSEHOLD, "To": CALLER, "Body": "村口的路坏了"}
    assert requests.post(address, form, timeout=5).status_code == 401
    taken = requests.post(address, form, auth=(ACCOUNT, TOKEN), timeout=5)
    assert (taken.status_code, taken.json()["direction"]) == (201, "inbound")
    (told,) = application.wait_for("/sms")
    assert {name: told.form[name] for name in form} == form
    assert told.form["MessageSid"] == taken.json()["sid"]
    until(lambda: len(rig.client.messages.list(to=HOUSEHOLD)) == 2, "the answers")
    assert {each.body for each in rig.client.messages.list(to=HOUSEHOLD)} == {"已受理", "再见"}
    assert str(rig.client.messages(taken.json()["sid"]).fetch().status) == "received"


def test_without_anybody_to_take_them_messages_are_refused(rig: ExchangeRig) -> None:
    address = f"{rig.url}/2010-04-01/Accounts/{ACCOUNT}/IncomingMessages.json"
    form = {"From": HOUSEHOLD, "To": CALLER, "Body": "x"}
    refused = requests.post(address, form, auth=(ACCOUNT, TOKEN), timeout=5)
    assert (refused.status_code, refused.json()["code"]) == (400, 21612)

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote_plus, urlencode

import pytest

from evalsys.errors import InvalidInput, NotAllowed
from evalsys.telephony.signature import Delivery, Seal
from tests.builders import some_settings

SETTINGS = some_settings("sqlite://", Path("unused"))
PATH = "/voice/5f0c/step/score/1"
FORM = "application/x-www-form-urlencoded"
ACCOUNT = SETTINGS.telephony_account
WEBHOOKS: dict[str, dict[str, dict[str, str]]] = json.loads(
    (Path(__file__).parents[2] / "data" / "twilio_webhooks.json").read_text("utf-8")
)
"""What Twilio posts, parameter by parameter, and what of it may be used."""


def _signature(
    parameters: dict[str, str],
    *,
    path: str = PATH,
    query: str = "",
    base: str = SETTINGS.public_url,
    secret: str = SETTINGS.webhook_secret,
) -> str:
    """Sign as Twilio documents it, written here once more, apart from the code under test."""
    signed = base + path + (f"?{query}" if query else "")
    signed += "".join(name + parameters[name] for name in sorted(parameters))
    return base64.b64encode(hmac.digest(secret.encode(), signed.encode(), hashlib.sha1)).decode()


def _pressed(**more: str) -> dict[str, str]:
    parameters = {
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "CallSid": "CA" + "0" * 32,
        "CallStatus": "in-progress",
        "Called": "+8600012345678",
        "Digits": "4",
        "FinishedOnKey": "",
        "msg": "Gather End",
        "To": "+8600012345678",
    }
    return parameters | more


def _delivery(  # noqa: PLR0913 - every part of a request can be wrong
    parameters: dict[str, str],
    *,
    body: bytes | None = None,
    signature: str | None = "",
    method: str = "POST",
    path: str = PATH,
    query: str = "",
    content_type: str = FORM,
) -> Delivery:
    signed = _signature(parameters, path=path, query=query) if signature == "" else signature
    raw = urlencode(parameters).encode() if body is None else body
    return Delivery(method, path, query, content_type, raw, signed)


def _open(delivery: Delivery) -> dict[str, str]:
    return dict(Seal(SETTINGS).open(delivery))


def test_what_the_carrier_signed_is_opened() -> None:
    assert _open(_delivery(_pressed()))["Digits"] == "4"


def test_only_listed_parameters_come_out_and_no_telephone_number_among_them() -> None:
    opened = _open(_delivery(_pressed()))
    assert set(opened) == {"AccountSid", "CallSid", "CallStatus", "Digits"}


def test_parameters_that_a_carrier_adds_later_are_signed_over_and_ignored() -> None:
    parameters = _pressed(CallToken="%7B%22parent%22", StirVerstat="TN-Validation-Passed-A")
    assert "CallToken" not in _open(_delivery(parameters))
    altered = _delivery(parameters | {"CallToken": "other"}, signature=_signature(parameters))
    with pytest.raises(NotAllowed):
        _open(altered)


def test_a_missing_signature_is_refused() -> None:
    with pytest.raises(NotAllowed):
        _open(_delivery(_pressed(), signature=None))


@pytest.mark.parametrize("signature", ["=", "wrong", "签名", "A" * 28])
def test_a_wrong_signature_is_refused(signature: str) -> None:
    with pytest.raises(NotAllowed):
        _open(_delivery(_pressed(), signature=signature))


def test_a_signature_under_another_secret_is_refused_the_api_token_included() -> None:
    forged = _signature(_pressed(), secret=SETTINGS.telephony_token)
    with pytest.raises(NotAllowed):
        _open(_delivery(_pressed(), signature=forged))


def test_a_signature_for_another_host_is_refused() -> None:
    forged = _signature(_pressed(), base="http://attacker.example")
    with pytest.raises(NotAllowed):
        _open(_delivery(_pressed(), signature=forged))


@pytest.mark.parametrize(
    ("path", "query"),
    [("/voice/5f0c/step/score/2", ""), ("/voice/5f0d/step/score/1", ""), (PATH, "again=1")],
)
def test_a_signature_holds_for_its_own_address_only(path: str, query: str) -> None:
    moved = _delivery(_pressed(), path=path, query=query, signature=_signature(_pressed()))
    with pytest.raises(NotAllowed):
        _open(moved)


def test_the_raw_query_is_part_of_the_address() -> None:
    assert _open(_delivery(_pressed(), query="again=1"))["Digits"] == "4"


@pytest.mark.parametrize("path", ["/voice/5f0c/step/scor%65/1", "/voice/../x", "/voice/5F0C", ""])
def test_a_path_that_could_be_written_in_two_ways_is_refused(path: str) -> None:
    with pytest.raises(NotAllowed):
        _open(_delivery(_pressed(), path=path))


def test_changed_digits_are_refused() -> None:
    changed = _delivery(_pressed(Digits="5"), signature=_signature(_pressed(Digits="1")))
    with pytest.raises(NotAllowed):
        _open(changed)


def _moved(signed: dict[str, str], said: dict[str, str]) -> Delivery:
    """Build a message that says something else and has, by concatenation, the same signature."""
    signature = _signature(signed)
    assert _signature(said) == signature, "the trap itself must work on the bare algorithm"
    return _delivery(said, signature=signature)


def test_digits_cannot_be_moved_into_the_parameters_name() -> None:
    said = _pressed()
    del said["Digits"]
    with pytest.raises(InvalidInput):
        _open(_moved(_pressed(Digits="12"), said | {"Digits1": "2"}))


def test_digits_cannot_be_hidden_in_another_value() -> None:
    said = _pressed(Called="+8600012345678Digits4")
    del said["Digits"]
    with pytest.raises(InvalidInput):
        _open(_moved(_pressed(), said))


def test_digits_cannot_be_hidden_in_a_listed_value() -> None:
    signed = {"AccountSid": ACCOUNT, "CallSid": "CA1", "Digits": "4"}
    with pytest.raises(InvalidInput):
        _open(_moved(signed, {"AccountSid": ACCOUNT, "CallSid": "CA1Digits4"}))


def test_digits_cannot_be_hidden_in_a_longer_name() -> None:
    signed = {"AccountSid": ACCOUNT, "CallSid": "CA1", "Called": "x", "Digits": "4"}
    said = {"AccountSid": ACCOUNT, "CallSid": "CA1", "CalledxDigits": "4"}
    with pytest.raises(InvalidInput):
        _open(_moved(signed, said))


@pytest.mark.parametrize(
    "more", ["&Digits=4", "&Digits=5", "&%44igits=4", "&AccountSid=x", "&msg=Gather+End"]
)
def test_repeated_parameters_are_refused_even_with_the_same_value(more: str) -> None:
    body = urlencode(_pressed()).encode() + more.encode()
    with pytest.raises(InvalidInput, match="重复"):
        _open(_delivery(_pressed(), body=body))


@pytest.mark.parametrize(
    "digits",
    ["123456789", "1 ", "a", "１", "４", "-1", "1\n", "+1", "hangup ", "0x4", "\x00"],  # noqa: RUF001 - full-width digits
)
def test_digits_are_at_most_the_keys_of_a_pin(digits: str) -> None:
    with pytest.raises(InvalidInput):
        _open(_delivery(_pressed(Digits=digits)))


@pytest.mark.parametrize("digits", ["", "0", "9", "*", "#", "12", "123456", "hangup"])
def test_what_a_telephone_can_send_is_accepted(digits: str) -> None:
    assert _open(_delivery(_pressed(Digits=digits)))["Digits"] == digits


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CallSid", ""),
        ("CallSid", "CA 1"),
        ("CallSid", "../1"),
        ("CallSid", "C" * 65),
        ("CallStatus", "done"),
        ("CallStatus", ""),
        ("CallDuration", "-1"),
        ("CallDuration", "1.5"),
        ("SipResponseCode", "20000"),
        ("RecordingSid", "RE/../1"),
        ("RecordingDuration", "1e3"),
    ],
)
def test_a_parameter_of_the_wrong_grammar_is_refused_although_signed(name: str, value: str) -> None:
    with pytest.raises(InvalidInput):
        _open(_delivery(_pressed(**{name: value})))


@pytest.mark.parametrize("name", ["", "9lives", "Call Status", "名", "a" * 65, "x-y"])
def test_a_parameter_with_a_strange_name_is_refused_although_signed(name: str) -> None:
    with pytest.raises(InvalidInput):
        _open(_delivery(_pressed() | {name: "1"}))


@pytest.mark.parametrize("name", ["AccountSid", "CallSid"])
def test_a_webhook_without_account_or_call_is_refused(name: str) -> None:
    parameters = _pressed()
    del parameters[name]
    with pytest.raises(InvalidInput):
        _open(_delivery(parameters))


def test_a_webhook_of_another_account_is_refused_although_signed() -> None:
    with pytest.raises(NotAllowed):
        _open(_delivery(_pressed(AccountSid="AC" + "9" * 32)))


@pytest.mark.parametrize("method", ["GET", "PUT", "HEAD", "post"])
def test_only_posts_are_read(method: str) -> None:
    with pytest.raises(InvalidInput):
        _open(_delivery(_pressed(), method=method))


@pytest.mark.parametrize(
    "content_type", ["", "application/json", "multipart/form-data", "text/plain"]
)
def test_only_forms_are_read(content_type: str) -> None:
    with pytest.raises(InvalidInput):
        _open(_delivery(_pressed(), content_type=content_type))


def test_a_charset_beside_the_content_type_does_no_harm() -> None:
    assert _open(_delivery(_pressed(), content_type=f"{FORM}; charset=utf-8"))


@pytest.mark.parametrize(
    "body", [b"", b"\xff=1", b"a", b"a=%FF", b"&".join(b"p%d=1" % n for n in range(101))]
)
def test_what_is_not_a_readable_form_is_refused(body: bytes) -> None:
    with pytest.raises((InvalidInput, NotAllowed)):
        _open(_delivery(_pressed(), body=body))


def test_a_huge_body_is_refused_before_it_is_read() -> None:
    body = b"x=" + b"1" * (64 * 1024)
    with pytest.raises(InvalidInput, match="过长"):
        _open(_delivery(_pressed(), body=body))


def test_a_body_digest_in_the_query_does_not_replace_the_signed_parameters() -> None:
    query = f"bodySHA256={hashlib.sha256(b'').hexdigest()}"
    delivery = _delivery(_pressed(), query=query, signature=_signature({}, query=query))
    with pytest.raises(NotAllowed):
        _open(delivery)


@pytest.mark.parametrize("name", WEBHOOKS)
def test_webhooks_as_twilio_sends_them_are_opened(name: str) -> None:
    recorded = WEBHOOKS[name]
    assert _open(_delivery(recorded["form"])) == recorded["used"]


def test_spoken_words_come_out_as_they_were_said() -> None:
    said = "他常来，Digits=1 & RecordingSid+路修好了"
    parameters = {
        "AccountSid": ACCOUNT,
        "CallSid": "CA1",
        "RecordingSid": "RE1",
        "TranscriptionStatus": "completed",
        "TranscriptionText": said,
    }
    body = "&".join(f"{quote_plus(n)}={quote_plus(v)}" for n, v in parameters.items()).encode()
    assert _open(_delivery(parameters, body=body))["TranscriptionText"] == said


def test_another_algorithm_and_header_are_those_of_the_installation() -> None:
    settings = replace(SETTINGS, webhook_algorithm="sha256", carrier="signalwire")
    seal = Seal(settings)
    assert seal.header == "X-SignalWire-Signature"
    parameters = _pressed()
    signed = SETTINGS.public_url + PATH
    signed += "".join(name + parameters[name] for name in sorted(parameters))
    key = SETTINGS.webhook_secret.encode()
    for algorithm, is_genuine in (("sha256", True), ("sha1", False)):
        made = base64.b64encode(hmac.digest(key, signed.encode(), algorithm)).decode()
        delivery = Delivery("POST", PATH, "", FORM, urlencode(parameters).encode(), made)
        if is_genuine:
            assert seal.open(delivery)["Digits"] == parameters["Digits"]
        else:
            with pytest.raises(NotAllowed):
                seal.open(delivery)

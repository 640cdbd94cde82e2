"""Whether a webhook is really from the carrier and shaped as one (reliability, section 3).

Twilio's `RequestValidator` checks the HMAC and nothing else. Alone it has traps, each closed here
(and it is asked only about what the plain digest of the whole address does not match, since it
takes two digests to say so):

- The signed address is rebuilt from the configured public base, the path and the raw query.
  What a proxy or a visitor says about host and scheme is not asked.
- A missing signature is refused instead of raising a `TypeError`.
- Repeated parameters, which the HMAC merges, are refused.
- Names and values are signed without a separator, so `Digits=12` and `Digits1=2` sign alike.
  Carriers add parameters whenever they like: all that came are signed over, but only those of
  a `_Kind` are used, each with its own grammar. Nowhere else, neither in an unknown name nor in
  a value, may the name of a parameter occur that carries an answer: that is where a signed
  message would have to hide, or to find, one.
- Only POST, only form content, only our account. A sound is asked for by GET, of which nothing
  but the address is signed: `open_address`.
- Which header holds the signature, and by which algorithm it is made, the installation says;
  a request has no say in it.
- A replay is let through: the inbox of `services.calls` gives each webhook one effect.
"""

import base64
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl

from twilio.request_validator import RequestValidator

from evalsys.domain.disposition import CARRIER_WORDS
from evalsys.errors import InvalidInput, NotAllowed
from evalsys.settings import Settings
from evalsys.telephony.carriers import carrier_of

LARGEST_BODY = 64 * 1024
_FORM = "application/x-www-form-urlencoded"
_MOST_PARAMETERS = 100
_SID = r"[A-Za-z0-9-]{1,64}"
_COUNT = r"[0-9]{0,6}"


@dataclass(frozen=True, slots=True)
class _Kind:
    """What one kind of webhook may bring, and how each of it is written."""

    grammar: Mapping[str, re.Pattern[str]]
    required: tuple[str, ...]
    telling: re.Pattern[str]
    """Names of parameters that matter: no other name and no value may hold one."""
    own_words: str
    """The parameter that is what a person said, and may hold anything."""


def _grammar(**patterns: str) -> Mapping[str, re.Pattern[str]]:
    return {name: re.compile(each, re.ASCII | re.DOTALL) for name, each in patterns.items()}


_CALL = _Kind(
    _grammar(
        AccountSid=_SID,
        CallSid=_SID,
        CallStatus="|".join(sorted(CARRIER_WORDS)),
        CallDuration=_COUNT,
        SipResponseCode=r"[0-9]{0,3}",
        Digits=r"[0-9*#]{0,8}|hangup",
        From=r".{0,200}",
        AnsweredBy=r"[a-z_]{0,32}",
        RecordingSid=_SID,
        RecordingDuration=rf"-1|{_COUNT}",
        TranscriptionText=r".{0,20000}",
    ),
    ("AccountSid", "CallSid"),
    re.compile("Digits|RecordingSid|RecordingDuration|CallDuration|TranscriptionText"),
    "TranscriptionText",
)
_MESSAGE = _Kind(
    _grammar(AccountSid=_SID, Body=r".{0,1600}", From=r"\+?[0-9]{3,15}", MessageSid=_SID),
    ("AccountSid", "Body", "From", "MessageSid"),
    # Carriers tell where the sender is (`FromCity`) and name the message twice.
    re.compile("Body|From[^A-Z]|(?<!Sms)MessageSid"),
    "Body",
)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}", re.ASCII)
MESSAGES = "/voice/inbound/message"
"""Where short messages come in."""
_INBOUND = "/voice/inbound/"
"""Only here it matters who calls; elsewhere a number is not even read."""
_PATH = re.compile(r"/voice/[a-z0-9/_]{1,120}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A request as it came in: `path` decoded, `query` and `body` raw."""

    method: str
    path: str
    query: str
    content_type: str
    body: bytes
    signature: str | None


class Seal:
    """Checks the carrier's signature under the installation's webhook secret."""

    def __init__(self, settings: Settings) -> None:
        """Expect webhooks at `settings.public_url`, for `settings.telephony_account`."""
        self.header = carrier_of(settings).signature_header
        self._secret = settings.webhook_secret.encode()
        self._validator = RequestValidator(settings.webhook_secret)
        self._algorithm = settings.webhook_algorithm
        self._public_url = settings.public_url
        self._account = settings.telephony_account

    def open(self, delivery: Delivery) -> Mapping[str, str]:
        """Return the parameters that may be used, all of the right grammar.

        Raises:
            NotAllowed: not signed by the carrier for this address and these parameters.
            InvalidInput: not a POST of a form, or a parameter is repeated or malformed.
        """
        parameters = _form(delivery)
        if delivery.signature is None or not _PATH.fullmatch(delivery.path):
            raise _not_signed()
        # A path of these letters is the same raw and decoded, so it is what was signed.
        address = self._public_url + delivery.path
        if delivery.query:
            address += f"?{delivery.query}"
        if not self._is_genuine(address, parameters, delivery.signature):
            raise _not_signed()
        used = _usable(parameters, _MESSAGE if delivery.path == MESSAGES else _CALL)
        if used["AccountSid"] != self._account:
            raise NotAllowed("回调来自别的账户。")
        if not delivery.path.startswith(_INBOUND):
            used.pop("From", None)
        return used

    def open_address(self, delivery: Delivery) -> Mapping[str, str]:
        """Check a request for a sound: GET, and nothing but an address of ours.

        Raises:
            NotAllowed: not signed by the carrier for this address.
            InvalidInput: not a GET, or it brings parameters.
        """
        if delivery.method != "GET" or delivery.query or delivery.body:
            raise InvalidInput("这个地址只接受不带参数的 GET。")
        signature = delivery.signature
        if signature is None or not _PATH.fullmatch(delivery.path):
            raise _not_signed()
        if not self._is_genuine(self._public_url + delivery.path, {}, signature):
            raise _not_signed()
        return {}

    def _is_genuine(self, address: str, parameters: Mapping[str, str], signature: str) -> bool:
        text = address + "".join(name + parameters[name] for name in sorted(parameters))
        digest = hmac.digest(self._secret, text.encode(), self._algorithm)
        if hmac.compare_digest(base64.b64encode(digest), signature.encode()):
            return True
        # Carriers sign an address with its port or without: Twilio's validator tries both.
        return self._algorithm == "sha1" and bool(
            self._validator.validate(address, parameters, signature)
        )


def _form(delivery: Delivery) -> dict[str, str]:
    if delivery.method != "POST":
        raise InvalidInput("回调只接受 POST。")
    if delivery.content_type.partition(";")[0].strip().lower() != _FORM:
        raise InvalidInput("回调只接受表单。", place="Content-Type")
    if len(delivery.body) > LARGEST_BODY:
        raise InvalidInput("回调过长。")
    try:
        pairs = parse_qsl(
            delivery.body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(delivery.body),
            errors="strict",
            max_num_fields=_MOST_PARAMETERS,
        )
    except ValueError as error:
        raise InvalidInput("回调的表单无法解析。") from error
    parameters = dict(pairs)
    if len(parameters) != len(pairs):
        raise InvalidInput("回调的参数重复。")
    return parameters


def _usable(parameters: Mapping[str, str], kind: _Kind) -> dict[str, str]:
    for name, value in parameters.items():
        pattern = kind.grammar.get(name)
        if pattern is None:
            if not _may_come(name, kind.telling):
                raise InvalidInput("回调的参数名不对。")
        elif not pattern.fullmatch(value):
            raise InvalidInput("回调的参数格式不对。", place=name)
    _refuse_hidden(parameters, kind)
    for name in kind.required:
        if name not in parameters:
            raise InvalidInput("回调缺少参数。", place=name)
    return {name: parameters[name] for name in kind.grammar if name in parameters}


def _refuse_hidden(parameters: Mapping[str, str], kind: _Kind) -> None:
    others = {name: value for name, value in parameters.items() if name != kind.own_words}
    if not kind.telling.search("\n".join(others.values())):
        return  # nearly always, and one look is enough
    for name, value in others.items():
        if kind.telling.search(value):
            raise InvalidInput("回调的参数值含有另一个参数。", place=name)


@lru_cache(maxsize=256)
def _may_come(name: str, telling: re.Pattern[str]) -> bool:
    """Say whether a parameter that nobody reads has a harmless name; a carrier sends the same."""
    return _NAME.fullmatch(name) is not None and not telling.search(name)


def _not_signed() -> NotAllowed:
    return NotAllowed("回调没有通过签名校验。", remedy="请核对回调密钥和公网地址的设置。")

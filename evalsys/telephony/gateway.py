"""Placing calls over a carrier that speaks Twilio's wire format, by Twilio's own client."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import urllib3
from twilio import rest
from twilio.base import values
from twilio.base.exceptions import TwilioException, TwilioRestException

from evalsys.domain.disposition import CARRIER_WORDS
from evalsys.errors import AnswerLost, InvalidInput, LineDown, NotFound
from evalsys.ids import AttemptId
from evalsys.ports import Capabilities, CarrierCall
from evalsys.settings import Settings
from evalsys.telephony import wire
from evalsys.telephony.breaker import Breaker
from evalsys.telephony.carriers import carrier_of, is_configured

if TYPE_CHECKING:  # twilio.rest and urllib3 are large, and loaded for the first call
    from twilio.rest.api.v2010.account.call import CallInstance
    from twilio.rest.api.v2010.account.conference import ConferenceContext

RING_SECONDS = 25
_TWILIO = "https://api.twilio.com"
_ANSWER_WITHIN_S = 10
_STATUS_EVENTS = ["initiated", "ringing", "answered", "completed"]
_CAMPAIGN_EVENTS = ["ringing", "completed"]
"""Of many calls only what tells: we know that it was placed, `/answer` that it was answered."""
_NUMBER_REFUSED = frozenset({13223, 13224, 21211, 21214, 21217, 21401})
_FINE = 200
_NOT_THERE = 404
_NOT_MADE = frozenset({404, 405, 501})
_NOT_IN_PROGRESS = 21220
_TOO_MANY = 429
_UNAVAILABLE = 503
_SERVER_ERROR = 500
_LARGEST_SOUND = 8 * 1024 * 1024
_SKEW = timedelta(minutes=1)
"""How far the carrier's clock may be behind ours."""
_SID = re.compile(r"[A-Za-z0-9-]{1,64}")

_Answer = TypeVar("_Answer")
_UNREADABLE = (ValueError, TypeError, AttributeError, KeyError)
"""What the client raises on half an answer, or on one that is not Twilio's."""


class TwilioGateway:
    """The body of `ports.CallGateway` for Twilio, the local exchange and compatible carriers."""

    def __init__(self, settings: Settings, breaker: Breaker | None = None) -> None:
        """Speak to `settings.telephony_url`, or to Twilio itself when that is empty."""
        self._breaker = breaker or Breaker()
        self._voice = f"{settings.public_url}/voice"
        self._caller = settings.caller_number
        self._account = (settings.telephony_account, settings.telephony_token)
        self._can = carrier_of(settings).can
        self._is_configured = is_configured(settings)
        self._address = settings.telephony_url

    @cached_property
    def _wire(self) -> "wire.Wire":
        return wire.Wire(self._address or _TWILIO, _ANSWER_WITHIN_S)

    @cached_property
    def _client(self) -> "rest.Client":
        # A region or edge in the environment would mangle the host of another carrier.
        # An empty mapping would make the client read the environment after all.
        environment = {"TWILIO_ACCOUNT_SID": self._account[0]} if self._address else None
        client = rest.Client(*self._account, environment=environment, http_client=self._wire)
        if self._address:
            client.api.base_url = self._address
        return client

    @property
    def can(self) -> Capabilities:
        """What this carrier can do; see `ports.CallGateway`."""
        return self._can

    @property
    def is_interrupted(self) -> bool:
        """Whether the breaker is open; see `ports.CallGateway`."""
        return self._breaker.is_open

    def dial(self, attempt: AttemptId, number: str, *, door: str = "") -> str:
        """Ask the carrier to call `number`; see `ports.CallGateway`."""
        here = "/".join(filter(None, (self._voice, door, attempt)))

        def create() -> str:
            call = self._client.calls.create(
                to=number,
                from_=self._caller,
                url=f"{here}/answer",
                method="POST",
                status_callback=f"{here}/status",
                status_callback_event=_CAMPAIGN_EVENTS if door else _STATUS_EVENTS,
                status_callback_method="POST",
                timeout=RING_SECONDS,
                # A campaign may wait some seconds for the verdict; a live session may not.
                machine_detection="Enable" if door else values.unset,
            )
            return _sid_of(call)

        return self._ask(create)

    def fetch(self, sid: str) -> CarrierCall | None:
        """Return the carrier's view of one call; see `ports.CallGateway`."""

        def fetch() -> CarrierCall | None:
            try:
                return _view(self._client.calls(sid).fetch())
            except TwilioRestException as refusal:
                if refusal.status == _NOT_THERE:
                    return None
                raise

        return self._ask(fetch)

    def calls_to(self, number: str, since: datetime) -> tuple[CarrierCall, ...]:
        """List the latest calls to `number`; see `ports.CallGateway`.

        Not narrowed by the API's start time: a call that is still queued has none.
        """
        earliest = since - _SKEW
        return self._ask(
            lambda: tuple(
                _view(call)
                for call in self._client.calls.list(to=number, limit=20)
                if call.date_created is None or call.date_created >= earliest
            )
        )

    def has_conferences(self) -> bool:
        """Say whether the carrier knows conferences; see `ports.StageGateway`."""
        if not self._can.conference:
            return False

        def look() -> bool:
            try:
                self._client.conferences.list(limit=1)
            except TwilioException as refusal:
                # The client raises the bare class for a list, with the answer beside it.
                if getattr(refusal.args[-1], "status_code", 0) in _NOT_MADE:
                    return False
                raise
            return True

        return self._ask(look)

    def call_in(self, attempt: AttemptId, sid: str) -> None:
        """Send a waiting call for its way; see `ports.StageGateway`."""
        self._change(sid, url=f"{self._voice}/{attempt}/air/wait/1", method="POST")

    def let_be_heard(self, conference: str, sid: str, *, heard: bool) -> bool:
        """Mute and hold a participant, or not; see `ports.StageGateway`."""
        return self._with(
            conference, lambda room: room.participants(sid).update(muted=not heard, hold=not heard)
        )

    def remove(self, conference: str, sid: str) -> bool:
        """Take a participant out of a conference; see `ports.StageGateway`."""
        return self._with(conference, lambda room: room.participants(sid).delete())

    def delay_s(self, sid: str) -> float:
        """Ask by how much a call is delayed; see `ports.StageGateway`."""
        found = self._delay("GET", sid)
        return float(found["seconds"]) if found else 0.0

    def dump(self, sid: str) -> bool:
        """Dump what a delayed call has not heard yet; see `ports.StageGateway`."""
        return self._delay("POST", sid, Dump="true") is not None

    def _delay(self, method: str, sid: str, **form: object) -> dict[str, Any] | None:
        """Use the exchange's own resource, which no other carrier has."""
        account, _ = self._account
        address = (
            f"{self._client.api.base_url}/2010-04-01/Accounts/{account}/Calls/{sid}/Delay.json"
        )

        def ask() -> dict[str, Any] | None:
            answer = self._client.request(method, address, data=dict(form) or None)
            if answer.status_code in _NOT_MADE:
                return None
            if answer.status_code != _FINE:
                raise TwilioRestException(answer.status_code, address)
            found: dict[str, Any] = json.loads(answer.text)
            return found

        return self._ask(ask)

    def hang_up(self, sid: str) -> None:
        """End a call; see `ports.StageGateway`."""
        self._change(sid, status="completed")

    def _change(self, sid: str, **wanted: str) -> None:
        """Change a call in progress; one that has ended stays as it is."""

        def change() -> None:
            try:
                self._client.calls(sid).update(**wanted)
            except TwilioRestException as refusal:
                if refusal.status != _NOT_THERE and refusal.code != _NOT_IN_PROGRESS:
                    raise

        self._ask(change)

    def _with(self, conference: str, act: "Callable[[ConferenceContext], object]") -> bool:
        """Do something in the conference of this name, if it is going on and the call is in it."""

        def done() -> bool:
            found = self._client.conferences.list(
                friendly_name=conference, status="in-progress", limit=1
            )
            try:
                for each in found:
                    act(self._client.conferences(str(each.sid)))
            except TwilioRestException as refusal:
                if refusal.status == _NOT_THERE:
                    return False
                raise
            return bool(found)

        return self._ask(done)

    def send(self, number: str, text: str) -> None:
        """Send a short message; see `ports.CallGateway`."""
        self._ask(lambda: self._client.messages.create(to=number, from_=self._caller, body=text))

    def recording(self, sid: str) -> bytes:
        """Return the sound of a recording; see `CallGateway.recording`."""
        # The client reads every answer as text, which a sound is not.
        account, _ = self._account
        address = f"{self._client.api.base_url}/2010-04-01/Accounts/{account}/Recordings/{sid}.wav"

        def fetch() -> bytes | None:
            status, sound = self._wire.sound(address, self._account, at_most=_LARGEST_SOUND)
            if status == _NOT_THERE:
                return None
            if status != _FINE:
                raise TwilioRestException(status, address)
            if len(sound) > _LARGEST_SOUND:
                raise ValueError("sound")
            return sound

        sound = self._ask(fetch)
        if sound is None:
            raise NotFound("电话平台上没有这段录音。")
        return sound

    def erase(self, sid: str) -> None:
        """Erase a recording; see `CallGateway.erase`."""

        def erase() -> None:
            try:
                self._client.recordings(sid).delete()
            except TwilioRestException as refusal:
                if refusal.status != _NOT_THERE:
                    raise

        self._ask(erase)

    def check(self) -> None:
        """Ask the carrier for its latest call; see `ports.CallGateway`."""
        self._ask(lambda: self._client.calls.list(limit=1))

    def _ask(self, question: Callable[[], _Answer]) -> _Answer:
        if not self._is_configured:
            raise LineDown(
                "没有设置电话平台。",
                remedy="请设置 EVALSYS_TELEPHONY_URL；确要使用境外的 Twilio，"
                "请设置 EVALSYS_TELEPHONY_COUNTRY。",
            )
        if not self._breaker.admits():
            raise _line_down("电话线路连续中断")
        try:
            answer = question()
        except TwilioRestException as refusal:
            if refusal.code in _NUMBER_REFUSED:
                self._breaker.succeeded()
                raise _number_refused(refusal) from None
            self._breaker.failed()
            raise _refused(refusal) from None
        except urllib3.exceptions.HTTPError as failure:
            self._breaker.failed()
            raise _unreachable(failure) from None
        except (TwilioException, *_UNREADABLE):
            self._breaker.failed()
            raise _answer_lost("电话平台的应答无法辨认") from None
        self._breaker.succeeded()
        return answer


# Refusals are raised without their cause: the client's messages quote telephone numbers.


def _number_refused(refusal: TwilioRestException) -> InvalidInput:
    return InvalidInput(f"这个号码不能拨打（代码 {refusal.code}）。", remedy="请核对联系户的电话。")


def _refused(refusal: TwilioRestException) -> LineDown:
    code = refusal.code or refusal.status
    if refusal.status >= _SERVER_ERROR and refusal.status != _UNAVAILABLE:
        return _answer_lost(f"电话平台出错（{code}）")
    if refusal.status in {_TOO_MANY, _UNAVAILABLE}:
        return _line_down(f"电话平台忙（{code}）")
    return _line_down(f"电话平台拒绝了请求（{code}），请检查账户和线路设置")


def _unreachable(failure: "urllib3.exceptions.HTTPError") -> LineDown:
    """Tell a request that never left from one whose answer is missing."""
    unmade = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)
    if isinstance(failure, unmade):
        return _line_down("电话平台连接不上")
    return _answer_lost("电话平台没有应答")


def _line_down(what: str) -> LineDown:
    return LineDown(f"{what}。", remedy="待拨的电话会保留，线路恢复后自动继续。")


def _answer_lost(what: str) -> AnswerLost:
    return AnswerLost(f"{what}。", remedy="系统会先查清这通电话是否已拨出，再继续。")


def _view(call: "CallInstance") -> CarrierCall:
    status = str(call.status)
    if status not in CARRIER_WORDS:
        raise ValueError(status)
    return CarrierCall(_sid_of(call), status, int(call.duration or 0))


def _sid_of(call: "CallInstance") -> str:
    sid = str(call.sid or "")
    if not _SID.fullmatch(sid):
        raise ValueError("sid")
    return sid

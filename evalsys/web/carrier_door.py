"""The carrier's door: the signature is checked before anything else, a failure is never a page."""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec
from wsgiref.types import WSGIEnvironment

from flask import Flask, Response, current_app, g, request
from werkzeug.wsgi import get_input_stream

from evalsys.domain.interview import Ending, Farewell
from evalsys.errors import EvalsysError, OutsideFailure
from evalsys.ids import AttemptId
from evalsys.settings import Settings
from evalsys.telephony import twiml
from evalsys.telephony.carriers import carrier_of
from evalsys.telephony.signature import LARGEST_BODY, Delivery, Seal
from evalsys.web.rooms import rooms

_KEY = "evalsys_carrier"
_MOST_RETRIES = 3
_AGAIN = re.compile(r"again=([1-9])")
_DELIVER_AGAIN = 503

_log = logging.getLogger(__name__)

Form = Mapping[str, str]
_Rest = ParamSpec("_Rest")
_Hook = Callable[Concatenate[AttemptId, Form, _Rest], Response]


@dataclass(frozen=True, slots=True)
class _Carrier:
    seal: Seal
    header: str
    """What the server calls the header that holds the signature."""
    public_url: str
    transcribes: bool


def install_carrier(app: Flask, settings: Settings) -> None:
    """Let an application know its carrier's signature and its own public address."""
    transcribes = carrier_of(settings).can.transcription
    seal = Seal(settings)
    header = f"HTTP_{seal.header.upper().replace('-', '_')}"
    app.extensions[_KEY] = _Carrier(seal, header, settings.public_url, transcribes)


def _carrier() -> _Carrier:
    found = current_app.extensions[_KEY]
    assert isinstance(found, _Carrier)  # noqa: S101 - set once, for the type checker
    return found


def signed(fail: Callable[[], Response]) -> Callable[[_Hook[_Rest]], Callable[..., Response]]:
    """Check the signature before the hook runs; `fail` answers when the fault is ours."""

    def decorate(hook: _Hook[_Rest]) -> Callable[..., Response]:
        @wraps(hook)
        def guarded(attempt: str, *args: _Rest.args, **kwargs: _Rest.kwargs) -> Response:
            try:
                carrier = _carrier()
                g.delivery = came = _delivered(_environment(), carrier.header)
                is_read = came.method == "GET"
                form = (carrier.seal.open_address if is_read else carrier.seal.open)(came)
                return hook(AttemptId(attempt), form, *args, **kwargs)
            except EvalsysError as refusal:
                if refusal.status >= OutsideFailure.status or refusal.status == EvalsysError.status:
                    _log.exception("webhook failed")
                    return fail()
                _log.info("webhook refused: %s %s", refusal.code, refusal.place)
                return Response(refusal.code, refusal.status, mimetype="text/plain")
            except Exception:  # noqa: BLE001 - a caller hears us out, whatever breaks
                _log.exception("webhook failed")
                return fail()

        return guarded

    return decorate


def _environment() -> WSGIEnvironment:
    """Return the request as the server took it; by the short way Flask knows of none."""
    environment: WSGIEnvironment = g.get("environment") or request.environ
    return environment


def _delivered(environment: WSGIEnvironment, header: str) -> Delivery:
    return Delivery(
        method=environment["REQUEST_METHOD"],
        path=environment["PATH_INFO"],
        query=environment.get("QUERY_STRING", ""),
        content_type=environment.get("CONTENT_TYPE", ""),
        body=get_input_stream(environment).read(LARGEST_BODY + 1),
        signature=environment.get(header),
    )


def delivery() -> Delivery:
    """Return the request that is being answered, as the carrier delivered it."""
    found: Delivery = g.delivery
    return found


def ask_again() -> Response:
    """Say nothing of the failure yet: the question comes once more in a moment."""
    again = retries() + 1
    if again > _MOST_RETRIES:
        script = rooms().calls.script
        sorry = Farewell(Ending.FAULT)
        return xml(twiml.spoken(sorry, script.farewells[Ending.FAULT], script, ""))
    return xml(twiml.once_more(f"{_carrier().public_url}{delivery().path}?again={again}"))


def deliver_again() -> Response:
    """Have a report delivered once more."""
    return Response("unavailable", _DELIVER_AGAIN, mimetype="text/plain")


def retries() -> int:
    """Say how often this question came again after a failure of ours."""
    found = _AGAIN.fullmatch(delivery().query)
    return int(found.group(1)) if found else 0


def xml(document: str) -> Response:
    """Answer with a TwiML document."""
    return Response(document, mimetype="text/xml")


def public_url() -> str:
    """Return the address under which the carrier reaches us."""
    return _carrier().public_url


def transcribes() -> bool:
    """Say whether the carrier writes down what was recorded."""
    return _carrier().transcribes

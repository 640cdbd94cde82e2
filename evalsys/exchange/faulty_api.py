"""The API while the fault switch is on: refuses, forgets to answer, or answers by half.

What is lost, hangs or comes by half was done all the same: the hardest case for a client.
"""

import errno
import json
from collections.abc import Callable, Iterable, Iterator
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from gevent import sleep

from evalsys.exchange.fault_switch import PATH as FAULTS_PATH
from evalsys.exchange.faults import Faults
from evalsys.exchange.wire import API_VERSION, Refusal

_FAULTS = ("429", "500", "lost", "hang", "half")
_REFUSALS = {
    "429": Refusal(20429, "Too Many Requests", 429),
    "500": Refusal(20500, "Internal Server Error", 500),
    "503": Refusal(20503, "Service Unavailable", 503),
}
_STATUS = {429: "429 Too Many Requests", 500: "500 Internal Server Error", 503: "503 Unavailable"}


class FaultyApi:
    """The application with the switch before its API; pages and the switch itself are never hit."""

    def __init__(self, app: WSGIApplication, faults: Faults) -> None:
        """Put `faults` before `app`."""
        self._app = app
        self._faults = faults

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, or do not."""
        path = str(environ.get("PATH_INFO", ""))
        if not path.startswith(f"/{API_VERSION}/") or path.endswith(FAULTS_PATH):
            return self._app(environ, start_response)
        faults = self._faults
        if faults.outage_left:
            return _outage(faults, start_response)
        occasion = str(environ["REQUEST_METHOD"])
        dealt = next((each for each in _FAULTS if faults.strikes(each, occasion)), "")
        match dealt:
            case "":
                return self._app(environ, start_response)
            case "half":
                return _half(self._app, environ, start_response)
            case "429" | "500":
                return _refuse(dealt, start_response)
        _consume(self._app, environ)
        sleep(faults.seconds(dealt))
        raise _cut()


def _outage(faults: Faults, start_response: StartResponse) -> Iterable[bytes]:
    if faults.outage_kind == "503":
        return _refuse("503", start_response)
    if faults.outage_kind == "hang":
        sleep(faults.outage_left)
    raise _cut()


def _refuse(name: str, start_response: StartResponse) -> Iterable[bytes]:
    refusal = _REFUSALS[name]
    body = json.dumps(refusal.as_json()).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    if refusal.status == 429:
        headers.append(("Retry-After", "1"))
    start_response(_STATUS[refusal.status], headers)
    return [body]


def _consume(app: WSGIApplication, environ: WSGIEnvironment) -> None:
    """Do what was asked, and keep the answer."""
    for _ in app(environ, _ignore):
        pass


def _ignore(*_: object) -> Callable[[bytes], object]:
    return lambda _: None


def _half(
    app: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterator[bytes]:
    body = b"".join(app(environ, start_response))
    yield body[: len(body) // 2]
    raise _cut()


def _cut() -> OSError:
    """Return what makes the server close the connection as it stands."""
    return BrokenPipeError(errno.EPIPE, "a fault was asked for")

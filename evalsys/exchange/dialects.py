"""How carriers that speak Twilio's wire format differ; the exchange can imitate each."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import uuid4
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from evalsys.exchange.wire import new_sid


def _opaque_sid(_: str) -> str:
    return str(uuid4())


@dataclass(frozen=True, slots=True)
class Dialect:
    """What is peculiar to a carrier."""

    prefix: str = ""
    """Path before the API's own."""
    signature_header: str = "X-Twilio-Signature"
    new_sid: Callable[[str], str] = new_sid
    has_conferences: bool = True
    transcribes: bool = True


DIALECTS: Mapping[str, Dialect] = {
    "twilio": Dialect(),
    "signalwire": Dialect(
        prefix="/api/laml", signature_header="X-SignalWire-Signature", new_sid=_opaque_sid
    ),
    "somleng": Dialect(new_sid=_opaque_sid, has_conferences=False, transcribes=False),
}


class Mounted:
    """An application that also answers below a prefix."""

    def __init__(self, app: WSGIApplication, prefix: str) -> None:
        """Mount `app` below `prefix`; its own pages stay where they are."""
        self._app = app
        self._prefix = prefix

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer."""
        path = str(environ.get("PATH_INFO", ""))
        if self._prefix and path.startswith(f"{self._prefix}/"):
            environ["PATH_INFO"] = path.removeprefix(self._prefix)
        return self._app(environ, start_response)

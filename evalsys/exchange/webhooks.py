"""Requests to the application: signed, over connections that are kept, never for ever."""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import quote, quote_plus, urlsplit

from gevent import Timeout, sleep

from evalsys.exchange.connections import Connection, Garbled, NoConnection, Reply
from evalsys.exchange.faults import Faults
from evalsys.exchange.overrides import Override, override_of
from evalsys.exchange.signature import signature

PATIENCE_SECONDS = 15.0
"""Twilio's limit for one answer of the application."""
_STANDS_IN_URLS = "!$%&'()*+,/:;=?@[]~"
"""What is sent and signed as it was given; anything else in an address is percent-encoded."""
_SENT_AS_IT_IS = re.compile(rf"[A-Za-z0-9_.~{re.escape(_STANDS_IN_URLS)}-]*", re.ASCII)
"""Nearly every address, and no two calls have the same."""
_KEPT_PER_HOST = 256
_PATIENT = Override(connect_seconds=PATIENCE_SECONDS, answer_seconds=PATIENCE_SECONDS)
_PORTS = {"http": 80, "https": 443}


class Unreachable(Exception):  # noqa: N818 - a state of the network, named as one
    """The application did not answer: no connection, no answer in time, or no HTTP."""

    def __init__(self, message: str, kind: str = "rt") -> None:
        """Say what happened; `kind` is ct when there was no connection, else rt."""
        super().__init__(message)
        self.kind = kind


class Webhooks:
    """Sends signed requests to applications."""

    def __init__(
        self,
        secret: str,
        faults: Faults | None = None,
        *,
        header: str = "X-Twilio-Signature",
        algorithm: str = "sha1",
    ) -> None:
        """Sign with `secret` in `header`; nothing is sent during an outage of `faults`."""
        self._secret = secret
        self._header = header
        self._algorithm = algorithm
        self._faults = faults
        self._idle: defaultdict[tuple[str, str], list[Connection]] = defaultdict(list)

    def send(self, method: str, url: str, params: Mapping[str, str], token: str) -> Reply:
        """Request `url` with `params`, as a form (POST) or in the address (GET).

        Args:
            method: GET or POST.
            url: absolute; a fragment is not sent.
            params: without repeats.
            token: the same for every try of the same message.

        Raises:
            Unreachable: no complete answer within the patience.
        """
        if self._faults is not None and (away := self._faults.outage_left):
            sleep(away)
        wanted = override_of(url) or _PATIENT
        url = _address(url)
        if method == "GET" and params:
            url += ("&" if "?" in url else "?") + _form(params)
        form = params if method == "POST" else {}
        body = _form(form)
        length = f"Content-Length: {len(body)}\r\n" if method == "POST" else ""
        scheme, host, path = _parts(url)
        request = (
            f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\n"
            "User-Agent: TwilioProxy/1.1 (evalsys exchange)\r\n"
            f"{self._header}: {signature(self._secret, url, form, self._algorithm)}\r\n"
            f"I-Twilio-Idempotency-Token: {token}\r\n"
            "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
            f"{length}\r\n{body}"
        )
        try:
            with Timeout(wanted.answer_seconds):
                return self._ask(scheme, host, request.encode(), wanted.connect_seconds)
        except Timeout as error:
            message = f"no answer within {wanted.answer_seconds:g} s"
            raise Unreachable(message) from error
        except NoConnection as error:
            raise Unreachable(str(error), "ct") from error
        except (OSError, ValueError) as error:
            raise Unreachable(str(error) or type(error).__name__) from error

    def _ask(self, scheme: str, host: str, request: bytes, connect_seconds: float) -> Reply:
        idle = self._idle[scheme, host]
        while idle:
            # The application may have closed a kept connection meanwhile: then try a fresh one.
            try:
                return self._on(idle.pop(), idle, request)
            except (ConnectionError, Garbled):
                continue
        parts = urlsplit(f"//{host}")
        port = parts.port or _PORTS[scheme]
        connection = Connection(scheme, parts.hostname or "", port, connect_seconds)
        return self._on(connection, idle, request)

    def _on(self, connection: Connection, idle: list[Connection], request: bytes) -> Reply:
        try:
            reply = connection.ask(request)
        except BaseException:
            connection.close()
            raise
        if connection.is_kept and len(idle) < _KEPT_PER_HOST:
            idle.append(connection)
        else:
            connection.close()
        return reply


def _address(url: str) -> str:
    """Return an address as it is sent and signed."""
    if _SENT_AS_IT_IS.fullmatch(url):
        return url
    return quote(url.partition("#")[0], safe=_STANDS_IN_URLS)


def _parts(url: str) -> tuple[str, str, str]:
    """Return scheme, host with port, and what is asked there."""
    parts = urlsplit(url)
    return (
        parts.scheme,
        parts.netloc.rpartition("@")[2],
        (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
    )


def _form(params: Mapping[str, str]) -> str:
    return "&".join(f"{name}={_quoted(value)}" for name, value in params.items())


_quoted = lru_cache(maxsize=2048)(quote_plus)

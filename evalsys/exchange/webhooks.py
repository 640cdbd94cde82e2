"""Requests to the application: signed, over connections that are kept, never for ever."""

import ssl
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import cast
from urllib.parse import quote, urlencode, urlsplit

from gevent import Timeout, sleep, socket
from gevent import ssl as green_ssl
from typing_extensions import override

from evalsys.exchange.faults import Faults
from evalsys.exchange.overrides import Override, override_of
from evalsys.exchange.signature import signature

PATIENCE_SECONDS = 15.0
"""Twilio's limit for one answer of the application."""
_STANDS_IN_URLS = "!$%&'()*+,/:;=?@[]~"
"""What is sent and signed as it was given; anything else in an address is percent-encoded."""
_KEPT_PER_HOST = 64
_LARGEST_ANSWER = 2 << 20
_PATIENT = Override(connect_seconds=PATIENCE_SECONDS, answer_seconds=PATIENCE_SECONDS)


class Unreachable(Exception):  # noqa: N818 - a state of the network, named as one
    """The application did not answer: no connection, no answer in time, or no HTTP."""

    def __init__(self, message: str, kind: str = "rt") -> None:
        """Say what happened; `kind` is ct when there was no connection, else rt."""
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Reply:
    """What the application answered."""

    status: int
    content_type: str
    body: bytes


class _Connection(HTTPConnection):
    """A connection that lets other calls go on while it waits."""

    encrypted = False
    connect_seconds = PATIENCE_SECONDS

    @override
    def connect(self) -> None:
        try:
            plain = socket.create_connection((self.host, self.port), self.connect_seconds)
        except OSError as error:
            raise Unreachable(str(error) or "no connection", "ct") from error
        plain.settimeout(PATIENCE_SECONDS)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = cast("ssl.SSLSocket", plain)


class _EncryptedConnection(_Connection):
    encrypted = True
    default_port = 443

    @override
    def connect(self) -> None:
        super().connect()
        context = green_ssl.create_default_context()
        self.sock = context.wrap_socket(self.sock, server_hostname=self.host)


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
        self._idle: defaultdict[tuple[str, str], list[_Connection]] = defaultdict(list)

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
        if self._faults is not None:
            sleep(self._faults.outage_left)
        wanted = override_of(url) or _PATIENT
        url = quote(url.partition("#")[0], safe=_STANDS_IN_URLS)
        if method == "GET" and params:
            url += ("&" if "?" in url else "?") + urlencode(params)
        form = params if method == "POST" else {}
        headers = {
            "Accept": "*/*",
            "User-Agent": "TwilioProxy/1.1 (evalsys exchange)",
            self._header: signature(self._secret, url, form, self._algorithm),
            "I-Twilio-Idempotency-Token": token,
        }
        body = None
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
            body = urlencode(form).encode()
        try:
            with Timeout(wanted.answer_seconds):
                return self._exchange((method, url, body, headers), wanted.connect_seconds)
        except Timeout as error:
            message = f"no answer within {wanted.answer_seconds:g} s"
            raise Unreachable(message) from error
        except (OSError, HTTPException, ValueError) as error:
            raise Unreachable(str(error) or type(error).__name__) from error

    def _exchange(
        self, request: tuple[str, str, bytes | None, Mapping[str, str]], connect_seconds: float
    ) -> Reply:
        method, url, body, headers = request
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        idle = self._idle[parts.scheme, parts.netloc]
        while idle:
            # The application may have closed a kept connection meanwhile: then try a fresh one.
            connection = idle.pop()
            try:
                return self._on(connection, idle, (method, path, body, headers))
            except (ConnectionError, HTTPException):
                continue
        kind = _EncryptedConnection if parts.scheme == "https" else _Connection
        connection = kind(parts.hostname or "", parts.port or kind.default_port)
        connection.connect_seconds = connect_seconds
        return self._on(connection, idle, (method, path, body, headers))

    def _on(
        self,
        connection: _Connection,
        idle: list[_Connection],
        request: tuple[str, str, bytes | None, Mapping[str, str]],
    ) -> Reply:
        try:
            connection.request(*request)
            response = connection.getresponse()
            reply = Reply(
                response.status,
                response.headers.get_content_type(),
                response.read(_LARGEST_ANSWER),
            )
            complete = response.isclosed()
        except BaseException:
            connection.close()
            raise
        if complete and connection.sock is not None and len(idle) < _KEPT_PER_HOST:
            idle.append(connection)
        else:
            connection.close()
        return reply

"""HTTP/1.1 to applications over kept connections: no more of it than webhooks need, and fast."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from gevent import socket
from gevent import ssl as green_ssl

_LARGEST_ANSWER = 2 << 20
_LONGEST_HEAD = 64 << 10
_CHUNK = 64 << 10
_WITHOUT_BODY = frozenset({204, 304})


class NoConnection(OSError):  # noqa: N818 - a state of the connection, named as one
    """Nobody took the connection."""


class Closed(ConnectionError):  # noqa: N818 - a state of the connection, named as one
    """The application closed the connection before it said anything."""


class Garbled(ValueError):  # noqa: N818 - a state of the connection, named as one
    """What came is not HTTP, or more than is read."""


class _Stream(Protocol):
    """A plain or an encrypted socket."""

    def sendall(self, data: bytes, /) -> object: ...
    def recv(self, size: int, /) -> bytes: ...
    def close(self) -> object: ...


@dataclass(frozen=True, slots=True)
class Reply:
    """What the application answered."""

    status: int
    content_type: str
    body: bytes


class Connection:
    """One connection; other calls go on while it waits."""

    def __init__(self, scheme: str, host: str, port: int, connect_seconds: float) -> None:
        """Connect.

        Raises:
            NoConnection: nobody is there, or no encryption was agreed on.
        """
        try:
            plain = socket.create_connection((host, port), connect_seconds)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            plain.settimeout(None)  # whoever asks has a limit for the whole of it
            self._stream: _Stream = plain
            if scheme == "https":
                context = green_ssl.create_default_context()
                self._stream = context.wrap_socket(plain, server_hostname=host)
        except OSError as error:
            raise NoConnection(str(error) or "no connection") from error
        self._rest = b""
        self.is_kept = True
        """Whether it can be used for another request."""

    def close(self) -> None:
        """Close it."""
        self._stream.close()

    def ask(self, request: bytes) -> Reply:
        """Send a request as it stands; return the answer, of which at most 2 MB are read.

        Raises:
            Closed: the application had closed the connection.
            Garbled: the answer is not HTTP.
            OSError: the connection broke.
        """
        self._stream.sendall(request)
        status, headers = self._head()
        while status < 200:
            status, headers = self._head()
        if headers.get("connection", "").lower() == "close":
            self.is_kept = False
        body = b"" if status in _WITHOUT_BODY else self._body(headers)
        kind = headers.get("content-type", "text/plain").partition(";")[0].strip().lower()
        return Reply(status, kind, body)

    def _head(self) -> tuple[int, Mapping[str, str]]:
        head = self._until(b"\r\n\r\n").decode("latin-1")
        first, *lines = head.split("\r\n")
        version, _, rest = first.partition(" ")
        code = rest[:3]
        if not version.startswith("HTTP/1.") or not (code.isascii() and code.isdigit()):
            message = "not HTTP"
            raise Garbled(message)
        if version == "HTTP/1.0":
            self.is_kept = False
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        return int(code), headers

    def _body(self, headers: Mapping[str, str]) -> bytes:
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return self._chunks()
        size = headers.get("content-length")
        if size is None:
            self.is_kept = False
            return self._to_the_end()
        if not (size.isascii() and size.isdigit()):
            message = "not a length"
            raise Garbled(message)
        if int(size) > _LARGEST_ANSWER:
            self.is_kept = False
        return self._exactly(min(int(size), _LARGEST_ANSWER))

    def _chunks(self) -> bytes:
        body = b""
        while True:
            size = int(self._until(b"\r\n").partition(b";")[0], 16)
            if size == 0:
                while self._until(b"\r\n"):
                    pass  # trailers
                return body
            if len(body) + size > _LARGEST_ANSWER:
                message = "longer than is read"
                raise Garbled(message)
            body += self._exactly(size)
            self._until(b"\r\n")

    def _to_the_end(self) -> bytes:
        body, self._rest = self._rest, b""
        while len(body) < _LARGEST_ANSWER and (more := self._stream.recv(_CHUNK)):
            body += more
        return body[:_LARGEST_ANSWER]

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._rest and len(self._rest) <= _LONGEST_HEAD:
            self._more()
        found, _, self._rest = self._rest.partition(mark)
        if len(found) > _LONGEST_HEAD:
            message = "no end of the head"
            raise Garbled(message)
        return found

    def _exactly(self, size: int) -> bytes:
        while len(self._rest) < size:
            self._more()
        found, self._rest = self._rest[:size], self._rest[size:]
        return found

    def _more(self) -> None:
        more = self._stream.recv(_CHUNK)
        if not more:
            if self._rest:
                message = "the answer broke off"
                raise Garbled(message)
            raise Closed
        self._rest += more

"""How a request's head is read and an answer sent: gevent's handler, with less work a request.

gevent reads a head with Python's parser of mail, among the largest parts of what a carrier's
webhook costs, and sends an answer in two pieces, which wake the other side twice. Here a head is
read line by line, and strictly: what RFC 9112 lets a server refuse is refused, so that nobody in
front of us can read the same bytes as another request (decision 31).
"""

import re
from typing import BinaryIO

from gevent.pywsgi import WSGIHandler
from typing_extensions import override

_MOST_FIELDS = 100
_LONGEST_LINE = 64 << 10
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
_ONCE = frozenset({"content-length", "host", "transfer-encoding"})
"""A second one would leave open where a request ends, or whom it is for."""
_JOINED = 64 << 10
"""An answer whose first piece is longer is sent in two: copying it would cost more."""


class Head:
    """The fields of one request, as gevent's handler asks for them."""

    __slots__ = ("_values", "headers", "status")

    def __init__(self, lines: list[str]) -> None:
        """Take the lines of a head, without their ends.

        Raises:
            ValueError: a line is no field, a field stands twice that may stand once, or it is
                open where the request ends.
        """
        self.headers = lines
        self.status = ""
        """What is wrong with the head: nothing, or it would have been refused."""
        self._values: dict[str, str] = {}
        for line in lines:
            name, colon, value = line.partition(":")
            if not colon or not _NAME.fullmatch(name) or "\0" in value or "\r" in value:
                raise ValueError("not a field of a head")
            name = name.lower()
            if name not in self._values:
                self._values[name] = value.strip()
            elif name in _ONCE:
                raise ValueError(f"a head with a second {name}")
        length = self._values.get("content-length")
        if length is not None and not (length.isascii() and length.isdigit()):
            raise ValueError("a head with a length that is no number")
        if length is not None and "transfer-encoding" in self._values:
            raise ValueError("a head with two ways to tell where a request ends")

    def get(self, name: str, default: str | None = None) -> str | None:
        """Return a field's value, the first one of several."""
        return self._values.get(name.lower(), default)

    getheader = get

    @property
    def typeheader(self) -> str | None:
        """What the body is."""
        return self._values.get("content-type")

    def __delitem__(self, name: str) -> None:
        self._values.pop(name.lower(), None)


def read_head(stream: BinaryIO) -> Head:
    """Read the fields of a head up to the empty line after them.

    Raises:
        ValueError: it is longer than is read, or no head.
    """
    lines: list[str] = []
    while True:
        line = stream.readline(_LONGEST_LINE + 1)
        if line in {b"\r\n", b"\n", b""}:
            return Head(lines)
        if len(line) > _LONGEST_LINE or len(lines) == _MOST_FIELDS:
            raise ValueError("head too long")
        lines.append(line.decode("latin-1").removesuffix("\n").removesuffix("\r"))


class RequestHandler(WSGIHandler):
    """Handles the requests of one connection; nothing of them is logged."""

    _held: list[bytes] | None = None
    """The pieces of an answer that leave together."""

    @override
    def MessageClass(self, rfile: BinaryIO, *_: object) -> Head:  # type: ignore[override]  # all that is asked of it
        """Read the head of a request."""
        return read_head(rfile)

    @override
    def log_request(self) -> None:
        """Log nothing; gevent would put a line together first, then throw it away."""

    def _write_with_headers(self, data: bytes) -> None:
        if len(data) > _JOINED:
            super()._write_with_headers(data)  # type: ignore[misc]  # its stubs leave it out
            return
        self._held = held = list[bytes]()
        try:
            super()._write_with_headers(data)  # type: ignore[misc]  # as above
        finally:
            self._held = None
        super()._sendall(b"".join(held))  # type: ignore[misc]  # as above

    def _sendall(self, data: bytes) -> None:
        if self._held is None:
            super()._sendall(data)  # type: ignore[misc]  # as above
        else:
            self._held.append(bytes(data))

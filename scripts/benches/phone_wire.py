"""The least HTTP that a bench needs: a server and a client on kept connections, nothing checked."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode, urlsplit

from gevent import socket
from gevent.server import StreamServer

Answer = Callable[[str, bytes], tuple[str, bytes]]
"""Path and body in, content type and body out."""


def serve(answer: Answer, port: int = 0) -> StreamServer:
    """Answer POST requests on a port of this machine; 204 when there is no body."""

    def connection(stream: socket.socket, _: object) -> None:
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        rest = b""
        while True:
            while b"\r\n\r\n" not in rest:
                try:
                    more = stream.recv(65536)
                except ConnectionError:
                    return
                if not more:
                    return
                rest += more
            head, _, rest = rest.partition(b"\r\n\r\n")
            size = length(head)
            while len(rest) < size:
                rest += stream.recv(65536)
            path = head.split(b" ", 2)[1].decode()
            kind, body = answer(path, rest[:size])
            rest = rest[size:]
            status = b"200 OK" if body else b"204 No Content"
            typed = f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n".encode()
            stream.sendall(b"HTTP/1.1 " + status + b"\r\n" + typed + b"\r\n" + body)

    server = StreamServer(("127.0.0.1", port), connection)
    server.start()
    return server


def length(head: bytes) -> int:
    """Return the Content-Length that a head names; 0 when it names none."""
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


class Connections:
    """Kept connections to one address."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._address = (parts.hostname or "", parts.port or 80)
        self._host = parts.netloc
        self._idle: list[socket.socket] = []

    def post(self, path: str, form: Mapping[str, str], headers: str = "") -> bytes:
        """Post a form; return the body of the answer."""
        body = urlencode(form).encode()
        stream = self._idle.pop() if self._idle else self._connect()
        stream.sendall(
            f"POST {path} HTTP/1.1\r\nHost: {self._host}\r\n{headers}"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}"
            "\r\n\r\n".encode()
            + body
        )
        rest = b""
        while b"\r\n\r\n" not in rest:
            rest += stream.recv(65536)
        head, _, rest = rest.partition(b"\r\n\r\n")
        size = length(head)
        while len(rest) < size:
            rest += stream.recv(65536)
        self._idle.append(stream)
        return rest

    def _connect(self) -> socket.socket:
        stream = socket.create_connection(self._address)
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return stream

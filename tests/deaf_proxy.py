"""A proxy such as some companies have: no websocket gets through, and streams are cut at will."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from threading import Lock, Thread
from urllib.parse import urlsplit

import pytest

from tests.processes import free_port

_HEAD_AT_MOST = 65536
_REFUSED = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class DeafProxy:
    """Hands everything on to one application, but for what asks to become a websocket."""

    def __init__(self, application: str) -> None:
        """Stand before the application at this address."""
        behind = urlsplit(application)
        self._behind = (behind.hostname or "127.0.0.1", behind.port or 80)
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self.refused = 0
        self.streams = 0
        self._open: set[socket.socket] = set()
        self._lock = Lock()
        self._listener = socket.create_server(("127.0.0.1", self._port))
        Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Cut every connection in the middle of whatever it carries."""
        with self._lock:
            for one in self._open:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let nobody in any more."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            head = self._head(client)
            if b"\r\nupgrade:" in head.lower():
                self.refused += 1
                client.sendall(_REFUSED)
                return
            self.streams += b"/stream" in head.partition(b"\r\n")[0]
            with socket.create_connection(self._behind) as behind:
                with self._lock:
                    self._open |= {client, behind}
                # One request a connection: the next one may want to be a websocket.
                once = head.replace(b"\r\nConnection: keep-alive", b"\r\nConnection: close")
                behind.sendall(once)
                Thread(target=_pour, args=(client, behind), daemon=True).start()
                _pour(behind, client)
                with self._lock:
                    self._open -= {client, behind}

    @staticmethod
    def _head(client: socket.socket) -> bytes:
        head = b""
        while b"\r\n\r\n" not in head and len(head) < _HEAD_AT_MOST:
            if not (data := client.recv(4096)):
                break
            head += data
        return head


def _pour(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)
    with suppress(OSError):
        other.shutdown(socket.SHUT_WR)


@pytest.fixture
def deaf_proxies() -> Iterator[list[DeafProxy]]:
    """Close at the end what a test puts in here."""
    opened: list[DeafProxy] = []
    yield opened
    for one in opened:
        one.close()

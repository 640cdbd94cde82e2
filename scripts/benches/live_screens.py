"""Thousands of websocket screens in one process, as cheap as they can be: one epoll loop."""

import select
import socket
import struct
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from time import perf_counter_ns

_AT_ONCE = 100
_CONNECT_WITHIN_S = 300
_ARRIVES_WITHIN_S = 60


def _frame(text: bytes) -> bytes:
    """A short client's frame; a mask of zeros is a mask."""
    return bytes((0x81, 0x80 | len(text))) + bytes(4) + text


_SUBSCRIBE = _frame(b'420["subscribe",{}]')
_PONG = _frame(b"3")
_CONNECT = _frame(b"40")


@dataclass(slots=True)
class Screen:
    """One screen: it shakes hands, subscribes, answers pings."""

    sock: socket.socket
    is_raw: bool
    is_open: bool = False
    is_ready: bool = False
    rest: bytes = b""

    def take(self, data: bytes) -> list[int]:
        """Read what came; return when each picture in it was made, in nanoseconds."""
        self.rest += data
        if not self.is_open and not self._opened():
            return []
        made = []
        while text := self._next():
            if text.startswith(b'42["view"'):
                made.append(int(text.partition(b'"t":')[2].partition(b",")[0]))
            else:
                self._answer(text)
        return made

    def _opened(self) -> bool:
        head, end, rest = self.rest.partition(b"\r\n\r\n")
        if not end:
            return False
        if b" 101 " not in head:
            raise ConnectionError(head.decode())
        self.is_open, self.is_ready, self.rest = True, self.is_raw, rest
        return True

    def _next(self) -> bytes:
        """Take one frame's text off what came; nothing when none is whole."""
        data = self.rest
        if len(data) < 2:
            return b""
        size, start = data[1], 2
        if size == 126:
            if len(data) < 4:
                return b""
            (size,), start = struct.unpack_from(">H", data, 2), 4
        if len(data) < start + size:
            return b""
        self.rest = data[start + size :]
        return data[start : start + size]

    def _answer(self, text: bytes) -> None:
        if text == b"2":
            self.sock.sendall(_PONG)
        elif text.startswith(b"0"):
            self.sock.sendall(_CONNECT)
        elif text.startswith(b"40"):
            self.sock.sendall(_SUBSCRIBE)
        elif text.startswith(b"430"):
            self.is_ready = True


@dataclass(slots=True)
class Hall:
    """All screens of one server."""

    port: int
    is_raw: bool
    _poll: select.epoll = field(default_factory=select.epoll)
    _screens: dict[int, Screen] = field(default_factory=dict)

    def fill(self, screens: int) -> None:
        """Connect so many screens, some at a time."""
        deadline = time.monotonic() + _CONNECT_WITHIN_S
        while self._ready() < screens:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self._ready()} of {screens} screens connected")
            waiting = len(self._screens) - self._ready()
            for _ in range(min(_AT_ONCE - waiting, screens - len(self._screens))):
                self._connect()
            self._look(0.05)

    def show(self) -> list[float]:
        """Ask for one picture; return after how many milliseconds each screen had it."""
        asked = HTTPConnection("127.0.0.1", self.port, timeout=_ARRIVES_WITHIN_S)
        asked.request("GET", "/go")
        took: list[float] = []
        deadline = time.monotonic() + _ARRIVES_WITHIN_S
        while len(took) < len(self._screens):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(took)} of {len(self._screens)} screens were told")
            took += self._look(0.5)
        asked.getresponse().read()
        asked.close()
        return took

    def rest(self, seconds: float) -> None:
        """Answer pings for a while."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._look(0.05)

    def close(self) -> None:
        """Hang up."""
        for screen in self._screens.values():
            screen.sock.close()
        self._poll.close()

    def _ready(self) -> int:
        return sum(screen.is_ready for screen in self._screens.values())

    def _connect(self) -> None:
        sock = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.sendall(
            b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n"
            b"Host: 127.0.0.1:%d\r\nOrigin: http://127.0.0.1:%d\r\n"
            b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" % (self.port, self.port)
        )
        self._screens[sock.fileno()] = Screen(sock, self.is_raw)
        self._poll.register(sock, select.EPOLLIN)

    def _look(self, seconds: float) -> list[float]:
        took = []
        for number, _ in self._poll.poll(seconds):
            data = self._screens[number].sock.recv(65536)
            now = perf_counter_ns()
            if not data:
                raise ConnectionError("a screen was hung up on")
            took += [(now - made) / 1e6 for made in self._screens[number].take(data)]
        return took

"""One picture to many screens: the frame is made once and written to every socket.

Socket.IO would queue, wake a writer and frame the same text once for each screen; with thousands
of them that is most of the work. What is written here is what Socket.IO would have written.
"""

import _socket  # gevent puts its own class behind every other name of it
import json
import struct
from collections.abc import Mapping
from socket import MSG_DONTWAIT, SHUT_RDWR

from flask_socketio import SocketIO

_EVENT = "42"
"""Engine.IO's "message" and Socket.IO's "event", in front of name and data."""
_TEXT_WHOLE = 0x81
_SHORT, _MIDDLE = 126, 1 << 16


class Fanout:
    """Which screens follow what, and the sockets behind them."""

    def __init__(self, server: SocketIO) -> None:
        """Send through `server` to screens whose socket cannot be reached, those of tests."""
        self._server = server
        self._rooms: dict[str, dict[str, _socket.socket | None]] = {}

    def join(self, room: str, sid: str, environ: Mapping[str, object]) -> None:
        """Let screen `sid` follow `room` alone; `environ` is that of its handshake."""
        self.leave(sid)
        self._rooms.setdefault(room, {})[sid] = socket_of(environ)

    def leave(self, sid: str) -> None:
        """Forget a screen."""
        for room, screens in tuple(self._rooms.items()):
            if screens.pop(sid, self) is not self and not screens:
                del self._rooms[room]

    def is_followed(self, room: str) -> bool:
        """Whether screens follow `room`, or were hung up on and will come back."""
        return room in self._rooms

    def send(self, room: str, name: str, message: object) -> None:
        """Send `message` to all screens of `room`, and wait for none of them.

        A screen that has not read the last ones misses this one, and hears so by the next head;
        one that took a part of it is hung up on, comes back and is given the newest.
        """
        screens = self._rooms.get(room)
        if not screens:
            return
        frame = frame_of(name, message)
        for sid, line in tuple(screens.items()):
            if line is None:
                self._server.emit(name, message, to=sid)
            elif not _write(line, frame):
                screens.pop(sid, None)


def _write(line: _socket.socket, frame: bytes) -> bool:
    """Write a frame; False when the line is gone."""
    try:
        if line.send(frame, MSG_DONTWAIT) != len(frame):
            line.shutdown(SHUT_RDWR)
            return False
    except BlockingIOError:
        return True
    except OSError:
        return False
    return True


def frame_of(name: str, message: object) -> bytes:
    """Make the websocket frame of an event, as a server sends it."""
    text = _EVENT + json.dumps([name, message], ensure_ascii=False, separators=(",", ":"))
    data = text.encode()
    if len(data) < _SHORT:
        head = struct.pack(">BB", _TEXT_WHOLE, len(data))
    elif len(data) < _MIDDLE:
        head = struct.pack(">BBH", _TEXT_WHOLE, 126, len(data))
    else:
        head = struct.pack(">BBQ", _TEXT_WHOLE, 127, len(data))
    return head + data


def socket_of(environ: Mapping[str, object]) -> _socket.socket | None:
    """Find the connection of a websocket's handshake, where our two servers keep it."""
    found = environ.get("werkzeug.socket")
    if found is None:
        stream = environ.get("wsgi.input")
        stream = getattr(stream, "rfile", stream)
        found = getattr(getattr(stream, "raw", None), "_sock", None)
        found = getattr(found, "_sock", found)  # below gevent's, which would wait
    return found if isinstance(found, _socket.socket) else None

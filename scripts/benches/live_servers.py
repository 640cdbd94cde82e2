"""What the bench of live screens measures beside each other: our settings, the defaults, the floor.

    python -m scripts.benches.live_servers ours|defaults|floor PORT

Each sends 1 KB to every screen when `/go` is asked for.
"""

import sys

from gevent import monkey

if sys.argv[1] == "ours":
    monkey.patch_all()

import asyncio
import base64
import hashlib
import json
import logging
import socket
import struct
from time import perf_counter_ns

from flask import Flask, request
from flask_socketio import SocketIO, join_room
from gevent.pywsgi import WSGIServer
from typing_extensions import override

from evalsys.realtime.fanout import Fanout
from evalsys.realtime.socket import attach_socket

ROOM = "screens"
FILLING = "甲" * 320
_BACKLOG = 4096
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def delta() -> dict[str, object]:
    """About 1 KB, with the moment at which it was made."""
    return {"live": "a" * 32, "seq": 4711, "t": perf_counter_ns(), "filling": FILLING}


def ours(port: int) -> None:
    """Serve with our socket's settings in our server, its collection of rubbish tuned."""
    from evalsys.wsgi import tune_rubbish_collection  # noqa: PLC0415 - only after the patching

    app, screens = Flask("bench"), SocketIO()
    url = f"http://127.0.0.1:{port}"
    attach_socket(screens, app, public_url=url, async_mode="gevent")
    fanout = Fanout(screens)

    def subscribe(_message: object) -> dict[str, object]:
        fanout.join(ROOM, request.sid, request.environ)  # type: ignore[attr-defined]  # Flask-SocketIO sets it
        return {}

    def go() -> str:
        fanout.send(ROOM, "view", delta())
        return ""

    screens.on("subscribe")(subscribe)
    app.add_url_rule("/go", view_func=go)
    tune_rubbish_collection()
    server = WSGIServer(("127.0.0.1", port), app, log=None, backlog=_BACKLOG)
    server.init_socket()
    server.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    server.serve_forever()


def defaults(port: int) -> None:
    """Serve as the first page of Flask-SocketIO's documentation does."""
    app = Flask("bench")
    screens = SocketIO(app)

    def subscribe(_message: object) -> dict[str, object]:
        join_room(ROOM)
        return {}

    def go() -> str:
        screens.emit("view", delta(), to=ROOM)
        return ""

    screens.on("subscribe")(subscribe)
    app.add_url_rule("/go", view_func=go)
    screens.run(app, host="127.0.0.1", port=port)


class Floor(asyncio.Protocol):
    """One screen at the floor: a handshake, then one buffer that is the same for all."""

    screens: "set[asyncio.Transport]" = set()  # noqa: RUF012 - of all screens

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - of a TCP server
        self._transport = transport

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self.screens.discard(self._transport)

    @override
    def data_received(self, data: bytes) -> None:
        transport = self._transport
        if transport is None or not data.startswith(b"GET "):
            return
        if data.startswith(b"GET /go"):
            text = b"42" + json.dumps(["view", delta()], separators=(",", ":")).encode()
            frame = b"\x81\x7e" + struct.pack(">H", len(text)) + text
            for screen in self.screens:
                screen.write(frame)
            transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            return
        key = data.partition(b"Sec-WebSocket-Key: ")[2].partition(b"\r\n")[0]
        accept = base64.b64encode(hashlib.sha1(key + _GUID).digest())  # noqa: S324 - as RFC 6455 says
        transport.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        self.screens.add(transport)


async def _floor(port: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Floor, "127.0.0.1", port, backlog=_BACKLOG)
    await server.serve_forever()


def main(kind: str, port: int) -> None:
    """Serve until killed."""
    logging.basicConfig(level=logging.ERROR)
    if kind == "floor":
        asyncio.run(_floor(port))
    else:
        {"ours": ours, "defaults": defaults}[kind](port)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

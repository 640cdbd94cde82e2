"""The Socket.IO server: websockets only, from our own pages only."""

from typing import Literal

from flask import Flask
from flask_socketio import SocketIO

AsyncMode = Literal["gevent", "threading"]

PING_EVERY_S = 25
PONG_WITHIN_S = 10
"""Then the server forgets a screen. A screen knows sooner: it hears a head every two seconds."""
MESSAGE_AT_MOST_BYTES = 64 * 1024


def attach_socket(socket: SocketIO, app: Flask, *, public_url: str, async_mode: AsyncMode) -> None:
    """Let `app` serve `socket`; browsers are admitted from pages of `public_url` only."""
    socket.init_app(
        app,
        async_mode=async_mode,
        cors_allowed_origins=[public_url],
        # The cookies of the handshake are asked at every message; there is no session beside them.
        manage_session=False,
        transports=["websocket"],
        ping_interval=PING_EVERY_S,
        ping_timeout=PONG_WITHIN_S,
        max_http_buffer_size=MESSAGE_AT_MOST_BYTES,
        http_compression=False,
    )

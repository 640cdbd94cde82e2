"""Relays of the beacon on the loopback: real HTTP, drand's real rounds, or any wrong answer."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from typing_extensions import override

from evalsys.domain.beacon import Chain
from tests.builders_beacon import VECTORS

Answer = Callable[[BaseHTTPRequestHandler], None]
Start = Callable[[Answer], str]


@pytest.fixture
def relay() -> Iterator[Start]:
    """Starts relays on the loopback; each gives its address."""
    servers: list[ThreadingHTTPServer] = []

    def start(answer: Answer) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer(self)

            @override
            def log_message(self, *_: object) -> None:
                """Keep still."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def says(body: object, status: int = 200) -> Answer:
    """Answer everything with this body."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data)

    return answer


def publishes(chain: Chain) -> Answer:
    """Answer as drand does, with the real rounds."""
    rounds = {f"/{chain.hash}/public/{one['round']}": one for one in VECTORS[chain.name]["rounds"]}

    def answer(request: BaseHTTPRequestHandler) -> None:
        known = rounds.get(request.path)
        says(known or {"error": "unknown"}, 200 if known else 404)(request)

    return answer

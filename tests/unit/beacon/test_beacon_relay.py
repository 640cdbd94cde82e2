"""Relays are asked together, none is trusted, and their silence has a name."""

import json
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest
from typing_extensions import override

from evalsys.beacon.relay import Relays
from evalsys.domain.beacon import DEFAULT, QUICKNET, Chain
from evalsys.errors import BeaconSilent
from tests.builders_beacon import VECTORS, genuine

PULSE = genuine(QUICKNET)[3]
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


@pytest.mark.parametrize("chain", [QUICKNET, DEFAULT], ids=lambda chain: chain.name)
def test_a_round_is_fetched_and_checked(relay: Start, chain: Chain) -> None:
    relays = Relays([relay(publishes(chain)) + "/"])
    for pulse in genuine(chain):
        assert relays.fetch(chain, pulse.round) == pulse


WRONG: dict[str, Answer] = {
    "another round": says({"round": PULSE.round, "signature": genuine(QUICKNET)[4].signature}),
    "no signature": says({"round": PULSE.round, "randomness": PULSE.randomness}),
    "a number": says({"signature": 12}),
    "a list": says([PULSE.signature]),
    "no JSON": says(b"<html>captive portal</html>"),
    "nested": says(b"[" * 4000),
    "nothing": says(b""),
    "not yet": says({"error": "too early"}, 425),
    "broken": says(b"", 500),
    "endless": says(b" " * 100_000 + json.dumps({"signature": PULSE.signature}).encode()),
    "upper case": says({"signature": PULSE.signature.upper()}),
}


@pytest.mark.parametrize("why", WRONG)
def test_a_relay_that_answers_wrongly_is_as_good_as_silent(relay: Start, why: str) -> None:
    wrong = relay(WRONG[why])
    with pytest.raises(BeaconSilent, match="手工录入") as caught:
        Relays([wrong]).fetch(QUICKNET, PULSE.round)
    assert wrong in caught.value.what
    right = relay(publishes(QUICKNET))
    assert Relays([wrong, right]).fetch(QUICKNET, PULSE.round) == PULSE


def test_a_redirect_is_not_followed(relay: Start) -> None:
    right = relay(publishes(QUICKNET))

    def elsewhere(request: BaseHTTPRequestHandler) -> None:
        request.send_response(302)
        request.send_header("Location", right + request.path)
        request.send_header("Content-Length", "0")
        request.end_headers()

    with pytest.raises(BeaconSilent):
        Relays([relay(elsewhere)]).fetch(QUICKNET, PULSE.round)


def test_slow_relays_do_not_hold_up_a_fast_one_nor_the_session(relay: Start) -> None:
    done = Event()

    def hangs(_request: BaseHTTPRequestHandler) -> None:
        done.wait(10)

    def drips(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        while not done.wait(0.05):
            request.wfile.write(b" ")

    slow = [relay(hangs), relay(drips)]
    try:
        began = time.monotonic()
        fast = relay(publishes(QUICKNET))
        assert Relays([*slow, fast], timeout_s=0.5).fetch(QUICKNET, PULSE.round) == PULSE
        assert time.monotonic() - began < 0.5
        with pytest.raises(BeaconSilent):
            Relays(slow, timeout_s=0.5).fetch(QUICKNET, PULSE.round)
        assert time.monotonic() - began < 2.5
    finally:
        done.set()


def test_no_relay_at_all_is_silence() -> None:
    unused = "http://127.0.0.1:1"
    for addresses in ([], [unused], [unused, "http://["]):
        with pytest.raises(BeaconSilent):
            Relays(addresses).fetch(QUICKNET, 1000)

"""Relays are asked together, none is trusted, and their silence has a name."""

import json
import time
from http.server import BaseHTTPRequestHandler
from threading import Event

import pytest

from evalsys.beacon.relay import Relays
from evalsys.domain.beacon import DEFAULT, QUICKNET, Chain
from evalsys.errors import BeaconSilent
from tests.builders_beacon import genuine
from tests.relays import Answer, Start, publishes, says

PULSE = genuine(QUICKNET)[3]


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

"""Two libraries agree on every signature, and whichever is there gives the answer."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest

from evalsys.beacon import by_blst, by_py_ecc
from evalsys.beacon.check import check_signature, checked_pulse
from evalsys.domain.beacon import CHAINED_G2, DEFAULT, QUICKNET, Chain, Pulse, Scheme
from evalsys.errors import InvalidInput
from tests.builders_beacon import OurBeacon, forged, genuine

CHAINS = (QUICKNET, DEFAULT)


def both(chain: Chain, pulse: Pulse, message: bytes | None = None) -> set[bool]:
    """What the two libraries say by themselves, our own checks of the spelling left out."""

    def says(is_signed: Callable[[Chain, bytes, bytes], bool]) -> bool:
        try:
            due = chain.message(pulse) if message is None else message
            return is_signed(chain, due, bytes.fromhex(pulse.signature))
        except ValueError:
            return False

    return {says(by_blst.is_signed), says(by_py_ecc.is_signed)}


@pytest.mark.parametrize("chain", CHAINS, ids=lambda one: one.name)
def test_every_real_round_is_accepted(chain: Chain) -> None:
    for pulse in genuine(chain):
        assert check_signature(chain, pulse)
        assert checked_pulse(chain, pulse.round, pulse.signature, pulse.previous) == pulse


@pytest.mark.parametrize("chain", CHAINS, ids=lambda one: one.name)
def test_both_libraries_accept_the_first_and_the_latest_real_round(chain: Chain) -> None:
    first, *_, last = genuine(chain)
    assert both(chain, first) == both(chain, last) == {True}


@pytest.mark.parametrize(("why", "pulse"), forged(), ids=str)
def test_both_libraries_and_the_check_refuse_every_forgery(why: str, pulse: Pulse) -> None:
    assert both(QUICKNET, pulse) == {False}, why
    assert not check_signature(QUICKNET, pulse)
    with pytest.raises(InvalidInput):
        checked_pulse(QUICKNET, pulse.round, pulse.signature)


@pytest.mark.parametrize("chain", CHAINS, ids=lambda chain: chain.name)
def test_a_signature_belongs_to_its_round_and_to_its_chain(chain: Chain) -> None:
    *_, before, last = genuine(chain)
    for other in (
        replace(last, round=last.round + 1),
        replace(last, signature=before.signature),
        replace(last, previous=before.previous and before.signature, round=before.round),
    ):
        assert both(chain, other) == {False}
        with pytest.raises(InvalidInput, match="不是信标链"):
            checked_pulse(chain, other.round, other.signature, other.previous)
    elsewhere = OurBeacon().pulse(last.round)
    assert not check_signature(chain, replace(elsewhere, previous=last.previous))


@pytest.mark.parametrize("scheme", [QUICKNET.scheme, CHAINED_G2], ids=lambda one: one.name)
def test_both_libraries_agree_on_keys_that_drand_never_had(scheme: Scheme) -> None:
    for secret in (1, 2**200 + 7):
        ours = OurBeacon(secret, scheme=scheme)
        signed = Pulse(9, ours.sign(b"a message"))
        assert both(ours.chain, signed, b"a message") == {True}
        assert both(ours.chain, signed, b"another message") == {False}


def test_without_pyblst_the_check_falls_back_on_python_alone() -> None:
    pulse = genuine(QUICKNET)[3]
    program = f"""
import sys
sys.modules["pyblst"] = None
from evalsys.beacon.check import check_signature, is_signed
from evalsys.domain.beacon import QUICKNET, Pulse
assert is_signed.__module__ == "evalsys.beacon.by_py_ecc"
assert check_signature(QUICKNET, Pulse({pulse.round}, "{pulse.signature}"))
assert not check_signature(QUICKNET, Pulse({pulse.round + 1}, "{pulse.signature}"))
"""
    subprocess.run([sys.executable, "-c", program], check=True)  # noqa: S603 - our own program


def test_neither_library_lifts_the_limit_that_keeps_deep_json_from_ending_the_process() -> None:
    assert by_py_ecc.is_signed.__module__ == "evalsys.beacon.by_py_ecc"
    assert sys.getrecursionlimit() < 10_000

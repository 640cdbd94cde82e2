"""Chains are named by their hash, rounds have their moment, signatures have one spelling."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalsys.domain.beacon import (
    CHAINS,
    DEFAULT,
    QUICKNET,
    BeaconRules,
    Chain,
    P,
    Pulse,
    is_beacon_rules,
    read_beacon_rules,
)
from evalsys.errors import InvalidInput
from tests.builders_beacon import VECTORS, genuine

BOTH = pytest.mark.parametrize("chain", [QUICKNET, DEFAULT], ids=lambda chain: chain.name)
MOMENTS = st.datetimes(
    datetime(2020, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2090, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    timezones=st.just(UTC),
)
CHAIN = st.sampled_from([QUICKNET, DEFAULT])


@BOTH
def test_the_pinned_chains_are_those_that_drand_publishes(chain: Chain) -> None:
    info = VECTORS[chain.name]["info"]
    assert (chain.hash, chain.public_key, chain.group_hash) == (
        info["hash"],
        info["public_key"],
        info["groupHash"],
    )
    assert (chain.period_s, chain.genesis) == (info["period"], info["genesis_time"])
    assert chain.scheme.name == info["schemeID"]
    assert chain.scheme.domain_tag.decode() == VECTORS["rules"]["dst"][chain.scheme.name]
    assert CHAINS[chain.hash] is chain


@BOTH
def test_a_chain_whose_key_or_times_were_exchanged_does_not_exist(chain: Chain) -> None:
    other = DEFAULT if chain is QUICKNET else QUICKNET
    for forged in (
        {"public_key": other.public_key},
        {"period_s": chain.period_s + 1},
        {"genesis": chain.genesis - 1},
        {"group_hash": other.group_hash},
        {"hash": other.hash},
        {"name": "another"},
    ):
        with pytest.raises(InvalidInput, match="链散列"):
            replace(chain, **forged)


@BOTH
def test_the_randomness_is_the_hash_of_the_signature(chain: Chain) -> None:
    published = [one["randomness"] for one in VECTORS[chain.name]["rounds"]]
    assert [pulse.randomness for pulse in genuine(chain)] == published


def test_round_times_follow_from_genesis_and_period() -> None:
    assert QUICKNET.round_time(1) == datetime(2023, 8, 23, 15, 9, 27, tzinfo=UTC)
    assert QUICKNET.round_time(1000) == datetime(2023, 8, 23, 15, 59, 24, tzinfo=UTC)
    assert DEFAULT.round_time(3) == datetime(2020, 7, 22, 15, 18, 30, tzinfo=UTC)
    for number in (0, -1, 2**53):
        with pytest.raises(InvalidInput):
            QUICKNET.round_time(number)


@given(CHAIN, st.integers(1, 10**8))
def test_a_round_is_the_first_from_its_own_moment(chain: Chain, number: int) -> None:
    due = chain.round_time(number)
    assert chain.round_from(due) == number
    assert chain.round_from(due - timedelta(seconds=1)) == number
    assert chain.round_from(due + timedelta(seconds=1)) == number + 1


@given(CHAIN, MOMENTS, st.integers(0, 3600))
def test_the_first_round_from_a_moment_comes_no_earlier_and_no_later(
    chain: Chain, at: datetime, after_s: int
) -> None:
    number = chain.round_from(at, after_s)
    earliest = at.replace(microsecond=0) + timedelta(seconds=after_s)
    assert chain.round_time(number) >= earliest
    assert number == 1 or chain.round_time(number - 1) < earliest


# --- binding ----------------------------------------------------------------------------


RULES = st.builds(
    BeaconRules,
    CHAIN,
    min_delay_s=st.integers(60, 300),
    bind_margin_s=st.integers(10, 60),
)


@given(RULES, MOMENTS, st.integers(-5, 5))
def test_dice_may_be_bound_to_one_round_only(
    rules: BeaconRules, rolled_at: datetime, off: int
) -> None:
    only = rules.round_for_dice(rolled_at)
    problem = rules.bind_problem(only + off, rolled_at, rolled_at)
    assert (problem == "") == (off == 0)


@given(RULES, MOMENTS, st.integers(0, 400))
def test_nothing_is_bound_less_than_the_margin_before_its_round(
    rules: BeaconRules, bound_at: datetime, ahead_s: int
) -> None:
    number = rules.chain.round_from(bound_at, ahead_s)
    at = bound_at.replace(microsecond=0)
    left_s = (rules.chain.round_time(number) - at) // timedelta(seconds=1)
    problem = rules.bind_problem(number, bound_at, None)
    assert (problem == "") == (left_s >= rules.bind_margin_s)
    assert problem == "" or "绑定太晚" in problem


@given(RULES, MOMENTS, st.integers(0, 400))
def test_dice_that_were_bound_too_late_cannot_be_bound_at_all(
    rules: BeaconRules, rolled_at: datetime, waited_s: int
) -> None:
    only = rules.round_for_dice(rolled_at)
    bound_at = rolled_at + timedelta(seconds=waited_s)
    may_bind = rules.bind_problem(only, bound_at, rolled_at) == ""
    assert may_bind == (rules.round_after(bound_at) <= only)
    assert rules.bind_problem(only + 1, bound_at, rolled_at) != ""


def test_a_bind_nine_seconds_before_its_round_is_late_and_ten_are_enough() -> None:
    due = QUICKNET.round_time(1000)
    rules = BeaconRules()
    assert "至少 10 秒" in rules.bind_problem(1000, due - timedelta(seconds=9), None)
    assert rules.bind_problem(1000, due - timedelta(seconds=10), None) == ""


def test_rules_are_spelt_with_the_pinned_chain_and_its_own_scheme() -> None:
    spelt = BeaconRules().to_json()
    assert is_beacon_rules(spelt)
    assert read_beacon_rules(spelt) == BeaconRules()
    for wrong in (
        {"chain": DEFAULT.hash},  # the scheme is still quicknet's
        {"chain": "0" * 64},
        {"chain": ["0"]},
        {"scheme": "bls-unchained-on-g1"},
        {"min_delay_s": 9},  # below the margin
        {"min_delay_s": 3601},
        {"bind_margin_s": 0},
        {"bind_margin_s": True},
        {"relay": "x"},
    ):
        assert not is_beacon_rules({**spelt, **wrong}), wrong
    assert not is_beacon_rules({})
    assert not is_beacon_rules([])


# --- one signature, one spelling --------------------------------------------------------


@BOTH
def test_real_signatures_are_canonical(chain: Chain) -> None:
    assert [chain.pulse_problem(pulse) for pulse in genuine(chain)] == [""] * len(genuine(chain))


def spelt(flags: int, *coordinates: int) -> str:
    """A signature with these three flag bits and these coordinates, fitting or not."""
    first, *rest = coordinates
    return "".join(f"{one:096x}" for one in (first | flags << 381, *rest))


@BOTH
@pytest.mark.parametrize(
    ("flags", "x", "is_canonical"),
    [
        (0b100, 5, True),
        (0b101, 5, True),
        (0b100, P - 1, True),
        (0b100, P, False),
        (0b101, P + 5, False),
        (0b000, 5, False),
        (0b001, 5, False),
        (0b110, 0, False),  # the point at infinity
        (0b111, 5, False),
    ],
)
def test_flags_and_coordinates_have_one_spelling(
    chain: Chain, flags: int, x: int, *, is_canonical: bool
) -> None:
    def is_good(*coordinates: int) -> bool:
        signature = spelt(flags, *coordinates[: chain.scheme.coordinates])
        before = genuine(DEFAULT)[1].signature if chain.scheme.is_chained else ""
        return chain.pulse_problem(Pulse(2, signature, before)) == ""

    assert is_good(x, 7) == is_canonical
    if chain.scheme.coordinates == 2:
        assert is_good(x, P - 1) == is_canonical
        assert not is_good(x, P)
        assert not is_good(x, 7 | 1 << 383)


@BOTH
def test_no_other_spelling_of_a_real_signature_is_canonical(chain: Chain) -> None:
    pulse = genuine(chain)[-1]
    wide = "\uff11" + pulse.signature[1:]
    for signature in (
        pulse.signature.upper(),
        pulse.signature + "\n",
        " " + pulse.signature,
        "0x" + pulse.signature,
        pulse.signature[:-1],
        pulse.signature + "00",
        wide,
        "",
    ):
        assert "规范" in chain.pulse_problem(replace(pulse, signature=signature))
    assert chain.pulse_problem(replace(pulse, round=0)) != ""


def test_only_a_chained_chain_takes_the_signature_before_and_takes_it_canonical() -> None:
    first, third, *_ = genuine(DEFAULT)
    assert first.previous == DEFAULT.group_hash
    for previous in ("", DEFAULT.group_hash, third.previous.upper(), third.previous + "00"):
        assert DEFAULT.pulse_problem(replace(third, previous=previous)) != "", previous
    assert DEFAULT.pulse_problem(replace(first, previous="0" * 64)) != ""
    quick = genuine(QUICKNET)[0]
    assert QUICKNET.pulse_problem(replace(quick, previous=quick.signature)) != ""

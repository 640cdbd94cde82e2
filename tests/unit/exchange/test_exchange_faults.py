"""The fault switch understands its own language, and deals the same for one seed."""

import time

import pytest

from evalsys.exchange.faults import Fault, Faults, FaultSpecError, Outage, parse_faults
from evalsys.exchange.overrides import Override, override_of


def test_a_specification_is_clauses_of_shares_seconds_outage_and_seed() -> None:
    spec = parse_faults("duplicate=0.2, drop=1,delay=0.3:8,429=0.05,outage=90@30:hang,seed=9,")
    assert spec.faults == {
        "duplicate": Fault(0.2),
        "drop": Fault(1.0),
        "delay": Fault(0.3, 8.0),
        "429": Fault(0.05),
    }
    assert spec.outage == Outage(90, 30, "hang")
    assert spec.seed == 9
    assert parse_faults("").faults == {}
    assert parse_faults("hang=0.1").faults["hang"].seconds > 0
    assert parse_faults("outage=5").outage == Outage(5)


@pytest.mark.parametrize(
    "wrong",
    [
        "duplicate",
        "duplicate=",
        "duplicate=2",
        "duplicate=-1",
        "duplicate=0.1:4",
        "duplicate=0.1@4",
        "fire=0.1",
        "drop=0.1,drop=0.2",
        "outage=0",
        "outage=9:maybe",
        "outage=1,outage=2",
        "outage=999999",
        "outage=1@999999",
        "seed=1,seed=2",
        "delay=0.5:long",
        "seed=1.5",
        "seed=1:2",
        "drop=0.1;500=0.2",
        "drop=nan",
    ],
)
def test_what_it_does_not_understand_is_named(wrong: str) -> None:
    with pytest.raises(FaultSpecError) as error:
        parse_faults(wrong)
    assert error.value.clause in wrong
    assert "（" in str(error.value)  # and why


def test_the_same_seed_hits_the_same_occasions() -> None:
    def hits(seed: int) -> list[bool]:
        faults = Faults("drop=0.5", seed=seed, speed=1)
        return [faults.strikes("drop", f"+86{n % 7}") for n in range(60)]

    assert hits(1) == hits(1)
    assert hits(1) != hits(2)
    assert 15 < sum(hits(1)) < 45


def test_a_share_of_nothing_and_of_everything() -> None:
    faults = Faults("drop=0,duplicate=1", seed=1, speed=1)
    assert not any(faults.strikes("drop", str(n)) for n in range(50))
    assert all(faults.strikes("duplicate", str(n)) for n in range(50))
    assert not faults.strikes("delay", "1")
    assert faults.dealt["duplicate"] == 50


def test_an_outage_begins_and_ends_in_the_seconds_of_the_lines() -> None:
    faults = Faults("outage=10@10", seed=1, speed=100)
    assert faults.outage_left == 0
    time.sleep(0.12)
    assert 0 < faults.outage_left < 0.1
    time.sleep(0.12)
    assert faults.outage_left == 0


def test_a_wrong_change_changes_nothing() -> None:
    faults = Faults("drop=1", seed=1, speed=1)
    with pytest.raises(FaultSpecError):
        faults.set("drop=7")
    assert faults.text == "drop=1"
    assert faults.strikes("drop", "x")


def test_an_address_may_say_how_it_is_tried_again() -> None:
    assert override_of("https://a.example/x?y=1#rc=2&rp=all&ct=1000&rt=2500&tt=9000") == Override(
        2, frozenset({"all"}), 1.0, 2.5, 9.0
    )
    assert override_of("https://a.example/x") is None
    assert override_of("https://a.example/x#top") is None
    mean = override_of("https://a.example/x#rc=99&rp=often&ct=1&rt=abc")
    assert mean == Override()
    assert mean is not None
    assert mean.covers("ct")
    assert not mean.covers("5xx")
    both = override_of("https://a.example/x#rp=4xx,rt")
    assert both is not None
    assert (both.covers("4xx"), both.covers("5xx"), both.covers("rt")) == (True, False, True)

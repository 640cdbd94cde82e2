"""Witnesses: who signs, which line, how many, and whose clock counts."""

import pytest

from evalsys.domain.live import commands as c
from evalsys.domain.live import commands_ceremony as cc
from evalsys.domain.live.ceremony import check_clocks
from evalsys.domain.live.words import BeaconChoice, Phase
from evalsys.domain.transcript import AbortReason, bytes_to_sign
from evalsys.errors import RuleViolation
from tests.live_ceremony import Ceremonial, WitnessDevice
from tests.live_play import a_plan

MASTER = "314159265358979323846264"


def play(**plan: object) -> Ceremonial:
    usual = {"beacon": BeaconChoice.QUICKNET, "witnesses": 3}
    return Ceremonial(plan=a_plan(**{**usual, **plan}))


def rolled_with(witnesses: int = 3) -> Ceremonial:
    """A session whose master dice wait for signatures."""
    rolled = play(witnesses=witnesses, beacon=BeaconChoice.NONE).until_published()
    rolled.tell(c.OpenCeremony())
    rolled.roll(MASTER)
    return rolled


def test_nothing_follows_dice_that_a_majority_has_not_signed() -> None:
    rolled = rolled_with()
    rolled.sign(rolled.devices[0])
    with pytest.raises(RuleViolation, match="要 2 名，现有 1 名"):
        rolled.tell(cc.RehearseDice("1" * 12))
    rolled.sign(rolled.devices[2])
    rolled.tell(cc.RehearseDice("1" * 12))


def test_a_bound_round_is_not_revealed_before_a_majority_signed_the_bind() -> None:
    rolled = play().until_published()
    rolled.tell(c.OpenCeremony())
    rolled.roll(MASTER)
    rolled.sign()
    rolled.tell(cc.BindRound(rolled.first.round))
    with pytest.raises(RuleViolation, match="见证人签名"):
        rolled.reveal(rolled.first)
    rolled.sign(*rolled.devices[:2])  # the third tablet is lost: two of three go on
    rolled.reveal(rolled.first)
    assert rolled.state.phase is Phase.SEEDED


def test_only_the_last_line_is_signed_and_only_while_nothing_follows() -> None:
    rolled = rolled_with()
    late = rolled.devices[2]
    line = len(rolled.lines) - 1
    signature = late.sign(bytes_to_sign(rolled.lines[-1]))
    rolled.sign(*rolled.devices[:2])
    rolled.tell(cc.RehearseDice("1" * 12))
    with pytest.raises(RuleViolation, match="之后已有新的记录"):
        rolled.tell(cc.SignLine(line, late.id, signature))
    with pytest.raises(RuleViolation, match="只能签最后一行"):
        rolled.tell(cc.SignLine(0, late.id, signature))


def test_a_stranger_signs_nothing() -> None:
    rolled = rolled_with()
    stranger = WitnessDevice(9)
    with pytest.raises(RuleViolation, match="不在清单登记的见证人之列"):
        rolled.sign(stranger)


def test_a_signature_that_arrives_twice_is_kept_once() -> None:
    rolled = rolled_with()
    rolled.sign(rolled.devices[0])
    again = cc.SignLine(len(rolled.lines) - 1, "W01", rolled.devices[0].sign(b""))
    assert rolled.tell(again) == ()


def test_nobody_becomes_a_witness_after_the_manifest() -> None:
    published = play().until_published()
    late = WitnessDevice(9)
    with pytest.raises(RuleViolation, match="已经公布，不能再登记"):
        published.tell(cc.EnrolWitness(late.id, late.key))


def test_a_witness_has_one_key_and_a_key_one_witness() -> None:
    frozen = play()
    frozen.devices = frozen.devices[:1]
    with pytest.raises(RuleViolation, match="另一把钥匙"):
        frozen.enrol_twice(frozen.devices[0].id, WitnessDevice(8).key)
    frozen = play()
    frozen.devices = frozen.devices[:1]
    with pytest.raises(RuleViolation, match="已经登记"):
        frozen.enrol_twice("W02", frozen.devices[0].key)


def test_a_ceremony_whose_witnesses_are_gone_can_be_given_up() -> None:
    rolled = rolled_with()
    rolled.tell(c.AbortSession(AbortReason.SYSTEM_FAILURE))
    assert rolled.state.phase is Phase.CLOSED


@pytest.mark.parametrize("ahead", [300, -300, 31])
def test_the_witnesses_clocks_win_over_the_servers(ahead: int) -> None:
    with pytest.raises(RuleViolation, match=f"{abs(ahead)} 秒"):
        check_clocks((ahead, ahead + 1, ahead, 0, -2)[:3])


@pytest.mark.parametrize("ahead", [(), (0,), (30, -30), (4000, 1, 2), (-900, 0, 0, 0)])
def test_one_clock_that_is_wrong_stops_nobody(ahead: tuple[int, ...]) -> None:
    check_clocks(ahead)


def test_signatures_make_no_operators_step_stale() -> None:
    rolled = rolled_with()
    step = rolled.state.step
    rolled.sign()
    assert rolled.state.step == step

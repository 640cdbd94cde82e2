"""Witnesses sign dice and binds before their outcome is known; who bends that is found out."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pytest

from evalsys.domain.beacon import BeaconRules
from evalsys.domain.transcript import TranscriptEntry, bytes_to_sign, settled_lines
from evalsys.domain.verify import verify_bundle
from evalsys.domain.verify_steps import Finding, Mark
from evalsys.errors import InvalidInput
from tests.builders_beacon import a_beacon_draw
from tests.builders_draw import Draw, a_draw, a_manifest, a_roster
from tests.builders_witness import KEYS, THREE, Witness, signed, signed_by, witnessed

ROSTER = a_roster(12, hh_n=6)
DICE = witnessed(a_draw(ROSTER, a_manifest(ROSTER, witness_keys=KEYS)))
BEACON = witnessed(
    a_beacon_draw(ROSTER, a_manifest(ROSTER, beacon=BeaconRules(), witness_keys=KEYS))
)
BOTH = pytest.mark.parametrize("draw", [DICE, BEACON], ids=["dice", "beacon"])


def refusal(draw: Draw) -> str:
    report = draw.verified()
    assert report.finding is Finding.BAD, report
    return next(f"{step.name} {step.detail}" for step in report.steps if step.mark is Mark.FAIL)


def lines(draw: Draw) -> list[bytes]:
    return (draw.bundle.transcript or b"").split(b"\n")[:-1]


@BOTH
def test_a_session_with_witnesses_verifies_and_says_how_many_signed(draw: Draw) -> None:
    report = draw.verified()
    assert report.finding is Finding.GOOD
    names = [step.name for step in report.steps]
    assert names.index("witnesses") == names.index("order") + 1
    detail = report.steps[names.index("witnesses")].detail
    needed = sum(entry.type in {"dice", "bind"} for entry in draw.entries)
    assert f"{needed} 行共 {3 * needed} 个签名" in detail


@BOTH
def test_any_line_may_be_signed_and_two_of_three_suffice(draw: Draw) -> None:
    everything = {entry.type for entry in draw.entries}
    assert witnessed(draw, kinds=everything).verified().finding is Finding.GOOD
    assert witnessed(draw, THREE[1:]).verified().finding is Finding.GOOD
    assert refusal(witnessed(draw, THREE[1:2])).startswith("witnesses")
    assert "过半" in refusal(witnessed(draw, ()))


@BOTH
def test_one_line_that_too_few_signed_is_enough_to_fail(draw: Draw) -> None:
    for i, entry in enumerate(draw.entries):
        if entry.sigs:
            reason = refusal(signed_by(draw, partial(but_one_line, i)))
            assert f"transcript.jsonl:{i + 1}" in reason
            assert "只有 1 个" in reason


def but_one_line(bare: int, i: int, entry: TranscriptEntry) -> Sequence[Witness]:
    return THREE[1:2] if i == bare else THREE if entry.sigs else ()


@BOTH
def test_a_session_still_going_on_waits_for_its_last_line(draw: Draw) -> None:
    for n, entry in enumerate(draw.entries):
        report = replace(draw, entries=draw.entries[:n]).verified()
        assert report.finding is Finding.INCOMPLETE
        unsigned = (*draw.entries[:n], replace(entry, sigs={}))
        report = replace(draw, entries=unsigned).verified()
        assert report.finding is (Finding.GOOD if entry.type == "close" else Finding.INCOMPLETE), (
            report
        )
        marks = [step.mark for step in report.steps if step.name == "witnesses"]
        assert marks == [Mark.OPEN if entry.sigs else Mark.OK]


@BOTH
def test_an_attempt_that_lost_its_witnesses_may_be_given_up(draw: Draw) -> None:
    last = max(i for i, entry in enumerate(draw.entries) if entry.type in {"dice", "bind"})
    abort = TranscriptEntry(
        draw.entries[last].at, "abort", {"reason": "system_failure", "attempt": 1}
    )
    unsigned = signed_by(
        replace(draw, entries=(*draw.entries[: last + 1], abort)),
        lambda i, _entry: () if i == last else None,
    )
    assert unsigned.verified().finding is Finding.GOOD
    follows = draw.entries[last + 1]
    late = replace(abort, at=follows.at)
    later = replace(unsigned, entries=(*unsigned.entries[:-1], follows, late))
    assert "过半" in refusal(signed_by(later, lambda _i, _entry: None))


def test_a_stranger_a_wrong_signature_and_one_of_another_line_are_refused() -> None:
    prev = DICE.manifest.prev_head
    stranger = signed(DICE.entries[0], 0, prev, [Witness("W9")])
    assert "没有登记见证人 W9" in refusal(first_line(stranger))
    genuine = signed(DICE.entries[0], 0, prev, THREE[:1])
    assert first_line(genuine).verified().finding is Finding.GOOD
    of_another = replace(genuine, sigs={"W2": genuine.sigs["W1"]})
    assert "W2 的签名不是对这一行的" in refusal(first_line(of_another))
    for i in range(0, 128, 9):
        spelt = genuine.sigs["W1"]
        other = spelt[:i] + f"{int(spelt[i], 16) ^ 1:x}" + spelt[i + 1 :]
        assert refusal(first_line(replace(genuine, sigs={"W1": other}))).startswith("witnesses")
    elsewhere = signed(DICE.entries[0], 1, prev, THREE[:1])
    assert refusal(first_line(elsewhere)).startswith("witnesses")


def first_line(entry: TranscriptEntry) -> Draw:
    """The session that begins with `entry` as it is, signed on from there."""
    draw = replace(DICE, entries=(entry, *DICE.entries[1:]))
    return signed_by(draw, lambda i, one: (THREE if one.sigs else ()) if i else None)


def test_without_a_check_signatures_stay_open() -> None:
    report = verify_bundle(DICE.bundle)
    assert report.finding is Finding.INCOMPLETE
    assert [step.mark for step in report.steps if step.name == "witnesses"] == [Mark.OPEN]


def test_signatures_without_declared_witnesses_are_refused() -> None:
    plain = a_draw(ROSTER, a_manifest(ROSTER))
    assert refusal(witnessed(plain)).startswith("order")


def test_a_last_dice_or_bind_line_is_not_settled_until_another_follows() -> None:
    for draw in (DICE, BEACON):
        for n, entry in enumerate(draw.entries, start=1):
            part = replace(draw, entries=draw.entries[:n]).bundle.transcript or b""
            settled = n - 1 if entry.type in {"dice", "bind"} else n
            assert settled_lines(part, 3) == tuple(lines(draw)[:settled])
            assert settled_lines(part, 0) == tuple(lines(draw)[:n])
    assert settled_lines(b"", 3) == ()


def test_what_witnesses_sign_is_the_line_without_signatures() -> None:
    for spelt, entry in zip(lines(DICE), DICE.entries, strict=True):
        data = bytes_to_sign(spelt)
        assert b'"sigs":{}' in data
        assert (data == spelt) is not bool(entry.sigs)
    with pytest.raises(InvalidInput):
        bytes_to_sign(b"{}")

"""A kept head convicts every record that did not merely grow, and no honest one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalsys.domain.merkle import consistency_proof
from evalsys.domain.tree_head import (
    HEAD_EVERY,
    Alarm,
    SignedTreeHead,
    TreeHead,
    alarm_of_growth,
    alarm_of_lines,
    check_heads,
    find_fork,
    is_due,
    lines_of,
    next_head,
    read_head,
)
from evalsys.errors import InvalidInput, Tampered
from evalsys.ids import LiveId
from evalsys.store.head_key import HeadKey, is_signed_with
from tests.builders import NOON

LIVE = LiveId("a" * 32)
KEY = HeadKey(bytes(range(32)))
LINES = st.lists(st.binary(max_size=3), min_size=1, max_size=30)


def is_signed(data: bytes, signature: str) -> bool:
    return is_signed_with(KEY.public, data, signature)


def head_of(lines: list[bytes], minutes: float = 0, **changes: object) -> TreeHead:
    made = next_head(LIVE, lines, None, NOON + timedelta(minutes=minutes), KEY.key_id)
    return replace(made, **changes)  # type: ignore[arg-type]  # tests name fields


def signed(lines: list[bytes], minutes: float = 0, **changes: object) -> SignedTreeHead:
    return KEY.sign(head_of(lines, minutes, **changes))


def found(known: list[SignedTreeHead], shown: list[SignedTreeHead]) -> Alarm | None:
    finding = check_heads(known, shown, LIVE, KEY.key_id, is_signed)
    return finding.alarm if finding else None


@given(LINES, LINES)
def test_growth_never_rings(lines: list[bytes], more: list[bytes]) -> None:
    grown = [*lines, *more]
    old, new = signed(lines), signed(grown, minutes=1)
    proof = consistency_proof(grown, len(lines))
    assert alarm_of_growth(old.head, new.head, proof) is None
    assert alarm_of_lines(old.head, grown) is None
    assert found([old], [old, new]) is None
    assert found([], [old, new]) is None


@given(LINES, LINES, st.data())
def test_a_changed_line_rings_whatever_proof_is_forged(
    lines: list[bytes], more: list[bytes], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(lines) - 1))
    grown = [*lines[:at], lines[at] + b"!", *lines[at + 1 :], *more]
    old, new = head_of(lines), head_of(grown, minutes=1)
    honest = [*consistency_proof(grown, len(lines))]
    junk = data.draw(st.lists(st.binary(min_size=32, max_size=32), max_size=6))
    swapped = [*consistency_proof([*lines, *more], len(lines))]
    for proof in (honest, junk, swapped, honest[1:], [*honest, *junk], [*reversed(honest)]):
        assert alarm_of_growth(old, new, proof) is Alarm.REWRITTEN
    assert alarm_of_lines(old, grown) is Alarm.REWRITTEN
    with pytest.raises(Tampered):
        next_head(LIVE, grown, old, NOON, KEY.key_id)


@given(LINES, st.data())
def test_missing_lines_ring(lines: list[bytes], data: st.DataObject) -> None:
    fewer = lines[: data.draw(st.integers(0, len(lines) - 1))]
    old, new = signed(lines), signed(fewer, minutes=1)
    assert alarm_of_lines(old.head, fewer) is Alarm.TRUNCATED
    assert alarm_of_growth(old.head, new.head, ()) is Alarm.TRUNCATED
    assert found([old], [new]) is Alarm.TRUNCATED
    assert found([], [old, new]) is Alarm.TRUNCATED
    assert found([old], []) is Alarm.TRUNCATED
    with pytest.raises(Tampered):
        next_head(LIVE, fewer, old.head, NOON, KEY.key_id)


def test_two_roots_of_one_size_are_a_fork() -> None:
    ours, theirs = signed([b"a", b"b"]), signed([b"a", b"c"])
    assert found([ours], [theirs]) is Alarm.FORKED
    assert found([], [ours, theirs]) is Alarm.FORKED
    fork = find_fork([ours, signed([b"a"]), theirs])
    assert fork is not None
    assert {fork.before, fork.after} == {ours, theirs}
    assert alarm_of_growth(ours.head, theirs.head, ()) is Alarm.FORKED


def test_a_later_head_with_an_earlier_time_rings() -> None:
    first, second = signed([b"a"], minutes=2), signed([b"a", b"b"], minutes=1)
    assert found([first], [first, second]) is Alarm.TIME_WENT_BACK
    assert found([first], [second]) is Alarm.TIME_WENT_BACK


def test_every_field_is_under_the_signature() -> None:
    good = signed([b"a"])
    later = good.head.at + timedelta(seconds=1)
    changes: list[dict[str, object]] = [{"size": 2}, {"root": "0" * 64}, {"at": later}]
    for change in changes:
        forged = SignedTreeHead(replace(good.head, **change), good.signature)  # type: ignore[arg-type]  # tests name fields
        assert found([], [forged]) is Alarm.BAD_SIGNATURE
    assert found([], [replace(good, signature="00" * 64)]) is Alarm.BAD_SIGNATURE


def test_the_head_of_another_session_or_key_rings_though_it_is_signed() -> None:
    assert found([], [signed([b"a"], live=LiveId("b" * 32))]) is Alarm.BAD_SIGNATURE
    other = HeadKey(bytes(32))
    theirs = other.sign(head_of([b"a"], key_id=other.key_id))
    assert found([], [theirs]) is Alarm.KEY_CHANGED
    in_our_name = other.sign(head_of([b"a"]))
    assert found([], [in_our_name]) is Alarm.BAD_SIGNATURE


def test_a_head_is_due_first_after_a_move_and_each_minute() -> None:
    last = head_of([b"a"])
    soon = NOON + timedelta(seconds=30)
    assert is_due(None, NOON, moved=False)
    assert not is_due(last, soon, moved=False)
    assert is_due(last, soon, moved=True)
    assert is_due(last, NOON + HEAD_EVERY, moved=False)


def test_a_clock_that_is_set_back_does_not_take_the_heads_with_it() -> None:
    last = head_of([b"a"])
    following = next_head(LIVE, [b"a"], last, NOON - timedelta(hours=1), KEY.key_id)
    assert following.at == last.at


def test_a_head_is_read_back_as_it_was_written_and_not_otherwise() -> None:
    good = signed([b"a"], minutes=1)
    assert read_head(good.to_json()) == good
    for change in (
        {"at": "2026-12-01T12:15:31+00:00"},
        {"at": "2026-02-30T12:15:31Z"},
        {"size": -1},
        {"size": 1.0},
        {"size": True},
        {"root": good.head.root.upper()},
        {"format": "evalsys-tree-head/2"},
        {"more": 1},
    ):
        with pytest.raises(InvalidInput):
            read_head({**good.to_json(), **change})


def test_a_piece_of_a_line_is_no_leaf_yet() -> None:
    assert lines_of(b"") == ()
    assert lines_of(b"a\nb\nhal") == (b"a", b"b")

"""One visit of a witness: fetch, check everything against what was kept, and say what is wrong."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from evalsys.cli.witness_notes import Seen
from evalsys.cli.witness_server import HEADS, TRANSCRIPT, Server, ShownHeads
from evalsys.domain.tree_head import (
    Alarm,
    Finding,
    SignedTreeHead,
    alarm_of_growth,
    alarm_of_lines,
    alarm_of_shown,
    check_heads,
    find_fork,
    find_withdrawn,
    key_id_of,
    lines_of,
)
from evalsys.errors import OutsideFailure, Tampered
from evalsys.ids import LiveId
from evalsys.store.head_key import is_signed_with

ALARM_NAMES: Mapping[Alarm, str] = {
    Alarm.REWRITTEN: "已签名的抽签记录被改写 · lines that were signed have been rewritten",
    Alarm.TRUNCATED: "已签名的抽签记录被截短 · lines that were signed are gone",
    Alarm.FORKED: "同一长度有两个不同的树根，有人看到的是另一份记录 · "
    "two records of one length: somebody is shown another one",
    Alarm.BAD_SIGNATURE: "树头的签名不对 · a head is not signed with the pinned key",
    Alarm.KEY_CHANGED: "签名密钥换了 · the signing key is not the pinned one",
    Alarm.TIME_WENT_BACK: "后来的树头时间反而更早 · a later head says an earlier time",
    Alarm.WITHDRAWN: "见过的树头不再公布，或前面插进了别的 · "
    "a head that was shown is withdrawn, or another was put before it",
    Alarm.CLOCK: "服务器的时钟与本机不同 · the server's clock is not ours",
    Alarm.SILENT: "很久没有新的树头 · no new head for too long",
}
_LAST_LINES = (b'"type":"close"}', b'"type":"abort"}')


class Rung(Exception):  # noqa: N818 - the word of the house for an alarm that went off
    """An alarm that must be heard, with the files that prove it."""

    def __init__(self, alarm: Alarm, files: Mapping[str, bytes], words: str = "") -> None:
        """Ring `alarm`; `words` say more than its name."""
        super().__init__(alarm)
        self.alarm = alarm
        self.files = files
        self.words = words


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit after which all is well."""

    seen: Seen
    """What to keep from now on."""
    fresh: tuple[SignedTreeHead, ...]
    """The heads that were not known before."""
    sealed: bool
    """The session has ended and no further head will come."""
    kept_back: int = 0
    """So many lines under the heads are not shown before the seal; the heads bind them."""


def visit(server: Server, live: LiveId, seen: Seen | None, key: bytes | None) -> Visit:
    """Look at `server` once; `seen` is what was kept, `key` pins the public key at first sight.

    Raises:
        OutsideFailure: the server did not answer; nothing can be said.
        Rung: something is wrong.
    """
    try:
        return _visit(server, live, seen, key)
    except Rung as rung:
        shown = {f"shown-{name}": data for name, data in _as_shown(server)}
        raise Rung(rung.alarm, {**rung.files, **shown}, rung.words) from rung


def compare(one: Seen, other: Seen) -> Finding | None:
    """Compare what two witnesses of one session kept; return what is wrong, or None."""
    if one.key != other.key:
        return Finding(Alarm.KEY_CHANGED, None)
    for head in (*one.heads, *other.heads):
        if not is_signed_with(one.key, head.head.to_sign(), head.signature):
            return Finding(Alarm.BAD_SIGNATURE, head)
    if fork := find_fork([*one.heads, *other.heads]):
        return fork
    for mine, lines in ((one, other.covered), (other, one.covered)):
        for head in mine.heads:
            if head.head.size <= len(lines) and alarm_of_lines(head.head, lines):
                return Finding(Alarm.FORKED, head)
    return None


def _visit(server: Server, live: LiveId, seen: Seen | None, key: bytes | None) -> Visit:
    told = server.heads()
    shown = told.heads
    pinned = seen.key if seen else key or told.key
    seen = seen or Seen(live, pinned)
    if told.key != pinned:
        newest = shown[-1] if shown else None
        raise _rung(Finding(Alarm.KEY_CHANGED, newest), seen, {})
    signed = partial(is_signed_with, pinned)
    if finding := check_heads(seen.heads, shown, live, key_id_of(pinned), signed):
        raise _rung(finding, seen, {})
    if not shown:
        return Visit(seen, (), sealed=False)
    return _look_below(server, seen, told)


def _look_below(server: Server, seen: Seen, told: ShownHeads) -> Visit:
    """Check that the lines under the heads only grew: by proof, and by hashing all there are."""
    shown = told.heads
    last = seen.heads[-1] if seen.heads else None
    newest = shown[-1]
    if last is not None:
        _prove_growth(server, seen, last, newest)
    try:
        transcript = server.transcript()
    except Tampered as error:
        raise _rung(Finding(Alarm.REWRITTEN, newest, last), seen, {}, error.what) from error
    lines = lines_of(transcript)
    known = set(seen.heads)
    fresh = tuple(one for one in shown if one not in known)
    kept_back = _kept_back(told, lines)
    _check_lines(server, seen, fresh, lines, kept_back=kept_back)
    if alarm := alarm_of_shown(lines_of(seen.transcript), lines):
        words = "还没有树头盖住、却已公开过的行 · lines that were shown before a head covered them"
        raise _rung(Finding(alarm, newest, last), seen, {}, words)
    if finding := find_withdrawn(seen.heads, shown):
        raise _rung(finding, seen, {})
    all_shown = b"".join(line + b"\n" for line in lines)
    kept = replace(seen, heads=(*seen.heads, *fresh), transcript=all_shown)
    # That it is sealed nobody signs: believed only when the record itself says that it ended.
    ended = bool(lines) and lines[-1].endswith(_LAST_LINES)
    return Visit(kept, fresh, told.sealed and ended, kept_back)


def _check_lines(
    server: Server,
    seen: Seen,
    fresh: Sequence[SignedTreeHead],
    lines: Sequence[bytes],
    *,
    kept_back: int,
) -> None:
    """Hash the lines under every head for which that was not done; prove those kept back."""
    covered = seen.covered
    # While the lines under the known heads are the same, only fresh heads need hashing.
    hashed = len(covered) if lines[: len(covered)] == covered else 0
    unproven = (*(one for one in seen.heads if one.head.size > hashed), *fresh)
    last = before = seen.heads[-1] if seen.heads else None
    for one in {one.head.size: one for one in unproven}.values():
        if kept_back and one.head.size > len(lines):
            if before is not None:
                _prove_growth(server, seen, before, one)
        elif alarm := alarm_of_lines(one.head, lines):
            raise _rung(Finding(alarm, one, last), seen, {})
        before = one


def _kept_back(told: ShownHeads, lines: Sequence[bytes]) -> int:
    """Count the lines under the heads that the server says it keeps back, and does.

    A sealed session keeps nothing back, and what was shown once must be shown again.
    """
    if told.sealed or told.withheld_from != len(lines):
        return 0
    return max(0, told.heads[-1].head.size - len(lines))


def _prove_growth(
    server: Server, seen: Seen, before: SignedTreeHead, after: SignedTreeHead
) -> None:
    """Check by proof, without any line, that the tree of one head only grew into the other's."""
    if after.head.size <= before.head.size:
        return
    proof = server.proof(before.head.size, after.head.size)
    if alarm := alarm_of_growth(before.head, after.head, proof):
        evidence = {"proof.json": _json([step.hex() for step in proof])}
        raise _rung(Finding(alarm, after, before), seen, evidence)


def _rung(finding: Finding, seen: Seen, more: Mapping[str, bytes], words: str = "") -> Rung:
    files = {"key-pinned.txt": seen.key.hex().encode(), "transcript-kept.jsonl": seen.transcript}
    heads = {"head-before.json": finding.before, "head-after.json": finding.after}
    files |= {name: _json(head.to_json()) for name, head in heads.items() if head is not None}
    return Rung(finding.alarm, {**files, **more}, words)


def _as_shown(server: Server) -> Iterator[tuple[str, bytes]]:
    """Fetch once more what is wrong, as it was sent: it may be gone tomorrow."""
    for name in (HEADS, TRANSCRIPT):
        with suppress(OutsideFailure, Tampered):
            yield name, server.fetch(name)


def _json(value: object) -> bytes:
    return json.dumps(value, indent=2, sort_keys=True).encode() + b"\n"

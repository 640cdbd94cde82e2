"""Signed tree heads 签名树头: what a witness keeps, and what it can find wrong with the next ones.

A head says how many lines the public transcript had, and the RFC 6962 root over them (a leaf
is a line without its LF). Whoever kept one head can tell later whether the record only grew.
Signatures are Ed25519; they are made and checked one floor up, the rules here say over what.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from itertools import pairwise, zip_longest

from evalsys.domain.canonical import canonical
from evalsys.domain.draw_shapes import SHA256, Fields, check_record, integer, one_of, text
from evalsys.domain.merkle import merkle_root, proves_consistency
from evalsys.domain.transcript import gained_signatures, time_text
from evalsys.errors import InvalidInput, Tampered
from evalsys.ids import LiveId

FORMAT = "evalsys-tree-head/1"
HEAD_EVERY = timedelta(minutes=1)
"""A head is due after this time even when nothing moved: silence must be noticed."""
RESTS_AFTER = timedelta(hours=12)
"""A session in which nothing happened for so long is left alone until something does."""

IsSigned = Callable[[bytes, str], bool]
"""Says whether a signature (128 hex) over some bytes is that of the key one trusts."""


class Alarm(StrEnum):
    """Everything that a witness can find; the only words for it."""

    REWRITTEN = "rewritten"
    """Lines that were covered by a head are not the same any more."""
    TRUNCATED = "truncated"
    """Lines that were covered by a head are gone."""
    FORKED = "forked"
    """Two heads of one size have different roots: somebody is shown another record."""
    BAD_SIGNATURE = "bad_signature"
    """A head is not signed, or it is the head of another session."""
    KEY_CHANGED = "key_changed"
    """The heads are signed with another key than before."""
    TIME_WENT_BACK = "time_went_back"
    """A later head says an earlier time."""
    WITHDRAWN = "withdrawn"
    """A head that was shown is not shown any more, or another was put before it."""
    CLOCK = "clock"
    """A fresh head says another time than the witness's own clock: a warning."""
    SILENT = "silent"
    """No new head for too long: a warning, for networks fail too."""


@dataclass(frozen=True, slots=True)
class TreeHead:
    """The tree over the first `size` lines of a session's transcript."""

    live: LiveId
    size: int
    root: str
    """RFC 6962 root over the lines, 64 hex."""
    at: datetime
    """When it was signed: aware UTC, whole seconds."""
    key_id: str
    """SHA-256 of the public key, 64 hex."""

    def to_sign(self) -> bytes:
        """Write the bytes that are signed: canonical JSON."""
        return canonical(self.to_json())

    def to_json(self) -> dict[str, str | int]:
        """Give the record that is signed."""
        return {
            "at": time_text(self.at),
            "format": FORMAT,
            "key_id": self.key_id,
            "live": self.live,
            "root": self.root,
            "size": self.size,
        }


@dataclass(frozen=True, slots=True)
class SignedTreeHead:
    """A head with the signature over `head.to_sign()`, 128 hex."""

    head: TreeHead
    signature: str

    def to_json(self) -> dict[str, str | int]:
        """Give the record that is published."""
        return {**self.head.to_json(), "signature": self.signature}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and the two heads that show it (`before` is missing when one is enough)."""

    alarm: Alarm
    after: SignedTreeHead | None
    before: SignedTreeHead | None = None


def key_id_of(public_key: bytes) -> str:
    """Name a public key: its SHA-256, of which people compare the first eight digits."""
    return sha256(public_key).hexdigest()


def read_head(value: object, place: str = "head") -> SignedTreeHead:
    """Read a published head.

    Raises:
        InvalidInput: it is not exactly of this format; names the field.
    """
    known = check_record(value, _FIELDS, place)
    try:
        at = datetime.strptime(known["at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise InvalidInput("没有这样的日期或时刻", place=f"{place}.at") from error
    head = TreeHead(LiveId(known["live"]), known["size"], known["root"], at, known["key_id"])
    return SignedTreeHead(head, known["signature"])


def lines_of(transcript: bytes) -> tuple[bytes, ...]:
    """Cut a transcript into the leaves of its tree; a piece without its LF is no line yet."""
    return tuple(transcript.split(b"\n")[:-1])


def is_due(last: TreeHead | None, now: datetime, *, moved: bool) -> bool:
    """Say whether a head should be signed: the first, after an event that counts, each minute."""
    return last is None or moved or now - last.at >= HEAD_EVERY


def next_head(
    live: LiveId, lines: Sequence[bytes], last: TreeHead | None, now: datetime, key_id: str
) -> TreeHead:
    """Make the head over `lines`, which follows `last` (None before the first).

    Its time never lies before that of `last`, whatever the clock says.

    Raises:
        Tampered: the lines that `last` covers are not there any more as they were.
    """
    if last is not None and (alarm := alarm_of_lines(last, lines)):
        raise Tampered(
            f"会议 {live} 的抽签记录与 {time_text(last.at)} 签名的树头不符（{alarm}），不再签名。",
            remedy="请保留现场，通知审计人员，并与见证人手中的树头核对。",
        )
    at = now.astimezone(UTC).replace(microsecond=0)
    return TreeHead(
        live,
        len(lines),
        merkle_root(lines).hex(),
        max(at, last.at) if last is not None else at,
        key_id,
    )


def alarm_of_lines(head: TreeHead, lines: Sequence[bytes]) -> Alarm | None:
    """Say what is wrong with a transcript that should begin with what `head` covers."""
    if len(lines) < head.size:
        return Alarm.TRUNCATED
    if merkle_root(lines[: head.size]).hex() != head.root:
        return Alarm.REWRITTEN
    return None


def alarm_of_growth(old: TreeHead, new: TreeHead, proof: Sequence[bytes]) -> Alarm | None:
    """Say what is wrong between a head that one kept and a later one with its consistency proof.

    `proof` holds the hashes of RFC 6962 section 2.1.2, 32 bytes each; none for equal sizes.
    """
    if alarm := _alarm_of_order(old, new):
        return alarm
    old_root, root = bytes.fromhex(old.root), bytes.fromhex(new.root)
    if not proves_consistency(old.size, old_root, new.size, root, proof):
        return Alarm.REWRITTEN
    return None


def check_heads(
    known: Sequence[SignedTreeHead],
    shown: Sequence[SignedTreeHead],
    live: LiveId,
    key_id: str,
    is_signed: IsSigned,
) -> Finding | None:
    """Compare all heads that a server shows, oldest first, with those that a witness kept.

    Returns the first thing that is wrong, or None. Whether the *lines* under the heads only
    grew is for `alarm_of_growth` and `alarm_of_lines` to say.
    """
    kept = known[-1] if known else None
    for one in shown:
        if alarm := _alarm_of_origin(one, live, key_id, is_signed):
            return Finding(alarm, one, kept)
    if kept is not None and not shown:
        return Finding(Alarm.TRUNCATED, None, kept)
    return find_fork([*known, *shown]) or _find_disorder(known, shown)


def _find_disorder(
    known: Sequence[SignedTreeHead], shown: Sequence[SignedTreeHead]
) -> Finding | None:
    """Find a step back in size or time."""
    kept = known[-1] if known else None
    steps = [*pairwise(shown)]
    if kept is not None:
        steps.append((kept, shown[-1]))
    for old, new in steps:
        if alarm := _alarm_of_order(old.head, new.head):
            return Finding(alarm, new, old)
    return None


def find_withdrawn(
    known: Sequence[SignedTreeHead], shown: Sequence[SignedTreeHead]
) -> Finding | None:
    """Find a head that was shown and is not any more, or before which another was put.

    Heads are only ever appended: whatever was seen stands first, in the same order.
    """
    for old, new in zip_longest(known, shown[: len(known)]):
        if old != new:
            return Finding(Alarm.WITHDRAWN, new, old)
    return None


def alarm_of_shown(before: Sequence[bytes], now: Sequence[bytes]) -> Alarm | None:
    """Say what is wrong with lines that were shown before any head covered them.

    They may not change either, but for signatures that a last dice or bind line gains.
    """
    if len(now) < len(before):
        return Alarm.TRUNCATED
    changed = [i for i, line in enumerate(before) if line != now[i]]
    if not changed or (
        changed == [len(before) - 1] and gained_signatures(before[-1], now[changed[0]])
    ):
        return None
    return Alarm.REWRITTEN


def find_fork(heads: Sequence[SignedTreeHead]) -> Finding | None:
    """Find two heads of one size with different roots."""
    by_size: dict[int, SignedTreeHead] = {}
    for one in heads:
        other = by_size.setdefault(one.head.size, one)
        if other.head.root != one.head.root:
            return Finding(Alarm.FORKED, one, other)
    return None


def _alarm_of_origin(
    one: SignedTreeHead, live: LiveId, key_id: str, is_signed: IsSigned
) -> Alarm | None:
    if one.head.key_id != key_id:
        return Alarm.KEY_CHANGED
    if one.head.live != live or not is_signed(one.head.to_sign(), one.signature):
        return Alarm.BAD_SIGNATURE
    return None


def _alarm_of_order(old: TreeHead, new: TreeHead) -> Alarm | None:
    if new.size < old.size:
        return Alarm.TRUNCATED
    if new.size == old.size and new.root != old.root:
        return Alarm.FORKED
    if new.at < old.at:
        return Alarm.TIME_WENT_BACK
    return None


_FIELDS: Fields = {
    "at": text("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"),
    "format": one_of(FORMAT),
    "key_id": SHA256,
    "live": text("[0-9a-f]{32}"),
    "root": SHA256,
    "signature": text("[0-9a-f]{128}"),
    "size": integer(0, 2**53 - 1),
}

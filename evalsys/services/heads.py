"""Tree heads: sign how far a session's transcript has come, and prove that it only grew."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.live.events import Recorded
from evalsys.domain.live.events_ceremony import WitnessSigned
from evalsys.domain.live.transcript import makes_line, manifest_of, transcript_of
from evalsys.domain.live.words import Phase
from evalsys.domain.merkle import consistency_proof, inclusion_proof, merkle_root
from evalsys.domain.transcript import settled_lines
from evalsys.domain.tree_head import (
    HEAD_EVERY,
    RESTS_AFTER,
    SignedTreeHead,
    is_due,
    next_head,
)
from evalsys.errors import InvalidInput, NotFound, Tampered
from evalsys.ids import LiveId
from evalsys.services.live_session import LiveSessions
from evalsys.store import event_log, live_sessions, tree_heads
from evalsys.store.database import Database
from evalsys.store.head_key import HeadKey
from evalsys.store.live_sessions import LiveSummary

_BEFORE = {Phase.PLANNED, Phase.FROZEN}
"""Nothing of the draw has happened yet."""
_ENDED = {Phase.CLOSED, Phase.SEALED}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Read:
    """A transcript as it was when the session's record had a certain head."""

    head: tuple[int, str]
    transcript: bytes
    settled: tuple[bytes, ...]
    """Its lines without LF, but for a last one that witnesses may yet sign: heads cover these."""


_Moves = tuple[int, Phase | None]
"""What counts as a move: a further draw, the close, the seal."""


@dataclass(frozen=True, slots=True)
class PublishedHeads:
    """What a witness is shown of a session."""

    live: LiveId
    public_key: bytes
    """Ed25519, 32 bytes."""
    sealed: bool
    """The session is sealed and its last head is signed: no further head will come."""
    heads: tuple[SignedTreeHead, ...]
    withheld_from: int | None = None
    """Number, from 0, of the first line under the heads that is kept back until the seal."""

    def up_to(self, shown: "ShownLines", *, is_late: bool) -> "PublishedHeads":
        """Leave out the heads over lines that the web has not come to.

        Where something waits in the delay it is not said either that the session is sealed.
        """
        heads = tuple(one for one in self.heads if one.head.size <= shown.covered)
        is_open = shown.open == shown.covered
        return replace(
            self,
            heads=heads,
            sealed=self.sealed and not is_late,
            withheld_from=None if is_open else shown.open,
        )

    def to_json(self) -> dict[str, object]:
        """Give the record that is published."""
        kept_back = {} if self.withheld_from is None else {"withheld_from": self.withheld_from}
        return {
            "live": self.live,
            "key": self.public_key.hex(),
            "sealed": self.sealed,
            "heads": [one.to_json() for one in self.heads],
            **kept_back,
        }


@dataclass(frozen=True, slots=True)
class ShownLines:
    """How many settled lines somebody may know of."""

    open: int
    """Those that are handed out as they are."""
    covered: int
    """Those over which heads and proofs are given: a hash tells no words."""


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Proof that a line is leaf `leaf` (from 0) of the tree of `size`."""

    leaf: int
    size: int
    line: str
    root: str
    path: tuple[str, ...]
    """Sibling hashes, lowest first, 64 hex each."""


class Heads:
    """Signs heads of the sessions that are under way, and answers witnesses."""

    def __init__(
        self, database: Database, live_sessions: LiveSessions, key: HeadKey, now: Clock
    ) -> None:
        """Sign with `key`."""
        self._database = database
        self._live = live_sessions
        self._key = key
        self._now = now
        self._signed: dict[LiveId, _Moves] = {}
        """The moves that this process has seen covered by a head."""
        self._refused_at: dict[LiveId, datetime] = {}
        self._last_read: dict[LiveId, _Read] = {}

    @property
    def key_id(self) -> str:
        """SHA-256 of the public key, 64 hex; pages show the first eight."""
        return self._key.key_id

    def sign_due(self) -> None:
        """Sign a head of every session for which one is due; call it every few seconds.

        A session whose record does not continue its own heads gets none, and the server's log
        says so each minute; the others are not kept waiting by it.
        """
        with self._database.read() as db:
            under_way = [one for one in live_sessions.every(db) if one.phase not in _BEFORE]
        for summary in under_way:
            try:
                self._sign(summary)
            except Tampered as error:
                self._refused_at[summary.id] = self._now()
                _log.critical("no tree head for session %s: %s", summary.id, error)

    def published(self, live: LiveId) -> PublishedHeads:
        """Return all heads of a session.

        Raises:
            NotFound: there is no such session.
        """
        with self._database.read() as db:
            summary = next((one for one in live_sessions.every(db) if one.id == live), None)
            if summary is None:
                raise _no_session()
            heads = tree_heads.every(db, live)
        sealed = summary.phase is Phase.SEALED and self._signed.get(live) == _moves(summary)
        return PublishedHeads(live, self._key.public, sealed, heads)

    @staticmethod
    def lines(provable: Sequence[Recorded], covered: Sequence[Recorded]) -> ShownLines:
        """Count the lines of two beginnings of a record that heads may cover."""
        every = len(_settled(covered, transcript_of(covered)))
        if len(provable) == len(covered):
            return ShownLines(every, every)
        return ShownLines(transcript_of(provable).count(b"\n"), every)

    def transcript(self, live: LiveId) -> bytes:
        """Return the transcript as it stands, `transcript.jsonl`; empty before the manifest.

        Raises:
            NotFound: there is no such session.
            Tampered: its record was altered.
        """
        return self._read(live).transcript

    def chain_head(self, live: LiveId) -> tuple[int, str] | None:
        """Give number (from 0) and SHA-256 of the last line that cannot change any more.

        None before the manifest is published. Raises NotFound when there is no such session.
        """
        with self._database.read() as db:
            known = self._last_read.get(live)
            is_known = known is not None and self._has_no_line_since(db, live, known)
        settled = (known if known and is_known else self._read(live)).settled
        return (len(settled) - 1, sha256(settled[-1]).hexdigest()) if settled else None

    def consistency(
        self, live: LiveId, first: int, second: int, *, shown: ShownLines | None = None
    ) -> tuple[str, ...]:
        """Prove that the tree of `first` lines is a beginning of the tree of `second` lines.

        Whoever may know only what was `shown` is told of no more.

        Raises:
            InvalidInput: 0 <= first <= second <= lines does not hold.
        """
        lines = self._read(live).settled[: shown.covered if shown else None]
        if not 0 <= first <= second <= len(lines):
            raise _out_of_range(lines)
        return tuple(step.hex() for step in consistency_proof(lines[:second], first))

    def inclusion(
        self, live: LiveId, leaf: int, size: int, *, shown: ShownLines | None = None
    ) -> Inclusion:
        """Prove that line `leaf` (from 0) belongs to the tree of the first `size` lines.

        Whoever may know only what was `shown` is told of no more.

        Raises:
            InvalidInput: 0 <= leaf < size <= lines does not hold, or the line is kept back.
        """
        lines = self._read(live).settled[: shown.covered if shown else None]
        if not 0 <= leaf < size <= len(lines) or (shown and leaf >= shown.open):
            raise _out_of_range(lines[: shown.open if shown else None])
        tree = lines[:size]
        path = tuple(step.hex() for step in inclusion_proof(tree, leaf))
        return Inclusion(leaf, size, lines[leaf].decode(), merkle_root(tree).hex(), path)

    def _sign(self, summary: LiveSummary) -> None:
        live, moves, now = summary.id, _moves(summary), self._now()
        if summary.phase is Phase.SEALED and self._signed.get(live) == moves:
            return
        refused_at = self._refused_at.get(live)
        if refused_at is not None and now - refused_at < HEAD_EVERY:
            return
        last_event_at = self._live.state(live).last_at or now
        with self._database.read() as db:
            newest = tree_heads.last(db, live)
            last = newest.head if newest else None
            if live not in self._signed and last is not None and last.at > last_event_at:
                # An earlier process signed after everything that happened.
                self._signed[live] = moves
            moved = self._signed.get(live) != moves
            over = summary.phase is Phase.SEALED or now - last_event_at > RESTS_AFTER
            if (over and not moved) or not is_due(last, now, moved=moved):
                return
            lines = self._fresh(db, live).settled
        head = next_head(live, lines, last, now, self._key.key_id)
        with self._database.write() as db:
            event_log.lock(db, live)
            # Another process was faster: its head says what ours would.
            if tree_heads.last(db, live) == newest:
                tree_heads.append(db, self._key.sign(head))
        self._signed[live] = moves
        self._live.announce(live)  # the stage shows the newest head

    @staticmethod
    def _has_no_line_since(db: Session, live: LiveId, known: _Read) -> bool:
        """Whether the transcript is still the known one: most steps of a show add no line to it.

        Every picture asks, so the whole record is not read for each.
        """
        if event_log.hash_of(db, live, known.head[0]) != known.head[1]:
            return False
        since = event_log.read(db, live, after=known.head[0])
        return not any(makes_line(r.event) or isinstance(r.event, WitnessSigned) for r in since)

    def _read(self, live: LiveId) -> _Read:
        with self._database.read() as db:
            head = event_log.head(db, live)
            if head[0] == 0:
                raise _no_session()
            known = self._last_read.get(live)
            return known if known is not None and known.head == head else self._fresh(db, live)

    def _fresh(self, db: Session, live: LiveId) -> _Read:
        records = tuple(event_log.read(db, live))
        transcript = transcript_of(records)
        settled = _settled(records, transcript)
        self._last_read[live] = read = _Read(event_log.head(db, live), transcript, settled)
        return read


def _settled(records: Sequence[Recorded], transcript: bytes) -> tuple[bytes, ...]:
    manifest = manifest_of(records)
    return settled_lines(transcript, len(manifest.witness_keys) if manifest else 0)


def _moves(summary: LiveSummary) -> _Moves:
    return summary.drawn, summary.phase if summary.phase in _ENDED else None


def _no_session() -> NotFound:
    return NotFound("没有这场会议。", remedy="请从首页的会议列表进入。")


def _out_of_range(lines: Sequence[bytes]) -> InvalidInput:
    return InvalidInput(
        f"请求的行数超出范围：抽签记录现有 {len(lines)} 行。",
        remedy="请用 heads.json 中的 size 作为参数。",
    )

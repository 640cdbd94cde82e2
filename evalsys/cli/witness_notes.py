"""A witness's own folder: what it saw, kept where the server that it watches cannot reach."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from evalsys.domain.draw_shapes import SHA256, check_record, text
from evalsys.domain.tree_head import SignedTreeHead, lines_of, read_head
from evalsys.errors import InvalidInput
from evalsys.ids import LiveId

WATCHED = "watched.json"
HEADS = "heads.jsonl"
TRANSCRIPT = "transcript.jsonl"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a witness knows of a session, all of it checked when it was kept."""

    live: LiveId
    key: bytes
    """The public key pinned at first sight, 32 bytes."""
    heads: tuple[SignedTreeHead, ...] = ()
    transcript: bytes = b""
    """All lines that were shown, also those that no head covers yet."""

    @property
    def covered(self) -> tuple[bytes, ...]:
        """The lines, without LF, that the last head covers: they can never change."""
        return lines_of(self.transcript)[: self.heads[-1].head.size if self.heads else 0]


class Notes:
    """The folder of one session: `watched.json`, `heads.jsonl`, `transcript.jsonl`, alarms."""

    def __init__(self, folder: Path) -> None:
        """Keep notes in `folder`, which is made when something is kept."""
        self.folder = folder

    def read(self) -> Seen | None:
        """Read what was kept; None when nothing was yet.

        Raises:
            InvalidInput: a file was altered or is missing; names it.
        """
        if not (self.folder / WATCHED).exists():
            return None
        known = check_record(self._json(self._bytes(WATCHED), WATCHED), _WATCHED, WATCHED)
        heads, transcript = lines_of(self._bytes(HEADS)), self._bytes(TRANSCRIPT)
        return Seen(
            LiveId(known["live"]),
            bytes.fromhex(known["key"]),
            tuple(read_head(self._json(line, HEADS), HEADS) for line in heads),
            transcript,
        )

    def keep(self, seen: Seen) -> None:
        """Keep what was seen, safe against a power cut at any moment."""
        self.folder.mkdir(parents=True, exist_ok=True)
        # The last file is the one without which nothing counts as kept.
        _replace(self.folder / TRANSCRIPT, seen.transcript)
        _replace(self.folder / HEADS, b"".join(_line(head.to_json()) for head in seen.heads))
        _replace(self.folder / WATCHED, _line({"key": seen.key.hex(), "live": seen.live}))

    def keep_evidence(self, name: str, at: datetime, files: Mapping[str, bytes]) -> Path:
        """Write the evidence of an alarm into a folder of its own and return it."""
        folder = self.folder / f"alarm-{at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-{name}"
        folder.mkdir(parents=True)
        for file, data in files.items():
            _replace(folder / file, data)
        return folder

    def _bytes(self, name: str) -> bytes:
        try:
            return (self.folder / name).read_bytes()
        except OSError as error:
            raise self._damaged(name) from error

    def _json(self, data: bytes, name: str) -> object:
        try:
            value: object = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise self._damaged(name) from error
        return value

    def _damaged(self, name: str) -> InvalidInput:
        return InvalidInput(
            "见证记录损坏。",
            remedy="请从备份恢复这个文件夹；不要删除，它是证据。",
            place=str(self.folder / name),
        )


def _line(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _replace(file: Path, data: bytes) -> None:
    fresh = file.with_name(f"{file.name}.new")
    with fresh.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)


_WATCHED = {"key": SHA256, "live": text("[0-9a-f]{32}")}

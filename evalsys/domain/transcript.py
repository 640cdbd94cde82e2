"""The transcript 实录 of a draw: `transcript.jsonl`, a hash chain of typed lines (draw.md, 7).

Line i is canonical JSON `{"at","body","i","prev","sigs","type"}` and ends with LF; `prev` is
the SHA-256 of the line before without its LF, for line 0 the manifest's `prev_head`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, TypeAlias

from evalsys.domain.beacon import MAX_ROUND
from evalsys.domain.canonical import canonical, parse_canonical
from evalsys.domain.draw import MASTER_DICE, SHOWN_TICKETS, SLOT_DICE
from evalsys.domain.draw_roster import split_lines
from evalsys.domain.draw_shapes import (
    CADRE,
    MAX_HOUSEHOLDS,
    MAX_SLOTS,
    POSITION,
    SHA256,
    SLOT,
    SOME_ID,
    STRATUM,
    WORDS,
    Fields,
    boolean,
    check_record,
    integer,
    listed,
    mapping,
    one_of,
    pair,
    text,
)
from evalsys.domain.manifest import FinalCode
from evalsys.domain.quiz import MOST_QUESTIONS
from evalsys.domain.witness_keys import WITNESSED, SignedLine, is_settled
from evalsys.errors import InvalidInput

Body: TypeAlias = Mapping[str, Any]
"""The body of a line, of exactly the fields that its type has."""

MAX_QUESTIONS = 99_999
"""What can be asked about all households of a cadre; bounds what a verifier computes."""
MAX_CALL_S = 86_400
"""The longest ringing or talk, in seconds, that a `call` line can tell of."""


class AbortReason(StrEnum):
    """Why an attempt was given up; the only reasons."""

    POWER_FAILURE = "power_failure"
    BROADCAST_FAILURE = "broadcast_failure"
    SYSTEM_FAILURE = "system_failure"
    INVALID_DICE = "invalid_dice"
    SAFETY = "safety"
    COURT_ORDER = "court_order"


class CarrierStatus(StrEnum):
    """How the carrier says that a call ended."""

    COMPLETED = "completed"
    """Somebody, or a machine, picked up."""
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    """The number does not exist or cannot be reached."""
    CANCELED = "canceled"
    """Hung up from our side while ringing."""


@dataclass(frozen=True, slots=True)
class TranscriptEntry:
    """One thing that happened: when (aware UTC, kept to the second), what, and signatures."""

    at: datetime
    type: str
    body: Body
    sigs: Mapping[str, str] = field(default_factory=dict)
    """Ed25519 signatures in hex by witness, over the line with empty `sigs`."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """A whole transcript whose lines and chain were found good, and the hash of its end."""

    entries: tuple[TranscriptEntry, ...]
    head: str
    """SHA-256 of the last line: the `prev_head` of the next session, 64 hex."""
    signed: tuple[SignedLine, ...] = ()
    """The lines that bear signatures."""


def write_transcript(entries: Iterable[TranscriptEntry], first_prev: str) -> bytes:
    """Write transcript.jsonl; `first_prev` is the manifest's `prev_head`.

    Raises InvalidInput when an entry's type or body is not one of the protocol.
    """
    prev, lines = first_prev, []
    for i, entry in enumerate(entries):
        line = write_line(entry, i, prev)
        prev = sha256(line).hexdigest()
        lines.append(line + b"\n")
    return b"".join(lines)


def write_line(entry: TranscriptEntry, i: int, prev: str) -> bytes:
    """Write line `i` = 0, 1, ... without LF; `prev` is the hash of the line before.

    Raises InvalidInput when the entry's type or body is not one of the protocol.
    """
    _check_body(entry.type, entry.body, place=f"transcript.jsonl:{i + 1}")
    return canonical(
        {
            "at": time_text(entry.at),
            "body": dict(entry.body),
            "i": i,
            "prev": prev,
            "sigs": dict(entry.sigs),
            "type": entry.type,
        }
    )


def parse_transcript(data: bytes, first_prev: str) -> Transcript:
    """Read transcript.jsonl and follow its chain from `first_prev`, the manifest's `prev_head`.

    Raises InvalidInput, naming the line, for the first one that is not canonical, has a
    wrong body, does not continue the chain, or goes back in time.
    """
    prev = first_prev
    entries: list[TranscriptEntry] = []
    signed: list[SignedLine] = []
    for i, line in enumerate(split_lines(data, "transcript.jsonl")):
        place = f"transcript.jsonl:{i + 1}"
        try:
            value = parse_canonical(line)
        except InvalidInput as error:
            raise InvalidInput(error.what, remedy=error.remedy, place=place) from error
        frame = check_record(value, _FRAME, place)
        if frame["i"] != i or frame["prev"] != prev:
            raise InvalidInput("链条在此断开：序号或上一行的散列不符", place=place)
        _check_body(frame["type"], frame["body"], place)
        at = _time_of(frame["at"], place)
        if entries and at < entries[-1].at:
            raise InvalidInput("时间早于上一行", place=place)
        entries.append(TranscriptEntry(at, frame["type"], frame["body"], frame["sigs"]))
        if frame["sigs"]:
            to_sign = canonical({**frame, "sigs": {}})
            signed.append(SignedLine(i + 1, to_sign, frame["sigs"]))
        prev = sha256(line).hexdigest()
    return Transcript(tuple(entries), prev, tuple(signed))


def bytes_to_sign(line: bytes) -> bytes:
    """Give what witnesses sign of a line of transcript.jsonl, without LF: `sigs` emptied.

    Raises InvalidInput when it is no canonical line.
    """
    frame = check_record(parse_canonical(line), _FRAME, "line")
    return canonical({**frame, "sigs": {}})


def gained_signatures(before: bytes, now: bytes) -> bool:
    """Say whether `now` is the dice or bind line `before` with more signatures, else the same."""
    try:
        old, new = (check_record(parse_canonical(line), _FRAME, "line") for line in (before, now))
    except InvalidInput:
        return False
    kept = {name: new["sigs"].get(name) for name in old["sigs"]}
    return (
        old["type"] in WITNESSED
        and {**old, "sigs": {}} == {**new, "sigs": {}}
        and kept == old["sigs"]
    )


def settled_lines(transcript: bytes, witnesses: int) -> tuple[bytes, ...]:
    """Cut a transcript into lines without LF; a last line that may yet be signed is left out.

    `witnesses` is how many keys the manifest names. Raises InvalidInput for a broken last line.
    """
    lines = tuple(split_lines(transcript, "transcript.jsonl"))
    if not lines:
        return ()
    kind = check_record(parse_canonical(lines[-1]), _FRAME, "line")["type"]
    return lines if is_settled(kind, witnesses, is_last=True) else lines[:-1]


def time_text(at: datetime) -> str:
    """Spell an aware time as the transcript does: UTC, whole seconds, `2026-12-01T12:15:31Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _time_of(spelling: str, place: str) -> datetime:
    try:
        return datetime.strptime(spelling, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise InvalidInput("没有这样的日期或时刻", place=f"{place}.at") from error


def _check_body(kind: str, body: object, place: str) -> None:
    fields = _BODIES.get(kind)
    if fields is None:
        raise InvalidInput("协议中没有这一类型", place=f"{place}.type")
    if kind == "dice" and isinstance(body, dict) and body.get("purpose") == "slot":
        fields = _DICE_OF_A_SLOT
    if kind == "beacon" and isinstance(body, dict) and "previous_signature" in body:
        fields = _PULSE_OF_A_CHAIN
    check_record(body, fields, f"{place}.body")


_TIME = text("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_SECONDS = integer(0, MAX_CALL_S)
_ROUND = integer(1, MAX_ROUND)
_PURPOSE = one_of("master", "slot", "hh")
_SOURCE = one_of("cups", "rehearsal")

_FRAME: Fields = {
    "at": _TIME,
    "body": lambda value: isinstance(value, dict),
    "i": integer(0, 2**53 - 1),
    "prev": SHA256,
    "sigs": mapping(SOME_ID, text("[0-9a-f]{128}")),
    "type": text("[a-z_]{1,16}"),
}

_DICE_OF_A_SLOT: Fields = {
    "purpose": one_of("slot"),
    "j": SLOT,
    "digits": text(f"[0-9]{{{SLOT_DICE}}}"),
    "source": _SOURCE,
}

_PULSE: Fields = {
    "purpose": _PURPOSE,
    "j": integer(0, MAX_SLOTS),
    "round": _ROUND,
    "signature": text("[0-9a-f]{96}|[0-9a-f]{192}"),
    "randomness": SHA256,
}
_PULSE_OF_A_CHAIN: Fields = {**_PULSE, "previous_signature": text("[0-9a-f]{64}|[0-9a-f]{192}")}

_QUESTION = pair(POSITION, text("[a-z][a-z0-9_]{0,31}"))

_BODIES: Mapping[str, Fields] = {
    "manifest": {"sha256": SHA256},
    "open": {"rehearsal": boolean},
    "dice": {
        "purpose": one_of("master"),
        "digits": text(f"[0-9]{{{MASTER_DICE}}}"),
        "source": _SOURCE,
    },
    "bind": {
        "purpose": _PURPOSE,
        "j": integer(0, MAX_SLOTS),
        "round": _ROUND,
        "round_time": _TIME,
    },
    "beacon": _PULSE,
    "slot": {
        "j": SLOT,
        "stratum": STRATUM,
        "cadre": CADRE,
        "ticket": SHA256,
        "runners_up": listed(pair(CADRE, SHA256), most=SHOWN_TICKETS - 1),
        "eligible_n": integer(1, 99_999_999),
    },
    "hh_order": {
        "j": integer(0, MAX_SLOTS),
        "cadre": CADRE,
        "order": listed(POSITION, most=MAX_HOUSEHOLDS),
    },
    "hh_open": {"cadre": CADRE, "k": POSITION},
    "call": {
        "cadre": CADRE,
        "k": POSITION,
        "attempt": integer(1, 99),
        "sid": text("[!-~]{1,64}"),
        "status": one_of(*CarrierStatus),
        "ring_s": _SECONDS,
        "talk_s": _SECONDS,
    },
    "score": {"cadre": CADRE, "k": POSITION, "sha256": SHA256},
    "hh_final": {"cadre": CADRE, "k": POSITION, "code": one_of(*FinalCode)},
    "quiz": {
        "cadre": CADRE,
        "salt": text("[0-9a-f]{32}"),
        "homes": listed(SHA256, most=MAX_HOUSEHOLDS),
        "items": listed(_QUESTION, most=MAX_QUESTIONS),
        "withdrawn": listed(_QUESTION, most=MAX_QUESTIONS),
        "asked": listed(_QUESTION, least=1, most=MOST_QUESTIONS),
    },
    "named": {"cadre": CADRE, "by": WORDS, "reason": WORDS},
    "abort": {"reason": one_of(*AbortReason), "attempt": integer(1, 99)},
    "close": {"slots": integer(0, MAX_SLOTS)},
}

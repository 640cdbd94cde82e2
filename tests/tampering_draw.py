"""Every way to tamper with a bundle that tests try, for all verifiers alike."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from evalsys.domain.manifest import FinalCode
from evalsys.domain.transcript import CarrierStatus, TranscriptEntry, parse_transcript
from evalsys.domain.verify import Bundle
from evalsys.domain.verify_steps import Finding
from evalsys.errors import InvalidInput
from tests.builders_draw import Draw, digits

FILES = ("manifest", "roster", "transcript")
SPELLINGS = {
    "CRLF": (b"\n", b"\r\n"),
    "BOM": (b"{", b"\xef\xbb\xbf{"),
    "leading zero": (b":1", b":01"),
    "float": (b":1", b":1.0"),
    "exponent": (b":1", b":1e0"),
    "full-width digit": (b":1", ":\uff11".encode()),
    "full-width digit in a text": (b'"0', '"\uff10'.encode()),
    "key twice": (b"{", b'{"cadre":"00000001",'),
    "line feed too many": (b"}", b"}\n"),
    "space": (b",", b", "),
    "escape too many": (b"a", b"\\u0061"),
    "number as text": (b":1", b':"1"'),
    "true for one": (b":1", b":true"),
}
"""The same content, or nearly, in another spelling: what to replace once, by what."""


@dataclass(frozen=True)
class Case:
    """One tampered bundle, the final hash that the viewer knows, and what must be found."""

    name: str
    tampered: Bundle | Draw
    head: str = ""
    must_be: Finding | None = Finding.BAD
    """None where the rules alone cannot tell; verifiers must still agree."""

    @property
    def bundle(self) -> Bundle:
        """Written only when it is asked for: not everybody tries every case."""
        return self.tampered.bundle if isinstance(self.tampered, Draw) else self.tampered


def tampered(draw: Draw) -> Iterator[Case]:
    """Tamper with a good rehearsal in every way."""
    bundle = draw.bundle
    head = parse_transcript(bundle.transcript or b"", draw.manifest.prev_head).head
    yield Case("untouched", bundle, head, Finding.GOOD)
    yield Case("another head", bundle, "0" * 64)
    for file in FILES:
        yield Case(f"no {file}", replace(bundle, **{file: None}), must_be=Finding.INCOMPLETE)
        yield Case(f"empty {file}", replace(bundle, **{file: b""}), must_be=None)
        for name, data in _respelt(getattr(bundle, file)):
            yield Case(f"{file}: {name}", replace(bundle, **{file: data}), head)
    for name, rebuilt in (*_rebuilt(draw), *_misplayed(draw)):
        yield Case(name, rebuilt, must_be=None)
    yield from _swapped(draw)


def _respelt(data: bytes) -> Iterator[tuple[str, bytes]]:
    for i in range(0, len(data), 1 + len(data) // 300):
        yield f"bit at {i}", data[:i] + bytes([data[i] ^ 1]) + data[i + 1 :]
    for i in range(0, len(data), 1 + len(data) // 40):
        yield f"cut at {i}", data[:i]
        yield f"doubled from {i}", data[:i] + data[i:] + data[i:]
        noise = bytes.fromhex(f"{int(digits(f'noise {i}', 8)):08x}"[:8])
        yield f"noise at {i}", data[:i] + noise + data[i + 1 :]
    for name, (old, new) in SPELLINGS.items():
        for replaced in (data.replace(old, new, 1), new.join(data.rsplit(old, 1))):
            if replaced != data:
                yield name, replaced
    for digest in re.findall(rb"[0-9a-f]{64}", data)[:8]:
        if digest.upper() != digest:
            yield "upper-case hex", data.replace(digest, digest.upper())


def _rebuilt(draw: Draw) -> Iterator[tuple[str, Draw]]:
    """Lines left out, doubled, exchanged, cut off and reworded, each in a chain built anew."""
    entries = draw.entries
    for i, entry in enumerate(entries):
        before, after = entries[:i], entries[i + 1 :]
        yield f"until {i}", replace(draw, entries=before)
        yield f"without {i}", replace(draw, entries=(*before, *after))
        yield f"twice {i}", replace(draw, entries=(*before, entry, entry, *after))
        yield f"exchanged {i}", replace(draw, entries=(*before, *after[:1], entry, *after[1:]))
        for name, value in _reworded(draw, entry):
            reworded = replace(entry, body={**entry.body, name: value})
            rebuilt = replace(draw, entries=(*before, reworded, *after))
            try:
                _ = rebuilt.bundle
            except InvalidInput:  # not even writable
                continue
            yield f"{entry.type}.{name} {i}", rebuilt
    at_once = tuple(replace(entry, at=entries[0].at) for entry in entries)
    yield "all at once", replace(draw, entries=at_once)
    signed = replace(entries[-1], sigs={"W1": "0" * 128})
    yield "signed", replace(draw, entries=(*entries[:-1], signed))


def _reworded(draw: Draw, entry: TranscriptEntry) -> Iterator[tuple[str, object]]:
    """Other values of the same shape for each field, and every word of a closed list."""
    for name, value in entry.body.items():
        yield name, another(value)
        words = {"status": CarrierStatus, "code": FinalCode, "source": ("cups", "rehearsal")}
        yield from ((name, str(word)) for word in words.get(name, ()) if word != value)
        if name in {"sid", "sha256"}:
            first = draw.entries[draw.line_of(entry.type)].body[name]
            yield name, first


def _misplayed(draw: Draw) -> Iterator[tuple[str, Draw]]:
    """One more fact of the calls at every place: a further household, call, score or final code."""
    opened: dict[str, list[int]] = {}
    orders: dict[str, list[int]] = {}
    statuses, codes = list(CarrierStatus), list(FinalCode)
    for i, entry in enumerate(draw.entries):
        cadre = str(entry.body.get("cadre", ""))
        if entry.type == "hh_order":
            orders[cadre] = entry.body["order"]
        if entry.type == "hh_open":
            opened.setdefault(cadre, []).append(entry.body["k"])
        for drawn, order in orders.items():
            known = opened.get(drawn, [])
            waiting = order[len(known) :][:1]
            yield from (
                (f"{kind} after {i}", draw.inserted(i + 1, kind, cadre=drawn, k=k, **more))
                for k in (*known[-2:], *waiting)
                for kind, more in (
                    ("hh_open", {}),
                    ("score", {"sha256": f"{i:064x}"}),
                    ("hh_final", {"code": codes[i % len(codes)]}),
                    ("call", _a_call(statuses[i % len(statuses)], attempt=1 + i % 3, sid=f"X{i}")),
                )
            )


def _a_call(status: CarrierStatus, *, attempt: int, sid: str) -> dict[str, object]:
    talk_s = 5 if status is CarrierStatus.COMPLETED else 0
    return {"attempt": attempt, "sid": sid, "status": status, "ring_s": 1, "talk_s": talk_s}


def _swapped(draw: Draw) -> Iterator[Case]:
    slot = draw.entries[draw.line_of("slot")].body
    for runner_up, _ticket in slot["runners_up"]:
        entries = tuple(
            replace(entry, body={**entry.body, "cadre": runner_up})
            if entry.body.get("cadre") == slot["cadre"]
            else entry
            for entry in draw.entries
        )
        yield Case(f"cadre swapped for {runner_up}", replace(draw, entries=entries))
    for nth in range(sum(entry.type == "dice" for entry in draw.entries)):
        rolled = draw.entries[draw.line_of("dice", nth)].body["digits"]
        for place in range(len(rolled)):
            die = str((int(rolled[place]) + 1) % 10)
            changed = draw.retold("dice", nth, digits=rolled[:place] + die + rolled[place + 1 :])
            yield Case(f"die {place} of throw {nth}", changed)
    order = draw.entries[draw.line_of("hh_order")].body["order"]
    for i in range(1, len(order)):
        swapped = [order[i], *order[1:i], order[0], *order[i + 1 :]]
        yield Case(f"household {i} first", draw.retold("hh_order", order=swapped))


def another(value: object) -> object:
    """Another value of the same shape."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str() if value.isdigit():
            return f"{(int(value) + 1) % 10 ** len(value):0{len(value)}d}"
        case str() if len(value) == 64:
            return ("0" if value[0] != "0" else "1") + value[1:]
        case str():
            return {"completed": "refused", "rehearsal": "cups"}.get(value, "completed")
        case list():
            return value[::-1] if len(value) > 1 else [*value, *value]
        case _:
            raise AssertionError(value)

"""Ed25519 where libraries differ: small order, torsion, other spellings. Both verifiers agree."""

import json
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha512
from pathlib import Path

from evalsys.ed25519 import _L, _P, _SMALL_ORDER, is_signed
from tests.random_sessions import Dealer
from tests.verify.judges import HERE, needs_node, node

Point = tuple[int, int]
D = -121665 * pow(121666, -1, _P) % _P
ROOT = pow(2, (_P - 1) // 4, _P)
NEUTRAL: Point = (0, 1)
Triple = tuple[str, bytes, str]


def x_of(y: int) -> int | None:
    square = (y * y - 1) * pow(D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * ROOT % _P
    return None if (x * x - square) % _P else x


def add(one: Point, other: Point) -> Point:
    (x1, y1), (x2, y2) = one, other
    t = D * x1 * x2 * y1 * y2 % _P
    x = (x1 * y2 + x2 * y1) * pow(1 + t, -1, _P)
    y = (y1 * y2 + x1 * x2) * pow(1 - t, -1, _P)
    return x % _P, y % _P


def times(point: Point, n: int) -> Point:
    total = NEUTRAL
    while n:
        total = add(total, point) if n & 1 else total
        point, n = add(point, point), n >> 1
    return total


def spell(point: Point) -> bytes:
    x, y = point
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE_Y = 4 * pow(5, -1, _P) % _P
BASE: Point = (min(x_of(BASE_Y) or 0, _P - (x_of(BASE_Y) or 0), key=lambda x: x & 1), BASE_Y)


def torsion() -> list[Point]:
    """The eight points whose order divides the cofactor."""
    found = {NEUTRAL}
    for y in _SMALL_ORDER:
        x = x_of(y)
        if x is not None:
            found |= {(x, y), (-x % _P, y)}
    return sorted(found)


def forgeries(n: int) -> Iterator[Triple]:
    """Signatures by somebody who knows the key and adds points of small order to key and R."""
    points = torsion()
    assert len(points) == 8
    for i in range(n):
        deal = Dealer(f"torsion {i}")
        secret, nonce = deal(10**9) + 1, deal(10**9)
        key = add(times(BASE, secret), points[deal(8)])
        commitment = add(times(BASE, nonce), points[deal(8)])
        message = b"line %d" % (i // 8)
        spelt = spell(commitment) + spell(key) + message
        h = int.from_bytes(sha512(spelt).digest(), "little") % _L
        s = (nonce + h * secret) % _L + (0, 0, 0, _L)[deal(4)]
        yield spell(key).hex(), message, (spell(commitment) + s.to_bytes(32, "little")).hex()


def misspelt() -> Iterator[Triple]:
    """Every small y, and every y that has a second spelling, as key and as R, with either sign."""
    honest = next(one for one in forgeries(400) if is_signed(*one))
    for y in {*_SMALL_ORDER, *range(_P - 3, 2**255), *range(22)}:
        for sign in (0, 1):
            point = (y | sign << 255).to_bytes(32, "little").hex()
            yield point, b"", point + "00" * 32
            yield point, b"", "01" + "00" * 63
            yield honest[0], honest[1], point + honest[2][64:]
            yield point, honest[1], honest[2]
    for odd in ("", "00", "zz" * 64, honest[2].upper(), honest[2] + "00", " " + honest[2][1:]):
        yield honest[0], honest[1], odd
    yield honest[0].upper(), honest[1], honest[2]


@needs_node
def test_both_judge_every_odd_signature_alike(tmp_path: Path) -> None:
    triples = [*forgeries(400), *misspelt()]
    asked = tmp_path / "signatures.jsonl"
    lines = (json.dumps([key, b64encode(data).decode(), sig]) for key, data, sig in triples)
    asked.write_text("\n".join(lines) + "\n")
    theirs = [line == "true" for line in node(HERE / "signed.mjs", asked).splitlines()]
    ours = [is_signed(*triple) for triple in triples]
    differing = [triple for triple, a, b in zip(triples, ours, theirs, strict=True) if a != b]
    assert differing == []
    # Only where the torsion cancels does the equation without cofactor hold.
    assert 10 < sum(ours) < 200

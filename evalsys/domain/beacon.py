"""The randomness beacon 随机信标 drand: pinned chains, rounds, canonical signatures (draw.md, 9).

Everything but the pairing: that needs a library and stands in `evalsys.beacon.check`. What
reaches the library has passed here first, so one signature has exactly one spelling.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, TypeAlias

from evalsys.domain.draw_shapes import SHA256, integer, record, text
from evalsys.errors import InvalidInput

P = int(
    "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f624"
    "1eabfffeb153ffffb9feffffffffaaab",
    16,
)
"""The field of BLS12-381; a coordinate is below it."""
COORDINATE_HEX = 96
"""One coordinate, 48 bytes."""
MAX_ROUND = 2**53 - 1
MAX_DELAY_S = 3600
MIN_AIRED_DELAY_S = 60
MIN_AIRED_MARGIN_S = 10

_LAST_MOMENT = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
_COMPRESSED = re.compile("[89ab][0-9a-f]*", re.ASCII)
"""Compressed, not the point at infinity, either sign; lower-case hex."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a chain signs: its name at drand, the group of signatures, what is signed."""

    name: str
    domain_tag: bytes
    """Domain separation tag of hash-to-curve, the one of the group of signatures."""
    coordinates: int
    """1: signatures on G1 and keys on G2; 2: the other way round."""
    is_chained: bool
    """Whether a round's message holds the signature of the round before."""

    @property
    def signature_hex(self) -> int:
        """Length of a signature in hex digits."""
        return self.coordinates * COORDINATE_HEX


UNCHAINED_G1 = Scheme(
    "bls-unchained-g1-rfc9380",
    b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_",
    coordinates=1,
    is_chained=False,
)
CHAINED_G2 = Scheme(
    "pedersen-bls-chained",
    b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_",
    coordinates=2,
    is_chained=True,
)


@dataclass(frozen=True, slots=True)
class Pulse:
    """What the beacon published for one round; says nothing about whether it is genuine."""

    round: int
    signature: str
    """Lower-case hex."""
    previous: str = ""
    """Signature of the round before, on a chained chain; else empty."""

    @property
    def randomness(self) -> str:
        """SHA-256 of the signature, 64 hex: what a draw takes. The signature must be hex."""
        return sha256(bytes.fromhex(self.signature)).hexdigest()


def chain_hash(name: str, public_key: str, period_s: int, genesis: int, group_hash: str) -> str:
    """Compute drand's chain hash, 64 hex, from the facts of a `Chain`."""
    data = (
        period_s.to_bytes(4, "big")
        + genesis.to_bytes(8, "big", signed=True)
        + bytes.fromhex(public_key + group_hash)
        + (b"" if name == "default" else name.encode())
    )
    return sha256(data).hexdigest()


@dataclass(frozen=True, slots=True)
class Chain:
    """A drand chain with its key, bound together by the chain hash that names it."""

    hash: str
    name: str
    scheme: Scheme
    public_key: str
    """Compressed, lower-case hex."""
    period_s: int
    genesis: int
    """Unix time of round 1."""
    group_hash: str
    """Also what stands for the signature before round 1 on a chained chain."""

    def __post_init__(self) -> None:
        """Refuse a chain whose hash is not that of its key and times."""
        if self.hash != chain_hash(
            self.name, self.public_key, self.period_s, self.genesis, self.group_hash
        ):
            raise InvalidInput(f"信标链 {self.name} 的公钥或参数与链散列不符")

    def round_time(self, number: int) -> datetime:
        """When round `number` = 1, 2, ... is published; InvalidInput beyond the year 9999."""
        start = datetime.fromtimestamp(self.genesis, UTC)
        if not 1 <= number <= 1 + (_LAST_MOMENT - start) // timedelta(seconds=self.period_s):
            raise InvalidInput(f"信标链 {self.name} 没有第 {number} 轮")
        return start + timedelta(seconds=(number - 1) * self.period_s)

    def round_from(self, at: datetime, after_s: int = 0) -> int:
        """Give the first round that is published `after_s` whole seconds after `at`, or later.

        Fractions of a second in `at` are cut off: the transcript does not keep them.
        """
        seconds = (at - datetime.fromtimestamp(self.genesis, UTC)) // timedelta(seconds=1) + after_s
        return max(0, -(-seconds // self.period_s)) + 1

    def message(self, pulse: Pulse) -> bytes:
        """Digest that the beacon signed for this round, 32 bytes."""
        before = bytes.fromhex(pulse.previous) if self.scheme.is_chained else b""
        return sha256(before + pulse.round.to_bytes(8, "big")).digest()

    def pulse_problem(self, pulse: Pulse) -> str:
        """Say why this cannot be a pulse of this chain, before any library sees it; else empty."""
        if not 1 <= pulse.round <= MAX_ROUND:
            return "信标轮次从 1 起"
        if not _is_canonical(pulse.signature, self.scheme):
            return f"签名不是信标链 {self.name} 的规范编码"
        if not self.scheme.is_chained:
            return "这条信标链的签名不含上一轮签名" if pulse.previous else ""
        if pulse.round == 1:
            is_good = pulse.previous == self.group_hash
        else:
            # One length only: bytes that belong to the round number cannot move in here.
            is_good = _is_canonical(pulse.previous, self.scheme)
        return "" if is_good else "缺少上一轮签名，或其编码不规范"


CheckSignature: TypeAlias = Callable[[Chain, Pulse], bool]
"""Whether the chain's key signed this round; False for everything else, never an error."""


QUICKNET = Chain(
    hash="52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    name="quicknet",
    scheme=UNCHAINED_G1,
    public_key=(
        "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c"
        "8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb"
        "5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
    ),
    period_s=3,
    genesis=1692803367,
    group_hash="f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e",
)
DEFAULT = Chain(
    hash="8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce",
    name="default",
    scheme=CHAINED_G2,
    public_key=(
        "868f005eb8e6e4ca0a47c8a77ceaa5309a47978a7c71bc5cce96366b5d7a5699"
        "37c529eeda66c7293784a9402801af31"
    ),
    period_s=30,
    genesis=1595431050,
    group_hash="176f93498eac9ca337150b46d21dd58673ea4e3581185f869672e59fa4cb390a",
)
CHAINS: Mapping[str, Chain] = {chain.hash: chain for chain in (QUICKNET, DEFAULT)}
"""The chains whose keys we pin, by chain hash; no other is accepted."""


@dataclass(frozen=True, slots=True)
class BeaconRules:
    """How a session uses the beacon; stands in the manifest."""

    chain: Chain = QUICKNET
    min_delay_s: int = MIN_AIRED_DELAY_S
    """Seconds from the master dice to their round, `bind_margin_s` to 3600; on air at least 60."""
    bind_margin_s: int = MIN_AIRED_MARGIN_S
    """Seconds from binding a round to its existence, at least 1; on air at least 10."""

    @property
    def may_be_aired(self) -> bool:
        """Whether these are long enough outside a rehearsal."""
        return self.min_delay_s >= MIN_AIRED_DELAY_S and self.bind_margin_s >= MIN_AIRED_MARGIN_S

    def to_json(self) -> dict[str, object]:
        """Spell the rules as the manifest does."""
        return {
            "chain": self.chain.hash,
            "scheme": self.chain.scheme.name,
            "min_delay_s": self.min_delay_s,
            "bind_margin_s": self.bind_margin_s,
        }

    def round_for_dice(self, rolled_at: datetime) -> int:
        """Give the only round that may be bound to master dice recorded at `rolled_at`."""
        return self.chain.round_from(rolled_at, self.min_delay_s)

    def round_after(self, bound_at: datetime) -> int:
        """Give the first round that a `bind` recorded at `bound_at` may name."""
        return self.chain.round_from(bound_at, self.bind_margin_s)

    def bind_problem(self, number: int, bound_at: datetime, rolled_at: datetime | None) -> str:
        """Say why round `number` may not be bound at `bound_at`; empty when it may.

        `rolled_at` is when the master dice were recorded, None for a slot or its households:
        these may name any round that is far enough ahead, since nobody can know it.
        """
        if number < self.round_after(bound_at):
            return f"绑定太晚：须在该轮产生之前至少 {self.bind_margin_s} 秒"
        if rolled_at is not None and number != (only := self.round_for_dice(rolled_at)):
            return f"主骰子只能绑定第 {only} 轮：骰子记录 {self.min_delay_s} 秒之后的第一轮"
        return ""


def is_beacon_rules(value: object) -> bool:
    """Say whether `value` spells rules: a pinned chain, its own scheme, and time to bind."""
    return (
        isinstance(value, dict)
        and _RULES(value)
        and value["chain"] in CHAINS
        and value["scheme"] == CHAINS[value["chain"]].scheme.name
        and value["bind_margin_s"] <= value["min_delay_s"]
    )


def read_beacon_rules(value: Mapping[str, Any]) -> BeaconRules:
    """Read what `is_beacon_rules` has found good."""
    return BeaconRules(CHAINS[value["chain"]], value["min_delay_s"], value["bind_margin_s"])


_RULES = record(
    {
        "chain": SHA256,
        "scheme": text("[0-9a-z-]{1,64}"),
        "min_delay_s": integer(1, MAX_DELAY_S),
        "bind_margin_s": integer(1, MAX_DELAY_S),
    }
)


def _is_canonical(signature: str, scheme: Scheme) -> bool:
    if len(signature) != scheme.signature_hex or not _COMPRESSED.fullmatch(signature):
        return False
    # The three flag bits stand before the first coordinate alone.
    first = int(signature[:COORDINATE_HEX], 16) & ~(7 << 381)
    second = int(signature[COORDINATE_HEX:] or "0", 16)
    return first < P and second < P

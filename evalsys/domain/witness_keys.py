"""Witnesses of a draw 见证人: their keys in the manifest, and whose signatures a line needs.

Signatures are Ed25519 over the canonical line with empty `sigs`. The check needs a library
and stands in `evalsys.ed25519`; the domain is given it as an argument.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from evalsys.domain.draw_shapes import SHA256, SOME_ID, listed, record

MAX_WITNESSES = 20
WITNESSED = frozenset({"dice", "bind"})
"""Types of lines that a majority must sign: what decides a seed, before its outcome is known."""

CheckWitness: TypeAlias = Callable[[str, bytes, str], bool]
"""(key, bytes, signature in hex): whether the key signed; False for all else, never an error."""


@dataclass(frozen=True, slots=True)
class WitnessKey:
    """A witness whom the manifest names."""

    id: str
    key: str
    """Ed25519 public key, 64 lower-case hex."""


@dataclass(frozen=True, slots=True)
class SignedLine:
    """The signatures of one line of a transcript."""

    number: int
    """From 1."""
    to_sign: bytes
    sigs: Mapping[str, str]
    """128 hex by witness."""


def majority(witnesses: int) -> int:
    """How many of so many witnesses must sign a dice or bind line; 0 of none."""
    return witnesses // 2 + 1 if witnesses else 0


def is_settled(kind: str, witnesses: int, *, is_last: bool) -> bool:
    """Say whether a line cannot change any more.

    A dice or bind line takes signatures, which the next line's `prev` covers, until there is one.
    """
    return not (is_last and witnesses and kind in WITNESSED)


def signature_problem(
    line: SignedLine, witnesses: Mapping[str, str], check_witness: CheckWitness
) -> str:
    """Say what is wrong with the signatures that a line bears; `witnesses` are keys by id."""
    for name, signature in line.sigs.items():
        if name not in witnesses:
            return f"清单没有登记见证人 {name}"
        if not check_witness(witnesses[name], line.to_sign, signature):
            return f"见证人 {name} 的签名不是对这一行的"
    return ""


def witness_keys_problem(keys: Sequence[WitnessKey]) -> str:
    """Say why these keys cannot stand in a manifest together; empty when they can."""
    ids = [one.id for one in keys]
    if ids != sorted(set(ids)) or len({one.key for one in keys}) != len(keys):
        return "见证人须按编号排序，编号与公钥均不得重复"
    return ""


WITNESS_KEYS = listed(record({"id": SOME_ID, "key": SHA256}), most=MAX_WITNESSES)
"""Shape of `witness_keys`: 32 bytes in hex, like a hash."""

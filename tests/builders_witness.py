"""Witnesses with keys of their own, and sessions that they sign."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from evalsys.domain.transcript import TranscriptEntry, write_line
from evalsys.domain.witness_keys import WITNESSED, WitnessKey
from tests.builders_draw import Draw

D = TypeVar("D", bound=Draw)


@dataclass(frozen=True)
class Witness:
    """One who stands in the hall and signs."""

    id: str

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(sha256(self.id.encode()).digest())

    @property
    def key(self) -> WitnessKey:
        """What the manifest says of this witness."""
        return WitnessKey(self.id, self._private.public_key().public_bytes_raw().hex())

    def sign(self, data: bytes) -> str:
        """Sign anything."""
        return self._private.sign(data).hex()


THREE = tuple(Witness(f"W{i}") for i in (1, 2, 3))
KEYS = tuple(one.key for one in THREE)


def witnessed(
    draw: D, witnesses: Sequence[Witness] = THREE, kinds: Collection[str] = WITNESSED
) -> D:
    """The same session with the lines of some types signed by `witnesses`, and no others."""
    return signed_by(draw, lambda _i, entry: witnesses if entry.type in kinds else ())


Signers = Callable[[int, TranscriptEntry], Sequence[Witness] | None]
"""Who signs line i = 0, 1, ...; None leaves it as it is."""


def signed_by(draw: D, signers: Signers) -> D:
    """The same session in a chain built anew, with signatures by whoever signs each line."""
    prev, entries = draw.manifest.prev_head, []
    for i, plain in enumerate(draw.entries):
        chosen = signers(i, plain)
        entry = plain if chosen is None else signed(plain, i, prev, chosen)
        entries.append(entry)
        prev = sha256(write_line(entry, i, prev)).hexdigest()
    return replace(draw, entries=tuple(entries))


def signed(
    entry: TranscriptEntry, i: int, prev: str, witnesses: Sequence[Witness]
) -> TranscriptEntry:
    """One line signed by `witnesses`; `prev` is the hash of the line before."""
    line = write_line(replace(entry, sigs={}), i, prev)
    return replace(entry, sigs={one.id: one.sign(line) for one in witnesses})

"""What happened around the dice: witnesses, clerks, cups, rounds of the beacon, signatures."""

from dataclasses import dataclass

from evalsys.domain.live.words import Clerk, Purpose, TypedAgain


@dataclass(frozen=True, slots=True)
class WitnessEnrolled:
    """A witness's device made a key; `key` is Ed25519, 64 hex, and goes into the manifest."""

    witness: str
    key: str


@dataclass(frozen=True, slots=True)
class ClerkSeated:
    """A clerk's device was admitted; again when another device took its place."""

    clerk: Clerk


@dataclass(frozen=True, slots=True)
class CupsCalled:
    """The rollers were told to shake, and to lift together a few seconds from now."""

    purpose: Purpose
    j: int


@dataclass(frozen=True, slots=True)
class DiceTyped:
    """One clerk typed what the cups show; no screen tells it before both have."""

    purpose: Purpose
    j: int
    clerk: Clerk
    digits: str


@dataclass(frozen=True, slots=True)
class DiceTypedAgain:
    """What both clerks typed is void; they type the same dice again."""

    purpose: Purpose
    j: int
    reason: TypedAgain


@dataclass(frozen=True, slots=True)
class RoundBound:
    """The only round of the beacon that will count for this purpose, named before it exists."""

    purpose: Purpose
    j: int
    round: int
    round_time: str
    """When the round is published, as the transcript spells times."""


@dataclass(frozen=True, slots=True)
class BeaconRevealed:
    """The bound round exists; hex throughout, `previous` only on a chained chain."""

    purpose: Purpose
    j: int
    round: int
    signature: str
    previous: str
    randomness: str
    seed: str
    """What comes out of it: the master seed, the slot's, or that of the households' order."""


@dataclass(frozen=True, slots=True)
class WitnessSigned:
    """A witness signed line `line` (from 0) of the transcript while it was the last, 128 hex."""

    line: int
    witness: str
    signature: str


CeremonyEvent = (
    WitnessEnrolled
    | ClerkSeated
    | CupsCalled
    | DiceTyped
    | DiceTypedAgain
    | RoundBound
    | BeaconRevealed
    | WitnessSigned
)

"""What the operator, clerks, witnesses and the beacon want of the ceremony.

Read with `commands`, which gathers all of them.
"""

from dataclasses import dataclass

from evalsys.domain.beacon import Pulse
from evalsys.domain.live.words import Clerk


@dataclass(frozen=True, slots=True)
class CallCups:
    """Tell the rollers to shake, and to lift together."""


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """The digits were read back and one is wrong: the clerks type the same dice again."""


@dataclass(frozen=True, slots=True)
class ConfirmDice:
    """The digits were read back in the hall and stand as both clerks typed them."""


@dataclass(frozen=True, slots=True)
class RehearseDice:
    """Digits of the operating system in place of the dice that are due; in rehearsals only."""

    digits: str


@dataclass(frozen=True, slots=True)
class BindRound:
    """Name the round of the beacon that will count for what is due next."""

    round: int


@dataclass(frozen=True, slots=True)
class EnrolWitness:
    """A witness brings the public key that its device made, 64 hex."""

    witness: str
    key: str


@dataclass(frozen=True, slots=True)
class SeatClerk:
    """A clerk's device is admitted."""

    clerk: Clerk


@dataclass(frozen=True, slots=True)
class TypeDice:
    """A clerk types what the cups show."""

    clerk: Clerk
    digits: str


@dataclass(frozen=True, slots=True)
class RevealBeacon:
    """A round of the beacon, whose signature was checked against the pinned key."""

    pulse: Pulse


@dataclass(frozen=True, slots=True)
class SignLine:
    """A witness's signature over a line of the transcript, which was checked."""

    line: int
    witness: str
    signature: str


CeremonyCommand = CallCups | ReadAgain | ConfirmDice | RehearseDice | BindRound
CeremonyFact = EnrolWitness | SeatClerk | TypeDice | RevealBeacon | SignLine

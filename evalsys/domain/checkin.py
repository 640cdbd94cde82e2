"""Checking the panel in at the hall's doors, with or without a network.

A seat's card carries a signature, so a device that is cut off still knows a genuine card from a
forged one. Each scan is a fact with an identity that the device gave it; devices hand them in when
they can, as often as they like, and a card that came through two doors is seen then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from evalsys.domain.panel import Seat
from evalsys.ids import LiveId


class Admission(StrEnum):
    """What a scan of a genuine card meant."""

    ADMITTED = "admitted"
    DOUBLE = "double"
    """The same card had been scanned before."""
    OLD_CARD = "old_card"
    """The card had been replaced by a newer one."""


@dataclass(frozen=True, slots=True)
class CardClaim:
    """What a card says of itself, and what the signature is over."""

    live: LiveId
    seat: int
    issue: int
    code: str

    def to_sign(self) -> bytes:
        """Return the bytes that the installation's card key signs."""
        return f"evalsys-seat|1|{self.live}|{self.seat}|{self.issue}|{self.code}".encode()


@dataclass(frozen=True, slots=True)
class Card:
    """The present card of a seat, and since when; a first card has no such time."""

    issue: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan of a genuine card at one device."""

    id: str
    live: LiveId
    seat: int
    issue: int
    device: str
    """As the device calls itself, "东门": the record shows both doors of a double use."""
    at: datetime
    """When it was scanned, by the device's clock put right by ours."""
    received_at: datetime
    """When it was handed in."""


def judge_scans(
    scans: Iterable[Scan], cards: Mapping[int, Card]
) -> tuple[tuple[Scan, Admission], ...]:
    """Judge each scan, in the order in which the cards came through the doors.

    The first scan of a card admits, another one of the same card is a double use. A card that was
    scanned after a newer one, or after the newer one was made, is an old card. `cards` are the
    present cards by seat.
    """
    judged: list[tuple[Scan, Admission]] = []
    newest: dict[int, int] = {}
    seen: set[tuple[int, int]] = set()
    for scan in sorted(scans, key=lambda one: (one.at, one.id)):
        card = (scan.seat, scan.issue)
        if card in seen:
            admission = Admission.DOUBLE
        elif scan.issue < newest.get(scan.seat, 0) or _is_replaced(scan, cards[scan.seat]):
            admission = Admission.OLD_CARD
        else:
            admission = Admission.ADMITTED
            newest[scan.seat] = scan.issue
        seen.add(card)
        judged.append((scan, admission))
    return tuple(judged)


def _is_replaced(scan: Scan, card: Card) -> bool:
    return scan.issue < card.issue and card.since is not None and scan.at >= card.since


def checked_in(judged: Iterable[tuple[Scan, Admission]]) -> Mapping[int, Scan]:
    """Give the first scan that admitted each seat."""
    admitted: dict[int, Scan] = {}
    for scan, admission in judged:
        if admission is Admission.ADMITTED:
            admitted.setdefault(scan.seat, scan)
    return admitted


def may_be_scanned(seat: Seat, claim: CardClaim) -> bool:
    """Say whether a seat ever had such a card: an issue that is still to come is none."""
    return 1 <= claim.issue <= seat.issue

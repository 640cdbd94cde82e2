"""The doors of the hall: cards that any device can check offline, scans that come in later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from evalsys.clock import Clock
from evalsys.domain.checkin import (
    Admission,
    CardClaim,
    Scan,
    checked_in,
    judge_scans,
    may_be_scanned,
)
from evalsys.domain.panel import Seat
from evalsys.domain.panel_roster import PanelMember
from evalsys.ids import LiveId
from evalsys.store import audit, panel, scoring
from evalsys.store.card_key import CardKey
from evalsys.store.database import Database


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One scan as a device hands it in."""

    id: str
    claim: CardClaim
    signature: str
    at: datetime
    """By the device's clock."""


@dataclass(frozen=True, slots=True)
class DoorList:
    """What a door may know: the seats, whose they are, and who came through any door."""

    seats: tuple[Seat, ...]
    members: Mapping[int, PanelMember]
    """By seat."""
    scans: tuple[tuple[Scan, Admission], ...]

    @property
    def checked_in(self) -> Mapping[int, Scan]:
        """The scan that admitted each seat."""
        return checked_in(self.scans)

    @property
    def odd(self) -> tuple[tuple[Scan, Admission], ...]:
        """Double uses and old cards, for the staff to look into."""
        return tuple(one for one in self.scans if one[1] is not Admission.ADMITTED)


class CheckIn:
    """Checks the panel in, whichever doors are cut off meanwhile."""

    def __init__(self, database: Database, key: CardKey, now: Clock) -> None:
        """Keep scans in `database`; `key` signs the cards."""
        self._database = database
        self._key = key
        self._now = now

    @property
    def public_key(self) -> str:
        """With which a door knows genuine cards, 64 hex."""
        return self._key.public

    def sign_card(self, seat: Seat) -> str:
        """Return the signature that a seat's present card carries."""
        return self._key.sign(_claim(seat))

    def door_list(self, live: LiveId) -> DoorList:
        """Return what the doors may know now."""
        with self._database.read() as db:
            seats = scoring.seats_of(db, live)
            members = {one.seat: one for one in panel.members_of(db, live) if one.seat is not None}
            judged = judge_scans(panel.scans_of(db, live), scoring.cards_of(db, live))
            return DoorList(seats, members, judged)

    def hand_in(
        self,
        live: LiveId,
        device: str,
        device_clock: datetime,
        scans: Sequence[HandedIn],
        *,
        actor: str,
    ) -> tuple[frozenset[str], frozenset[str]]:
        """Keep what a door scanned; return which scans are kept, and which cards were no cards.

        The times are put right by how far `device_clock` is from ours. Harmless to repeat.
        """
        now = self._now()
        ahead = device_clock - now
        with self._database.write() as db:
            seats = {seat.number: seat for seat in scoring.seats_of(db, live)}
            genuine = {one.id: one for one in scans if self._is_genuine(live, seats, one)}
            known = panel.known_scans(db, genuine)
            fresh = [
                Scan(
                    one.id,
                    live,
                    one.claim.seat,
                    one.claim.issue,
                    device,
                    min(one.at - ahead, now),
                    now,
                )
                for one in genuine.values()
                if one.id not in known
            ]
            panel.add_scans(db, fresh)
            if fresh:
                detail = {"device": device, "scans": len(fresh)}
                audit.record(db, now, actor, "panel.check_in", f"live:{live}", detail)
        forged = frozenset(one.id for one in scans) - genuine.keys()
        return frozenset(genuine), forged

    def _is_genuine(self, live: LiveId, seats: Mapping[int, Seat], one: HandedIn) -> bool:
        seat = seats.get(one.claim.seat)
        return (
            one.claim.live == live
            and seat is not None
            and may_be_scanned(seat, one.claim)
            and self._key.is_genuine(one.claim, one.signature)
        )


def _claim(seat: Seat) -> CardClaim:
    return CardClaim(seat.live, seat.number, seat.issue, seat.code)

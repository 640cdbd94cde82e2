"""Who serves the ceremony with a device of their own: two clerks and the witnesses."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from evalsys.domain.live.ceremony import witness_id
from evalsys.domain.live.words import Clerk
from evalsys.ids import LiveId

FRESH_FOR = timedelta(seconds=30)
"""A device that was not heard for so long is lost until it is heard again."""


class Service(StrEnum):
    """What an attendant 仪式人员 does."""

    CLERK = "clerk"
    """记录员: types what the cups show."""
    WITNESS = "witness"
    """见证人: signs lines of the transcript."""


@dataclass(frozen=True, slots=True)
class Attendant:
    """A place at the ceremony: a card with a one-time code, then one device; never a name."""

    id: str
    live: LiveId
    service: Service
    number: int
    code: str
    issue: int
    """1 for the first card; a new card ends the old device."""
    joined_at: datetime | None = None
    seen_at: datetime | None = None
    """When the device was heard last."""
    ahead_s: int = 0
    """Seconds by which its clock was ahead of the server's then."""

    @property
    def is_taken(self) -> bool:
        """Whether a device serves here."""
        return self.joined_at is not None

    @property
    def clerk(self) -> Clerk:
        """The clerk of this place; ValueError for a witness."""
        if self.service is not Service.CLERK:
            message = f"{self.service} {self.number} is no clerk"
            raise ValueError(message)
        return tuple(Clerk)[self.number - 1]

    @property
    def name(self) -> str:
        """As the record and the screens call this place: "A" and "B", "W01" and on."""
        if self.service is Service.CLERK:
            return self.clerk.value
        return witness_id(self.number)

    def is_fresh(self, now: datetime) -> bool:
        """Whether the device was heard of late."""
        return self.seen_at is not None and now - self.seen_at <= FRESH_FOR


def fresh_clocks(attendants: Iterable[Attendant], now: datetime) -> tuple[int, ...]:
    """Give the seconds by which each witness's clock is ahead, of those heard of late."""
    return tuple(
        one.ahead_s for one in attendants if one.service is Service.WITNESS and one.is_fresh(now)
    )

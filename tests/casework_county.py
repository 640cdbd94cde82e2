"""A county small enough for the loop: one village, two units, a cadre with two households."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from evalsys.domain.access import Person, Role
from evalsys.domain.casework.intake import Intake
from evalsys.domain.casework.words import Channel, Party, PartyKind, RequestKind
from evalsys.services.casework import CaseworkRoom, casework_room
from evalsys.store import access
from evalsys.store import casework_people as people
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox
from evalsys.store.schema import roster
from tests import small_county
from tests.small_county import ON_PROBATION, PRINCIPAL

ZONE = ZoneInfo("Asia/Shanghai")
BOX = PhoneBox(bytes(64), bytes(32))
VILLAGE = "371323001001001"
LINKED, UNLINKED, OTHERS = "3713230001", "3713230002", "3713230003"
PHONE = "+8613900000001"
LIN = Person("lin", Role.CADRE)
"""Acts for the linked cadre."""
VILLAGE_HEAD = Person("village", Role.CADRE)
WATER = Person("water", Role.CADRE)
"""Acts for unit U001."""
OFFICE = Person("county", Role.OFFICE)
AUDITOR = Person("auditing", Role.AUDITOR)
MONDAY = datetime(2026, 11, 2, 2, tzinfo=UTC)


@dataclass
class County:
    """The room of requests in a county with people, and its clock."""

    database: Database
    at: datetime = MONDAY
    room: CaseworkRoom = field(init=False)

    def __post_init__(self) -> None:
        """Settle everybody."""
        self.room = casework_room(self.database, BOX, lambda: self.at, ZONE)
        settle(self.database)

    def later(self, **by: float) -> None:
        """Let time pass."""
        self.at += timedelta(**by)

    def register(self, text: str = "村口的路坏了，车过不去", **other: object) -> str:
        """Register a visit's request as the linked cadre; give its code."""
        wanted: dict[str, object] = {
            "kind": RequestKind.PROBLEM,
            "channel": Channel.VISIT,
            "household": LINKED,
        }
        intake = Intake(text=text, **(wanted | other))  # type: ignore[arg-type]  # a test gives any field
        return self.room.intake.register(intake, person=LIN).code


def settle(database: Database) -> None:
    """Fill the roster and the accounts."""
    small_county.settle(database)
    with database.write() as db:
        for code, cadre in ((LINKED, PRINCIPAL), (UNLINKED, None), (OTHERS, ON_PROBATION)):
            db.add(roster.Household(code=code, head="王某", grid=VILLAGE, members=3))
            db.flush()
            if cadre is not None:
                db.add(
                    roster.HouseholdLink(
                        household=code, cadre=cadre, since=date(2024, 1, 1), until=None, reason=""
                    )
                )
        db.add(
            roster.Phone(
                id=b"p" * 16,
                household=LINKED,
                cadre=None,
                position=1,
                usable=True,
                sealed=BOX.seal(PHONE, b"p" * 16),
                blind=BOX.blind(PHONE),
                key_version=1,
            )
        )
        db.flush()
        for person, *parties in (
            (LIN, Party(PartyKind.CADRE, PRINCIPAL)),
            (VILLAGE_HEAD, Party(PartyKind.GRID, VILLAGE)),
            (WATER, Party(PartyKind.UNIT, "U002")),
            (OFFICE,),
            (AUDITOR,),
        ):
            access.add_account(db, person.name, person.role, "x", MONDAY)
            people.set_scopes(db, person.name, parties)

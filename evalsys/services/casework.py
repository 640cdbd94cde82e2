"""The room of requests: single intake, handling, views, what follows, the tick."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from evalsys.clock import Clock
from evalsys.domain.casework.policy import Policy
from evalsys.services.casework_desk import CaseworkDesk
from evalsys.services.casework_handling import CaseworkHandling
from evalsys.services.casework_intake import CaseworkIntake
from evalsys.services.casework_ledger import CaseworkLedger
from evalsys.services.casework_messages import CaseworkMessages
from evalsys.services.casework_outcomes import CaseworkOutcomes
from evalsys.services.casework_public import CaseworkPublic
from evalsys.services.casework_retention import CaseworkRetention
from evalsys.services.casework_rules import CaseworkRules
from evalsys.services.casework_tick import CaseworkTick
from evalsys.services.casework_view import CaseworkView
from evalsys.services.office_contact import OfficeContacts
from evalsys.store.casework_policy import shipped_policy
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox


@dataclass(frozen=True, slots=True)
class CaseworkRoom:
    """Every use case of the request loop."""

    desk: CaseworkDesk
    intake: CaseworkIntake
    handling: CaseworkHandling
    view: CaseworkView
    outcomes: CaseworkOutcomes
    ledger: CaseworkLedger
    clock: CaseworkTick
    public: CaseworkPublic
    rules: CaseworkRules
    messages: CaseworkMessages
    contact: OfficeContacts
    retention: CaseworkRetention


def casework_room(
    database: Database, box: PhoneBox, now: Clock, zone: ZoneInfo, policy: Policy | None = None
) -> CaseworkRoom:
    """Build the room; `box` compares telephone numbers, days are those of `zone`."""
    desk = CaseworkDesk(database, policy or shipped_policy(), now, zone)
    intake = CaseworkIntake(desk, box)
    return CaseworkRoom(
        desk,
        intake,
        CaseworkHandling(desk),
        CaseworkView(desk),
        CaseworkOutcomes(desk),
        CaseworkLedger(desk),
        CaseworkTick(desk),
        CaseworkPublic(desk, intake),
        CaseworkRules(desk),
        CaseworkMessages(intake),
        OfficeContacts(desk),
        CaseworkRetention(desk),
    )

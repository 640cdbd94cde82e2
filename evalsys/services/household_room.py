"""The room of households and their cadres: what they tell of themselves, who may read it."""

import hmac
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from evalsys.clock import Clock
from evalsys.ports import CallGateway
from evalsys.services.cadre_page import CadrePages, EveryPledge
from evalsys.services.casework_desk import CaseworkDesk
from evalsys.services.casework_intake import CaseworkIntake
from evalsys.services.household_door import HouseholdDoor
from evalsys.services.household_form import HouseholdForms
from evalsys.services.household_form_files import HouseholdFormFiles
from evalsys.services.household_page import HouseholdPages
from evalsys.services.live_session import LiveSessions
from evalsys.services.quiz import Quizzes
from evalsys.store.database import Database
from evalsys.store.form_box import FormBox
from evalsys.store.household_form import shipped_form
from evalsys.store.phone_box import PhoneBox


@dataclass(frozen=True, slots=True)
class HouseholdRoom:
    """Every use case that is about one household, or about the cadre who answers for it."""

    forms: HouseholdForms
    files: HouseholdFormFiles
    door: HouseholdDoor
    pages: HouseholdPages
    cadres: CadrePages
    quizzes: Quizzes


@dataclass(frozen=True, slots=True)
class HouseholdKeys:
    """The installation's keys from which those of the room are derived."""

    phone: bytes
    index: bytes


def forms_room(database: Database, phone_key: bytes, now: Clock, zone: ZoneInfo) -> HouseholdForms:
    """Build the forms alone."""
    # SHA-512 fills both halves of the cipher's key, one for each of its passes.
    key = hmac.digest(phone_key, b"evalsys/household-forms", "sha512")
    return HouseholdForms(database, FormBox(key), now, zone, shipped_form())


def household_room(
    desk: CaseworkDesk,
    intake: CaseworkIntake,
    gateway: CallGateway,
    keys: HouseholdKeys,
    pledges: EveryPledge,
    live: LiveSessions,
) -> HouseholdRoom:
    """Build the room beside the one of requests; codes go out over `gateway`.

    `pledges` lists what cadres promised on stage.
    """
    database, now = desk.database, desk.now
    box = PhoneBox(keys.phone, keys.index)
    forms = forms_room(database, keys.phone, now, desk.zone)
    code_key = hmac.digest(keys.index, b"evalsys/household-codes", "sha256")
    door = HouseholdDoor(database, box, code_key, gateway, now)
    return HouseholdRoom(
        forms,
        HouseholdFormFiles(forms),
        door,
        HouseholdPages(forms, desk, intake, box, door),
        CadrePages(desk, pledges),
        Quizzes(live, forms),
    )

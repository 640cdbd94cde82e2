"""The room of households: what they tell of themselves, and who may read it."""

import hmac
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from evalsys.clock import Clock
from evalsys.services.household_form import HouseholdForms
from evalsys.services.household_form_files import HouseholdFormFiles
from evalsys.store.database import Database
from evalsys.store.form_box import FormBox
from evalsys.store.household_form import shipped_form


@dataclass(frozen=True, slots=True)
class HouseholdRoom:
    """Every use case that is about one household."""

    forms: HouseholdForms
    files: HouseholdFormFiles


def household_room(
    database: Database, phone_key: bytes, now: Clock, zone: ZoneInfo
) -> HouseholdRoom:
    """Build the room; its own key is derived from the one that telephones are sealed with."""
    # SHA-512 fills both halves of the cipher's key, one for each of its passes.
    key = hmac.digest(phone_key, b"evalsys/household-forms", "sha512")
    forms = HouseholdForms(database, FormBox(key), now, zone, shipped_form())
    return HouseholdRoom(forms, HouseholdFormFiles(forms))

"""How to reach the county office: entered by the office, read by everybody."""

from evalsys.domain.office_contact import OfficeContact, check_contact
from evalsys.services.casework_desk import CaseworkDesk
from evalsys.store import audit
from evalsys.store import office_contact as store


class OfficeContacts:
    """Telephone, hours and address of the county office."""

    def __init__(self, desk: CaseworkDesk) -> None:
        """Keep them where `desk` works."""
        self._desk = desk

    def current(self) -> OfficeContact | None:
        """Return what holds; None before anything was entered."""
        with self._desk.database.read() as db:
            return store.current(db)

    def change(self, typed: OfficeContact, *, by: str) -> bool:
        """Keep another version; say whether it differs from the one before.

        Raises:
            InvalidInput: a part is missing or cannot be meant.
        """
        new = check_contact(typed)
        with self._desk.database.write() as db:
            if store.current(db) == new:
                return False
            at = self._desk.now()
            store.add(db, new, by=by, at=at)
            audit.record(db, at, by, "office.contact", "office", {"phone": new.phone})
            return True

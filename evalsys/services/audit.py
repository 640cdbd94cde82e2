"""Reading the audit log, for the auditor."""

from evalsys.store import audit
from evalsys.store.audit import Audited
from evalsys.store.database import Database


class AuditTrail:
    """What the auditor sees of the audit log."""

    def __init__(self, database: Database) -> None:
        """Read the log of `database`."""
        self._database = database

    def latest(self, limit: int, *, before: int | None = None) -> tuple[Audited, ...]:
        """Return at most `limit` lines, newest first, older than line `before` when given."""
        with self._database.read() as db:
            return audit.latest(db, limit, before=before)

    def verify(self) -> int:
        """Recompute the chain and return the number of lines.

        Raises:
            Tampered: names the first line that does not fit.
        """
        with self._database.read() as db:
            return audit.verify(db)

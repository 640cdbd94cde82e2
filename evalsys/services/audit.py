"""Reading the audit log, for the auditor."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from evalsys.clock import Clock, utc_now
from evalsys.errors import InvalidInput
from evalsys.store import audit
from evalsys.store.audit import EVERYTHING, Audited, Sought
from evalsys.store.database import Database

TAKEN_AT_MOST = 100_000
"""Lines of one export."""


class AuditTrail:
    """What the auditor sees of the audit log."""

    def __init__(self, database: Database, now: Clock = utc_now, zone: tzinfo = UTC) -> None:
        """Read the log of `database`; days are those of the county's `zone`."""
        self._database = database
        self._now = now
        self.zone = zone

    def latest(
        self, limit: int, *, before: int | None = None, sought: Sought = EVERYTHING
    ) -> tuple[Audited, ...]:
        """Return at most `limit` of the lines sought, newest first, older than line `before`."""
        with self._database.read() as db:
            return audit.latest(db, limit, before=before, sought=sought)

    def begins(self, day: date) -> datetime:
        """Return the moment at which a day begins in the county."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def ends(self, day: date) -> datetime:
        """Return the moment at which a day is over in the county."""
        return self.begins(day + timedelta(days=1))

    def take(self, sought: Sought, *, by: str) -> tuple[Audited, ...]:
        """Return every line sought, newest first; that they were taken is a line of its own.

        Raises:
            InvalidInput: they are more than a file should hold.
        """
        with self._database.write() as db:
            found = audit.latest(db, TAKEN_AT_MOST + 1, sought=sought)
            if len(found) > TAKEN_AT_MOST:
                raise InvalidInput(
                    f"超过 {TAKEN_AT_MOST:,} 行。",
                    remedy="请用日期、人或动作缩小范围，分几次导出。",
                    place="audit_log",
                )
            audit.record(db, self._now(), by, "audit.export", "audit_log", {"rows": len(found)})
        return found

    def verify(self) -> int:
        """Recompute the chain and return the number of lines.

        Raises:
            Tampered: names the first line that does not fit.
        """
        with self._database.read() as db:
            return audit.verify(db)

"""A higher quota of the top statutory grade: asked for by one person, decided by another."""

from evalsys.clock import Clock
from evalsys.domain.disputes import checked_text
from evalsys.domain.rule_versions import Ruling
from evalsys.domain.statutory import QuotaRequest, check_second_person
from evalsys.errors import NotFound
from evalsys.ids import UnitCode
from evalsys.services.access import must_be_two_people
from evalsys.store import audit
from evalsys.store import statutory as store
from evalsys.store.assessment import people_and_units
from evalsys.store.database import Database


class Quotas:
    """Requests of units for a year."""

    def __init__(self, database: Database, now: Clock) -> None:
        """Keep requests in `database`."""
        self._database = database
        self.now = now

    def of_year(self, year: int) -> tuple[tuple[QuotaRequest, str], ...]:
        """List the requests of a year with the names of the units, newest first."""
        with self._database.read() as db:
            _people, units = people_and_units(db)
            return tuple((one, units[one.unit]) for one in store.quota_requests(db, year))

    def ask(self, unit: UnitCode, year: int, *, reason: str, by: str) -> int:
        """Ask for the higher quota.

        Raises:
            InvalidInput: no reason.
            NotFound: there is no such unit.
        """
        why = checked_text(reason, "理由")
        with self._database.write() as db:
            _people, units = people_and_units(db)
            if unit not in units:
                raise NotFound(f"没有单位 {unit}。", remedy="请填单位编码。", place=unit)
            at = self.now()
            number = store.add_quota_request(db, QuotaRequest(0, unit, year, why, by, at))
            detail = {"year": year, "request": number}
            audit.record(db, at, by, "quota.ask", f"unit:{unit}", detail)
        return number

    def rule(self, number: int, ruling: Ruling, *, by: str) -> QuotaRequest:
        """Approve a request or send it back, as its second person.

        Raises:
            NotFound: there is none of this number.
            RuleViolation: it is the requester, or it was decided on.
        """
        with self._database.write() as db:
            request = store.quota_request(db, number)
            check_second_person(request, by)
            must_be_two_people(db, request.requested_by, by)
            at = self.now()
            store.add_quota_ruling(db, number, ruling, by=by, at=at)
            detail = {"ruling": ruling.value, "request": number}
            audit.record(db, at, by, "quota.rule", f"unit:{request.unit}", detail)
        return request

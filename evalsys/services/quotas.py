"""A higher quota of the top statutory grade: asked for by one person, decided by another."""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.disputes import checked_text
from evalsys.domain.local_date import end_of
from evalsys.domain.peers import group_of
from evalsys.domain.personnel_county import Evaluation, peer_groups
from evalsys.domain.rule_versions import Ruling
from evalsys.domain.statutory import (
    QuotaRequest,
    QuotaRules,
    QuotaScope,
    QuotaStanding,
    check_second_person,
    quota_numbers,
    quota_standings,
)
from evalsys.domain.written import LONGEST_NAME, one_line
from evalsys.errors import NotFound
from evalsys.ids import CadreNumber, UnitCode
from evalsys.services.access import must_be_two_people
from evalsys.store import audit
from evalsys.store import statutory as store
from evalsys.store.assessment import people_and_units, serving_cadres
from evalsys.store.database import Database
from evalsys.store.peers import peer_assignments, unit_kinds


def grade_places(
    db: Session, year: int, day: date, known_before: datetime | None = None
) -> Mapping[CadreNumber, tuple[UnitCode, str]]:
    """Tell unit and peer group of everybody who can have a grade of `year`.

    Whoever served at the end of the year is counted where he served then, whatever became of him
    since; whoever came later where he serves on `day`.
    """
    kinds, assigned = unit_kinds(db, known_before), peer_assignments(db, known_before)
    people = {one.number: one for one in serving_cadres(db, day)}
    if day > (last := date(year, 12, 31)):
        people |= {one.number: one for one in serving_cadres(db, last)}
    return {
        number: (one.unit, group_of(one.rank, one.unit, kinds, assigned.get(number, "")))
        for number, one in people.items()
    }


class Quotas:
    """Requests of units for a year, and how units and peer groups stand to their quotas."""

    def __init__(self, database: Database, now: Clock, zone: tzinfo) -> None:
        """Keep requests in `database`; days are those of the county's `zone`."""
        self._database = database
        self.now = now
        self._zone = zone

    def standings(self, evaluation: Evaluation) -> tuple[tuple[QuotaStanding, str], ...]:
        """Say of the evaluation's year how every unit and peer group stands, with its name.

        Grades, kinds and groups are those entered by the end of its day, the numbers those by
        which an import of the year is checked. Those without a top grade and without an approval
        are left out.
        """
        rules = QuotaRules.of(quota_numbers(evaluation.book, evaluation.year, evaluation.as_of))
        known = end_of(evaluation.as_of, self._zone)
        with self._database.read() as db:
            _people, units = people_and_units(db)
            places = grade_places(db, evaluation.year, evaluation.as_of, known)
            grades = store.statutory_grades(db, evaluation.year, known)
            requests = store.quota_requests(db, evaluation.year)
        held = {number: one.grade for number, one in grades.items()}
        return tuple(
            (one, units[one.code] if one.scope is QuotaScope.UNIT else one.code)
            for one in quota_standings(held, places, requests, rules)
            if one.top or one.is_approved
        )

    def groups(self, evaluation: Evaluation) -> tuple[str, ...]:
        """Name every peer group of the evaluation, in order."""
        with self._database.read() as db:
            known = end_of(evaluation.as_of, self._zone)
            found = peer_groups(evaluation, unit_kinds(db, known), peer_assignments(db, known))
        return tuple(sorted({group for _number, group, _total in found}))

    def note_export(self, *, year: int, rows: int, by: str) -> None:
        """Record that somebody took the list away."""
        with self._database.write() as db:
            detail = {"year": year, "rows": rows}
            audit.record(db, self.now(), by, "quota.export", "quotas", detail)

    def of_year(self, year: int) -> tuple[tuple[QuotaRequest, str], ...]:
        """List the requests of a year with the names of the units, newest first."""
        with self._database.read() as db:
            _people, units = people_and_units(db)
            return tuple((one, units[one.unit]) for one in store.quota_requests(db, year))

    def ask(self, unit: UnitCode, year: int, *, reason: str, by: str, group: str = "") -> int:
        """Ask for the higher quota, for the unit or for the peer group that it names.

        Raises:
            InvalidInput: no reason, or a name of a group that is too long.
            NotFound: there is no such unit.
        """
        why = checked_text(reason, "理由")
        named = one_line(group, "同类组", longest=LONGEST_NAME)
        with self._database.write() as db:
            _people, units = people_and_units(db)
            if unit not in units:
                raise NotFound(f"没有单位 {unit}。", remedy="请填单位编码。", place=unit)
            at = self.now()
            new = QuotaRequest(0, unit, year, why, by, at, group=named)
            number = store.add_quota_request(db, new)
            detail = {"year": year, "request": number, "group": named}
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

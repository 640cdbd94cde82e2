"""Taking over into a cycle what the county's own records say of cadres and units (Y39, Y53)."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain import record_scores as r
from evalsys.domain.assessment import Component
from evalsys.domain.casework.clocks import Clockwork
from evalsys.domain.casework.standing import standing
from evalsys.domain.component_scores import Subject, latest
from evalsys.domain.cycles import Cycle, CycleCode
from evalsys.domain.local_date import local_date
from evalsys.domain.personnel import SessionFinding
from evalsys.domain.programme_results import ProgrammeResult
from evalsys.domain.unit_pledges import UnitPledge, ruled_in
from evalsys.domain.unit_year import spot_checks
from evalsys.ids import CadreNumber, UnitCode
from evalsys.services.casework_desk import CaseworkDesk
from evalsys.services.programmes import Programmes
from evalsys.services.session_findings import Findings, session_findings
from evalsys.services.unit_pledges import UnitPledges, no_pledges, unit_pledges
from evalsys.store import assessment, audit, casework, casework_board, cycles, followup_facts
from evalsys.store.casework_policy import shipped_policy
from evalsys.store.component_scores import add_scores, scores_of
from evalsys.store.database import Database


@dataclass(frozen=True, slots=True)
class Line:
    """One component: how many facts it is of, how many subjects met with which fate."""

    subject: Subject
    component: Component
    facts: int
    fates: Mapping[r.Fate, int]

    @property
    def people(self) -> int:
        """How many cadres or units have a fact."""
        return sum(self.fates.values())


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What taking over did, or would do: every component of every subject that has a fact."""

    cycle: Cycle
    is_closed: bool
    """Closed itself, or its year is."""
    as_of: date
    outcomes: tuple[r.Outcome, ...]
    names: Mapping[tuple[Subject, str], str]
    """Of the cadres and units in `outcomes`."""
    without_unit: tuple[str, ...] = ()
    """Who answers for a pledge of an assembly, and is no unit of the roster."""

    @property
    def lines(self) -> tuple[Line, ...]:
        """Count it by component; all components are always there."""
        return tuple(
            Line(
                subject,
                component,
                facts=sum(one.recorded.facts for one in mine),
                fates=Counter(one.fate for one in mine),
            )
            for subject, component in r.FROM_RECORDS
            for mine in (
                [
                    one
                    for one in self.outcomes
                    if (one.recorded.subject, one.recorded.component) == (subject, component)
                ],
            )
        )

    @property
    def entered(self) -> int:
        """How many scores are new or changed."""
        return sum(one.fate in {r.Fate.NEW, r.Fate.CHANGED} for one in self.outcomes)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the records of sessions hold."""

    findings: tuple[SessionFinding, ...]
    heard: tuple[tuple[UnitCode, ProgrammeResult], ...]
    promised: tuple[UnitPledge, ...]
    without_unit: tuple[str, ...]


class RecordScores:
    """Cycles' components from what is on record anyway."""

    def __init__(  # noqa: PLR0913, PLR0917 - where each kind of record is read
        self,
        database: Database,
        now: Clock,
        zone: tzinfo,
        findings: Findings,
        programmes: Programmes,
        clocks: Callable[[Session], Clockwork],
        promised: UnitPledges = no_pledges,
    ) -> None:
        """Days are those of the county's `zone`; `clocks` tell when answers were due."""
        self._promised = promised
        self._database = database
        self._clocks = clocks
        self._findings = findings
        self._programmes = programmes
        self.now = now
        self._zone = zone

    def today(self) -> date:
        """Return the day in the county."""
        return local_date(self.now(), self._zone)

    def look(self, code: CycleCode, as_of: date | None = None) -> TakenOver:
        """Say what taking over as of a day (today) would do; nothing is written.

        Raises:
            NotFound: there is no such cycle.
            InvalidInput: the day lies ahead, or before the cycle.
        """
        day = as_of or self.today()
        seen = self._seen(day)
        with self._database.read() as db:
            return self._reckon(db, cycles.cycle(db, code), day, seen)

    def take_over(self, code: CycleCode, as_of: date | None = None, *, by: str) -> TakenOver:
        """Enter what the records say as of a day (today); a repeat changes nothing.

        A score that an import or a correction entered stays as it is and is told.

        Raises:
            NotFound: there is no such cycle.
            RuleViolation: it is closed.
            InvalidInput: the day lies ahead, or before the cycle.
        """
        day = as_of or self.today()
        seen = self._seen(day)
        with self._database.write() as db:
            cycle = cycles.cycle(db, code)
            r.check_open(cycle, cycles.closed(db))
            found = self._reckon(db, cycle, day, seen)
            at = self.now()
            add_scores(db, r.new_scores(found.outcomes, code, day, by=by, at=at))
            fates = Counter(one.fate.name.lower() for one in found.outcomes)
            detail = {"as_of": day.isoformat(), "fates": dict(sorted(fates.items()))}
            audit.record(db, at, by, "assessment.records", f"cycle:{code}", detail)
        return found

    def _seen(self, as_of: date) -> _Seen:
        """Read the sessions' records, before anybody has to wait for a transaction."""
        known = self._begins(as_of + timedelta(days=1))
        heard = (
            (one.programme.unit, one.result)
            for one in self._programmes.results(known_before=known)
            if one.programme is not None
        )
        promised, without_unit = self._promised(known)
        return _Seen(tuple(self._findings(known)), tuple(heard), promised, without_unit)

    def _reckon(self, db: Session, cycle: Cycle, as_of: date, seen: _Seen) -> TakenOver:
        r.check_day(cycle, as_of, self.today())
        last = min(cycle.last, as_of)
        known = self._begins(as_of + timedelta(days=1))
        people, units = assessment.people_and_units(db)
        found = r.recorded(
            r.sessions(seen.findings, assessment.reports(db, known), cycle.first, last),
            r.pledges(followup_facts.pledge_outcomes(db, known), cycle.first, last),
            self._requests(
                db, self._begins(cycle.first), self._begins(last + timedelta(days=1)), known
            ),
            spot_checks(seen.heard, cycle.first, last),
            ruled_in(seen.promised, cycle.first, last),
        )
        names = {Subject.CADRE: people, Subject.UNIT: units}
        on_roster = (one for one in found if one.code in names[one.subject])
        standing = latest(scores_of(db, cycles=[cycle.code])).values()
        outcomes = r.outcomes(on_roster, standing, as_of)
        named = {
            (one.recorded.subject, one.recorded.code): names[one.recorded.subject].get(
                one.recorded.code, ""
            )
            for one in outcomes
        }
        is_closed = cycle.code in cycles.closed(db)
        return TakenOver(cycle, is_closed, as_of, outcomes, named, seen.without_unit)

    def _requests(
        self, db: Session, since: datetime, until: datetime, known: datetime
    ) -> Mapping[CadreNumber, r.Tally]:
        """Count requests as they were known before a moment, whatever was said of them since."""
        clocks = self._clocks(db)
        moved = casework.as_known(db, clocks.days.day_of, known, since, until)
        earlier = r.requests((standing(file, clocks, None) for file in moved), until)
        return r.together(casework_board.answered_by_cadre(db, since, until, known), earlier)

    def _begins(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._zone)


def record_scores(database: Database, now: Clock, zone: ZoneInfo) -> RecordScores:
    """Build the room over the records of all sessions."""
    return RecordScores(
        database,
        now,
        zone,
        session_findings(database, zone),
        Programmes(database, zone),
        CaseworkDesk(database, shipped_policy(), now, zone).clocks,
        unit_pledges(database, zone),
    )

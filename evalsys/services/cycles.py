"""The room of assessment cycles: open and close them, and what each has been given."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from pathlib import Path

from evalsys.clock import Clock
from evalsys.domain.assessment import Component, Standard
from evalsys.domain.component_scores import ComponentScore, Subject, latest
from evalsys.domain.cycles import Cycle, CycleCode, check_may_close, new_cycle
from evalsys.domain.disputes import checked_text
from evalsys.domain.local_date import local_date
from evalsys.domain.rulebook import Rulebook
from evalsys.errors import InvalidInput, RuleViolation
from evalsys.services.assessment_import import AssessmentImport
from evalsys.services.tables_report import TablesReport
from evalsys.store import audit
from evalsys.store import cycles as store
from evalsys.store.assessment import people_and_units
from evalsys.store.component_scores import PetitionCount, petition_counts, scores_of
from evalsys.store.database import Database
from evalsys.store.roster_files import sha256_of
from evalsys.store.sealed_files import SealedFile, add_sealed_file, sealed_files


@dataclass(frozen=True, slots=True)
class Given:
    """What one component was given in a cycle: scores that hold, and the people behind them."""

    component: Component
    cadres: int
    units: int
    asked: int
    answered: int
    corrected: int


@dataclass(frozen=True, slots=True)
class CycleRecord:
    """One cycle with all it was given; `names` are those of cadres and units."""

    cycle: Cycle
    is_closed: bool
    """Closed itself, or its year is."""
    given: tuple[Given, ...]
    holding: tuple[ComponentScore, ...]
    trail: tuple[ComponentScore, ...]
    """Every score in the order of entering, superseded ones too."""
    sealed: tuple[SealedFile, ...]
    petitions: tuple[PetitionCount, ...]
    names: Mapping[tuple[Subject, str], str]


class Cycles:
    """Years and quarters of assessment."""

    def __init__(self, database: Database, now: Clock, zone: tzinfo, book: Rulebook) -> None:
        """Days are those of the county's `zone`; `book` holds the numbers of imports."""
        self._book = book
        self._database = database
        self.now = now
        self._zone = zone

    def today(self) -> date:
        """Return the day in the county."""
        return local_date(self.now(), self._zone)

    def every(self) -> tuple[tuple[Cycle, int], ...]:
        """List every cycle with how many scores hold in it."""
        with self._database.read() as db:
            counted = Counter(score.cycle for score in latest(scores_of(db)).values())
            return tuple((cycle, counted[cycle.code]) for cycle in store.cycles(db))

    def record(self, code: CycleCode) -> CycleRecord:
        """Return one cycle with what it was given.

        Raises:
            NotFound: there is none of this code.
        """
        with self._database.read() as db:
            cycle = store.cycle(db, code)
            trail = scores_of(db, cycles=[code])
            people, units = people_and_units(db)
            names = {(Subject.CADRE, number): name for number, name in people.items()}
            names |= {(Subject.UNIT, unit): name for unit, name in units.items()}
            holding = tuple(latest(trail).values())
            return CycleRecord(
                cycle=cycle,
                is_closed=code in store.closed(db),
                given=tuple(_given(holding, component) for component in Component),
                holding=tuple(sorted(holding, key=_order)),
                trail=trail,
                sealed=sealed_files(db, code),
                petitions=tuple(one for one in petition_counts(db) if one.cycle == code),
                names=names,
            )

    def open(self, code: CycleCode, first: date, last: date, *, by: str) -> Cycle:
        """Open a cycle with days of its own.

        Raises:
            InvalidInput: days that cannot be, outside its year, or shared with another quarter.
            RuleViolation: it is there already, or its year is closed.
        """
        with self._database.write() as db:
            at = self.now()
            opened = new_cycle(code, first, last, store.cycles(db), by=by, at=at)
            store.add_cycle(db, opened)
            detail = {"first": first.isoformat(), "last": last.isoformat()}
            audit.record(db, at, by, "assessment.open", f"cycle:{code}", detail)
        return opened

    def close(self, code: CycleCode, *, by: str) -> None:
        """Close a cycle for good: from then on only approved corrections change it.

        Raises:
            NotFound: there is none of this code.
            RuleViolation: it is closed, or not over yet.
        """
        with self._database.write() as db:
            at = self.now()
            check_may_close(store.cycle(db, code), self.today())
            store.close_cycle(db, code, by=by, at=at)
            audit.record(db, at, by, "assessment.close", f"cycle:{code}")

    def take(self, file: Path, filename: str, *, by: str, dry_run: bool) -> TablesReport:
        """Bring in an uploaded file; its rows name their cycles themselves.

        Raises:
            InvalidInput: the file cannot be read at all.
        """
        room = AssessmentImport(self._database, self.now, self.today(), self._book)
        return room.run([file], actor=by, dry_run=dry_run, names={file: filename})

    def seal(
        self, code: CycleCode, file: Path, filename: str, *, assessor: str, by: str
    ) -> SealedFile:
        """Record the hash of what an outside assessor handed in, before anybody opens it (L28).

        From then on a third-party score of the cycle comes in from a file so recorded alone.

        Raises:
            NotFound: there is no such cycle.
            RuleViolation: the cycle is closed, or the file was recorded before.
            InvalidInput: the assessor is not named.
        """
        who = checked_text(assessor, "测评机构")
        if len(who) > SHORT:
            raise InvalidInput("测评机构名称过长。", remedy="请写简称。", place="测评机构")
        sha256 = sha256_of(file, filename)
        with self._database.write() as db:
            store.cycle(db, code)
            if code in store.closed(db):
                raise RuleViolation(f"考核周期 {code} 已经关闭。", remedy="请核对周期。")
            at = self.now()
            sealed = SealedFile(sha256, code, filename[-80:], who, by, at)
            if not add_sealed_file(db, sealed):
                raise RuleViolation("这份文件已经登记过。", remedy="请看本页封存文件一栏。")
            detail = {"sha256": sha256, "assessor": who}
            audit.record(db, at, by, "assessment.seal", f"cycle:{code}", detail)
        return sealed


SHORT = 60


def standard_of(book: Rulebook, cycle: Cycle, day: date) -> Standard:
    """Return the numbers that weigh a cycle: those of its end, within it those of `day`."""
    return book.on(max(book.begins, min(cycle.last, day))).standard


def _given(holding: tuple[ComponentScore, ...], component: Component) -> Given:
    mine = [one for one in holding if one.component is component and one.tenths is not None]
    return Given(
        component=component,
        cadres=sum(one.subject is Subject.CADRE for one in mine),
        units=sum(one.subject is Subject.UNIT for one in mine),
        asked=sum(one.counts.asked or 0 for one in mine),
        answered=sum(one.counts.answered or 0 for one in mine),
        corrected=sum(one.correction is not None for one in mine),
    )


def _order(score: ComponentScore) -> tuple[str, str, int]:
    return score.subject, score.code, list(Component).index(score.component)

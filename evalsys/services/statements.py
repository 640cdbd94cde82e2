"""Cadres' own statements of a year, and who still owes what (Y78)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, tzinfo

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain import statement as s
from evalsys.domain.access import Person
from evalsys.domain.casebook import Noted, Paper
from evalsys.domain.cycles import Cycle, CycleCode, CycleKind
from evalsys.domain.local_date import local_date
from evalsys.domain.personnel_county import Evaluation
from evalsys.domain.purposes import Purpose
from evalsys.errors import NotFound
from evalsys.ids import CadreNumber, new_id
from evalsys.services.cadre_page import acted_for, chosen_number
from evalsys.store import audit, cycles
from evalsys.store.casebook import PaperSafe
from evalsys.store.cases import STATEMENTS
from evalsys.store.database import Database
from evalsys.store.roster import cadre_cards


@dataclass(frozen=True, slots=True)
class Words:
    """One statement with its text. Older ones of the same kind do not hold any more."""

    statement: s.StatementKind
    stated_on: date
    by: str
    text: str
    holds: bool


@dataclass(frozen=True, slots=True)
class OwnYear:
    """One year on the cadre's own page."""

    cycle: Cycle
    is_open: bool
    words: Mapping[s.StatementKind, Words]


@dataclass(frozen=True, slots=True)
class OwnStatements:
    """What a cadre's account sees: who it is for, and the years, latest first."""

    number: CadreNumber
    numbers: tuple[CadreNumber, ...]
    name: str
    years: tuple[OwnYear, ...]


class Statements:
    """Pledges and reports of every cadre."""

    def __init__(self, database: Database, now: Clock, zone: tzinfo, safe: PaperSafe) -> None:
        """Days are those of the county's `zone`; `safe` keeps the words."""
        self._database = database
        self.now = now
        self._zone = zone
        self._safe = safe

    def own(self, person: Person, wanted: str = "") -> OwnStatements | None:
        """Show a cadre his years; None where the account is bound to no cadre.

        Raises:
            NotFound: the account does not act for the cadre that is `wanted`.
        """
        with self._database.read() as db:
            numbers = acted_for(db, person)
            if not numbers:
                return None
            number = chosen_number(numbers, wanted)
            card = cadre_cards(db, {number}).get(number)
            closed, today = cycles.closed(db), self._today()
            years = [
                OwnYear(
                    cycle,
                    s.takes(cycle, today, closed=cycle.code in closed),
                    {one.statement: one for one in self._words(db, cycle.code, number)},
                )
                for cycle in cycles.cycles(db)
                if cycle.kind is CycleKind.YEAR
            ]
            shown = tuple(year for year in years if year.is_open or year.words)
            return OwnStatements(number, numbers, card.name if card else "", shown)

    def state(
        self, person: Person, wanted: str, code: CycleCode, statement: s.StatementKind, text: str
    ) -> None:
        """Hand in a statement; the one before it stays on record.

        Raises:
            NotFound: the account does not act for this cadre, or there is no such year.
            WrongPhase, InvalidInput: as `check_statement` says.
        """
        with self._database.write() as db:
            number = chosen_number(acted_for(db, person), wanted)
            cycle, today = cycles.cycle(db, code), self._today()
            case = s.case_of(code, number)
            year = STATEMENTS.find(db, case)
            last = year.last(statement) if year else None
            before = self._safe.open(db, case, last.event.words).decode() if last else None
            is_closed = code in cycles.closed(db)
            kept = s.check_statement(cycle, text, today, closed=is_closed, before=before).encode()
            digest = hashlib.sha256(kept).hexdigest()
            paper = Paper(new_id(), statement.value, "text/plain", digest, len(kept))
            self._safe.keep(db, case, paper, kept)
            event, at = s.Stated(number, code, statement, today, paper), self.now()
            after = year.seq if year else 0
            STATEMENTS.note(db, case, event, after=after, cadre=number, by=person.name, at=at)
            detail = {"cycle": code, "kind": statement.name.lower()}
            audit.record(db, at, person.name, "statement.hand_in", f"cadre:{number}", detail)

    def duties(self, evaluation: Evaluation, code: CycleCode) -> tuple[s.Duties, ...]:
        """Say of every serving cadre what the year has of him: words, and an appraisal."""
        with self._database.read() as db:
            found = {one.cadre: one for one in STATEMENTS.every(db) if one.cycle == code}
        return tuple(
            s.Duties(
                one.cadre,
                _day(found.get(one.cadre.number), s.StatementKind.PLEDGE),
                _day(found.get(one.cadre.number), s.StatementKind.REPORT),
                one.annual.households,
            )
            for one in evaluation.assessed
        )

    def read(
        self, number: CadreNumber, code: CycleCode, *, by: str, purpose: Purpose
    ) -> tuple[Words, ...]:
        """Open all that a cadre stated in a year, the newest first; audited with its purpose.

        Raises:
            NotFound: nothing was handed in.
        """
        with self._database.write() as db:
            words = self._words(db, code, number)
            if not words:
                raise NotFound("这名干部在这一年度还没有交承诺或述职。", remedy="请从列表中选择。")
            detail = {"cycle": code, "purpose": purpose.value}
            audit.record(db, self.now(), by, "statement.read", f"cadre:{number}", detail)
        return words[::-1]

    def note_export(self, code: CycleCode, *, rows: int, by: str) -> None:
        """Record that somebody took the list of duties away."""
        with self._database.write() as db:
            detail = {"rows": rows}
            audit.record(db, self.now(), by, "personnel.export", f"statements:{code}", detail)

    def _words(self, db: Session, code: CycleCode, number: CadreNumber) -> tuple[Words, ...]:
        year = STATEMENTS.find(db, s.case_of(code, number))
        if year is None:
            return ()
        last = {year.last(statement) for statement in s.StatementKind}
        return tuple(
            Words(
                noted.event.statement,
                noted.event.stated_on,
                noted.by,
                self._safe.open(db, year.id, noted.event.words).decode(),
                noted in last,
            )
            for noted in year.stated
        )

    def _today(self) -> date:
        return local_date(self.now(), self._zone)


def _day(year: s.YearStatements | None, statement: s.StatementKind) -> date | None:
    last: Noted[s.Stated] | None = year.last(statement) if year else None
    return last.event.stated_on if last else None

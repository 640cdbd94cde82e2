"""Exposure and honours: proposed, approved by a second person, public, removed (Y58, Y67)."""

from collections.abc import Callable
from datetime import date

from sqlalchemy.orm import Session

from evalsys.domain import listings as x
from evalsys.domain.personnel_county import Evaluation
from evalsys.domain.personnel_decisions import check_present
from evalsys.errors import NotFound
from evalsys.ids import CadreNumber, new_id
from evalsys.services.access import must_be_two_people
from evalsys.services.personnel import Personnel
from evalsys.store import audit
from evalsys.store.cases import LISTINGS
from evalsys.store.database import Database


class Listings:
    """Every entry of the lists that the county publishes."""

    def __init__(self, database: Database, personnel: Personnel) -> None:
        """Judge who may be listed by `personnel`."""
        self._database = database
        self._personnel = personnel

    def today(self) -> date:
        """Return the day in the county."""
        return self._personnel.today()

    def every(self) -> tuple[x.Listing, ...]:
        """Return every entry, the newest first."""
        with self._database.read() as db:
            return LISTINGS.every(db)

    def public(self) -> tuple[x.Listing, ...]:
        """Return what everybody may see today: approved, published, not expired."""
        today = self.today()
        return tuple(one for one in self.every() if one.stage(today) is x.ListingStage.PUBLIC)

    def propose(
        self,
        evaluation: Evaluation,
        cadre: CadreNumber,
        *,
        kind: x.ListingKind,
        finding: str,
        basis: str,
        by: str,
    ) -> str:
        """Propose a cadre for a list; return the entry's id.

        Raises:
            NotFound: nobody of this number serves.
            RuleViolation: nothing establishes it, or the evaluation is of an earlier day.
        """
        check_present((evaluation.as_of, evaluation.year), (self.today(), evaluation.year))
        one = next((each for each in evaluation.assessed if each.cadre.number == cadre), None)
        if one is None:
            raise NotFound(f"在册干部中没有编号 {cadre}。", remedy="请核对 8 位编号。", place=cadre)
        with self._database.write() as db:
            LISTINGS.hold(db)
            event = x.propose_listing(
                evaluation,
                one,
                LISTINGS.every(db, cadre),
                kind=kind,
                finding=finding,
                basis=basis,
            )
            case, at = new_id(), self._personnel.now()
            LISTINGS.note(db, case, event, after=0, cadre=cadre, by=by, at=at)
            detail = {"listing": case, "kind": kind.value}
            audit.record(db, at, by, "listing.propose", f"cadre:{cadre}", detail)
        return case

    def rule(
        self, case: str, *, approved: bool, reason: str, publish_on: date | None, by: str
    ) -> None:
        """Approve an entry from a day on, or send it back, as its second person."""
        today = self.today()
        numbers = self._personnel.book.on(today).numbers

        def ruled(db: Session, state: x.Listing) -> x.ListingEvent:
            must_be_two_people(db, state.proposed_by, by)
            return x.rule_listing(
                state,
                approved=approved,
                reason=reason,
                publish_on=publish_on,
                by=by,
                day=today,
                numbers=numbers,
            )

        self._step(case, ruled, by)

    def remove(self, case: str, *, reason: str, by: str) -> None:
        """Take an entry down before its day."""
        self._step(case, lambda _db, state: x.remove_listing(state, reason, day=self.today()), by)

    def note_export(self, *, rows: int, by: str) -> None:
        """Record that somebody took the list away."""
        with self._database.write() as db:
            at = self._personnel.now()
            audit.record(db, at, by, "listing.export", "listings", {"rows": rows})

    def _step(
        self, case: str, make: Callable[[Session, x.Listing], x.ListingEvent], by: str
    ) -> None:
        def act(db: Session) -> None:
            state = LISTINGS.one(db, case)
            event, at = make(db, state), self._personnel.now()
            LISTINGS.note(db, case, event, after=state.seq, cadre=state.cadre, by=by, at=at)
            detail = {"listing": case, "event": type(event).__name__}
            audit.record(db, at, by, "listing.step", f"cadre:{state.cadre}", detail)

        with self._database.write() as db:
            act(db)

"""Investigations after the show: evidence under seal, report, sanction, clock (Y54, Y55)."""

from collections.abc import Callable, Mapping
from datetime import date

from sqlalchemy.orm import Session

from evalsys.domain import investigations as i
from evalsys.domain.followup_rows import InvestigationRow
from evalsys.domain.live.state import Investigation
from evalsys.domain.personnel import InvestigationOutcome, InvestigationReport
from evalsys.domain.personnel_county import Evaluation
from evalsys.errors import NotFound
from evalsys.ids import LiveId
from evalsys.services.access import must_be_two_people
from evalsys.services.denied_closes import DeniedCloses
from evalsys.services.live_session import LiveSessions
from evalsys.services.papers import Uploaded, paper_of
from evalsys.services.personnel import Personnel
from evalsys.store import assessment, audit, campaigns
from evalsys.store.casebook import PaperSafe
from evalsys.store.cases import INVESTIGATIONS
from evalsys.store.database import Database
from evalsys.store.roster import cadre_cards


class Investigations:
    """Every investigation that a session called for."""

    def __init__(
        self, database: Database, personnel: Personnel, live: LiveSessions, safe: PaperSafe
    ) -> None:
        """Know findings by `personnel`, teams by `live`; `safe` keeps evidence."""
        self._database = database
        self._personnel = personnel
        self._live = live
        self._safe = safe
        self.denied = DeniedCloses(database, personnel, safe)
        """Closes that their households deny."""

    def today(self) -> date:
        """Return the day in the county."""
        return self._personnel.today()

    # --- reading ------------------------------------------------------------------------

    def every(self, evaluation: Evaluation) -> list[InvestigationRow]:
        """List what sessions called for, the newest first; rehearsals call for nothing."""
        found = [
            one
            for one in evaluation.facts.findings
            if one.calls_for_investigation and not one.rehearsal
        ]
        found.sort(key=lambda one: (one.held_on, one.live, one.j), reverse=True)
        today = self.today()
        numbers = self._numbers(today)
        with self._database.read() as db:
            kept = {one.id: one for one in INVESTIGATIONS.every(db)}
            cards = cadre_cards(db, {one.cadre for one in found})
            holidays = frozenset(campaigns.holidays(db))
        rows = []
        for one in found:
            case = i.case_of(one.live, one.j)
            inquiry = kept.get(case, i.Inquiry(case))
            stage = inquiry.stage(one.held_on, today, numbers, holidays)
            due = i.due_on(one.held_on, numbers, holidays)
            rows.append(InvestigationRow(one, cards.get(one.cadre), inquiry, due, stage))
        return rows

    def find(self, evaluation: Evaluation, live: LiveId, j: int) -> InvestigationRow:
        """Find one investigation to act on.

        Raises:
            NotFound: that round of a session called for none.
        """
        for row in self.every(evaluation):
            if (row.finding.live, row.finding.j) == (live, j):
                return row
        raise NotFound("这一轮没有需要调查的事项。", remedy="请从列表中选择。")

    def one(
        self, evaluation: Evaluation, live: LiveId, j: int, *, purpose: str, by: str
    ) -> tuple[InvestigationRow, tuple[Investigation, ...]]:
        """Open one investigation with its teams for `by`; the reading is recorded with why.

        Raises:
            NotFound: that round of a session called for none.
        """
        row = self.find(evaluation, live, j)
        state = self._live.state(live)
        teams = next((r.investigations for r in state.rounds if r.j == j), ())
        with self._database.write() as db:
            self._audit(db, by, "investigation.read", row, {"purpose": purpose})
        return row, teams

    def evidence(
        self,
        row: InvestigationRow,
        number: int,
        *,
        purpose: str,
        by: str,
    ) -> tuple[str, bytes]:
        """Open a file of evidence for `by`: its name and content; the reading is recorded.

        Raises:
            InvalidInput: no purpose was given.
            NotFound: there is no such piece, or it is no file.
        """
        said = i.purpose_of(purpose)
        item = row.inquiry.item(number)
        if item.file is None:
            raise NotFound("这件证据没有文件。", remedy="请按存放处查阅，用哈希核对。")
        with self._database.write() as db:
            detail = {"evidence": number, "purpose": said}
            self._audit(db, by, "investigation.evidence_read", row, detail)
            return item.file.name, self._safe.open(db, row.inquiry.id, item.file)

    # --- steps --------------------------------------------------------------------------

    def add_evidence(
        self,
        row: InvestigationRow,
        *,
        title: str,
        file: Uploaded | None,
        reference: str,
        sha256: str,
        by: str,
    ) -> None:
        """Add a piece of evidence: a file that is sealed, or where it lies and its hash."""
        paper = paper_of(file) if file is not None else None

        def make(db: Session, inquiry: i.Inquiry) -> i.InvestigationEvent:
            event = i.add_evidence(inquiry, title, file=paper, reference=reference, sha256=sha256)
            if paper is not None and file is not None:
                self._safe.keep(db, inquiry.id, paper, file.content)
            return event

        self._step(row, make, by)

    def conclude(
        self,
        row: InvestigationRow,
        outcome: InvestigationOutcome,
        *,
        concluded_on: date,
        basis: str,
        by: str,
    ) -> None:
        """Record what the report established; the rules reckon with it at once."""

        def make(db: Session, inquiry: i.Inquiry) -> i.InvestigationEvent:
            event = i.conclude(
                inquiry,
                outcome,
                concluded_on=concluded_on,
                basis=basis,
                opened_on=row.finding.held_on,
                day=self.today(),
            )
            self._register(db, row, event, "", by)
            return event

        self._step(row, make, by)

    def sanction(self, row: InvestigationRow, decided: i.SanctionDecision, *, by: str) -> None:
        """Record the sanction on an established faking (Y55)."""

        def make(db: Session, inquiry: i.Inquiry) -> i.InvestigationEvent:
            must_be_two_people(db, inquiry.concluded_by, by)
            event = i.sanction(inquiry, row.finding.cadre, decided, by=by, day=self.today())
            if inquiry.concluded is not None:
                self._register(db, row, inquiry.concluded, event.sanction, by)
            return event

        self._step(row, make, by)

    def note_export(self, *, rows: int, by: str) -> None:
        """Record that somebody took the list away."""
        with self._database.write() as db:
            at = self._personnel.now()
            audit.record(db, at, by, "investigation.export", "investigations", {"rows": rows})

    def _step(
        self,
        row: InvestigationRow,
        make: Callable[[Session, i.Inquiry], i.InvestigationEvent],
        by: str,
    ) -> None:
        cadre, case = row.finding.cadre, row.inquiry.id
        with self._database.write() as db:
            inquiry = INVESTIGATIONS.find(db, case) or i.Inquiry(case)
            event, at = make(db, inquiry), self._personnel.now()
            INVESTIGATIONS.note(db, case, event, after=inquiry.seq, cadre=cadre, by=by, at=at)
            self._audit(db, by, "investigation.step", row, {"event": type(event).__name__})

    def _register(
        self, db: Session, row: InvestigationRow, found: i.Concluded, sanction: str, by: str
    ) -> None:
        """Keep the report where the rules look for it."""
        finding = row.finding
        report = InvestigationReport(
            cadre=finding.cadre,
            live=finding.live,
            j=finding.j,
            outcome=found.outcome,
            concluded_on=found.concluded_on,
            basis=found.basis,
            sanction=sanction,
            recorded_by=by,
            recorded_at=self._personnel.now(),
        )
        assessment.add_report(db, report)

    def _audit(
        self,
        db: Session,
        by: str,
        action: str,
        row: InvestigationRow,
        detail: Mapping[str, object],
    ) -> None:
        told = {"live": row.finding.live, "j": row.finding.j, **detail}
        subject = f"cadre:{row.finding.cadre}"
        audit.record(db, self._personnel.now(), by, action, subject, told)

    def _numbers(self, day: date) -> Mapping[str, int]:
        return self._personnel.book.on(day).numbers

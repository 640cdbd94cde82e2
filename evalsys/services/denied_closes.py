"""Closes that their households deny, as investigations: evidence, report, the same clock (Y54).

The household's word alone establishes nothing. A report that establishes a faking names the cadre
who did it, for the household's cadre is not always who closed the request; from then on the rules
on promotion reckon with it as with one after a session. Nobody is held back before: an open
investigation of a close is nobody's yet.
"""

from datetime import date, datetime

from sqlalchemy.orm import Session

from evalsys.domain import investigations as i
from evalsys.domain.followup_rows import DeniedRow
from evalsys.domain.local_date import local_date
from evalsys.domain.personnel import InvestigationOutcome
from evalsys.errors import InvalidInput, NotFound, WrongPhase
from evalsys.ids import CadreNumber
from evalsys.services.access import must_be_two_people
from evalsys.services.papers import Uploaded, paper_of
from evalsys.services.personnel import Personnel
from evalsys.store import audit, campaigns, casework_outcomes
from evalsys.store.casebook import PaperSafe
from evalsys.store.cases import INVESTIGATIONS
from evalsys.store.database import Database
from evalsys.store.roster import cadre_cards


class DeniedCloses:
    """Every close that its household denied."""

    def __init__(self, database: Database, personnel: Personnel, safe: PaperSafe) -> None:
        """Reckon days by `personnel`; `safe` keeps evidence."""
        self._database = database
        self._personnel = personnel
        self._safe = safe

    def every(self) -> tuple[DeniedRow, ...]:
        """List them, those first that nobody has opened an investigation of."""
        with self._database.read() as db:
            return self._rows(db)

    def one(self, request: str, seq: int, *, purpose: str, by: str) -> DeniedRow:
        """Open one for `by`; the reading is recorded with why.

        Raises:
            NotFound: no household denied that close.
        """
        with self._database.write() as db:
            row = self._find(db, request, seq)
            self._audit(db, by, "investigation.read", row, {"purpose": purpose})
        return row

    def add_evidence(  # noqa: PLR0913 - what a piece of evidence is
        self,
        request: str,
        seq: int,
        *,
        title: str,
        file: Uploaded | None,
        reference: str,
        sha256: str,
        by: str,
    ) -> None:
        """Add a piece of evidence: a file that is sealed, or where it lies and its hash.

        Raises:
            WrongPhase: nobody has opened the investigation.
            InvalidInput: as `investigations.add_evidence` says.
        """
        paper = paper_of(file) if file is not None else None
        with self._database.write() as db:
            row = self._opened(db, request, seq)
            event = i.add_evidence(
                row.inquiry, title, file=paper, reference=reference, sha256=sha256
            )
            if paper is not None and file is not None:
                self._safe.keep(db, row.inquiry.id, paper, file.content)
            self._note(db, row, event, by)

    def evidence(
        self, request: str, seq: int, number: int, *, purpose: str, by: str
    ) -> tuple[str, bytes]:
        """Open a file of evidence for `by`: its name and content; the reading is recorded.

        Raises:
            InvalidInput: no purpose was given.
            NotFound: there is no such piece, or it is no file.
        """
        said = i.purpose_of(purpose)
        with self._database.write() as db:
            row = self._find(db, request, seq)
            item = row.inquiry.item(number)
            if item.file is None:
                raise NotFound("这件证据没有文件。", remedy="请按存放处查阅，用哈希核对。")
            detail = {"evidence": number, "purpose": said}
            self._audit(db, by, "investigation.evidence_read", row, detail)
            return item.file.name, self._safe.open(db, row.inquiry.id, item.file)

    def conclude(  # noqa: PLR0913 - what a report says
        self,
        request: str,
        seq: int,
        outcome: InvestigationOutcome,
        *,
        concluded_on: date,
        basis: str,
        cadre: str,
        by: str,
    ) -> None:
        """Record what the report established; of a faking also whose it was, a cadre's number.

        Raises:
            WrongPhase: nobody has opened the investigation.
            InvalidInput, RuleViolation: as `investigations.conclude` says, or a faking is
                nobody's whom the roster knows.
        """
        with self._database.write() as db:
            row = self._opened(db, request, seq)
            named = _named(db, cadre) if outcome is InvestigationOutcome.FAKED else None
            event = i.conclude(
                row.inquiry,
                outcome,
                concluded_on=concluded_on,
                basis=basis,
                opened_on=row.found_on,
                day=self._personnel.today(),
                cadre=named,
            )
            self._note(db, row, event, by)

    def sanction(self, request: str, seq: int, decided: i.SanctionDecision, *, by: str) -> None:
        """Record the sanction on an established faking (Y55).

        Raises:
            WrongPhase: nothing is established of anybody, or a sanction is recorded.
            InvalidInput, RuleViolation: as `investigations.sanction` says.
        """
        with self._database.write() as db:
            row = self._opened(db, request, seq)
            concluded = row.inquiry.concluded
            if concluded is None or concluded.cadre is None:
                raise WrongPhase(
                    "没有写明责任干部的查实结论，不能登记处理。",
                    remedy="请先登记调查结论，写明责任干部。",
                )
            must_be_two_people(db, row.inquiry.concluded_by, by)
            today = self._personnel.today()
            event = i.sanction(row.inquiry, concluded.cadre, decided, by=by, day=today)
            self._note(db, row, event, by)

    def _rows(self, db: Session) -> tuple[DeniedRow, ...]:
        found = casework_outcomes.mismatches(db)
        today = self._personnel.today()
        numbers = self._personnel.book.on(today).numbers
        kept = {one.id: one for one in INVESTIGATIONS.every(db)}
        cards = cadre_cards(db, {CadreNumber(one.cadre) for one in found if one.cadre})
        holidays = frozenset(campaigns.holidays(db))
        rows = []
        for one in found:
            case = i.case_of_request(one.request, one.seq)
            inquiry, since = kept.get(case, i.Inquiry(case)), self._day(one.found_at)
            cadre = CadreNumber(one.cadre) if one.cadre else None
            rows.append(
                DeniedRow(
                    one.request,
                    one.seq,
                    cadre,
                    cards.get(cadre) if cadre else None,
                    one.closed_by,
                    since,
                    one.opened_by,
                    one.reason,
                    inquiry,
                    i.due_on(since, numbers, holidays),
                    inquiry.stage(since, today, numbers, holidays),
                )
            )
        return tuple(rows)

    def _find(self, db: Session, request: str, seq: int) -> DeniedRow:
        for row in self._rows(db):
            if (row.request, row.seq) == (request, seq):
                return row
        raise NotFound("没有这条回访不一致。", remedy="请从列表中选择。")

    def _opened(self, db: Session, request: str, seq: int) -> DeniedRow:
        row = self._find(db, request, seq)
        if not row.is_open:
            raise WrongPhase("调查还没有启动。", remedy="请先在“回访不一致”中启动调查。")
        return row

    def _note(self, db: Session, row: DeniedRow, event: i.InvestigationEvent, by: str) -> None:
        at = self._personnel.now()
        case, cadre = row.inquiry.id, row.cadre
        if not isinstance(event, i.EvidenceAdded):
            cadre = event.cadre or cadre
        INVESTIGATIONS.note(db, case, event, after=row.inquiry.seq, cadre=cadre, by=by, at=at)
        self._audit(db, by, "investigation.step", row, {"event": type(event).__name__})

    def _audit(
        self, db: Session, by: str, action: str, row: DeniedRow, detail: dict[str, object]
    ) -> None:
        told = {"event": row.seq} | detail
        audit.record(db, self._personnel.now(), by, action, f"request:{row.request}", told)

    def _day(self, at: datetime) -> date:
        return local_date(at, self._personnel.zone)


def _named(db: Session, written: str) -> CadreNumber:
    number = CadreNumber(written.strip())
    if number not in cadre_cards(db, {number}):
        raise InvalidInput(
            "查实弄虚作假的，要写明责任干部的编号。",
            remedy="编号为 8 位数字，见花名册；联系干部不一定就是办结人。",
            place="责任干部",
        )
    return number

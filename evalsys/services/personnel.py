"""The personnel room: advise on everybody, record what named persons decide."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from functools import partial

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.local_date import end_of, local_date
from evalsys.domain.peers import PeerStanding, standings
from evalsys.domain.personnel import (
    Appraisal,
)
from evalsys.domain.personnel_changes import WhatIf, compare
from evalsys.domain.personnel_county import (
    Assessed,
    CountyFacts,
    Evaluation,
    PeerGroups,
    check_year,
    evaluate,
    peer_groups,
    run_id,
)
from evalsys.domain.personnel_decisions import Choice, Decision, check_present, decide
from evalsys.domain.promotion_steps import (
    check_undecided,
    decide_at_gate,
    no_procedure,
    running_procedure,
)
from evalsys.domain.purposes import Purpose
from evalsys.domain.roster_coverage import Coverage
from evalsys.domain.rule_versions import RuleVersion, with_rules
from evalsys.domain.rulebook import Rulebook
from evalsys.domain.statutory import AnnualRow, StatutoryGrade
from evalsys.errors import InvalidInput, NotFound, StaleState
from evalsys.ids import CadreNumber
from evalsys.services.access import Aside, in_turn
from evalsys.services.session_findings import Findings
from evalsys.services.unit_pledges import UnitPledges, no_pledges
from evalsys.store import assessment, audit, decisions, followup_facts, peers, rule_versions
from evalsys.store.cases import PROCEDURES
from evalsys.store.component_scores import holding_scores
from evalsys.store.database import Database
from evalsys.store.decisions import Run
from evalsys.store.grid_preset import second_level
from evalsys.store.roster_coverage import coverage
from evalsys.store.statutory import statutory_grades

KEPT_EVALUATIONS = 4
BASIS_LIMIT = 500
"""Characters that the name of a document, or a sanction, may have."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The evaluation that a person had before the eyes."""

    run: str
    as_of: date
    year: int


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """One cadre as the person page shows it; decisions newest first."""

    evaluation: Evaluation
    one: Assessed
    peers: PeerStanding
    statutory: StatutoryGrade | None
    decisions: tuple[Decision, ...]


class Personnel:
    """Advice by the rulebook on any day, and the decisions of people beside it."""

    def __init__(  # noqa: PLR0913, PLR0917 - what it judges by, and where the facts are
        self,
        database: Database,
        now: Clock,
        zone: tzinfo,
        book: Rulebook,
        findings: Findings,
        aside: Aside = in_turn,
        promised: UnitPledges = no_pledges,
    ) -> None:
        """Judge by `book`; days are those of the county's `zone`; `aside` runs what is long."""
        self._promised = promised
        self._database = database
        self._findings = findings
        self.now = now
        self.zone = zone
        self.aside = aside
        # The same facts give the same run, so a kept evaluation never goes stale.
        self._kept: OrderedDict[str, Evaluation] = OrderedDict()
        self._compared: OrderedDict[str, WhatIf] = OrderedDict()
        self.book = book

    def second_level(self) -> str:
        """Name the level of the grid below the whole county's, as the county calls it."""
        with self._database.read() as db:
            return second_level(db)

    def today(self) -> date:
        """Return the day in the county."""
        return local_date(self.now(), self.zone)

    def evaluate(
        self, *, by: str, as_of: date | None = None, year: int | None = None
    ) -> Evaluation:
        """Advise on every cadre as things stood on `as_of` (today), for `year` (the last entered).

        Of what is dated only that counts which was on record by the end of that day: what was
        entered, ruled or corrected since is no part of what anybody could know then.

        The first time that an evaluation comes about it is recorded, with who asked.

        Raises:
            InvalidInput: the day lies ahead, or the year has not begun on it.
        """
        day = as_of or self.today()
        if day > self.today():
            raise InvalidInput(
                f"基准日 {day.isoformat()} 还没有到。",
                remedy="请选今天或以前的日期。",
                place="as_of",
            )
        known = end_of(day, self.zone)
        findings = tuple(self._findings(known))
        promised, _ = self._promised(known)
        with self._database.read() as db:
            if year is None:
                year = min(assessment.latest_year(db) or day.year, day.year)
            version = rule_versions.in_force(db, day)
            book = with_rules(self.book, version) if version else self.book
            window = book.on(day).numbers["admonish_window"]
            check_year(book, year, day)
            years = range(year - window + 1, year + 1)
            facts = CountyFacts(
                cadres=assessment.serving_cadres(db, day),
                inputs=assessment.inputs_of(db, years, day),
                findings=findings,
                reports=assessment.reports(db, known),
                appraisals=assessment.appraisals(db, known),
                more=rule_versions.facts(db, day, known),
                sanctions=followup_facts.sanctions(db, known),
                pledges=followup_facts.pledge_outcomes(db, known),
                scores=holding_scores(db, years, day, known),
                unit_pledges=promised,
                faked_closes=followup_facts.faked_closes(db, known, self.zone),
            )
        run = run_id(book.sha256, facts.sha256, day, year)
        evaluation = self._kept.get(run)
        if evaluation is None:
            judge = partial(evaluate, facts, book, as_of=day, year=year)
            evaluation = self._kept[run] = self.aside(judge, ())
            while len(self._kept) > KEPT_EVALUATIONS:
                self._kept.popitem(last=False)
            with self._database.write() as db:
                decisions.add_run(db, evaluation, by=by, at=self.now())
        return evaluation

    def what_if(
        self, version: RuleVersion, *, by: str, as_of: date | None = None, year: int | None = None
    ) -> WhatIf:
        """Judge the whole county by `version` too, on the same facts; that it was done is audited.

        Raises:
            InvalidInput: the day lies ahead, or the year has not begun on it.
        """
        was = self.evaluate(by=by, as_of=as_of, year=year)
        book = with_rules(self.book, version)
        key = f"{was.run}/{book.sha256}"
        found = self._compared.get(key)
        if found is None:
            judge = partial(evaluate, was.facts, book, as_of=was.as_of, year=was.year)
            found = self._compared[key] = compare(was, self.aside(judge, ()))
            while len(self._compared) > KEPT_EVALUATIONS:
                self._compared.popitem(last=False)
        with self._database.write() as db:
            detail = {"run": was.run, "sha256": version.sha256, "changes": len(found.changes)}
            audit.record(db, self.now(), by, "rules.what_if", f"rules:{version.id}", detail)
        return found

    def person(
        self,
        number: CadreNumber,
        *,
        by: str,
        purpose: Purpose = Purpose.ASSESSMENT,
        as_of: date | None = None,
        year: int | None = None,
    ) -> PersonRecord:
        """Open one cadre's record for `by`; the reading and what it is for are recorded.

        Raises:
            NotFound: nobody of this number serves on that day.
        """
        evaluation = self.evaluate(by=by, as_of=as_of, year=year)
        one = _find(evaluation, number)
        with self._database.write() as db:
            detail = {"run": evaluation.run, "purpose": purpose.value}
            audit.record(db, self.now(), by, "personnel.read", f"cadre:{number}", detail)
            made = decisions.decisions_on(db, number)
            groups = self._peer_groups(db, evaluation)
            statutory = self._statutory(db, evaluation).get(number)
        hide_below = evaluation.rules.numbers["hide_below"]
        mine = standings(groups, hide_below=hide_below)[number]
        return PersonRecord(evaluation, one, mine, statutory, made)

    def annual_rows(
        self, evaluation: Evaluation, chosen: Iterable[Assessed]
    ) -> tuple[AnnualRow, ...]:
        """Put beside each chosen cadre's year the peers and the statutory grade."""
        with self._database.read() as db:
            groups = self._peer_groups(db, evaluation)
            statutory = self._statutory(db, evaluation)
        found = standings(groups, hide_below=evaluation.rules.numbers["hide_below"])
        return tuple(
            AnnualRow(one, found[one.cadre.number], statutory.get(one.cadre.number))
            for one in chosen
        )

    def decided(self, year: int) -> Mapping[CadreNumber, Decision]:
        """Return the last decision on each cadre for `year`."""
        with self._database.read() as db:
            return decisions.latest_decisions(db, year)

    def coverage(self) -> Coverage:
        """Count how well the roster covers the county; a second or two."""
        with self._database.read() as db:
            return coverage(db)

    def runs(self, limit: int) -> tuple[Run, ...]:
        """Return the last evaluations on record, newest first."""
        with self._database.read() as db:
            return decisions.latest_runs(db, limit)

    def decide(
        self, number: CadreNumber, choice: Choice, *, reason: str, by: str, seen: Seen
    ) -> Decision:
        """Record the decision of `by`, made in view of the evaluation `seen`.

        Raises:
            StaleState: the advice is no longer what the person saw.
            RuleViolation: a rule stands against the promotion, or no promotion procedure of this
                cadre stands at its open gate (Y62-Y65); or a promotion rests on the advice of an
                earlier day or year.
            InvalidInput: no reason was given.
        """
        evaluation = self.evaluate(by=by, as_of=seen.as_of, year=seen.year)
        if evaluation.run != seen.run:
            raise StaleState(
                "您打开这一页之后，数据或规则有了变化，决定没有记录。",
                remedy="请刷新页面，看过新的结论再作决定。",
            )
        if choice is Choice.PROMOTE:
            now = self.evaluate(by=by)
            check_present((seen.as_of, seen.year), (now.as_of, now.year))
        one = _find(evaluation, number)
        at = self.now()
        decision = decide(evaluation, one, choice, reason=reason, by=by, at=at)
        day = self.today()
        with self._database.write() as db:
            running = running_procedure(PROCEDURES.every(db, number), day)
            if choice is Choice.PROMOTE and running is None:
                raise no_procedure(number)
            decisions.add_run(db, evaluation, by=by, at=at)
            decisions.add_decision(db, decision)
            if running is not None:
                made = decide_at_gate(running, choice, decision.reason, day=day)
                PROCEDURES.note(db, running.id, made, after=running.seq, cadre=number, by=by, at=at)
            detail = {"choice": choice.value, "advice": decision.conclusion.value}
            audit.record(db, at, by, "personnel.decide", f"cadre:{number}", detail)
        return decision

    def record_appraisal(self, appraisal: Appraisal) -> None:
        """Record the result of a pre-appointment appraisal 任前群众评议 (Y63-Y65).

        Raises:
            InvalidInput: its day cannot be, or it does not say on which document it rests.
            NotFound: no such cadre serves.
            RuleViolation: in a procedure of that year the households decided by phone (Y65).
        """
        self._check_recorded(appraisal.cadre, appraisal.held_on, appraisal.document)
        with self._database.write() as db:
            numbers = self.book.on(appraisal.held_on).numbers
            held = PROCEDURES.every(db, appraisal.cadre)
            check_undecided(held, appraisal.held_on.year, numbers)
            assessment.add_appraisal(db, appraisal)
            subject = f"cadre:{appraisal.cadre}"
            detail = {
                "held_on": appraisal.held_on.isoformat(),
                "linked": appraisal.linked,
                "answered": appraisal.answered,
                "satisfied": appraisal.satisfied,
            }
            audit.record(
                db, self.now(), appraisal.recorded_by, "personnel.appraisal", subject, detail
            )

    def note_export(self, what: str, *, by: str, evaluation: Evaluation, rows: int) -> None:
        """Record that somebody took a list away."""
        with self._database.write() as db:
            detail = {"run": evaluation.run, "rows": rows}
            audit.record(db, self.now(), by, "personnel.export", what, detail)

    def note_paper(
        self, paper: str, numbers: Sequence[CadreNumber], *, by: str, purpose: str, run: str
    ) -> None:
        """Record that somebody has a paper on each of these cadres, and what for."""
        with self._database.write() as db:
            detail = {"paper": paper, "run": run, "purpose": purpose}
            for number in numbers:
                audit.record(db, self.now(), by, "personnel.paper", f"cadre:{number}", detail)

    def decisions_on(
        self, numbers: Collection[CadreNumber] = ()
    ) -> Mapping[CadreNumber, tuple[Decision, ...]]:
        """Return every decision on each of these cadres (on everybody), newest first."""
        with self._database.read() as db:
            return decisions.decisions_by_cadre(db, numbers)

    def _peer_groups(self, db: Session, evaluation: Evaluation) -> PeerGroups:
        """Group everybody by what was entered by the end of the evaluation's day."""
        known = end_of(evaluation.as_of, self.zone)
        return peer_groups(
            evaluation, peers.unit_kinds(db, known), peers.peer_assignments(db, known)
        )

    def _statutory(
        self, db: Session, evaluation: Evaluation
    ) -> Mapping[CadreNumber, StatutoryGrade]:
        return statutory_grades(db, evaluation.year, end_of(evaluation.as_of, self.zone))

    def _check_recorded(self, number: CadreNumber, day: date, basis: str) -> None:
        if not self.book.begins <= day <= self.today():
            raise InvalidInput(
                f"日期 {day.isoformat()} 不可能：还没有到，或者早于规则集生效。",
                remedy="请核对日期。",
                place="day",
            )
        if not 0 < len(basis.strip()) <= BASIS_LIMIT:
            raise InvalidInput(
                "请写明所依据的文件或记录。",
                remedy=f"例如文号、会议记录编号，不超过 {BASIS_LIMIT} 字。",
                place="basis",
            )
        with self._database.read() as db:
            if not assessment.is_serving(db, number, self.today()):
                raise _nobody(number)


def _find(evaluation: Evaluation, number: CadreNumber) -> Assessed:
    for one in evaluation.assessed:
        if one.cadre.number == number:
            return one
    raise _nobody(number)


def _nobody(number: CadreNumber) -> NotFound:
    return NotFound(
        f"在册干部中没有编号 {number}。", remedy="请核对 8 位编号，或从列表进入。", place=number
    )

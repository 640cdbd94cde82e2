"""Objections to results: enter, propose a correction, have it approved, answer in time."""

from dataclasses import dataclass, replace
from datetime import date, tzinfo
from typing import Final

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.component_scores import (
    ComponentScore,
    Subject,
    check_score,
    latest,
)
from evalsys.domain.cycles import calendar_days, new_cycle
from evalsys.domain.disputes import (
    Correction,
    Dispute,
    Outcome,
    check_about,
    check_new,
    check_open,
    check_reply,
    check_second_person,
    checked_text,
    corrected_score,
)
from evalsys.domain.local_date import local_date
from evalsys.domain.rule_versions import Ruling
from evalsys.domain.rulebook import Rulebook
from evalsys.domain.working_days import after_working_days
from evalsys.errors import InvalidInput, NotFound
from evalsys.services.access import must_be_two_people
from evalsys.store import audit, campaigns
from evalsys.store import cycles as cycle_store
from evalsys.store import disputes as store
from evalsys.store.assessment import people_and_units
from evalsys.store.component_scores import add_scores, scores_of
from evalsys.store.database import Database

_SUBJECTS: Final = {Subject.CADRE: "cadre", Subject.UNIT: "unit"}


@dataclass(frozen=True, slots=True)
class DisputeRecord:
    """An objection with the name of whom it is about and every score of what it is about."""

    dispute: Dispute
    name: str
    trail: tuple[ComponentScore, ...]


class Disputes:
    """Objections, answers and corrections."""

    def __init__(self, database: Database, now: Clock, zone: tzinfo, book: Rulebook) -> None:
        """Days are those of the county's `zone`; `book` holds the time for an answer."""
        self._database = database
        self.now = now
        self._zone = zone
        self._book = book

    def today(self) -> date:
        """Return the day in the county."""
        return local_date(self.now(), self._zone)

    def every(self) -> tuple[tuple[Dispute, str], ...]:
        """List objections with the names of whom they are about: open ones first, by due day."""
        with self._database.read() as db:
            people, units = people_and_units(db)
            found = store.disputes(db)
        names = {Subject.CADRE: people, Subject.UNIT: units}
        ordered = sorted(found, key=lambda one: (not one.is_open, one.due_on, -one.id))
        return tuple((one, names[one.subject][one.code]) for one in ordered)

    def of(self, subject: Subject, code: str) -> tuple[Dispute, ...]:
        """List the objections about one cadre or unit, newest first."""
        with self._database.read() as db:
            return store.disputes(db, subject=(subject, code))

    def record(self, number: int, *, by: str, purpose: str) -> DisputeRecord:
        """Open one objection for `by`; the reading itself is recorded.

        Raises:
            NotFound: there is none of this number.
        """
        with self._database.write() as db:
            found = store.dispute(db, number)
            people, units = people_and_units(db)
            name = (people if found.subject is Subject.CADRE else units)[found.code]
            trail = scores_of(db, cycles=[found.cycle], subject=(found.subject, found.code))
            detail = {"purpose": purpose}
            audit.record(db, self.now(), by, "dispute.read", f"dispute:{number}", detail)
        return DisputeRecord(found, name, trail)

    def enter(self, given: Dispute) -> int:
        """Enter an objection; when it must be answered follows from the rules of its day.

        Raises:
            InvalidInput: it says nothing, or came on a day that cannot be or before its cycle.
            NotFound: no such cadre or unit, or no such cycle.
            RuleViolation: the same was entered already and waits for its answer.
        """
        text = checked_text(given.text, "异议")
        if not self._book.begins <= given.received_on <= self.today():
            raise InvalidInput("收到日期不可能。", remedy="请核对日期。", place="received_on")
        days = self._book.on(given.received_on).numbers["dispute_reply_days"]
        with self._database.write() as db:
            people, units = people_and_units(db)
            if given.code not in (people if given.subject is Subject.CADRE else units):
                raise NotFound(f"没有 {given.code}。", remedy="请从页面进入。", place=given.code)
            self._settle_cycle(db, given)
            due = after_working_days(given.received_on, days, set(campaigns.holidays(db)))
            entered = replace(given, text=text, due_on=due, entered_at=self.now())
            check_new(entered, store.disputes(db, subject=(given.subject, given.code)))
            number = store.add_dispute(db, entered)
            detail = {"dispute": number, "cycle": given.cycle, "due_on": due.isoformat()}
            subject = f"{_SUBJECTS[given.subject]}:{given.code}"
            audit.record(db, self.now(), given.entered_by, "dispute.enter", subject, detail)
        return number

    def _settle_cycle(self, db: Session, given: Dispute) -> None:
        """Open the cycle that an old result belongs to where nobody has yet."""
        known = {cycle.code: cycle for cycle in cycle_store.cycles(db)}
        cycle = known.get(given.cycle)
        first, last = (cycle.first, cycle.last) if cycle else calendar_days(given.cycle)
        if first > given.received_on:
            raise InvalidInput(
                f"收到异议那天，考核周期 {given.cycle} 还没有开始。",
                remedy="请核对考核周期和收到日期。",
                place="cycle",
            )
        if cycle is None:
            every = tuple(known.values())
            opened = new_cycle(given.cycle, first, last, every, by=given.entered_by, at=self.now())
            cycle_store.add_cycle(db, opened)

    def propose(self, proposed: Correction) -> int:
        """Propose a score in place of the one that holds; a second person decides.

        Raises:
            NotFound: there is no such objection.
            RuleViolation: it was answered.
            InvalidInput: no reason or document, what nobody can have measured, or a component
                that the objection is not about.
        """
        reason = checked_text(proposed.reason, "更正理由")
        document = checked_text(proposed.document, "依据文件")
        with self._database.write() as db:
            at = self.now()
            dispute = store.dispute(db, proposed.dispute)
            check_open(dispute)
            check_about(dispute, proposed.component)
            new = replace(proposed, reason=reason, document=document, proposed_at=at)
            check_score(corrected_score(dispute, new, None, by=new.proposed_by, at=at))
            if new.held_on > self.today():
                raise InvalidInput("日期还没有到。", remedy="请核对日期。", place="held_on")
            number = store.add_correction(db, new)
            detail = {"correction": number, "component": new.component.value}
            subject = f"dispute:{dispute.id}"
            audit.record(db, at, new.proposed_by, "dispute.propose", subject, detail)
        return number

    def rule(self, number: int, correction: int, ruling: Ruling, *, reason: str, by: str) -> None:
        """Approve a correction or send it back, as its second person.

        On approval the score is entered beside the old one, in a closed cycle too.

        Raises:
            NotFound: there is no such objection or correction.
            RuleViolation: it is the proposer, or it was decided on.
            InvalidInput: it is sent back without a reason.
        """
        why = checked_text(reason, "理由") if ruling is Ruling.REJECTED else reason.strip()
        with self._database.write() as db:
            at = self.now()
            dispute = store.dispute(db, number)
            proposed = _find(dispute, correction)
            check_second_person(proposed, by)
            must_be_two_people(db, proposed.proposed_by, by)
            store.add_ruling(db, correction, ruling, reason=why, by=by, at=at)
            if ruling is Ruling.APPROVED:
                subject = (dispute.subject, dispute.code)
                kept = latest(scores_of(db, cycles=[dispute.cycle], subject=subject))
                key = (*subject, proposed.component, dispute.cycle)
                holding = kept.get(key)
                add_scores(db, [corrected_score(dispute, proposed, holding, by=by, at=at)])
            detail = {"correction": correction, "ruling": ruling.value}
            audit.record(db, at, by, "dispute.rule", f"dispute:{number}", detail)

    def reply(self, number: int, outcome: Outcome, text: str, *, by: str) -> None:
        """Answer an objection, once.

        Raises:
            NotFound: there is no such objection.
            RuleViolation: it was answered, or the answer does not fit what was decided on.
            InvalidInput: it says nothing.
        """
        answer = checked_text(text, "答复")
        with self._database.write() as db:
            check_reply(store.dispute(db, number), outcome)
            at = self.now()
            store.add_reply(db, number, outcome, answer, by=by, at=at)
            detail = {"outcome": outcome.value}
            audit.record(db, at, by, "dispute.reply", f"dispute:{number}", detail)

    def note_export(self, *, rows: int, by: str) -> None:
        """Record that somebody took the list away."""
        with self._database.write() as db:
            audit.record(db, self.now(), by, "personnel.export", "disputes", {"rows": rows})


def _find(dispute: Dispute, number: int) -> Correction:
    for one in dispute.corrections:
        if one.id == number:
            return one
    raise NotFound("这一异议没有这条更正。", remedy="请从异议的页面进入。", place=str(number))

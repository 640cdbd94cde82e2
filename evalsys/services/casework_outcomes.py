"""What follows from requests: first petitions, monthly meetings, answers that contradict."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from evalsys.domain.access import Person, Role
from evalsys.domain.casework import decide
from evalsys.domain.casework.acting import Acting
from evalsys.domain.casework.decide import Decision, reason_of
from evalsys.domain.casework.intake import FIRST_DAY, LONGEST_PLACE
from evalsys.domain.casework.words import Party, PartyKind
from evalsys.domain.local_date import local_date
from evalsys.domain.written import one_line
from evalsys.errors import InvalidInput, NotAllowed, RuleViolation
from evalsys.ids import new_id
from evalsys.services.casework_desk import CaseworkDesk, read_party
from evalsys.store import audit, casework, casework_lists, casework_outcomes
from evalsys.store import casework_people as people
from evalsys.store.casework_lists import Listed
from evalsys.store.casework_outcomes import (
    Decided,
    Established,
    Held,
    Mismatch,
    NewPetition,
    Petition,
)

LONGEST_MINUTES = 5000
LONGEST_NAMES = 500
_MONTH = re.compile(r"20\d{2}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Minutes:
    """What is written of a meeting."""

    held_on: date
    chair: str
    present: str
    minutes: str


@dataclass(frozen=True, slots=True)
class MeetingPack:
    """The papers of a monthly meeting: the agenda as of now, minutes and decisions."""

    grid: str
    grid_name: str
    month: str
    agenda: tuple[Listed, ...]
    held: Held | None
    decisions: tuple[Decided, ...]
    names: Mapping[Party, str]
    now: datetime
    may_write: bool
    units: tuple[tuple[str, str], ...]


class CaseworkOutcomes:
    """Meetings, petitions and contradictions on one desk."""

    def __init__(self, desk: CaseworkDesk) -> None:
        """Work on `desk`."""
        self._desk = desk

    # --- the monthly meeting (Y16-Y18) ----------------------------------------------------

    def meeting(self, grid: str, month: str, person: Person) -> MeetingPack:
        """Gather the pack of a grid's month; that it was read is audited.

        Raises:
            InvalidInput: there is no such grid, or it is no month.
            NotAllowed: whoever looks does not head the grid or one above.
        """
        with self._desk.database.write() as db:
            acting = self._must_lead(db, grid, person, reads=True)
            _check_month(month)
            held = casework_outcomes.meeting(db, grid, month)
            decided = casework_outcomes.decisions(db, held.id) if held else ()
            agenda = casework_lists.agenda(db, (grid,))
            parties = {Party(PartyKind(a.standing.holder_kind), a.standing.holder) for a in agenda}
            parties |= {each.responsible for each in decided}
            now = self._desk.now()
            detail = {"agenda": len(agenda)}
            audit.record(db, now, person.name, "casework.meeting", f"grid:{grid}", detail)
            return MeetingPack(
                grid,
                acting.tree.cells[grid].name,
                month,
                agenda,
                held,
                decided,
                people.party_names(db, parties),
                now,
                acting.leads(grid),
                people.units(db),
            )

    def write_minutes(self, grid: str, month: str, written: Minutes, by: Person) -> None:
        """Keep the minutes of a meeting; written again, they replace the former.

        Raises:
            InvalidInput: something is missing or too long, or the day is not in the month.
            NotAllowed: `by` does not head the grid or one above.
        """
        with self._desk.database.write() as db:
            self._must_lead(db, grid, by)
            _check_month(month)
            now = self._desk.now()
            if not written.held_on.isoformat().startswith(month):
                raise InvalidInput("开会日期不在这个月。", remedy="请核对日期。", place="开会日期")
            if written.held_on > local_date(now, self._desk.zone):
                raise InvalidInput("会还没有开。", remedy="请在会后填写。", place="开会日期")
            before = casework_outcomes.meeting(db, grid, month)
            held = Held(
                before.id if before else new_id(),
                grid,
                month,
                written.held_on,
                _name(written.chair, "主持人"),
                one_line(written.present, "参会人员", longest=LONGEST_NAMES),
                written.minutes.strip()[:LONGEST_MINUTES],
                by.name,
                now,
            )
            casework_outcomes.keep_meeting(db, held)
            audit.record(db, now, by.name, "casework.minutes", f"meeting:{held.id}")

    def decide(  # noqa: PLR0913, PLR0917 - the three parts of a decision, and of what
        self,
        grid: str,
        month: str,
        request: str,
        measure: str,
        deadline: date | None,
        responsible: str,
        by: Person,
    ) -> None:
        """Record a decision: measure, deadline and responsible party, all three (Y17).

        Raises:
            InvalidInput: one of the three is missing or cannot be.
            WrongPhase: the minutes have not been begun, or the request is over.
        """
        if deadline is None:
            raise InvalidInput(
                "没有写解决时限。", remedy="措施、时限、责任方三样都要写。", place="解决时限"
            )
        with self._desk.database.write() as db:
            acting = self._must_lead(db, grid, by)
            held = casework_outcomes.meeting(db, grid, month)
            if held is None:
                raise RuleViolation("会议还没有记录。", remedy="请先填写开会日期和主持人。")
            party = read_party(db, responsible, "责任单位或责任人")
            casework.lock(db, request)
            clocks = self._desk.clocks(db)
            file = casework.load(db, request, clocks.days.day_of)
            n = len(casework_outcomes.decisions(db, held.id)) + 1
            decision = Decision(held.id, n, measure, deadline, party)
            now = self._desk.now()
            done = decide.decide_in_meeting(file, acting, decision, clocks.days.day_of(now))
            self._desk.record(db, file, done, clocks, actor=by.name)
            decided = Decided(n, request, done[0][1], deadline, party, by.name)
            casework_outcomes.add_decision(db, held.id, decided, now)

    # --- first petitions (Y75) ------------------------------------------------------------

    def note_petition(
        self, household: str, place: str, at: datetime | None, by: Person, request: str = ""
    ) -> str:
        """Note that a household petitioned for the first time: its cadre is alerted.

        Raises:
            InvalidInput: no such household, no link, or a time that has not come.
            RuleViolation: it petitioned before: this is no first petition.
            NotAllowed: `by` is not of the county office and heads no grid above it.
        """
        with self._desk.database.write() as db:
            now = self._desk.now()
            petitioned = at or now
            if petitioned > now:
                raise InvalidInput("时间还没有到。", remedy="请核对日期。", place="上访时间")
            if petitioned.date() < FIRST_DAY:
                raise InvalidInput("时间太早。", remedy="请核对年份。", place="上访时间")
            home = people.home(db, household)
            if home is None or home.cadre is None:
                raise InvalidInput(
                    "花名册中没有这一户，或它没有联系干部。",
                    remedy="请核对户编码。",
                    place="户编码",
                )
            acting = self._desk.acting(db, by)
            if not acting.leads(home.grid):
                raise NotAllowed("初访由县联系办或该网格的网格长登记。", remedy="请由他们登记。")
            if casework_outcomes.has_petitioned(db, household):
                raise RuleViolation("这一户以前上访过，不是初访。", remedy="请按来信来访登记诉求。")
            new = NewPetition(
                new_id(),
                household,
                home.cadre,
                request or None,
                one_line(place, "地点", longest=LONGEST_PLACE),
                petitioned,
                now,
                by.name,
            )
            casework_outcomes.add_petition(db, new)
            audit.record(db, now, by.name, "petition.note", f"petition:{new.id}")
            return new.id

    def petitions(self, person: Person) -> tuple[Petition, ...]:
        """List first petitions: a cadre's own, or all for the office and whoever interviews."""
        with self._desk.database.write() as db:
            now = self._desk.now()
            acting = self._desk.acting(db, person)
            sees_all = person.role in {Role.OFFICE, Role.PERSONNEL, Role.DISCIPLINE, Role.AUDITOR}
            cadres = {p.code for p in acting.parties if p.kind is PartyKind.CADRE}
            found = casework_outcomes.petitions(db, None if sees_all else cadres)
            for one in found:
                if one.cadre in cadres and one.seen_at is None:
                    casework_outcomes.mark_seen(db, one.id, now)
            audit.record(db, now, person.name, "petition.read", "petitions", {"n": len(found)})
            return found

    def interviews_due(self) -> tuple[Petition, ...]:
        """List the first petitions whose cadre is to be interviewed 约谈 (Y75)."""
        with self._desk.database.read() as db:
            found = casework_outcomes.petitions(db)
        return tuple(one for one in found if one.interview_is_due)

    def establish(
        self, petition: str, *, knew: bool, accompanied: bool, note: str, by: Person
    ) -> Petition:
        """Keep whether the cadre knew and accompanied; it cannot be rewritten.

        Raises:
            InvalidInput: accompanied without having known, or no word about it.
            RuleViolation: it was established before.
        """
        if accompanied and not knew:
            raise InvalidInput("陪同了就是知情。", remedy="请核对“知情”和“陪同”。", place="知情")
        with self._desk.database.write() as db:
            now = self._desk.now()
            found = Established(knew, accompanied, reason_of(note, "核实情况"), by.name, now)
            kept = casework_outcomes.establish(db, petition, found)
            detail = {"knew": knew, "accompanied": accompanied}
            audit.record(db, now, by.name, "petition.establish", f"petition:{petition}", detail)
            return kept

    # --- the household contradicts (Y54) --------------------------------------------------

    def mismatches(self, person: Person) -> tuple[Mismatch, ...]:
        """List closes that their households contradicted; that it was read is audited."""
        with self._desk.database.write() as db:
            found = casework_outcomes.mismatches(db)
            detail = {"n": len(found)}
            audit.record(db, self._desk.now(), person.name, "mismatch.read", "casework", detail)
            return found

    def investigate(self, request: str, seq: int, reason: str, by: Person) -> None:
        """Note that an investigation of a contradiction was opened.

        Raises:
            InvalidInput: no word about how.
            RuleViolation: one was opened already.
        """
        written = reason_of(reason, "调查安排")
        with self._desk.database.write() as db:
            now = self._desk.now()
            casework_outcomes.open_investigation(
                db, request, seq, by=by.name, at=now, reason=written
            )
            audit.record(db, now, by.name, "mismatch.investigate", f"request:{request}")

    def _must_lead(self, db: Session, grid: str, person: Person, *, reads: bool = False) -> Acting:
        acting = self._desk.acting(db, person)
        if grid not in acting.tree.cells:
            raise InvalidInput("没有这个网格。", remedy="请从网格列表进入。", place="网格")
        if not acting.leads(grid) and not (reads and person.role is Role.AUDITOR):
            raise NotAllowed("会议由本网格或上级网格的网格长记录。", remedy="请由网格长操作。")
        return acting


def _name(text: str, place: str) -> str:
    """Return a name on one line.

    Raises:
        InvalidInput: it is empty or too long.
    """
    name = one_line(text, place, longest=100)
    if not name:
        raise InvalidInput(f"没有写{place}。", remedy="请补上。", place=place)
    return name


def _check_month(month: str) -> None:
    if not _MONTH.fullmatch(month):
        raise InvalidInput("月份应写成 2026-11。", remedy="请核对月份。", place="月份")

"""Words of closed requests go when their time is over: one proposes, another approves (PIPL 19)."""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from evalsys.domain.access import Person
from evalsys.domain.casework.retention import Erasure, kept_from
from evalsys.domain.local_date import local_date
from evalsys.errors import RuleViolation, WrongPhase
from evalsys.services.access import must_be_two_people
from evalsys.services.casework_desk import CaseworkDesk
from evalsys.store import audit
from evalsys.store import casework_retention as store

NUMBER = "words_kept_months"


@dataclass(frozen=True, slots=True)
class RetentionPage:
    """What is due, and what was proposed and approved."""

    months: int
    before: date
    """What was closed before this day is due."""
    due: int
    erasures: tuple[Erasure, ...]


class CaseworkRetention:
    """Lists and erases what is due."""

    def __init__(self, desk: CaseworkDesk) -> None:
        """Erase where `desk` works, by the policy in force."""
        self._desk = desk

    def page(self) -> RetentionPage:
        """Say what is due today."""
        with self._desk.database.read() as db:
            months, before = self._limit(db, self._desk.now())
            due = store.count_due(db, self._begins(before))
            return RetentionPage(months, before, due, store.erasures(db))

    def due(self, at: datetime | None = None) -> int:
        """Count the requests whose words are due to go now, or at another time."""
        with self._desk.database.read() as db:
            _, before = self._limit(db, at or self._desk.now())
            return store.count_due(db, self._begins(before))

    def propose(self, by: Person) -> int:
        """Propose to erase what is due today; give the proposal's number.

        Raises:
            RuleViolation: nothing is due, or a proposal waits already.
        """
        with self._desk.database.write() as db:
            now = self._desk.now()
            _, before = self._limit(db, now)
            if any(one.is_open for one in store.erasures(db)):
                raise RuleViolation("已有一份清除申请等待批准。", remedy="请由另一个人批准。")
            requests = store.count_due(db, self._begins(before))
            if not requests:
                raise RuleViolation("没有到期的文字。", remedy="到期后再提。")
            number = store.propose(db, before, requests, by=by.name, at=now)
            detail = {"before": before.isoformat(), "requests": requests}
            audit.record(db, now, by.name, "casework.erase.propose", f"erasure:{number}", detail)
            return number

    def approve(self, wanted: int, by: Person) -> int:
        """Erase as proposed; give of how many requests the words went. It cannot be undone.

        Raises:
            NotFound: there is no such proposal.
            WrongPhase: it was approved before.
            RuleViolation: whoever proposed also approves.
        """
        with self._desk.database.write() as db:
            found = store.erasure(db, wanted)
            if not found.is_open:
                raise WrongPhase("这份申请已经批准过。", remedy="请看记录。")
            must_be_two_people(db, found.proposed_by, by.name)
            if found.proposed_by == by.name:
                raise RuleViolation("提出的人不能自己批准。", remedy="请由另一个人批准。")
            now = self._desk.now()
            requests = store.erase(db, self._begins(found.before))
            store.approve(db, wanted, requests, by=by.name, at=now)
            detail = {"before": found.before.isoformat(), "requests": requests}
            audit.record(db, now, by.name, "casework.erase", f"erasure:{wanted}", detail)
            return requests

    def _limit(self, db: Session, at: datetime) -> tuple[int, date]:
        today = local_date(at, self._desk.zone)
        months = self._desk.clocks(db).policy.number(NUMBER, today)
        return months, kept_from(today, months)

    def _begins(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._desk.zone)

"""Terms of links: what is due, and renewals that one person proposes and another approves (L11)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.link_term import (
    MOST_AHEAD,
    SHOWN_AHEAD,
    LinkTerm,
    Renewal,
    RenewalAct,
    TermLine,
    check_renewal,
)
from evalsys.domain.local_date import local_date
from evalsys.domain.ruling import Ruling, check_ruling
from evalsys.errors import InvalidInput, StaleState
from evalsys.services.access import Aside, in_turn, must_be_two_people
from evalsys.store import audit
from evalsys.store import link_term as store
from evalsys.store.database import Database
from evalsys.store.grid_preset import taken

SHOWN = 200


@dataclass(frozen=True, slots=True)
class TermDesk:
    """What falls due by a day, and the latest renewals."""

    by: date
    today: date
    years: int
    """0: links have no term here."""
    due: store.Due
    lines: tuple[TermLine, ...]
    acts: tuple[RenewalAct, ...]


@dataclass(frozen=True, slots=True)
class TermPreview:
    """What a renewal would do, before anybody proposes it."""

    renewal: Renewal
    title: str
    years: int
    links: int
    cadres: int
    next_ends: tuple[date, date]
    """The earliest and the latest day on which the new terms would be over."""


class LinkTerms:
    """Renews links at their term; nothing ends because nobody decided."""

    def __init__(
        self, database: Database, now: Clock, zone: ZoneInfo, aside: Aside = in_turn
    ) -> None:
        """Read and write `database`; days are those of `zone`; `aside` runs what takes a moment."""
        self._database = database
        self._now = now
        self._zone = zone
        self._aside = aside

    def desk(self, by: date | None = None, *, limit: int | None = None) -> TermDesk:
        """List the links whose term is over by a day, in ninety days without one.

        Raises:
            InvalidInput: the day is more than a year ahead.
        """
        today = self._today()
        day = by or today + SHOWN_AHEAD
        if day > today + MOST_AHEAD:
            raise InvalidInput(f"{day} 在一年以后。", remedy="请填一年之内的日期。", place="期满日")
        return self._aside(self._desk, (day, today, limit))

    def preview(self, renewal: Renewal) -> TermPreview:
        """Say what a renewal would do.

        Raises:
            InvalidInput: a field is wrong.
            RuleViolation: links have no term here, or none is due.
        """
        with self._database.read() as db:
            today = self._today()
            years = taken(db).number("term_years", today)
            title, terms = self._checked(db, renewal, years)
        ends = sorted(_renewed_until(term, years, today) for term in terms)
        cadres = len({term.cadre for term in terms})
        return TermPreview(renewal, title, years, len(terms), cadres, (ends[0], ends[-1]))

    def propose(self, renewal: Renewal, *, by: str) -> int:
        """Propose a renewal; return its number.

        Raises:
            InvalidInput: a field is wrong.
            RuleViolation: links have no term here, or none is due.
        """
        with self._database.write() as db:
            at = self._now()
            years = taken(db).number("term_years", self._today())
            title, terms = self._checked(db, renewal, years)
            cadres = len(Counter(term.cadre for term in terms))
            act = RenewalAct(0, renewal, title, years, len(terms), cadres, by, at)
            number = store.add(db, act)
            detail = {"scope": renewal.scope.value, "links": len(terms)}
            audit.record(db, at, by, "links.term.propose", str(number), detail)
            return number

    def rule(self, number: int, ruling: Ruling, why: str, *, by: str) -> None:
        """Approve, send back or withdraw a renewal; approved, the next terms begin.

        Raises:
            NotFound: there is no such renewal.
            NotAllowed: it is not this person's to do.
            StaleState: it was ruled on, or other links are due than when it was proposed.
            InvalidInput: sent back without a reason.
        """
        with self._database.write() as db:
            act = store.act(db, number)
            check_ruling(act.state, act.proposed_by, ruling, by, why)
            at = self._now()
            store.rule(db, number, ruling, by, at, why)
            if ruling is Ruling.ACCEPTED:
                must_be_two_people(db, act.proposed_by, by)
                wanted = act.renewal
                terms = store.due_links(
                    db, wanted.due_by, act.years, scope=wanted.scope, code=wanted.code
                )
                if len(terms) != act.links:
                    raise StaleState(
                        f"提出时期满 {act.links} 户，现在是 {len(terms)} 户。",
                        remedy="请退回，按现在的名单重新提出。",
                    )
                store.renew(db, number, terms, act.years, self._today())
            audit.record(db, at, by, f"links.term.{ruling}", str(number))

    def _desk(self, day: date, today: date, limit: int | None) -> TermDesk:
        with self._database.read() as db:
            years = taken(db).number("term_years", today)
            found = store.count_due(db, day, years) if years else store.Due(0, 0)
            lines = store.due_lines(db, day, years, today, limit) if years else ()
            return TermDesk(day, today, years, found, lines, store.acts(db, limit=SHOWN))

    def _checked(
        self, db: Session, renewal: Renewal, years: int
    ) -> tuple[str, tuple[LinkTerm, ...]]:
        title = store.title_of(db, renewal.scope, renewal.code)
        terms = (
            store.due_links(db, renewal.due_by, years, scope=renewal.scope, code=renewal.code)
            if years
            else ()
        )
        check_renewal(renewal, years, len(terms), self._today())
        return title, terms

    def _today(self) -> date:
        return local_date(self._now(), self._zone)


def _renewed_until(term: LinkTerm, years: int, today: date) -> date:
    begins = term.renewed(years, today)
    return LinkTerm(term.household, term.cadre, term.link_since, begins, term.number + 1).ends(
        years
    )

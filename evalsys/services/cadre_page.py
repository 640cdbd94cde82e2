"""A cadre's page: his households, requests, visits, pledges, and sums of what was said of him."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from evalsys.domain.access import Person
from evalsys.domain.cadre_page import Told, check_visit, told
from evalsys.domain.casework.standing import lamp_of
from evalsys.domain.casework.words import Lamp, Party, PartyKind
from evalsys.domain.followup_rows import PledgeRow
from evalsys.domain.local_date import local_date
from evalsys.domain.purposes import HouseholdPurpose
from evalsys.domain.roster import VisitKind
from evalsys.domain.scoring import HIDE_BELOW, Release
from evalsys.domain.visit_frequency import left_of
from evalsys.errors import NotFound
from evalsys.ids import CadreNumber
from evalsys.services.casework_desk import CaseworkDesk
from evalsys.services.household_form import own_numbers
from evalsys.store import (
    audit,
    cadre_page,
    casework_lists,
    household_form,
    scoring,
    visit_frequency,
)
from evalsys.store.casework_lists import Counts, Listed
from evalsys.store.household_form import FormHome
from evalsys.store.roster import cadre_cards

EveryPledge = Callable[[], Sequence[PledgeRow]]
"""Lists every promise that was made on stage."""
HOUSEHOLDS_AT_MOST = 500


@dataclass(frozen=True, slots=True)
class OwnHousehold:
    """One of the cadre's households: when he last went there, what came full circle."""

    home: FormHome
    last_visit: date | None
    visits: int
    circles: int
    """Requests closed with a reply (Y25), of `requests` in all."""
    requests: int
    asked: int = 0
    """Visits that the class of its grid asks for in this quarter (L02); 0 for none."""
    paid: int = 0
    """Of this quarter."""

    @property
    def left(self) -> int:
        """Visits that it still has to get in this quarter."""
        return left_of(self.asked, self.paid)


@dataclass(frozen=True, slots=True)
class CadrePage:
    """Everything that a cadre sees of his own work."""

    now: datetime
    today: date
    number: CadreNumber
    numbers: tuple[CadreNumber, ...]
    """All that the account acts for: one, but for a stand-in."""
    name: str
    unit: str
    post: str
    households: tuple[OwnHousehold, ...]
    counts: Counts
    open: tuple[tuple[Listed, Lamp], ...]
    visits: tuple[tuple[date, str, VisitKind, str], ...]
    pledges: tuple[PledgeRow, ...]
    told: tuple[Told, ...]
    sessions: tuple[Release, ...]
    hide_below: int = HIDE_BELOW

    @property
    def visits_asked(self) -> int:
        """Visits that the classes of the grids ask for in this quarter; 0 for none."""
        return sum(one.asked for one in self.households)

    @property
    def visits_left(self) -> int:
        """Of these, those still to be paid."""
        return sum(one.left for one in self.households)

    def days_left(self, row: PledgeRow) -> int:
        """Count the days until a pledge is due; negative when it is over."""
        return (row.record.promise.due_on - self.today).days


class CadrePages:
    """The pages of cadres whose accounts are bound to their numbers."""

    def __init__(self, desk: CaseworkDesk, pledges: EveryPledge) -> None:
        """Read requests from `desk`, promises from `pledges`."""
        self._desk = desk
        self._pledges = pledges

    def page(self, person: Person, wanted: str = "") -> CadrePage | None:
        """Gather a cadre's page; audited. None where the account is bound to no cadre.

        Raises:
            NotFound: the account does not act for the cadre that is `wanted`.
        """
        rows = self._pledges()
        with self._desk.database.write() as db:
            numbers = acted_for(db, person)
            if not numbers:
                return None
            number = chosen_number(numbers, wanted)
            now = self._desk.now()
            acting = self._desk.acting(db, person)
            mine = frozenset({Party(PartyKind.CADRE, number)})
            which = casework_lists.concerning(acting.tree, mine)
            card = cadre_cards(db, {number}).get(number)
            households = self._households(db, number, local_date(now, self._desk.zone))
            page = CadrePage(
                now=now,
                today=local_date(now, self._desk.zone),
                number=number,
                numbers=numbers,
                name=card.name if card else "",
                unit=card.unit_name if card else "",
                post=card.post if card else "",
                households=households,
                counts=casework_lists.counts(db, which, now),
                open=tuple(
                    (one, lamp_of(one.standing, now))
                    for one in casework_lists.open_requests(db, which)
                ),
                visits=cadre_page.recent_visits(db, number),
                pledges=tuple(row for row in rows if row.cadre == number and not row.rehearsal),
                told=tuple(told(*one) for one in cadre_page.released(db, number)),
                sessions=tuple(
                    one.release for one in scoring.session_scores(db) if one.cadre == number
                ),
            )
            detail = {
                "purpose": HouseholdPurpose.VISIT.value,
                "households": len(households),
            }
            audit.record(db, now, person.name, "cadre_page.read", f"cadre:{number}", detail)
            return page

    def log_visit(
        self,
        person: Person,
        wanted: str,
        household: str,
        day: date,
        note: str,
        kind: VisitKind = VisitKind.HOME,
    ) -> None:
        """Keep a visit to one of the cadre's own households (Y21); it is a claim that is checked.

        Raises:
            NotFound: the account does not act for this cadre.
            InvalidInput, RuleViolation: as `check_visit` says, or it was logged already.
        """
        with self._desk.database.write() as db:
            numbers = acted_for(db, person)
            number = chosen_number(numbers, wanted)
            now = self._desk.now()
            today = local_date(now, self._desk.zone)
            since = cadre_page.linked_since(db, number, household)
            text = check_visit(day, today, since, note)
            cadre_page.add_visit(db, number, household, day, text, kind)
            detail = {"cadre": number, "day": day.isoformat()}
            subject = f"household:{household}"
            audit.record(db, now, person.name, "visit.log", subject, detail)

    @staticmethod
    def _households(db: Session, number: CadreNumber, today: date) -> tuple[OwnHousehold, ...]:
        last = cadre_page.last_visits(db, number)
        homes = household_form.homes(db, cadre=number, limit=HOUSEHOLDS_AT_MOST)
        circles = cadre_page.circles(db, number)
        quarter = visit_frequency.of_cadre(db, number, today)
        found = []
        for home in homes:
            last_visit, visits = last.get(home.code, (None, 0))
            closed, requests = circles.get(home.code, (0, 0))
            asked, paid = quarter.get(home.code, (0, 0))
            found.append(OwnHousehold(home, last_visit, visits, closed, requests, asked, paid))
        return tuple(found)


def acted_for(db: Session, person: Person) -> tuple[CadreNumber, ...]:
    """Give the numbers that an account acts for, in order."""
    return tuple(CadreNumber(one) for one in sorted(own_numbers(db, person)))


def chosen_number(numbers: tuple[CadreNumber, ...], wanted: str) -> CadreNumber:
    """Return the number that an account wants to act for, the first where it names none.

    Raises:
        NotFound: it does not act for this cadre.
    """
    if not wanted and numbers:
        return numbers[0]
    for number in numbers:
        if number == wanted:
            return number
    raise NotFound("账号没有绑定这个干部编号。", remedy="请由管理员用 evalsys user scope 绑定。")

"""What people see of requests: the desk of whoever acts, one request in full, the public's part."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from evalsys.domain.access import Person, Role
from evalsys.domain.casework.acting import Acting
from evalsys.domain.casework.clocks import Clock, Due
from evalsys.domain.casework.events import (
    HandedOver,
    HandOverRefused,
    MeetingDecided,
    Recorded,
    Registered,
)
from evalsys.domain.casework.policy import Policy
from evalsys.domain.casework.standing import lamp_of
from evalsys.domain.casework.state import RequestFile
from evalsys.domain.casework.words import Duty, Lamp, Party, PartyKind
from evalsys.services.casework_desk import CaseworkDesk, Classes
from evalsys.store import audit, casework, casework_lists, casework_outcomes
from evalsys.store import casework_people as people
from evalsys.store.casework_lists import Counts, Listed
from evalsys.store.casework_outcomes import Petition

_READERS = frozenset({Role.AUDITOR, Role.DISCIPLINE})
"""They see every request, and change none."""


@dataclass(frozen=True, slots=True)
class DeskPage:
    """Everything on somebody's desk, at this moment."""

    now: datetime
    acting: Acting
    names: Mapping[Party, str]
    counts: Counts
    to_accept: tuple[Listed, ...]
    to_decide: tuple[Listed, ...]
    """Disputes to settle and closes to approve, by somebody above."""
    to_reopen: tuple[Listed, ...]
    """Closed, and the household says that it is not done."""
    open: tuple[Listed, ...]
    red: tuple[Listed, ...]
    closed: tuple[Listed, ...]
    petitions: tuple[Petition, ...]

    def lamp(self, listed: Listed) -> Lamp:
        """Tell the lamp of a row."""
        return lamp_of(listed.standing, self.now)


@dataclass(frozen=True, slots=True)
class RequestPage:
    """One request in full, and what whoever looks may do to it."""

    file: RequestFile
    history: tuple[Recorded, ...]
    clock: Clock
    lamp: Lamp
    duties: tuple[Due, ...]
    class_title: str
    names: Mapping[Party, str]
    duplicates: tuple[tuple[str, int, str], ...]
    may_handle: bool
    may_accept: bool
    is_above: bool
    leads: bool
    policy: Policy
    units: tuple[tuple[str, str], ...]
    now: datetime
    today: date

    @property
    def is_left(self) -> bool:
        """Whether it was offered and nobody accepted it in time: somebody above decides."""
        return any(each.duty is Duty.ACCEPT and each.at <= self.now for each in self.duties)


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """What the form of a new request offers."""

    classes: tuple[tuple[str, str], ...]
    """Code and path of every class that may be put on a grid."""


class CaseworkView:
    """Reading; what is personal is audited in the same transaction."""

    def __init__(self, desk: CaseworkDesk) -> None:
        """Read from `desk`."""
        self._desk = desk

    def desk(self, person: Person) -> DeskPage:
        """Gather what is on somebody's desk; that they looked is audited."""
        with self._desk.database.write() as db:
            now = self._desk.now()
            acting = self._acting(db, person)
            which = casework_lists.concerning(acting.tree, acting.parties)
            listed = casework_lists.open_requests(db, which)
            closed = casework_lists.closed_requests(db, which)
            denied = casework_lists.to_reopen(db, which)
            parties = {
                Party(PartyKind(one.standing.holder_kind), one.standing.holder)
                for one in (*listed, *closed, *denied)
            }
            cadres = [p.code for p in acting.parties if p.kind is PartyKind.CADRE]
            leads = any(p.kind is PartyKind.GRID for p in acting.parties)
            page = DeskPage(
                now=now,
                acting=acting,
                names=people.party_names(db, parties | acting.parties),
                counts=casework_lists.counts(db, which, now),
                to_accept=casework_lists.offered_to(db, acting.parties),
                to_decide=casework_lists.to_decide(db, which, now) if leads else (),
                to_reopen=denied,
                open=listed,
                red=casework_lists.red_requests(db, which, now),
                closed=closed,
                petitions=casework_outcomes.petitions(db, cadres) if cadres else (),
            )
            detail = {"open": len(page.open)}
            audit.record(db, now, person.name, "casework.desk", "casework", detail)
            return page

    def request(self, code: str, person: Person) -> RequestPage:
        """Read one request; that it was read is audited.

        Raises:
            NotFound: there is none of this code.
            NotAllowed: it does not concern whoever looks.
        """
        with self._desk.database.write() as db:
            now = self._desk.now()
            clocks = self._desk.clocks(db)
            history = tuple(casework.history(db, code))
            file = casework.load(db, code, clocks.days.day_of)
            acting = self._acting(db, person)
            if person.role not in _READERS:
                self._desk.must_see(acting, file)
            clock = clocks.clock(file)
            paused = file.is_paused and not clocks.is_pause_over(file, now)
            audit.record(db, now, person.name, "casework.read", f"request:{code}")
            return RequestPage(
                file=file,
                history=history,
                clock=clock,
                lamp=clock.lamp(now, is_open=file.is_open, is_paused=paused),
                duties=tuple(clocks.duties(file)),
                class_title=self._desk.classes(db).title(file.class_code),
                names=people.party_names(db, _parties(file, history)),
                duplicates=casework_lists.duplicates_of(db, code),
                may_handle=acting.may_handle(file),
                may_accept=file.offered_to is not None and acting.is_party(file.offered_to),
                is_above=acting.is_above(file),
                leads=acting.leads(file.grid),
                policy=self._desk.policy,
                units=people.units(db),
                now=now,
                today=clocks.days.day_of(now),
            )

    def registering(self) -> RegisterPage:
        """Offer the classes of the taxonomy in force."""
        with self._desk.database.read() as db:
            classes: Classes = self._desk.classes(db)
        if classes.tree is None:
            return RegisterPage(())
        offered = tuple(
            (one.code, classes.title(one.code))
            for one in classes.tree.entries
            if not classes.tree.below(one.code) and not classes.tree.why_not_on_a_grid(one.code)
        )
        return RegisterPage(offered)

    def _acting(self, db: Session, person: Person) -> Acting:
        acting = self._desk.acting(db, person)
        county = acting.tree.county
        if person.role in _READERS and county is not None:
            everything = frozenset({Party(PartyKind.GRID, county.code)})
            # Every grid is below the county's, so they see all; what changes is closed to them.
            return Acting(person.name, everything, acting.tree, acting.alike)
        return acting


def _parties(file: RequestFile, history: tuple[Recorded, ...]) -> set[Party]:
    found = {file.holder, file.accountable, file.filed.asked, Party(PartyKind.GRID, file.grid)}
    found.add(Party(PartyKind.GRID, file.filed.grid))
    found |= {each for each in (file.offered_to, file.refused_to) if each is not None}
    if file.filed.cadre is not None:
        found.add(Party(PartyKind.CADRE, file.filed.cadre))
    codes = {file.lead, *file.assisting, *(one.unit for one in file.summonses)} - {""}
    found |= {Party(PartyKind.UNIT, code) for code in codes}
    if file.agent:
        found.add(Party(PartyKind.CADRE, file.agent))
    for record in history:
        match record.event:
            case HandedOver(kind, code) | HandOverRefused(kind, code):
                found.add(Party(kind, code))
            case Registered(kind, code):
                found.add(Party(kind, code))
            case MeetingDecided(responsible_kind=kind, responsible=code):
                found.add(Party(kind, code))
            case _:
                pass
    return found

"""Heads of grids: appointed and ended from a day on, by two people (Y09-Y11)."""

from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.grid_head import HeadAct, HeadProposal, HeadTerm, check_head_act
from evalsys.domain.local_date import local_date
from evalsys.domain.ruling import Ruling, check_ruling
from evalsys.errors import EvalsysError
from evalsys.services.access import must_be_two_people
from evalsys.store import audit
from evalsys.store import grid_head as store
from evalsys.store.database import Database

SYSTEM = "system:grid"
SHOWN = 200


@dataclass(frozen=True, slots=True)
class HeadDesk:
    """What was proposed, the newest first; of one grid also who headed it."""

    today: date
    proposals: tuple[HeadProposal, ...]
    grid: str
    """Name of the grid asked for, or empty."""
    terms: tuple[HeadTerm, ...]


@dataclass(frozen=True, slots=True)
class HeadsCarriedOut:
    """What became of the deeds that were due."""

    done: tuple[HeadProposal, ...]
    stuck: tuple[tuple[HeadProposal, str], ...]
    """Deeds that no longer fit, with the reason; they stay approved until withdrawn."""


class GridHeads:
    """Appoints and ends heads; what was checked is kept with the deed."""

    def __init__(self, database: Database, now: Clock, zone: ZoneInfo) -> None:
        """Read and write `database`; days are those of `zone`."""
        self._database = database
        self._now = now
        self._zone = zone

    def desk(self, grid: str = "") -> HeadDesk:
        """List the latest proposals, of one grid with the terms of its heads.

        Raises:
            NotFound: there is no such grid.
        """
        with self._database.read() as db:
            if not grid:
                return HeadDesk(self._today(), store.proposals(db, limit=SHOWN), "", ())
            name = store.grid_name(db, grid)
            about = tuple(reversed(store.of_grid(db, grid)))
            return HeadDesk(self._today(), about, name, store.history(db, grid))

    def preview(self, act: HeadAct) -> HeadProposal:
        """Say what a deed would do, as a proposal that is not kept.

        Raises:
            InvalidInput: a field is wrong.
            RuleViolation: too many heads, or another deed about the grid is open.
        """
        with self._database.read() as db:
            return self._checked(db, act)

    def propose(self, act: HeadAct, *, by: str) -> int:
        """Propose a deed; return its number.

        Raises:
            InvalidInput: a field is wrong.
            RuleViolation: too many heads, or another deed about the grid is open.
        """
        with self._database.write() as db:
            number = store.add(db, replace(self._checked(db, act), proposed_by=by))
            detail = {"grid": act.grid, "deed": act.deed.value}
            audit.record(db, self._now(), by, "grid.head.propose", str(number), detail)
            return number

    def rule(self, number: int, ruling: Ruling, why: str, *, by: str) -> HeadProposal:
        """Approve, send back or withdraw; what was approved and is due is done at once.

        Raises:
            NotFound: there is no such deed.
            NotAllowed: it is not this person's to do.
            StaleState: it is settled.
            InvalidInput: sent back without a reason, or it no longer fits.
            RuleViolation: it no longer fits, or both accounts are one person's.
        """
        with self._database.write() as db:
            found, at = store.proposal(db, number), self._now()
            check_ruling(found.state, found.proposed_by, ruling, by, why)
            if ruling is Ruling.ACCEPTED:
                must_be_two_people(db, found.proposed_by, by)
                check_head_act(found.act, store.ground(db, found.act, but=number), self._today())
            store.rule(db, number, ruling, by, at, why)
            audit.record(db, at, by, f"grid.head.{ruling}", str(number))
            if ruling is Ruling.ACCEPTED and found.act.on <= self._today():
                self._do(db, found)
            return store.proposal(db, number)

    def carry_out_due(self) -> HeadsCarriedOut:
        """Carry out what was approved and is due; one that no longer fits stops no other."""
        with self._database.read() as db:
            waiting = store.due(db, self._today())
        done, stuck = [], []
        for one in waiting:
            try:
                with self._database.write() as db:
                    check_head_act(one.act, store.ground(db, one.act, but=one.id), self._today())
                    self._do(db, one)
            except EvalsysError as error:
                stuck.append((one, str(error)))
            else:
                done.append(one)
        return HeadsCarriedOut(tuple(done), tuple(stuck))

    def _do(self, db: Session, one: HeadProposal) -> None:
        at = self._now()
        store.carry_out(db, one.act)
        store.rule(db, one.id, Ruling.DONE, SYSTEM, at)
        audit.record(db, at, SYSTEM, "grid.head.done", str(one.id))

    def _checked(self, db: Session, act: HeadAct) -> HeadProposal:
        ground = store.ground(db, act)
        check = check_head_act(act, ground, self._today())
        title = ground.grid.name if ground.grid else ""
        name = ground.cadre.name if ground.cadre else ""
        return HeadProposal(0, act, title, name, check, "", self._now())

    def _today(self) -> date:
        return local_date(self._now(), self._zone)

"""Changes of the grid: previewed, proposed by one person, approved by another, done in time."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from evalsys.clock import Clock
from evalsys.domain.grid_change import (
    Effect,
    GridChange,
    Proposal,
    check_change,
)
from evalsys.domain.local_date import local_date
from evalsys.domain.ruling import Ruling, check_ruling
from evalsys.errors import EvalsysError, StaleState
from evalsys.services.access import must_be_two_people
from evalsys.store import audit
from evalsys.store import grid_change as store
from evalsys.store.database import Database

SYSTEM = "system:grid"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do, before anybody proposes it."""

    change: GridChange
    title: str
    """Name of the grid."""
    target: str
    """Name of the grid it goes to, or empty."""
    effect: Effect


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """What became of the changes that were due."""

    done: tuple[Proposal, ...]
    stuck: tuple[tuple[Proposal, str], ...]
    """Changes that no longer fit, with the reason; they stay approved until withdrawn."""


class GridChanges:
    """Renames, moves, merges and splits of grids with their day (L01, G01); links stay (Y22)."""

    def __init__(self, database: Database, now: Clock, zone: ZoneInfo) -> None:
        """Read and write `database`; days are those of `zone`."""
        self._database = database
        self._now = now
        self._zone = zone

    def today(self) -> date:
        """Return the day in the county."""
        return local_date(self._now(), self._zone)

    def every(self) -> tuple[Proposal, ...]:
        """List the latest proposals, the newest first."""
        with self._database.read() as db:
            return store.proposals(db)

    def preview(self, change: GridChange) -> Preview:
        """Say what a change would do.

        Raises:
            InvalidInput: a field is wrong.
            RuleViolation: another change of the grid is open, or holds from a later day.
        """
        with self._database.read() as db:
            ground = store.ground(db, change)
            check_change(change, ground, self.today())
            grids = ground.grids
            target = grids[change.target].name if change.target else ""
            return Preview(change, grids[change.grid].name, target, store.effect(db, change))

    def propose(self, change: GridChange, *, by: str) -> int:
        """Propose a change; return its number.

        Raises:
            InvalidInput: a field is wrong.
            RuleViolation: another change of the grid is open, or holds from a later day.
        """
        with self._database.write() as db:
            ground = store.ground(db, change)
            check_change(change, ground, self.today())
            at, title = self._now(), ground.grids[change.grid].name
            number = store.add(db, change, store.effect(db, change), title, by, at)
            audit.record(db, at, by, "grid.change.propose", str(number), {"grid": change.grid})
            return number

    def rule(self, number: int, ruling: Ruling, why: str, *, by: str) -> Proposal:
        """Approve, decline or withdraw; what was approved and is due is done at once.

        Raises:
            NotFound: there is no such change.
            NotAllowed: it is not this person's to do.
            StaleState: it is settled, or what it does has changed since it was proposed.
            InvalidInput: declined without a reason, or it no longer fits the grid.
        """
        with self._database.write() as db:
            proposal = store.proposal(db, number)
            check_ruling(proposal.state, proposal.proposed_by, ruling, by, why)
            if ruling is Ruling.ACCEPTED:
                must_be_two_people(db, proposal.proposed_by, by)
            at = self._now()
            if ruling is Ruling.ACCEPTED:
                check_change(
                    proposal.change, store.ground(db, proposal.change, but=number), self.today()
                )
                _must_be_as_shown(proposal, store.effect(db, proposal.change))
            store.rule(db, number, ruling, by, at, why)
            audit.record(db, at, by, f"grid.change.{ruling}", str(number))
            if ruling is Ruling.ACCEPTED and proposal.change.on <= self.today():
                store.carry_out(db, number, proposal.change)
                store.rule(db, number, Ruling.DONE, SYSTEM, at)
            return store.proposal(db, number)

    def carry_out_due(self) -> CarriedOut:
        """Carry out what was approved and is due; one that no longer fits stops no other."""
        with self._database.read() as db:
            waiting = store.due(db, self.today())
        done, stuck = [], []
        for one in waiting:
            try:
                done.append(self._carry_out(one))
            except EvalsysError as error:
                stuck.append((one, str(error)))
        return CarriedOut(tuple(done), tuple(stuck))

    def _carry_out(self, one: Proposal) -> Proposal:
        with self._database.write() as db:
            check_change(one.change, store.ground(db, one.change, but=one.id), self.today())
            store.carry_out(db, one.id, one.change)
            at = self._now()
            store.rule(db, one.id, Ruling.DONE, SYSTEM, at)
            audit.record(db, at, SYSTEM, "grid.change.done", str(one.id))
            return store.proposal(db, one.id)


def _must_be_as_shown(proposal: Proposal, now: Effect) -> None:
    if now != proposal.effect:
        raise StaleState(
            f"提出时涉及 {proposal.effect.households} 户、{proposal.effect.cadres} 名干部，"
            f"现在是 {now.households} 户、{now.cadres} 名。",
            remedy="请退回，按现在的情况重新提出。",
        )

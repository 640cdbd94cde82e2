"""What units promised at pledge assemblies, with what was ruled, for assessment (Y69)."""

from collections.abc import Callable
from datetime import datetime, tzinfo

from evalsys.domain.live.state import is_assembly
from evalsys.domain.promises import pledges_of
from evalsys.domain.unit_pledges import UnitPledge, ruled_pledges, without_unit
from evalsys.ids import UnitCode
from evalsys.services.folded import folded_sessions
from evalsys.store import assessment, pledges
from evalsys.store.database import Database

UnitPledges = Callable[[datetime], tuple[tuple[UnitPledge, ...], tuple[str, ...]]]
"""Gives the pledges of units that were ruled on before a moment, and who is no unit here."""


def no_pledges(_known_before: datetime) -> tuple[tuple[UnitPledge, ...], tuple[str, ...]]:
    """Know of none: for a county without assemblies."""
    return (), ()


def unit_pledges(database: Database, zone: tzinfo) -> UnitPledges:
    """Read them from the records of all sessions and the reports beside them."""
    folded = folded_sessions(database)

    def found(known_before: datetime) -> tuple[tuple[UnitPledge, ...], tuple[str, ...]]:
        states = {live: state for live, state in folded().items() if is_assembly(state)}
        with database.read() as db:
            _people, named = assessment.people_and_units(db)
            units = {UnitCode(code): name for code, name in named.items()}
            followed = [
                one
                for live, state in sorted(states.items())
                for one in pledges_of(live, state, pledges.of_session(db, live))
            ]
        return ruled_pledges(followed, units, known_before, zone), without_unit(followed, units)

    return found

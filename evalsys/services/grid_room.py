"""Everything about the grid that people work with, as one room."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from evalsys.clock import Clock
from evalsys.services.access import Aside, in_turn
from evalsys.services.grid_change import GridChanges
from evalsys.services.grid_head import GridHeads
from evalsys.services.grid_preset import GridPresets
from evalsys.services.link_stage import LinkStages
from evalsys.services.link_term import LinkTerms
from evalsys.services.roster_load import RosterLoads
from evalsys.services.roster_quality import RosterQualities
from evalsys.services.station_day import StationDays
from evalsys.store.database import Database


@dataclass(frozen=True, slots=True)
class GridRoom:
    """Levels, changes, loads and heads, station days, stages and terms of links, appointments."""

    presets: GridPresets
    changes: GridChanges
    loads: RosterLoads
    stations: StationDays
    stages: LinkStages
    terms: LinkTerms
    heads: GridHeads
    quality: RosterQualities


def grid_room(database: Database, now: Clock, zone: ZoneInfo, aside: Aside = in_turn) -> GridRoom:
    """Build the room over a database."""
    return GridRoom(
        GridPresets(database, now),
        GridChanges(database, now, zone),
        RosterLoads(database, now, zone, aside),
        StationDays(database, now, zone),
        LinkStages(database, now, zone, aside),
        LinkTerms(database, now, zone, aside),
        GridHeads(database, now, zone),
        RosterQualities(database, now, aside),
    )

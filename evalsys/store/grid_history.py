"""The grid as of a day: what changes of a later day did is taken back, in reading only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from heapq import merge
from operator import itemgetter

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from evalsys.store.schema.grid import GridBirth, GridEnd, GridMove, GridState
from evalsys.store.schema.roster import PastPost


@dataclass(frozen=True, slots=True)
class Former:
    """What a grid was called, where it lay and which class it had."""

    name: str
    parent: str | None
    grid_class: str


@dataclass(frozen=True, slots=True)
class Past:
    """How the grid of a day differs from the rows that are kept."""

    ended: Mapping[str, str]
    """Grids that had ended by then, each with the grid that it went to."""
    unborn: frozenset[str]
    """Grids that there were not yet."""
    former: Mapping[str, Former]
    """Grids that were otherwise than they are kept."""
    cadres: Mapping[str, str]
    """Cadres who stood on another grid than they are kept on, and which."""
    households: Mapping[str, str]

    def is_there(self, code: str) -> bool:
        """Say whether there was such a grid on the day."""
        return code not in self.ended and code not in self.unborn


def past(db: Session, day: date) -> Past:
    """Read how the grid of `day` differs from what is kept; a few rows, even after years."""
    ended = db.execute(select(GridEnd.grid, GridEnd.successor).where(GridEnd.until <= day))
    unborn = db.scalars(select(GridBirth.grid).where(GridBirth.since > day))
    states = db.scalars(select(GridState).where(GridState.until > day).order_by(GridState.until))
    former: dict[str, Former] = {}
    for row in states:  # the earliest says what it was
        former.setdefault(row.grid, Former(row.name, row.parent, row.grid_class))
    stood: dict[str, dict[str, str]] = {"cadre": {}, "household": {}}
    moves = db.execute(
        select(GridMove.on, GridMove.kind, GridMove.code, GridMove.source)
        .where(GridMove.on > day)
        .order_by(GridMove.on, GridMove.change)
    )
    imports = db.execute(
        select(PastPost.until, literal("cadre"), PastPost.cadre, PastPost.grid)
        .where(PastPost.until > day, PastPost.grid != "")
        .order_by(PastPost.until, PastPost.id)
    )
    # A change of the grid takes effect as its day begins, an import in its course.
    for _, kind, code, source in merge(moves, imports, key=itemgetter(0)):
        stood[kind].setdefault(code, source)
    return Past(
        {row.grid: row.successor for row in ended},
        frozenset(unborn),
        former,
        stood["cadre"],
        stood["household"],
    )

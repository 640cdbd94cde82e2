"""What waits for another person's word: proposals about the grid and its links, the oldest first.

A hand-over that nobody accepts changes nothing, and that must not go unnoticed.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from evalsys.store.schema.grid import GridChangeRow, GridChangeRuling
from evalsys.store.schema.grid_head import GridHeadAct, GridHeadRuling
from evalsys.store.schema.handover import HandOverRow, HandOverRulingRow
from evalsys.store.schema.link_term import LinkTermAct, LinkTermRuling


@dataclass(frozen=True, slots=True)
class Waiting:
    """Proposals of one kind on which nobody ruled."""

    title: str
    count: int
    oldest: datetime


_Columns = tuple[
    str, InstrumentedAttribute[int], InstrumentedAttribute[datetime], InstrumentedAttribute[int]
]
_KINDS: tuple[_Columns, ...] = (
    ("联系户交接", HandOverRow.id, HandOverRow.proposed_at, HandOverRulingRow.handover),
    ("联系续期", LinkTermAct.id, LinkTermAct.proposed_at, LinkTermRuling.act),
    ("负责人任免", GridHeadAct.id, GridHeadAct.proposed_at, GridHeadRuling.act),
    ("网格调整", GridChangeRow.id, GridChangeRow.proposed_at, GridChangeRuling.change),
)


def waiting(db: Session) -> tuple[Waiting, ...]:
    """List the kinds of proposals that wait, each with how many and since when."""
    found = []
    for title, number, proposed_at, ruled in _KINDS:
        count, oldest = db.execute(
            select(func.count(number), func.min(proposed_at)).where(number.not_in(select(ruled)))
        ).one()
        if count:
            found.append(Waiting(title, count, oldest))
    return tuple(sorted(found, key=lambda one: one.oldest))

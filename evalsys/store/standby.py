"""The standby list of investigation teams."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from evalsys.domain.live.words import TeamCategory
from evalsys.domain.standby import StandbyMember
from evalsys.store.schema.panel import StandbyRow


def every(db: Session) -> tuple[StandbyMember, ...]:
    """Return the list, in its order."""
    rows = db.scalars(select(StandbyRow).order_by(StandbyRow.place))
    return tuple(
        StandbyMember(row.id, TeamCategory(row.category), row.name, row.unit) for row in rows
    )


def replace_all(db: Session, members: Sequence[StandbyMember]) -> None:
    """Put a new list in place of the old one."""
    db.execute(delete(StandbyRow))
    db.add_all(
        StandbyRow(
            id=one.id, place=place, category=one.category.value, name=one.name, unit=one.unit
        )
        for place, one in enumerate(members, start=1)
    )
    db.flush()

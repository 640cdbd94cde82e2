"""Reading when cadres last visited, and for how many households they answer."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evalsys.ids import CadreNumber
from evalsys.store.schema.roster import HouseholdLink, Visit


def last_visits(db: Session, day: date) -> dict[CadreNumber, date]:
    """Give the day of each cadre's last visit up to `day`, as the cadre recorded it."""
    rows = db.execute(
        select(Visit.cadre, func.max(Visit.visited_on))
        .where(Visit.visited_on <= day)
        .group_by(Visit.cadre)
    )
    return {CadreNumber(cadre): last for cadre, last in rows}


def linked_households(db: Session, day: date) -> dict[CadreNumber, int]:
    """Count the households that each cadre answers for on `day`."""
    link = HouseholdLink
    rows = db.execute(
        select(link.cadre, func.count())
        .where(link.since <= day, link.until.is_(None) | (link.until > day))
        .group_by(link.cadre)
    )
    return {CadreNumber(cadre): count for cadre, count in rows}

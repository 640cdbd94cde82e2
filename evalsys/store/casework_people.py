"""Who is who in the request loop: accounts and whom they act for, grids, cadres, households."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, insert, or_, select
from sqlalchemy.orm import Session

from evalsys.domain.casework.route import GridCell, GridTree
from evalsys.domain.casework.words import Party, PartyKind
from evalsys.store.bulk import plain_rows
from evalsys.store.grid_history import past
from evalsys.store.schema.access import User
from evalsys.store.schema.casework import AccountScope
from evalsys.store.schema.roster import (
    Cadre,
    Grid,
    GridHead,
    Household,
    HouseholdLink,
    Phone,
    Unit,
    UnitPrincipal,
)

_GRIDS = select(Grid.code, Grid.name, Grid.depth, Grid.parent)


@dataclass(frozen=True, slots=True)
class Home:
    """A household as the loop needs it: where it is, and who is linked to it."""

    code: str
    grid: str
    cadre: str | None
    cadre_grid: str | None
    linked_since: date | None


def grid_tree(db: Session, day: date | None = None) -> GridTree:
    """Read every grid, as it was on `day` if one is given.

    A grid that was merged into another stays as a cell below that one: what was raised on it is
    counted there, and goes up from there.
    """
    then = past(db, day or date.max)
    # What was otherwise is put right afterwards: a county has ten thousand grids.
    kept = plain_rows(db.connection(), _GRIDS)
    cells = {row[0]: GridCell._make(row) for row in kept}
    for code in then.unborn & cells.keys():
        del cells[code]
    for code in (then.former.keys() | then.ended.keys()) & cells.keys():
        cell, was = cells[code], then.former.get(code)
        parent = then.ended.get(code, was.parent if was else cell.parent)
        cells[code] = GridCell(code, was.name if was else cell.name, cell.depth, parent)
    return GridTree(cells)


def set_scopes(db: Session, account: str, parties: Iterable[Party]) -> bool:
    """Replace whom an account acts for; say whether there is such an account."""
    if db.get(User, account) is None:
        return False
    db.execute(delete(AccountScope).where(AccountScope.account == account))
    rows = [{"account": account, "kind": each.kind.value, "code": each.code} for each in parties]
    if rows:
        db.execute(insert(AccountScope), rows)
    return True


def own_scopes(db: Session, account: str) -> frozenset[Party]:
    """Read whom an account acts for by itself, whatever anybody heads."""
    rows = db.execute(
        select(AccountScope.kind, AccountScope.code).where(AccountScope.account == account)
    )
    return frozenset(Party(PartyKind(kind), code) for kind, code in rows)


def scopes(db: Session, account: str, day: date) -> frozenset[Party]:
    """Read whom an account acts for on `day`; a cadre also for the grids and the unit they head.

    Whoever heads a grid does so until the day on which the term ends, known beforehand or not.
    """
    own = set(own_scopes(db, account))
    cadres = [each.code for each in own if each.kind is PartyKind.CADRE]
    if cadres:
        own |= set(_headed(db, cadres, day))
    return frozenset(own)


def _headed(db: Session, cadres: list[str], day: date) -> Iterator[Party]:
    grids = select(GridHead.grid).where(
        GridHead.cadre.in_(cadres),
        GridHead.since <= day,
        or_(GridHead.until.is_(None), GridHead.until > day),
    )
    for grid in db.scalars(grids):
        yield Party(PartyKind.GRID, grid)
    for unit in db.scalars(select(UnitPrincipal.unit).where(UnitPrincipal.cadre.in_(cadres))):
        yield Party(PartyKind.UNIT, unit)


def home(db: Session, household: str) -> Home | None:
    """Find a household and its open link; None when the roster does not have it."""
    row = db.get(Household, household)
    if row is None:
        return None
    link = db.execute(
        select(HouseholdLink.cadre, HouseholdLink.since, Cadre.grid)
        .join(Cadre, Cadre.number == HouseholdLink.cadre)
        .where(HouseholdLink.household == household, HouseholdLink.until.is_(None))
        .order_by(HouseholdLink.since.desc())
        .limit(1)
    ).one_or_none()
    if link is None:
        return Home(row.code, row.grid, None, None, None)
    return Home(row.code, row.grid, link.cadre, link.grid, link.since)


def is_phone_of(db: Session, household: str, blind: bytes) -> bool:
    """Say whether a number, by its blind index, is one of the household's."""
    query = select(Phone.id).where(Phone.household == household, Phone.blind == blind).limit(1)
    return db.scalar(query) is not None


def households_with_phone(db: Session, blind: bytes) -> tuple[str, ...]:
    """Name the households that gave a number, by its blind index."""
    query = select(Phone.household).where(Phone.blind == blind, Phone.household.is_not(None))
    return tuple(str(each) for each in db.scalars(query.distinct().limit(2)))


def knows(db: Session, party: Party) -> bool:
    """Say whether the roster has this party."""
    match party.kind:
        case PartyKind.CADRE:
            found = db.get(Cadre, party.code)
            return found is not None and found.left_on is None
        case PartyKind.GRID:
            return db.get(Grid, party.code) is not None
        case PartyKind.UNIT:
            return db.get(Unit, party.code) is not None


def party_names(db: Session, parties: Iterable[Party]) -> dict[Party, str]:
    """Name parties as people read them; one that is gone keeps its code."""
    wanted = set(parties)
    names: dict[Party, str] = {each: each.code for each in wanted}
    for kind, column, name in (
        (PartyKind.CADRE, Cadre.number, Cadre.name),
        (PartyKind.GRID, Grid.code, Grid.name),
        (PartyKind.UNIT, Unit.code, Unit.name),
    ):
        codes = [each.code for each in wanted if each.kind is kind]
        for code, title in db.execute(select(column, name).where(column.in_(codes))):
            names[Party(kind, code)] = title
    return names


def units(db: Session) -> tuple[tuple[str, str], ...]:
    """List every unit: code and name."""
    rows = db.execute(select(Unit.code, Unit.name).order_by(Unit.code))
    return tuple((code, name) for code, name in rows)

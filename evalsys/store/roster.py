"""Reading the roster for the other rooms: cards, what the freeze takes, what cadres claim."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, or_, select, union, update
from sqlalchemy.orm import Session

from evalsys.domain.roster import (
    TOWNSHIP_DEPTH,
    CadreCard,
    CadreToFreeze,
    ClaimedRequest,
    HouseholdClaims,
    HouseholdToFreeze,
    RequestState,
)
from evalsys.ids import CadreNumber, GridCode, HouseholdCode, UnitCode
from evalsys.store.bulk import bulk_select
from evalsys.store.grid_history import Former
from evalsys.store.phone_box import PhoneBox
from evalsys.store.posts import keep_changed, posts
from evalsys.store.prepared import Prepared
from evalsys.store.protection import kept_from_live
from evalsys.store.schema.base import Base
from evalsys.store.schema.roster import (
    Cadre,
    Grid,
    HouseholdLink,
    OfficeNumber,
    Phone,
    ServiceRequest,
    Unit,
    UnitPrincipal,
    Visit,
)

# Only a repeated number can be ambiguous, and the index alone tells which are repeated.
_REPEATED: Final = select(Phone.blind).group_by(Phone.blind).having(func.count() > 1)
REPEATED_NUMBERS: Final = (
    select(Phone.blind).where(Phone.usable, Phone.blind.in_(_REPEATED)).group_by(Phone.blind)
)
"""Blind indexes of the usable numbers that stand in the roster more than once."""
IS_SHARED: Final = func.count(Phone.household.distinct()) > 1
IS_OF_CADRE: Final = func.count(Phone.cadre) > 0
SHARED_NUMBERS: Final = REPEATED_NUMBERS.having(IS_SHARED)
"""Blind indexes of the numbers that two households gave."""
AMBIGUOUS_NUMBERS: Final = union(
    REPEATED_NUMBERS.having(or_(IS_SHARED, IS_OF_CADRE)),
    select(OfficeNumber.blind),
)
"""Blind indexes of the numbers that two households gave, a household and a cadre, or an office."""


def cadre_cards(db: Session, numbers: Iterable[CadreNumber]) -> dict[CadreNumber, CadreCard]:
    """Give the cards of these cadres; a number that is not in the roster is left out."""
    rows = db.execute(
        select(Cadre.number, Cadre.name, Unit.name, Cadre.post, Cadre.rank)
        .join(Unit, Unit.code == Cadre.unit)
        .where(Cadre.number.in_(set(numbers)))
    )
    return {
        CadreNumber(number): CadreCard(CadreNumber(number), name, unit, post, rank)
        for number, name, unit, post, rank in rows
    }


def principals(db: Session) -> dict[str, tuple[str, str]]:
    """Give name and post of each unit's principal by the unit's name."""
    rows = db.execute(
        select(Unit.name, Cadre.name, Cadre.post)
        .join(UnitPrincipal, UnitPrincipal.unit == Unit.code)
        .join(Cadre, Cadre.number == UnitPrincipal.cadre)
    )
    return {unit: (name, post) for unit, name, post in rows}


_CADRES, _UNITS = (Base.metadata.tables[each.__tablename__] for each in (Cadre, Unit))
_CARD = Prepared(
    select(_CADRES.c.name, _UNITS.c.name.label("unit_name"), _CADRES.c.post, _CADRES.c.rank)
    .join(_UNITS, _UNITS.c.code == _CADRES.c.unit)
    .where(_CADRES.c.number == bindparam("number"))
)


def cadre_card(db: Session, number: CadreNumber) -> CadreCard | None:
    """Give the card of one cadre, if the roster has it; asked for at every turn of an interview."""
    row = _CARD.first(db, number=number)
    return CadreCard(number, row.name, row.unit_name, row.post, row.rank) if row else None


def cadres_to_freeze(db: Session, box: PhoneBox) -> Iterator[CadreToFreeze]:
    """Stream every serving cadre with the open links, in the order of the numbers.

    Households come in the order of their codes; of several phones the first usable counts.
    """
    townships, classes = township_of_grids(db), class_of_grids(db)
    cadres = db.execute(
        select(Cadre.number, Cadre.grid, Cadre.rank, Cadre.unit)
        .where(Cadre.left_on.is_(None))
        .order_by(Cadre.number)
    ).all()
    linked = _dialable_households(db, box)
    held = next(linked, None)
    for number, grid, rank, unit in cadres:
        # Both streams are of serving cadres, sorted by number.
        households: tuple[HouseholdToFreeze, ...] = ()
        if held is not None and held[0] == number:
            households = held[1]
            held = next(linked, None)
        yield CadreToFreeze(
            CadreNumber(number), townships[grid], rank, UnitCode(unit), classes[grid], households
        )


def cadre_phone(db: Session, number: CadreNumber) -> tuple[bytes, bytes] | None:
    """Return identity and seal of a cadre's first usable telephone number, if there is one."""
    row = db.execute(
        select(Phone.id, Phone.sealed)
        .where(Phone.cadre == number, Phone.usable)
        .order_by(Phone.position)
        .limit(1)
    ).one_or_none()
    return (row.id, row.sealed) if row else None


_VISITS, _REQUESTS = (Base.metadata.tables[each.__tablename__] for each in (Visit, ServiceRequest))
# Plain columns: every question about a visit or a request runs these.
_VISITED = (
    select(_VISITS.c.household, _VISITS.c.visited_on)
    .where(_VISITS.c.cadre == bindparam("cadre"))
    .order_by(_VISITS.c.visited_on)
)
_SOLVED = (
    select(
        _REQUESTS.c.household,
        *(_REQUESTS.c[name] for name in ("code", "text", "raised_on", "solved_on", "answer")),
    )
    .where(_REQUESTS.c.cadre == bindparam("cadre"), _REQUESTS.c.state == RequestState.SOLVED.value)
    .order_by(_REQUESTS.c.raised_on, _REQUESTS.c.code)
)
_VISITED_THERE = Prepared(_VISITED.where(_VISITS.c.household == bindparam("household")))
_SOLVED_THERE = Prepared(_SOLVED.where(_REQUESTS.c.household == bindparam("household")))


def claims_of(db: Session, number: CadreNumber) -> dict[HouseholdCode, HouseholdClaims]:
    """Give what this cadre recorded of each household: visits, and requests marked solved."""
    visits: dict[str, list[date]] = {}
    for household, visited_on in db.execute(_VISITED, {"cadre": number}):
        visits.setdefault(household, []).append(visited_on)
    solved: dict[str, list[ClaimedRequest]] = {}
    for household, *request in db.execute(_SOLVED, {"cadre": number}):
        solved.setdefault(household, []).append(ClaimedRequest(*request))
    return {
        HouseholdCode(household): HouseholdClaims(
            tuple(visits.get(household, ())), tuple(solved.get(household, ()))
        )
        for household in sorted(visits.keys() | solved.keys())
    }


def claims_on(db: Session, number: CadreNumber, household: HouseholdCode) -> HouseholdClaims:
    """Give what this cadre recorded of one household; perhaps nothing."""
    there = {"cadre": number, "household": household}
    visits = (row.visited_on for row in _VISITED_THERE.all(db, **there))
    solved = (ClaimedRequest(*request) for _, *request in _SOLVED_THERE.all(db, **there))
    return HouseholdClaims(tuple(visits), tuple(solved))


def township_of_grids(
    db: Session, former: Mapping[str, Former] | None = None
) -> Mapping[str, GridCode]:
    """Tell for each grid the grid of the township level that it lies in.

    `former` is how grids of an earlier day lay. The grid of the whole county lies in itself.
    """
    rows = db.execute(select(Grid.code, Grid.parent, Grid.depth).order_by(Grid.depth))
    townships: dict[str, GridCode] = {}
    for code, kept, depth in rows:
        parent = former[code].parent if former and code in former else kept
        above = parent if depth > TOWNSHIP_DEPTH else None
        townships[code] = GridCode(code) if above is None else townships[above]
    return townships


def class_of_grids(db: Session) -> Mapping[str, str]:
    """Tell for each grid its class, or that of the nearest grid above that has one (L02)."""
    rows = db.execute(select(Grid.code, Grid.parent, Grid.grid_class).order_by(Grid.depth))
    classes: dict[str, str] = {}
    for code, parent, own in rows:
        classes[code] = own or classes.get(parent or "", "")
    return classes


def unit_names(db: Session) -> dict[str, str]:
    """Name every unit by its code."""
    return {row.code: row.name for row in db.execute(select(Unit.code, Unit.name))}


def grid_names(db: Session) -> dict[str, str]:
    """Name every grid by its code."""
    return {row.code: row.name for row in db.execute(select(Grid.code, Grid.name))}


def _dialable_households(
    db: Session, box: PhoneBox
) -> Iterator[tuple[str, tuple[HouseholdToFreeze, ...]]]:
    """Stream each serving cadre's households by open link, sorted, with the number to dial."""
    # Plain columns: the ORM would spend a second on making 337,000 rows look like objects.
    cadre_, link, phone = (table.__table__ for table in (Cadre, HouseholdLink, Phone))
    joined = link.join(cadre_, cadre_.c.number == link.c.cadre).outerjoin(
        phone, (phone.c.household == link.c.household) & phone.c.usable
    )
    wanted = (
        select(
            link.c.cadre,
            link.c.household,
            phone.c.position,
            phone.c.sealed,
            phone.c.id,
            phone.c.blind,
        )
        .select_from(joined)
        .where(link.c.until.is_(None), cadre_.c.left_on.is_(None))
        .order_by(cadre_.c.number)
    )
    yield from _numbered(db, box, wanted)


def numbered_households(
    db: Session, box: PhoneBox, owned: Select[str, str]
) -> Iterator[tuple[str, tuple[HouseholdToFreeze, ...]]]:
    """Stream each owner's households of `owned`, whose columns are so named, sorted.

    A number that is not this household's alone is left out, as the freeze of cadres does.
    """
    link, phone = owned.subquery(), Phone.__table__
    joined = link.outerjoin(phone, (phone.c.household == link.c.household) & phone.c.usable)
    wanted = (
        select(
            link.c.owner,
            link.c.household,
            phone.c.position,
            phone.c.sealed,
            phone.c.id,
            phone.c.blind,
        )
        .select_from(joined)
        .order_by(link.c.owner)
    )
    yield from _numbered(db, box, wanted)


def _numbered(
    db: Session, box: PhoneBox, wanted: Select[*tuple[Any, ...]]
) -> Iterator[tuple[str, tuple[HouseholdToFreeze, ...]]]:
    """Group by owner, sort by household and position; open each household's first number.

    None of a household that live sessions leave in peace.
    """
    # Not a condition of the statement: PostgreSQL would compare every number with every other.
    ambiguous = frozenset(db.scalars(AMBIGUOUS_NUMBERS))
    kept = kept_from_live(db)
    for owner, held in groupby(bulk_select(db.connection(), wanted), itemgetter(0)):
        rows = sorted(held)
        numbers: dict[HouseholdCode, str] = dict.fromkeys([row[1] for row in rows], "")
        # Backwards, so that a household's first number is the last to be said of it.
        firsts = {row[1]: row for row in reversed(rows) if row[4] and row[5] not in ambiguous}
        for household in kept & firsts.keys():
            del firsts[household]
        given = firsts.values()
        opened = box.open_all([row[3] for row in given], [row[4] for row in given])
        numbers.update(zip(firsts, opened, strict=True))
        yield owner, tuple(numbers.items())


def note_probation(
    db: Session, number: CadreNumber, *, since: date | None, until: date | None, on: date
) -> None:
    """Keep from when to when a cadre is on probation 试用期; without a first day on none (Y60).

    What the roster said before stays as true until `on`.
    """
    before = posts(db, number)
    changed = {
        "on_probation": since is not None,
        "probation_from": since,
        "probation_until": until,
    }
    db.execute(update(Cadre).where(Cadre.number == number).values(**changed))
    keep_changed(db, before, on=on)

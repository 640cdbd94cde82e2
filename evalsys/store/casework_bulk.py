"""Many requests at once: a ledger of 35,489 rows in seconds, in one transaction."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from itertools import islice
from operator import attrgetter
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Connection, Text, any_, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from evalsys.domain.canonical import canonical
from evalsys.domain.casework.events import Recorded, encode, kind_of
from evalsys.domain.casework.standing import Standing
from evalsys.domain.casework.state import Filed
from evalsys.store.bulk import bulk_insert, indexed_afterwards
from evalsys.store.casework import STANDING_COLUMNS, standing_values
from evalsys.store.schema.base import Base
from evalsys.store.schema.casework import CaseworkEvent, CaseworkRequest, CaseworkStanding
from evalsys.store.schema.roster import Cadre, Household, HouseholdLink, ServiceRequest

_ASKED_AT_ONCE = 900
_ADDED_AT_ONCE = 5_000
_REQUEST_COLUMNS = (
    "code",
    "household",
    "cadre",
    "grid",
    "kind",
    "channel",
    "text",
    "place",
    "lat",
    "lon",
    "raised_at",
    "received_at",
    "taxonomy",
    "class_code",
    "asked_kind",
    "asked",
    "client_id",
)
_EVENT_COLUMNS = ("request", "seq", "kind", "at", "actor", "body")
_CLAIM_COLUMNS = (
    "code",
    "household",
    "cadre",
    "raised_on",
    "text",
    "state",
    "solved_on",
    "answer",
)


_claim_values = attrgetter(*_CLAIM_COLUMNS)
_FILLED = (CaseworkRequest, CaseworkEvent, CaseworkStanding, ServiceRequest)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row of a ledger that the roster brought: what the cadre recorded."""

    code: str
    household: str
    cadre: str
    grid: str
    cadre_grid: str
    raised_on: date
    text: str
    state: str
    solved_on: date | None
    answer: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What a ledger says of a request, as sessions check it."""

    code: str
    household: str
    cadre: str
    raised_on: str
    text: str
    state: str
    solved_on: str | None
    answer: str


@dataclass(frozen=True, slots=True)
class Entered:
    """A request that enters the loop: its first event, where it stands, and its claim, if any."""

    filed: Filed
    record: Recorded
    standing: Standing
    claim: Claim | None


def ledger_without_loop(db: Session) -> Iterator[LedgerRow]:
    """Give the rows of the roster's ledger that have not entered the loop yet."""
    rows = db.execute(
        select(
            ServiceRequest.code,
            ServiceRequest.household,
            ServiceRequest.cadre,
            Household.grid,
            Cadre.grid,
            ServiceRequest.raised_on,
            ServiceRequest.text,
            ServiceRequest.state,
            ServiceRequest.solved_on,
            ServiceRequest.answer,
        )
        .join(Household, Household.code == ServiceRequest.household)
        .join(Cadre, Cadre.number == ServiceRequest.cadre)
        .outerjoin(CaseworkRequest, CaseworkRequest.code == ServiceRequest.code)
        .where(CaseworkRequest.code.is_(None))
        .order_by(ServiceRequest.code)
    )
    values: list[tuple[Any, ...]] = [tuple(row) for row in rows]
    return (LedgerRow(*each) for each in values)


def claims_beside(db: Session) -> Iterator[tuple[str, str, date | None, str]]:
    """Give code, state, day of closing and answer of every claim whose request is in the loop."""
    rows = db.execute(
        select(
            ServiceRequest.code,
            ServiceRequest.state,
            ServiceRequest.solved_on,
            ServiceRequest.answer,
        ).join(CaseworkRequest, CaseworkRequest.code == ServiceRequest.code)
    )
    yield from rows


def states_in_loop(db: Session) -> dict[str, str]:
    """Give the state that each request of the ledger last came with, by code, of all in the loop.

    The body of the last `imported` event says it; a request with other events has none.
    """
    last = (
        select(CaseworkEvent.request, func.max(CaseworkEvent.seq).label("seq"))
        .group_by(CaseworkEvent.request)
        .subquery()
    )
    rows = db.execute(
        select(CaseworkEvent.request, CaseworkEvent.kind, CaseworkEvent.body).join(
            last,
            (last.c.request == CaseworkEvent.request) & (last.c.seq == CaseworkEvent.seq),
        )
    )
    return {code: body if kind == "imported" else "" for code, kind, body in rows}


def known_codes(db: Session, codes: Sequence[str]) -> frozenset[str]:
    """Say which codes are taken, in the loop or in the ledger."""
    found: set[str] = set()
    for column in (CaseworkRequest.code, ServiceRequest.code):
        for which in _among(db, column, codes):
            found.update(row[0] for row in db.connection().execute(select(column).where(which)))
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class LinkedHome:
    """Where a household is, who is linked with it, since when, and on which grid that cadre is."""

    grid: str
    cadre: str | None
    cadre_grid: str | None
    linked_since: date | None


def homes(db: Session, households: Iterable[str]) -> dict[str, LinkedHome]:
    """Find each household that the roster has."""
    found: dict[str, LinkedHome] = {}
    for which in _among(db, Household.code, sorted(set(households))):
        rows = db.connection().execute(
            select(
                Household.code,
                Household.grid,
                HouseholdLink.cadre,
                Cadre.grid,
                HouseholdLink.since,
            )
            .outerjoin(
                HouseholdLink,
                (HouseholdLink.household == Household.code) & HouseholdLink.until.is_(None),
            )
            .outerjoin(Cadre, Cadre.number == HouseholdLink.cadre)
            .where(which)
        )
        for code, grid, cadre, cadre_grid, since in rows:
            found[code] = LinkedHome(grid, cadre, cadre_grid, since)
    return found


def add_all(connection: Connection, new: Iterable[Entered]) -> None:
    """Append requests with all that goes along.

    Where a server inserts, which takes as long as making them, a thread hands it some while the
    next are made. SQLite inserts in this process: two threads would only take turns.
    """
    tables = [Base.metadata.tables[each.__tablename__] for each in _FILLED]
    left = iter(new)
    batches = iter(lambda: list(islice(left, _ADDED_AT_ONCE)), [])
    add = partial(_add, connection)
    with indexed_afterwards(connection, *tables), ThreadPoolExecutor(max_workers=1) as thread:
        is_embedded = connection.dialect.name == "sqlite"
        for _ in map(add, batches) if is_embedded else thread.map(add, batches):
            pass  # raises here what the thread met


def _add(connection: Connection, new: Sequence[Entered]) -> None:
    _insert(connection, CaseworkRequest, _REQUEST_COLUMNS, (_request_row(e.filed) for e in new))
    _insert(connection, CaseworkEvent, _EVENT_COLUMNS, (_event_row(e.filed, e.record) for e in new))
    add_standings(connection, (each.standing for each in new))
    claims = (each.claim for each in new if each.claim is not None)
    _insert(connection, ServiceRequest, _CLAIM_COLUMNS, map(_claim_values, claims))


def add_standings(connection: Connection, made: Iterable[Standing]) -> None:
    """Append standings, where the table was emptied before."""
    _insert(connection, CaseworkStanding, STANDING_COLUMNS, map(standing_values, made))


def _among(
    db: Session, column: InstrumentedAttribute[str], codes: Sequence[str]
) -> Iterator[ColumnElement[bool]]:
    """Narrow `column` to codes: in one array where there are arrays, else in parts."""
    if db.get_bind().dialect.name == "postgresql":
        yield column == any_(literal(list(codes), ARRAY(Text)))
        return
    for start in range(0, len(codes), _ASKED_AT_ONCE):
        yield column.in_(codes[start : start + _ASKED_AT_ONCE])


def _insert(
    connection: Connection,
    entity: type[Base],
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
) -> None:
    """Append rows, with moments as the database reads them."""
    spelt = _SPELT[connection.dialect.name]
    rows = ([spelt(one) if type(one) is datetime else one for one in row] for row in rows)
    bulk_insert(connection, entity.__tablename__, columns, rows)


def _request_row(filed: Filed) -> tuple[object, ...]:
    return (
        filed.code,
        filed.household,
        filed.cadre,
        filed.grid,
        filed.kind.value,
        filed.channel.value,
        filed.text,
        filed.place,
        filed.lat,
        filed.lon,
        filed.raised_at,
        filed.received_at,
        filed.taxonomy,
        filed.class_code,
        filed.asked.kind.value,
        filed.asked.code,
        filed.client_id,
    )


def _event_row(filed: Filed, record: Recorded) -> tuple[object, ...]:
    return (
        filed.code,
        record.seq,
        kind_of(record.event),
        record.at,
        record.actor,
        canonical(encode(record.event)).decode(),
    )


@lru_cache(maxsize=4096)  # a ledger has few days, and each many times
def _unsaid(at: datetime) -> str:
    """Spell a moment as SQLAlchemy keeps it on SQLite: in UTC, without saying so."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


@lru_cache(maxsize=4096)
def _said(at: datetime) -> str:
    return at.isoformat(" ")


_SPELT = {"sqlite": _unsaid, "postgresql": _said}

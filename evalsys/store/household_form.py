"""Keeping household forms: answers are added, read as the latest of each, erased by their key."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files

from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from evalsys.domain.household_form import FormDefinition
from evalsys.domain.household_form_text import parse_form
from evalsys.errors import StaleState
from evalsys.store.form_box import FormBox, open_sealed, seal
from evalsys.store.protection import kept_from_live
from evalsys.store.schema.base import Base
from evalsys.store.schema.household_form import HouseholdEntry, HouseholdKey
from evalsys.store.schema.roster import Grid, Household, HouseholdLink

AGREED = "yes"
"""How the form keeps a consent."""

_E = HouseholdEntry
_K = HouseholdKey
_ENTRIES = Base.metadata.tables[_E.__tablename__]
_KEYS = Base.metadata.tables[_K.__tablename__]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, as it was given."""

    seq: int
    field: str
    value: str
    at: datetime
    actor: str
    source: str
    definition: str


@dataclass(frozen=True, slots=True)
class Written:
    """By whom answers are given, when, and from where."""

    at: datetime
    actor: str
    source: str
    definition: str


@dataclass(frozen=True, slots=True)
class FormHome:
    """A household as a list shows it."""

    code: str
    head: str
    grid: str
    grid_name: str
    cadre: str
    linked_since: date | None
    answers: int
    """Entries so far, of whatever field; 0 where nobody has filled the form."""
    last_at: datetime | None


@lru_cache(maxsize=1)
def shipped_form() -> FormDefinition:
    """Read the form that comes with the software.

    Raises:
        InvalidInput: it is faulty; every fault is listed.
    """
    source = files("evalsys.rulebooks") / "household-form.toml"
    return parse_form(source.read_text(encoding="utf-8"))


def append(
    db: Session,
    box: FormBox,
    answers: Mapping[str, Mapping[str, str]],
    by: Written,
    *,
    expect: int | None = None,
) -> int:
    """Add answers, by household and field; return how many. With `expect`, of one household only.

    Raises:
        StaleState: somebody else wrote since the form had `expect` entries.
    """
    counts = _counts(db, answers)
    if expect is not None and any(counts.get(household, 0) != expect for household in answers):
        raise _stale()
    keys = keys_for(db, box, [household for household, given in answers.items() if given], by.at)
    rows = []
    for household, (generation, key) in keys.items():
        cipher, seq = AESSIV(key), counts.get(household, 0)
        for n, (field, value) in enumerate(answers[household].items(), start=seq + 1):
            place = _place(household, field, n, generation)
            rows.append(
                {
                    "household": household,
                    "seq": n,
                    "generation": generation,
                    "field": field,
                    "sealed": seal(cipher, value, place),
                    "at": by.at,
                    "actor": by.actor,
                    "source": by.source,
                    "definition": by.definition,
                }
            )
    if rows:
        try:
            db.execute(insert(_ENTRIES), rows)  # by the table: a third of the time
        except IntegrityError as error:
            raise _stale() from error
    return len(rows)


def history(db: Session, box: FormBox, household: str) -> tuple[Answer, ...]:
    """Read every answer that can still be opened, the oldest first."""
    return tuple(_opened(db, box, (household,)).get(household, ()))


def answers(db: Session, box: FormBox, households: Collection[str]) -> dict[str, dict[str, Answer]]:
    """Read the latest answer of each field, by household."""
    return {
        household: {one.field: one for one in given}
        for household, given in _opened(db, box, households).items()
    }


def askable(db: Session, box: FormBox, form: FormDefinition) -> dict[str, tuple[str, ...]]:
    """Name the fields that can be asked on stage, by household that agreed to it (Y24).

    Of the county only the consents are opened, the answers are not; a household that is kept from
    live sessions is left out.
    """
    if form.consent is None:
        return {}
    latest = {
        row.household: row
        for row in db.execute(
            select(_E.household, _E.seq, _E.generation, _E.sealed)
            .where(_E.field == form.consent.code)
            .order_by(_E.household, _E.seq)
        )
    }
    for household in kept_from_live(db):
        latest.pop(household, None)
    keys = open_keys(db, box, latest)
    agreed = []
    for household, row in latest.items():
        key = keys.get((household, row.generation))
        place = _place(household, form.consent.code, row.seq, row.generation)
        if key is not None and open_sealed(AESSIV(key), row.sealed, place) == AGREED:
            agreed.append(household)
    asked = [field.code for field in form.asked_on_stage]
    found: dict[str, set[str]] = defaultdict(set)
    query = select(_E.household, _E.field, _E.generation).where(_E.field.in_(asked))
    for some in _pieces(agreed):
        for household, field, generation in db.execute(query.where(_E.household.in_(some))):
            if (household, generation) in keys:
                found[household].add(field)
    return {household: tuple(sorted(fields)) for household, fields in found.items()}


def count(db: Session, household: str) -> int:
    """Count a household's entries, erased ones too."""
    return _counts(db, (household,)).get(household, 0)


def erase(db: Session, household: str, at: datetime) -> int:
    """Throw the household's keys away; return how many answers nobody can read any more."""
    open_keys = select(_K.generation).where(_K.household == household, _K.sealed.is_not(None))
    lost = select(func.count()).where(_E.household == household, _E.generation.in_(open_keys))
    number = db.scalar(lost) or 0
    mine = (_K.household == household, _K.sealed.is_not(None))
    db.execute(update(_K).where(*mine).values(sealed=None, erased_at=at))
    return number


def homes(
    db: Session, *, cadre: str | None = None, grid: str | None = None, limit: int
) -> tuple[FormHome, ...]:
    """List households by cadre or by grid, each with how much of its form is there."""
    query = (
        select(
            Household.code,
            Household.head,
            Household.grid,
            Grid.name,
            HouseholdLink.cadre,
            HouseholdLink.since,
        )
        .join(Grid, Grid.code == Household.grid)
        .outerjoin(
            HouseholdLink,
            (HouseholdLink.household == Household.code) & HouseholdLink.until.is_(None),
        )
        .order_by(Household.code)
        .limit(limit)
    )
    if cadre is not None:
        query = query.where(HouseholdLink.cadre == cadre)
    if grid is not None:
        query = query.where(Household.grid == grid)
    rows = db.execute(query).all()
    figures = _figures(db, [row.code for row in rows])
    return tuple(
        FormHome(code, head, of, name, linked or "", since, *figures.get(code, (0, None)))
        for code, head, of, name, linked, since in rows
    )


def head_of(db: Session, household: str) -> tuple[str, str] | None:
    """Give the name of a household's head and of its grid; None when the roster lacks it."""
    query = (
        select(Household.head, Grid.name)
        .join(Grid, Grid.code == Household.grid)
        .where(Household.code == household)
    )
    row = db.execute(query).one_or_none()
    return None if row is None else (row[0], row[1])


def known(db: Session, households: Collection[str]) -> dict[str, str]:
    """Find those of these households that the roster has, each with its linked cadre or ""."""
    link = (HouseholdLink.household == Household.code) & HouseholdLink.until.is_(None)
    query = select(Household.code, HouseholdLink.cadre).outerjoin(HouseholdLink, link)
    return {
        code: cadre or ""
        for some in _pieces(households)
        for code, cadre in db.execute(query.where(Household.code.in_(some)))
    }


def open_keys(
    db: Session, box: FormBox, households: Collection[str]
) -> dict[tuple[str, int], bytes]:
    """Open the keys of these households that were not thrown away, by household and generation."""
    kept = select(_K.household, _K.generation, _K.sealed)
    return {
        (household, generation): box.open_key(sealed, household, generation)
        for some in _pieces(households)
        for household, generation, sealed in db.execute(kept.where(_K.household.in_(some)))
        if sealed is not None
    }


def keys_for(
    db: Session, box: FormBox, households: Collection[str], at: datetime
) -> dict[str, tuple[int, bytes]]:
    """Give each household's key with its generation; made now for those that have none.

    Raises:
        StaleState: somebody else made one in this very moment.
    """
    newest: dict[str, tuple[int, bytes | None]] = {}
    for some in _pieces(households):
        query = select(_K.household, _K.generation, _K.sealed).where(_K.household.in_(some))
        for household, generation, sealed in db.execute(query.order_by(_K.generation)):
            newest[household] = (generation, sealed)
    keys: dict[str, tuple[int, bytes]] = {}
    made = []
    for household in households:
        generation, sealed = newest.get(household, (0, None))
        if sealed is not None:
            keys[household] = (generation, box.open_key(sealed, household, generation))
            continue
        generation += 1
        key, fresh = box.new_key(household, generation)
        keys[household] = (generation, key)
        row = {"household": household, "generation": generation, "sealed": fresh, "made_at": at}
        made.append(row)
    if made:
        try:
            db.execute(insert(_KEYS), made)
        except IntegrityError as error:
            raise _stale() from error
    return keys


def _opened(db: Session, box: FormBox, households: Collection[str]) -> dict[str, list[Answer]]:
    keys = open_keys(db, box, households)
    ciphers = {place: AESSIV(key) for place, key in keys.items()}
    found: dict[str, list[Answer]] = defaultdict(list)
    for some in _pieces(households):
        rows = select(_E).where(_E.household.in_(some)).order_by(_E.household, _E.seq)
        for row in db.scalars(rows):
            if (row.household, row.generation) not in ciphers:
                continue  # erased
            place = _place(row.household, row.field, row.seq, row.generation)
            value = open_sealed(ciphers[row.household, row.generation], row.sealed, place)
            found[row.household].append(
                Answer(row.seq, row.field, value, row.at, row.actor, row.source, row.definition)
            )
    return found


def _counts(db: Session, households: Iterable[str]) -> dict[str, int]:
    return {code: n for code, (n, _) in _figures(db, list(households)).items()}


def _figures(db: Session, households: Collection[str]) -> dict[str, tuple[int, datetime]]:
    """Give the number of entries and the moment of the last, of households that have any."""
    query = select(_E.household, func.max(_E.seq), func.max(_E.at)).group_by(_E.household)
    return {
        household: (n, last_at)
        for some in _pieces(households)
        for household, n, last_at in db.execute(query.where(_E.household.in_(some)))
    }


def _place(household: str, field: str, seq: int, generation: int) -> str:
    return f"household_entries|{household}|{field}|{seq}|{generation}"


def _pieces(households: Collection[str], size: int = 500) -> Iterable[list[str]]:
    every = list(households)
    return (every[at : at + size] for at in range(0, len(every), size))


def _stale() -> StaleState:
    return StaleState(
        "您打开这张表之后，别人又填过。您填的没有保存。", remedy="请刷新页面，看过新的内容再填。"
    )

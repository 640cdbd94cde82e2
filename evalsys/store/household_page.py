"""What a household's own page shows of the roster, the loop and its wishes."""

from dataclasses import dataclass
from datetime import date, datetime

from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from evalsys.domain.household_page import Outcome, WishKind
from evalsys.domain.protection import Protection
from evalsys.errors import NotFound, StaleState
from evalsys.ids import new_id
from evalsys.store.form_box import FormBox, open_sealed, seal
from evalsys.store.household_form import keys_for, open_keys
from evalsys.store.phone_box import PhoneBox
from evalsys.store.schema.household_page import PageWish, PageWishOutcome
from evalsys.store.schema.roster import Cadre, Grid, Household, HouseholdLink, Phone, Unit, Visit

_W, _O = PageWish, PageWishOutcome
VISITS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class CadreCard:
    """A linked cadre, as the public directory names him."""

    number: str
    name: str
    unit: str
    post: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Registered:
    """What the roster says of a household."""

    code: str
    head: str
    grid: str
    grid_name: str
    members: int | None
    protection: Protection
    calling_time: str
    phones: tuple[str, ...]
    """Open: mask them before they leave the server."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a household asked for, and what became of it."""

    id: str
    household: str
    kind: WishKind
    measure: Protection
    words: str
    """Empty once the household's key was thrown away."""
    at: datetime
    outcome: Outcome | None = None
    answer: str = ""
    answered_at: datetime | None = None


def registered(db: Session, box: PhoneBox, household: str) -> Registered:
    """Read a household's row of the roster, with its telephones open.

    Raises:
        NotFound: the roster has none of this code any more.
    """
    row = db.execute(
        select(Household, Grid.name)
        .join(Grid, Grid.code == Household.grid)
        .where(Household.code == household)
    ).one_or_none()
    if row is None:
        raise NotFound("花名册中已经没有这一户。", remedy="请与县联系办联系。")
    home, grid_name = row
    phones = db.execute(
        select(Phone.id, Phone.sealed).where(Phone.household == household).order_by(Phone.position)
    )
    return Registered(
        home.code,
        home.head,
        home.grid,
        grid_name,
        home.members,
        Protection(home.protection),
        home.calling_time,
        tuple(box.open(sealed, row) for row, sealed in phones),
    )


def cadres_of(db: Session, household: str) -> tuple[CadreCard, ...]:
    """List who answered for a household, the present one first."""
    rows = db.execute(
        select(
            Cadre.number,
            Cadre.name,
            Unit.name,
            Cadre.post,
            HouseholdLink.since,
            HouseholdLink.until,
        )
        .join(Cadre, Cadre.number == HouseholdLink.cadre)
        .join(Unit, Unit.code == Cadre.unit)
        .where(HouseholdLink.household == household)
        .order_by(HouseholdLink.until.is_(None).desc(), HouseholdLink.since.desc())
    )
    return tuple(CadreCard(*row) for row in rows)


def visits_to(db: Session, household: str) -> tuple[tuple[date, str, str], ...]:
    """List the visits that were recorded: day, cadre's name, note; the newest first."""
    rows = db.execute(
        select(Visit.visited_on, Cadre.name, Visit.note)
        .join(Cadre, Cadre.number == Visit.cadre)
        .where(Visit.household == household)
        .order_by(Visit.visited_on.desc(), Visit.cadre)
        .limit(VISITS_SHOWN)
    )
    return tuple((day, name, note) for day, name, note in rows)


def add_wish(  # noqa: PLR0913 - whose, what, under which key, when
    db: Session,
    box: FormBox,
    household: str,
    kind: WishKind,
    words: str,
    at: datetime,
    *,
    measure: Protection = Protection.NONE,
) -> str:
    """Keep a wish, its words sealed under the household's own key; give its id."""
    generation, key = keys_for(db, box, (household,), at)[household]
    wish = new_id()
    db.execute(
        insert(_W).values(
            id=wish,
            household=household,
            kind=kind.value,
            measure=measure.value,
            generation=generation,
            sealed=seal(AESSIV(key), words, _place(household, wish)),
            at=at,
        )
    )
    return wish


def wishes(
    db: Session, box: FormBox, *, household: str | None = None, only_open: bool = False
) -> tuple[Wish, ...]:
    """List wishes, the newest first."""
    query = select(_W, _O).outerjoin(_O, _O.wish == _W.id).order_by(_W.at.desc(), _W.id).limit(500)
    if household is not None:
        query = query.where(_W.household == household)
    if only_open:
        query = query.where(_O.wish.is_(None))
    rows = db.execute(query).all()
    keys = open_keys(db, box, {wish.household for wish, _ in rows})
    return tuple(_wish(wish, outcome, keys) for wish, outcome in rows)


def open_wish_count(db: Session, household: str) -> int:
    """Count a household's wishes that nobody answered."""
    query = (
        select(func.count())
        .select_from(_W)
        .outerjoin(_O, _O.wish == _W.id)
        .where(_W.household == household, _O.wish.is_(None))
    )
    return db.scalar(query) or 0


def kind_of(db: Session, wish: str) -> WishKind:
    """Say what a wish asks for.

    Raises:
        NotFound: there is no such wish.
    """
    row = db.get(_W, wish)
    if row is None:
        raise NotFound("没有这份申请。", remedy="请从申请列表进入。")
    return WishKind(row.kind)


def answer_wish(db: Session, wish: str, outcome: Outcome, words: str, by: str, at: datetime) -> str:
    """Keep what became of a wish, and carry a granted protection over to the roster.

    Returns the household's code.

    Raises:
        NotFound: there is no such wish.
        StaleState: somebody answered it already.
    """
    row = db.get(_W, wish)
    if row is None:
        raise NotFound("没有这份申请。", remedy="请从申请列表进入。")
    values = {"wish": wish, "outcome": outcome.value, "words": words, "by": by, "at": at}
    try:
        with db.begin_nested():
            db.execute(insert(_O).values(**values))
    except IntegrityError as error:
        raise StaleState("这份申请已经有人答复。", remedy="请刷新页面。") from error
    if outcome is Outcome.GRANTED and row.kind == WishKind.PROTECT:
        mine = Household.code == row.household
        db.execute(update(Household).where(mine).values(protection=row.measure))
    return row.household


def _wish(
    row: PageWish, outcome: PageWishOutcome | None, keys: dict[tuple[str, int], bytes]
) -> Wish:
    key = keys.get((row.household, row.generation))
    words = (
        "" if key is None else open_sealed(AESSIV(key), row.sealed, _place(row.household, row.id))
    )
    return Wish(
        row.id,
        row.household,
        WishKind(row.kind),
        Protection(row.measure),
        words,
        row.at,
        None if outcome is None else Outcome(outcome.outcome),
        "" if outcome is None else outcome.words,
        None if outcome is None else outcome.at,
    )


def _place(household: str, wish: str) -> str:
    return f"household_page_wishes|{household}|{wish}"

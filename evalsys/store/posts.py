"""Posts as they were on an earlier day: unit, post, rank, probation, grid, principals.

The roster says what is; what it said before stays here with the day on which that changed, so
that nobody of an earlier day is judged by the post of a later one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from evalsys.ids import CadreNumber, UnitCode
from evalsys.store.schema.roster import Cadre, PastPost, PastPrincipal, Unit, UnitPrincipal


@dataclass(frozen=True, slots=True)
class Post:
    """What the roster says of a cadre's place among the county's officials."""

    unit: UnitCode
    post: str
    rank: str
    staff_type: str
    on_probation: bool
    probation_from: date | None
    probation_until: date | None
    grid: str


@dataclass(frozen=True, slots=True)
class Posts:
    """Everybody's post, and the principal of each unit; None where it has none."""

    cadres: Mapping[CadreNumber, Post]
    principals: Mapping[UnitCode, CadreNumber | None]


_COLUMNS = tuple(Post.__dataclass_fields__)


def posts(db: Session, of: CadreNumber | None = None) -> Posts:
    """Read the posts that the roster has now; one cadre's alone where one is named."""
    wanted = select(Cadre.number, *(getattr(Cadre, name) for name in _COLUMNS))
    rows = db.execute(wanted if of is None else wanted.where(Cadre.number == of))
    heads = db.execute(select(Unit.code, UnitPrincipal.cadre).outerjoin(UnitPrincipal))
    return Posts(
        {CadreNumber(number): Post(*post) for number, *post in rows},
        {UnitCode(unit): _named(cadre) for unit, cadre in heads},
    )


def keep_changed(db: Session, before: Posts, *, on: date) -> None:
    """Keep what of `before` the roster no longer says, as true until `on`."""
    one = next(iter(before.cadres)) if len(before.cadres) == 1 else None
    now = posts(db, one)
    past = [
        {"cadre": number, "until": on, **{name: getattr(post, name) for name in _COLUMNS}}
        for number, post in before.cadres.items()
        if now.cadres.get(number, post) != post
    ]
    heads = [
        {"unit": unit, "cadre": cadre, "until": on}
        for unit, cadre in before.principals.items()
        if now.principals.get(unit, cadre) != cadre
    ]
    if past:
        db.execute(insert(PastPost), past)
    if heads:
        db.execute(insert(PastPrincipal), heads)


def posts_on(db: Session, day: date) -> Posts:
    """Read the posts that everybody had on `day`, by its end."""
    now = posts(db)
    rows = db.execute(
        select(PastPost.cadre, *(getattr(PastPost, name) for name in _COLUMNS))
        .where(PastPost.until > day)
        .order_by(PastPost.until.desc(), PastPost.id.desc())
    )
    # Of several changes since that day the first one ended what held on it.
    past = {CadreNumber(number): Post(*post) for number, *post in rows}
    ended = db.execute(
        select(PastPrincipal.unit, PastPrincipal.cadre)
        .where(PastPrincipal.until > day)
        .order_by(PastPrincipal.until.desc(), PastPrincipal.id.desc())
    )
    heads = {UnitCode(unit): _named(cadre) for unit, cadre in ended}
    return Posts({**now.cadres, **past}, {**now.principals, **heads})


def _named(cadre: str | None) -> CadreNumber | None:
    return None if cadre is None else CadreNumber(cadre)

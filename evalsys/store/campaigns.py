"""Campaigns, their cases, the lines, holidays, and what households asked for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from evalsys.domain.campaign.forecast import Trunk
from evalsys.domain.campaign.outcome import CODE_UNCALLED
from evalsys.domain.campaign.pace import Bucket
from evalsys.domain.campaign.plan import Campaign, Kind, State, read_rules, write_rules
from evalsys.domain.campaign.policy import Stop
from evalsys.domain.campaign.wanted import Electorate
from evalsys.domain.protection import Protection
from evalsys.errors import NotFound
from evalsys.ids import CampaignId, HouseholdCode, MemberId
from evalsys.store.bulk import bulk_insert
from evalsys.store.prepared import Prepared
from evalsys.store.roster import township_of_grids
from evalsys.store.schema.base import Base
from evalsys.store.schema.campaigns import (
    CampaignChange,
    CampaignMember,
    CampaignRow,
    Holiday,
    HouseholdWish,
    TrunkRow,
)
from evalsys.store.schema.roster import Cadre, Grid, Household, HouseholdLink, Unit

_CAMPAIGNS = Base.metadata.tables[CampaignRow.__tablename__]
MAIN_TRUNK = "main"
WAITING, CALLING, PERSON, CLOSED = "waiting", "calling", "person", "closed"
_NEVER_ATTEMPTED = "3.11"
_COLUMNS = (
    "id",
    "campaign",
    "about",
    "household",
    "unit",
    "township",
    "state",
    "stop",
    "retried",
    "attempts",
    "code",
    "needs_new_number",
    "arrangement",
    "dialect",
    "wish",
)


@dataclass(frozen=True, slots=True)
class ClosedRequest:
    """A close of a request that a household is asked about."""

    request: str
    closed_at: datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """A household that a campaign may ask, and about whom."""

    about: str
    household: HouseholdCode
    unit: str
    township: str
    asked_for: "Wish"
    protection: Protection = Protection.NONE
    closed: ClosedRequest | None = None
    """What a callback asks about."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a household asked for; its own word goes before what the roster says of it."""

    household: HouseholdCode
    do_not_call: bool
    wish: str
    dialect: str
    noted_by: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One step in a campaign's life."""

    state: State
    at: datetime
    actor: str


def add_campaign(db: Session, campaign: Campaign, *, members: int, at: datetime) -> None:
    """Keep a new campaign."""
    db.execute(
        insert(CampaignRow).values(
            id=campaign.id,
            kind=campaign.kind.value,
            title=campaign.title,
            state=campaign.state.value,
            script=campaign.script,
            rules=write_rules(campaign.rules),
            about=campaign.about,
            pledge=campaign.pledge,
            members=members,
            planned_at=at,
        )
    )


def add_change(db: Session, campaign: CampaignId, state: State, at: datetime, actor: str) -> None:
    """Note for good who brought a campaign where it stands."""
    newest = select(func.max(CampaignChange.n)).where(CampaignChange.campaign == campaign)
    n = (db.scalar(newest) or 0) + 1
    db.execute(
        insert(CampaignChange).values(campaign=campaign, n=n, state=state.value, at=at, actor=actor)
    )


def changes(db: Session, campaign: CampaignId) -> tuple[Change, ...]:
    """Return the life of a campaign, the oldest step first."""
    query = select(CampaignChange).where(CampaignChange.campaign == campaign)
    rows = db.scalars(query.order_by(CampaignChange.n))
    return tuple(Change(State(row.state), row.at, row.actor) for row in rows)


def campaign(db: Session, wanted: CampaignId, *, alone: bool = False) -> Campaign:
    """Return a campaign; `alone` holds it against others who would change it.

    Raises:
        NotFound: there is no such campaign.
    """
    query = select(CampaignRow).where(CampaignRow.id == wanted)
    row = db.scalars(query.with_for_update() if alone else query).one_or_none()
    if row is None:
        raise NotFound("没有这次活动。", remedy="evalsys campaign status 列出全部活动。")
    return _campaign(row)


def campaigns(db: Session, *, in_state: State | None = None) -> tuple[tuple[Campaign, int], ...]:
    """Return campaigns with their number of cases, the newest first."""
    query = select(CampaignRow).order_by(CampaignRow.planned_at.desc(), CampaignRow.id)
    if in_state is not None:
        query = query.where(CampaignRow.state == in_state.value)
    return tuple((_campaign(row), row.members) for row in db.scalars(query))


_RUNNING = Prepared(
    select(
        *(
            _CAMPAIGNS.c[name]
            for name in ("id", "kind", "title", "state", "script", "rules", "about", "pledge")
        )
    )
    .where(_CAMPAIGNS.c.state == State.RUNNING.value)
    .order_by(_CAMPAIGNS.c.planned_at.desc(), _CAMPAIGNS.c.id)
)


def running(db: Session) -> Mapping[CampaignId, Campaign]:
    """Return the campaigns that may call, the newest first; a dialler asks at every look."""
    return {CampaignId(row.id): read_campaign(*row) for row in _RUNNING.all(db)}


def keep_state(db: Session, wanted: CampaignId, state: State) -> None:
    """Keep where a campaign stands."""
    db.execute(update(CampaignRow).where(CampaignRow.id == wanted).values(state=state.value))


# --- who is asked --------------------------------------------------------------------------


def linked_households(db: Session, electorate: Electorate) -> Iterator[Candidate]:
    """Stream the open links of serving cadres that an electorate takes in."""
    townships, noted = township_of_grids(db), wishes(db)
    query = (
        select(HouseholdLink.cadre, Cadre.unit, Cadre.grid, *ASKED_FOR)
        .join(Cadre, Cadre.number == HouseholdLink.cadre)
        .join(Household, Household.code == HouseholdLink.household)
        .where(HouseholdLink.until.is_(None), Cadre.left_on.is_(None))
        .order_by(HouseholdLink.cadre, HouseholdLink.household)
    )
    if electorate.cadres:
        query = query.where(Cadre.number.in_(electorate.cadres))
    if electorate.units:
        query = query.where(Cadre.unit.in_(electorate.units))
    for cadre, unit, grid, *row in db.execute(query.execution_options(yield_per=5000)):
        township = townships[grid]
        if not electorate.townships or township in electorate.townships:
            yield candidate(cadre, unit, township, noted, *row)


def all_households(db: Session, department: str) -> Iterator[Candidate]:
    """Stream every household, as one that may judge a department."""
    townships, noted = township_of_grids(db), wishes(db)
    query = select(Household.grid, *ASKED_FOR).order_by(Household.code)
    for grid, *row in db.execute(query.execution_options(yield_per=5000)):
        yield candidate(department, department, townships[grid], noted, *row)


ASKED_FOR = (Household.code, Household.protection, Household.calling_time, Household.dialect)
"""What `candidate` wants to know of a household, in this order."""


def candidate(  # noqa: PLR0913, PLR0917 - one argument a column
    about: str,
    unit: str,
    township: str,
    noted: Mapping[str, Wish],
    code: str,
    protection: str,
    calling_time: str,
    dialect: str,
) -> Candidate:
    """Make a candidate of a row of `ASKED_FOR`; its own word goes before the roster's."""
    household = HouseholdCode(code)
    wish = noted.get(code) or Wish(household, False, calling_time, dialect)  # noqa: FBT003 - may call
    return Candidate(about, household, unit, township, wish, Protection(protection))


def unknown_places(db: Session, electorate: Electorate) -> tuple[str, ...]:
    """Name what an electorate mentions and the roster does not know."""
    known = {
        *db.scalars(select(Cadre.number).where(Cadre.number.in_(electorate.cadres))),
        *db.scalars(select(Unit.code).where(Unit.code.in_(electorate.units))),
        *db.scalars(select(Grid.code).where(Grid.code.in_(electorate.townships))),
    }
    wanted = (*electorate.cadres, *electorate.units, *electorate.townships)
    return tuple(each for each in wanted if each not in known)


def wishes(db: Session) -> Mapping[str, Wish]:
    """Return what households asked for by their own word, by household."""
    return {row.household: _wish(row) for row in db.scalars(select(HouseholdWish))}


def add_members(
    db: Session,
    wanted: CampaignId,
    rows: Iterable[tuple[MemberId, Candidate, str, Stop | None]],
) -> None:
    """Keep the cases of a campaign: identity, candidate, arrangement, why it is not called."""
    bulk_insert(
        db.connection(),
        CampaignMember.__tablename__,
        _COLUMNS,
        (
            (
                member,
                wanted,
                one.about,
                one.household,
                one.unit,
                one.township,
                CLOSED if stop else WAITING,
                stop.value if stop else "",
                False,
                0,
                CODE_UNCALLED[stop] if stop else _NEVER_ATTEMPTED,
                False,
                arrangement,
                one.asked_for.dialect,
                one.asked_for.wish,
            )
            for member, one, arrangement, stop in rows
        ),
    )


def make_due(db: Session, wanted: CampaignId, at: datetime) -> None:
    """Let every case that has no date yet be due from `at` on."""
    fresh = (CampaignMember.campaign == wanted) & CampaignMember.due_at.is_(None)
    db.execute(
        update(CampaignMember)
        .where(fresh, CampaignMember.state == WAITING)
        .values(due_at=at)
        .execution_options(synchronize_session=False)
    )


# --- lines, holidays, wishes ---------------------------------------------------------------


_LINES = Base.metadata.tables[TrunkRow.__tablename__]
_THE_TRUNK = select(_LINES).where(_LINES.c.id == MAIN_TRUNK)
_TRUNK, _TRUNK_ALONE = Prepared(_THE_TRUNK), Prepared(_THE_TRUNK.with_for_update())
_KEEP_BUCKET = Prepared(update(_LINES).where(_LINES.c.id == MAIN_TRUNK))


def trunk(db: Session, *, alone: bool = False) -> tuple[Trunk, Bucket]:
    """Return the lines and the bucket of the pace; `alone` holds them for whoever takes calls."""
    row = (_TRUNK_ALONE if alone else _TRUNK).first(db)
    pace = Fraction(row.calls_a_second).limit_denominator(1000)
    return Trunk(row.channels, row.reserved, pace), Bucket(row.tokens, row.refilled_at)


def keep_trunk(db: Session, lines: Trunk) -> None:
    """Keep how many lines there are, how many stay reserved, and the pace."""
    db.execute(
        update(TrunkRow)
        .where(TrunkRow.id == MAIN_TRUNK)
        .values(
            channels=lines.channels,
            reserved=lines.reserved,
            calls_a_second=float(lines.calls_a_second),
        )
    )


def keep_bucket(db: Session, bucket: Bucket) -> None:
    """Keep how the bucket of the pace stands."""
    _KEEP_BUCKET.run(db, tokens=bucket.tokens, refilled_at=bucket.at)


_HOLIDAYS = Prepared(select(Holiday.day, Holiday.name).order_by(Holiday.day))


def holidays(db: Session) -> Mapping[date, str]:
    """Return the days on which nobody is called, with their names."""
    return {row.day: row.name for row in _HOLIDAYS.all(db)}


def keep_holidays(db: Session, days: Mapping[date, str]) -> None:
    """Replace the table of holidays."""
    db.execute(delete(Holiday))
    if days:
        db.execute(insert(Holiday), [{"day": day, "name": name} for day, name in days.items()])


def keep_wish(db: Session, wish: Wish, at: datetime) -> None:
    """Keep what a household asked for; the newest word holds."""
    db.execute(delete(HouseholdWish).where(HouseholdWish.household == wish.household))
    db.execute(
        insert(HouseholdWish).values(
            household=wish.household,
            do_not_call=wish.do_not_call,
            wish=wish.wish,
            dialect=wish.dialect,
            noted_at=at,
            noted_by=wish.noted_by,
        )
    )


def wish_of(db: Session, household: HouseholdCode) -> Wish:
    """Return what a household asked for by its own word, else what the roster says of it."""
    row = db.get(HouseholdWish, household)
    if row is not None:
        return _wish(row)
    known = db.get(Household, household)
    calling_time, dialect = (known.calling_time, known.dialect) if known else ("", "")
    return Wish(household, do_not_call=False, wish=calling_time, dialect=dialect)


def knows_household(db: Session, household: str) -> bool:
    """Say whether the roster has a household."""
    return db.get(Household, household) is not None


def _campaign(row: CampaignRow) -> Campaign:
    written = (row.id, row.kind, row.title, row.state, row.script, row.rules, row.about, row.pledge)
    return read_campaign(*written)


@lru_cache(maxsize=256)
def read_campaign(  # noqa: PLR0913, PLR0917 - one argument a column
    name: str, kind: str, title: str, state: str, script: str, rules: str, about: str, pledge: str
) -> Campaign:
    """Read the columns of a campaign; every webhook does, mostly of the same one."""
    return Campaign(
        CampaignId(name),
        Kind(kind),
        title,
        State(state),
        script,
        read_rules(rules),
        about,
        pledge,
    )


def _wish(row: HouseholdWish) -> Wish:
    return Wish(HouseholdCode(row.household), row.do_not_call, row.wish, row.dialect, row.noted_by)

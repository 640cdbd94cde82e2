"""Reading the terms of open links, and keeping renewals."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, insert, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from evalsys.domain.link_term import LinkTerm, Renewal, RenewalAct, Scope, TermLine
from evalsys.domain.roster import TOWNSHIP_DEPTH
from evalsys.domain.roster_load import years_before
from evalsys.domain.ruling import Ruling
from evalsys.errors import InvalidInput, NotFound, StaleState
from evalsys.store.casework_people import grid_tree
from evalsys.store.schema.link_term import LinkRenewal, LinkTermAct, LinkTermRuling
from evalsys.store.schema.roster import Cadre, Grid, Household, HouseholdLink, Unit

_LINK = HouseholdLink


@dataclass(frozen=True, slots=True)
class Due:
    """How much falls due by a day."""

    links: int
    cadres: int


def last_terms(day: date | None = None) -> Subquery:
    """Give the last renewal of every link, as columns to join on; as decided by a day."""
    query = select(
        LinkRenewal.household,
        LinkRenewal.cadre,
        LinkRenewal.link_since,
        func.max(LinkRenewal.begins).label("begins"),
        func.count().label("renewals"),
    ).group_by(LinkRenewal.household, LinkRenewal.cadre, LinkRenewal.link_since)
    if day is not None:
        query = query.where(LinkRenewal.decided_on <= day)
    return query.subquery()


def of_link(last: Subquery) -> ColumnElement[bool]:
    """Join a link with its last renewal."""
    return and_(
        last.c.household == _LINK.household,
        last.c.cadre == _LINK.cadre,
        last.c.link_since == _LINK.since,
    )


def due_links(
    db: Session, by: date, years: int, *, scope: Scope | None = None, code: str = ""
) -> tuple[LinkTerm, ...]:
    """List open links of serving cadres whose term is over on a day, by cadre and household."""
    last = last_terms()
    query = _due(last, by, years).order_by(_LINK.cadre, _LINK.household)
    if scope is not None:
        query = query.where(_within(db, scope, code))
    return tuple(
        LinkTerm(household, cadre, since, begins, renewals + 1)
        for household, cadre, since, begins, renewals in db.execute(query)
    )


def due_lines(
    db: Session, by: date, years: int, today: date, limit: int | None = None
) -> tuple[TermLine, ...]:
    """List what falls due by a day, what is due longest first, with the cadre's place."""
    tree, last = grid_tree(db, today), last_terms()
    query = (
        _due(last, by, years)
        .add_columns(Cadre.name, Unit.name, Cadre.grid)
        .join(Unit, Unit.code == Cadre.unit)
        .order_by(func.coalesce(last.c.begins, _LINK.since), _LINK.cadre, _LINK.household)
        .limit(limit)
    )
    found = []
    for household, cadre, since, begins, renewals, name, unit, grid in db.execute(query):
        term = LinkTerm(household, cadre, since, begins, renewals + 1)
        way = tree.path(grid)
        township = next((cell.name for cell in way if cell.depth == TOWNSHIP_DEPTH), "")
        ends = term.ends(years)
        found.append(TermLine(term, name, unit, township, ends, ends <= today))
    return tuple(found)


def count_due(db: Session, by: date, years: int) -> Due:
    """Count open links, and serving cadres, whose term is over on a day."""
    found = _due(last_terms(), by, years).subquery()
    row = db.execute(
        select(func.count(), func.count(found.c.cadre.distinct())).select_from(found)
    ).one()
    return Due(*row)


def due_of_cadre(db: Session, cadre: str, by: date, years: int) -> int:
    """Count a cadre's open links whose term is over on a day."""
    return len(due_links(db, by, years, scope=Scope.CADRE, code=cadre)) if years else 0


def title_of(db: Session, scope: Scope, code: str) -> str:
    """Name what a renewal is about.

    Raises:
        InvalidInput: there is no such cadre, grid or household.
    """
    column, key = {
        Scope.CADRE: (Cadre.name, Cadre.number),
        Scope.GRID: (Grid.name, Grid.code),
        Scope.HOUSEHOLD: (Household.code, Household.code),
    }[scope]
    found = db.scalar(select(column).where(key == code))
    if found is None:
        raise InvalidInput(
            f"没有编码为 {code or '（空）'} 的这一项。",
            remedy="请核对编码：干部编号、网格编码或户编码。",
            place="编码",
        )
    return found


def add(db: Session, act: RenewalAct) -> int:
    """Keep a proposal; return its number."""
    row = LinkTermAct(
        scope=act.renewal.scope.value,
        code=act.renewal.code,
        title=act.title,
        due_by=act.renewal.due_by,
        years=act.years,
        reason=act.renewal.reason.strip(),
        links=act.links,
        cadres=act.cadres,
        proposed_by=act.proposed_by,
        proposed_at=act.proposed_at,
    )
    db.add(row)
    db.flush()
    return row.id


def acts(db: Session, *, limit: int) -> tuple[RenewalAct, ...]:
    """List renewals, the open ones first, then the newest."""
    is_ruled = LinkTermRuling.act.is_not(None)
    rows = db.execute(_ACTS.order_by(is_ruled, LinkTermAct.id.desc()).limit(limit))
    return tuple(_act(row, ruling) for row, ruling in rows)


def act(db: Session, number: int) -> RenewalAct:
    """Return a renewal.

    Raises:
        NotFound: there is none of this number.
    """
    found = db.execute(_ACTS.where(LinkTermAct.id == number)).one_or_none()
    if found is None:
        raise NotFound("没有这件续期。", remedy="请从期限页进入。")
    return _act(*found)


def rule(db: Session, number: int, state: Ruling, by: str, at: datetime, why: str) -> None:
    """Keep a ruling, once.

    Raises:
        StaleState: somebody else was first.
    """
    db.add(LinkTermRuling(act=number, state=state.value, by=by, at=at, why=why.strip()))
    try:
        db.flush()
    except IntegrityError as error:
        raise StaleState("这件续期刚被别人处理。", remedy="请刷新页面看结果。") from error


def renew(db: Session, number: int, terms: tuple[LinkTerm, ...], years: int, on: date) -> None:
    """Begin the next term of some links."""
    db.execute(
        insert(LinkRenewal),
        [
            {
                "household": term.household,
                "cadre": term.cadre,
                "link_since": term.link_since,
                "begins": term.renewed(years, on),
                "decided_on": on,
                "act": number,
            }
            for term in terms
        ],
    )


_ACTS = select(LinkTermAct, LinkTermRuling).outerjoin(
    LinkTermRuling, LinkTermRuling.act == LinkTermAct.id
)


def _due(last: Subquery, by: date, years: int) -> Select[str, str, date, date, int]:
    begins = func.coalesce(last.c.begins, _LINK.since)
    return (
        select(
            _LINK.household,
            _LINK.cadre,
            _LINK.since,
            begins.label("begins"),
            func.coalesce(last.c.renewals, 0).label("renewals"),
        )
        .join(Cadre, Cadre.number == _LINK.cadre)
        .outerjoin(last, of_link(last))
        .where(
            _LINK.until.is_(None),
            begins <= years_before(by, years),
            or_(Cadre.left_on.is_(None), Cadre.left_on > by),
        )
    )


def _within(db: Session, scope: Scope, code: str) -> ColumnElement[bool]:
    if scope is Scope.CADRE:
        return _LINK.cadre == code
    if scope is Scope.HOUSEHOLD:
        return _LINK.household == code
    tree = grid_tree(db)
    return Cadre.grid.in_([each for each in tree.cells if tree.contains(code, each)])


def _act(row: LinkTermAct, ruling: LinkTermRuling | None) -> RenewalAct:
    return RenewalAct(
        row.id,
        Renewal(Scope(row.scope), row.code, row.due_by, row.reason),
        row.title,
        row.years,
        row.links,
        row.cadres,
        row.proposed_by,
        row.proposed_at,
        Ruling(ruling.state) if ruling else Ruling.PROPOSED,
        ruling.by if ruling else "",
        ruling.at if ruling else None,
        ruling.why if ruling else "",
    )

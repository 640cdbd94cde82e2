"""What an import leaves alone, because somebody decided it here: staged rows are put right first.

A roster file is a copy of registers elsewhere, and often an old one. What was decided in the
system since, by named people and with a record, it does not take back: protection that was
granted (G14), changes of the grid (L01), hand-overs and renewed terms of links (Y22, L11), heads
that were appointed (Y09-Y11). Each row that says otherwise becomes a warning with its place and
the reason, on a dry run too, and the rest of the row comes in. What a household asked for by its
own word (no calls, its time) and its form stand in tables that no import writes.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Table,
    and_,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
    update,
)

from evalsys.domain.link_handover import HandOverState
from evalsys.domain.roster_checks import Finding
from evalsys.domain.roster_sheets import Kind
from evalsys.domain.ruling import Ruling
from evalsys.store.bulk import is_empty
from evalsys.store.roster_decided import Present, bringing, decided_here, pieces
from evalsys.store.roster_frame import iso
from evalsys.store.roster_keep_homes import corrected, protection
from evalsys.store.roster_stage import STAGED, TARGETS
from evalsys.store.schema.base import Base
from evalsys.store.schema.grid import GridBirth, GridEnd, GridMove, GridState
from evalsys.store.schema.grid_head import GridHeadAct, GridHeadRuling
from evalsys.store.schema.handover import HandOverRow, HandOverRulingRow
from evalsys.store.schema.household_page import HouseholdCorrection, PageWish
from evalsys.store.schema.link_stage import LinkStageRow
from evalsys.store.schema.link_term import LinkRenewal

LISTED_PER_RULE: Final = 10_000
_LINKS, _KEPT_LINKS = STAGED[Kind.LINKS], TARGETS[Kind.LINKS]


def leave_alone(db: Connection, present: Present) -> Iterator[Finding]:
    """Put staged rows right that would take a decision back; yield one finding for each."""
    for kind, rule, decisions in _RULES:
        if kind in present and not all(is_empty(db, table) for table in decisions):
            yield from rule(db, present)


def _moved(kind: Kind, key: str, moved: str) -> Callable[[Connection, Present], Iterator[Finding]]:
    """Households and cadres that a change of the grid put on another grid stay there."""

    def rule(db: Connection, _present: Present) -> Iterator[Finding]:
        staged, kept = STAGED[kind], TARGETS[kind]
        was = (
            (GridMove.kind == moved)
            & (GridMove.code == staged.c[key])
            & (GridMove.source == staged.c.grid)
        )
        found = (
            select(staged.c.source, staged.c.line, staged.c.grid, kept.c.grid, GridMove.on)
            .join(kept, kept.c[key] == staged.c[key])
            .join(GridMove, was)
            .where(staged.c.grid != kept.c.grid)
        )
        for source, line, said, now, on in _listed(db, found, staged):
            what = f"网格自 {on} 起已调整，现在 {now}；文件写的是调整以前的"
            yield decided_here(kind, source, line, "grid", said, what)
        mine = kept.c[key] == staged.c[key]
        db.execute(
            update(staged)
            .where(exists().where(was), exists().where(mine, kept.c.grid != staged.c.grid))
            .values(grid=select(kept.c.grid).where(mine).scalar_subquery())
        )

    return rule


def _changed_grids(db: Connection, present: Present) -> Iterator[Finding]:
    """Names, parents and classes that a change gave a grid stay; a third value comes in."""
    staged, kept = STAGED[Kind.GRIDS], TARGETS[Kind.GRIDS]
    titles = {"name": "名称", "parent": "上级", "grid_class": "类别"}
    for name, title in titles.items():
        sources = bringing(present, Kind.GRIDS, name)
        former = GridState.__table__.c[name]
        said, now = (func.coalesce(table.c[name], "") for table in (staged, kept))
        undone = and_(
            GridState.grid == staged.c.code,
            func.coalesce(former, "") == said,
            staged.c.source.in_(sources),
        )
        found = (
            select(
                staged.c.source,
                staged.c.line,
                staged.c.code,
                func.max(now),
                func.max(GridState.until),
            )
            .join(kept, kept.c.code == staged.c.code)
            .join(GridState, undone)
            .where(said != now)
            .group_by(staged.c.source, staged.c.line, staged.c.code)
        )
        for source, line, code, present_value, until in _listed(db, found, staged):
            what = f"这个网格的{title}自 {until} 起已调整为{present_value}，文件写的是调整以前的"
            yield decided_here(Kind.GRIDS, source, line, name, code, what)
        mine = kept.c.code == staged.c.code
        db.execute(
            update(staged)
            .where(exists().where(undone), exists().where(mine, said != now))
            .values({name: select(kept.c[name]).where(mine).scalar_subquery()})
        )


def _decided_links(db: Connection, _present: Present) -> Iterator[Finding]:
    """Households that were handed over, and links that were renewed, stay with their cadre."""
    kept = _KEPT_LINKS
    accepted = (
        select(
            kept.c.household, kept.c.cadre, kept.c.since, kept.c.since.label("on"),
            literal("交接").label("why"),
        )
        .join(
            HandOverRow, (HandOverRow.taker == kept.c.cadre) & (HandOverRow.since == kept.c.since)
        )
        .join(HandOverRulingRow, HandOverRulingRow.handover == HandOverRow.id)
        .where(
            kept.c.until.is_(None),
            kept.c.reason == literal("接 ") + HandOverRow.giver,
            HandOverRulingRow.state == HandOverState.ACCEPTED.value,
        )
    )  # fmt: skip
    renewed = (
        select(
            kept.c.household, kept.c.cadre, kept.c.since, func.max(LinkRenewal.decided_on),
            literal("续期"),
        )
        .join(LinkRenewal, _same_link(LinkRenewal.__table__, kept))
        .where(kept.c.until.is_(None))
        .group_by(kept.c.household, kept.c.cadre, kept.c.since)
    )  # fmt: skip
    decided = union_all(accepted, renewed).subquery()
    staged = _LINKS
    stale = and_(
        staged.c.household == decided.c.household,
        staged.c.cadre != decided.c.cadre,
        staged.c.until.is_(None),
        staged.c.since <= decided.c.on,
    )
    found = select(
        staged.c.source, staged.c.line, staged.c.cadre, decided.c.cadre, decided.c.on, decided.c.why
    ).join(decided, stale)
    for source, line, said, now, on, why in _listed(db, found, staged):
        what = f"这一户已于 {on} {why}，由 {now} 联系；文件写的是以前的"
        yield decided_here(Kind.LINKS, source, line, "cadre", said, what)
    db.execute(delete(staged).where(exists().where(stale)))
    yield from _handed_over_ends(db)
    yield from _beginnings(db, decided)


def _handed_over_ends(db: Connection) -> Iterator[Finding]:
    """A link that ended by a hand-over ended on that day, for that reason."""
    staged, kept = _LINKS, _KEPT_LINKS
    same = _same_columns(staged, kept, ("household", "cadre", "since"))
    ended = exists().where(
        HandOverRow.giver == kept.c.cadre,
        HandOverRow.since == kept.c.until,
        HandOverRulingRow.handover == HandOverRow.id,
        HandOverRulingRow.state == HandOverState.ACCEPTED.value,
    ) & kept.c.reason.like("交接：%")
    found = (
        select(staged.c.source, staged.c.line, staged.c.until, kept.c.until)
        .join(kept, same)
        .where(ended, staged.c.until.is_distinct_from(kept.c.until))
    )
    for source, line, said, until in _listed(db, found, staged):
        what = f"这段联系已于 {until} 交接"
        yield decided_here(Kind.LINKS, source, line, "until", iso(said), what)
    mine = select(kept.c.until).where(same, ended)
    db.execute(
        update(staged)
        .where(exists(mine.correlate(staged)))
        .values(
            until=mine.scalar_subquery(),
            reason=select(kept.c.reason).where(same, ended).scalar_subquery(),
        )
    )


def _beginnings(db: Connection, decided: FromClause) -> Iterator[Finding]:
    """The first day of a link stays once something was decided or claimed of it by that day."""
    staged, kept = _LINKS, _KEPT_LINKS
    mine = and_(_same_columns(staged, kept, ("household", "cadre")), kept.c.until.is_(None))
    known = or_(
        exists().where(
            decided.c.household == kept.c.household,
            decided.c.cadre == kept.c.cadre,
            decided.c.since == kept.c.since,
        ),
        exists().where(_same_link(LinkStageRow.__table__, kept)),
    )
    open_ = staged.c.until.is_(None)
    found = (
        select(staged.c.source, staged.c.line, staged.c.since, kept.c.since)
        .join(kept, mine)
        .where(open_, known, staged.c.since != kept.c.since)
    )
    for source, line, said, since in _listed(db, found, staged):
        what = f"这段联系自 {since} 起，已有交接、续期或联系阶段的记录"
        yield decided_here(Kind.LINKS, source, line, "since", iso(said), what)
    since = select(kept.c.since).where(mine, known)
    reason = select(kept.c.reason).where(mine, known)
    db.execute(
        update(staged)
        .where(open_, exists(since.correlate(staged)))
        .values(
            since=since.scalar_subquery(),
            reason=func.coalesce(func.nullif(staged.c.reason, ""), reason.scalar_subquery()),
        )
    )


def _heads(db: Connection, _present: Present) -> Iterator[Finding]:
    """A grid whose heads were decided here is described by files only from that day on."""
    decided = _heads_decided(db)
    staged, kept = STAGED[Kind.HEADS], TARGETS[Kind.HEADS]
    for some in pieces(sorted(decided)):
        rows = db.execute(
            select(staged).where(staged.c.grid.in_(some)).order_by(staged.c.source, staged.c.line)
        ).all()
        terms = {
            (row.grid, row.cadre, row.since): row.until
            for row in db.execute(select(kept).where(kept.c.grid.in_(some)))
        }
        newer = {row.grid for row in rows if row.since > decided[row.grid]}
        for row in rows:
            term = (row.grid, row.cadre, row.since)
            is_known = term in terms
            if row.grid in newer and not (is_known and terms[term] and terms[term] != row.until):
                continue
            mine = (staged.c.source == row.source) & (staged.c.line == row.line)
            if row.grid in newer:
                db.execute(update(staged).where(mine).values(until=terms[term]))
            else:
                db.execute(delete(staged).where(mine))
            if not is_known or terms[term] != row.until:
                what = f"这个网格的负责人自 {decided[row.grid]} 起已在系统内调整"
                yield decided_here(Kind.HEADS, row.source, row.line, "cadre", row.cadre, what)


def _heads_decided(db: Connection) -> dict[str, date]:
    """Give the last day on which heads of a grid were decided here, by grid."""
    done = (
        select(GridHeadAct.grid, GridHeadAct.on)
        .join(GridHeadRuling, GridHeadRuling.act == GridHeadAct.id)
        .where(GridHeadRuling.state == Ruling.DONE.value)
    )
    days: dict[str, date] = {}
    births, ends = (select(GridBirth.grid, GridBirth.since), select(GridEnd.grid, GridEnd.until))
    for query in (done, births, ends):
        for grid, on in db.execute(query):
            days[grid] = max(on, days.get(grid, on))
    return days


def _tables(*entities: type[Base]) -> tuple[Table, ...]:
    return tuple(Base.metadata.tables[entity.__tablename__] for entity in entities)


_Rule = Callable[[Connection, Present], Iterator[Finding]]
_RULES: Final[tuple[tuple[Kind, _Rule, tuple[Table, ...]], ...]] = (
    (Kind.GRIDS, _changed_grids, _tables(GridState)),
    (Kind.HOUSEHOLDS, protection, _tables(PageWish)),
    (Kind.HOUSEHOLDS, corrected, _tables(HouseholdCorrection)),
    (Kind.HOUSEHOLDS, _moved(Kind.HOUSEHOLDS, "code", "household"), _tables(GridMove)),
    (Kind.CADRES, _moved(Kind.CADRES, "number", "cadre"), _tables(GridMove)),
    (Kind.HEADS, _heads, _tables(GridHeadAct, GridBirth, GridEnd)),
    (Kind.LINKS, _decided_links, _tables(HandOverRow, LinkRenewal, LinkStageRow)),
)
"""Which sheet a rule is about, and where the decisions lie: without any, nothing is put right."""


def _listed(db: Connection, found: Select[Any], staged: FromClause) -> list[tuple[Any, ...]]:
    """Give the findings of a rule, so many as a report lists; read before anything is put right."""
    query = found.order_by(staged.c.source, staged.c.line).limit(LISTED_PER_RULE)
    return [tuple(row) for row in db.execute(query)]


def _same_link(of: FromClause, kept: FromClause) -> ColumnElement[bool]:
    same = _same_columns(of, kept, ("household", "cadre"))
    return and_(same, of.c.link_since == kept.c.since)


def _same_columns(
    left: FromClause, right: FromClause, names: tuple[str, ...]
) -> ColumnElement[bool]:
    return and_(*(left.c[name] == right.c[name] for name in names))

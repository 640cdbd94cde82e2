"""Checking staged rows against each other and against what is kept, by joins."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from sqlalchemy import Column as DbColumn
from sqlalchemy import ColumnElement, Connection, Table, and_, exists, func, or_, select

from evalsys.domain.casework.intake import FIRST_DAY, LAST_DAY
from evalsys.domain.roster_checks import (
    KEPT,
    Finding,
    Frame,
    Place,
    check_frame,
)
from evalsys.domain.roster_problems import Severity
from evalsys.domain.roster_sheets import SHEETS, Kind
from evalsys.store.roster_frame import iso, staged_frame
from evalsys.store.roster_references import LISTED_PER_RULE, Unknown, check_references
from evalsys.store.roster_stage import STAGED, TARGETS
from evalsys.store.schema.grid import GridEnd
from evalsys.store.schema.programme import ProgrammeRow

Named = Mapping[int, str]
"""What each source is called, for problems that name two places."""

_FRAME: Final = frozenset({Kind.LEVELS, Kind.GRIDS, Kind.CADRES})
"""Kinds by which the others of the frame are judged."""


def check_staged(db: Connection, named: Named, unknown: Unknown, today: date) -> Iterator[Finding]:
    """Yield every problem that more than one row, or the day, is needed to see."""
    unread = unknown.unread
    for kind in STAGED:
        yield from _duplicates(db, kind, named)
    yield from _ended_and_open(db, named)
    yield from check_references(db, unknown)
    if _FRAME.isdisjoint(unread):
        frame = staged_frame(db)
        yield from check_frame(frame)
        yield from _misplaced_households(db, frame)
    yield from _ended_grids(db)
    yield from _two_cadres(db)
    if Kind.CADRES not in unread:
        yield from _left_cadres(db)
        yield from _moved_links(db)
    yield from _programme_numbers(db)
    yield from _days_to_come(db, today)
    if Kind.LINKS not in unread:
        yield from _early_visits(db)
    yield from _requests_outside_the_calendar(db)
    yield from _otherwise_recorded(db)


def _duplicates(db: Connection, kind: Kind, named: Named) -> Iterator[Finding]:
    table = STAGED[kind]
    keys = [table.c[name] for name in SHEETS[kind].key]
    repeated = (
        select(*keys).group_by(*keys).having(func.count() > 1).limit(LISTED_PER_RULE).subquery()
    )
    same = and_(*(repeated.c[key.name].is_not_distinct_from(key) for key in keys))
    rows = db.execute(
        select(table.c.source, table.c.line, *keys)
        .join(repeated, same)
        .order_by(*keys, table.c.source, table.c.line)
    )
    first: tuple[object, ...] = ()
    place: Place = KEPT
    for source, line, *values in rows:
        if tuple(values) != first:
            first, place = tuple(values), (source, line)
            continue
        yield Finding(
            kind,
            (source, line),
            SHEETS[kind].key[0],
            "，".join(str(value) for value in values if value is not None),
            f"与{named[place[0]]}第{place[1]}行重复",
            "请只保留正确的一行。",
        )


def _ended_and_open(db: Connection, named: Named) -> Iterator[Finding]:
    """Find a link that is named twice with one beginning and two ends."""
    one, other = STAGED[Kind.LINKS], STAGED[Kind.LINKS].alias()
    rows = db.execute(
        select(one.c.source, one.c.line, one.c.until, other.c.source, other.c.line)
        .join(
            other,
            and_(
                *(one.c[name] == other.c[name] for name in ("household", "cadre", "since")),
                or_(other.c.until.is_(None), other.c.until < one.c.until),
            ),
        )
        .where(one.c.until.is_not(None))
        .order_by(one.c.source, one.c.line)
        .limit(LISTED_PER_RULE)
    )
    for source, line, until, other_source, other_line in rows:
        yield Finding(
            Kind.LINKS,
            (source, line),
            "until",
            iso(until),
            f"与{named[other_source]}第{other_line}行是同一段联系，截止日期却不同",
            "请只保留正确的一行。",
        )


def _misplaced_households(db: Connection, frame: Frame) -> Iterator[Finding]:
    table = STAGED[Kind.HOUSEHOLDS]
    bearing = {depth for depth, level in frame.levels.items() if level.holds_households}
    used = db.scalars(select(table.c.grid).distinct())
    wrong = [
        code
        for code in used
        if (grid := frame.grids.get(code)) is not None and grid.depth not in bearing
    ]
    where = "、".join(level.name for level in frame.levels.values() if level.holds_households)
    for source, line, value in db.execute(
        select(table.c.source, table.c.line, table.c.grid)
        .where(table.c.grid.in_(wrong))
        .order_by(table.c.source, table.c.line)
        .limit(LISTED_PER_RULE)
    ):
        yield Finding(
            Kind.HOUSEHOLDS,
            (source, line),
            "grid",
            value,
            "联系户不挂在这一级网格",
            f"请填{where}的编码。",
        )


def _ended_grids(db: Connection) -> Iterator[Finding]:
    """Find rows that name a grid which was merged into another (L01: 动态调整)."""
    for kind, name in ((Kind.HOUSEHOLDS, "grid"), (Kind.CADRES, "grid"), (Kind.GRIDS, "parent")):
        table = STAGED[kind]
        for source, line, grid, until, successor in db.execute(
            select(table.c.source, table.c.line, table.c[name], GridEnd.until, GridEnd.successor)
            .join(GridEnd, GridEnd.grid == table.c[name])
            .order_by(table.c.source, table.c.line)
            .limit(LISTED_PER_RULE)
        ):
            yield Finding(
                kind,
                (source, line),
                name,
                grid,
                f"这个网格已于 {until} 并入 {successor}",
                f"请填 {successor}；文件可能是调整以前的。",
            )


def _two_cadres(db: Connection) -> Iterator[Finding]:
    """Find households that the files link to two cadres at once (Y05: no overlap)."""
    links = STAGED[Kind.LINKS]
    several = (
        select(links.c.household)
        .where(links.c.until.is_(None))
        .group_by(links.c.household)
        .having(func.count() > 1)
        .subquery()
    )
    other = links.alias()
    another = exists().where(
        other.c.household == links.c.household,
        other.c.cadre != links.c.cadre,
        other.c.until.is_(None),
    )
    for source, line, household, cadre in db.execute(
        select(links.c.source, links.c.line, links.c.household, links.c.cadre)
        .join(several, several.c.household == links.c.household)
        .where(links.c.until.is_(None), another)
        .order_by(links.c.household, links.c.source, links.c.line)
        .limit(LISTED_PER_RULE)
    ):
        yield Finding(
            Kind.LINKS,
            (source, line),
            "cadre",
            cadre,
            f"联系户 {household} 同时有两名以上联系干部",
            "每户只能有一名联系干部：请给其余的填“联系截止”。已按原样导入，列入覆盖情况。",
            Severity.WARNING,
        )


def _programme_numbers(db: Connection) -> Iterator[Finding]:
    """Find cadres whose number a programme has: in the draw both would stand in one place."""
    cadres = STAGED[Kind.CADRES]
    rows = (
        select(cadres.c.source, cadres.c.line, cadres.c.number)
        .where(cadres.c.number.in_(select(ProgrammeRow.number)))
        .order_by(cadres.c.source, cadres.c.line)
        .limit(LISTED_PER_RULE)
    )
    for source, line, number in db.execute(rows):
        yield Finding(
            Kind.CADRES,
            (source, line),
            "number",
            number,
            "这是一个项目的编号",
            "请给干部编一个不以9开头的编号。",
        )


def _left_cadres(db: Connection) -> Iterator[Finding]:
    """Find open links to cadres who have left the county: the households need a hand-over."""
    links, staged, kept = STAGED[Kind.LINKS], STAGED[Kind.CADRES], TARGETS[Kind.CADRES]
    gone = or_(
        links.c.cadre.in_(select(staged.c.number).where(staged.c.left_on.is_not(None))),
        links.c.cadre.in_(select(kept.c.number).where(kept.c.left_on.is_not(None)))
        & links.c.cadre.not_in(select(staged.c.number)),
    )
    for source, line, cadre in db.execute(
        select(links.c.source, links.c.line, links.c.cadre)
        .where(links.c.until.is_(None), gone)
        .order_by(links.c.source, links.c.line)
        .limit(LISTED_PER_RULE)
    ):
        yield Finding(
            Kind.LINKS,
            (source, line),
            "cadre",
            cadre,
            "该干部已离任",
            "请把联系户移交给在岗干部。",
            Severity.WARNING,
        )


def _moved_links(db: Connection) -> Iterator[Finding]:
    """Find households taken from a cadre who still serves: only leaving ends a link (Y22).

    A reason answers the question, beside the new link or beside the end of the old one.
    """
    links, kept, cadres = STAGED[Kind.LINKS], TARGETS[Kind.LINKS], TARGETS[Kind.CADRES]
    leaving = STAGED[Kind.CADRES]
    mentioned = links.alias()
    for source, line, cadre, before in db.execute(
        select(links.c.source, links.c.line, links.c.cadre, kept.c.cadre)
        .join(kept, kept.c.household == links.c.household)
        .join(cadres, cadres.c.number == kept.c.cadre)
        .where(
            links.c.until.is_(None),
            kept.c.until.is_(None),
            kept.c.cadre != links.c.cadre,
            cadres.c.left_on.is_(None),
            func.coalesce(links.c.reason, "") == "",
            ~exists().where(leaving.c.number == kept.c.cadre, leaving.c.left_on.is_not(None)),
            ~exists().where(
                mentioned.c.household == kept.c.household,
                mentioned.c.cadre == kept.c.cadre,
                or_(mentioned.c.until.is_(None), mentioned.c.reason != ""),
            ),
        )
        .order_by(links.c.source, links.c.line)
        .limit(LISTED_PER_RULE)
    ):
        yield Finding(
            Kind.LINKS,
            (source, line),
            "cadre",
            cadre,
            f"原联系干部 {before} 仍在岗，工作岗位变动不改变联系户",
            "请核对；确需调整的，在“变更原因”列写明。",
            Severity.WARNING,
        )


def _days_to_come(db: Connection, today: date) -> Iterator[Finding]:
    """Find what cannot have happened yet."""
    for kind, name, what in (
        (Kind.LINKS, "since", "联系起始还没有到"),
        (Kind.VISITS, "visited_on", "走访日期还没有到"),
        (Kind.REQUESTS, "raised_on", "提出日期还没有到"),
        (Kind.REQUESTS, "solved_on", "办结日期还没有到"),
    ):
        day = STAGED[kind].c[name]
        yield from _odd_days(db, kind, day, day > today, what, "请核对日期。已按原样导入。")


def _early_visits(db: Connection) -> Iterator[Finding]:
    """Find visits from before the cadre's link to the household."""
    visits, links, kept = STAGED[Kind.VISITS], STAGED[Kind.LINKS], TARGETS[Kind.LINKS]

    def before(table: Table) -> ColumnElement[bool]:
        mine = (table.c.household == visits.c.household) & (table.c.cadre == visits.c.cadre)
        return exists().where(mine, table.c.since <= visits.c.visited_on)

    def at_all(table: Table) -> ColumnElement[bool]:
        mine = (table.c.household == visits.c.household) & (table.c.cadre == visits.c.cadre)
        return exists().where(mine)

    early = ~before(links) & ~before(kept) & (at_all(links) | at_all(kept))
    what, remedy = "走访早于这名干部开始联系这一户", "请核对走访日期和联系起始。已按原样导入。"
    yield from _odd_days(db, Kind.VISITS, visits.c.visited_on, early, what, remedy)


def _requests_outside_the_calendar(db: Connection) -> Iterator[Finding]:
    """Find requests whose deadlines nobody can count: no rule and no calendar knows the day."""
    what = f"不在{FIRST_DAY.isoformat()}至{LAST_DAY.isoformat()}之间"
    for name in ("raised_on", "solved_on"):
        day = STAGED[Kind.REQUESTS].c[name]
        outside = or_(day < FIRST_DAY, day > LAST_DAY)
        yield from _odd_days(
            db, Kind.REQUESTS, day, outside, what, "请核对年份。", severity=Severity.ERROR
        )


def _odd_days(  # noqa: PLR0913 - what a finding consists of
    db: Connection,
    kind: Kind,
    day: DbColumn[date],
    which: ColumnElement[bool],
    what: str,
    remedy: str,
    *,
    severity: Severity = Severity.WARNING,
) -> Iterator[Finding]:
    table = STAGED[kind]
    rows = (
        select(table.c.source, table.c.line, day)
        .where(which)
        .order_by(table.c.source, table.c.line)
        .limit(LISTED_PER_RULE)
    )
    for source, line, found in db.execute(rows):
        yield Finding(kind, (source, line), day.name, iso(found), what, remedy, severity)


def _otherwise_recorded(db: Connection) -> Iterator[Finding]:
    """Find cells that say otherwise than a column that another room records, too (Y60)."""
    for kind, sheet in SHEETS.items():
        for name in sheet.others_too:
            staged, kept = STAGED[kind], TARGETS[kind]
            same = and_(*(staged.c[key] == kept.c[key] for key in sheet.key))
            rows = db.execute(
                select(staged.c.source, staged.c.line, staged.c[name], kept.c[name])
                .join(kept, same)
                .where(staged.c[name].is_not(None), staged.c[name].is_distinct_from(kept.c[name]))
                .order_by(staged.c.source, staged.c.line)
                .limit(LISTED_PER_RULE)
            )
            for source, line, value, before in rows:
                yield Finding(
                    kind,
                    (source, line),
                    name,
                    _told(value),
                    f"已登记的是“{_told(before)}”，导入后以花名册为准",
                    "请与组织部核对；以已登记的为准时，请把试用期的几格都留空。",
                    Severity.WARNING,
                )


def _told(value: date | bool | None) -> str:  # noqa: FBT001 - what stands in a cell
    if isinstance(value, bool):
        return "是" if value else "否"
    return iso(value) or "空"

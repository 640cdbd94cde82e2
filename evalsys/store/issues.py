"""Keeping common issues: opened, spoken of, merged and followed, only added to; their figures."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, insert, select, update
from sqlalchemy.orm import Session

from evalsys.domain.issues import (
    NOTHING,
    CommonIssue,
    Figures,
    Progress,
    Statement,
    Target,
)
from evalsys.errors import NotFound
from evalsys.store.schema.casework import CaseworkRequest, CaseworkStanding
from evalsys.store.schema.issues import (
    IssueClusterRow,
    IssueMemberRow,
    IssueMergeRow,
    IssueProgressRow,
    IssueRow,
    IssueStatementRow,
)
from evalsys.store.schema.roster import Cadre, Grid, Unit, UnitPrincipal


@dataclass(frozen=True, slots=True)
class Member:
    """A request of an issue, as those see it who may read requests."""

    request: str
    text: str
    place: str
    raised_at: datetime
    is_open: bool
    is_proposed: bool


@dataclass(frozen=True, slots=True)
class Spokesperson:
    """Who speaks for a unit in public: its principal."""

    unit: str
    name: str
    post: str


def open_issue(db: Session, said: Statement, *, by: str, at: datetime) -> int:
    """Open an issue with its first statement; give its number."""
    row = IssueRow(opened_by=by, opened_at=at)
    db.add(row)
    db.flush()
    add_statement(db, row.id, said, by=by, at=at)
    return row.id


def add_statement(db: Session, issue: int, said: Statement, *, by: str, at: datetime) -> None:
    """Keep what is said of an issue from now on."""
    target = said.target or Target("", "", "")
    db.add(
        IssueStatementRow(
            issue=issue,
            name=said.name,
            question=said.question,
            lead=said.lead,
            assisting=json.dumps(said.assisting),
            budget=said.budget,
            measure=said.measure,
            target_what=target.what,
            target_amount=target.amount,
            target_unit=target.unit,
            deadline=said.deadline,
            said_by=by,
            said_at=at,
        )
    )


def add_progress(db: Session, issue: int, entry: Progress) -> None:
    """Keep an entry on how far a pledge has come."""
    db.execute(
        insert(IssueProgressRow).values(
            issue=issue, day=entry.day, done=entry.done, note=entry.note, by=entry.by, at=entry.at
        )
    )


def merge(db: Session, issue: int, into: int, *, by: str, at: datetime) -> None:
    """Let an issue go into another, with all that belongs to it."""
    db.execute(insert(IssueMergeRow).values(issue=issue, into=into, by=by, at=at))
    db.execute(update(IssueMemberRow).where(IssueMemberRow.issue == issue).values(issue=into))


def names(db: Session) -> dict[int, str]:
    """Read the names of the issues that did not go into another, by number."""
    return {number: said.name for number, said in sorted(_statements(db).items())}


def every(db: Session, only: int | None = None) -> tuple[CommonIssue, ...]:
    """Read every issue that did not go into another, or one, with its figures, by number."""
    said, progress, figures = _statements(db, only), _progress(db), _figures(db, only)
    rows = db.scalars(select(IssueRow).where(IssueRow.id.in_(said)).order_by(IssueRow.id))
    return tuple(
        CommonIssue(
            row.id,
            said[row.id],
            figures.get(row.id, NOTHING),
            tuple(progress.get(row.id, ())),
            row.opened_by,
            row.opened_at,
        )
        for row in rows
    )


def one(db: Session, issue: int) -> CommonIssue:
    """Read one issue.

    Raises:
        NotFound: there is none of this number, or it went into another, which is named.
    """
    into = db.scalar(select(IssueMergeRow.into).where(IssueMergeRow.issue == issue))
    if into is not None:
        raise NotFound(f"这个共性问题已并入第 {into} 号。", remedy=f"请从列表进入第 {into} 号。")
    for found in every(db, issue):
        return found
    raise NotFound("没有这个共性问题。", remedy="请从共性问题的列表进入。")


def members(db: Session, issue: int, *, skip: int, most: int) -> list[Member]:
    """Read some of the requests of an issue, the latest first."""
    request, member, standing = CaseworkRequest, IssueMemberRow, CaseworkStanding
    found = db.execute(
        select(
            request.code,
            request.text,
            Grid.name,
            request.raised_at,
            standing.is_open,
            member.is_proposed,
        )
        .join(member, member.request == request.code)
        .join(Grid, Grid.code == request.grid)
        .outerjoin(standing, standing.request == request.code)
        .where(member.issue == issue)
        .order_by(request.raised_at.desc(), request.code)
        .offset(skip)
        .limit(most)
    )
    return [
        Member(code, text, place, at, is_open is not False, is_proposed)
        for code, text, place, at, is_open, is_proposed in found
    ]


def by_grid(db: Session, issue: int) -> dict[str, int]:
    """Count the requests of an issue by the grid that they came from."""
    return {grid: count for _, grid, count in grids(db, issue)}


def grids(db: Session, issue: int | None = None) -> list[tuple[int, str, int]]:
    """Count requests by issue and grid, of one issue or of all."""
    request, member = CaseworkRequest, IssueMemberRow
    wanted = (
        select(member.issue, request.grid, func.count())
        .join(member, member.request == request.code)
        .group_by(member.issue, request.grid)
    )
    if issue is not None:
        wanted = wanted.where(member.issue == issue)
    return [(number, grid, count) for number, grid, count in db.execute(wanted)]


def raised(db: Session, issue: int) -> list[datetime]:
    """Read when each request of an issue was raised."""
    request, member = CaseworkRequest, IssueMemberRow
    return list(
        db.scalars(
            select(request.raised_at)
            .join(member, member.request == request.code)
            .where(member.issue == issue)
        )
    )


def counted(db: Session) -> tuple[int, int, int]:
    """Count requests with a text, those that belong to an issue, and those by a proposal."""
    request = CaseworkRequest
    whole = db.scalar(select(func.count()).where(request.text != "")) or 0
    member = IssueMemberRow
    proposed = func.sum(case((member.is_proposed, 1), else_=0))
    for assigned, by_classifier in db.execute(select(func.count(), proposed)):
        return whole, assigned, int(by_classifier or 0)
    return whole, 0, 0


def spokespersons(db: Session, units: Sequence[str]) -> dict[str, Spokesperson]:
    """Read who speaks for units: code to name of the unit, principal and post."""
    found = db.execute(
        select(Unit.code, Unit.name, Cadre.name, Cadre.post)
        .outerjoin(UnitPrincipal, UnitPrincipal.unit == Unit.code)
        .outerjoin(Cadre, Cadre.number == UnitPrincipal.cadre)
        .where(Unit.code.in_(units))
    )
    return {code: Spokesperson(unit, name or "", post or "") for code, unit, name, post in found}


def _figures(db: Session, only: int | None) -> Mapping[int, Figures]:
    member, request, standing = IssueMemberRow, CaseworkRequest, CaseworkStanding
    heap = IssueClusterRow
    wanted = (
        select(
            member.issue,
            func.count(),
            func.sum(case((member.is_proposed, 1), else_=0)),
            func.sum(case((standing.is_open.is_(False), 0), else_=1)),
            func.sum(case((standing.solved, 1), else_=0)),
            func.count(request.grid.distinct()),
            func.sum(case((heap.urgency == 0, 1), else_=0)),
            func.sum(case((heap.urgency == 1, 1), else_=0)),
        )
        .join(request, request.code == member.request)
        .outerjoin(standing, standing.request == member.request)
        .outerjoin(heap, heap.request == member.request)
        .group_by(member.issue)
    )
    if only is not None:
        wanted = wanted.where(member.issue == only)
    return {issue: Figures(*map(int, figures)) for issue, *figures in db.execute(wanted)}


def _statements(db: Session, only: int | None = None) -> dict[int, Statement]:
    row = IssueStatementRow
    last = select(func.max(row.id)).group_by(row.issue)
    gone = select(IssueMergeRow.issue)
    wanted = select(row).where(row.id.in_(last), row.issue.not_in(gone))
    rows = db.scalars(wanted if only is None else wanted.where(row.issue == only))
    return {one.issue: _said(one) for one in rows}


def _said(row: IssueStatementRow) -> Statement:
    target = Target(row.target_what, row.target_amount, row.target_unit)
    return Statement(
        row.name,
        row.question,
        row.lead,
        tuple(json.loads(row.assisting)),
        row.budget,
        row.measure,
        target if row.target_what else None,
        row.deadline,
    )


def _progress(db: Session) -> dict[int, list[Progress]]:
    found: dict[int, list[Progress]] = defaultdict(list)
    for row in db.scalars(select(IssueProgressRow).order_by(IssueProgressRow.id)):
        found[row.issue].append(Progress(row.day, row.done, row.note, row.by, row.at))
    return found

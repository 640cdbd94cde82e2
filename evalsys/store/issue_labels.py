"""Texts in, labels kept, heaps and proposals replaced: what analysts and the classifier work on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Select, case, delete, exists, func, insert, select, update
from sqlalchemy.orm import Session

from evalsys.domain.issues import Cluster, Source
from evalsys.store.bulk import bulk_insert
from evalsys.store.schema.casework import CaseworkRequest
from evalsys.store.schema.issues import (
    IssueClusterRow,
    IssueLabelRow,
    IssueMemberRow,
    IssueMergeRow,
    IssueProposalRow,
)
from evalsys.store.schema.roster import Grid

Wanted = TypeVar("Wanted", bound=Select[*tuple[Any, ...]])

SAMPLES = 3
A_PART = 500
"""Requests that one statement names; databases bind only so many."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """The last label of a request; an issue that went into another counts as that one."""

    request: str
    issue: int
    source: Source


@dataclass(frozen=True, slots=True)
class Heaped:
    """A request of a heap, as the analyst sees it."""

    request: str
    text: str
    place: str
    raised_on: date
    proposed: int | None
    """What the classifier would say."""


def texts(db: Session) -> list[tuple[str, str]]:
    """Read code and text of every request that has a text, in the order of codes."""
    row = CaseworkRequest
    found = db.execute(select(row.code, row.text).where(row.text != ""))
    # Sorted here: databases do not agree on the order of texts, and clusters hang on it.
    return sorted((code, text) for code, text in found)


def replace_clusters(db: Session, rows: Iterable[tuple[str, int, int, int]]) -> None:
    """Put new heaps in place of the old: request, cluster, distance, urgency."""
    db.execute(delete(IssueClusterRow))
    columns = ("request", "cluster", "away", "urgency")
    bulk_insert(db.connection(), IssueClusterRow.__tablename__, columns, rows)


def move_to_new_clusters(db: Session, rows: Sequence[tuple[str, int, int]]) -> None:
    """Give requests of a heap another heap and distance: request, cluster, distance."""
    for request, cluster, away in rows:
        db.execute(
            update(IssueClusterRow)
            .where(IssueClusterRow.request == request)
            .values(cluster=cluster, away=away)
        )


def next_cluster(db: Session) -> int:
    """Return the number of a heap that is not there yet."""
    return (db.scalar(select(func.max(IssueClusterRow.cluster))) or 0) + 1


def labels(db: Session) -> list[Labelled]:
    """Read the last label of each request, in the order in which they were given."""
    row = IssueLabelRow
    last = select(func.max(row.id)).group_by(row.request)
    merged = merges(db)
    found = db.execute(
        select(row.request, row.issue, row.source).where(row.id.in_(last)).order_by(row.id)
    )
    return [Labelled(code, final(issue, merged), Source(source)) for code, issue, source in found]


def merges(db: Session) -> dict[int, int]:
    """Read which issue went into which."""
    row = IssueMergeRow
    return {each.issue: each.into for each in db.execute(select(row.issue, row.into))}


def final(issue: int, merged: dict[int, int]) -> int:
    """Follow an issue to the one that it ended in."""
    while issue in merged:
        issue = merged[issue]
    return issue


def add_labels(
    db: Session, requests: Sequence[str], issue: int, source: Source, *, by: str, at: datetime
) -> None:
    """Keep what an analyst said of requests, and count them to the issue from now on."""
    for start in range(0, len(requests), A_PART):
        part = requests[start : start + A_PART]
        db.execute(
            insert(IssueLabelRow),
            [
                {"request": one, "issue": issue, "source": source.value, "by": by, "at": at}
                for one in part
            ],
        )
        db.execute(delete(IssueMemberRow).where(IssueMemberRow.request.in_(part)))
        db.execute(
            insert(IssueMemberRow),
            [{"request": one, "issue": issue, "is_proposed": False} for one in part],
        )


def replace_proposals(db: Session, rows: Sequence[tuple[str, int, int, bool]]) -> None:
    """Put new proposals in place of the old (request, issue, margin, sure); count the sure ones."""
    db.execute(delete(IssueProposalRow))
    db.execute(delete(IssueMemberRow).where(IssueMemberRow.is_proposed))
    connection = db.connection()
    columns = ("request", "issue", "margin", "is_sure")
    bulk_insert(connection, IssueProposalRow.__tablename__, columns, rows)
    sure = ((request, issue, True) for request, issue, _, is_sure in rows if is_sure)
    members = ("request", "issue", "is_proposed")
    bulk_insert(connection, IssueMemberRow.__tablename__, members, sure)


def clusters(db: Session) -> list[Cluster]:
    """Read every heap with something left in it, without samples."""
    row = IssueClusterRow
    found = db.execute(
        _left(
            select(
                row.cluster,
                func.count(),
                func.sum(case((row.urgency == 0, 1), else_=0)),
                func.sum(case((row.urgency == 1, 1), else_=0)),
            )
        ).group_by(row.cluster)
    )
    return [Cluster(number, size, int(p), int(s), ()) for number, size, p, s in found]


def samples(db: Session, wanted: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Read some texts from the middle of each heap, of what is left in it."""
    row = IssueClusterRow
    place = func.row_number().over(partition_by=row.cluster, order_by=(row.away, row.request))
    ranked = _left(
        select(row.cluster, row.request, place.label("place")).where(row.cluster.in_(wanted))
    ).subquery()
    found = db.execute(
        select(ranked.c.cluster, CaseworkRequest.text)
        .join(CaseworkRequest, CaseworkRequest.code == ranked.c.request)
        .where(ranked.c.place <= SAMPLES)
        .order_by(ranked.c.cluster, ranked.c.place)
    )
    shown: dict[int, tuple[str, ...]] = {}
    for cluster, text in found:
        shown[cluster] = (*shown.get(cluster, ()), text)
    return shown


def likely(db: Session, wanted: Sequence[int]) -> dict[int, int]:
    """Read what the classifier would make of most of each heap."""
    row, proposal = IssueClusterRow, IssueProposalRow
    count = func.count()
    found = db.execute(
        _left(
            select(row.cluster, proposal.issue, count)
            .join(proposal, proposal.request == row.request)
            .where(row.cluster.in_(wanted))
        )
        .group_by(row.cluster, proposal.issue)
        .order_by(count, proposal.issue.desc())
    )
    merged = merges(db)
    return {cluster: final(issue, merged) for cluster, issue, _ in found}


def left_in(db: Session, cluster: int) -> list[Heaped]:
    """Read what is left in a heap, from its middle outwards."""
    row, request, proposal = IssueClusterRow, CaseworkRequest, IssueProposalRow
    found = db.execute(
        _left(
            select(request.code, request.text, Grid.name, request.raised_at, proposal.issue)
            .join(row, row.request == request.code)
            .join(Grid, Grid.code == request.grid)
            .outerjoin(proposal, proposal.request == request.code)
            .where(row.cluster == cluster)
        ).order_by(row.away, row.request)
    )
    merged = merges(db)
    return [
        Heaped(code, text, place, at.date(), final(issue, merged) if issue else None)
        for code, text, place, at, issue in found
    ]


def _left(wanted: Wanted) -> Wanted:
    """Leave out what belongs to an issue already."""
    taken = exists().where(IssueMemberRow.request == IssueClusterRow.request)
    return wanted.where(~taken)

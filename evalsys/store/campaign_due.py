"""Who is due and whom nobody speaks with: what a dialler looks up before it takes cases.

It looks ten times a second, so these statements are compiled once (`store.prepared`).
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BindParameter, Integer, ScalarSelect, Table, bindparam, func, select
from sqlalchemy.orm import Session

from evalsys.ids import CampaignId, HouseholdCode
from evalsys.store.campaign_queue import WEB, Case, read_case
from evalsys.store.campaigns import WAITING
from evalsys.store.prepared import Prepared
from evalsys.store.schema.base import Base
from evalsys.store.schema.calls import CallAttempt
from evalsys.store.schema.campaigns import CampaignAttempt, CampaignMember

_ATTEMPTS = Base.metadata.tables[CampaignAttempt.__tablename__]
_MEMBERS = Base.metadata.tables[CampaignMember.__tablename__]
_LIVE_CALLS = Base.metadata.tables[CallAttempt.__tablename__]
_CASE = select(
    *(
        _MEMBERS.c[name]
        for name in (
            "id", "campaign", "about", "household", "attempts", "arrangement", "dialect", "wish",
        )
    )
)  # fmt: skip


def _due(*, retried: bool) -> Prepared:
    return Prepared(
        _CASE.where(
            _MEMBERS.c.campaign.in_(bindparam("campaigns", expanding=True)),
            _MEMBERS.c.state == WAITING,
            _MEMBERS.c.retried.is_(retried),
            _MEMBERS.c.due_at <= bindparam("now", type_=_MEMBERS.c.due_at.type),
            _MEMBERS.c.link_sent_at.is_not(None)
            | _MEMBERS.c.campaign.not_in(bindparam("after_links", expanding=True)),
        )
        .order_by(_MEMBERS.c.due_at, _MEMBERS.c.id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)
    )


_DUE_AGAIN, _DUE_FRESH = _due(retried=True), _due(retried=False)
_THESE: BindParameter[str] = bindparam("households", expanding=True)
_BUSY = Prepared(
    select(_ATTEMPTS.c.household).where(
        _ATTEMPTS.c.household.in_(_THESE), _ATTEMPTS.c.ended_at.is_(None)
    )
)
_BUSY_LIVE = Prepared(
    select(_LIVE_CALLS.c.household).where(
        _LIVE_CALLS.c.household.in_(_THESE), _LIVE_CALLS.c.ended_at.is_(None)
    )
)


def _under_way(table: Table) -> ScalarSelect[int]:
    on_a_line = table.c.sid.is_(None) | table.c.sid.not_like(f"{WEB}%")
    return select(func.count()).where(table.c.ended_at.is_(None), on_a_line).scalar_subquery()


_UNDER_WAY = Prepared(
    select(_under_way(_ATTEMPTS).label("ours"), _under_way(_LIVE_CALLS).label("live"))
)


def due_cases(
    db: Session,
    campaigns: Sequence[CampaignId],
    now: datetime,
    limit: int,
    *,
    after_links: Sequence[CampaignId] = (),
) -> tuple[Case, ...]:
    """Take cases that are due, retried ones before fresh ones, and hold them.

    In campaigns of `after_links` a case is not due before it was looked at for a link.

    Several diallers at once never get the same case: PostgreSQL skips what another one holds,
    SQLite knows one writer at a time.
    """
    found: list[Case] = []
    for due in (_DUE_AGAIN, _DUE_FRESH):
        if len(found) >= limit:
            break
        found += map(
            read_case,
            due.all(
                db, campaigns=campaigns, now=now, most=limit - len(found), after_links=after_links
            ),
        )
    return tuple(found)


def busy_households(db: Session, households: Sequence[HouseholdCode]) -> frozenset[str]:
    """Name those of `households` with which somebody speaks at this moment."""
    return frozenset(
        row.household
        for statement in (_BUSY, _BUSY_LIVE)
        for row in statement.all(db, households=households)
    )


def calls_under_way(db: Session) -> tuple[int, int]:
    """Count the calls under way: of campaigns, and of live sessions."""
    row = _UNDER_WAY.first(db)
    return row.ours, row.live

"""Signs for review: what they are found in, and what people made of them. Both only grow."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from evalsys.domain.flags import Flag, FlagDecision, FlagKind
from evalsys.errors import NotFound
from evalsys.store.schema.flags import FlagDecisionRow, FlagRow
from evalsys.store.schema.roster import HouseholdLink, OfficeNumber, Phone

_MOST = 5000
"""Numbers of one kind that are listed at most."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What somebody made of a flag."""

    decision: FlagDecision
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """A flag on record, and the decisions about it, the newest last."""

    id: str
    flag: Flag
    found_at: datetime
    decisions: tuple[Decided, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet."""
        return not self.decisions


def shared_groups(db: Session) -> Iterator[tuple[str, ...]]:
    """List the households behind each usable number that serves more than one."""
    is_household = (Phone.household.is_not(None), Phone.usable)
    shared = (
        select(Phone.blind)
        .where(*is_household)
        .group_by(Phone.blind)
        .having(func.count(func.distinct(Phone.household)) > 1)
        .limit(_MOST)
    )
    rows = db.execute(
        select(Phone.blind, Phone.household)
        .where(*is_household, Phone.blind.in_(shared))
        .order_by(Phone.blind, Phone.household)
    )
    groups: dict[bytes, set[str]] = {}
    for blind, household in rows:
        groups.setdefault(blind, set()).add(str(household))
    for group in groups.values():
        yield tuple(sorted(group))


def official_pairs(db: Session) -> Iterator[tuple[str, str]]:
    """List each household and cadre that have a usable number in common."""
    of_household, of_cadre = aliased(Phone), aliased(Phone)
    rows = db.execute(
        select(of_household.household, of_cadre.cadre)
        .join(of_cadre, of_cadre.blind == of_household.blind)
        .where(
            of_household.household.is_not(None),
            of_household.usable,
            of_cadre.cadre.is_not(None),
            of_cadre.usable,
        )
        .limit(_MOST)
    )
    for household, cadre in rows:
        yield str(household), str(cadre)


def office_pairs(db: Session) -> Iterator[tuple[str, str]]:
    """List each household and unit that have a usable number in common."""
    rows = db.execute(
        select(Phone.household, OfficeNumber.unit)
        .join(OfficeNumber, OfficeNumber.blind == Phone.blind)
        .where(Phone.household.is_not(None), Phone.usable)
        .limit(_MOST)
    )
    for household, unit in rows:
        yield str(household), unit


def linked_counts(db: Session) -> Mapping[str, int]:
    """Count every cadre's linked households."""
    query = (
        select(HouseholdLink.cadre, func.count())
        .where(HouseholdLink.until.is_(None))
        .group_by(HouseholdLink.cadre)
    )
    return {str(row[0]): int(row[1]) for row in db.execute(query)}


def add(db: Session, flags: Iterable[Flag], at: datetime) -> int:
    """Keep the flags that are not on record yet; return how many were new."""
    known = set(db.scalars(select(FlagRow.id)))
    new = {flag.id: flag for flag in flags if flag.id not in known}
    db.add_all(
        FlagRow(
            id=flag_id,
            kind=flag.kind.value,
            subject=flag.subject,
            evidence=json.dumps(dict(flag.evidence), ensure_ascii=False, sort_keys=True),
            found_at=at,
        )
        for flag_id, flag in new.items()
    )
    db.flush()
    return len(new)


def every(db: Session) -> tuple[Found, ...]:
    """Read all flags: those that wait for a decision first, then the newest."""
    decided: dict[str, list[Decided]] = {}
    for row in db.scalars(
        select(FlagDecisionRow).order_by(FlagDecisionRow.flag, FlagDecisionRow.n)
    ):
        made = Decided(FlagDecision(row.decision), row.reason, row.by, row.at)
        decided.setdefault(row.flag, []).append(made)
    rows = db.scalars(select(FlagRow).order_by(FlagRow.found_at.desc(), FlagRow.id))
    found = [_found(row, tuple(decided.get(row.id, ()))) for row in rows]
    return tuple(sorted(found, key=lambda one: not one.is_open))


def decide(db: Session, flag: str, made: Decided) -> None:
    """Record what somebody made of a flag.

    Raises:
        NotFound: there is no such flag.
    """
    if db.get(FlagRow, flag) is None:
        raise NotFound("没有这条提示。", remedy="请刷新提示列表。")
    of_this = FlagDecisionRow.flag == flag
    last = db.scalar(select(func.max(FlagDecisionRow.n)).where(of_this)) or 0
    db.add(
        FlagDecisionRow(
            flag=flag,
            n=last + 1,
            decision=made.decision.value,
            reason=made.reason,
            by=made.by,
            at=made.at,
        )
    )
    db.flush()


def _found(row: FlagRow, decisions: tuple[Decided, ...]) -> Found:
    flag = Flag(FlagKind(row.kind), row.subject, json.loads(row.evidence))
    return Found(row.id, flag, row.found_at, decisions)

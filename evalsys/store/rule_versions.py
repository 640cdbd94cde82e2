"""Keeping versions of the county's rule set, rulings on them, and facts for them. All only grow."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from evalsys.domain.personnel import CadreFact
from evalsys.domain.rule_versions import RuleVersion, Ruling
from evalsys.domain.rulesheet import RuleSheet
from evalsys.domain.rulesheet_compile import compiled_before
from evalsys.errors import NotFound, StaleState, Tampered
from evalsys.ids import CadreNumber
from evalsys.store.schema.rules import CadreFactRow, RuleRulingRow, RuleVersionRow

Texts = Mapping[str, Sequence[Sequence[str]]]
"""The sheets of a table, every cell as a text."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A table that compiled, to be kept."""

    name: str
    sha256: str
    since: date
    tables: Texts
    by: str
    at: datetime


def add(db: Session, proposal: Proposal) -> int:
    """Keep a proposal for good; give the number of the version."""
    row = RuleVersionRow(
        name=proposal.name,
        sha256=proposal.sha256,
        since=proposal.since,
        tables=json.dumps(proposal.tables, ensure_ascii=False, separators=(",", ":")),
        proposed_by=proposal.by,
        proposed_at=proposal.at,
    )
    db.add(row)
    db.flush()
    return row.id


def rule(db: Session, version: int, ruling: Ruling, *, reason: str, by: str, at: datetime) -> None:
    """Record what the second person made of a version.

    Raises:
        StaleState: somebody else was faster.
    """
    row = RuleRulingRow(version=version, ruling=ruling, reason=reason, ruled_by=by, ruled_at=at)
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError as error:
        raise StaleState(
            "这一版本刚刚由另一个人决定了。", remedy="请刷新页面，看过之后再说。"
        ) from error


def versions(db: Session) -> tuple[RuleVersion, ...]:
    """Read every version, newest first."""
    rows = db.execute(_rows().order_by(RuleVersionRow.id.desc()))
    return tuple(_value(kept, ruled) for kept, ruled in rows)


def version(db: Session, number: int) -> RuleVersion:
    """Read one version.

    Raises:
        NotFound: there is none of this number.
        Tampered: its table is not what its hash says.
    """
    return _value(*_one(db, number))


def tables(db: Session, number: int) -> dict[str, list[list[str]]]:
    """Read the table of one version.

    Raises:
        NotFound: there is none of this number.
    """
    found: dict[str, list[list[str]]] = json.loads(_one(db, number)[0].tables)
    return found


def in_force(db: Session, day: date) -> RuleVersion | None:
    """Find the approved version of a day: the latest first day, of one day the last approved."""
    approved: ColumnElement[bool] = RuleRulingRow.ruling == Ruling.APPROVED
    wanted = (
        _rows()
        .where(approved, RuleVersionRow.since <= day)
        .order_by(
            RuleVersionRow.since.desc(), RuleRulingRow.ruled_at.desc(), RuleVersionRow.id.desc()
        )
        .limit(1)
    )
    found = (_value(kept, ruled) for kept, ruled in db.execute(wanted))
    return next(found, None)


def add_facts(db: Session, facts: Iterable[CadreFact]) -> None:
    """Record facts for good; of one field and day the last recorded holds."""
    rows = [
        {
            "cadre": one.cadre,
            "field": one.field,
            "value": one.value,
            "since": one.since,
            "document": one.document,
            "recorded_by": one.recorded_by,
            "recorded_at": one.recorded_at,
        }
        for one in facts
    ]
    if rows:
        db.execute(insert(CadreFactRow), rows)


def facts(db: Session, day: date, known_before: datetime) -> tuple[CadreFact, ...]:
    """Read every fact that began up to `day`, of those recorded before a moment."""
    row = CadreFactRow
    found = db.execute(
        select(
            row.cadre,
            row.field,
            row.value,
            row.since,
            row.document,
            row.recorded_by,
            row.recorded_at,
        )
        .where(row.since <= day, row.recorded_at < known_before)
        .order_by(row.id)
    )
    return tuple(
        CadreFact(CadreNumber(cadre), field, value, since, document, by, at)
        for cadre, field, value, since, document, by, at in found
    )


def _rows() -> Select[RuleVersionRow, RuleRulingRow]:
    return select(RuleVersionRow, RuleRulingRow).outerjoin(RuleRulingRow)


def _one(db: Session, number: int) -> tuple[RuleVersionRow, RuleRulingRow | None]:
    for kept, ruled in db.execute(_rows().where(RuleVersionRow.id == number)):
        return kept, ruled
    raise NotFound("没有这一版规则集。", remedy="请从规则版本的列表进入。")


def _value(kept: RuleVersionRow, ruled: RuleRulingRow | None) -> RuleVersion:
    sheet = _sheet(kept.tables)
    if sheet.sha256 != kept.sha256:
        raise Tampered(
            f"规则集第 {kept.id} 版的内容与版本号不符。",
            remedy="请停止使用并通知审计人员。",
            place=f"rule_versions:{kept.id}",
        )
    return RuleVersion(
        id=kept.id,
        name=kept.name,
        sha256=kept.sha256,
        since=kept.since,
        sheet=sheet,
        proposed_by=kept.proposed_by,
        proposed_at=kept.proposed_at,
        ruling=Ruling(ruled.ruling) if ruled else None,
        ruled_by=ruled.ruled_by if ruled else "",
        ruled_at=ruled.ruled_at if ruled else None,
        reason=ruled.reason if ruled else "",
    )


@lru_cache(64)
def _sheet(written: str) -> RuleSheet:
    return compiled_before(json.loads(written)).sheet

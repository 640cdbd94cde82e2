"""Keeping versions of the taxonomy: only added to, read by day or number."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from evalsys.domain.taxonomy import Catalogue, Entry, Taxonomy, TaxonomyVersion, Urgency
from evalsys.errors import NotFound, Tampered
from evalsys.store.bulk import bulk_insert
from evalsys.store.schema.taxonomy import TaxonomyEntryRow, TaxonomyVersionRow


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A taxonomy without faults, to be kept."""

    taxonomy: Taxonomy
    name: str
    since: date
    by: str
    at: datetime


def add(db: Session, new: NewVersion) -> int:
    """Keep a version for good; give its number."""
    entries = new.taxonomy.entries
    row = TaxonomyVersionRow(
        catalogue=new.taxonomy.catalogue,
        name=new.name,
        sha256=new.taxonomy.sha256,
        since=new.since,
        size=len(entries),
        imported_by=new.by,
        imported_at=new.at,
    )
    db.add(row)
    db.flush()
    columns = ("version", "code", "place", "name", "parent", "admitted", "reason", "urgency")
    rows = (
        (row.id, one.code, at, one.name, one.parent, one.admitted, one.reason, _said(one.urgency))
        for at, one in enumerate(entries, start=1)
    )
    bulk_insert(db.connection(), TaxonomyEntryRow.__tablename__, columns, rows)
    return row.id


def versions(db: Session, catalogue: Catalogue) -> tuple[TaxonomyVersion, ...]:
    """Read every version of a catalogue, the one with the latest first day first."""
    row = TaxonomyVersionRow
    found = db.scalars(select(row).where(row.catalogue == catalogue).order_by(row.since.desc()))
    return tuple(map(_value, found))


def version(db: Session, number: int) -> TaxonomyVersion:
    """Read one version.

    Raises:
        NotFound: there is none of this number.
    """
    row = db.get(TaxonomyVersionRow, number)
    if row is None:
        raise NotFound("没有这一版分类体系。", remedy="请从分类体系的版本列表进入。")
    return _value(row)


def in_force(db: Session, catalogue: Catalogue, day: date) -> TaxonomyVersion | None:
    """Find the version of a day: the one with the latest first day up to then."""
    row = TaxonomyVersionRow
    wanted = (
        select(row)
        .where(row.catalogue == catalogue, row.since <= day)
        .order_by(row.since.desc())
        .limit(1)
    )
    found = db.scalars(wanted).first()
    return _value(found) if found else None


def taxonomy(db: Session, about: TaxonomyVersion) -> Taxonomy:
    """Read the tree of a version.

    Raises:
        Tampered: it is not what its hash says.
    """
    found = Taxonomy(tuple(_entries(db, about.id)), about.catalogue)
    if found.sha256 != about.sha256:
        raise Tampered(
            f"分类体系第 {about.id} 版的内容与版本号不符。",
            remedy="请停止使用并通知审计人员。",
            place=f"taxonomy_versions:{about.id}",
        )
    return found


def _entries(db: Session, number: int) -> Iterator[Entry]:
    row = TaxonomyEntryRow
    found = db.execute(
        select(row.code, row.name, row.parent, row.admitted, row.reason, row.urgency)
        .where(row.version == number)
        .order_by(row.place)
    )
    for code, name, parent, admitted, reason, urgency in found:
        said = Urgency(urgency) if urgency else None
        yield Entry(code, name, parent, admitted, reason, said)


def _said(urgency: Urgency | None) -> str:
    return urgency.value if urgency else ""


def _value(row: TaxonomyVersionRow) -> TaxonomyVersion:
    return TaxonomyVersion(
        row.id,
        Catalogue(row.catalogue),
        row.name,
        row.sha256,
        row.since,
        row.size,
        row.imported_by,
        row.imported_at,
    )

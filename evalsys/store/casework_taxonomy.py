"""Taxonomies of requests 分类体系: versions that are added, never edited (L06)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from evalsys.domain.casework.policy import Policy
from evalsys.domain.casework.route import ClassEntry, ClassTree
from evalsys.store.schema.casework import RequestClass, Taxonomy


@dataclass(frozen=True, slots=True)
class Version:
    """What a version of the taxonomy is called, and where it comes from."""

    name: str
    title: str
    source: str


def newest_version(db: Session) -> str:
    """Return the version that new requests are classed by; empty before the first."""
    query = select(Taxonomy.version).order_by(Taxonomy.imported_at.desc(), Taxonomy.version)
    return db.scalar(query.limit(1)) or ""


def read_tree(db: Session, version: str) -> ClassTree | None:
    """Read a version of the taxonomy; None when there is no such version."""
    rows = db.scalars(select(RequestClass).where(RequestClass.version == version))
    entries = {
        row.code: ClassEntry(row.code, row.level, row.parent, row.name, row.limit_class, row.unit)
        for row in rows
    }
    return ClassTree(version, entries) if entries else None


def add_version(
    db: Session, about: Version, entries: Iterable[ClassEntry], *, actor: str, at: datetime
) -> None:
    """Keep a new version with all its entries."""
    db.execute(
        insert(Taxonomy).values(
            version=about.name,
            title=about.title,
            source=about.source,
            imported_at=at,
            actor=actor,
        )
    )
    db.execute(
        insert(RequestClass),
        [
            {
                "version": about.name,
                "code": each.code,
                "level": each.level,
                "parent": each.parent,
                "name": each.name,
                "limit_class": each.limit_class,
                "unit": each.unit,
            }
            for each in entries
        ],
    )


def plant(db: Session, policy: Policy, *, at: datetime) -> str:
    """Begin with the classes of the policy (Y42) where there is no taxonomy; return the version."""
    found = newest_version(db)
    if found:
        return found
    version = f"seed-{policy.name}"
    entries = [
        ClassEntry(each.code, each.level, each.parent, each.name, each.limit_class)
        for each in policy.seed_classes
    ]
    about = Version(version, "起步分类", "Y42")
    add_version(db, about, entries, actor="system:casework", at=at)
    return version

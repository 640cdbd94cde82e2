"""The tables, one file a room. Importing this package makes `Base.metadata` complete."""

from evalsys.store.schema import (
    access,
    calls,
    campaigns,
    ceremony,
    draw,
    flags,
    leadership,
    live,
    naming,
    panel,
    personnel,
    programme,
    roster,
    rules,
    scoring,
    taxonomy,
    witness,
)
from evalsys.store.schema.base import Base

__all__ = [
    "Base",
    "access",
    "calls",
    "campaigns",
    "ceremony",
    "draw",
    "flags",
    "leadership",
    "live",
    "naming",
    "panel",
    "personnel",
    "programme",
    "roster",
    "rules",
    "scoring",
    "taxonomy",
    "witness",
]

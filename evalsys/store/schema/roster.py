"""Grids, units, cadres, households, phones, links, claims.

Large tables with a natural key are WITHOUT ROWID on SQLite: one tree instead of two.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base

CLUSTERED = {"sqlite_with_rowid": False}


def _unique_position(owner: str) -> Index:
    """Number the phones of each household or cadre; the other kind stays out of the index."""
    return Index(
        f"uq_phones_{owner}_position",
        owner,
        "position",
        unique=True,
        sqlite_where=text(f"{owner} IS NOT NULL"),
        postgresql_where=text(f"{owner} IS NOT NULL"),
    )


class GridLevel(Base):
    """One level of the grid 网格层级; how many there are, and what they bear, is data (L14)."""

    __tablename__ = "grid_levels"
    depth: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    head_count: Mapped[int]
    head_min_rank: Mapped[str]
    holds_households: Mapped[bool]
    holds_cadres: Mapped[bool]


class Grid(Base):
    """One cell of the responsibility map 鱼鳞图 (Y06)."""

    __tablename__ = "grids"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    depth: Mapped[int] = mapped_column(ForeignKey("grid_levels.depth"))
    parent: Mapped[str | None] = mapped_column(ForeignKey("grids.code"), index=True)
    grid_class: Mapped[str]


class Unit(Base):
    """A bureau or township 单位."""

    __tablename__ = "units"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class Cadre(Base):
    """A cadre 干部; the number is permanent and public (Y34)."""

    __tablename__ = "cadres"
    number: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    unit: Mapped[str] = mapped_column(ForeignKey("units.code"), index=True)
    post: Mapped[str]
    rank: Mapped[str]
    staff_type: Mapped[str]
    grid: Mapped[str] = mapped_column(ForeignKey("grids.code"), index=True)
    on_probation: Mapped[bool]
    probation_from: Mapped[date | None]
    probation_until: Mapped[date | None]
    left_on: Mapped[date | None]
    left_reason: Mapped[str]


class UnitPrincipal(Base):
    """The principal 主要负责人 of a unit; apart from it, because the principal is a cadre of it."""

    __tablename__ = "unit_principals"
    unit: Mapped[str] = mapped_column(ForeignKey("units.code"), primary_key=True)
    cadre: Mapped[str] = mapped_column(ForeignKey("cadres.number"))


class PastPost(Base):
    """What the roster said of a cadre before it changed on the day `until`; append-only."""

    __tablename__ = "cadre_posts_past"
    id: Mapped[int] = mapped_column(primary_key=True)
    cadre: Mapped[str] = mapped_column(ForeignKey("cadres.number"))
    unit: Mapped[str] = mapped_column(ForeignKey("units.code"))
    post: Mapped[str]
    rank: Mapped[str]
    staff_type: Mapped[str]
    on_probation: Mapped[bool]
    probation_from: Mapped[date | None]
    probation_until: Mapped[date | None]
    grid: Mapped[str] = mapped_column(server_default="")
    """Empty: not kept, of changes from before this was."""
    until: Mapped[date] = mapped_column(index=True)


class PastPrincipal(Base):
    """Who was principal of a unit until a day, None for nobody; append-only."""

    __tablename__ = "unit_principals_past"
    id: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(ForeignKey("units.code"))
    cadre: Mapped[str | None] = mapped_column(ForeignKey("cadres.number"))
    until: Mapped[date]


class GridHead(Base):
    """Who answers for a grid 网格负责人, from when until when (Y09-Y11)."""

    __tablename__ = "grid_heads"
    grid: Mapped[str] = mapped_column(ForeignKey("grids.code"), primary_key=True)
    cadre: Mapped[str] = mapped_column(ForeignKey("cadres.number"), primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    until: Mapped[date | None]


class GridStaff(Base):
    """Somebody whom a grid has in a role of the preset 网格人员, such as 网格管理员 (L04, J08)."""

    __tablename__ = "grid_staff"
    grid: Mapped[str] = mapped_column(ForeignKey("grids.code"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    sent_by: Mapped[str]
    """Which body sends them."""
    since: Mapped[date] = mapped_column(primary_key=True)
    until: Mapped[date | None]


class Household(Base):
    """A household 联系户."""

    __tablename__ = "households"
    __table_args__ = CLUSTERED
    code: Mapped[str] = mapped_column(primary_key=True)
    head: Mapped[str]
    grid: Mapped[str] = mapped_column(ForeignKey("grids.code"))
    members: Mapped[int | None]
    protection: Mapped[str] = mapped_column(String(16), server_default="")
    """A `domain.protection.Protection`; empty for none."""
    calling_time: Mapped[str] = mapped_column(String(16), server_default="")
    """When it wants to be called, such as "19:00-20:00"; empty: whenever."""
    dialect: Mapped[str] = mapped_column(String(16), server_default="")


class Phone(Base):
    """One telephone number of a household or a cadre, sealed to this row.

    `usable` says that it is a well-formed number; a misspelt one is kept, sealed too, so that
    somebody can correct it. `blind` finds equal numbers.
    """

    __tablename__ = "phones"
    __table_args__ = (
        CheckConstraint("(household IS NULL) <> (cadre IS NULL)", name="one_owner"),
        _unique_position("household"),
        _unique_position("cadre"),
        CLUSTERED,
    )
    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    household: Mapped[str | None] = mapped_column(ForeignKey("households.code"))
    cadre: Mapped[str | None] = mapped_column(ForeignKey("cadres.number"))
    position: Mapped[int]
    usable: Mapped[bool]
    sealed: Mapped[bytes]
    blind: Mapped[bytes] = mapped_column(LargeBinary(16), index=True)
    key_version: Mapped[int]


class OfficeNumber(Base):
    """A telephone number of a unit 办公电话: a blind index alone, since nobody calls it from here.

    A household that gives such a number is not called at it.
    """

    __tablename__ = "office_numbers"
    __table_args__ = CLUSTERED
    unit: Mapped[str] = mapped_column(ForeignKey("units.code"), primary_key=True)
    blind: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)


class HouseholdLink(Base):
    """Which cadre is linked to which household 联系关系, with history.

    A link outlives a change of post or unit (Y22); an open one has no `until`.
    """

    __tablename__ = "household_links"
    __table_args__ = (
        Index(
            "ix_household_links_open",
            "cadre",
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        CLUSTERED,
    )
    household: Mapped[str] = mapped_column(ForeignKey("households.code"), primary_key=True)
    cadre: Mapped[str] = mapped_column(ForeignKey("cadres.number"), primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    until: Mapped[date | None]
    reason: Mapped[str]


class Visit(Base):
    """A visit 走访 as the cadre recorded it: a claim that a session checks."""

    __tablename__ = "visits"
    __table_args__ = CLUSTERED
    cadre: Mapped[str] = mapped_column(ForeignKey("cadres.number"), primary_key=True)
    household: Mapped[str] = mapped_column(ForeignKey("households.code"), primary_key=True)
    visited_on: Mapped[date] = mapped_column(primary_key=True)
    note: Mapped[str]
    kind: Mapped[str] = mapped_column(String(8), server_default="入户走访")
    """A `domain.roster.VisitKind`."""


class ServiceRequest(Base):
    """A household's request 诉求 as the cadre recorded it, and what the cadre says became of it."""

    __tablename__ = "service_requests"
    code: Mapped[str] = mapped_column(primary_key=True)
    household: Mapped[str] = mapped_column(ForeignKey("households.code"))
    cadre: Mapped[str] = mapped_column(ForeignKey("cadres.number"), index=True)
    raised_on: Mapped[date]
    text: Mapped[str]
    state: Mapped[str]
    solved_on: Mapped[date | None]
    answer: Mapped[str]


class ImportBatch(Base):
    """One committed import: who, when, from which files, and what it changed."""

    __tablename__ = "import_batches"
    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    files: Mapped[str]
    """JSON object: name of each file to its SHA-256."""
    counts: Mapped[str]
    """JSON object: title of each table to {"new", "changed", "unchanged", "closed"}."""

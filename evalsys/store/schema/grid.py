"""How the grid is laid out and what became of it: presets taken, changes, states before them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from evalsys.store.schema.base import Base


class GridPresetTaken(Base):
    """A preset whose levels the county took 采用网格方案; the last one counts."""

    __tablename__ = "grid_presets_taken"
    id: Mapped[int] = mapped_column(primary_key=True)
    preset: Mapped[str] = mapped_column(String(32))
    sha256: Mapped[str] = mapped_column(String(64))
    taken_at: Mapped[datetime]
    taken_by: Mapped[str] = mapped_column(String(64))


class GridChangeRow(Base):
    """A change of the grid as it was proposed 网格调整; append-only, like all that follow."""

    __tablename__ = "grid_changes"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    grid: Mapped[str] = mapped_column(ForeignKey("grids.code"), index=True)
    title: Mapped[str]
    """Name of the grid at that time."""
    on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    detail: Mapped[str] = mapped_column(Text)
    """JSON of the fields that the kind needs."""
    effect: Mapped[str] = mapped_column(Text)
    """JSON of the counts that the proposer was shown."""
    proposed_by: Mapped[str] = mapped_column(String(64))
    proposed_at: Mapped[datetime]


class GridChangeRuling(Base):
    """Who approved, declined or withdrew it, or that it took effect: each at most once."""

    __tablename__ = "grid_change_rulings"
    change: Mapped[int] = mapped_column(
        ForeignKey("grid_changes.id"), primary_key=True, autoincrement=False
    )
    state: Mapped[str] = mapped_column(String(9), primary_key=True)
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    why: Mapped[str] = mapped_column(Text)


class GridState(Base):
    """What a grid was until a change took effect."""

    __tablename__ = "grid_states"
    grid: Mapped[str] = mapped_column(ForeignKey("grids.code"), primary_key=True)
    until: Mapped[date] = mapped_column(primary_key=True)
    """The first day on which it was so no longer."""
    change: Mapped[int] = mapped_column(ForeignKey("grid_changes.id"))
    name: Mapped[str]
    parent: Mapped[str | None]
    grid_class: Mapped[str]
    bounds: Mapped[str] = mapped_column(Text)


class GridBirth(Base):
    """A grid that a split made, and since when there is one."""

    __tablename__ = "grid_births"
    grid: Mapped[str] = mapped_column(ForeignKey("grids.code"), primary_key=True)
    since: Mapped[date]
    change: Mapped[int] = mapped_column(ForeignKey("grid_changes.id"))


class GridEnd(Base):
    """A grid that was merged into another, and from which day on."""

    __tablename__ = "grid_ends"
    grid: Mapped[str] = mapped_column(ForeignKey("grids.code"), primary_key=True)
    until: Mapped[date]
    successor: Mapped[str] = mapped_column(ForeignKey("grids.code"))
    change: Mapped[int] = mapped_column(ForeignKey("grid_changes.id"))


class GridBounds(Base):
    """The four bounds 四至 of a grid (L03); replaced by a change, which keeps the old ones."""

    __tablename__ = "grid_bounds"
    grid: Mapped[str] = mapped_column(ForeignKey("grids.code"), primary_key=True)
    bounds: Mapped[str] = mapped_column(Text)


class GridMove(Base):
    """A household or a cadre that a change put on another grid."""

    __tablename__ = "grid_moves"
    change: Mapped[int] = mapped_column(
        ForeignKey("grid_changes.id"), primary_key=True, autoincrement=False
    )
    kind: Mapped[str] = mapped_column(String(9), primary_key=True)
    """household or cadre."""
    code: Mapped[str] = mapped_column(primary_key=True)
    on: Mapped[date]
    source: Mapped[str] = mapped_column(ForeignKey("grids.code"))
    target: Mapped[str] = mapped_column(ForeignKey("grids.code"))

"""The grid presets that come with the software, and which one this county has taken."""

from datetime import datetime
from functools import cache
from importlib.resources import files

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.orm import Session

from evalsys.domain.grid_preset import GridPreset, parse_preset
from evalsys.domain.roster import SECOND_LEVEL, TOWNSHIP_DEPTH, GridLevel
from evalsys.domain.roster_load import LoadLimits
from evalsys.errors import NotFound
from evalsys.store.schema import roster
from evalsys.store.schema.grid import GridPresetTaken

YISHUI = "yishui"


def preset_names() -> tuple[str, ...]:
    """Name every preset of the package, the default one first."""
    folder = files("evalsys.rulebooks") / "grids"
    found = sorted(
        file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml")
    )
    return tuple(sorted(found, key=lambda name: name != YISHUI))


@cache  # they come with the code
def shipped_preset(name: str) -> GridPreset:
    """Read a preset of the package by the name of its file, without `.toml`.

    Raises:
        NotFound: none has this name.
        InvalidInput: it is faulty; every fault is listed.
    """
    if name not in preset_names():
        raise NotFound(
            f"没有名为“{name}”的网格方案。", remedy=f"可用的方案：{'、'.join(preset_names())}。"
        )
    source = files("evalsys.rulebooks") / "grids" / f"{name}.toml"
    return parse_preset(source.read_text(encoding="utf-8"))


def taken(db: Session | Connection) -> GridPreset:
    """Give the preset that this county took last; Yishui's where it took none."""
    name = db.scalar(select(GridPresetTaken.preset).order_by(GridPresetTaken.id.desc()).limit(1))
    return shipped_preset(name if name in preset_names() else YISHUI)


def load_limits(db: Session) -> LoadLimits:
    """Give the limits of a cadre's households that the preset named last."""
    numbers = taken(db).numbers
    target, tolerance = (
        numbers[name].values[-1].value for name in ("households_per_cadre", "load_tolerance")
    )
    return LoadLimits(target, tolerance)


def take(db: Session, preset: GridPreset, at: datetime, by: str) -> None:
    """Keep the preset's levels instead of those there are, and that it was taken."""
    db.add(GridPresetTaken(preset=preset.name, sha256=preset.sha256, taken_at=at, taken_by=by))
    db.flush()
    if levels(db) != preset.levels:
        db.execute(delete(roster.GridLevel))
        db.execute(insert(roster.GridLevel), [_row(level) for level in preset.levels])


def levels(db: Session) -> tuple[GridLevel, ...]:
    """Read the levels of this county, from the top; none before a preset or a roster."""
    rows = db.scalars(select(roster.GridLevel).order_by(roster.GridLevel.depth))
    return tuple(
        GridLevel(
            row.depth,
            row.name,
            row.head_count,
            row.head_min_rank,
            holds_households=row.holds_households,
            holds_cadres=row.holds_cadres,
        )
        for row in rows
    )


def second_level(db: Session) -> str:
    """Name the level below the whole county's, without what it says of grids."""
    found = levels(db) or taken(db).levels
    return next((one.short_name for one in found if one.depth == TOWNSHIP_DEPTH), SECOND_LEVEL)


def has_grids(db: Session) -> bool:
    """Say whether there is any grid."""
    return db.scalar(select(roster.Grid.code).limit(1)) is not None


def _row(level: GridLevel) -> dict[str, object]:
    return {
        "depth": level.depth,
        "name": level.name,
        "head_count": level.head_count,
        "head_min_rank": level.head_min_rank,
        "holds_households": level.holds_households,
        "holds_cadres": level.holds_cadres,
    }

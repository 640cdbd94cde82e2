"""Grid presets: what there is, and taking one before or after a roster came in."""

from dataclasses import dataclass

from evalsys.clock import Clock
from evalsys.domain.grid_preset import GridPreset
from evalsys.domain.roster import GridLevel
from evalsys.errors import RuleViolation
from evalsys.store import audit
from evalsys.store import grid_preset as store
from evalsys.store.database import Database


@dataclass(frozen=True, slots=True)
class Layout:
    """How this county's grid is laid out."""

    preset: GridPreset
    levels: tuple[GridLevel, ...]
    """As kept; a roster may have brought its own. Empty before either."""


class GridPresets:
    """The presets that come with the software, and the county's own levels (L14, J02)."""

    def __init__(self, database: Database, now: Clock) -> None:
        """Keep the choice in `database`."""
        self._database = database
        self._now = now

    def every(self) -> tuple[GridPreset, ...]:
        """Give every preset, the default one first."""
        return tuple(store.shipped_preset(name) for name in store.preset_names())

    def layout(self) -> Layout:
        """Give the levels in use, and the preset with their classes, roles and numbers."""
        with self._database.read() as db:
            return Layout(store.taken(db), store.levels(db))

    def second_level(self) -> str:
        """Name the level below the whole county's: 乡镇 in Yishui, 街道（镇） in Yuelu."""
        with self._database.read() as db:
            return store.second_level(db)

    def take(self, name: str, *, by: str) -> GridPreset:
        """Take a preset: its levels are kept, before any grid of another shape is.

        Raises:
            NotFound: there is no such preset.
            RuleViolation: the county has grids already, and they stand on other levels.
        """
        preset = store.shipped_preset(name)
        with self._database.write() as db:
            kept = store.levels(db)
            if store.has_grids(db) and kept != preset.levels:
                raise RuleViolation(
                    f"本县已有网格，现有 {len(kept)} 级与“{preset.title}”不同。",
                    remedy="换方案等于换一个县的网格：请在新的数据库里采用，再导入花名册；"
                    "只改名称、负责人数的，用“网格层级”表导入。",
                )
            at = self._now()
            store.take(db, preset, at, by)
            detail = {"preset": name, "sha256": preset.sha256}
            audit.record(db, at, by, "grid.preset.take", name, detail)
        return preset


def second_level(address: str) -> str:
    """Name the level below the whole county's in the database at an address."""
    database = Database(address)
    with database.read() as db:
        name = store.second_level(db)
    database.close()
    return name

"""Grid presets 网格方案: the levels of a county's grid with their classes and roles, as data.

Yishui has five levels (Y06), Yuelu four with classes A, B, C and 1+4+X roles (L02, L04, L14),
Jurong three with the 64922 elements (J02, J06), Guiyang its communities (G01, G09). What a county
uses is one of them, or levels of its own in a roster file; nothing else in the software knows how
many levels there are or what they are called.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from evalsys.domain.casework.policy import Number
from evalsys.domain.casework.policy_part import Part, number
from evalsys.domain.roster import MAX_LEVELS, MIN_LEVELS, GridLevel
from evalsys.domain.roster_ranks import RANKS
from evalsys.domain.toml_text import read_toml, refuse_faults

FORMAT = "evalsys-grid/1"
GRID_CLASSES = ("A", "B", "C")
NUMBERS = (
    "households_per_cadre",
    "load_tolerance",
    "term_years",
    "station_day",
    "station_shift",
    "station_late_days",
)
"""What every preset says; a value of 0 means that the place has no such rule."""


@dataclass(frozen=True, slots=True)
class GridClass:
    """A class of grids 网格类别, by how much is to be done there (L02)."""

    code: str
    """A, B or C."""
    title: str
    visits: Number
    """How often a household is to be visited in a quarter, from when on, and on what that rests."""

    @property
    def visits_a_quarter(self) -> int:
        """How often, by the last value of the policy."""
        return self.visits.values[-1].value


@dataclass(frozen=True, slots=True)
class GridRole:
    """Somebody whom each grid of a level has beside its linked cadres 网格角色 (L04, J08)."""

    name: str
    depth: int
    least: int
    most: int
    """0 for as many as there are (the X of 1+4+X)."""
    source: str
    """Which body sends them."""


@dataclass(frozen=True, slots=True)
class GridPreset:
    """One place's grid."""

    name: str
    title: str
    source: str
    levels: tuple[GridLevel, ...]
    patterns: tuple[str, ...]
    """How a made-up county names the grids of each level; see `county.land.Shape`."""
    classes: tuple[GridClass, ...]
    roles: tuple[GridRole, ...]
    numbers: Mapping[str, Number]
    elements: bool
    """Whether an element catalogue goes with it (J06)."""

    @property
    def sha256(self) -> str:
        """What identifies these very data."""
        text = json.dumps(asdict(self), default=str, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def number(self, name: str, day: date) -> int:
        """Return a number of policy as of a day, one of `NUMBERS`."""
        return self.numbers[name].on(day)


def parse_preset(text: str) -> GridPreset:
    """Read a preset.

    Raises:
        InvalidInput: lists every fault with the name of its table and key.
    """
    raw = read_toml(text, "网格方案")
    faults: list[str] = []
    preset = _preset(Part(raw, "网格方案", faults))
    refuse_faults("网格方案", faults, "docs/grid.md", preset.name)
    return preset


def _preset(top: Part) -> GridPreset:
    if (found := top.text("format")) != FORMAT:
        top.fault(f"format 应为 {FORMAT}，实为“{found}”")
    name, title, source = top.text("name"), top.text("title"), top.text("source")
    documents = {}
    for key, part in top.parts("document"):
        documents[key] = part.text("title")
        part.close()
    levels, patterns = [], []
    for depth, row in enumerate(top.rows("level"), start=1):
        patterns.append(row.text("pattern", needed=False))
        levels.append(_level(depth, row))
    _check_levels(top, levels)
    roles = tuple(_role(row, len(levels)) for row in top.rows("role"))
    classes = tuple(_grid_class(row, documents) for row in top.rows("class"))
    numbers = {key: number(key, part, documents) for key, part in top.parts("number")}
    if missing := [each for each in NUMBERS if each not in numbers]:
        top.fault(f"缺少 number.{'、number.'.join(missing)}")
    elements = top.take("elements", bool, otherwise=False, needed=False)
    top.close()
    return GridPreset(
        name, title, source, tuple(levels), tuple(patterns), classes, roles, numbers, elements
    )


def _level(depth: int, row: Part) -> GridLevel:
    name, rank = row.text("name"), row.text("head_min_rank", needed=False)
    if rank and rank not in RANKS:
        row.fault(f"head_min_rank 不认识职级“{rank}”")
    level = GridLevel(
        depth,
        name,
        row.take("heads", int, 1),
        rank,
        holds_households=row.take("holds_households", bool, otherwise=False, needed=False),
        holds_cadres=row.take("holds_cadres", bool, otherwise=False, needed=False),
    )
    if level.head_count < 1:
        row.fault("heads 至少为 1")
    row.text("note", needed=False)
    row.close()
    return level


def _check_levels(top: Part, levels: list[GridLevel]) -> None:
    if not MIN_LEVELS <= len(levels) <= MAX_LEVELS:
        top.fault(f"应有 {MIN_LEVELS} 至 {MAX_LEVELS} 级，实为 {len(levels)} 级")
    if not any(level.holds_households for level in levels):
        top.fault("没有一级挂联系户")
    if not any(level.holds_cadres for level in levels):
        top.fault("没有一级挂干部")


def _role(row: Part, depths: int) -> GridRole:
    role = GridRole(
        row.text("name"),
        row.take("depth", int, 0),
        row.take("least", int, 0),
        row.take("most", int, 0),
        row.text("source"),
    )
    if not 1 <= role.depth <= depths:
        row.fault(f"depth 应在 1 至 {depths} 之间，实为 {role.depth}")
    if role.most and role.most < role.least:
        row.fault("most 少于 least")
    row.close()
    return role


def _grid_class(row: Part, documents: Mapping[str, str]) -> GridClass:
    code = row.text("code")
    if code not in GRID_CLASSES:
        row.fault(f"code 应为 A、B 或 C，实为“{code}”")
    visits = number(f"class.{code}", row, documents)
    if not visits.values:
        row.fault("缺少 values")
    return GridClass(code, visits.title, visits)

"""The roster: who is linked to whom, and on which cell of the grid (Y01-Y12, Y22)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeAlias

from evalsys.ids import CadreNumber, GridCode, HouseholdCode, UnitCode

MIN_LEVELS: Final = 3
MAX_LEVELS: Final = 6

TOWNSHIP_DEPTH: Final = 2
"""The level below the whole county: townships in Yishui, streets in Yuelu."""

HOUSEHOLDS_PER_CADRE: Final = 30
"""每名干部负责联系30户左右 (Y04)."""


class VisitKind(StrEnum):
    """How a household was visited, each time face to face (G15)."""

    HOME = "入户走访"
    DRIVE = "集中走访"
    """One of a campaign 大走访 in which many go out."""
    EVENING = "基层夜话"


class RequestState(StrEnum):
    """What the cadre says became of a service request 诉求."""

    OPEN = "办理中"
    ESCALATED = "已上报"
    SOLVED = "已解决"
    DECLINED = "不予受理"
    POLICY = "政策限制"
    LEGACY = "历史遗留"


_SAYING_GRID: Final = ("总网格", "大网格", "中网格", "级网格", "网格", "级统筹")
SECOND_LEVEL: Final = "乡镇"
"""What the tables of this software call the second level, until a county's own word replaces it."""


@dataclass(frozen=True, slots=True)
class GridLevel:
    """One level of the grid 网格层级, 1 being the whole county; levels are data (L14)."""

    depth: int
    name: str
    head_count: int
    """How many heads a grid of this level may have at a time; two for a township (Y09)."""
    head_min_rank: str
    """Lowest rank of a head, a key of `roster_ranks.RANKS`; empty when any will do (Y11)."""
    holds_households: bool
    holds_cadres: bool

    @property
    def short_name(self) -> str:
        """The name without what it says of grids: 乡镇 for 乡镇大网格."""
        for end in _SAYING_GRID:
            if self.name.endswith(end) and self.name != end:
                return self.name.removesuffix(end)
        return self.name


YISHUI_LEVELS: Final = (
    GridLevel(1, "县总网格", 1, "", holds_households=False, holds_cadres=False),
    GridLevel(2, "乡镇大网格", 2, "", holds_households=False, holds_cadres=False),
    GridLevel(3, "工作片中网格", 1, "", holds_households=False, holds_cadres=False),
    GridLevel(4, "村级网格", 1, "副科级", holds_households=True, holds_cadres=False),
    GridLevel(5, "干部联系网格", 1, "", holds_households=False, holds_cadres=True),
)
"""The five levels of Yishui 五级网格 (Y06-Y11); used when a roster brings no levels."""


@dataclass(frozen=True, slots=True)
class CadreCard:
    """What may be shown of a cadre who is drawn: no phone, no household."""

    number: CadreNumber
    name: str
    unit_name: str
    post: str
    rank: str


HouseholdToFreeze: TypeAlias = tuple[HouseholdCode, str]
"""A household as the freeze takes it: code, and phone as E.164, or empty when none is usable.

A number is not usable when it is missing or misspelt, when two households gave the same one, when
it belongs to a cadre or an office, or when its household is protected from live sessions. Plain
pairs: a freeze makes 337,000 of them.
"""


@dataclass(frozen=True, slots=True)
class CadreToFreeze:
    """A serving cadre with the linked households, sorted by code."""

    number: CadreNumber
    township: GridCode
    rank: str
    unit: UnitCode
    grid_class: str
    """As the roster writes it, of the cadre's grid or of the nearest above that has one."""
    households: tuple[HouseholdToFreeze, ...]


@dataclass(frozen=True, slots=True)
class ClaimedRequest:
    """A request of which the cadre says that it is solved (Y46)."""

    code: str
    text: str
    raised_on: date
    solved_on: date | None
    answer: str


@dataclass(frozen=True, slots=True)
class HouseholdClaims:
    """What the cadre says of one household: dates of visits, requests solved."""

    visits: tuple[date, ...]
    solved: tuple[ClaimedRequest, ...]

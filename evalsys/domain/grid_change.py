"""Changes of the grid as dated deeds 网格调整: rename, bounds, move, merge, split (L01, G01).

街巷定界、动态调整: a change is proposed by one person, approved by another and takes effect on its
day. What a grid was before stays readable as of any earlier day. Links between cadres and
households are never touched (Y22, L11): households and cadres come along with their links.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from evalsys.domain.grid_preset import GRID_CLASSES
from evalsys.domain.roster import GridLevel
from evalsys.domain.roster_ranks import is_at_least
from evalsys.domain.ruling import OPEN, Ruling
from evalsys.domain.written import LONGEST_NAME, LONGEST_TEXT, one_line
from evalsys.errors import InvalidInput, RuleViolation

MOST_AHEAD = timedelta(days=366)
MOST_PARTS = 20
_CODE = re.compile(r"[0-9A-Za-z]{1,32}", re.ASCII)


class ChangeKind(StrEnum):
    """What is done to a grid."""

    RENAME = "rename"
    BOUNDS = "bounds"
    """Its four bounds 四至 or its class change (L02, L03)."""
    MOVE = "move"
    """It goes under another grid of the level above."""
    MERGE = "merge"
    """It ends; what is on it and below goes to another grid of its level."""
    SPLIT = "split"
    """Parts of it become grids of their own; it stays with the rest."""


@dataclass(frozen=True, slots=True)
class Part:
    """A grid that a split makes."""

    code: str
    name: str
    head: str
    """Number of the cadre who heads it from its first day."""
    members: tuple[str, ...]
    """Codes of grids right below, numbers of cadres, codes of households that go to it."""


@dataclass(frozen=True, slots=True)
class GridChange:
    """A change as somebody asks for it; which fields count depends on the kind."""

    kind: ChangeKind
    grid: str
    on: date
    """The first day on which it holds."""
    reason: str
    name: str = ""
    bounds: str = ""
    grid_class: str = ""
    target: str = ""
    """The grid it moves under, or is merged into."""
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class GridNow:
    """A grid as it stands."""

    code: str
    name: str
    depth: int
    parent: str | None
    grid_class: str
    bounds: str
    touched: date | None
    """The day from which it is as it is; None: since the roster brought it."""
    ended: date | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A cadre who is to head a grid."""

    number: str
    name: str
    rank: str
    has_left: bool


@dataclass(frozen=True, slots=True)
class Ground:
    """What a change is checked against."""

    levels: Mapping[int, GridLevel]
    grids: Mapping[str, GridNow]
    heads: Mapping[str, tuple[str, ...]]
    """Numbers of the present heads of the grids that the change names."""
    members: Mapping[str, str]
    """What stands right on or below the grid: code to "grid", "cadre" or "household"."""
    cadres: Mapping[str, Candidate]
    """The cadres that the change names as heads."""
    waiting: frozenset[str]
    """Grids that another open change is about."""
    taking: frozenset[str] = frozenset()
    """Grids that another open change puts something under."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does, counted before it is done and again when it is."""

    households: int = 0
    """That stand on another grid afterwards. Their links stay."""
    cadres: int = 0
    grids: int = 0
    """That lie below another grid afterwards."""
    heads: int = 0
    """Terms as head that end."""
    new_heads: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change with who wants it and what became of it."""

    id: int
    change: GridChange
    title: str
    """Name of the grid when it was proposed."""
    effect: Effect
    proposed_by: str
    proposed_at: datetime
    state: Ruling = Ruling.PROPOSED
    ruled_by: str = ""
    ruled_at: datetime | None = None
    why: str = ""
    done_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it may yet take effect."""
        return self.state in OPEN


def named(change: GridChange) -> tuple[str, ...]:
    """Name every grid that there is and that a change is about."""
    return tuple(code for code in (change.grid, change.target) if code)


def check_change(change: GridChange, ground: Ground, today: date) -> None:
    """Say whether a change can be made.

    Raises:
        InvalidInput: a field is wrong; its place names it.
        RuleViolation: another change of the same grid is open, or holds from a later day.
    """
    grid = _standing(change.grid, ground, "网格")
    if not one_line(change.reason, "理由", longest=LONGEST_TEXT):
        raise InvalidInput("没有写理由。", remedy="请写依据的文件或会议。", place="理由")
    if change.on > today + MOST_AHEAD:
        raise InvalidInput(
            f"生效日 {change.on} 在一年以后。", remedy="请填一年之内的日期。", place="生效日"
        )
    _check_overlaps(change, grid, ground)
    _CHECKS[change.kind](change, grid, ground)


def _standing(code: str, ground: Ground, place: str) -> GridNow:
    grid = ground.grids.get(code)
    if grid is None:
        raise InvalidInput(
            f"没有编码为 {code or '（空）'} 的网格。",
            remedy="网格编码见鱼鳞图或花名册。",
            place=place,
        )
    if grid.ended is not None:
        raise InvalidInput(
            f"{grid.name}已于 {grid.ended} 撤并。", remedy="请填现有的网格。", place=place
        )
    return grid


def _check_overlaps(change: GridChange, grid: GridNow, ground: Ground) -> None:
    """Refuse two changes at once, and one that would lie before another that holds already."""
    moved = {code for part in change.parts for code in part.members}
    below = [
        each
        for each in ground.grids.values()
        if each.parent == grid.code
        and each.ended is None
        and (change.kind is ChangeKind.MERGE or each.code in moved)
    ]
    for each in (grid, *below):
        if each.touched is not None and change.on <= each.touched:
            raise RuleViolation(
                f"{each.name}已有自 {each.touched} 起的调整，与生效日 {change.on} 重叠。",
                remedy="请填更晚的生效日。",
            )
    target = ground.grids.get(change.target)
    busy = [each for each in (grid, *below) if each.code in ground.waiting | ground.taking]
    busy += [target] if target is not None and target.code in ground.waiting else []
    if busy:
        raise RuleViolation(
            f"{busy[0].name}已有一件调整还没有了结。", remedy="请等它生效，或先撤回那一件。"
        )


def _check_rename(change: GridChange, grid: GridNow, _ground: Ground) -> None:
    _check_name(change.name, "新名称")
    if change.name.strip() == grid.name:
        raise InvalidInput("新名称与现名相同。", remedy="请填新名称。", place="新名称")


def _check_name(name: str, place: str) -> None:
    if not one_line(name, place, longest=LONGEST_NAME):
        raise InvalidInput("没有写名称。", remedy="请填网格名称。", place=place)


def _check_bounds(change: GridChange, grid: GridNow, _ground: Ground) -> None:
    one_line(change.bounds, "四至", longest=LONGEST_TEXT)
    if change.grid_class and change.grid_class not in GRID_CLASSES:
        raise InvalidInput(
            f"没有“{change.grid_class}”类。", remedy="请填 A、B 或 C。", place="网格类别"
        )
    same = (change.bounds or grid.bounds, change.grid_class or grid.grid_class)
    if same == (grid.bounds, grid.grid_class):
        raise InvalidInput("四至和类别都没有变。", remedy="请填新的四至或新的类别。", place="四至")


def _check_move(change: GridChange, grid: GridNow, ground: Ground) -> None:
    target = _standing(change.target, ground, "新的上级")
    if grid.parent is None:
        raise InvalidInput("总网格没有上级。", remedy="请选别的网格。", place="网格")
    if any(code == grid.code for code in _upwards(target.code, ground)):
        raise InvalidInput(
            f"{target.name}就在{grid.name}之内，会成为循环。",
            remedy="请填它上一级的另一个网格。",
            place="新的上级",
        )
    if target.depth != grid.depth - 1:
        raise InvalidInput(
            f"{target.name}是第{target.depth}级，应是第{grid.depth - 1}级。",
            remedy="请填紧邻的上一级网格。",
            place="新的上级",
        )
    if target.code == grid.parent:
        raise InvalidInput(
            f"{grid.name}本来就在{target.name}之下。", remedy="请填另一个。", place="新的上级"
        )


def _check_merge(change: GridChange, grid: GridNow, ground: Ground) -> None:
    target = _standing(change.target, ground, "并入")
    if target.code == grid.code or target.depth != grid.depth or grid.parent is None:
        raise InvalidInput(
            f"{grid.name}不能并入{target.name}：只能并入同一级的另一个网格。",
            remedy="请填同级网格的编码。",
            place="并入",
        )
    if ground.heads.get(grid.code) and not ground.heads.get(target.code):
        raise InvalidInput(
            f"{target.name}没有负责人，{grid.name}的负责人任职终止后无人负责。",
            remedy="请先在网格负责人页给并入的网格任命一名。",
            place="并入",
        )


def _check_split(change: GridChange, grid: GridNow, ground: Ground) -> None:
    if grid.parent is None:
        raise InvalidInput("总网格不能拆分。", remedy="请选别的网格。", place="网格")
    if not 1 <= len(change.parts) <= MOST_PARTS:
        raise InvalidInput(
            f"拆出 {len(change.parts)} 个网格，应为 1 至 {MOST_PARTS} 个。",
            remedy="请逐行写新网格。",
            place="新网格",
        )
    placed: set[str] = set()
    codes: set[str] = set()
    for n, part in enumerate(change.parts, start=1):
        place = f"新网格第{n}行"
        if not _CODE.fullmatch(part.code) or part.code in ground.grids or part.code in codes:
            raise InvalidInput(
                f"编码“{part.code}”不能用：应是没有用过的字母或数字。",
                remedy="请另编一个。",
                place=place,
            )
        codes.add(part.code)
        _check_name(part.name, place)
        _check_head(part, ground.levels.get(grid.depth), ground, place)
        _check_members(part, placed, grid, ground, place)


def _check_members(part: Part, placed: set[str], grid: GridNow, ground: Ground, place: str) -> None:
    """Note in `placed` what goes to a part; it must lie within, and may go to one part only."""
    for member in part.members:
        if member not in ground.members:
            raise InvalidInput(
                f"{member} 不在{grid.name}之内。",
                remedy="请填它下面的网格、在它上面的干部或联系户的编码。",
                place=place,
            )
        if member in placed:
            raise InvalidInput(f"{member} 划入了两处。", remedy="每一个只能划入一处。", place=place)
        placed.add(member)
    if not part.members:
        raise InvalidInput(
            f"{part.name}里什么也没有。", remedy="请写划入哪些下级、干部或户。", place=place
        )


def _check_head(part: Part, level: GridLevel | None, ground: Ground, place: str) -> None:
    head = ground.cadres.get(part.head)
    if head is None or head.has_left:
        raise InvalidInput(
            f"{part.name}没有负责人：没有编号为 {part.head or '（空）'} 的在岗干部。",
            remedy="请填新负责人的八位干部编号。",
            place=place,
        )
    least = level.head_min_rank if level else ""
    if level is not None and least and not is_at_least(head.rank, least):
        raise InvalidInput(
            f"{level.name}负责人应为{least}以上，{head.name}为{head.rank}。",
            remedy="请换一名负责人。",
            place=place,
        )


def _upwards(code: str, ground: Ground) -> Iterator[str]:
    seen: set[str] = set()
    at: str | None = code
    while at is not None and at not in seen and at in ground.grids:
        seen.add(at)
        yield at
        at = ground.grids[at].parent


_CHECKS: Mapping[ChangeKind, Callable[[GridChange, GridNow, Ground], None]] = {
    ChangeKind.RENAME: _check_rename,
    ChangeKind.BOUNDS: _check_bounds,
    ChangeKind.MOVE: _check_move,
    ChangeKind.MERGE: _check_merge,
    ChangeKind.SPLIT: _check_split,
}

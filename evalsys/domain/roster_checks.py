"""Rules about the grid and the people on it that no single row can break alone (Y06-Y11).

Takes the roster as it would be after the import: what is staged over what is kept. Values are
small (11,000 grids, 10,000 cadres); rules about households are joins in `store/roster_checks`.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from evalsys.domain.grid_preset import GridRole
from evalsys.domain.roster import MAX_LEVELS, MIN_LEVELS, GridLevel
from evalsys.domain.roster_problems import Severity
from evalsys.domain.roster_ranks import is_at_least
from evalsys.domain.roster_sheets import Kind

Place = tuple[int, int]
"""Number of the source and of the line; (0, 0) for what is already kept."""

KEPT: Place = (0, 0)


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule and the staged row to show for it; `column` is a column's name."""

    kind: Kind
    place: Place
    column: str
    value: str
    what: str
    remedy: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class GridRow:
    """A grid: its depth, its parent or "", and where it stands."""

    code: str
    depth: int
    parent: str
    place: Place


@dataclass(frozen=True, slots=True)
class HeadRow:
    """A term as head of a grid; dates are YYYY-MM-DD, `until` "" while it lasts."""

    grid: str
    cadre: str
    since: str
    until: str
    place: Place


@dataclass(frozen=True, slots=True)
class StaffRow:
    """Somebody in a role of a grid; dates as those of a head."""

    grid: str
    role: str
    name: str
    since: str
    until: str
    place: Place


@dataclass(frozen=True, slots=True)
class CadreRow:
    """A cadre's place in the roster; `has_left` when no longer in the county."""

    number: str
    unit: str
    rank: str
    grid: str
    has_left: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Frame:
    """The roster without its households."""

    levels: Mapping[int, GridLevel]
    grids: Mapping[str, GridRow]
    cadres: Mapping[str, CadreRow]
    heads: Sequence[HeadRow]
    principals: Sequence[tuple[str, str, Place]]
    """(unit, cadre, place)."""
    staff: Sequence[StaffRow] = ()
    roles: Mapping[str, GridRole] = field(default_factory=dict)
    """The roles of the county's preset by name; none: any role will do."""


def check_frame(frame: Frame) -> Iterator[Finding]:
    """Yield everything that is wrong with levels, tree, heads, cadres and principals."""
    yield from _check_levels(frame)
    yield from _check_tree(frame)
    yield from _check_heads(frame)
    yield from _check_cadres(frame)
    yield from _check_principals(frame)
    yield from _check_staff(frame)


def _check_levels(frame: Frame) -> Iterator[Finding]:
    levels = frame.levels
    depths = sorted(levels)
    if depths != list(range(1, len(depths) + 1)) or not MIN_LEVELS <= len(depths) <= MAX_LEVELS:
        yield Finding(
            Kind.LEVELS,
            KEPT,
            "depth",
            "、".join(map(str, depths)),
            f"层级应从1起连续编号，共{MIN_LEVELS}至{MAX_LEVELS}级",
            "请补全或更正“网格层级”表。",
        )
    for bears, header, what in (
        ([level for level in levels.values() if level.holds_households], "挂联系户", "联系户"),
        ([level for level in levels.values() if level.holds_cadres], "挂干部", "干部"),
    ):
        if not bears:
            yield Finding(
                Kind.LEVELS,
                KEPT,
                "",
                "",
                f"没有一级网格挂{what}",
                f"请在“网格层级”表的“{header}”列把至少一级填“是”。",
            )


def _check_tree(frame: Frame) -> Iterator[Finding]:
    roots = [grid for grid in frame.grids.values() if grid.depth == 1]
    for _, grid in pairwise(roots):
        yield _grid(grid, "code", grid.code, "全县总网格只能有一个", "请核对层级。")
    for grid in frame.grids.values():
        if grid.depth not in frame.levels:
            yield _grid(
                grid, "depth", str(grid.depth), "没有这一层级", "请核对，或补充“网格层级”表。"
            )
        elif grid.depth == 1:
            if grid.parent:
                yield _grid(grid, "parent", grid.parent, "总网格不能有上级", "请清空。")
        elif not grid.parent:
            yield _grid(grid, "parent", "", "缺少上级网格", "请填上一级网格的编码。")
        else:
            parent = frame.grids.get(grid.parent)
            if parent is not None and parent.depth != grid.depth - 1:
                yield _grid(
                    grid,
                    "parent",
                    grid.parent,
                    f"上级网格是第{parent.depth}级，应是第{grid.depth - 1}级",
                    "请填紧邻的上一级网格。",
                )


def _grid(grid: GridRow, column: str, value: str, what: str, remedy: str) -> Finding:
    return Finding(Kind.GRIDS, grid.place, column, value, what, remedy)


def _check_heads(frame: Frame) -> Iterator[Finding]:
    by_grid: defaultdict[str, list[HeadRow]] = defaultdict(list)
    for head in frame.heads:
        by_grid[head.grid].append(head)
    for code, heads in by_grid.items():
        grid = frame.grids.get(code)
        level = frame.levels.get(grid.depth) if grid else None
        if level is None:
            continue
        heads.sort(key=lambda head: (head.since, head.place))
        for index, head in enumerate(heads):
            serving = [
                other for other in heads[: index + 1] if not other.until or other.until > head.since
            ]
            if len(serving) > level.head_count:
                names = "、".join(other.cadre for other in serving)
                yield Finding(
                    Kind.HEADS,
                    head.place,
                    "cadre",
                    head.cadre,
                    f"{level.name}同时最多{level.head_count}名负责人，这里有{len(serving)}名（{names}）",
                    "请给已离任者填“任职截止”。",
                )
            yield from _check_head(frame, level, head)


def _check_head(frame: Frame, level: GridLevel, head: HeadRow) -> Iterator[Finding]:
    cadre = frame.cadres.get(head.cadre)
    if cadre is None or head.until:
        return
    if level.head_min_rank and not is_at_least(cadre.rank, level.head_min_rank):
        yield Finding(
            Kind.HEADS,
            head.place,
            "cadre",
            head.cadre,
            f"{level.name}负责人应为{level.head_min_rank}以上，该干部职级为{cadre.rank}",
            "请更换负责人，或更正干部职级。",
        )
    if cadre.has_left:
        yield Finding(
            Kind.HEADS,
            head.place,
            "cadre",
            head.cadre,
            "负责人已离任",
            "请填“任职截止”并确定新的负责人。",
            Severity.WARNING,
        )


def _check_cadres(frame: Frame) -> Iterator[Finding]:
    for cadre in frame.cadres.values():
        grid = frame.grids.get(cadre.grid)
        level = frame.levels.get(grid.depth) if grid else None
        if level is not None and not level.holds_cadres:
            yield Finding(
                Kind.CADRES,
                cadre.place,
                "grid",
                cadre.grid,
                f"这是{level.name}，干部不挂在这一级",
                "请填干部自己的联系网格编码。",
            )


def _check_principals(frame: Frame) -> Iterator[Finding]:
    for unit, number, place in frame.principals:
        cadre = frame.cadres.get(number)
        if cadre is None:
            continue
        if cadre.has_left or cadre.unit != unit:
            why = "已离任" if cadre.has_left else f"属于单位 {cadre.unit}"
            yield Finding(
                Kind.UNITS,
                place,
                "principal",
                number,
                f"主要负责人{why}",
                "请核对主要负责人编号或该干部的单位。",
                Severity.WARNING,
            )


def _check_staff(frame: Frame) -> Iterator[Finding]:
    """Check roles against the preset: which there are, on which level, how many at a time."""
    if not frame.roles:
        return
    held: defaultdict[tuple[str, str], list[StaffRow]] = defaultdict(list)
    for row in sorted(frame.staff, key=lambda one: (one.since, one.place)):
        role, grid = frame.roles.get(row.role), frame.grids.get(row.grid)
        if role is None:
            known = "、".join(frame.roles)
            yield _staff(row, row.role, "网格方案里没有这个角色", f"可用的角色：{known}。")
            continue
        if grid is not None and grid.depth != role.depth:
            yield _staff(
                row,
                row.role,
                f"{row.role}设在第{role.depth}级，这个网格是第{grid.depth}级",
                "请核对网格编码。",
            )
        serving = [
            one for one in held[row.grid, row.role] if not one.until or one.until > row.since
        ]
        serving.append(row)
        held[row.grid, row.role] = serving
        if role.most and len(serving) > role.most:
            yield _staff(
                row,
                row.name,
                f"{row.role}同时最多{role.most}名，这里有{len(serving)}名",
                "请给已离任者填“任职截止”。",
            )


def _staff(row: StaffRow, value: str, what: str, remedy: str) -> Finding:
    column = "name" if value == row.name else "role"
    return Finding(Kind.STAFF, row.place, column, value, what, remedy)

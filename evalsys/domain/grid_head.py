"""Appointing and ending heads of grids 网格负责人 as dated deeds (Y09-Y11).

大网格由联系该乡镇的县领导和该乡镇党委书记担任负责人 (two at a time), 村级网格由一名副科级以上干部
担任组长: how many and of which rank is said by the grid's level. One person proposes, another
one approves, and it holds from its day on. What was checked is kept with the deed: a rank or a
level that changes later does not make an appointment of that day wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from evalsys.domain.grid_change import GridNow
from evalsys.domain.roster import GridLevel
from evalsys.domain.roster_ranks import is_at_least
from evalsys.domain.ruling import OPEN, Ruling
from evalsys.domain.written import LONGEST_TEXT, one_line
from evalsys.errors import InvalidInput, RuleViolation

MOST_AHEAD = timedelta(days=366)


class HeadDeed(StrEnum):
    """What is done."""

    APPOINT = "appoint"
    END = "end"


@dataclass(frozen=True, slots=True)
class HeadAct:
    """Somebody becomes head of a grid from a day on, or is head no longer."""

    deed: HeadDeed
    grid: str
    cadre: str
    on: date
    """First day as head; or the first day on which he is head no longer."""
    reason: str
    replaces: str = ""
    """Appointed in the place of this head, whose term ends that day."""


@dataclass(frozen=True, slots=True)
class HeadTerm:
    """A term as head of the grid; `until` is the first day after it."""

    cadre: str
    name: str
    since: date
    until: date | None

    def lasts_on(self, day: date) -> bool:
        """Say whether a day lies within the term."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Named:
    """The cadre whom a deed names."""

    number: str
    name: str
    rank: str
    left_on: date | None


@dataclass(frozen=True, slots=True)
class HeadGround:
    """What a deed is checked against."""

    grid: GridNow | None
    born: date | None
    """First day of a grid that a split made."""
    level: GridLevel | None
    cadre: Named | None
    terms: tuple[HeadTerm, ...]
    """Every term of the grid that is not over yet on the deed's day, or begins later."""
    is_waiting: bool
    """Whether another deed about this grid is open."""


@dataclass(frozen=True, slots=True)
class HeadCheck:
    """What was found when a deed was proposed, kept as it was then."""

    level: str
    asked: int
    """How many heads the level has at a time."""
    least_rank: str
    """Empty where every rank will do."""
    rank: str
    """Of the cadre on that day."""
    heads_after: tuple[str, ...]
    """Names of the heads from the deed's day on."""


@dataclass(frozen=True, slots=True)
class HeadProposal:
    """A deed with who wants it and what became of it."""

    id: int
    act: HeadAct
    title: str
    """Name of the grid when it was proposed."""
    name: str
    """Of the cadre."""
    check: HeadCheck
    proposed_by: str
    proposed_at: datetime
    state: Ruling = Ruling.PROPOSED
    ruled_by: str = ""
    ruled_at: datetime | None = None
    why: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it may yet take effect."""
        return self.state in OPEN


def check_head_act(act: HeadAct, ground: HeadGround, today: date) -> HeadCheck:
    """Say whether a deed can be done, and what it was judged by.

    Raises:
        InvalidInput: a field is wrong; its place names it.
        RuleViolation: too many heads, or another deed about the grid is open.
    """
    grid, cadre, level = _standing(act, ground), ground.cadre, ground.level
    if not one_line(act.reason, "理由", longest=LONGEST_TEXT):
        raise InvalidInput("没有写理由。", remedy="请写任免的文件或会议。", place="理由")
    if act.on > today + MOST_AHEAD:
        raise InvalidInput(
            f"日期 {act.on} 在一年以后。", remedy="请填一年之内的日期。", place="日期"
        )
    if cadre is None:
        raise InvalidInput(
            f"没有编号为 {act.cadre or '（空）'} 的干部。",
            remedy="请填八位干部编号，可在公开名录里查到。",
            place="干部编号",
        )
    if level is None:
        raise InvalidInput(
            f"{grid.name}的层级没有登记。", remedy="请先采用网格方案。", place="网格"
        )
    if ground.is_waiting:
        raise RuleViolation(
            f"{grid.name}已有一件任免还没有了结。", remedy="请等它生效，或先撤回那一件。"
        )
    if act.deed is HeadDeed.APPOINT:
        _check_appointment(act, grid, cadre, level, ground.terms)
    else:
        _check_end(act, grid, cadre, ground.terms)
    return HeadCheck(
        level.name, level.head_count, level.head_min_rank, cadre.rank, _after(act, cadre, ground)
    )


def _standing(act: HeadAct, ground: HeadGround) -> GridNow:
    grid = ground.grid
    if grid is None:
        raise InvalidInput(
            f"没有编码为 {act.grid or '（空）'} 的网格。",
            remedy="网格编码见鱼鳞图或花名册。",
            place="网格",
        )
    if grid.ended is not None:
        raise InvalidInput(
            f"{grid.name}已于 {grid.ended} 撤并。", remedy="请填现有的网格。", place="网格"
        )
    if ground.born is not None and act.on < ground.born:
        raise InvalidInput(
            f"{grid.name}自 {ground.born} 起才有。", remedy="请填那天或以后的日期。", place="日期"
        )
    return grid


def _check_appointment(
    act: HeadAct, grid: GridNow, cadre: Named, level: GridLevel, terms: Sequence[HeadTerm]
) -> None:
    if cadre.left_on is not None and cadre.left_on <= act.on:
        raise InvalidInput(
            f"{cadre.name}已于 {cadre.left_on} 离任。",
            remedy="请填在岗干部的编号。",
            place="干部编号",
        )
    least = level.head_min_rank
    if least and not is_at_least(cadre.rank, least):
        raise InvalidInput(
            f"{level.name}负责人应为{least}以上，{cadre.name}为{cadre.rank}。",
            remedy="请换一名负责人；职级登记有误的，先在花名册更正。",
            place="干部编号",
        )
    if any(one.cadre == cadre.number for one in terms):
        raise RuleViolation(
            f"{cadre.name}已是{grid.name}的负责人，或已定于以后任职。",
            remedy="不必再任命；日期有误的，请先免去。",
        )
    others = terms
    if act.replaces:
        leaving = [one for one in terms if one.cadre == act.replaces and one.since < act.on]
        if not leaving:
            raise InvalidInput(
                f"{act.replaces} 在 {act.on} 不是{grid.name}的负责人。",
                remedy="请填现任负责人的编号，或留空。",
                place="接替",
            )
        others = [one for one in terms if one not in leaving]
    days = [act.on, *(one.since for one in others if one.since > act.on)]
    most = max(sum(one.lasts_on(day) for one in others) for day in days)
    if most >= level.head_count:
        raise RuleViolation(
            f"{level.name}同时应有 {level.head_count} 名负责人，{grid.name}已有 {most} 名。",
            remedy="请在“接替”里填由谁卸任，或先免去一名。",
        )


def _check_end(act: HeadAct, grid: GridNow, cadre: Named, terms: Sequence[HeadTerm]) -> None:
    serving = [one for one in terms if one.cadre == cadre.number and one.since < act.on]
    if not serving or act.replaces:
        raise InvalidInput(
            f"{cadre.name}在 {act.on} 以前没有担任{grid.name}的负责人。",
            remedy="请填现任负责人的编号，日期在任职起始之后。",
            place="干部编号",
        )


def _after(act: HeadAct, cadre: Named, ground: HeadGround) -> tuple[str, ...]:
    gone = {act.replaces} if act.deed is HeadDeed.APPOINT else {cadre.number}
    stay = [one.name for one in ground.terms if one.lasts_on(act.on) and one.cadre not in gone]
    return (*stay, cadre.name) if act.deed is HeadDeed.APPOINT else tuple(stay)

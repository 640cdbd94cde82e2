"""How far a link has come 联系阶段: four stages a household, each a claim (Y21).

干部入户走访见面；搜集群众诉求，解决实际问题；加强感情交流；逐步规范、形成制度. A cadre says which
stage a household is at, one step at a time, and only after a visit on record; what he says is a
claim that a session may check. Stages belong to the link: a new cadre begins at the first again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Final

from evalsys.errors import InvalidInput, RuleViolation


class LinkStage(IntEnum):
    """The four stages of Y21, and none yet."""

    NONE = 0
    MET = 1
    """走访见面."""
    HELPED = 2
    """搜集诉求、解决问题."""
    CLOSE = 3
    """加强感情交流."""
    SETTLED = 4
    """逐步规范、形成制度."""


CHINESE: Final[Mapping[LinkStage, str]] = {
    LinkStage.NONE: "未登记",
    LinkStage.MET: "走访见面",
    LinkStage.HELPED: "解决问题",
    LinkStage.CLOSE: "感情交流",
    LinkStage.SETTLED: "形成制度",
}


@dataclass(frozen=True, slots=True)
class LinkStanding:
    """An open link with its stage and what is on record of visits."""

    household: str
    grid: str
    """Name of the household's grid."""
    since: date
    """First day of the link."""
    stage: LinkStage
    reached_on: date | None
    visits: int
    """On record since the link began."""
    last_visit: date | None


def check_stage(link: LinkStanding, stage: LinkStage, on: date, today: date) -> None:
    """Say whether a cadre may claim a stage of a household.

    Raises:
        InvalidInput: the day is to come, or lies before the link or the stage before.
        RuleViolation: it is not the next stage, or no visit is on record by then.
    """
    if on > today:
        raise InvalidInput(f"{on} 还没有到。", remedy="请填今天或以前的日期。", place="日期")
    earliest = max(link.since, link.reached_on or link.since)
    if on < earliest:
        raise InvalidInput(
            f"{on} 早于 {earliest}。", remedy="请填联系开始和上一阶段以后的日期。", place="日期"
        )
    if stage != link.stage + 1:
        now = CHINESE[link.stage]
        raise RuleViolation(
            f"这一户现在是“{now}”，不能直接登记“{CHINESE[stage]}”。", remedy="请一步一步登记。"
        )
    if not link.visits:
        raise RuleViolation(
            "这一户还没有走访记录。", remedy="请先登记走访；没有见过面，谈不上阶段。"
        )


@dataclass(frozen=True, slots=True)
class StageLine:
    """Open links of a grid or a unit, by stage; `links` is the denominator."""

    name: str
    links: int
    by_stage: Mapping[LinkStage, int]


def stage_lines(
    rows: Iterable[tuple[str, int, int]],
) -> tuple[StageLine, ...]:
    """Sum up rows of (name, stage, links), in the order of names."""
    found: dict[str, dict[LinkStage, int]] = {}
    for name, stage, links in rows:
        of_name = found.setdefault(name, {})
        of_name[LinkStage(stage)] = of_name.get(LinkStage(stage), 0) + links
    return tuple(StageLine(name, sum(found[name].values()), found[name]) for name in sorted(found))


def total(lines: Sequence[StageLine], name: str) -> StageLine:
    """Add up the lines."""
    by_stage = {stage: sum(line.by_stage.get(stage, 0) for line in lines) for stage in LinkStage}
    return StageLine(name, sum(line.links for line in lines), by_stage)

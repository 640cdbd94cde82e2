"""Links by stage, as the page shows them."""

from collections.abc import Sequence
from functools import partial

from evalsys.domain.link_stage import CHINESE, LinkStage, StageLine
from evalsys.exports.table import Cell, Column, Table, tabulate


def _count(stage: LinkStage, line: StageLine) -> Cell:
    return line.by_stage.get(stage, 0)


COLUMNS: tuple[Column[StageLine], ...] = (
    Column("名称", 24, "网格或单位", lambda line: line.name),
    Column("联系户", 10, "在岗干部现在联系的户数", lambda line: line.links, "户"),
    *(
        Column(
            CHINESE[stage], 10, f"干部登记为“{CHINESE[stage]}”的户数", partial(_count, stage), "户"
        )
        for stage in LinkStage
    ),
)


def stage_table(lines: Sequence[StageLine], said: Sequence[str]) -> Table:
    """Tabulate the lines, the total first."""
    return tabulate("联系阶段", said, COLUMNS, lines)

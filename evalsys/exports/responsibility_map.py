"""The scales below one cell of the responsibility map, as the page lists them."""

from collections.abc import Sequence
from fractions import Fraction

from evalsys.domain.responsibility_map import Measure, Named, Scale, Standing
from evalsys.exports.table import Cell, Column, Table, Tenths, tabulate


def responsibility_table(standing: Standing, lines: Sequence[str]) -> Table:
    """Tabulate what lies below a cell; `lines` say as of when."""
    return tabulate("鱼鳞图", (standing.cell.name, *lines), COLUMNS, standing.below)


def persons_of(persons: Sequence[Named]) -> str:
    """Name who answers for a cell: name, unit and post, in the order of their numbers."""
    return "；".join(f"{each.name}（{each.unit}{each.post}）" for each in persons)


def measured(scale: Scale, measure: Measure) -> Cell:
    """Round a measure half up to a tenth, shares in percent; nothing without a denominator."""
    exact, times = scale.figures.measure(measure), 1 if measure is Measure.LOAD else 100
    return None if exact is None else Tenths(int(exact * times * 10 + Fraction(1, 2)))


COLUMNS: tuple[Column[Scale], ...] = (
    Column("编码", 16, "网格编码；干部一行没有", lambda s: s.code),
    Column("名称", 22, "网格名称或干部姓名", lambda s: s.name),
    Column("类别", 8, "网格类别，A、B、C 或空", lambda s: s.grid_class),
    Column("责任人", 40, "网格负责人或联系干部，姓名（单位职务）", lambda s: persons_of(s.persons)),
    Column("干部", 8, "在岗干部数", lambda s: s.figures.cadres),
    Column("联系户", 10, "这些干部现在联系的户数", lambda s: s.figures.households),
    Column("户均", 8, "每名干部联系的户数，到 0.1", lambda s: measured(s, Measure.LOAD)),
    Column("近期走访", 10, "九十天内走访过的联系户数", lambda s: s.figures.visited),
    Column("走访率", 8, "近期走访除以联系户，百分数", lambda s: measured(s, Measure.VISITED)),
    Column("诉求", 8, "登记的诉求数", lambda s: s.figures.requests),
    Column("已解决", 8, "其中已解决的", lambda s: s.figures.solved),
    Column("解决率", 8, "已解决除以诉求，百分数", lambda s: measured(s, Measure.SOLVED)),
)

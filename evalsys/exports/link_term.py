"""Links whose term is due, as the page lists them."""

from collections.abc import Sequence

from evalsys.domain.link_term import TermLine
from evalsys.exports.table import Column, Table, tabulate

TERM_COLUMNS: tuple[Column[TermLine], ...] = (
    Column("户编码", 14, "联系户的编码", lambda r: r.term.household),
    Column("干部编号", 10, "联系干部的编号", lambda r: r.term.cadre),
    Column("姓名", 10, "联系干部的姓名", lambda r: r.name),
    Column("单位", 24, "干部所在单位", lambda r: r.unit),
    Column("上级网格", 16, "第二级网格的名称", lambda r: r.township),
    Column("联系起始", 12, "开始联系这一户的日期", lambda r: r.term.link_since),
    Column("第几期", 8, "本期是第几期；续期一次加一", lambda r: r.term.number, "期"),
    Column("本期起始", 12, "本期的第一天", lambda r: r.term.begins),
    Column("期满日", 12, "期限已满的第一天", lambda r: r.ends),
    Column("状态", 8, "制表当日是否期满", lambda r: "已期满" if r.is_over else "将期满"),
)


def term_table(rows: Sequence[TermLine], lines: Sequence[str]) -> Table:
    """Tabulate links whose term is due."""
    return tabulate("联系期限", lines, TERM_COLUMNS, rows)

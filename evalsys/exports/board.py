"""A board as a table: what stands on the screen, with every denominator."""

from collections.abc import Sequence
from fractions import Fraction

from evalsys.domain.casework.board import Counts, Line, Share
from evalsys.exports.table import Cell, Column, Table, Tenths, tabulate


def board_table(title: str, lines: Sequence[str], rows: Sequence[Line], whole: Counts) -> Table:
    """Tabulate a board, its total on top; `lines` say of which grid, period and moment."""
    return tabulate(title, lines, COLUMNS, [Line("", "合计", whole), *rows])


def tenths_of(share: Fraction | None) -> Cell:
    """Write a share in percent, half up to a tenth; nothing where it has no denominator."""
    return None if share is None else Tenths(int(share * 1000 + Fraction(1, 2)))


def _share(share: Share) -> Column[Line]:
    titles = {
        Share.SOLVED: ("解决率", "已解决除以收到，百分数"),
        Share.LOWEST: ("就地解决率", "未上报即解决的，除以已解决，百分数"),
        Share.ANSWERED: ("答复率", "有答复记录的，除以收到，百分数"),
        Share.OVERDUE: ("超期率", "超期的除以在办，百分数"),
        Share.CONFIRMED: ("群众认可率", "群众确认已解决的，除以已办结，百分数；没有问到的不算认可"),
    }
    title, meaning = titles[share]
    return Column(title, 10, meaning, lambda line: tenths_of(line.counts.share(share)))


COLUMNS: tuple[Column[Line], ...] = (
    Column("编码", 14, "网格、单位编码或干部编号；合计没有", lambda r: r.code),
    Column("名称", 24, "网格、单位或干部", lambda r: r.name),
    Column("收到", 8, "本期提出的诉求", lambda r: r.counts.raised),
    Column("在办", 8, "现在还没有办结的", lambda r: r.counts.open),
    Column("超期", 8, "在办而已过答复期限的", lambda r: r.counts.overdue),
    Column("办结", 8, "已办结的，无论何种原因", lambda r: r.counts.closed),
    Column("已解决", 8, "办结时称已解决或已解释的", lambda r: r.counts.solved),
    _share(Share.SOLVED),
    Column("就地解决", 9, "未上报即解决的", lambda r: r.counts.solved_lowest),
    _share(Share.LOWEST),
    Column("已答复", 8, "有答复记录的", lambda r: r.counts.answered),
    _share(Share.ANSWERED),
    Column("有说法", 8, "已向群众说明的", lambda r: r.counts.explained),
    Column("有结论", 8, "已作出结论的", lambda r: r.counts.concluded),
    _share(Share.OVERDUE),
    Column("群众认可", 9, "群众说已经解决的", lambda r: r.counts.confirmed),
    Column("群众否认", 9, "群众说没有解决的", lambda r: r.counts.contradicted),
    Column("未核实", 8, "办结而没有问到群众的", lambda r: r.counts.unverified),
    _share(Share.CONFIRMED),
    Column("历史遗留", 9, "以历史遗留办结的", lambda r: r.counts.legacy),
    Column("政策限制", 9, "以政策限制办结的", lambda r: r.counts.policy),
    Column("其他办结", 9, "不属实、重复、撤回", lambda r: r.counts.other),
    Column("重开", 6, "重开过的", lambda r: r.counts.reopened),
    Column("信访", 6, "以来信来访提出的", lambda r: r.counts.petitions),
    Column("走访", 8, "本期登记的走访次数", lambda r: r.counts.visits),
)

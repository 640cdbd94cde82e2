"""The quality of the roster's data as tables: what stands on the page, with every denominator."""

from collections.abc import Sequence
from fractions import Fraction

from evalsys.domain.roster_quality import Lacking, QualityLine
from evalsys.exports.table import Cell, Column, Table, Tenths, tabulate

_LINKED, _DIALABLE, _SIZED, _FORM = range(4)


def _percent(share: Fraction | None) -> Cell:
    return None if share is None else Tenths(int(share * 1000 + Fraction(1, 2)))


def _share(title: str, meaning: str, at: int) -> Column[QualityLine]:
    return Column(title, 14, meaning, lambda one: _percent(one.quality.shares[at]), "%")


QUALITY_COLUMNS: tuple[Column[QualityLine], ...] = (
    Column("编码", 18, "网格编码；合计没有", lambda one: one.code),
    Column("名称", 22, "网格名称", lambda one: one.name),
    Column("户数", 8, "花名册上的联系户", lambda one: one.quality.households, "户"),
    Column("数据质量", 10, "后四项的平均，百分数", lambda one: _percent(one.quality.score), "%"),
    _share("联系干部唯一", "有且只有一名在岗联系干部的户除以户数，百分数", _LINKED),
    _share("电话可拨", "至少有一个合格号码的户除以户数，百分数", _DIALABLE),
    _share("人口已填", "家庭人口已填的户除以户数，百分数", _SIZED),
    _share("民情表已填", "民情表有内容的户，除以户数减去自己要求删除的户，百分数", _FORM),
)


def _lacks(title: str, name: str) -> Column[Lacking]:
    meaning = "缺的写“缺”"
    return Column(title, 14, meaning, lambda one: "" if getattr(one, name) else "缺")


LACKING_COLUMNS: tuple[Column[Lacking], ...] = (
    Column("户编码", 20, "联系户的编码", lambda one: one.household),
    _lacks("联系干部唯一", "linked"),
    _lacks("电话可拨", "dialable"),
    _lacks("人口已填", "sized"),
    _lacks("民情表已填", "form"),
)


def quality_table(lines: Sequence[str], rows: Sequence[QualityLine]) -> Table:
    """Tabulate grids; `lines` say of which grid and moment."""
    return tabulate("数据质量", lines, QUALITY_COLUMNS, rows)


def lacking_table(lines: Sequence[str], rows: Sequence[Lacking]) -> Table:
    """Tabulate the households on a grid that lack something."""
    return tabulate("缺项的户", lines, LACKING_COLUMNS, rows)

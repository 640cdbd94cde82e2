"""What households made of programmes in a year, as the screen shows it (Y38-Y39)."""

from collections.abc import Sequence
from dataclasses import dataclass

from evalsys.domain.programme_results import ProgrammeResult
from evalsys.domain.scoring import BAND_WORDS, Band
from evalsys.exports.table import Cell, Column, Table, Tenths, tabulate

TITLE = "项目评议"


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """One result with the unit and the programme that it is about; empty where not brought in."""

    unit: str
    programme: str
    result: ProgrammeResult


def programmes_table(rows: Sequence[ProgrammeRow], year: int) -> Table:
    """Tabulate a year's results; the figures are those that everybody may see."""
    return tabulate(TITLE, (f"考核年度 {year}　彩排只作展示，不计入考核",), COLUMNS, rows)


def _mean(row: ProgrammeRow) -> Cell:
    result = row.result
    if result.mean_tenths is not None:
        return Tenths(result.mean_tenths)
    return "答复不足，不公布" if result.band is Band.TOO_FEW else BAND_WORDS[result.band]


COLUMNS: tuple[Column[ProgrammeRow], ...] = (
    Column("单位", 20, "办理项目的单位", lambda r: r.unit or None),
    Column("项目编号", 10, "以 9 开头的 8 位编号", lambda r: r.result.programme),
    Column("项目", 24, "项目名称", lambda r: r.programme or None),
    Column("会议", 24, "评议的会议", lambda r: r.result.title),
    Column("日期", 11, "评议的日期", lambda r: r.result.held_on),
    Column("彩排", 6, "彩排不计入考核", lambda r: "是" if r.result.rehearsal else "否"),
    Column("连线户", 8, "打开过电话号码的户数", lambda r: r.result.called),
    Column("打分户", 8, "打分的户数", lambda r: r.result.answered),
    Column("满意户", 8, "说满意的户数；人数过少的为空", lambda r: r.result.satisfied),
    Column("平均分", 16, "满分 5 分；打分一致的只写分档，人数过少的不公布", _mean),
)

"""Opening a rule workbook: the rows of each of its sheets, as they are typed, and what is amiss."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from evalsys.domain.roster_cells import Cell
from evalsys.domain.rulesheet import SHEETS, Note
from evalsys.errors import InvalidInput
from evalsys.store.roster_files import Table, open_tables
from evalsys.store.xlsx_cells import calculated_cells
from evalsys.store.xlsx_guard import Limits

MAX_ROWS = 2_000
"""Rows of one sheet; the longest county rulebook has some hundred."""
SHOWN = 50
"""Cells that are named before the rest is only counted."""
LIMITS = Limits(
    unzipped_bytes=32 * 2**20,
    area=200_000,
    remedy=f"规则集每张表最多 {MAX_ROWS} 行，请删除多余的行、图片和工作表。",
)


@dataclass(frozen=True, slots=True)
class RuleWorkbook:
    """The sheets by name, row by row from A1, and every fault that a table of values hides.

    A sheet that no rule set has is named and left empty.
    """

    tables: dict[str, list[list[Cell]]]
    faults: tuple[Note, ...]


def read_rule_workbook(path: Path, name: str = "") -> RuleWorkbook:
    """Read every sheet; `name` is what messages call the file, by default its own.

    Raises:
        InvalidInput: no workbook, damaged, with macros, or longer than any rule set.
    """
    name = name or path.name
    tables: dict[str, list[list[Cell]]] = {}
    faults: list[Note] = []
    for table in open_tables(path, name, LIMITS):
        sheet = table.sheet.strip()
        if not table.sheet:
            raise InvalidInput(
                "规则集须是 .xlsx 工作簿，这是文本文件。",
                remedy="请把 规则、字段字典、样例 三张表放在一个 .xlsx 里。",
                place=name,
            )
        if table.height > MAX_ROWS:
            raise InvalidInput(
                f"工作表“{sheet}”有 {table.height} 行，最多 {MAX_ROWS} 行。",
                remedy="请删除多余的行。",
                place=name,
            )
        if sheet not in SHEETS:
            tables.setdefault(sheet, [])
            continue
        if sheet in tables:
            faults.append(Note(sheet, f"有两张名为“{sheet}”的工作表", "请只保留一张"))
        faults += [
            Note(sheet, f"{part}是隐藏的", "请取消隐藏，让每个人都能看到它")
            for _, part in table.unseen
        ]
        faults += _merged(sheet, table)
        tables[sheet] = [list(cells) for _, cells in table.rows]
    return RuleWorkbook(tables, (*faults, *_calculated(path, name)))


def _merged(sheet: str, table: Table) -> list[Note]:
    return [
        Note(
            f"{sheet}!{place}",
            "是合并单元格，下面和右边的格子其实是空的",
            "请取消合并，逐格填写",
        )
        for place in table.merged_at
    ]


def _calculated(path: Path, name: str) -> list[Note]:
    cells = list(islice(calculated_cells(path, name, SHEETS), SHOWN + 1))
    notes = [
        Note(place, "是公式或公式出错的结果，规则表里不放公式", "请粘贴为数值")
        for place in cells[:SHOWN]
    ]
    if len(cells) > SHOWN:
        notes.append(Note(name, "还有更多公式", "请全部粘贴为数值"))
    return notes

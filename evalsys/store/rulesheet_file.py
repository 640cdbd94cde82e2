"""Opening a rule workbook: the rows of each of its sheets, as they are typed."""

from pathlib import Path

from evalsys.domain.roster_cells import Cell
from evalsys.errors import InvalidInput
from evalsys.store.roster_files import open_tables

MAX_ROWS = 20_000
"""Rows of one sheet; the longest county rulebook has some hundred."""


def read_rule_workbook(path: Path) -> dict[str, list[list[Cell]]]:
    """Read every sheet, row by row from A1.

    Raises:
        InvalidInput: no workbook, damaged, with macros, or longer than any rule set.
    """
    sheets: dict[str, list[list[Cell]]] = {}
    for table in open_tables(path, path.name):
        if not table.sheet:
            raise InvalidInput(
                "规则集须是 .xlsx 工作簿，这是文本文件。",
                remedy="请把 规则、字段字典、样例 三张表放在一个 .xlsx 里。",
                place=path.name,
            )
        if table.height > MAX_ROWS:
            raise InvalidInput(
                f"工作表“{table.sheet}”有 {table.height} 行，最多 {MAX_ROWS} 行。",
                remedy="请删除多余的行。",
                place=path.name,
            )
        sheets[table.sheet.strip()] = [list(cells) for _, cells in table.rows]
    return sheets

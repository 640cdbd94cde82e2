"""The table in which a unit hands in whom its programmes served; apart from the roster's tables."""

from typing import Final

from evalsys.domain import roster_cells as cells
from evalsys.domain.programme import is_programme_number
from evalsys.domain.roster_cells import Cell, CellFault, Mended, Parsed
from evalsys.domain.roster_sheets import Column, Kind, Sheet

_WRONG_NUMBER: Final = (
    "项目编号应为以9开头的8位数字",
    "请按项目登记表改正；以其他数字开头的是干部编号。",
)


def _programme_number(cell: Cell) -> Parsed:
    """Read an eight-digit number that begins with 9."""
    try:
        number = cells.cadre_number(cell)
    except Mended as mended:
        if is_programme_number(str(mended.value)):
            raise
        raise CellFault(*_WRONG_NUMBER) from None
    except CellFault:
        raise CellFault(*_WRONG_NUMBER) from None
    if not is_programme_number(str(number)):
        raise CellFault(*_WRONG_NUMBER)
    return number


SERVICES: Final = Sheet(
    Kind.SERVICES,
    "项目服务对象",
    (
        Column("programme", "项目编号", _programme_number),
        Column("name", "项目名称", cells.label, other_headers=("项目",)),
        Column("unit", "单位编码", cells.label, other_headers=("单位", "责任单位", "单位名称")),
        Column("household", "户编码", cells.household_code, other_headers=("服务对象户编码",)),
        Column("item", "服务事项", cells.label, other_headers=("事项", "服务内容")),
        Column("served_on", "办理日期", cells.day, other_headers=("服务日期", "办结日期")),
    ),
    key=("programme", "household", "item", "served_on"),
)
"""`unit` is a unit's code, or its name where that is one unit's alone."""

"""The taxonomy as the table that can be brought in again."""

from evalsys.domain.taxonomy import TAXONOMY, Entry, Taxonomy
from evalsys.exports.table import Column, Table, tabulate


def taxonomy_table(title: str, lines: tuple[str, ...], taxonomy: Taxonomy) -> Table:
    """Lay out every entry under the headers by which an import knows the sheet.

    The lines must be few: the header is looked for in the first ten rows.
    """
    return tabulate(title, lines, _COLUMNS, taxonomy.entries)


def _yes_no(admitted: bool | None) -> str:  # noqa: FBT001 - the value of a cell
    if admitted is None:
        return ""
    return "是" if admitted else "否"


_CELLS = {
    "code": (14, "编码，全表唯一", lambda one: one.code),
    "name": (24, "名称", lambda one: one.name),
    "parent": (14, "上级的编码；最上层为空", lambda one: one.parent),
    "admitted": (10, "能否下派网格；空为随上级", lambda one: _yes_no(one.admitted)),
    "reason": (40, "不能下派的理由", lambda one: one.reason),
    "urgency": (10, "紧急、较急、一般；空为随上级", lambda one: one.urgency or ""),
}
_COLUMNS: tuple[Column[Entry], ...] = tuple(
    Column(column.header, *_CELLS[column.name]) for column in TAXONOMY.columns
)

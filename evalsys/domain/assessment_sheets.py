"""The tables in which scores and petition statistics are handed in (Y57, L28, Y77, Y85)."""

from typing import Final

from evalsys.domain import roster_cells as cells
from evalsys.domain.assessment import Component
from evalsys.domain.component_scores import UNIT_COMPONENTS
from evalsys.domain.cycles import read_code
from evalsys.domain.roster_cells import Cell, CellFault, Mended, Parsed, Parser
from evalsys.domain.roster_sheets import Column, Kind, Sheet

_TREND_ONLY = "信访"
_PEOPLE = cells.whole(0, 1_000_000)
_YEARS = cells.whole(2000, 2100)


def cycle(cell: Cell) -> Parsed:
    """Read the code of a cycle: 2026, 2026Q3, or as people write it."""
    if not isinstance(cell, str):
        return str(_YEARS(cell))
    text = cell.strip()
    code = read_code(text)
    if code is None:
        raise CellFault("不是考核周期", "年度写 2026，季度写 2026Q3。")
    if code != text:
        raise Mended(str(code), f"考核周期已写成 {code}")
    return str(code)


def _component(of: tuple[Component, ...]) -> Parser:
    words: dict[str, Parsed] = {each.value: each.value for each in of}
    read = cells.one_of(words)

    def parse(cell: Cell) -> Parsed:
        if isinstance(cell, str) and _TREND_ONLY in cell:
            raise CellFault(
                "信访统计只作趋势分析，不得作为考核成绩",
                "请改用“信访统计”表，它不计入任何人的成绩。",
            )
        return read(cell)

    return parse


def _scores(kind: Kind, title: str, who: Column, of: tuple[Component, ...], name: str) -> Sheet:
    return Sheet(
        kind,
        title,
        (
            who,
            Column("name", name, cells.label, needed=False, blank=""),
            Column("component", "考核项目", _component(of), other_headers=("项目", "考核内容")),
            Column("cycle", "考核周期", cycle, other_headers=("周期",)),
            Column("tenths", "得分", cells.tenths, other_headers=("分数", "成绩")),
            Column("asked", "应询人数", _PEOPLE, needed=False, other_headers=("应评人数",)),
            Column("called", "拨打人数", _PEOPLE, needed=False),
            Column("reached", "接通人数", _PEOPLE, needed=False, other_headers=("到访人数",)),
            Column("answered", "作答人数", _PEOPLE, needed=False, other_headers=("参评人数",)),
            Column("document", "依据文件", cells.long_text, other_headers=("依据", "文号")),
            Column("held_on", "测评日期", cells.day, other_headers=("日期", "考核日期")),
        ),
        key=("code", "component", "cycle"),
        spans=(
            ("answered", "reached"),
            ("reached", "called"),
            ("called", "asked"),
            ("reached", "asked"),
            ("answered", "asked"),
        ),
    )


_CADRE: Final = Column("code", "干部编号", cells.cadre_number, other_headers=("编号", "干部编码"))
_NAME: Final = Column("name", "姓名", cells.label, needed=False, blank="")

CADRE_SCORES: Final = _scores(
    Kind.CADRE_SCORES,
    "干部考核成绩",
    _CADRE,
    tuple(Component),
    "姓名",
)
"""`name` is there to catch a mistyped number: it must be the roster's."""

UNIT_SCORES: Final = _scores(
    Kind.UNIT_SCORES,
    "单位考核成绩",
    Column("code", "单位编码", cells.code),
    tuple(each for each in UNIT_COMPONENTS if each is not Component.HOUSEHOLD),
    "单位名称",
)
"""The household appraisal of a unit is that of its cadres and is never handed in."""

PETITIONS: Final = Sheet(
    Kind.PETITIONS,
    "信访统计",
    (
        Column("cycle", "考核周期", cycle, other_headers=("周期",)),
        Column("place", "范围", cells.label, other_headers=("乡镇", "地区")),
        Column("kind", "信访类别", cells.label, other_headers=("类别", "指标")),
        Column("count", "件次", _PEOPLE, other_headers=("件数", "数量")),
        Column("document", "依据文件", cells.long_text, other_headers=("依据", "文号")),
    ),
    key=("cycle", "place", "kind"),
)

STATUTORY: Final = Sheet(
    Kind.STATUTORY,
    "法定年度考核等次",
    (
        _CADRE,
        _NAME,
        Column("year", "年度", _YEARS, other_headers=("考核年度",)),
        Column("grade", "法定年度考核等次", cells.label, other_headers=("法定等次",)),
        Column("document", "依据文件", cells.long_text, other_headers=("依据", "文号")),
        Column("held_on", "认定日期", cells.day, other_headers=("日期",)),
    ),
    key=("code", "year"),
)
"""Grades of the national assessment, decided elsewhere; the local grade is never one of them."""

UNIT_KINDS: Final = Sheet(
    Kind.UNIT_KINDS,
    "单位类别",
    (
        Column("code", "单位编码", cells.code),
        Column("kind", "单位类别", cells.label),
        Column("document", "依据文件", cells.long_text, other_headers=("依据", "文号")),
    ),
    key=("code",),
)

PEERS: Final = Sheet(
    Kind.PEERS,
    "同类组",
    (
        _CADRE,
        _NAME,
        Column("group", "同类组", cells.label, needed=False, blank=""),
        Column("reason", "指定理由", cells.long_text, other_headers=("理由",)),
    ),
    key=("code",),
)
"""An empty group puts the cadre back to rank and kind of unit."""

ASSESSMENT_SHEETS: Final = (CADRE_SCORES, UNIT_SCORES, STATUTORY, UNIT_KINDS, PEERS, PETITIONS)
"""What `evalsys import assessment` knows; each is told by its header row."""

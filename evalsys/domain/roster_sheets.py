"""The tables that a roster is handed in as: their columns, keys and references, as data.

A sheet is recognised by its header row. The generator of fictitious counties writes what is
declared here, the importer reads it, `docs/formats/roster.md` explains it.
"""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from evalsys.domain import roster_cells as cells
from evalsys.domain.protection import WRITTEN
from evalsys.domain.roster import MAX_LEVELS, RequestState, VisitKind
from evalsys.domain.roster_cells import Parsed, Parser
from evalsys.domain.roster_ranks import OUTSIDE_THE_ROSTER, RANKS, StaffType


class Kind(StrEnum):
    """What a sheet holds."""

    LEVELS = "levels"
    GRIDS = "grids"
    UNITS = "units"
    CADRES = "cadres"
    HEADS = "heads"
    STAFF = "staff"
    """Whom a grid has beside its heads and cadres (L04)."""
    HOUSEHOLDS = "households"
    LINKS = "links"
    VISITS = "visits"
    REQUESTS = "requests"
    ASSESSMENT = "assessment"
    SERVICES = "services"
    """Whom programmes served: handed in apart, see `programme_sheet`."""
    CADRE_SCORES = "cadre_scores"
    UNIT_SCORES = "unit_scores"
    STATUTORY = "statutory"
    UNIT_KINDS = "unit_kinds"
    PEERS = "peers"
    PETITIONS = "petitions"
    """What an assessment is made of: handed in apart, see `assessment_sheets`."""
    PANEL = "panel"
    """Who is invited to a session's panel: handed in apart, see `panel_roster`."""
    TAXONOMY = "taxonomy"
    """Classes of requests: handed in apart, see `taxonomy`."""
    ATTENDANCE = "attendance"
    """Who was at a station: handed in apart, see `station_day`."""
    AGENDA = "agenda"
    """What an assembly answers: handed in apart, see `agenda_sheet`."""
    HOUSEHOLD_FORM = "household_form"
    """What households tell of themselves: handed in apart, see `household_form_sheet`."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `blank` is the value of an empty cell where one is allowed."""

    name: str
    header: str
    parse: Parser
    needed: bool = True
    """Whether the column must be there; a cell of a needed column must be filled, too."""
    blank: Parsed = None
    refers: Kind | None = None
    """The kind whose key this column must name."""
    other_headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of sheet. `key` names the columns that may not repeat over all files."""

    kind: Kind
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    spans: tuple[tuple[str, str], ...] = ()
    """Pairs of columns, dates or counts, of which the second may not be less than the first."""
    others_too: tuple[str, ...] = ()
    """Columns that another room records, too: a row that fills none of them leaves them alone."""

    def column(self, name: str) -> Column:
        """Find a column by its name."""
        return next(column for column in self.columns if column.name == name)


PHONE_COLUMNS: Final = ("phones", "more_phones")
"""Columns whose values are telephone numbers: sealed, and staged apart."""

_STAFF = {
    "公务员": StaffType.CIVIL_SERVANT.value,
    "参公人员": StaffType.CIVIL_SERVANT.value,
    "事业": StaffType.INSTITUTION.value,
    "事业编": StaffType.INSTITUTION.value,
    "事业人员": StaffType.INSTITUTION.value,
}

_MEASURES = {word: measure.value for word, measure in WRITTEN.items()}

_NUMBER = ("编号", "干部编码")
_DEPTH = cells.whole(1, MAX_LEVELS)
_RANK = cells.one_of({rank: rank for rank in RANKS})
_YEAR = cells.whole(2000, 2100)
_HOUSES = cells.whole(0, 9999)

_SHEETS: Final = (
    Sheet(
        Kind.LEVELS,
        "网格层级",
        (
            Column("depth", "层级", _DEPTH),
            Column("name", "层级名称", cells.label),
            Column("head_count", "负责人数", cells.whole(1, 9), needed=False, blank=1),
            Column("head_min_rank", "负责人最低职级", _RANK, needed=False, blank=""),
            Column("holds_households", "挂联系户", cells.yes_no, needed=False, blank=False),
            Column("holds_cadres", "挂干部", cells.yes_no, needed=False, blank=False),
        ),
        key=("depth",),
    ),
    Sheet(
        Kind.GRIDS,
        "网格",
        (
            Column("code", "网格编码", cells.code),
            Column("name", "网格名称", cells.label),
            Column("depth", "层级", _DEPTH),
            Column("parent", "上级网格编码", cells.code, needed=False, refers=Kind.GRIDS),
            Column(
                "grid_class",
                "网格类别",
                cells.one_of({"A": "A", "B": "B", "C": "C"}),
                needed=False,
                blank="",
            ),
        ),
        key=("code",),
    ),
    Sheet(
        Kind.UNITS,
        "单位",
        (
            Column("code", "单位编码", cells.code),
            Column("name", "单位名称", cells.label),
            Column(
                "principal",
                "主要负责人编号",
                cells.cadre_number,
                needed=False,
                refers=Kind.CADRES,
            ),
            Column("phones", "办公电话", cells.phones, needed=False, blank=()),
        ),
        key=("code",),
    ),
    Sheet(
        Kind.CADRES,
        "干部",
        (
            Column("number", "干部编号", cells.cadre_number, other_headers=_NUMBER),
            Column("name", "姓名", cells.person_name),
            Column("unit", "单位编码", cells.code, refers=Kind.UNITS),
            Column("post", "职务", cells.label),
            Column("rank", "职级", _RANK),
            Column("staff_type", "人员类别", cells.one_of(_STAFF, OUTSIDE_THE_ROSTER)),
            Column("grid", "联系网格编码", cells.code, refers=Kind.GRIDS),
            Column("on_probation", "试用期", cells.yes_no, needed=False, blank=False),
            Column("probation_from", "试用期起", cells.day, needed=False),
            Column("probation_until", "试用期止", cells.day, needed=False),
            Column("left_on", "离任日期", cells.day, needed=False),
            Column("left_reason", "离任原因", cells.label, needed=False, blank=""),
            Column(
                "phones",
                "联系电话",
                cells.phones,
                needed=False,
                blank=(),
                other_headers=("手机号", "电话"),
            ),
        ),
        key=("number",),
        spans=(("probation_from", "probation_until"),),
        others_too=("on_probation", "probation_from", "probation_until"),  # an appointment (Y60)
    ),
    Sheet(
        Kind.HEADS,
        "网格负责人",
        (
            Column("grid", "网格编码", cells.code, refers=Kind.GRIDS),
            Column("cadre", "负责人编号", cells.cadre_number, refers=Kind.CADRES),
            Column("since", "任职起始", cells.day),
            Column("until", "任职截止", cells.day, needed=False),
        ),
        key=("grid", "cadre", "since"),
        spans=(("since", "until"),),
    ),
    Sheet(
        Kind.STAFF,
        "网格人员",
        (
            Column("grid", "网格编码", cells.code, refers=Kind.GRIDS),
            Column("role", "角色", cells.label),
            Column("name", "姓名", cells.person_name),
            Column("sent_by", "来源", cells.label, needed=False, blank=""),
            Column("since", "任职起始", cells.day),
            Column("until", "任职截止", cells.day, needed=False),
        ),
        key=("grid", "role", "name", "since"),
        spans=(("since", "until"),),
    ),
    Sheet(
        Kind.HOUSEHOLDS,
        "联系户",
        (
            Column("code", "户编码", cells.household_code),
            Column("head", "户主姓名", cells.person_name, other_headers=("户主",)),
            Column("grid", "所属网格编码", cells.code, refers=Kind.GRIDS),
            Column("members", "家庭人口", cells.whole(1, 99), needed=False),
            Column(
                "phones",
                "联系电话",
                cells.phones,
                needed=False,
                blank=(),
                other_headers=("手机号", "电话"),
            ),
            Column("more_phones", "备用电话", cells.phones, needed=False, blank=()),
            Column("protection", "保护措施", cells.one_of(_MEASURES), needed=False, blank=""),
            Column("calling_time", "方便接听时段", cells.calling_time, needed=False, blank=""),
            Column("dialect", "方言", cells.dialect, needed=False, blank=""),
        ),
        key=("code",),
    ),
    Sheet(
        Kind.LINKS,
        "联系关系",
        (
            Column("household", "户编码", cells.household_code, refers=Kind.HOUSEHOLDS),
            Column("cadre", "干部编号", cells.cadre_number, refers=Kind.CADRES),
            Column("since", "联系起始", cells.day),
            Column("until", "联系截止", cells.day, needed=False),
            Column("reason", "变更原因", cells.label, needed=False, blank=""),
        ),
        key=("household", "cadre", "until"),
        spans=(("since", "until"),),
    ),
    Sheet(
        Kind.VISITS,
        "走访记录",
        (
            Column("household", "户编码", cells.household_code, refers=Kind.HOUSEHOLDS),
            Column("cadre", "干部编号", cells.cadre_number, refers=Kind.CADRES),
            Column("visited_on", "走访日期", cells.day),
            Column("note", "走访情况", cells.long_text, needed=False, blank=""),
            Column(
                "kind",
                "走访方式",
                cells.one_of({kind.value: kind.value for kind in VisitKind}),
                needed=False,
                blank=VisitKind.HOME.value,
            ),
        ),
        key=("cadre", "household", "visited_on"),
    ),
    Sheet(
        Kind.REQUESTS,
        "诉求台账",
        (
            Column("code", "诉求编号", cells.code),
            Column("household", "户编码", cells.household_code, refers=Kind.HOUSEHOLDS),
            Column("cadre", "干部编号", cells.cadre_number, refers=Kind.CADRES),
            Column("raised_on", "提出日期", cells.day),
            Column("text", "诉求内容", cells.long_text),
            Column(
                "state",
                "办理状态",
                cells.one_of({state.value: state.value for state in RequestState}),
            ),
            Column("solved_on", "办结日期", cells.day, needed=False),
            Column("answer", "办理结果", cells.long_text, needed=False, blank=""),
        ),
        key=("code",),
        spans=(("raised_on", "solved_on"),),
    ),
    Sheet(
        Kind.ASSESSMENT,
        "年度考核",
        (
            Column("cadre", "干部编号", cells.cadre_number, refers=Kind.CADRES),
            Column("year", "年度", _YEAR),
            Column("household_score_tenths", "联系户评议得分", cells.tenths, needed=False),
            Column("households_linked", "联系户数", _HOUSES, needed=False, blank=0),
            Column("households_answered", "作答户数", _HOUSES, needed=False, blank=0),
            Column("unit_rating_tenths", "单位民主测评得分", cells.tenths, needed=False),
            Column("inspection_tenths", "明察暗访得分", cells.tenths, needed=False),
        ),
        key=("cadre", "year"),
        spans=(("households_answered", "households_linked"),),
    ),
)

SHEETS: Final = MappingProxyType({sheet.kind: sheet for sheet in _SHEETS})
"""Every kind of sheet, in the order in which they depend on each other."""

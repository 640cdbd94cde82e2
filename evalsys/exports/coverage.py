"""How complete the year is: results entered and households heard, unit by unit."""

from dataclasses import dataclass

from evalsys.domain.personnel_county import Evaluation, UnitStanding
from evalsys.domain.roster_coverage import Coverage, Gap
from evalsys.exports.decisions import heading
from evalsys.exports.table import Column, Table, Tenths, explained, tabulate

TITLE = "覆盖"


def coverage_table(evaluation: Evaluation, roster: Coverage) -> Table:
    """Tabulate, unit by unit, how many cadres have a result and how many households spoke.

    `roster` is how well the roster covers the county at present; it stands on top.
    """
    rows = coverage_rows(evaluation)
    whole = rows[0]
    lines = (
        *heading(evaluation),
        *_roster_lines(roster),
        f"考核数据：全县联系 {whole.linked} 户，参评 {whole.answered} 户",
        f"考核等次：已有 {whole.graded} 人，待核 {whole.cadres - whole.graded} 人",
    )
    return tabulate(TITLE, lines, COLUMNS, rows)


def _roster_lines(roster: Coverage) -> tuple[str, ...]:
    gaps = roster.gaps
    overlaps, gap, idle = gaps[Gap.TWO_CADRES], gaps[Gap.NO_CADRE], gaps[Gap.NO_HOUSEHOLD]
    return (
        f"联系名册：干部 {roster.cadres} 人，其中没有联系户的 {idle} 人",
        f"联系户：{roster.households} 户，没有联系干部 {gap} 户，多于一名 {overlaps} 户",
        f"电话不能拨打的联系户：{roster.undialable} 户",
    )


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """How complete the year is in one unit; the first row is the whole county."""

    name: str
    cadres: int
    entered: int
    graded: int
    linked: int
    answered: int
    qualified: int
    """Results within the window, as are `pending` and `person_times`."""
    pending: int
    person_times: int
    unqualified: str = ""
    """Who was found unqualified, and in which year."""
    standing: UnitStanding | None = None


def coverage_rows(evaluation: Evaluation) -> list[CoverageRow]:
    """Count results and answers by unit, most person-times first, the county's total on top."""
    names = {one.cadre.number: one.cadre.name for one in evaluation.assessed}
    counted = dict.fromkeys((unit.unit for unit in evaluation.units), (0, 0, 0, 0, 0))
    for one in evaluation.assessed:
        annual = one.annual
        entered = annual.linked > 0 or any(p.score_tenths is not None for p in annual.parts)
        own = (1, entered, annual.grade is not None, annual.linked, annual.answered)
        counted[one.cadre.unit] = _added(counted[one.cadre.unit], own)
    rows = [
        CoverageRow(
            unit.name,
            *counted[unit.unit],
            unit.qualified,
            unit.pending,
            unit.person_times,
            "；".join(f"{names[who]} {who} {year}" for who, year in unit.unqualified),
            unit,
        )
        for unit in sorted(evaluation.units, key=lambda unit: -unit.person_times)
    ]
    whole = CoverageRow(
        name="全县",
        cadres=sum(row.cadres for row in rows),
        entered=sum(row.entered for row in rows),
        graded=sum(row.graded for row in rows),
        linked=sum(row.linked for row in rows),
        answered=sum(row.answered for row in rows),
        qualified=sum(row.qualified for row in rows),
        pending=sum(row.pending for row in rows),
        person_times=sum(row.person_times for row in rows),
    )
    return [whole, *rows]


_Counts = tuple[int, int, int, int, int]


def _added(left: _Counts, right: _Counts) -> _Counts:
    a, b, c, d, e = (x + y for x, y in zip(left, right, strict=True))
    return a, b, c, d, e


def unit_consequence(unit: UnitStanding) -> str:
    """Say what follows for a unit, and whom it concerns."""
    if unit.is_admonished:
        names = "、".join(cadre.name for cadre in unit.principals)
        return f"诫勉主要负责人：{names or '未登记，须先查明'}"
    return "未结的结果可能使之达到人次" if unit.may_yet_be else ""


_COLUMNS: tuple[Column[CoverageRow], ...] = (
    Column("单位", 22, "单位名称；首行为全县合计", lambda r: r.name),
    Column("干部数", 9, "基准日在册干部数", lambda r: r.cadres),
    Column("已录入", 9, "录入了年度考核数据的干部数", lambda r: r.entered),
    Column("有等次", 9, "考核等次为合格或不合格的干部数", lambda r: r.graded),
    Column("待核", 9, "还没有考核等次的干部数", lambda r: r.cadres - r.graded),
    Column("联系户数", 10, "这些干部的联系户总数", lambda r: r.linked),
    Column("参评户数", 10, "参加综合评议的户数", lambda r: r.answered),
    Column(
        "参评率",
        9,
        "参评户数除以联系户数，百分数，四舍五入到 0.1；没有联系户的为空",
        lambda r: Tenths((2000 * r.answered + r.linked) // (2 * r.linked)) if r.linked else None,
    ),
    Column(
        "不合格人次",
        10,
        "累计期内不合格的人次",
        lambda r: r.person_times,
    ),
    Column(
        "后果",
        26,
        "达到人次的，诫勉主要负责人；未结的结果还可能使之达到的，提示",
        lambda r: unit_consequence(r.standing) if r.standing else None,
    ),
    Column("累计合格人次", 11, "累计期内合格的人次", lambda r: r.qualified),
    Column("累计未结人次", 11, "累计期内还没有等次的人次", lambda r: r.pending),
    Column("不合格的干部", 30, "累计期内不合格的干部和考核年度", lambda r: r.unqualified or None),
)

COLUMNS = explained(
    _COLUMNS,
    units={
        "人": ("干部数", "已录入", "有等次", "待核"),
        "户": ("联系户数", "参评户数"),
        "%": ("参评率",),
        "人次": ("不合格人次", "累计合格人次", "累计未结人次"),
    },
    sources={
        "干部名册": ("单位", "干部数"),
        "年度考核": (
            "已录入",
            "有等次",
            "待核",
            "联系户数",
            "参评户数",
            "不合格人次",
            "累计合格人次",
            "累计未结人次",
            "不合格的干部",
        ),
        "规则集": ("后果",),
    },
)

"""Units' year, one row a unit: score, coverage, every component with its n."""

from evalsys.domain.assessment import Component, Part, show_tenths
from evalsys.domain.personnel_county import Evaluation
from evalsys.domain.suppression import Pooled
from evalsys.domain.unit_year import CountyYear, UnitYear
from evalsys.exports.decisions import counts_in_words, heading
from evalsys.exports.table import Column, Table, Tenths, tabulate

TITLE = "单位年度"


def unit_years_table(evaluation: Evaluation, county: CountyYear) -> Table:
    """Tabulate units in the order of their codes; the county's figure stands on top."""
    whole = "不显示" if county.whole.tenths is None else show_tenths(county.whole.tenths)
    lines = (*heading(evaluation), f"全县联系户综合评议 {whole}（作答 {county.whole.n} 户）")
    return tabulate(TITLE, lines, COLUMNS, county.units)


def _score(row: UnitYear, component: Component) -> Tenths | str | None:
    part = row.part(component)
    if part.band is not None:
        return part.shown
    return None if part.score_tenths is None else Tenths(part.score_tenths)


def _told(part: Part) -> str:
    score = f" {part.shown}" if part.shown else ""
    note = f"，{part.note}" if part.note else ""
    return f"{part.component}{score}×{part.weight}%{counts_in_words(part.counts)}{note}"


def _left_out(part: Part) -> str:
    score = f" {part.shown}" if part.shown else ""
    note = f"，{part.note}" if part.note else ""
    return f"{part.component}{score}（{part.absent}{note}）"


COLUMNS: tuple[Column[UnitYear], ...] = (
    Column("单位编码", 12, "单位编码", lambda r: r.unit),
    Column("单位", 22, "单位名称", lambda r: r.name),
    Column(
        "年度成绩",
        9,
        "各部分按单位权重的平均，百分制；没有可计的部分为空",
        lambda r: None if r.total_tenths is None else Tenths(r.total_tenths),
    ),
    Column("干部数", 8, "基准日在册干部数", lambda r: r.cadres),
    Column("有等次", 8, "有年度等次的干部数", lambda r: r.graded),
    Column("联系户数", 9, "这些干部的联系户总数", lambda r: r.households.asked),
    Column("拨打户数", 9, "评议中拨打过的户数；没有登记的为空", lambda r: r.households.called),
    Column("接通户数", 9, "评议中有人应答的户数", lambda r: r.households.reached),
    Column("参评户数", 9, "参加综合评议的户数", lambda r: r.households.answered),
    Column(
        "联系户评议",
        10,
        "本单位干部的联系户综合评议，按户数平均；人数过少或可能被反推的不显示",
        lambda r: _score(r, Component.HOUSEHOLD),
    ),
    Column(
        "部门抽查",
        9,
        "群众对本单位项目的评议",
        lambda r: _score(r, Component.SPOT_CHECK),
    ),
    Column(
        "各部分",
        40,
        "每一部分的得分、权重和人数",
        lambda r: "；".join(_told(part) for part in r.parts if not part.absent),
    ),
    Column(
        "未计入的部分",
        30,
        "没有计入的部分及原因，权重为 0 的连同得分；缺席的不按零分计",
        lambda r: "；".join(map(_left_out, r.excluded)),
    ),
)


def townships_table(evaluation: Evaluation, county: CountyYear) -> Table:
    """Tabulate the household appraisal of townships, as suppressed as on screen."""
    return tabulate(
        "乡镇评议", heading(evaluation), TOWNSHIP_COLUMNS, sorted(county.townships.items())
    )


TOWNSHIP_COLUMNS: tuple[Column[tuple[str, Pooled]], ...] = (
    Column("乡镇", 18, "联系网格所在的乡镇", lambda r: r[0]),
    Column(
        "联系户综合评议",
        12,
        "百分制；人数过少或可由合计反推的不显示",
        lambda r: None if r[1].tenths is None else Tenths(r[1].tenths),
    ),
    Column("作答户数", 9, "参加评议的户数", lambda r: r[1].n),
)

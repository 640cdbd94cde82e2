"""Who pledged, reported and was appraised in a year (Y78)."""

from collections.abc import Sequence

from evalsys.domain.cycles import Cycle
from evalsys.domain.statement import Duties, Duty
from evalsys.exports.table import Column, Table, tabulate

TITLE = "承诺述职评议"


def statements_table(
    rows: Sequence[Duties], every: Sequence[Duties], cycle: Cycle, chosen: str = ""
) -> Table:
    """Tabulate `rows` of `every` cadre; the lines above say how many of how many did what."""
    counts = "　".join(
        f"{duty} {sum(not one.lacks(duty) for one in every)}/{len(every)}" for duty in Duty
    )
    lines = (
        f"{cycle.code} 年度　{cycle.first.isoformat()} 至 {cycle.last.isoformat()}",
        f"在册干部：{counts}",
        "承诺和述职是干部自己的话，不计分；评议指联系户年度评议中有人作答。",
        *([chosen] if chosen else []),
    )
    return tabulate(TITLE, lines, COLUMNS, rows)


COLUMNS: tuple[Column[Duties], ...] = (
    Column("编号", 10, "干部的永久公开编号", lambda r: r.cadre.number),
    Column("姓名", 10, "干部姓名", lambda r: r.cadre.name),
    Column("单位", 18, "所在单位", lambda r: r.cadre.unit_name),
    Column("乡镇", 12, "联系网格所在的乡镇", lambda r: r.cadre.township),
    Column("承诺", 11, "最近一次交承诺的日期；没有交的为空", lambda r: r.pledged_on),
    Column("述职", 11, "最近一次交述职的日期；没有交的为空", lambda r: r.reported_on),
    Column("应评议", 8, "应评议的联系户数", lambda r: r.appraised.asked, unit="户"),
    Column("已作答", 8, "作答的联系户数", lambda r: r.appraised.answered, unit="户"),
)

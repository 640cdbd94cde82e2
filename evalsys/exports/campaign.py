"""Tables of campaigns: rates with their counts, and the households to visit."""

from collections.abc import Callable, Sequence

from evalsys.domain.campaign.cases import Rated, VisitRow
from evalsys.domain.response_rates import RATES, Group
from evalsys.exports.table import Column, Table, tabulate

REASONS = {
    "person": "曾谢绝，由人回访一次",
    "attempts_used": "多次未接通",
    "needs_new_number": "号码不可用，需要新号码",
    "not_linked": "接听的是别家",
    "pin_failed": "密码三次不对，需要核对",
}
_NO_RATE = "n/a"


def rates_table(title: str, lines: Sequence[str], rows: Sequence[Rated]) -> Table:
    """Tabulate counts by group, and every rate as counted: "300/440"."""
    columns: list[Column[Rated]] = [
        Column("编号", 14, "干部编号、单位或乡镇代码", lambda row: row.code),
        Column("名称", 20, "干部的姓名和单位，或单位、乡镇名称", lambda row: row.name),
        Column("总户数", 8, "活动中的户数", lambda row: row.cases),
        *(Column(group.value, 8, "计数", _count(group)) for group in Group),
        *(Column(rate, 12, "比率，原始分子/分母", _rate(rate)) for rate in RATES),
    ]
    return tabulate(title, lines, columns, rows)


def visits_table(title: str, lines: Sequence[str], rows: Sequence[VisitRow]) -> Table:
    """Tabulate the households that somebody has to go to: no number, no answer."""
    columns: list[Column[VisitRow]] = [
        Column("户编号", 14, "联系户编号", lambda row: row.household),
        Column("户主", 12, "户主姓名", lambda row: row.head),
        Column("乡镇", 12, "乡镇代码", lambda row: row.township),
        Column("评议对象", 12, "干部编号或单位代码", lambda row: row.about),
        Column("原因", 24, "为什么要上门", lambda row: REASONS[row.reason]),
        Column("已拨打", 8, "计数的拨打次数", lambda row: row.attempts),
    ]
    return tabulate(title, lines, columns, rows)


def letters_table(title: str, rows: Sequence[tuple[str, str, str]]) -> Table:
    """Tabulate household, head and PIN for the sealed letters."""
    columns: list[Column[tuple[str, str, str]]] = [
        Column("户编号", 14, "联系户编号", lambda row: row[0]),
        Column("户主", 12, "户主姓名", lambda row: row[1]),
        Column("密码", 10, "信中的密码", lambda row: row[2]),
    ]
    return tabulate(title, (), columns, rows)


def _count(group: Group) -> Callable[[Rated], int]:
    return lambda row: row.counts[group]


def _rate(name: str) -> Callable[[Rated], str]:
    def cell(row: Rated) -> str:
        rate = row.rates[name]
        return _NO_RATE if rate is None else rate.fraction

    return cell

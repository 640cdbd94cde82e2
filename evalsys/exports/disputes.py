"""Objections and what became of them."""

from collections.abc import Sequence
from datetime import date

from evalsys.domain.disputes import Dispute
from evalsys.domain.rule_versions import Ruling
from evalsys.exports.table import Column, Table, tabulate

TITLE = "异议更正"
_Row = tuple[Dispute, str, date]


def disputes_table(found: Sequence[tuple[Dispute, str]], today: date) -> Table:
    """Tabulate objections in the order of the page; overdue is judged on `today`."""
    rows = [(one, name, today) for one, name in found]
    return tabulate(TITLE, (f"基准日 {today.isoformat()}",), COLUMNS, rows)


def _state(row: _Row) -> str:
    one, _, today = row
    if one.outcome is not None:
        return f"已答复：{one.outcome}"
    return "逾期未答复" if one.is_overdue(today) else "待答复"


COLUMNS: tuple[Column[_Row], ...] = (
    Column("异议号", 8, "异议的编号", lambda r: r[0].id),
    Column("对象", 6, "干部或单位", lambda r: r[0].subject),
    Column("编号", 12, "干部编号或单位编码", lambda r: r[0].code),
    Column("名称", 16, "姓名或单位名称", lambda r: r[1]),
    Column("考核周期", 9, "年度或季度", lambda r: r[0].cycle),
    Column("考核项目", 14, "空为整个结果", lambda r: r[0].component),
    Column("提出方式", 10, "本人书面、本人当面或部门自查", lambda r: r[0].channel),
    Column("收到日期", 11, "收到异议的日期", lambda r: r[0].received_on),
    Column("答复期限", 11, "应在这一天或以前答复（工作日计算）", lambda r: r[0].due_on),
    Column("状态", 14, "待答复、逾期未答复或已答复", _state),
    Column(
        "经批准的更正",
        10,
        "第二人批准的更正有几条",
        lambda r: sum(one.ruling is Ruling.APPROVED for one in r[0].corrections),
    ),
    Column("答复人", 12, "答复人的登录名", lambda r: r[0].replied_by),
)

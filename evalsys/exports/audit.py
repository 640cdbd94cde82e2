"""The audit log as a table, in the words of the page."""

from collections.abc import Sequence
from dataclasses import dataclass

from evalsys.exports.table import Column, Table, tabulate

TITLE = "审计日志"


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One line as the page shows it, with the codes and the fingerprint that the log holds."""

    seq: int
    at: str
    actor: str
    action: str
    code: str
    subject: str
    detail: str
    hash: str


COLUMNS: tuple[Column[AuditRow], ...] = (
    Column("行", 9, "日志的行号，没有空缺", lambda r: r.seq),
    Column("时间", 18, "县里的时间", lambda r: r.at),
    Column("谁", 14, "登录名，或“system:”加程序名", lambda r: r.actor),
    Column("做了什么", 22, "动作", lambda r: r.action),
    Column("代码", 22, "动作在日志中的代码", lambda r: r.code),
    Column("对象", 30, "动作所及", lambda r: r.subject),
    Column("详情", 60, "动作的其他内容", lambda r: r.detail),
    Column("SHA-256", 66, "这一行与前一行的指纹", lambda r: r.hash),
)


def audit_table(rows: Sequence[AuditRow], chosen: str) -> Table:
    """Tabulate lines of the log; `chosen` says which were sought."""
    return tabulate(TITLE, [chosen] if chosen else [], COLUMNS, rows)

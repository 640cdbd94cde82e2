"""Receipts of a session: every call to every drawn cadre's households, without a name or number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from evalsys.exports.table import Column, Table, tabulate
from evalsys.ids import CadreNumber


@dataclass(frozen=True, slots=True)
class Receipt:
    """One call: `sid` is what the carrier's own bill calls it."""

    j: int
    cadre: CadreNumber
    k: int
    attempt: int
    sid: str
    placed_at: datetime
    ended_at: datetime | None
    status: str
    talk_s: int
    code: str
    """How the position ended; empty while it has not."""


COLUMNS: tuple[Column[Receipt], ...] = (
    Column("抽取次序", 10, "第几次抽取；点名从 1001 起", lambda one: one.j),
    Column("干部编号", 12, "被抽中或被点名的干部", lambda one: one.cadre),
    Column("户位", 8, "冻结名册中的第几户", lambda one: one.k),
    Column("第几次拨打", 12, "这一户的第几次", lambda one: one.attempt),
    Column("通话编号", 38, "运营商账单上的编号；运营商没有受理的为空", lambda one: one.sid),
    Column("拨出", 22, "UTC", lambda one: _at(one.placed_at)),
    Column("结束", 22, "UTC", lambda one: _at(one.ended_at)),
    Column("状态", 14, "运营商报告的最后状态", lambda one: one.status),
    Column("通话秒数", 10, "接通到挂断", lambda one: one.talk_s),
    Column("终结代码", 16, "这一户最后怎样", lambda one: one.code),
)


def receipts_table(receipts: Sequence[Receipt]) -> Table:
    """Lay the calls of a session out as a table."""
    return tabulate("通话回执", (), COLUMNS, receipts)


def _at(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}" if moment else ""

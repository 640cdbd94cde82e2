"""The list of talks, as the screen shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from evalsys.domain.roster import CadreCard
from evalsys.domain.talks import OwedAdmonition, Talk, TalkKind, TalkStage
from evalsys.exports.table import Column, Table, tabulate

TITLE = "谈话约谈"


@dataclass(frozen=True, slots=True)
class TalkRow:
    """A talk as a list shows it on a day."""

    talk: Talk
    card: CadreCard | None
    stage: TalkStage


def talks_table(rows: Sequence[TalkRow], day: date, selection: str) -> Table:
    """Tabulate talks as they stand on `day`; the record of a talk is not in it."""
    overdue = sum(row.stage is TalkStage.OVERDUE for row in rows)
    lines = (
        f"基准日 {day.isoformat()}　共 {len(rows)} 次，其中逾期 {overdue} 次",
        *([selection] if selection else []),
    )
    return tabulate(TITLE, lines, COLUMNS, rows)


COLUMNS: tuple[Column[TalkRow], ...] = (
    Column("类别", 10, "诫勉谈话、初访约谈、约谈上级", lambda r: r.talk.ordered.kind),
    Column("编号", 10, "被谈话干部的永久公开编号", lambda r: r.talk.cadre),
    Column("姓名", 10, "姓名", lambda r: r.card.name if r.card else None),
    Column("单位", 20, "所在单位", lambda r: r.card.unit_name if r.card else None),
    Column("事由", 50, "因何谈话", lambda r: r.talk.ordered.reason),
    Column("应谈至", 11, "最迟谈话的日期", lambda r: r.talk.ordered.due_on),
    Column("状态", 8, "基准日的状态", lambda r: r.stage),
    Column("通知书", 20, "通知书文号", lambda r: r.talk.notice.document if r.talk.notice else None),
    Column(
        "送达日",
        11,
        "通知书送达的日期",
        lambda r: r.talk.notice.served_on if r.talk.notice else None,
    ),
    Column("送达人", 10, "登记送达的人", lambda r: r.talk.notified_by or None),
    Column("谈话日", 11, "谈话的日期", lambda r: r.talk.held.held_on if r.talk.held else None),
    Column("谈话人", 14, "谁谈的话", lambda r: r.talk.held.held_by if r.talk.held else None),
    Column("登记人", 10, "登记这次谈话的人", lambda r: r.talk.ordered_by),
    Column(
        "撤销理由",
        24,
        "撤销的写明理由",
        lambda r: r.talk.withdrawn.reason if r.talk.withdrawn else None,
    ),
)


@dataclass(frozen=True, slots=True)
class OwedRow:
    """A talk that is owed: with whom, of what, and the last day once it is ordered."""

    kind: TalkKind
    cadre: str
    name: str
    origin: str
    reason: str
    due_on: date | None


def owed_admonition(one: OwedAdmonition) -> OwedRow:
    """Say of a unit that owes its principal a talk what the screen says."""
    who = one.principal
    return OwedRow(
        TalkKind.ADMONITION,
        who.number if who else "",
        who.name if who else "名册没有登记主要负责人",
        one.standing.name,
        f"不合格 {one.standing.person_times} 人次",
        one.talk.ordered.due_on if one.talk else None,
    )


def owed_table(rows: Sequence[OwedRow], year: int) -> Table:
    """Tabulate the talks that are owed in a year."""
    return tabulate("应谈话", (f"考核年度 {year}　共 {len(rows)} 次",), OWED_COLUMNS, rows)


OWED_COLUMNS: tuple[Column[OwedRow], ...] = (
    Column("类别", 10, "诫勉谈话或初访约谈", lambda r: r.kind),
    Column("编号", 10, "应谈话的干部；没有登记负责人的为空", lambda r: r.cadre or None),
    Column("姓名", 12, "姓名", lambda r: r.name),
    Column("因由", 24, "单位名称，或初访登记号", lambda r: r.origin),
    Column("情形", 24, "不合格人次，或不知情、未陪同", lambda r: r.reason),
    Column("应谈至", 11, "已登记的，最迟谈话的日期；没有登记的为空", lambda r: r.due_on),
)

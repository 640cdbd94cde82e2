"""The list of promotion procedures, as the screen shows it."""

from collections.abc import Sequence
from datetime import date

from evalsys.domain.promotion_filter import PromotionFilter, PromotionRow
from evalsys.exports.table import Cell, Column, Table, Tenths, tabulate

TITLE = "提拔程序"


def promotions_table(rows: Sequence[PromotionRow], day: date, wanted: PromotionFilter) -> Table:
    """Tabulate procedures as they stand on `day`."""
    lines = (
        f"基准日 {day.isoformat()}　共 {len(rows)} 个程序",
        "满意户数旁边同时列出联系、拨打、接通、参评户数；全部满意的只提示复核，不带后果",
        *([wanted.in_words] if wanted.in_words else []),
    )
    return tabulate(TITLE, lines, COLUMNS, rows)


def response_tenths(row: PromotionRow) -> int | None:
    """Give answered of linked households in tenths of a percent, rounded half up."""
    counted = row.procedure.counted
    if counted is None or not counted.linked:
        return None
    return (2000 * counted.answered + counted.linked) // (2 * counted.linked)


def _response(row: PromotionRow) -> Cell:
    tenths = response_tenths(row)
    return None if tenths is None else Tenths(tenths)


COLUMNS: tuple[Column[PromotionRow], ...] = (
    Column("编号", 10, "干部的永久公开编号", lambda r: r.procedure.cadre),
    Column("姓名", 10, "干部姓名", lambda r: r.card.name if r.card else None),
    Column("单位", 20, "所在单位", lambda r: r.card.unit_name if r.card else None),
    Column("拟任职务", 20, "动议的职务", lambda r: r.procedure.opened.post),
    Column("类别", 12, "动议的类别", lambda r: r.procedure.opened.kind),
    Column("动议日", 11, "动议时的基准日", lambda r: r.procedure.opened.as_of),
    Column("动议文件", 24, "动议所依据的文件", lambda r: r.procedure.opened.document),
    Column("动议时建议", 10, "动议时冻结的建议", lambda r: r.procedure.opened.conclusion),
    Column("阶段", 10, "基准日所处的阶段", lambda r: r.stage),
    Column(
        "公示至",
        11,
        "公示期的最后一天",
        lambda r: r.procedure.publicity.until if r.procedure.publicity else None,
    ),
    Column("异议", 7, "收到的异议件数", lambda r: len(r.procedure.objections)),
    Column("未答复", 7, "还没有答复的异议件数", lambda r: len(r.procedure.open_objections)),
    Column(
        "联系户",
        8,
        "应评的联系户数",
        lambda r: r.procedure.counted.linked if r.procedure.counted else None,
    ),
    Column(
        "拨打户",
        8,
        "拨打过的户数",
        lambda r: r.procedure.counted.called if r.procedure.counted else None,
    ),
    Column(
        "接通户",
        8,
        "接通过的户数",
        lambda r: r.procedure.counted.reached if r.procedure.counted else None,
    ),
    Column(
        "参评户",
        8,
        "作答的户数",
        lambda r: r.procedure.counted.answered if r.procedure.counted else None,
    ),
    Column("参评率", 8, "参评户除以联系户，百分数", _response),
    Column(
        "满意户",
        8,
        "评 4 分以上的户数；回答过少时为空",
        lambda r: r.procedure.counted.satisfied if r.procedure.counted else None,
    ),
    Column(
        "评议结果",
        10,
        "满意、不满意；为空的见“尚缺”",
        lambda r: r.procedure.counted.outcome if r.procedure.counted else None,
    ),
    Column(
        "全部满意",
        8,
        "参评户全部满意：提示复核，不带后果",
        lambda r: "是" if r.procedure.is_uniform else None,
    ),
    Column("尚缺", 40, "进入决定之前还缺什么", lambda r: "；".join(r.missing)),
    Column(
        "决定",
        10,
        "具名的人作出的决定",
        lambda r: r.procedure.decision.choice if r.procedure.decision else None,
    ),
    Column("决定人", 10, "作出决定的人", lambda r: r.procedure.decided_by or None),
    Column(
        "任职日",
        11,
        "任职日期",
        lambda r: r.procedure.appointment.appointed_on if r.procedure.appointment else None,
    ),
    Column(
        "试用期至",
        11,
        "试用期的最后一天",
        lambda r: r.procedure.appointment.probation_until if r.procedure.appointment else None,
    ),
    Column("程序号", 34, "程序的编号", lambda r: r.procedure.id),
)

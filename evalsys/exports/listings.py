"""The lists of exposure and honours, as the screen shows them."""

from collections.abc import Sequence
from datetime import date

from evalsys.domain.listings import Listing, ListingKind
from evalsys.exports.table import Column, Table, tabulate


def listings_table(rows: Sequence[Listing], kind: ListingKind, day: date) -> Table:
    """Tabulate the entries of one list as they stand on `day`."""
    lines = (f"基准日 {day.isoformat()}　共 {len(rows)} 条",)
    columns: tuple[Column[Listing], ...] = (
        Column("编号", 10, "干部的永久公开编号", lambda r: r.cadre),
        Column("姓名", 10, "提出时的姓名", lambda r: r.proposed.name),
        Column("单位", 20, "提出时的单位", lambda r: r.proposed.unit_name),
        Column("认定", 40, "因何列入", lambda r: r.proposed.finding),
        Column("依据", 30, "依据的文件", lambda r: r.proposed.basis),
        Column("状态", 8, "基准日的状态", lambda r: r.stage(day)),
        Column("提出人", 10, "谁提出", lambda r: r.proposed_by),
        Column("批准人", 10, "谁批准或退回", lambda r: r.ruled_by or None),
        Column("公布日", 11, "公布的日期", lambda r: r.ruled.publish_on if r.ruled else None),
        Column("撤下日", 11, "到这一天撤下", lambda r: r.ruled.remove_on if r.ruled else None),
        Column("意见", 24, "批准或退回的意见", lambda r: r.ruled.reason if r.ruled else None),
        Column("提前撤下", 24, "提前撤下的理由", lambda r: r.removed.reason if r.removed else None),
    )
    return tabulate(kind.value, lines, columns, rows)


def public_table(rows: Sequence[Listing]) -> Table:
    """Tabulate what everybody may see: approved, published and not expired (Y58, Y67)."""
    return tabulate("曝光与表彰", (f"共 {len(rows)} 条",), PUBLIC_COLUMNS, rows)


PUBLIC_COLUMNS: tuple[Column[Listing], ...] = (
    Column("名单", 8, "曝光或表彰", lambda r: r.proposed.kind),
    Column("姓名", 10, "提出时的姓名", lambda r: r.proposed.name),
    Column("编号", 10, "干部的永久公开编号", lambda r: r.cadre),
    Column("单位", 20, "提出时的单位", lambda r: r.proposed.unit_name),
    Column("认定", 40, "因何列入", lambda r: r.proposed.finding),
    Column("依据", 30, "依据的文件", lambda r: r.proposed.basis),
    Column("公布日", 11, "公布的日期", lambda r: r.ruled.publish_on if r.ruled else None),
    Column("撤下日", 11, "到这一天撤下", lambda r: r.ruled.remove_on if r.ruled else None),
)

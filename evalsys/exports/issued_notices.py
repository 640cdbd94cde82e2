"""The register of issued notices, as the screen shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from evalsys.domain.issued_notices import IssuedNotice
from evalsys.domain.local_date import local_date
from evalsys.domain.roster import CadreCard
from evalsys.domain.talks import Talk
from evalsys.exports.notices import wordings
from evalsys.exports.table import Column, Table, tabulate

TITLE = "签发登记"


@dataclass(frozen=True, slots=True)
class IssuedRow:
    """One issued notice, to whom, and the talk that it was served for."""

    notice: IssuedNotice
    card: CadreCard | None
    talk: Talk | None
    zone: tzinfo


def issued_table(rows: Sequence[IssuedRow]) -> Table:
    """Tabulate the register; numbers run without gaps within series and year."""
    gone = sum(row.notice.is_withdrawn for row in rows)
    return tabulate(TITLE, (f"共 {len(rows)} 份，其中撤销 {gone} 份",), COLUMNS, rows)


def _served_on(row: IssuedRow) -> date | None:
    return row.talk.notice.served_on if row.talk and row.talk.notice else None


COLUMNS: tuple[Column[IssuedRow], ...] = (
    Column("文号", 20, "系列、年度和流水号，不跳号、不重用", lambda r: str(r.notice.number)),
    Column("通知", 22, "通知的种类", lambda r: wordings()[r.notice.kind].title),
    Column("编号", 10, "干部的永久公开编号", lambda r: r.notice.cadre),
    Column("姓名", 10, "干部姓名", lambda r: r.card.name if r.card else None),
    Column("单位", 18, "所在单位", lambda r: r.card.unit_name if r.card else None),
    Column("考核年度", 9, "结论所在的考核年度", lambda r: r.notice.assessed_year),
    Column("基准日", 11, "结论的基准日", lambda r: r.notice.as_of),
    Column("依据", 50, "签发时的理由", lambda r: "；".join(r.notice.grounds)),
    Column("签发人", 12, "签发的人", lambda r: r.notice.issued_by),
    Column(
        "签发日",
        11,
        "签发的日期",
        lambda r: local_date(r.notice.issued_at, r.zone),
    ),
    Column("送达", 11, "用于谈话的，送达的日期", _served_on),
    Column("撤销理由", 24, "撤销的理由；文号不再使用", lambda r: r.notice.withdrawn_why or None),
)

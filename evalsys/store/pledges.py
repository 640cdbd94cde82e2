"""Reports on pledges: added, never changed."""

from collections import defaultdict

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from evalsys.domain.promises import Report, ReportKind
from evalsys.ids import LiveId, new_id
from evalsys.store.schema.pledge import PledgeReportRow


def add(db: Session, live: LiveId, seq: int, report: Report) -> None:
    """Keep one more report on the pledge of event `seq`."""
    values = {
        "id": new_id(),
        "live": live,
        "seq": seq,
        "kind": report.kind.value,
        "done": report.done,
        "text": report.text,
        "by": report.by,
        "at": report.at,
    }
    db.execute(insert(PledgeReportRow).values(**values))


def of_session(db: Session, live: LiveId) -> dict[int, tuple[Report, ...]]:
    """Return the reports on a session's pledges by the number of the event, the oldest first."""
    row = PledgeReportRow
    found: dict[int, list[Report]] = defaultdict(list)
    for one in db.scalars(select(row).where(row.live == live).order_by(row.at, row.id)):
        report = Report(ReportKind(one.kind), one.done, one.text, one.by, one.at)
        found[one.seq].append(report)
    return {seq: tuple(reports) for seq, reports in found.items()}

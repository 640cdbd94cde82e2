"""The personnel room reads what sessions found from their records, as they grow."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from evalsys.domain.live.words import Verdict
from evalsys.services.session_findings import session_findings
from evalsys.store import event_log, live_sessions
from evalsys.store.database import Database
from tests.live_play import SESSION, Play, a_plan


def keep(database: Database, play: Play, after: int) -> int:
    """Append what was played since event `after`, and return the number of the last one."""
    with database.write() as db:
        events = [record.event for record in play.records[after:]]
        event_log.append(db, SESSION, events, after=after, at=play.now, actor="操作员")
        live_sessions.save(db, SESSION, play.state)
    return play.state.version


def test_findings_grow_with_the_record(database: Database) -> None:
    findings = session_findings(database, ZoneInfo("Asia/Shanghai"))
    assert findings() == ()
    play = Play(plan=a_plan(rehearsal=False, gap_s=90)).until_calling()
    kept = keep(database, play, 0)
    assert findings() == ()
    play.finish_calls()
    play.judge(Verdict.FAKED_SUSPECTED)
    keep(database, play, kept)
    (finding,) = findings()
    assert finding.cadre == play.round.cadre
    assert finding.verdict is Verdict.FAKED_SUSPECTED
    # What was entered later was no part of what anybody could know on an earlier day.
    assert findings(play.now) == ()
    assert findings(play.now + timedelta(seconds=1)) == (finding,)

"""kill -9 at every command of a session: before its commit nothing happened, after it all of it.

A child process takes each step with the real services over the real database, and kills itself
while the transaction is open, and again right after the commit, before anybody was told. Then
others go on.
"""

import os
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, event
from typing_extensions import override

from evalsys.domain.live import commands as c
from evalsys.domain.live import commands_agenda as cg
from evalsys.domain.live import events as e
from evalsys.domain.live.fold import replay
from evalsys.domain.live.words import AgendaOrder, Presence, SessionKind
from evalsys.domain.verify_steps import Finding
from evalsys.errors import RuleViolation, StaleState
from evalsys.ids import LiveId
from evalsys.ports import Broadcaster
from evalsys.services.live_session import LiveSessions
from evalsys.services.tally import Elsewhere
from evalsys.store import event_log, live_sessions
from evalsys.store.database import Database
from tests.live_play import Assembly, Play, a_plan, a_pledge, an_agenda

pytestmark = pytest.mark.on_sqlite
LIVE = LiveId("a" * 32)
KILLS_A_KIND = 2
"""A session repeats some commands a hundred times; so many of a kind are killed."""


@dataclass
class Recorded(Play):
    """A played session that remembers what was asked, when, and what came of it."""

    asked: list[tuple[c.Command, datetime, int]] = field(default_factory=list)

    @override
    def tell(self, command: c.Command, *, actor: str = "tester") -> tuple[e.Event, ...]:
        events = super().tell(command, actor=actor)
        self.asked.append((command, self.now, self.state.version))
        return events


class DiesTelling(Broadcaster):
    """The process is killed after its commit, as it begins to tell the screens."""

    @override
    def announce(self, live: LiveId, head_seq: int) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def die(_connection: Connection) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed(address: str, step: Callable[[Database], object]) -> None:
    """Let a child take a step over a connection of its own; it must not come back."""
    child = os.fork()
    if child == 0:
        try:
            step(Database(address))
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the step came to its end, or was refused"
    assert os.WTERMSIG(status) == signal.SIGKILL


def a_whole_session() -> Recorded:
    """Two rounds: one whose calls end in every way, one after a step taken back; to the seal."""
    play = Recorded(plan=a_plan(slots=2))
    play.until_seeded()
    play.draw()
    play.tell(c.RecordPresence(Presence.ABSENT))
    play.tell(c.TakeBack())
    play.tell(c.RecordPresence(Presence.IN_PERSON))
    play.tell(c.OpenCalls(play.households))
    play.finish_calls_in_every_way(0)
    play.judge()
    play.play_round()
    play.tell(c.CloseSession())
    play.tell(c.SealSession("0" * 64))
    return play


@dataclass
class RecordedAssembly(Recorded, Assembly):
    """A played assembly that remembers the same."""


def a_whole_assembly() -> Recorded:
    """Two issues in a drawn order: one voted on after a correction, one left; to the seal."""
    play = RecordedAssembly(plan=a_plan(agenda=AgendaOrder.DRAWN), issues=an_agenda(2))
    play.until_ordered()
    play.tell(cg.CallIssue())
    play.tell(a_pledge(j=1))
    play.tell(c.WithdrawFollowUp(1, play.round.pledges[0].seq, "数字录错"))
    play.tell(a_pledge())
    play.tell(c.OpenVote())
    play.tell(c.CloseVote(7, 2, 1, 12))
    play.tell(cg.CallIssue())
    play.tell(cg.LeaveIssue("未到场"))
    play.tell(c.CloseSession())
    play.tell(c.SealSession("0" * 64))
    return play


@pytest.mark.parametrize("whole", [a_whole_session, a_whole_assembly])
def test_a_session_is_killed_twice_at_every_command_and_is_the_same_session(
    database: Database, whole: Callable[[], Recorded]
) -> None:
    play = whole()
    address = database.engine.url.render_as_string(hide_password=False)
    version, times = 0, Counter[type[c.Command]]()
    for command, at, after in play.asked:
        database.close()  # no connection is carried into a child
        if after == version:
            continue  # nothing came of it

        def tell(
            db: Database, told: Broadcaster, *, command: c.Command = command, at: datetime = at
        ) -> None:
            LiveSessions(db, lambda: at, told).tell(LIVE, command, actor="tester")

        def before_the_commit(db: Database, tell: Callable[..., None] = tell) -> None:
            event.listen(db.engine, "commit", die)
            tell(db, Elsewhere())

        def after_the_commit(db: Database, tell: Callable[..., None] = tell) -> None:
            tell(db, DiesTelling())

        times[type(command)] += 1
        if times[type(command)] > KILLS_A_KIND:
            tell(database, Elsewhere())
            version = after
            continue
        killed(address, before_the_commit)
        assert head_of(database) == version, command
        database.close()
        killed(address, after_the_commit)
        assert head_of(database) == after, command
        version = after

    with database.read() as db:
        records = tuple(event_log.read(db, LIVE))
        (listed,) = live_sessions.every(db)
    assert [one.event for one in records] == [one.event for one in play.records]
    assert replay(records) == play.state
    assert (listed.head_seq, listed.phase) == (play.state.version, play.state.phase)
    if listed.kind is SessionKind.CADRE:
        assert play.report().finding is Finding.GOOD
    calls = [one.event.attempt_id for one in records if isinstance(one.event, e.CallPlaced)]
    assert len(calls) == len(set(calls))


def test_whoever_never_heard_that_it_was_done_is_told_who_did_it(database: Database) -> None:
    live = LiveSessions(database, lambda: Play().now, Elsewhere())
    seen = live.tell(LIVE, c.PlanSession(a_plan()), actor="dao-bo").step
    address = database.engine.url.render_as_string(hide_password=False)
    database.close()
    freeze = c.FreezeRoster("0" * 64, "0" * 64, 5, 5)

    def freezes(db: Database) -> None:
        LiveSessions(db, lambda: Play().now, DiesTelling()).tell(
            LIVE, freeze, actor="dao-bo", expect=seen
        )

    killed(address, freezes)
    for expect in (seen, None):
        with pytest.raises((StaleState, RuleViolation)):
            live.tell(LIVE, freeze, actor="dao-bo", expect=expect)
    assert head_of(database) == 2


def test_a_clock_five_minutes_back_after_a_restart_changes_no_order(database: Database) -> None:
    noon = Play().now
    live = LiveSessions(database, lambda: noon, Elsewhere())
    live.tell(LIVE, c.PlanSession(a_plan()), actor="dao-bo")
    late = LiveSessions(database, lambda: noon - timedelta(minutes=5), Elsewhere())
    late.tell(LIVE, c.FreezeRoster("0" * 64, "0" * 64, 5, 5), actor="dao-bo")
    at = [one.at for one in late.events(LIVE)]
    assert at == [noon, noon]


def head_of(database: Database) -> int:
    """The number of the last event, the chain before it checked."""
    with database.read() as db:
        return sum(1 for _ in event_log.read(db, LIVE))

"""What the personnel room takes from a live session."""

from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

from evalsys.domain.live import commands as c
from evalsys.domain.live.words import CallStatus, Verdict
from evalsys.domain.personnel_sessions import findings_of
from tests.builders import NOON
from tests.live_play import SESSION, Play, a_plan

SHANGHAI = ZoneInfo("Asia/Shanghai")


def judged(verdict: Verdict, *, rehearsal: bool = False) -> Play:
    play = Play(plan=a_plan(rehearsal=rehearsal, gap_s=90)).until_calling()
    play.finish_calls()
    play.judge(verdict)
    return play


def test_a_verdict_becomes_a_finding_of_the_drawn_cadre() -> None:
    play = judged(Verdict.NOT_DONE)
    due = (play.now + timedelta(days=30)).date()
    play.tell(c.MakePledge("修好村东的路", due.isoformat(), "县交通运输局"))
    (finding,) = findings_of(SESSION, play.state, SHANGHAI)
    assert (finding.live, finding.j, finding.cadre) == (SESSION, 1, play.round.cadre)
    assert finding.verdict is Verdict.NOT_DONE
    assert (finding.pledges, finding.pledge_due_on) == (1, due)
    assert not finding.rehearsal
    assert not finding.calls_for_investigation


def test_a_round_without_a_verdict_is_no_finding() -> None:
    play = Play().until_calling()
    assert list(findings_of(SESSION, play.state, SHANGHAI)) == []


def test_a_rehearsal_says_so() -> None:
    (finding,) = findings_of(SESSION, judged(Verdict.CONFIRMED, rehearsal=True).state, SHANGHAI)
    assert finding.rehearsal


def test_accounts_that_differ_call_for_an_investigation() -> None:
    (finding,) = findings_of(SESSION, judged(Verdict.ACCOUNTS_DIFFER).state, SHANGHAI)
    assert finding.calls_for_investigation


def test_the_day_is_the_county_s_day() -> None:
    play = Play(now=NOON.replace(hour=17)).until_calling()  # 01:00 of the next day in Shanghai
    play.finish_calls()
    play.judge()
    (there,) = findings_of(SESSION, play.state, SHANGHAI)
    (here,) = findings_of(SESSION, play.state, UTC)
    assert (here.held_on, there.held_on) == (date(2026, 12, 1), date(2026, 12, 2))


def test_fewer_households_than_the_target_are_insufficient_data() -> None:
    play = Play(plan=a_plan(rehearsal=False, gap_s=90, target=3)).until_calling()
    for dial, attempt in play.dial()[:2]:
        play.interview(dial.k)
        play.end(dial.k, attempt)
    play.tell(c.StopDialling())
    ((last, attempt),) = [
        (k, position.attempts[-1].attempt_id)
        for k, position in play.round.positions.items()
        if position.current
    ]
    play.end(last, attempt, CallStatus.NO_ANSWER)
    play.judge(Verdict.NOT_DONE)
    (finding,) = findings_of(SESSION, play.state, SHANGHAI)
    assert not finding.is_enough
    (finding,) = findings_of(SESSION, judged(Verdict.NOT_DONE).state, SHANGHAI)
    assert finding.is_enough

"""Whatever its cadre does: the clock cannot be gamed, and it can always be brought to an end."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from evalsys.domain.casework import decide, decide_close
from evalsys.domain.casework.clocks import Clockwork
from evalsys.domain.casework.decide import ClassChoice, Decision, Done, PauseWish
from evalsys.domain.casework.state import RequestFile
from evalsys.domain.casework.words import Channel, CloseReason, Duty, Lamp, Party, PartyKind, Step
from evalsys.domain.casework.workdays import Workdays
from evalsys.errors import EvalsysError
from tests.casework_files import (
    CADRE,
    CELL,
    CLOCKS,
    MONDAY,
    OFFICE,
    POLICY,
    ROADS,
    THE_CADRE,
    WATER,
    ZONE,
    a_file,
    happen,
    somebody,
)

Act = Callable[[RequestFile, datetime], Done]
SAID = "写清楚了的理由"
UNITS = somebody("unit", WATER, ROADS)
CLERK = somebody("clerk", Party(PartyKind.GRID, "37"))
GRIDS = somebody("heads", *(Party(PartyKind.GRID, CELL[:n]) for n in (4, 6, 8)))


def _pause(why: str, days: int) -> Act:
    def act(file: RequestFile, now: datetime) -> Done:
        until = CLOCKS.days.day_of(now) + timedelta(days=days)
        return decide.pause(file, THE_CADRE, PauseWish(why, until, SAID), now, CLOCKS)

    return act


def _reclassify(limit: str) -> Act:
    to = ClassChoice("Q402", 1, limit)
    return lambda file, _: decide.reclassify(file, THE_CADRE, to, SAID, CLOCKS)


def _meet(file: RequestFile, now: datetime) -> Done:
    deadline = CLOCKS.days.day_of(now) + timedelta(days=200)
    wanted = Decision("m", 1, SAID, deadline, CADRE)
    return decide.decide_in_meeting(file, OFFICE, wanted, CLOCKS.days.day_of(now))


def _reply(file: RequestFile, _now: datetime) -> Done:
    return decide_close.reply(file, THE_CADRE, SAID, Channel.VISIT, explained=True, concluded=True)


def _close(reason: CloseReason) -> Act:
    return lambda file, _: decide_close.close(file, THE_CADRE, reason, SAID, POLICY)


ACTS: Sequence[Act] = (
    *(_pause(why, days) for why in POLICY.pauses for days in (1, 3, 14, 28)),
    *(_reclassify(limit) for limit in ("urgent", "default", "complex", "soon")),
    lambda file, _: decide.resume(file, THE_CADRE),
    lambda file, _: decide.verify(file, THE_CADRE, genuine=True, finding=SAID),
    lambda file, _: decide.hand_over(file, THE_CADRE, WATER, SAID),
    lambda file, _: decide.accept(file, UNITS),
    lambda file, _: decide.refuse(file, UNITS, ROADS, SAID),
    lambda file, now: decide.settle(file, OFFICE, CADRE, SAID, now, CLOCKS),
    lambda file, _: decide.escalate(file, THE_CADRE, SAID),
    lambda file, _: decide.accept(file, GRIDS),
    _meet,
    _reply,
    _close(CloseReason.DUPLICATE),
    _close(CloseReason.SOLVED),
    lambda file, _: decide_close.refuse_close(file, OFFICE, SAID),
    lambda file, _: decide_close.reopen(file, None, SAID),
)
LIVES = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 6)), max_size=25)
CAP = POLICY.number("pause_cap_workdays", date(2026, 11, 2))
FIRST = date(2026, 1, 1)
HOLIDAYS = st.frozensets(st.dates(date(2026, 11, 2), date(2027, 1, 31)), max_size=12)


def _live(file: RequestFile, life: Sequence[tuple[Act, int]]) -> datetime:
    now = MONDAY
    for act, days in life:
        now += timedelta(days=days)
        try:
            done = act(file, now)
        except EvalsysError:
            continue
        happen(file, done, at=now)
    return now


@given(LIVES, st.sampled_from(["urgent", "default", "complex"]), HOLIDAYS)
@settings(max_examples=60, deadline=None)
def test_no_act_of_its_cadre_puts_the_answer_off_beyond_limit_and_cap(
    life: Sequence[tuple[Act, int]], limit: str, holidays: frozenset[date]
) -> None:
    file = a_file(limit=limit)
    now = _live(file, life)
    began = date(2026, 11, 2)
    allowed = POLICY.limit(limit).days.on(began)
    # Holidays may be edited afterwards: what a pause took is counted anew, its cap stays.
    later = Clockwork(Workdays(ZONE, holidays, first=FIRST, days=900), POLICY, "later")
    for clocks in (CLOCKS, later):
        latest = clocks.days.end_of(clocks.days.add(began, allowed + CAP))
        clock = clocks.clock(file)
        assert clock.due_at <= latest
        if file.is_open and now >= latest:
            assert clock.lamp(now, is_paused=file.is_paused) is Lamp.RED


@given(LIVES)
@settings(max_examples=60, deadline=None)
def test_it_can_always_be_brought_to_an_end_that_somebody_verified(
    life: Sequence[tuple[Act, int]],
) -> None:
    file = a_file()
    now = _live(file, life) + timedelta(days=30)
    # Whoever is to accept is known: else nobody could, and nobody would have to.
    assert file.step is not Step.HANDING_OVER or file.offered_to is not None
    if file.is_open and file.verified_at is None:
        assert Duty.VERIFY in {due.duty for due in CLOCKS.duties(file)}
    for _ in range(8):
        if not file.is_open:
            break
        happen(file, _next(file, now), at=now, by="office")
    assert file.close is not None
    assert file.verified_at is not None


def _next(file: RequestFile, now: datetime) -> Done:
    """Do what the county office would do next."""
    match file.step:
        case Step.HANDING_OVER | Step.DISPUTED:
            return decide.settle(file, OFFICE, WATER, SAID, now, CLOCKS)
        case Step.PAUSED:
            return decide.resume(file, OFFICE)
        case Step.APPROVAL:
            return decide_close.approve_close(file, CLERK, SAID)
        case _ if file.verified_at is None:
            return decide.verify(file, OFFICE, genuine=True, finding=SAID)
        case _ if not file.has_reply:
            return decide_close.reply(
                file, OFFICE, SAID, Channel.VISIT, explained=True, concluded=True
            )
        case _:
            return decide_close.close(file, OFFICE, CloseReason.SOLVED, SAID, POLICY)

"""Whom to call next: strictly in the drawn order, enforced by the software (draw, section 6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from evalsys.domain.live.events import Plan
from evalsys.domain.live.state import LiveState, Position, Round
from evalsys.domain.live.words import CallStatus, Phase


@dataclass(frozen=True, slots=True)
class Dial:
    """Position `k` of round `j` is to be dialled for the `attempt`-th time."""

    j: int
    k: int
    attempt: int


def next_dials(state: LiveState, now: datetime) -> tuple[Dial, ...]:
    """List what may be dialled at `now`, in the drawn order; empty when nothing may.

    A window over the lowest `parallel` unfinished positions moves along the order. A position
    inside it is dialled if it never was, or if its last attempt failed `gap_s` seconds ago. One
    that waits for its second attempt keeps its place, so nobody is skipped; one whose household
    has not been reached because the carrier was away is dialled again at once.
    """
    plan, current = state.plan, state.round
    if plan is None or current is None or not dialling_goes_on(state, plan):
        return ()
    dials: list[Dial] = []
    window = 0
    for k in current.order:
        position = current.positions.get(k)
        if position is not None and position.final is not None:
            continue
        window += 1
        if window > plan.parallel:
            break
        if position is None:
            dials.append(Dial(current.j, k, 1))
        elif _may_dial_again(position, plan, now):
            dials.append(Dial(current.j, k, position.placed + 1))
    return tuple(dials)


def next_due(state: LiveState, now: datetime) -> datetime | None:
    """When the earliest waiting second attempt falls due after `now`; screens count down to it."""
    plan, current = state.plan, state.round
    if plan is None or current is None or not dialling_goes_on(state, plan):
        return None
    waiting = [
        last.ended_at + timedelta(seconds=plan.gap_s)
        for position in current.positions.values()
        if position.final is None and position.current is None and position.attempts
        for last in position.attempts[-1:]
        if last.ended_at is not None and last.status is not CallStatus.VOID
    ]
    return min((due for due in waiting if due > now), default=None)


def dialling_goes_on(state: LiveState, plan: Plan) -> bool:
    """Whether this round still dials at all."""
    current = state.round
    return (
        state.phase is Phase.CALLING
        and current is not None
        and current.calls_end is None
        and not current.stopping
        and current.completed < plan.target
        and not state.control.is_halted
    )


def is_final(current: Round, k: int) -> bool:
    """Whether position `k` has its final code."""
    position = current.positions.get(k)
    return position is not None and position.final is not None


def _may_dial_again(position: Position, plan: Plan, now: datetime) -> bool:
    if position.current is not None:
        return False
    if not position.attempts:
        return True
    last = position.attempts[-1]
    if last.status is CallStatus.VOID or last.ended_at is None:
        return True
    return now >= last.ended_at + timedelta(seconds=plan.gap_s)

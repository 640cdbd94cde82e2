"""What facts from the phone bring about: repeats are silent, nothing out of order is accepted."""

from datetime import datetime
from typing import assert_never

from evalsys.domain.live import commands as c
from evalsys.domain.live import events as e
from evalsys.domain.live.dialling import is_final, next_dials
from evalsys.domain.live.state import Attempt, LiveState, Position, Round
from evalsys.domain.live.words import ENDED, CallsEnd, CallStatus, Phase, Reply, supersedes
from evalsys.domain.manifest import FinalCode
from evalsys.errors import RuleViolation

CONSENT = "consent"
"""The first question: may we ask?"""


def decide_phone(state: LiveState, command: c.PhoneFact, at: datetime) -> tuple[e.Event, ...]:
    """Return what a fact from the phone adds to the record, with what follows from it."""
    current = state.round
    if current is None or current.j != command.j or state.phase is not Phase.CALLING:
        return _too_late(command)
    events = _decide(state, current, command, at)
    return (*events, *_closing(state, current, events)) if events else ()


def _too_late(command: c.PhoneFact) -> tuple[e.Event, ...]:
    if isinstance(command, c.PlaceCall | c.SkipUndialable):
        raise RuleViolation("本轮已不再拨打。", remedy="无需操作。")
    return ()


def _decide(  # noqa: C901, PLR0911, PLR0912 - one arm a fact
    state: LiveState, current: Round, command: c.PhoneFact, at: datetime
) -> tuple[e.Event, ...]:
    if isinstance(command, c.PlaceCall | c.SkipUndialable):
        return _next_position(state, current, command, at)
    position = current.positions.get(command.k)
    if position is None or position.final is not None:
        return ()
    match command:
        case c.VoidCall():
            if _in_flight(position, command.attempt_id) is None:
                return ()
            return (e.CallVoided(current.j, position.k, command.attempt_id, command.reason),)
        case c.ReportProgress():
            return _progress(current, position, command)
        case c.RecordReply():
            if command.question in position.replies:
                return ()
            return (
                e.HouseholdReplied(
                    current.j, position.k, command.question, command.reply, command.claimed
                ),
            )
        case c.MarkNotLinked():
            return () if position.not_linked else (e.HouseholdNotLinked(current.j, position.k),)
        case c.CommitScore():
            if position.score_sha256 is not None:
                return ()
            return (e.ScoreCommitted(current.j, position.k, command.sha256),)
        case c.RecordComment():
            return (e.CommentLeft(current.j),)
        case c.EndCall():
            return _end(state, current, position, command)
        case _:
            assert_never(command)


def _next_position(
    state: LiveState, current: Round, command: c.PlaceCall | c.SkipUndialable, at: datetime
) -> tuple[e.Event, ...]:
    k = command.k
    dial = next((d for d in next_dials(state, at) if d.k == k), None)
    unopened = next((p for p in current.order if p not in current.positions), None)
    if dial is None or (k not in current.positions and k != unopened):
        raise RuleViolation(
            f"第 {k} 户现在不能拨打。", remedy="只能按抽定的顺序拨打，由系统自动进行。"
        )
    opened = () if k in current.positions else (e.PositionOpened(current.j, k),)
    if isinstance(command, c.SkipUndialable):
        return (*opened, e.PositionFinished(current.j, k, FinalCode.INVALID_NUMBER))
    placed = e.CallPlaced(current.j, k, dial.attempt, command.attempt_id, command.asks)
    return (*opened, placed)


def _in_flight(position: Position, attempt_id: str) -> Attempt | None:
    current = position.current
    return current if current is not None and current.attempt_id == attempt_id else None


def _progress(current: Round, position: Position, command: c.ReportProgress) -> tuple[e.Event, ...]:
    attempt = _in_flight(position, command.attempt_id)
    if attempt is None or command.status in ENDED:
        return ()
    if not supersedes(command.status, attempt.status):
        return ()
    return (e.CallProgressed(current.j, position.k, command.attempt_id, command.status),)


def _end(
    state: LiveState, current: Round, position: Position, command: c.EndCall
) -> tuple[e.Event, ...]:
    attempt = _in_flight(position, command.attempt_id)
    if attempt is None:
        return ()
    if command.status not in ENDED - {CallStatus.VOID}:
        raise RuleViolation(f"“{command.status}”不是通话的终态。", remedy="请检查交换机的回调。")
    # A line that broke after somebody had picked up was answered, whatever it is called.
    picked_up = bool(position.replies) or attempt.status is CallStatus.IN_PROGRESS
    status = CallStatus.COMPLETED if picked_up else command.status
    ended = e.CallEnded(
        j=current.j,
        k=position.k,
        attempt=attempt.attempt,
        attempt_id=command.attempt_id,
        sid=command.sid,
        status=status,
        ring_s=command.ring_s,
        talk_s=command.talk_s if status is CallStatus.COMPLETED else 0,
    )
    attempts = state.plan.attempts if state.plan else 1
    counted = position.counted - (status is CallStatus.CANCELED)
    code = _final_code(position, status, is_last=counted >= attempts)
    if code is None:
        return (ended,)
    return (ended, e.PositionFinished(current.j, position.k, code))


def _final_code(position: Position, status: CallStatus, *, is_last: bool) -> FinalCode | None:
    """Return how the position ends with this call, or nothing when it is to be called again.

    A call that was picked up but never consented to (an answering machine, a silent line) has not
    reached the household: it counts as an attempt, not as a refusal.
    """
    consent = position.replies.get(CONSENT)
    if position.score_sha256 is not None:
        return FinalCode.COMPLETED
    if position.not_linked:
        return FinalCode.NOT_LINKED
    if consent is not None:
        return FinalCode.REFUSED if consent.reply is Reply.NO else FinalCode.BROKEN_OFF
    if status is CallStatus.FAILED:
        return FinalCode.INVALID_NUMBER
    return FinalCode.NO_ANSWER if is_last else None


def _closing(state: LiveState, current: Round, events: tuple[e.Event, ...]) -> tuple[e.Event, ...]:
    """Close the calls as soon as these events leave nothing to wait for."""
    if current.calls_end is not None or state.plan is None:
        return ()
    landed = {event.k for event in events if isinstance(event, e.CallEnded | e.CallVoided)}
    finished = {event.k: event.code for event in events if isinstance(event, e.PositionFinished)}
    placed = any(isinstance(event, e.CallPlaced) for event in events)
    in_flight = current.in_flight - len(landed) + placed
    if in_flight:
        return ()
    completed = current.completed + sum(c is FinalCode.COMPLETED for c in finished.values())
    if completed >= state.plan.target:
        return (e.CallsClosed(current.j, CallsEnd.TARGET_REACHED),)
    if all(k in finished or is_final(current, k) for k in current.order):
        return (e.CallsClosed(current.j, CallsEnd.LIST_EXHAUSTED),)
    if current.stopping:
        return (e.CallsClosed(current.j, CallsEnd.TIME_UP),)
    return ()

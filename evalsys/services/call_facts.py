"""What a call means to its session: whether it is wanted, and what its end adds to the record."""

from datetime import timedelta

from sqlalchemy.orm import Session

from evalsys.domain.interview import Ask, Step, Topic
from evalsys.domain.live import commands as c
from evalsys.domain.live.decide_air import may_offer
from evalsys.domain.live.state import LiveState
from evalsys.domain.live.words import CallStatus, Phase
from evalsys.domain.protection import Protection
from evalsys.store.calls import Attempt
from evalsys.store.protection import protection_of


def offers_air(db: Session, state: LiveState, call: Attempt, at: Ask, follows: Step) -> bool:
    """Say whether a household that just told who it is may be asked for the stage."""
    current, told = state.round, at.topic is Topic.IDENTITY
    goes_on = isinstance(follows, Ask) and follows.topic is not Topic.IDENTITY
    if not told or not goes_on or current is None or not may_offer(current, call.k):
        return False
    return protection_of(db, call.household) is Protection.NONE


def is_wanted(state: LiveState, call: Attempt) -> bool:
    """Say whether the session still listens to this call."""
    current = state.round
    if state.phase is not Phase.CALLING or current is None or current.j != call.j:
        return False
    position = current.positions.get(call.k)
    under_way = position.current if position else None
    return under_way is not None and under_way.attempt_id == call.id


def fact_of(call: Attempt, talk_s: int) -> c.PhoneFact:
    """Turn what the carrier says of a call into what the session is told; seconds."""
    if call.status is CallStatus.VOID:
        return c.VoidCall(call.j, call.k, call.id, reason="carrier")
    if call.ended_at is None:
        return c.ReportProgress(call.j, call.k, call.id, call.status)
    rang_until = call.answered_at or call.ended_at
    ring = rang_until - call.rang_at if call.rang_at else timedelta()
    return c.EndCall(
        call.j,
        call.k,
        call.id,
        call.sid,
        call.status,
        ring_s=max(0, int(ring.total_seconds())),
        talk_s=talk_s,
    )

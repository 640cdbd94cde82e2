"""Where a household's line goes on its way to the stage."""

from enum import StrEnum

from evalsys.domain.live.air import AirLeg, AirStatus
from evalsys.domain.live.state import LiveState
from evalsys.domain.live.words import AirEnd
from evalsys.store.calls import Attempt


class Way(StrEnum):
    """Where a household's line goes next."""

    AGAIN = "again"
    WAIT = "wait"
    STAGE = "stage"
    DECLINED = "declined"
    PASSED = "passed"
    BACK = "back"


def leg_of(state: LiveState, call: Attempt) -> AirLeg | None:
    """Return what is known of a call's way to the stage."""
    current = state.round
    leg = current.air.legs.get(call.k) if current and current.j == call.j else None
    return leg if leg is not None and leg.attempt_id == call.id else None


def is_passed(state: LiveState, call: Attempt) -> bool:
    """Whether a household waits in vain: another was taken, or the offer ended."""
    leg, current = leg_of(state, call), state.round
    return (
        leg is not None
        and leg.status is AirStatus.WILLING
        and current is not None
        and not current.air.is_offered
    )


def way_of(state: LiveState, call: Attempt) -> Way:
    """Say where a household's line goes, as the session stands."""
    leg = leg_of(state, call)
    if leg is None or leg.status is AirStatus.DECLINED:
        return Way.DECLINED
    if leg.status is AirStatus.WILLING:
        return Way.WAIT
    if leg.status is AirStatus.OFF:
        return Way.PASSED if leg.end is AirEnd.PASSED else Way.BACK
    return Way.STAGE

"""What the public and the console may see of the stage's lines: places in the order, no more."""

from evalsys.domain.live.air import AirStatus
from evalsys.domain.live.codec import Json
from evalsys.domain.live.decide_air import lines_of, next_for_air
from evalsys.domain.live.state import LiveState, Round
from evalsys.domain.live.words import StageRole


def on_air(current: Round) -> Json:
    """Say which place of the drawn order is on air, for everybody; nothing when nobody is."""
    leg = current.air.staged
    if leg is None or leg.status is not AirStatus.ON_AIR:
        return None
    return {"place": current.order.index(leg.k) + 1, "k": leg.k}


def stage_view(state: LiveState) -> dict[str, Json]:
    """Say how every line of the round stands, for the console: by place, never by number."""
    current = state.round
    if current is None:
        return {"offered": False, "lines": [], "legs": [], "next": None}
    lines: list[Json] = []
    for role in StageRole:
        placed = lines_of(state, role)
        if placed:
            lines.append({"role": role.value, "status": placed[-1].status.value})
    return {
        "offered": current.air.is_offered,
        "lines": lines,
        "legs": [
            _leg(current, place, k)
            for place, k in enumerate(current.order, 1)
            if k in current.positions and current.positions[k].current is not None
        ],
        "next": next_for_air(current),
    }


def _leg(current: Round, place: int, k: int) -> Json:
    attempt, leg = current.positions[k].current, current.air.legs.get(k)
    return {
        "place": place,
        "k": k,
        "status": attempt.status.value if attempt else "",
        "air": leg.status.value if leg else "",
        "dumped": bool(leg and leg.dumped),
        "scored": current.positions[k].score_sha256 is not None,
    }

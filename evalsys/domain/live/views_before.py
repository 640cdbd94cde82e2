"""What everybody may see before the ceremony: windows, objections, exclusions, shortened rules."""

from datetime import datetime

from evalsys.domain.live.codec import Json
from evalsys.domain.live.decide_before import AIRED_OBJECTION_HOURS, opens_at
from evalsys.domain.live.state import LiveState, Objection


def before(state: LiveState) -> dict[str, Json]:
    """Picture the days before: when the windows end, what is in dispute, who is left out."""
    plan = state.plan
    hours = plan.objection_hours if plan else 0
    return {
        "frozen_at": _iso(state.frozen_at),
        "objection_hours": hours,
        "objections_until": _iso(state.objections_until),
        "published_at": _iso(state.published_at),
        "opens_at": _iso(opens_at(state)),
        "window_shortened": hours < AIRED_OBJECTION_HOURS,
        "must_refreeze": state.must_refreeze,
        "earlier_rosters": list(state.earlier_rosters),
        "objections": [_objection(one) for one in state.objections],
        "exclusions": [
            {"cadre": one.cadre, "reason": one.reason.value} for one in state.exclusions
        ],
    }


def _objection(one: Objection) -> Json:
    return {
        "n": one.n,
        "cadre": one.cadre,
        "kind": one.kind.value,
        "raised_at": _iso(one.raised_at),
        "upheld": one.upheld,
        "reason": one.reason,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="milliseconds") if moment else None

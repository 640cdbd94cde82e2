"""What the live sessions found, as the personnel room reckons with it (Y53-Y55)."""

from collections.abc import Iterator
from datetime import date, tzinfo

from evalsys.domain.live.state import LiveState
from evalsys.domain.personnel import SessionFinding
from evalsys.ids import LiveId


def findings_of(live: LiveId, state: LiveState, zone: tzinfo) -> Iterator[SessionFinding]:
    """Give one finding for each round with a verdict; days are those of the county's `zone`."""
    plan, opened_at = state.plan, state.opened_at
    if plan is None or opened_at is None:
        return
    held_on = opened_at.astimezone(zone).date()
    for drawn in state.rounds:
        if drawn.verdict is None:
            continue
        dues = [date.fromisoformat(pledge.due_on) for pledge in drawn.pledges]
        yield SessionFinding(
            cadre=drawn.cadre,
            live=live,
            j=drawn.j,
            verdict=drawn.verdict,
            mean_tenths=drawn.released.mean_tenths if drawn.released else None,
            answered=drawn.released.answered if drawn.released else 0,
            held_on=held_on,
            title=plan.title,
            rehearsal=plan.rehearsal,
            investigated=bool(drawn.investigations),
            pledges=len(drawn.pledges),
            pledge_due_on=min(dues, default=None),
        )

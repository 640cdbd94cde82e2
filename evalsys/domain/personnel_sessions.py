"""What the live sessions found, as the personnel room reckons with it (Y53-Y55)."""

from collections.abc import Iterator
from datetime import date, tzinfo

from evalsys.domain.live.state import LiveState
from evalsys.domain.local_date import local_date
from evalsys.domain.personnel import SessionFinding
from evalsys.ids import LiveId


def findings_of(live: LiveId, state: LiveState, zone: tzinfo) -> Iterator[SessionFinding]:
    """Give one finding for each round with a verdict; days are those of the county's `zone`."""
    plan, opened_at = state.plan, state.opened_at
    if plan is None or opened_at is None:
        return
    held_on = local_date(opened_at, zone)
    for judged in state.rounds:
        if judged.verdict is None:
            continue
        dues = [date.fromisoformat(pledge.due_on) for pledge in judged.pledges]
        yield SessionFinding(
            cadre=judged.cadre,
            live=live,
            j=judged.j,
            verdict=judged.verdict,
            mean_tenths=judged.released.mean_tenths if judged.released else None,
            answered=judged.released.answered if judged.released else 0,
            held_on=held_on,
            title=plan.title,
            rehearsal=plan.rehearsal,
            is_enough=judged.completed >= plan.target,
            investigated=bool(judged.investigations),
            pledges=len(judged.pledges),
            pledge_due_on=min(dues, default=None),
            named_by=judged.naming.who if judged.naming else "",
            naming_reason=judged.naming.reason if judged.naming else "",
        )

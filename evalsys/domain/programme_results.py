"""What households made of programmes, as the year's spot check of their units (Y38-Y39)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, tzinfo

from evalsys.domain.live.state import LiveState, hears_programmes
from evalsys.domain.live.views import satisfied
from evalsys.domain.local_date import local_date
from evalsys.domain.scoring import Band
from evalsys.ids import CadreNumber, LiveId


@dataclass(frozen=True, slots=True)
class ProgrammeResult:
    """One programme in one session. The figures are those that everybody may see."""

    programme: CadreNumber
    live: LiveId
    held_on: date
    title: str
    rehearsal: bool
    called: int
    """Households of which a telephone number was opened."""
    answered: int
    """Households that scored."""
    mean_tenths: int | None
    """Of 1 to 5, in tenths; None when too few scored or all alike."""
    band: Band
    satisfied: int | None
    """Households that said to be content; None when too few scored."""


def results_of(live: LiveId, state: LiveState, zone: tzinfo) -> Iterator[ProgrammeResult]:
    """Give one result for each programme whose ballots are opened; days are the county's."""
    plan, opened_at = state.plan, state.opened_at
    if plan is None or opened_at is None or not hears_programmes(state):
        return
    for heard in state.rounds:
        if heard.released is None:
            continue
        told = satisfied(heard)
        content = told.get("yes") if isinstance(told, dict) else None
        yield ProgrammeResult(
            programme=heard.cadre,
            live=live,
            held_on=local_date(opened_at, zone),
            title=plan.title,
            rehearsal=plan.rehearsal,
            called=len(heard.positions),
            answered=heard.released.answered,
            mean_tenths=heard.released.mean_tenths,
            band=heard.released.band,
            satisfied=content if isinstance(content, int) else None,
        )

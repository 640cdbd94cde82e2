"""The events of a pledge assembly folded into the state (Y69)."""

from dataclasses import replace

from evalsys.domain.live import events as e
from evalsys.domain.live import events_agenda as eg
from evalsys.domain.live.state import LiveState, Round, is_assembly
from evalsys.domain.live.words import AgendaOrder, Phase
from evalsys.ids import CadreNumber, Stratum


def apply_agenda(state: LiveState, record: e.Recorded, event: eg.AgendaEvent) -> LiveState:
    """Return the state after an event of an assembly."""
    match event:
        case eg.AgendaSet(issues):
            return replace(
                state, phase=Phase.PLANNED, agenda=issues, manifest_sha256="", published_at=None
            )
        case eg.AgendaPublished(sha256):
            return replace(
                state, phase=Phase.FROZEN, manifest_sha256=sha256, published_at=record.at
            )
        case eg.AgendaOrdered(order=order):
            return replace(state, phase=Phase.SEEDED, agenda_order=order)
        case eg.IssueCalled(j, n):
            called = Round(
                j=j,
                stratum=Stratum(""),
                cadre=CadreNumber(""),
                ticket="",
                runners_up=(),
                eligible=0,
                seed=state.master_seed,
                issue=state.agenda[n - 1],
            )
            return replace(state, phase=Phase.ANSWERING, rounds=(*state.rounds, called))
        case eg.IssueLeft(reason=reason):
            current = replace(state.rounds[-1], left=reason)
            return replace(state, rounds=(*state.rounds[:-1], current))


def first_part(state: LiveState) -> Phase:
    """Say with what a session opens: without dice for its order, an assembly has no ceremony."""
    fixed = state.plan is not None and state.plan.agenda is AgendaOrder.FIXED
    return Phase.SEEDED if fixed else Phase.CEREMONY


def with_answer(state: LiveState) -> LiveState:
    """Let the phase follow the answer: an issue that has one is answered, else it still waits."""
    if not is_assembly(state) or not state.rounds:
        return state
    current = state.rounds[-1]
    if state.phase is Phase.ANSWERING and current.is_answered:
        return replace(state, phase=Phase.JUDGED)
    if state.phase is Phase.JUDGED and not current.is_answered:
        return replace(state, phase=Phase.ANSWERING)
    return state

"""What GO would put on the screens 预监: the session as it would be after the step on standby.

Nothing is recorded. What nobody can know before GO stands as a placeholder: the number that will
be drawn, the votes that will be counted, the hash that will seal.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from evalsys.domain.draw import FrozenCadre, in_pot
from evalsys.domain.live import commands as c
from evalsys.domain.live import commands_agenda as cg
from evalsys.domain.live import commands_ceremony as cc
from evalsys.domain.live import events as e
from evalsys.domain.live.decide import decide, preview
from evalsys.domain.live.state import FIRST_NAMING, LiveState
from evalsys.domain.live.words import GoStep, NamedBy, Verdict
from evalsys.domain.manifest import parse_manifest
from evalsys.domain.transcript import AbortReason
from evalsys.errors import WrongPhase
from evalsys.ids import CadreNumber

UNKNOWN_CADRE = CadreNumber("????????")
UNKNOWN = frozenset(
    {GoStep.DRAW_NEXT, GoStep.NAME_CADRE, GoStep.CLOSE_VOTE, GoStep.SEAL, GoStep.ABORT}
)
"""Steps whose picture holds a placeholder."""


def foresee(
    state: LiveState,
    step: GoStep,
    at: datetime,
    *,
    households: int = 0,
    eligible: int = 0,
    verdict: Verdict | None = None,
) -> LiveState:
    """Return the session as it would be once GO has carried out `step` at `at`.

    `households` are those of the cadre on stage, `eligible` the cadres in the pot of the next
    slot; `verdict` is what the director chose so far. A second key and whatever is dark or held
    are left out: they come before GO, not after it. Nothing is on standby afterwards.

    Raises:
        WrongPhase: the step is not possible now.
        RuleViolation: GO would be refused; says why.
    """
    if step is GoStep.DRAW_NEXT:
        events: tuple[e.Event, ...] = (_drawn(state, eligible),)
    else:
        events = _events(_unbarred(state), step, at, households, verdict)
    return replace(preview(state, events, at), control=replace(state.control, standby=None))


def pot_size(state: LiveState, roster: Iterable[FrozenCadre]) -> int:
    """Count the cadres of the frozen `roster` of whom the next slot would draw one."""
    j = state.next_slot
    if j is None or not state.manifest:
        return 0
    excluded = parse_manifest(state.manifest.encode()).excluded
    pot = in_pot(state.slots[j - 1], roster, excluded=excluded, taken=state.drawn)
    return sum(1 for _ in pot)


def _drawn(state: LiveState, eligible: int) -> e.CadreDrawn:
    j = state.next_slot
    if j is None:
        raise WrongPhase("名额已经抽完。", remedy="请闭会。")
    return e.CadreDrawn(j, state.slots[j - 1], UNKNOWN_CADRE, "", (), eligible)


def _events(
    state: LiveState, step: GoStep, at: datetime, households: int, verdict: Verdict | None
) -> tuple[e.Event, ...]:
    if step is GoStep.NAME_CADRE:
        j = FIRST_NAMING + len(state.namings)
        return (e.CadreNamed(j, UNKNOWN_CADRE, NamedBy.PANEL, "……", "……"),)
    if step is GoStep.OPEN_CALLS:
        return tuple(decide(state, c.OpenCalls(households), at))
    if step is GoStep.GIVE_VERDICT:
        return tuple(decide(state, c.GiveVerdict(verdict or Verdict.CONFIRMED), at))
    return tuple(decide(state, _COMMANDS[step](), at))


def _unbarred(state: LiveState) -> LiveState:
    control = replace(
        state.control, dark=frozenset(), card=None, held=False, halted_since=None, director=None
    )
    plan = replace(state.plan, two_keys=False) if state.plan else None
    return replace(state, control=control, plan=plan)


_COMMANDS: Mapping[GoStep, Callable[[], c.Command]] = {
    GoStep.OPEN_CEREMONY: c.OpenCeremony,
    GoStep.CONFIRM_DICE: cc.ConfirmDice,
    GoStep.CALL_ISSUE: cg.CallIssue,
    GoStep.OPEN_VOTE: c.OpenVote,
    GoStep.CLOSE_VOTE: lambda: c.CloseVote(0, 0, 0, 0),
    GoStep.CLOSE: c.CloseSession,
    GoStep.SEAL: lambda: c.SealSession("0" * 64),
    GoStep.ABORT: lambda: c.AbortSession(AbortReason.SYSTEM_FAILURE),
}

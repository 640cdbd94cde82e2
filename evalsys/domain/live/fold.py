"""The state as a fold over the events. `apply` never refuses: what is recorded has happened."""

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce
from typing import assert_never

from evalsys.domain.live import air
from evalsys.domain.live import events as e
from evalsys.domain.live import events_agenda as eg
from evalsys.domain.live import events_ceremony as ec
from evalsys.domain.live.events_air import AirEvent, StageLinePlaced, StageLineReported
from evalsys.domain.live.events_control import ControlEvent
from evalsys.domain.live.fold_after import (
    Beside,
    beside,
    is_beside,
    with_investigation,
    with_pledge,
    without,
)
from evalsys.domain.live.fold_agenda import apply_agenda, first_part, with_answer
from evalsys.domain.live.fold_ceremony import apply_ceremony, count_line
from evalsys.domain.live.fold_control import apply_control, followed
from evalsys.domain.live.state import (
    Attempt,
    LiveState,
    Naming,
    Objection,
    Position,
    Replied,
    Round,
    hears_programmes,
    is_assembly,
)
from evalsys.domain.live.words import CallStatus, Phase
from evalsys.domain.manifest import Exclusion
from evalsys.ids import Stratum

_PHONE_EVENTS = (
    e.PositionOpened,
    e.CallPlaced,
    e.CallVoided,
    e.CallProgressed,
    e.HouseholdReplied,
    e.HouseholdNotLinked,
    e.ScoreCommitted,
    e.CommentLeft,
    e.CallEnded,
    e.PositionFinished,
)

_CEREMONY_FACTS = (
    ec.WitnessEnrolled,
    ec.ClerkSeated,
    ec.DiceTyped,
    ec.DiceTypedAgain,
    ec.BeaconRevealed,
    ec.WitnessSigned,
)
"""From outside, as the phone's events: no step that an operator saw becomes stale by them."""

PhoneEvent = (
    e.PositionOpened
    | e.CallPlaced
    | e.CallVoided
    | e.CallProgressed
    | e.HouseholdReplied
    | e.HouseholdNotLinked
    | e.ScoreCommitted
    | e.CommentLeft
    | e.CallEnded
    | e.PositionFinished
)


def replay(records: Iterable[e.Recorded], state: LiveState | None = None) -> LiveState:
    """Fold `records` onto `state` (by default the state before the first event)."""
    return reduce(apply, records, state or LiveState())


def apply(state: LiveState, record: e.Recorded) -> LiveState:
    """Return the state after one more event."""
    after = count_line(_apply(state, record), record.event)
    control = followed(state, after, record)
    return replace(after, version=record.seq, last_at=record.at, control=control)


def _apply(  # noqa: PLR0911 - one way for each kind of event
    state: LiveState, record: e.Recorded
) -> LiveState:
    event = record.event
    if isinstance(event, _PHONE_EVENTS):
        return replace(state, rounds=(*state.rounds[:-1], _apply_phone(state, record, event)))
    if isinstance(event, e.ObjectionRaised):  # from outside: no step that an operator saw is stale
        raised = Objection(event.n, event.cadre, event.kind, raised_at=record.at)
        return replace(state, objections=(*state.objections, raised))
    if isinstance(event, AirEvent):  # a cut must never find the console stale
        return _apply_air(state, event)
    if isinstance(event, ControlEvent):  # a blackout is never stale, and makes no step so
        return replace(state, control=apply_control(state.control, record, event))
    if is_beside(event):
        # The tally process, the chair and the recorder come in their own time: no step waits, or
        # goes stale.
        return _apply_beside(state, event, record.seq)
    if isinstance(event, _CEREMONY_FACTS):
        return apply_ceremony(state, record)
    after = with_answer(_apply_step(state, record, event))
    return replace(after, step=record.seq, last_step=record)


def _with_round(state: LiveState, current: Round) -> LiveState:
    return replace(state, rounds=(*state.rounds[:-1], current))


def _apply_air(state: LiveState, event: AirEvent) -> LiveState:
    if isinstance(event, StageLinePlaced | StageLineReported):
        return replace(state, stage_lines=air.with_line(state.stage_lines, event))
    current = _on_stage(state)
    return _with_round(state, replace(current, air=air.with_event(current.air, event)))


def _apply_beside(state: LiveState, event: Beside, seq: int) -> LiveState:
    rounds = (beside(one, event, seq) if one.j == event.j else one for one in state.rounds)
    return with_answer(replace(state, rounds=tuple(rounds)))


def _on_stage(state: LiveState) -> Round:
    return state.rounds[-1]


def _apply_step(  # noqa: C901, PLR0911, PLR0912 - one arm an event, nothing else
    state: LiveState, record: e.Recorded, event: e.Event
) -> LiveState:
    match event:
        case e.SessionPlanned(plan):
            return replace(state, phase=Phase.PLANNED, plan=plan, planned_at=record.at)
        case e.RosterFrozen():
            return replace(
                state,
                phase=Phase.FROZEN,
                roster_sha256=event.sha256,
                roster_root=event.root,
                roster_cadres=event.cadres,
                roster_households=event.households,
                frozen_at=record.at,
                earlier_rosters=_replaced(state),
                must_refreeze=False,
            )
        case e.ObjectionDecided():
            return _decided(state, event)
        case e.ExclusionEntered():
            entered = (*state.exclusions, Exclusion(event.cadre, event.reason))
            return replace(state, exclusions=tuple(sorted(entered, key=lambda one: one.cadre)))
        case e.ExclusionWithdrawn():
            left = tuple(one for one in state.exclusions if one.cadre != event.cadre)
            return replace(state, exclusions=left)
        case e.ManifestPublished():
            return replace(
                state,
                manifest=event.manifest,
                manifest_sha256=event.sha256,
                slots=event.slots,
                published_at=record.at,
            )
        case e.CeremonyOpened():
            return replace(state, phase=first_part(state), opened_at=record.at)
        case ec.CupsCalled() | e.MasterDiceRolled() | e.SlotDiceRolled() | ec.RoundBound():
            return apply_ceremony(state, record)
        case e.CadreDrawn():
            drawn = Round(
                j=event.j,
                stratum=event.stratum,
                cadre=event.cadre,
                ticket=event.ticket,
                runners_up=event.runners_up,
                eligible=event.eligible,
                seed=state.slot_seed,
            )
            return replace(state, phase=Phase.DRAWN, rounds=(*state.rounds, drawn))
        case e.CadreNamed():
            named = Round(
                j=event.j,
                stratum=Stratum(""),
                cadre=event.cadre,
                ticket="",
                runners_up=(),
                eligible=0,
                seed=state.master_seed,
                naming=Naming(event.by, event.who, event.reason),
            )
            return replace(state, phase=Phase.NAMED, rounds=(*state.rounds, named))
        case e.StepTakenBack():
            return _take_back(state)
        case e.SessionAborted(reason):
            return replace(state, phase=Phase.CLOSED, aborted=reason, closed_at=record.at)
        case e.SessionClosed():
            return replace(state, phase=Phase.CLOSED, closed_at=record.at)
        case e.SessionSealed(head):
            return replace(state, phase=Phase.SEALED, head=head)
        case (
            eg.AgendaSet()
            | eg.AgendaPublished()
            | eg.AgendaOrdered()
            | eg.IssueCalled()
            | eg.IssueLeft()
        ):
            return apply_agenda(state, record, event)
        case _:
            return _apply_round_step(state, record, event)


def _replaced(state: LiveState) -> tuple[str, ...]:
    if not state.roster_sha256:
        return ()
    return (*state.earlier_rosters, state.roster_sha256)


def _decided(state: LiveState, event: e.ObjectionDecided) -> LiveState:
    objections = tuple(
        replace(one, upheld=event.upheld, reason=event.reason) if one.n == event.n else one
        for one in state.objections
    )
    must_refreeze = state.must_refreeze or event.upheld
    return replace(state, objections=objections, must_refreeze=must_refreeze)


def _apply_round_step(  # noqa: C901 - one arm an event
    state: LiveState, record: e.Recorded, event: e.Event
) -> LiveState:
    current = _on_stage(state)
    phase = state.phase
    match event:
        case e.PresenceRecorded():
            current, phase = replace(current, presence=event.presence), Phase.ANSWERING
        case e.HouseholdOrderSet():
            current, phase = replace(current, order=event.order), Phase.CALLING
        case e.DiallingStopped():
            current = replace(current, stopping=True)
        case e.CallsClosed():
            current = replace(current, calls_end=event.reason)
            if hears_programmes(state):
                phase = Phase.JUDGED  # the households have judged; nobody votes on a programme
        case e.VoteOpened():
            phase = Phase.VOTING
        case e.VoteTallied():
            current, phase = replace(current, votes=event), Phase.TALLIED
        case e.VerdictGiven():
            current, phase = replace(current, verdict=event.verdict), Phase.JUDGED
        case e.PledgeMade():
            current = with_pledge(current, event, record.seq)
        case e.InvestigationOpened():
            current = with_investigation(current, event, record.seq)
        case _:  # pragma: no branch - every other event has its arm in _apply_step
            message = f"{type(event).__name__} is not an event of a round"
            raise TypeError(message)
    return replace(_with_round(state, current), phase=phase)


def _take_back(state: LiveState) -> LiveState:
    """Return to before the last step; `decide` allows it for these kinds only."""
    current = _on_stage(state)
    match state.last_step.event if state.last_step else None:
        case e.PresenceRecorded():
            before = Phase.NAMED if current.naming else Phase.DRAWN
            return replace(_with_round(state, replace(current, presence=None)), phase=before)
        case e.VoteOpened():
            return replace(state, phase=Phase.JUDGED if is_assembly(state) else Phase.CALLING)
        case eg.IssueLeft():
            return _with_round(state, replace(current, left=""))
        case e.VerdictGiven():
            return replace(_with_round(state, replace(current, verdict=None)), phase=Phase.TALLIED)
        case e.PledgeMade() | e.InvestigationOpened():
            return _with_round(state, without(current, state.step))
        case _:
            return state


def _apply_phone(state: LiveState, record: e.Recorded, event: PhoneEvent) -> Round:
    current = _on_stage(state)
    match event:
        case e.PositionOpened(k=k):
            return _with_position(current, Position(k=k, opened_at=record.at))
        case e.CommentLeft():
            return replace(current, comments=current.comments + 1)
        case _:
            if isinstance(event, e.CallEnded):
                left = air.without_call(current.air, event.k, event.attempt_id)
                current = replace(current, air=left)
            return _with_position(
                current, _apply_to_position(current.positions[event.k], record, event)
            )


def _with_position(current: Round, position: Position) -> Round:
    return replace(current, positions={**current.positions, position.k: position})


def _apply_to_position(  # noqa: C901, PLR0911 - one arm an event
    position: Position, record: e.Recorded, event: PhoneEvent
) -> Position:
    match event:
        case e.CallPlaced():
            attempt = Attempt(event.attempt_id, event.attempt, record.at, asks=event.asks)
            return replace(position, attempts=(*position.attempts, attempt))
        case e.CallVoided():
            return _with_attempt(position, event.attempt_id, CallStatus.VOID, record)
        case e.CallProgressed():
            return _with_attempt(position, event.attempt_id, event.status, record)
        case e.HouseholdReplied():
            replied = Replied(event.reply, event.claimed)
            return replace(position, replies={**position.replies, event.question: replied})
        case e.HouseholdNotLinked():
            return replace(position, not_linked=True)
        case e.ScoreCommitted():
            return replace(position, score_sha256=event.sha256)
        case e.CallEnded():
            ended = _with_attempt(position, event.attempt_id, event.status, record)
            last = replace(ended.attempts[-1], sid=event.sid, talk_s=event.talk_s)
            return replace(ended, attempts=(*ended.attempts[:-1], last))
        case e.PositionFinished():
            return replace(position, final=event.code)
        case e.PositionOpened() | e.CommentLeft():  # shown with the round
            return position
        case _:
            assert_never(event)


def _with_attempt(
    position: Position, attempt_id: str, status: CallStatus, record: e.Recorded
) -> Position:
    last = position.attempts[-1]
    if last.attempt_id != attempt_id:
        return position
    changed = replace(last, status=status)
    if not changed.is_live:
        changed = replace(changed, ended_at=record.at)
    return replace(position, attempts=(*position.attempts[:-1], changed))

"""What a command brings about. Refuses with a reason, or answers with events; changes nothing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from evalsys.domain.draw import household_order, household_seed
from evalsys.domain.live import commands as c
from evalsys.domain.live import events as e
from evalsys.domain.live import events_agenda as eg
from evalsys.domain.live.commands_air import AirCommand
from evalsys.domain.live.commands_control import ControlCommand
from evalsys.domain.live.decide_after import (
    make_pledge,
    open_investigation,
    refer_case,
    withdraw,
)
from evalsys.domain.live.decide_agenda import (
    AGENDA,
    check_all_answered,
    check_kind,
    check_may_close,
)
from evalsys.domain.live.decide_agenda import open_vote as open_vote_on_issue
from evalsys.domain.live.decide_air import decide_air
from evalsys.domain.live.decide_before import BEFORE_THE_CEREMONY
from evalsys.domain.live.decide_ceremony import CEREMONY, household_randomness
from evalsys.domain.live.decide_control import check_may_go, decide_control
from evalsys.domain.live.decide_phone import decide_phone
from evalsys.domain.live.decide_quiz import QUIZ
from evalsys.domain.live.decide_serving import SERVING, require_signed
from evalsys.domain.live.fold import apply
from evalsys.domain.live.naming import name_cadre
from evalsys.domain.live.needs import need, round_of
from evalsys.domain.live.state import LiveState, hears_programmes, is_assembly
from evalsys.domain.live.words import CallsEnd, Phase
from evalsys.errors import RuleViolation, WrongPhase

_CORRECTABLE = (
    e.PresenceRecorded,
    e.VoteOpened,
    e.VerdictGiven,
    e.PledgeMade,
    e.InvestigationOpened,
    eg.IssueLeft,
)
_Decision = Callable[..., tuple[e.Event, ...]]
"""Of a state, the command of its kind, and when."""


def decide(state: LiveState, command: c.Command, at: datetime) -> tuple[e.Event, ...]:
    """Return the events that `command` brings about at `at`.

    A phone fact that says nothing new, or comes after its round has ended, brings about nothing.

    Raises:
        WrongPhase: not in this phase of the session.
        RuleViolation: a rule of the draw or of the session forbids it.
        InvalidInput: a field of the command is malformed.
    """
    if isinstance(command, c.PhoneFact):
        return decide_phone(state, command, at)
    if isinstance(command, AirCommand):
        return decide_air(state, command)
    if isinstance(command, ControlCommand):
        return decide_control(state, command, at)
    check_kind(state, command)
    check_may_go(state, command, at)
    events = _DECISIONS[type(command)](state, command, at)
    require_signed(state, events)
    return events


def preview(state: LiveState, events: Sequence[e.Event], at: datetime) -> LiveState:
    """Return the state as it would be once `events` are recorded."""
    for event in events:
        state = apply(state, e.Recorded(state.version + 1, at, "", event))
    return state


def may_take_back(state: LiveState) -> bool:
    """Whether the last step is one that the operator can still correct."""
    return state.last_step is not None and isinstance(state.last_step.event, _CORRECTABLE)


def _record_presence(
    state: LiveState, command: c.RecordPresence, _at: datetime
) -> tuple[e.Event, ...]:
    if hears_programmes(state):
        raise RuleViolation("项目评议没有干部作答这一步。", remedy="请直接开始连线。")
    need(state, "记录干部到场情况", Phase.DRAWN, Phase.NAMED)
    return (e.PresenceRecorded(round_of(state).j, command.presence),)


def _open_calls(state: LiveState, command: c.OpenCalls, _at: datetime) -> tuple[e.Event, ...]:
    ready = Phase.DRAWN if hears_programmes(state) else Phase.ANSWERING
    need(state, "开始连线求证", ready)
    current = round_of(state)
    seed = household_seed(current.seed, current.cadre, **household_randomness(state))
    order = household_order(seed, command.households)
    opened = e.HouseholdOrderSet(current.j, current.cadre, order)
    if order:
        return (opened,)
    return (opened, e.CallsClosed(current.j, CallsEnd.LIST_EXHAUSTED))


def _stop_dialling(
    state: LiveState, _command: c.StopDialling, _at: datetime
) -> tuple[e.Event, ...]:
    need(state, "结束连线", Phase.CALLING)
    current = round_of(state)
    if current.calls_end is not None:
        raise RuleViolation("本轮连线已经结束。", remedy="请开放评议团投票。")
    if current.stopping:
        raise RuleViolation(
            f"已在收线，还有 {current.in_flight} 个通话未结束。", remedy="请等待通话自然结束。"
        )
    stopped = e.DiallingStopped(current.j)
    if current.in_flight:
        return (stopped,)
    return (stopped, e.CallsClosed(current.j, CallsEnd.TIME_UP))


def _release(state: LiveState, command: c.ReleaseScores, _at: datetime) -> tuple[e.Event, ...]:
    found = next((one for one in state.rounds if one.j == command.j), None)
    if found is None or found.calls_end is None or found.released is not None:
        raise RuleViolation("联系户打分只在连线结束后公布一次。", remedy="无需操作。")
    return (e.ScoresReleased(command.j, command.answered, command.mean_tenths, command.band),)


def _open_vote(state: LiveState, _command: c.OpenVote, _at: datetime) -> tuple[e.Event, ...]:
    if is_assembly(state):
        return open_vote_on_issue(state, round_of(state))
    need(state, "开放投票", Phase.CALLING)
    current = round_of(state)
    if current.calls_end is None:
        raise WrongPhase("连线求证尚未结束。", remedy="请等待连线结束，或先按“收线”。")
    return (e.VoteOpened(current.j),)


def _close_vote(state: LiveState, command: c.CloseVote, _at: datetime) -> tuple[e.Event, ...]:
    need(state, "关闭投票", Phase.VOTING)
    return (
        e.VoteTallied(
            round_of(state).j,
            command.satisfied,
            command.basically_satisfied,
            command.not_satisfied,
            command.seats,
        ),
    )


def _declare_as_chair(
    state: LiveState, command: c.DeclareAsChair, _at: datetime
) -> tuple[e.Event, ...]:
    need(state, "末位表态", Phase.TALLIED, Phase.JUDGED)
    current = round_of(state)
    if current.votes is None:
        raise WrongPhase("评议团还没有表决。", remedy="主要负责人在计票结果公布之后表态。")
    if current.chair is not None:
        raise RuleViolation("本轮已经表态，不能更改。", remedy="无需操作。")
    return (e.ChairDeclared(current.j, command.choice),)


def _give_verdict(state: LiveState, command: c.GiveVerdict, _at: datetime) -> tuple[e.Event, ...]:
    need(state, "作出认定", Phase.TALLIED)
    return (e.VerdictGiven(round_of(state).j, command.verdict),)


def _take_back(state: LiveState, _command: c.TakeBack, _at: datetime) -> tuple[e.Event, ...]:
    if not may_take_back(state):
        raise RuleViolation(
            "上一步不能撤回。", remedy="抽取、拨打和计票不可撤回；其他步骤只能撤回最近一步。"
        )
    return (e.StepTakenBack(state.step),)


def _abort(state: LiveState, command: c.AbortSession, _at: datetime) -> tuple[e.Event, ...]:
    outside = {Phase.PLANNED, Phase.FROZEN, Phase.CLOSED, Phase.SEALED}
    need(state, "中止", *(phase for phase in Phase if phase not in outside))
    return (e.SessionAborted(command.reason),)


def _close(state: LiveState, _command: c.CloseSession, _at: datetime) -> tuple[e.Event, ...]:
    if is_assembly(state):
        check_may_close(state)
        return (e.SessionClosed(len(state.rounds)),)
    need(state, "闭会", Phase.JUDGED)
    if state.next_slot is not None:
        left = len(state.slots) - len(state.slots_drawn)
        raise RuleViolation(
            f"还有 {left} 个名额没有抽取，不能正常闭会。",
            remedy="请抽完全部名额；确需提前结束的，用“中止”并选择理由。",
        )
    return (e.SessionClosed(len(state.slots_drawn)),)


def _seal(state: LiveState, command: c.SealSession, _at: datetime) -> tuple[e.Event, ...]:
    need(state, "封存", Phase.CLOSED)
    if is_assembly(state) and state.aborted is None:
        check_all_answered(state)
    return (e.SessionSealed(command.head),)


_DECISIONS: Mapping[type[c.Command], _Decision] = {
    **BEFORE_THE_CEREMONY,
    **CEREMONY,
    **SERVING,
    **AGENDA,
    **QUIZ,
    c.NameCadre: name_cadre,
    c.RecordPresence: _record_presence,
    c.OpenCalls: _open_calls,
    c.StopDialling: _stop_dialling,
    c.ReleaseScores: _release,
    c.OpenVote: _open_vote,
    c.CloseVote: _close_vote,
    c.DeclareAsChair: _declare_as_chair,
    c.GiveVerdict: _give_verdict,
    c.MakePledge: make_pledge,
    c.OpenInvestigation: open_investigation,
    c.ReferCase: refer_case,
    c.WithdrawFollowUp: withdraw,
    c.TakeBack: _take_back,
    c.AbortSession: _abort,
    c.CloseSession: _close,
    c.SealSession: _seal,
}

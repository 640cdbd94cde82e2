"""The pledge assembly 承诺大会: agenda, order, one issue after the other (Y32, Y69).

An issue is called, its speaker answers, the recorder enters the pledge; the panel may say whether
that is enough; then the next. Nothing is drawn but the order, and that only where the plan says so.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from evalsys.domain.agenda import agenda_sha256, check_agenda, drawn_order
from evalsys.domain.draw_strata import StrataKind
from evalsys.domain.live import commands as c
from evalsys.domain.live import commands_agenda as cg
from evalsys.domain.live import commands_ceremony as cc
from evalsys.domain.live import events as e
from evalsys.domain.live import events_agenda as eg
from evalsys.domain.live.needs import need, plan_of
from evalsys.domain.live.state import LiveState, Round, is_assembly
from evalsys.domain.live.words import AgendaOrder, BeaconChoice, Phase
from evalsys.domain.written import LONGEST_TEXT, one_line
from evalsys.errors import InvalidInput, RuleViolation, WrongPhase

_BEFORE = (Phase.PLANNED, Phase.FROZEN)
ON_STAGE = (Phase.ANSWERING, Phase.JUDGED, Phase.VOTING, Phase.TALLIED)
"""Phases in which an issue is on stage."""
MAY_PLEDGE = (Phase.ANSWERING, Phase.JUDGED, Phase.TALLIED)
"""Not while the panel votes: it votes on the answer that it heard."""
_MAY_GO_ON = (Phase.JUDGED, Phase.TALLIED)

_OF_OTHERS = (
    c.FreezeRoster,
    c.RaiseObjection,
    c.DecideObjection,
    c.EnterExclusion,
    c.WithdrawExclusion,
    c.PublishManifest,
    c.DrawNext,
    c.NameCadre,
    c.RecordPresence,
    c.OpenCalls,
    c.StopDialling,
    c.ReleaseScores,
    c.GiveVerdict,
    c.OpenInvestigation,
    c.ReferCase,
    cc.EnrolWitness,
    cc.BindRound,
)
"""Steps that no assembly has: nobody is drawn, nobody is called, nothing is found."""


def check_kind(state: LiveState, command: c.Command) -> None:
    """Keep the steps of an assembly and those of the other sessions apart.

    Raises:
        RuleViolation: the command belongs to another kind of session.
    """
    of_assembly = isinstance(command, cg.AgendaCommand)
    if state.plan is None or is_assembly(state) is of_assembly:
        return
    if of_assembly:
        raise RuleViolation(
            "本场不是承诺大会，没有议程。", remedy="议程请在承诺大会中编排；请另建一场。"
        )
    if isinstance(command, _OF_OTHERS):
        raise RuleViolation(
            "承诺大会没有这一步：不抽干部，不打电话，不作认定。",
            remedy="请按控制台提示的下一步操作。",
        )


def plan_assembly(plan: e.Plan) -> e.Plan:
    """Return an assembly's plan as it is recorded: what is about draws and calls says nothing.

    Raises:
        InvalidInput: it asks for something that an assembly has not.
    """
    beacon = plan.beacon is not BeaconChoice.NONE
    if plan.programmes or plan.weigh_by or plan.spare_recent or plan.witnesses or beacon:
        raise InvalidInput(
            "承诺大会没有项目、加权、排除、信标和签名见证人。",
            remedy="请去掉这些选项；议题次序要抽的，由两位记录员录入骰点。",
            place="会议计划",
        )
    return replace(
        plan,
        strata=StrataKind.UNIFORM.value,
        slots=1,
        target=1,
        attempts=2,
        gap_s=90,
        parallel=1,
        objection_hours=24,
    )


def open_assembly(state: LiveState, opened: e.CeremonyOpened) -> tuple[e.Event, ...]:
    """Give what follows at once from the opening: a fixed order stands from then on."""
    if not is_assembly(state) or plan_of(state).agenda is not AgendaOrder.FIXED:
        return (opened,)
    return (opened, eg.AgendaOrdered(tuple(range(1, len(state.agenda) + 1)), drawn=False))


def order_by_dice(state: LiveState, rolled: e.MasterDiceRolled) -> tuple[e.Event, ...]:
    """Give what follows at once from the dice: in an assembly, the order of its issues."""
    if not is_assembly(state):
        return (rolled,)
    order = drawn_order(rolled.seed, len(state.agenda))
    return (rolled, eg.AgendaOrdered(order, drawn=True))


def open_vote(state: LiveState, current: Round) -> tuple[e.Event, ...]:
    """Let the panel say whether the answer is enough; once an issue, and after its pledge."""
    need(state, "开放投票", Phase.JUDGED)
    if not current.pledges:
        raise RuleViolation(
            "本议题当场没有承诺，没有可以表决的答复。", remedy="请直接请上下一个议题。"
        )
    return (e.VoteOpened(current.j),)


def check_may_close(state: LiveState) -> None:
    """Insist that every issue was called and answered, or left for a reason.

    Raises:
        WrongPhase: not in this phase.
        RuleViolation: says how many issues are left.
    """
    need(state, "闭会", *_MAY_GO_ON)
    check_all_answered(state)
    left = len(state.agenda_order) - len(state.rounds)
    if left:
        raise RuleViolation(
            f"还有 {left} 个议题没有答复，不能正常闭会。",
            remedy="请逐个请上；确需提前结束的，用“中止”并选择理由。",
        )


def check_all_answered(state: LiveState) -> None:
    """Insist that no pledge was withdrawn without another in its place.

    Raises:
        WrongPhase: names the first issue that has no answer.
    """
    found = next((one for one in state.rounds if not one.is_answered), None)
    if found is not None:
        title = found.issue.title if found.issue else ""
        raise WrongPhase(
            f"第 {found.j} 个议题“{title}”还没有承诺。",
            remedy="请记录员补录承诺；台上的议题确实没有的，写明原因记为“当场未作承诺”。",
        )


def _set(state: LiveState, command: cg.SetAgenda, _at: datetime) -> tuple[e.Event, ...]:
    need(state, "编排议程", *_BEFORE)
    issues = check_agenda(command.issues)
    return () if issues == state.agenda else (eg.AgendaSet(issues),)


def _publish(state: LiveState, _command: cg.PublishAgenda, _at: datetime) -> tuple[e.Event, ...]:
    need(state, "公布议程", Phase.PLANNED)
    if not state.agenda:
        raise RuleViolation("议程还是空的。", remedy="请先导入或填写议题：问题、答复单位和答复人。")
    return (eg.AgendaPublished(agenda_sha256(state.agenda)),)


def _call(state: LiveState, _command: cg.CallIssue, _at: datetime) -> tuple[e.Event, ...]:
    need(state, "请上议题", Phase.SEEDED, *_MAY_GO_ON)
    check_all_answered(state)
    j = len(state.rounds) + 1
    if j > len(state.agenda_order):
        raise RuleViolation("全部议题都已答复。", remedy="请闭会。")
    return (eg.IssueCalled(j, state.agenda_order[j - 1]),)


def _leave(state: LiveState, command: cg.LeaveIssue, _at: datetime) -> tuple[e.Event, ...]:
    need(state, "记为当场未作承诺", *MAY_PLEDGE)
    current = state.rounds[-1]
    if current.is_answered:
        raise RuleViolation(
            "本议题已有承诺，或已记为未作承诺。", remedy="承诺录错的，请在记录台更正。"
        )
    reason = one_line(command.reason, "未作承诺的原因", longest=LONGEST_TEXT)
    if not reason:
        raise InvalidInput(
            "请写明原因，它会公开。", remedy="例如：答复人未到场。", place="未作承诺的原因"
        )
    return (eg.IssueLeft(current.j, reason),)


AGENDA: Mapping[type[c.Command], Callable[..., tuple[e.Event, ...]]] = {
    cg.SetAgenda: _set,
    cg.PublishAgenda: _publish,
    cg.CallIssue: _call,
    cg.LeaveIssue: _leave,
}

"""What may follow from a round: promises, investigations, referrals (Y53, Y54)."""

from dataclasses import replace
from datetime import date, datetime

from evalsys.domain.agenda import Target, check_target
from evalsys.domain.live import commands as c
from evalsys.domain.live import events as e
from evalsys.domain.live import events_after as ea
from evalsys.domain.live.decide_agenda import MAY_PLEDGE
from evalsys.domain.live.needs import need, round_of
from evalsys.domain.live.state import LiveState, Round, is_assembly
from evalsys.domain.live.words import Phase, TeamCategory, Verdict
from evalsys.domain.written import LONGEST_NAME, LONGEST_TEXT, one_line
from evalsys.errors import InvalidInput, NotFound, RuleViolation, WrongPhase

MAX_TEAM = 30


def judged_round(state: LiveState, j: int) -> Round:
    """Return round `j`, from which something may follow: it has its finding, nothing is sealed.

    Raises:
        NotFound: there was no such round.
        WrongPhase: it has no finding yet, or the record is sealed.
    """
    found = next((one for one in state.rounds if one.j == j), None)
    if found is None:
        raise NotFound(f"没有第 {j} 轮。", remedy="请从列表中选择已认定的干部。")
    if state.phase is Phase.SEALED:
        raise WrongPhase("会议已封存，不能再有记录。", remedy="请在整改台账中跟进。")
    if found.issue is not None:
        _check_not_voting(state, found)
        return found
    if found.verdict is None:
        raise WrongPhase("这一轮还没有认定。", remedy="请在主持人宣布认定之后录入。")
    return found


def _check_not_voting(state: LiveState, one: Round) -> None:
    """Let nothing change about an answer while the panel votes on it."""
    if state.phase is Phase.VOTING and state.rounds[-1].j == one.j:
        raise WrongPhase("评议团正在就这一答复投票。", remedy="请在计票之后录入或更正。")


def make_pledge(state: LiveState, command: c.MakePledge, at: datetime) -> tuple[e.Event, ...]:
    """Record a promise with measure and date; beside the show when the round is named."""
    target = _target(state, command.j, "记录承诺")
    due_on = future_day(command.due_on, at)
    measure = one_line(command.measure, "措施", longest=LONGEST_TEXT)
    responsible = one_line(command.responsible, "责任人", longest=LONGEST_NAME)
    if not measure or not responsible:
        raise InvalidInput("措施和责任人都必须填写。", remedy="请补全后再提交。", place="承诺")
    aside = command.j is not None
    made = e.PledgeMade(target, measure, due_on.isoformat(), responsible, aside)
    if command.target is None and not is_assembly(state):
        return (made,)
    goal = check_target(command.target or Target("", "", ""))
    return (replace(made, target=goal.what, amount=goal.amount, unit=goal.unit),)


def future_day(typed: str, at: datetime) -> date:
    """Read a date by which something is promised: after today.

    Raises:
        InvalidInput: it is no date, or has come already.
    """
    try:
        due_on = date.fromisoformat(typed)
    except ValueError:
        raise InvalidInput(
            f"“{typed}”不是日期。", remedy="请按 2026-12-31 的格式填写。", place="完成期限"
        ) from None
    if due_on <= at.date():
        raise InvalidInput("完成期限必须晚于今天。", remedy="请填写将来的日期。", place="完成期限")
    return due_on


def open_investigation(
    state: LiveState, command: c.OpenInvestigation, _at: datetime
) -> tuple[e.Event, ...]:
    """Send a team of all four categories; beside the show when the round is named."""
    target = _target(state, command.j, "派出调查组")
    if len(command.team) > MAX_TEAM:
        raise InvalidInput(
            f"调查组有 {len(command.team)} 人，最多 {MAX_TEAM} 人。",
            remedy="请只填写组员。",
            place="调查组",
        )
    team = tuple(
        replace(member, name=one_line(member.name, "调查组", longest=LONGEST_NAME))
        for member in command.team
    )
    missing = set(TeamCategory) - {member.category for member in team}
    if missing or not all(member.name for member in team):
        raise InvalidInput(
            "调查组必须包括纪检监察干部、人大代表、政协委员和群众代表，且每人有姓名或代号。",
            remedy="请补全四类成员。",
            place="调查组",
        )
    reason = one_line(command.reason, "事由", longest=LONGEST_TEXT)
    if not reason:
        raise InvalidInput(
            "请写明调查事由。", remedy="例如：走访记录与联系户说法有出入。", place="事由"
        )
    aside = command.j is not None
    return (e.InvestigationOpened(target, reason, team, aside, command.recused),)


def refer_case(state: LiveState, command: c.ReferCase, _at: datetime) -> tuple[e.Event, ...]:
    """Hand what looks faked to discipline inspection, once a round."""
    current = judged_round(state, command.j)
    if current.verdict is not Verdict.FAKED_SUSPECTED:
        raise RuleViolation(
            "这一轮没有认定为涉嫌弄虚作假，不能移送。",
            remedy="说法有出入的请派出调查组；未完成的请记录整改承诺。",
        )
    if current.referral is not None:
        raise RuleViolation("这一轮已经移送。", remedy="无需操作。")
    to = one_line(command.to, "移送机关", longest=LONGEST_NAME)
    reason = one_line(command.reason, "移送事由", longest=LONGEST_TEXT)
    if not to or not reason:
        raise InvalidInput("移送机关和事由都必须填写。", remedy="请补全后再提交。", place="移送")
    return (ea.CaseReferred(current.j, to, reason),)


def withdraw(state: LiveState, command: c.WithdrawFollowUp, _at: datetime) -> tuple[e.Event, ...]:
    """Correct what the recorder entered by mistake; both stay in the record."""
    current = judged_round(state, command.j)
    entered = {one.seq for one in current.pledges} | {one.seq for one in current.investigations}
    if current.referral is not None:
        entered.add(current.referral.seq)
    if command.of not in entered:
        raise NotFound("没有这条记录，或已经更正。", remedy="请刷新页面后选择。")
    reason = one_line(command.reason, "更正理由", longest=LONGEST_TEXT)
    if not reason:
        raise InvalidInput("请写明更正的理由。", remedy="例如：日期录错。", place="更正理由")
    return (ea.FollowUpWithdrawn(command.j, command.of, reason),)


def _target(state: LiveState, j: int | None, what: str) -> int:
    if j is not None:
        return judged_round(state, j).j
    need(state, what, *(MAY_PLEDGE if is_assembly(state) else (Phase.JUDGED,)))
    return round_of(state).j

"""Before the ceremony: plan, freeze, hear objections, exclude, publish, open (draw, 2-3)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from evalsys.domain.draw_strata import StrataKind, division_of, weighing_of
from evalsys.domain.live import commands as c
from evalsys.domain.live import events as e
from evalsys.domain.live.ceremony import beacon_rules, ceremony_problems
from evalsys.domain.live.decide_agenda import open_assembly, plan_assembly
from evalsys.domain.live.decide_control import check_ready
from evalsys.domain.live.needs import need, plan_of
from evalsys.domain.live.state import LiveState, hears_programmes
from evalsys.domain.live.words import AgendaOrder, ObjectionKind, Phase
from evalsys.domain.manifest import ExclusionReason, parse_manifest
from evalsys.domain.programme import check_programmes
from evalsys.domain.written import LONGEST_NAME, LONGEST_TEXT, one_line
from evalsys.errors import InvalidInput, NotFound, RuleViolation, WrongPhase

PUBLIC_BEFORE = timedelta(hours=24)
"""How long the manifest is public before the ceremony, outside rehearsals (draw, section 3)."""

AIRED_OBJECTION_HOURS = 24
"""The shortest objection window outside rehearsals."""
LONGEST_OBJECTION_HOURS = 30 * 24
MOST_UNDECIDED = 500
"""Objections that may wait at a time: nobody reads more, and a flood must end somewhere."""

_SLOTS = range(1, 51)
_TARGET = range(1, 31)
_ATTEMPTS = range(1, 7)
_PARALLEL = range(1, 11)
_GAP_S = range(3601)


def opens_at(state: LiveState) -> datetime | None:
    """Say from when the ceremony may begin, once the manifest is published."""
    if state.published_at is None or state.plan is None:
        return None
    at_once = state.plan.rehearsal or state.plan.agenda is AgendaOrder.FIXED
    return state.published_at + (timedelta() if at_once else PUBLIC_BEFORE)


def check_may_freeze(state: LiveState) -> None:
    """Insist that the roster may be frozen now: once, and again only after an upheld objection.

    Raises:
        WrongPhase: there is no plan yet.
        RuleViolation: says why the frozen roster stands.
    """
    plan_of(state)
    if not state.roster_sha256:
        return
    if state.manifest:
        raise RuleViolation(
            "抽签清单已经公布，名册不能再动，也不能再次冻结。",
            remedy="名册变动请在下一次会议前导入。",
        )
    if not state.must_refreeze:
        raise RuleViolation(
            "名册已经冻结，不能再次冻结。",
            remedy="只有名册异议成立后才重新冻结；其他变动请在下一次会议前导入。",
        )
    if state.undecided:
        raise RuleViolation(
            f"还有 {len(state.undecided)} 件异议没有处理，现在不能重新冻结。",
            remedy="请先处理完全部异议，一次改正后再冻结。",
        )


def _plan(state: LiveState, command: c.PlanSession, _at: datetime) -> tuple[e.Event, ...]:
    if state.plan is not None:
        raise RuleViolation("会议已经建立，不能再次建立。", remedy="请打开现有会议。")
    title = one_line(command.plan.title, "会议名称", longest=LONGEST_NAME)
    plan = replace(command.plan, title=title)
    plan = _with_programmes(plan) if plan.agenda is None else plan_assembly(plan)
    division_of(plan.strata)
    weighing_of(plan.weigh_by, ((one.key, one.weight) for one in plan.weights))
    aired = not plan.rehearsal
    problems = [
        text
        for wrong, text in (
            (not plan.title, "会议名称不能为空"),
            (plan.slots not in _SLOTS, "抽取人数应为 1 至 50"),
            (plan.target not in _TARGET, "每名干部求证户数应为 1 至 30"),
            (plan.attempts not in _ATTEMPTS, "每户拨打次数应为 1 至 6"),
            (plan.parallel not in _PARALLEL, "同时拨打户数应为 1 至 10"),
            (plan.gap_s not in _GAP_S, "两次拨打间隔应为 0 至 3600 秒"),
            (
                not 0 <= plan.objection_hours <= LONGEST_OBJECTION_HOURS,
                f"名册异议期应为 0 至 {LONGEST_OBJECTION_HOURS} 小时",
            ),
            (aired and plan.attempts < 2, "正式会议每户至少拨打 2 次"),
            (aired and plan.gap_s < 90, "正式会议两次拨打至少间隔 90 秒"),
            (
                aired and plan.objection_hours < AIRED_OBJECTION_HOURS,
                f"正式会议的名册异议期至少 {AIRED_OBJECTION_HOURS} 小时",
            ),
            *ceremony_problems(plan),
        )
        if wrong
    ]
    if problems:
        raise InvalidInput("；".join(problems) + "。", remedy="请改正后再提交。", place="会议计划")
    return (e.SessionPlanned(plan),)


def _with_programmes(plan: e.Plan) -> e.Plan:
    """Give every programme its stratum and its slot; a session of cadres stays as it is."""
    if plan.strata != StrataKind.PROGRAMME and not plan.programmes:
        return plan
    programmes = check_programmes(plan.programmes)
    if plan.weigh_by or plan.weights or plan.spare_recent:
        raise InvalidInput(
            "项目评议会不加权，也不排除。", remedy="请去掉加权和排除的选项。", place="会议计划"
        )
    return replace(
        plan, strata=StrataKind.PROGRAMME.value, slots=len(programmes), programmes=programmes
    )


def _freeze(state: LiveState, command: c.FreezeRoster, _at: datetime) -> tuple[e.Event, ...]:
    check_may_freeze(state)
    need(state, "冻结名册", Phase.PLANNED, Phase.FROZEN)
    return (e.RosterFrozen(command.sha256, command.root, command.cadres, command.households),)


def _need_unpublished(state: LiveState, what: str) -> None:
    need(state, what, Phase.FROZEN)
    if state.manifest:
        raise RuleViolation(
            f"抽签清单已经公布，不能再{what}。", remedy="清单公布后谁也不能增减；只能公开中止。"
        )


def _raise_objection(
    state: LiveState, command: c.RaiseObjection, at: datetime
) -> tuple[e.Event, ...]:
    _need_unpublished(state, "提出名册异议")
    until = state.objections_until
    if until is None or at >= until:
        raise RuleViolation("名册异议期已经结束。", remedy="请在下一次会议的异议期内提出。")
    if (command.kind is ObjectionKind.MISSING) is command.is_frozen:
        what = "已经在名册中" if command.is_frozen else "不在名册中"
        raise InvalidInput(
            f"编号 {command.cadre} {what}，与所选的异议种类不符。",
            remedy="请核对编号，或改选异议种类。",
            place="干部编号",
        )
    for one in state.undecided:
        if (one.cadre, one.kind) == (command.cadre, command.kind):
            raise RuleViolation(
                f"同样的异议已经提出，是第 {one.n} 号。", remedy="不必重复提出，请等待处理结果。"
            )
    if len(state.undecided) >= MOST_UNDECIDED:
        raise RuleViolation(
            f"待处理的异议已有 {MOST_UNDECIDED} 件。", remedy="请稍后再提，或直接联系纪检监察机关。"
        )
    return (e.ObjectionRaised(len(state.objections) + 1, command.cadre, command.kind),)


def _decide_objection(
    state: LiveState, command: c.DecideObjection, _at: datetime
) -> tuple[e.Event, ...]:
    _need_unpublished(state, "处理名册异议")
    known = next((one for one in state.objections if one.n == command.n), None)
    if known is None:
        raise NotFound(f"没有第 {command.n} 号异议。", remedy="请从异议列表中选择。")
    if known.upheld is not None:
        raise RuleViolation(f"第 {command.n} 号异议已经处理，不能更改。", remedy="无需操作。")
    reason = one_line(command.reason, "处理理由", longest=LONGEST_TEXT)
    if not reason:
        raise InvalidInput(
            "请写明处理理由。", remedy="理由会公开，请勿写联系户的个人信息。", place="处理理由"
        )
    return (e.ObjectionDecided(command.n, command.upheld, reason),)


def _enter_exclusion(
    state: LiveState, command: c.EnterExclusion, _at: datetime
) -> tuple[e.Event, ...]:
    _need_unpublished(state, "登记排除")
    if hears_programmes(state):
        raise RuleViolation(
            "项目评议会的项目不能排除。", remedy="请另建一场会议，只选要评议的项目。"
        )
    if command.reason is ExclusionReason.DRAWN_WITHIN_180D:
        raise InvalidInput(
            "“180 天内抽中过”由系统自动认定，不能手工登记。",
            remedy="请在会议计划中选择“180 天内抽中过的不再抽”。",
            place="排除理由",
        )
    if not command.is_frozen:
        raise InvalidInput(
            f"编号 {command.cadre} 不在冻结的名册中。",
            remedy="请核对 8 位编号。",
            place=f"编号 {command.cadre}",
        )
    if any(one.cadre == command.cadre for one in state.exclusions):
        raise RuleViolation(
            f"编号 {command.cadre} 已经登记排除。", remedy="要更改理由，请先撤销再登记。"
        )
    return (e.ExclusionEntered(command.cadre, command.reason),)


def _withdraw_exclusion(
    state: LiveState, command: c.WithdrawExclusion, _at: datetime
) -> tuple[e.Event, ...]:
    _need_unpublished(state, "撤销排除")
    if all(one.cadre != command.cadre for one in state.exclusions):
        raise NotFound(f"编号 {command.cadre} 没有登记排除。", remedy="请从排除名单中选择。")
    return (e.ExclusionWithdrawn(command.cadre),)


def check_may_publish(state: LiveState, at: datetime) -> None:
    """Insist that the objection window is over and nothing in the roster is in dispute.

    Raises:
        WrongPhase: not in this phase.
        RuleViolation: says what still stands before the manifest.
    """
    need(state, "公布抽签清单", Phase.FROZEN)
    if state.manifest:
        raise RuleViolation("抽签清单已经公布，不能更改。", remedy="如确有错误，只能中止本次抽签。")
    if state.must_refreeze:
        raise RuleViolation(
            "有名册异议成立，名册须重新冻结后才能公布清单。", remedy="请改正名册，再次冻结。"
        )
    if state.undecided:
        numbers = "、".join(str(one.n) for one in state.undecided[:10])
        raise RuleViolation(
            f"还有 {len(state.undecided)} 件名册异议没有处理（{numbers} 号）。",
            remedy="请由纪检监察在异议页逐件处理，并写明理由。",
        )
    until = state.objections_until
    if until is not None and at < until:
        raise RuleViolation(
            "名册异议期还没有结束，不能公布抽签清单。",
            remedy=f"请于 {until:%Y-%m-%d %H:%M} UTC 之后公布；彩排可以在计划中缩短异议期。",
        )


def _publish(state: LiveState, command: c.PublishManifest, at: datetime) -> tuple[e.Event, ...]:
    check_may_publish(state, at)
    plan, manifest = plan_of(state), parse_manifest(command.manifest.encode())
    if manifest.roster_sha256 != state.roster_sha256:
        raise RuleViolation("抽签清单与冻结的名册不符。", remedy="请由系统重新生成清单。")
    if (manifest.slots, len(manifest.slots)) != (command.slots, plan.slots):
        raise RuleViolation("抽签清单的名额与会议计划不符。", remedy="请由系统重新生成清单。")
    sources = (manifest.beacon, manifest.witness_keys)
    if sources != (beacon_rules(plan), state.ceremony.witnesses):
        raise RuleViolation(
            "抽签清单的随机来源或见证人与登记的不符。", remedy="请由系统重新生成清单。"
        )
    if plan.witnesses and not manifest.witness_keys:
        raise RuleViolation(
            "计划有见证人签名，还没有一名见证人登记。",
            remedy="请见证人在仪式人员页扫码登记；清单公布后不能再登记。",
        )
    entered = {one for one in manifest.exclusions if one.reason != _AUTOMATIC}
    if entered != set(state.exclusions):
        raise RuleViolation("抽签清单的排除名单与登记的不符。", remedy="请由系统重新生成清单。")
    return (e.ManifestPublished(command.sha256, command.manifest, command.slots),)


def _open(state: LiveState, command: c.OpenCeremony, at: datetime) -> tuple[e.Event, ...]:
    need(state, "开始抽签仪式", Phase.FROZEN)
    ready = opens_at(state)
    if ready is None:
        raise WrongPhase("抽签清单尚未公布。", remedy="请先公布抽签清单。")
    if at < ready:
        raise RuleViolation(
            "抽签清单公布不足 24 小时。",
            remedy=f"请于 {ready:%Y-%m-%d %H:%M} UTC 之后开始；彩排不受此限。",
        )
    if not plan_of(state).rehearsal:
        check_ready(state, command.red)
    return open_assembly(state, e.CeremonyOpened(plan_of(state).rehearsal))


_AUTOMATIC = ExclusionReason.DRAWN_WITHIN_180D

BEFORE_THE_CEREMONY: Mapping[type[c.Command], Callable[..., tuple[e.Event, ...]]] = {
    c.PlanSession: _plan,
    c.FreezeRoster: _freeze,
    c.RaiseObjection: _raise_objection,
    c.DecideObjection: _decide_objection,
    c.EnterExclusion: _enter_exclusion,
    c.WithdrawExclusion: _withdraw_exclusion,
    c.PublishManifest: _publish,
    c.OpenCeremony: _open,
}

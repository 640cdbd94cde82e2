"""What the director may do, and what the director's hands keep the show from doing.

Whoever sees harm may darken, hold or dump at any time; only the director's seat undoes it. What is
so already brings about nothing, so a double click is silent.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta

from evalsys.domain.live import commands as c
from evalsys.domain.live import commands_agenda as cg
from evalsys.domain.live import commands_ceremony as cc
from evalsys.domain.live import commands_control as k
from evalsys.domain.live import events_control as e
from evalsys.domain.live.names import CHECK_NAMES, EVENT_NAMES, GO_NAMES
from evalsys.domain.live.needs import need
from evalsys.domain.live.rundown import check_rundown
from evalsys.domain.live.screen_kinds import RULES
from evalsys.domain.live.screens import screen_name
from evalsys.domain.live.state import LiveState
from evalsys.domain.live.words import IRREVERSIBLE, GoStep, Output, Phase, ShowCheck
from evalsys.domain.written import LONGEST_NAME, LONGEST_TEXT, one_line
from evalsys.errors import InvalidInput, NotAllowed, NotFound, RuleViolation, StaleState, WrongPhase

LONGEST_CARD = 40
"""Characters of the words on the pause card: they are read across a hall."""
LONGEST_DELAY_S = 600

BETWEEN_GOS = timedelta(seconds=1)
"""Two presses of GO within it are one hand that trembled."""

_STEP_OF: Mapping[type[c.Command], GoStep] = {
    c.OpenCeremony: GoStep.OPEN_CEREMONY,
    cc.ConfirmDice: GoStep.CONFIRM_DICE,
    c.DrawNext: GoStep.DRAW_NEXT,
    c.NameCadre: GoStep.NAME_CADRE,
    c.OpenCalls: GoStep.OPEN_CALLS,
    cg.CallIssue: GoStep.CALL_ISSUE,
    c.OpenVote: GoStep.OPEN_VOTE,
    c.CloseVote: GoStep.CLOSE_VOTE,
    c.GiveVerdict: GoStep.GIVE_VERDICT,
    c.CloseSession: GoStep.CLOSE,
    c.SealSession: GoStep.SEAL,
    c.AbortSession: GoStep.ABORT,
}
_PHASES: Mapping[GoStep, frozenset[Phase]] = {
    GoStep.OPEN_CEREMONY: frozenset({Phase.FROZEN}),
    GoStep.CONFIRM_DICE: frozenset({Phase.CEREMONY, Phase.SEEDED, Phase.JUDGED}),
    GoStep.DRAW_NEXT: frozenset({Phase.SEEDED, Phase.JUDGED}),
    GoStep.NAME_CADRE: frozenset({Phase.SEEDED, Phase.JUDGED}),
    GoStep.OPEN_CALLS: frozenset({Phase.ANSWERING, Phase.DRAWN}),
    GoStep.CALL_ISSUE: frozenset({Phase.SEEDED, Phase.JUDGED, Phase.TALLIED}),
    GoStep.OPEN_VOTE: frozenset({Phase.CALLING, Phase.JUDGED}),
    GoStep.CLOSE_VOTE: frozenset({Phase.VOTING}),
    GoStep.GIVE_VERDICT: frozenset({Phase.TALLIED}),
    GoStep.CLOSE: frozenset({Phase.JUDGED, Phase.TALLIED}),
    GoStep.SEAL: frozenset({Phase.CLOSED}),
    GoStep.ABORT: frozenset(Phase) - {Phase.PLANNED, Phase.FROZEN, Phase.CLOSED, Phase.SEALED},
}
"""Where a step may be set on standby; `decide` knows the rest of its rules."""
_IN_THE_HALL = (cc.CallCups, cc.ReadAgain, cc.RehearseDice, cc.BindRound, c.RecordPresence)
"""Further steps that the hall must be able to follow; a halt keeps them back too."""
_WHILE_HALTED = frozenset({GoStep.SEAL, GoStep.ABORT})
_MUST_BE_SEEN = frozenset({GoStep.CONFIRM_DICE, GoStep.DRAW_NEXT, GoStep.NAME_CADRE})


def check_may_go(state: LiveState, command: c.Command, at: datetime) -> None:
    """Keep a step back while the show stands, the stage is dark, or the second key is missing.

    Raises:
        RuleViolation: says what is in the way and who removes it.
    """
    step, control = _STEP_OF.get(type(command)), state.control
    if control.is_halted and step not in _WHILE_HALTED and (step or type(command) in _IN_THE_HALL):
        held = "技术暂停中" if control.card else "会议已保持"
        raise RuleViolation(f"{held}，这一步没有执行。", remedy="请导播先撤下暂停卡或按“继续”。")
    if step in _MUST_BE_SEEN and Output.STAGE in control.dark:
        raise RuleViolation(
            "大屏是黑场，会场看不见，不能抽取或点名。", remedy="请导播先恢复大屏画面。"
        )
    if step in IRREVERSIBLE and state.plan is not None and state.plan.two_keys:
        _need_keys(state, step, at)


def check_seat(state: LiveState, actor: str) -> None:
    """Let nobody but the director act, once somebody holds the seat.

    Raises:
        NotAllowed: names who holds it.
    """
    director = state.control.director
    if director is not None and director.name != actor:
        raise NotAllowed(
            f"导播席由 {director.name} 执掌，您的这一步没有执行。",
            remedy="请由对方操作；确需接手的，在导播台上“接管导播席”。",
        )


def check_pace(state: LiveState, at: datetime) -> None:
    """Refuse a GO that follows the last step within a second.

    Raises:
        StaleState: names the step that was just carried out.
    """
    last = state.last_step
    if last is not None and at - last.at < BETWEEN_GOS:
        raise StaleState(
            f"刚刚才执行了“{EVENT_NAMES[type(last.event)]}”，这一次按键没有生效。",
            remedy="两次 GO 至少相隔 1 秒；请看清画面后再按。",
        )


def check_ready(state: LiveState, red: Collection[ShowCheck]) -> None:
    """Keep a show that counts from beginning while a check is red and two people did not agree.

    Raises:
        RuleViolation: names each such check.
    """
    waived = state.control.waived
    barred = [one for one in red if one not in waived or not waived[one].second]
    if barred:
        names = "、".join(CHECK_NAMES[one] for one in barred)
        raise RuleViolation(
            f"开播检查还有 {len(barred)} 项不合格，不能开始：{names}。",
            remedy="请先处理好；确要放行的，由操作员在导播台逐项写明理由，再由第二人同意。",
        )


def decide_control(
    state: LiveState, command: k.ControlCommand, at: datetime
) -> tuple[e.ControlEvent, ...]:
    """Return the events that a command of show control brings about.

    Raises:
        WrongPhase: the record is sealed.
        NotAllowed: somebody else holds the director's seat.
        RuleViolation: there is nothing to do it to.
        InvalidInput: words are too long, or a number is out of range.
    """
    if state.phase is Phase.SEALED:
        raise WrongPhase("会议已封存，不能再有任何记录。", remedy="画面会保持封存时的结果。")
    return _DECISIONS[type(command)](state, command, at)


def _need_keys(state: LiveState, step: GoStep, at: datetime) -> None:
    armed = state.control.armed(at)
    if armed is None or armed.step is not step:
        raise RuleViolation(
            f"“{GO_NAMES[step]}”不可撤回，本场须两人同意。",
            remedy="请在导播台先“待命”，再请第二人在自己的设备上转动第二把钥匙。",
        )
    if not armed.second_key:
        raise RuleViolation(
            f"“{GO_NAMES[step]}”还缺第二把钥匙。",
            remedy="请主持人、审计或另一名操作员在导播台上转动第二把钥匙。",
        )


def _in_order(outputs: Collection[Output]) -> tuple[Output, ...]:
    return tuple(one for one in Output if one in outputs)


def _darken(
    state: LiveState, command: k.DarkenOutputs, _at: datetime
) -> tuple[e.ControlEvent, ...]:
    fresh = _in_order(set(command.outputs) - state.control.dark)
    return (e.OutputsDarkened(fresh),) if fresh else ()


def _light(state: LiveState, command: k.LightOutputs, _at: datetime) -> tuple[e.ControlEvent, ...]:
    check_seat(state, command.by)
    dark = _in_order(state.control.dark & set(command.outputs))
    return (e.OutputsLit(dark),) if dark else ()


def _darken_screen(
    state: LiveState, command: k.DarkenScreen, _at: datetime
) -> tuple[e.ControlEvent, ...]:
    if RULES[command.kind].output is None:
        raise RuleViolation("这是工作台，不能黑场。", remedy="只有给人看的画面能黑场。")
    if (command.kind, command.name) in state.control.dark_screens:
        return ()
    return (e.ScreenDarkened(command.kind, screen_name(command.name)),)


def _light_screen(
    state: LiveState, command: k.LightScreen, _at: datetime
) -> tuple[e.ControlEvent, ...]:
    check_seat(state, command.by)
    if (command.kind, command.name) not in state.control.dark_screens:
        return ()
    return (e.ScreenLit(command.kind, command.name),)


def _show_card(
    state: LiveState, command: k.ShowPauseCard, _at: datetime
) -> tuple[e.ControlEvent, ...]:
    words = one_line(command.words, "暂停卡文字", longest=LONGEST_CARD)
    return () if state.control.card else (e.PauseCardShown(words),)


def _remove_card(
    state: LiveState, command: k.RemovePauseCard, _at: datetime
) -> tuple[e.ControlEvent, ...]:
    check_seat(state, command.by)
    return (e.PauseCardRemoved(),) if state.control.card else ()


def _hold(state: LiveState, _command: k.HoldShow, _at: datetime) -> tuple[e.ControlEvent, ...]:
    return () if state.control.held else (e.ShowHeld(),)


def _resume(state: LiveState, command: k.ResumeShow, _at: datetime) -> tuple[e.ControlEvent, ...]:
    check_seat(state, command.by)
    return (e.ShowResumed(),) if state.control.held else ()


def _set_delay(state: LiveState, command: k.SetDelay, _at: datetime) -> tuple[e.ControlEvent, ...]:
    check_seat(state, command.by)
    if not 0 <= command.seconds <= LONGEST_DELAY_S:
        raise InvalidInput(
            f"延时 {command.seconds} 秒超出范围。",
            remedy=f"请填 0 至 {LONGEST_DELAY_S} 秒；0 为不延时。",
            place="seconds",
        )
    if command.seconds == state.control.airing.delay_s:
        return ()
    return (e.DelaySet(command.seconds, _shown(state, command.shown)),)


def _dump(state: LiveState, command: k.DumpDelay, _at: datetime) -> tuple[e.ControlEvent, ...]:
    airing, shown = state.control.airing, _shown(state, command.shown)
    why = one_line(command.why, "撤除理由", longest=LONGEST_TEXT)
    if airing.stands and airing.withheld[-1][1] == state.version:
        return ()
    if shown >= state.version:
        raise RuleViolation(
            "延时里没有还未播出的内容，撤不回已经播出的。",
            remedy="请先设定网络延时；已播出的内容请更正，并说明理由。",
        )
    return (e.DelayDumped(shown, why),)


def _shown(state: LiveState, shown: int) -> int:
    return min(max(shown, state.control.airing.shown), state.version)


def _take_seat(state: LiveState, command: k.TakeSeat, _at: datetime) -> tuple[e.ControlEvent, ...]:
    director, epoch = state.control.director, state.control.epoch
    if director is not None and director.name == command.by:
        return ()
    if command.epoch != epoch:
        holder = f"由 {director.name} 执掌" if director else "空着"
        raise StaleState(
            f"导播席刚刚换过人，现在{holder}。", remedy="画面已更新，请看清后再决定是否接管。"
        )
    return (e.DirectorSeated(epoch + 1),)


def _leave_seat(
    state: LiveState, command: k.LeaveSeat, _at: datetime
) -> tuple[e.ControlEvent, ...]:
    director = state.control.director
    if director is None or director.name != command.by:
        return ()
    return (e.DirectorLeft(state.control.epoch),)


def _set_standby(
    state: LiveState, command: k.SetStandby, at: datetime
) -> tuple[e.ControlEvent, ...]:
    check_seat(state, command.by)
    need(state, f"待命“{GO_NAMES[command.step]}”", *sorted(_PHASES[command.step]))
    armed = state.control.armed(at)
    if armed is not None and (armed.step, armed.by) == (command.step, command.by):
        return ()
    return (e.StandbySet(command.step),)


def _clear_standby(
    state: LiveState, command: k.ClearStandby, _at: datetime
) -> tuple[e.ControlEvent, ...]:
    check_seat(state, command.by)
    return (e.StandbyCleared(),) if state.control.standby else ()


def _turn_key(
    state: LiveState, command: k.TurnSecondKey, at: datetime
) -> tuple[e.ControlEvent, ...]:
    armed = state.control.armed(at)
    if armed is None or armed.step is not command.step:
        raise RuleViolation(
            f"“{GO_NAMES[command.step]}”不在待命，或待命已经过时。",
            remedy="请导播重新待命，再转动第二把钥匙。",
        )
    if armed.by == command.by:
        raise RuleViolation(
            "两把钥匙不能由同一人转动。", remedy="请另一人用自己的账号在自己的设备上转动。"
        )
    return () if armed.second_key else (e.SecondKeyTurned(command.step),)


def _set_rundown(
    state: LiveState, command: k.SetRundown, _at: datetime
) -> tuple[e.ControlEvent, ...]:
    check_seat(state, command.by)
    rundown = check_rundown(command.starts_at, command.lines)
    return () if rundown == state.control.rundown else (rundown,)


def _confirm(
    _state: LiveState, command: k.ConfirmCheck, _at: datetime
) -> tuple[e.ControlEvent, ...]:
    note = one_line(command.note, "说明", longest=LONGEST_NAME)
    return (e.CheckConfirmed(command.item, note),)


def _waive(state: LiveState, command: k.WaiveCheck, _at: datetime) -> tuple[e.ControlEvent, ...]:
    check_seat(state, command.by)
    why = one_line(command.why, "放行理由", longest=LONGEST_TEXT)
    if not why:
        raise InvalidInput("没有写放行理由。", remedy="请写明为什么仍可开始。", place="why")
    known = state.control.waived.get(command.check)
    if known is not None and (known.by, known.why) == (command.by, why):
        return ()
    return (e.CheckWaived(command.check, command.says, why),)


def _second_waiver(
    state: LiveState, command: k.SecondWaiver, _at: datetime
) -> tuple[e.ControlEvent, ...]:
    waiver, name = state.control.waived.get(command.check), CHECK_NAMES[command.check]
    if waiver is None:
        raise RuleViolation(f"“{name}”还没有人放行。", remedy="请先由操作员写明放行理由。")
    if waiver.by == command.by:
        raise RuleViolation(
            "放行须两人同意，不能由同一人。", remedy="请另一人用自己的账号在自己的设备上同意。"
        )
    return () if waiver.second else (e.WaiverSeconded(command.check),)


def _issue_link(
    state: LiveState, command: k.IssueScreenLink, _at: datetime
) -> tuple[e.ControlEvent, ...]:
    known = state.control.links.get((command.kind, command.name))
    if known is not None and not known.revoked_by:
        return ()
    return (e.ScreenLinkIssued(command.kind, command.name),)


def _revoke_link(
    state: LiveState, command: k.RevokeScreenLink, _at: datetime
) -> tuple[e.ControlEvent, ...]:
    known = state.control.links.get((command.kind, command.name))
    if known is None:
        raise NotFound("没有发出过这条屏幕链接。", remedy="请从屏幕墙的链接列表里选择。")
    return () if known.revoked_by else (e.ScreenLinkRevoked(command.kind, command.name),)


_DECISIONS: Mapping[type[k.ControlCommand], Callable[..., tuple[e.ControlEvent, ...]]] = {
    k.DarkenOutputs: _darken,
    k.LightOutputs: _light,
    k.DarkenScreen: _darken_screen,
    k.LightScreen: _light_screen,
    k.ShowPauseCard: _show_card,
    k.RemovePauseCard: _remove_card,
    k.HoldShow: _hold,
    k.ResumeShow: _resume,
    k.SetDelay: _set_delay,
    k.DumpDelay: _dump,
    k.TakeSeat: _take_seat,
    k.LeaveSeat: _leave_seat,
    k.SetStandby: _set_standby,
    k.ClearStandby: _clear_standby,
    k.TurnSecondKey: _turn_key,
    k.SetRundown: _set_rundown,
    k.ConfirmCheck: _confirm,
    k.WaiveCheck: _waive,
    k.SecondWaiver: _second_waiver,
    k.IssueScreenLink: _issue_link,
    k.RevokeScreenLink: _revoke_link,
}

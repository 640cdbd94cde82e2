"""What people call the steps, events, lamps and duties of a request."""

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from evalsys.domain.casework import events as e
from evalsys.domain.casework.policy import StageSet
from evalsys.domain.casework.words import (
    Channel,
    CloseReason,
    Confirmation,
    Duty,
    Lamp,
    Party,
    PartyKind,
    RequestKind,
    Step,
)
from evalsys.web.told import told
from evalsys.web.words import language


def kind_words() -> Mapping[str, str]:
    """Name what households bring."""
    return {
        RequestKind.PROBLEM: _("问题"),
        RequestKind.SUGGESTION: _("意见建议"),
        RequestKind.DISPUTE: _("矛盾纠纷"),
        RequestKind.GOOD_DEED: _("好人好事"),
    }


def channel_words() -> Mapping[str, str]:
    """Name how requests come."""
    return {
        Channel.VISIT: _("走访"),
        Channel.PHONE: _("电话"),
        Channel.SMS: _("短信"),
        Channel.WEB: _("网站"),
        Channel.HANDHELD: _("手持终端"),
        Channel.BOX: _("受理箱"),
        Channel.PETITION: _("来信来访"),
        Channel.OPEN311: _("公共接口"),
        Channel.ROSTER: _("台账导入"),
    }


def reason_words() -> Mapping[str, str]:
    """Name the reasons to close."""
    return {
        CloseReason.SOLVED: _("已解决"),
        CloseReason.EXPLAINED: _("已答复说明"),
        CloseReason.UNFOUNDED: _("经核实不属实"),
        CloseReason.DUPLICATE: _("重复，并案办理"),
        CloseReason.WITHDRAWN: _("群众撤回"),
        CloseReason.LEGACY: _("历史遗留"),
        CloseReason.POLICY: _("政策限制"),
    }


def step_words() -> Mapping[str, str]:
    """Name where a request stands."""
    return {
        Step.COLLECTED: _("待核实"),
        Step.ASSIGNED: _("办理中"),
        Step.HANDING_OVER: _("移交中，待接收"),
        Step.DISPUTED: _("有争议，待裁定"),
        Step.PAUSED: _("计时暂停"),
        Step.REPLIED: _("已答复，待办结"),
        Step.APPROVAL: _("待第二人复核"),
        Step.CLOSED: _("已办结，待回访"),
        Step.CONFIRMED: _("已回访"),
    }


def duty_words() -> Mapping[str, str]:
    """Name what is due."""
    return {
        Duty.VERIFY: _("核实"),
        Duty.ACCEPT: _("接收或退回"),
        Duty.SETTLE: _("裁定承办方"),
        Duty.ATTEND: _("部门到场"),
        Duty.APPROVE: _("复核办结"),
        Duty.REOPEN: _("决定是否重新打开"),
        Duty.RESUME: _("暂停到期"),
        Duty.REPORT: _("逐级上报"),
        Duty.INTERIM: _("回复进展"),
        Duty.ANSWER: _("办结答复"),
    }


def lamp_words() -> Mapping[str, tuple[str, str]]:
    """Give the colour of each lamp, and its word."""
    return {
        Lamp.GREEN: ("green", _("正常")),
        Lamp.YELLOW: ("yellow", _("将到期")),
        Lamp.RED: ("red", _("超期")),
        Lamp.PAUSED: ("grey", _("暂停")),
        Lamp.OFF: ("grey", _("已结")),
    }


def confirmation_words() -> Mapping[str, str]:
    """Name what households say of a close."""
    return {
        Confirmation.YES: _("群众说解决了"),
        Confirmation.NO: _("群众说没有解决"),
        Confirmation.UNANSWERED: _("没有联系上，未核实"),
    }


def pause_words() -> Mapping[str, str]:
    """Name the reasons for which a clock may wait."""
    return {
        "household": _("等候群众补充材料或约定时间"),
        "season": _("须待农时、天气或施工季节"),
        "court": _("正在诉讼、仲裁或复议"),
        "budget": _("已列入计划，等候资金下达"),
    }


def event_words(event: e.CaseworkEvent, name: Callable[[str, str], str]) -> str:  # noqa: C901, PLR0911, PLR0912 - one line an event: to be read as a table
    """Say what happened, in one phrase; `name` names a party by kind and code."""
    match event:
        case e.Registered(kind, code):
            return _("登记并自动受理，由%(who)s承办", who=name(kind, code))
        case e.Imported():
            return _("随台账导入，状态为%(state)s", state=told(event.state.value))
        case e.Verified():
            return _("核实属实") if event.genuine else _("核实不属实")
        case e.Reclassified():
            return (
                _("改分类为 %(code)s，时限变长，待批准", code=event.class_code)
                if event.is_longer
                else _("改分类为 %(code)s", code=event.class_code)
            )
        case e.ReclassApproved():
            return _("批准较长的时限")
        case e.HandedOver(kind, code):
            return _("移交给%(who)s", who=name(kind, code))
        case e.HandOverAccepted():
            return _("接收")
        case e.HandOverRefused(kind, code):
            return _("退回，认为应由%(who)s办", who=name(kind, code))
        case e.DisputeSettled(kind, code):
            return _("裁定由%(who)s承办，不得再退", who=name(kind, code))
        case e.Escalated():
            return _("上报到%(who)s", who=name(PartyKind.GRID, event.grid))
        case e.ConsultationCalled():
            return _("联合会商，%(who)s牵头", who=name(PartyKind.UNIT, event.lead))
        case e.OpinionGiven():
            return _("%(who)s提出会商意见", who=name(PartyKind.UNIT, event.unit))
        case e.Summoned():
            return _("召集%(who)s到场", who=name(PartyKind.UNIT, event.unit))
        case e.Attended():
            return _("%(who)s到场", who=name(PartyKind.UNIT, event.unit))
        case e.InterimReplied():
            return _("回复办理进展")
        case e.Replied():
            return _("答复群众（%(flags)s）", flags=_flags(event))
        case e.Paused():
            why = pause_words().get(event.reason, event.reason)
            return _("暂停计时至 %(day)s：%(why)s", day=event.until, why=why)
        case e.Resumed():
            return _("恢复计时")
        case e.Extended():
            return _("延期 %(days)d 日", days=event.days)
        case e.RootCauseNoted():
            return _("记录根源")
        case e.ResourceNoted():
            return _("记录所需资源")
        case e.AgentNamed():
            return _("由%(who)s全程代办", who=name(PartyKind.CADRE, event.cadre))
        case e.MeetingDecided():
            who = name(event.responsible_kind, event.responsible)
            return _("会议决定由%(who)s于 %(day)s 前解决", who=who, day=event.deadline)
        case e.CloseProposed():
            return _("提请办结：%(why)s", why=reason_words()[event.reason])
        case e.CloseRefused():
            return _("复核不同意办结")
        case e.Closed():
            return _("办结：%(why)s", why=reason_words()[event.reason])
        case e.ReopenDeclined():
            return _("群众说没有办好，上级说明理由后不重新打开")
        case e.Reopened():
            return _("重新打开（群众要求）") if event.by_household else _("重新打开")
        case e.Confirmed():
            return _("回访：%(answer)s", answer=confirmation_words()[event.answer])


def party_namer(names: Mapping[Party, str]) -> Callable[[str, str], str]:
    """Make the function that names a party by kind and code."""

    def name(kind: str, code: str) -> str:
        title = names.get(Party(PartyKind(kind), code), code)
        return f"{title}（{code}）" if kind == PartyKind.CADRE else title

    return name


def stage_rail(found: StageSet, step: Step) -> list[tuple[str, str]]:
    """Label the stages of a set: each "done", "now" or "next"."""
    here = found.at(step)
    return [
        (
            stage.english if language() == "en" else stage.label,
            "now" if n == here else "done" if n < here else "next",
        )
        for n, stage in enumerate(found.stages)
    ]


def _flags(event: e.Replied) -> str:
    said = [
        word
        for word, holds in ((_("有说法"), event.explained), (_("有结论"), event.concluded))
        if holds
    ]
    return _("、").join(said)

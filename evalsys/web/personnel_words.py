"""The interface's words for the closed sets of the personnel room, and how they look."""

from collections.abc import Callable
from enum import StrEnum

from flask_babel import gettext as _

from evalsys.domain import personnel
from evalsys.domain.assessment import Component, ContactGrade
from evalsys.domain.component_scores import Subject
from evalsys.domain.cycles import CycleKind
from evalsys.domain.disputes import Channel, Outcome
from evalsys.domain.eligibility import NO, YES, show_value
from evalsys.domain.live.words import Verdict as SessionVerdict
from evalsys.domain.personnel import AppraisalOutcome, InvestigationOutcome
from evalsys.domain.personnel_decisions import Choice
from evalsys.domain.purposes import Purpose
from evalsys.domain.record_scores import Fate
from evalsys.domain.roster_ranks import StaffType
from evalsys.domain.rulebook import (
    Basis,
    Conclusion,
    Operator,
    Rule,
    Rulebook,
    SideResult,
    WhenMissing,
)
from evalsys.domain.scoring import Band
from evalsys.web.told import told


def personnel_words() -> Callable[[str], str]:
    """Return a function that names any word of the room in the visitor's language."""
    words: dict[str, str] = {
        Conclusion.BARRED: _("不予提拔"),
        Conclusion.SUSPENDED: _("程序中止"),
        Conclusion.PENDING: _("待核"),
        Conclusion.ELIGIBLE: _("符合"),
        SideResult.PROBATION_ENDED: _("免除试用期职务"),
        SideResult.ADMONISHED: _("诫勉"),
        SideResult.PENALISED: _("处理曝光"),
        SideResult.PREFERRED: _("优先"),
        SideResult.NOTED: _("提示"),
        Choice.PROMOTE: _("同意提拔"),
        Choice.DEFER: _("暂缓"),
        Choice.REFUSE: _("不予提拔"),
        StaffType.CIVIL_SERVANT: _("公务员"),
        StaffType.INSTITUTION: _("事业"),
        WhenMissing.NOT_MET: _("视为不满足"),
        Basis.TEXT: _("原文"),
        Basis.UNVERIFIED: _("未核实"),
        Basis.HOUSE: _("本系统"),
        ContactGrade.QUALIFIED: _("合格"),
        ContactGrade.UNQUALIFIED: _("不合格"),
        Component.HOUSEHOLD: _("联系户综合评议"),
        Component.UNIT_RATING: _("单位民主测评"),
        Component.INSPECTION: _("明察暗访"),
        Component.OPEN_INSPECTION: _("明察"),
        Component.COVERT_INSPECTION: _("暗访"),
        Component.SPOT_CHECK: _("部门抽查"),
        Component.THIRD_PARTY: _("第三方测评"),
        Component.WINDOW: _("窗口测评"),
        Component.SESSION: _("会议认定"),
        Component.PLEDGES: _("承诺兑现"),
        Component.REQUESTS: _("诉求办理"),
        Subject.CADRE: _("干部"),
        Subject.UNIT: _("单位"),
        Fate.NEW: _("新增"),
        Fate.CHANGED: _("变更"),
        Fate.UNCHANGED: _("不变"),
        Fate.KEPT: _("保留录入值"),
        Fate.LATER: _("已有较晚的取用"),
        Fate.OPEN: _("尚无定论"),
        **{band.value: words for band, words in band_words().items()},
        Purpose.ASSESSMENT: _("年度考核"),
        Purpose.APPOINTMENT: _("选拔任用"),
        Purpose.DISPUTE: _("处理异议"),
        Purpose.INVESTIGATION: _("调查核实"),
        Purpose.AUDIT: _("审计检查"),
        Channel.WRITTEN: _("本人书面"),
        Channel.SPOKEN: _("本人当面"),
        Channel.OWN: _("部门自查"),
        Outcome.UPHELD: _("维持"),
        Outcome.CORRECTED: _("更正"),
        CycleKind.YEAR: _("年度"),
        CycleKind.QUARTER: _("季度"),
        SessionVerdict.CONFIRMED: _("属实"),
        SessionVerdict.NOT_DONE: _("未完成"),
        SessionVerdict.ACCOUNTS_DIFFER: _("说法有出入"),
        SessionVerdict.FAKED_SUSPECTED: _("涉嫌弄虚作假"),
        InvestigationOutcome.FAKED: _("查实弄虚作假"),
        InvestigationOutcome.CLEARED: _("未查实"),
        InvestigationOutcome.CONFIRMED: _("属实"),
        AppraisalOutcome.NOT_HELD: _("未开展"),
        AppraisalOutcome.SATISFIED: _("满意"),
        AppraisalOutcome.NOT_SATISFIED: _("不满意"),
    }
    return words.__getitem__


def rule_words() -> Callable[[str], str]:
    """Return a function that says a rule's fields, operators and values in the visitor's language.

    What it does not know, such as a number, stays as it is.
    """
    words = {
        personnel.GRADE: _("联系群众考核等次"),
        personnel.PROBATION: _("试用期"),
        personnel.PRINCIPAL: _("主要负责人"),
        personnel.STAFF_TYPE: _("人员类别"),
        personnel.UNIT_PERSON_TIMES: _("单位不合格人次"),
        personnel.NOTABLE: _("显著实绩"),
        personnel.APPRAISAL: _("任前群众评议"),
        personnel.FAKED: _("查实弄虚作假次数"),
        personnel.FAKED_UNSANCTIONED: _("查实未处理次数"),
        personnel.INVESTIGATIONS_OPEN: _("未结调查次数"),
        personnel.NOT_DONE: _("会上未完成次数"),
        personnel.BROKEN_PLEDGES: _("承诺未兑现次数"),
        personnel.UNIT_BROKEN_PLEDGES: _("单位承诺未兑现次数"),
        personnel.IN_SANCTION: _("处理影响期"),
        Operator.EQUALS: _("等于"),
        Operator.IN: _("属于"),
        Operator.NOT_IN: _("不属于"),
        Operator.ABOVE: _("大于"),
        Operator.AT_LEAST: _("不小于"),
        Operator.PRESENT: _("有"),
        Operator.NOT_PRESENT: _("无"),
        YES: _("是"),
        NO: _("否"),
    }
    codes = {code for field in personnel.FIELDS for code in field.codes}
    name = personnel_words()
    return lambda text: name(text) if text in codes else words.get(text, text)


LOOKS: dict[StrEnum, str] = {
    Conclusion.BARRED: "bad",
    Conclusion.SUSPENDED: "bad",
    Conclusion.PENDING: "warn",
    Conclusion.ELIGIBLE: "ok",
    SideResult.PROBATION_ENDED: "bad",
    SideResult.ADMONISHED: "bad",
    SideResult.PENALISED: "bad",
    SideResult.PREFERRED: "ok",
    SideResult.NOTED: "info",
    Fate.NEW: "ok",
    Fate.CHANGED: "warn",
    Fate.UNCHANGED: "info",
    Fate.KEPT: "info",
    Fate.LATER: "info",
    Fate.OPEN: "info",
    Choice.PROMOTE: "ok",
    Choice.DEFER: "warn",
    Choice.REFUSE: "bad",
    Basis.TEXT: "ok",
    Basis.UNVERIFIED: "warn",
    Basis.HOUSE: "info",
    ContactGrade.QUALIFIED: "ok",
    ContactGrade.UNQUALIFIED: "bad",
    SessionVerdict.CONFIRMED: "ok",
    SessionVerdict.NOT_DONE: "warn",
    SessionVerdict.ACCOUNTS_DIFFER: "bad",
    SessionVerdict.FAKED_SUSPECTED: "bad",
}
"""The badge of each word: ok, warn, bad or info."""


def conditions_in_words(rule: Rule, book: Rulebook) -> str:
    """Say a rule's conditions in the visitor's language, numbers by their titles."""
    titles = {f"{{{p.name}}}": f"〈{told(p.title)}〉" for p in book.parameters}
    groups = (
        _("，且").join(
            _(
                "%(field)s%(operator)s%(values)s",
                field=told(one.field),
                operator=told(one.operator),
                values=_("、").join(titles.get(str(v)) or told(show_value(v)) for v in one.values),
            )
            for one in group
        )
        for group in rule.groups
    )
    return _("；或者 ").join(groups)


def meaning(conclusion: Conclusion) -> str:
    """Say in a sentence what a conclusion means for the person."""
    sentences = {
        Conclusion.BARRED: _("有规则明确不予提拔，不设个人例外。"),
        Conclusion.SUSPENDED: _("联系户不满意，提拔程序中止。"),
        Conclusion.PENDING: _("缺少数据或调查未结：既不通过，也不否定。"),
        Conclusion.ELIGIBLE: _("没有规则反对；提拔前仍须经任前群众评议。"),
    }
    return sentences[conclusion]


def band_words() -> dict[Band, str]:
    """Say what stands in place of a mean that is not shown."""
    return {
        Band.TOO_FEW: _("答复不足，不公布"),
        Band.UNANIMOUS_HIGH: _("全部评为 4 分以上"),
        Band.UNANIMOUS_LOW: _("全部评为 3 分以下"),
    }

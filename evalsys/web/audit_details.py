"""What a line of the audit log is about and what it adds, in words."""

import json
from collections.abc import Mapping

from flask_babel import gettext as _

from evalsys.domain.assessment import Component
from evalsys.domain.disputes import Outcome
from evalsys.domain.listings import ListingKind
from evalsys.domain.personnel import InvestigationOutcome
from evalsys.domain.personnel_decisions import Choice
from evalsys.domain.purposes import Purpose
from evalsys.domain.rulebook import Conclusion
from evalsys.domain.talks import TalkKind
from evalsys.store.audit import Audited
from evalsys.web.audit_codes import code_words
from evalsys.web.consequence_words import consequence_words
from evalsys.web.personnel_words import personnel_words
from evalsys.web.told import told

_PERSONNEL = (Component, Outcome, InvestigationOutcome, Choice, Purpose, Conclusion)
_CONSEQUENCES = (ListingKind, TalkKind)


def subject_in_words(line: Audited) -> str:
    """Say what a deed was done to: a kind where the log names one, and which."""
    kind, colon, which = line.subject.partition(":")
    named = _kinds().get(kind)
    return (
        f"{named} {which}".rstrip() if named and (colon or kind == line.subject) else line.subject
    )


def detail_in_words(line: Audited) -> str:
    """Say what a line adds, as name and value; a word that is not known stays as it is."""
    found = json.loads(line.detail)
    names, values, codes = _names(), _values(), code_words()
    return _("；").join(
        f"{names.get(name, name)}{_('：')}{_shown(value, names, {**values, **codes.get(name, {})})}"
        for name, value in found.items()
        if value not in ("", None)
    )


def _shown(value: object, names: Mapping[str, str], values: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return _("、").join(_shown(one, names, values) for one in value)
    if isinstance(value, dict):
        parts = (
            f"{names.get(name, name)} {_shown(one, names, values)}" for name, one in value.items()
        )
        return _("，").join(parts)
    return values.get(str(value)) or told(str(value))


def _kinds() -> dict[str, str]:
    return {
        "cadre": _("干部"),
        "unit": _("单位"),
        "cycle": _("考核周期"),
        "live": _("会议"),
        "campaign": _("电话评议"),
        "request": _("诉求"),
        "petition": _("初访"),
        "petitions": _("初访"),
        "meeting": _("研判会"),
        "grid": _("网格"),
        "household": _("群众"),
        "rules": _("规则集"),
        "dispute": _("异议"),
        "disputes": _("异议"),
        "erasure": _("清除"),
        "issue": _("共性问题"),
        "issues": _("共性问题"),
        "heap": _("待归类"),
        "poll": _("群众点菜"),
        "flag": _("疑点"),
        "flags": _("疑点"),
        "taxonomy": _("分类体系"),
        "casework": _("诉求"),
        "standby": _("备选名单"),
        "calendar": _("工作日历"),
        "trunk": _("外呼线路"),
        "calling": _("外呼日历"),
        "talks": _("谈话"),
        "listings": _("曝光与表彰"),
        "pledges": _("承诺"),
        "promotions": _("任用程序"),
        "investigations": _("调查"),
        "quotas": _("优秀名额"),
        "statements": _("述职"),
        "inactive": _("久未走访"),
        "notices": _("应发通知"),
        "decisions": _("晋升资格"),
        "annual": _("年度结果"),
        "sessions": _("会上认定"),
        "programmes": _("部门服务"),
        "office": _("联系办"),
        "records": _("县内记录"),
        "scores": _("各项成绩"),
        "cycles": _("考核周期"),
        "rule-sets": _("规则集"),
        "issued-notices": _("发文登记"),
        "audit_log": _("审计日志"),
        "townships": _("乡镇合计"),
        "units": _("单位后果"),
        "unit-years": _("单位年度结果"),
        "unit-pledges": _("单位承诺"),
        "coverage": _("覆盖情况"),
        "assessment": _("年度结果"),
        "candidates": _("比选"),
        "what-if": _("试算"),
        "notice": _("通知"),
        "household_form": _("民情表"),
        "household_page": _("群众页面"),
        "own": _("本人的"),
    }


def _names() -> dict[str, str]:
    return {
        "about": _("评议对象数"),
        "accompanied": _("陪同"),
        "added": _("新增"),
        "advice": _("当时的建议"),
        "agenda": _("议题数"),
        "answer": _("答复"),
        "answered": _("作答"),
        "answers": _("答案数"),
        "as_of": _("截至"),
        "assessor": _("测评机构"),
        "before": _("此日以前"),
        "cadre": _("干部"),
        "cadres": _("干部数"),
        "changed": _("变更"),
        "changes": _("结果改变的人数"),
        "channels": _("线路数"),
        "choice": _("决定"),
        "closed": _("结束"),
        "comments": _("评语数"),
        "component": _("考核项目"),
        "contact": _("联系方式"),
        "corrected": _("更正的栏目"),
        "correction": _("更正号"),
        "cycle": _("考核周期"),
        "day": _("日期"),
        "days": _("天数"),
        "deed": _("任或免"),
        "device": _("设备"),
        "dialect": _("方言"),
        "dispute": _("异议号"),
        "do_not_call": _("不打电话"),
        "document": _("依据文件"),
        "done": _("做到了哪里"),
        "due": _("应到人数"),
        "due_on": _("期限"),
        "event": _("步骤"),
        "facts": _("事实数"),
        "fates": _("处理情况"),
        "field": _("栏目"),
        "fields": _("栏目"),
        "files": _("文件"),
        "first": _("第一天"),
        "flags": _("疑点数"),
        "grid": _("网格"),
        "group": _("同类组"),
        "held_on": _("举行日"),
        "holidays": _("放假天数"),
        "household": _("户"),
        "households": _("户数"),
        "into": _("并入"),
        "issues": _("议题数"),
        "j": _("轮次"),
        "kind": _("种类"),
        "knew": _("知情"),
        "labels": _("已归类"),
        "last": _("最后一天"),
        "letters": _("信件数"),
        "linked": _("联系户数"),
        "links": _("联系数"),
        "listing": _("名单号"),
        "live": _("会议"),
        "make_up": _("调休上班天数"),
        "marks": _("签到数"),
        "members": _("人数"),
        "month": _("月份"),
        "n": _("条数"),
        "name": _("名称"),
        "new": _("新增"),
        "notice": _("文号"),
        "numbers": _("号码数"),
        "open": _("未办结"),
        "other": _("另一件"),
        "outcome": _("结果"),
        "paper": _("材料"),
        "parts": _("分成"),
        "person": _("对应的人"),
        "phone": _("电话"),
        "place": _("席次"),
        "pledge": _("承诺"),
        "pledged": _("已承诺"),
        "positions": _("题数"),
        "preset": _("样式"),
        "procedure": _("程序号"),
        "proof": _("证明号"),
        "proposed": _("建议归类"),
        "purpose": _("用途"),
        "reason": _("理由"),
        "request": _("申请号"),
        "requests": _("诉求数"),
        "reserved": _("预留线路"),
        "role": _("角色"),
        "rows": _("行数"),
        "ruling": _("复核"),
        "run": _("评估批次"),
        "same": _("确认重复"),
        "satisfied": _("满意"),
        "scans": _("扫码数"),
        "scope": _("范围"),
        "seat": _("席位"),
        "seated": _("已入座"),
        "seats": _("席位"),
        "seq": _("第几步"),
        "sha256": _("SHA-256"),
        "since": _("自"),
        "slips": _("票数"),
        "source": _("来源"),
        "stage": _("阶段"),
        "sure": _("有把握"),
        "talk": _("谈话号"),
        "texts": _("文本数"),
        "unchanged": _("不变"),
        "unit": _("单位"),
        "value": _("数值"),
        "via": _("途径"),
        "window": _("愿接听的时间"),
        "wish": _("意愿号"),
        "wishes": _("意愿数"),
        "year": _("年度"),
    }


def _values() -> dict[str, str]:
    name, consequence = personnel_words(), consequence_words()
    return {
        **{word.value: name(word) for words in _PERSONNEL for word in words},
        **{word.value: consequence(word) for words in _CONSEQUENCES for word in words},
        "ProcedureOpened": _("启动程序"),
        "PublicityStarted": _("开始公示"),
        "ObjectionReceived": _("收到异议"),
        "ObjectionHandled": _("处理异议"),
        "AppraisalCalled": _("发起任前评议"),
        "AppraisalCounted": _("任前评议计票"),
        "UniformityReviewed": _("复核一致好评"),
        "DecisionMade": _("作出决定"),
        "Appointed": _("任职"),
        "ProbationEnded": _("试用期结束"),
        "ProcedureClosed": _("终止程序"),
        "NoticeServed": _("送达通知"),
        "TalkHeld": _("已谈话"),
        "TalkWithdrawn": _("撤销谈话"),
        "ListingProposed": _("提出"),
        "ListingRuled": _("复核"),
        "ListingRemoved": _("撤下"),
        "EvidenceAdded": _("添加证据"),
        "Concluded": _("形成结论"),
        "Sanctioned": _("作出处理"),
        "ReminderSent": _("发出提醒"),
        "ProofHandedIn": _("提交证明"),
        "RecheckCalled": _("电话复核"),
        "RecheckCounted": _("复核结果"),
        "PledgeRuled": _("认定兑现与否"),
    }

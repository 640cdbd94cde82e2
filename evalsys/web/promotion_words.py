"""The interface's words for promotion procedures, and each event as a sentence."""

from collections.abc import Callable

from flask_babel import gettext as _

from evalsys.domain import promotion_events as e
from evalsys.domain.promotion import PromotionStage

STAGE_LOOKS: dict[PromotionStage, str] = {
    PromotionStage.OPENED: "info",
    PromotionStage.PUBLICITY: "info",
    PromotionStage.APPRAISAL: "warn",
    PromotionStage.CONTINUES: "ok",
    PromotionStage.SUSPENDED: "bad",
    PromotionStage.AGREED: "ok",
    PromotionStage.PROBATION: "info",
    PromotionStage.DONE: "ok",
    PromotionStage.CLOSED: "",
}
"""The badge of each stage."""


def promotion_words() -> Callable[[str], str]:
    """Return a function that names any word of the room in the visitor's language."""
    words: dict[str, str] = {
        PromotionStage.OPENED: _("已动议"),
        PromotionStage.PUBLICITY: _("公示中"),
        PromotionStage.APPRAISAL: _("评议中"),
        PromotionStage.CONTINUES: _("程序继续"),
        PromotionStage.SUSPENDED: _("程序中止"),
        PromotionStage.AGREED: _("已同意"),
        PromotionStage.PROBATION: _("试用期"),
        PromotionStage.DONE: _("已完成"),
        PromotionStage.CLOSED: _("已终止"),
        e.PromotionKind.PROMOTION: _("提拔任职"),
        e.PromotionKind.FURTHER_USE: _("进一步使用"),
        e.PromotionKind.TRANSFER: _("平级转任重要职务"),
        e.ObjectorKind.HOUSEHOLD: _("联系户"),
        e.ObjectorKind.COLLEAGUE: _("本单位干部职工"),
        e.ObjectorKind.CITIZEN: _("其他群众"),
        e.ObjectorKind.ORGANISATION: _("单位来函"),
        e.ObjectorKind.UNNAMED: _("未署名"),
    }
    return lambda word: words.get(word, word)


def happened(  # noqa: C901, PLR0911, PLR0912 - one sentence an event
    event: e.PromotionEvent, name: Callable[[str], str]
) -> str:
    """Say an event in a sentence; `name` says the words of closed sets."""
    match event:
        case e.ProcedureOpened(post=post, document=document):
            return _("动议拟任“%(post)s”，依据：%(document)s", post=post, document=document)
        case e.PublicityStarted(days=days, until=until, where=where):
            return _(
                "公示 %(days)s 个工作日，到 %(until)s 期满；公示于 %(where)s",
                days=days,
                until=until.isoformat(),
                where=where,
            )
        case e.ObjectionReceived(number=number, objector=objector):
            return _("收到第 %(n)s 件异议，来自：%(who)s", n=number, who=name(objector))
        case e.ObjectionHandled(number=number, upheld=True, reply=reply):
            return _("第 %(n)s 件异议成立，程序中止。答复：%(reply)s", n=number, reply=reply)
        case e.ObjectionHandled(number=number, reply=reply):
            return _("第 %(n)s 件异议不成立。答复：%(reply)s", n=number, reply=reply)
        case e.AppraisalCalled(linked=linked):
            return _("电话请其联系户评议，共 %(n)s 户", n=linked)
        case e.AppraisalCounted(answered=answered, linked=linked, outcome=outcome):
            return _(
                "评议结束：%(linked)s 户中参评 %(answered)s 户，结果：%(outcome)s",
                linked=linked,
                answered=answered,
                outcome=name(outcome) if outcome else event.open_because,
            )
        case e.UniformityReviewed(note=note):
            return _("全部满意，已复核：%(note)s", note=note)
        case e.DecisionMade(choice=choice, reason=reason):
            return _("决定：%(choice)s。理由：%(reason)s", choice=name(choice), reason=reason)
        case e.Appointed(appointed_on=appointed, document=document):
            return _(
                "%(day)s 任职，文件：%(document)s", day=appointed.isoformat(), document=document
            )
        case e.ProbationEnded(passed=True, basis=basis):
            return _("试用期满，合格转正。依据：%(basis)s", basis=basis)
        case e.ProbationEnded(basis=basis):
            return _("免除试用期职务。依据：%(basis)s", basis=basis)
        case e.ProcedureClosed(reason=reason):
            return _("程序终止：%(reason)s", reason=reason)

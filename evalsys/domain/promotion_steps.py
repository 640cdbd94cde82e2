"""The steps of a promotion procedure, each refused with its reason when it cannot be taken."""

from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping
from datetime import date, tzinfo
from typing import Final

from evalsys.domain import promotion_events as e
from evalsys.domain.casebook import Paper
from evalsys.domain.local_date import local_date
from evalsys.domain.personnel import (
    Appraisal,
    AppraisalOutcome,
    Missing,
    appraisal_outcome,
    still_refused,
)
from evalsys.domain.personnel_county import Assessed, Evaluation
from evalsys.domain.personnel_decisions import Choice
from evalsys.domain.promotion import OVER, Procedure, PromotionStage
from evalsys.domain.rulebook import Conclusion
from evalsys.domain.working_days import after_working_days
from evalsys.domain.written import LONGEST_NAME, LONGEST_TEXT, one_line
from evalsys.errors import InvalidInput, RuleViolation, WrongPhase
from evalsys.ids import CadreNumber, CampaignId

_MONTHS_A_YEAR: Final = 12


def open_procedure(
    evaluation: Evaluation,
    one: Assessed,
    earlier: Iterable[Procedure],
    *,
    post: str,
    kind: e.PromotionKind,
    document: str,
) -> e.ProcedureOpened:
    """Propose a cadre for a post; the advice as it stands is frozen beside it.

    Raises:
        InvalidInput: post or document is missing.
        RuleViolation: a rule bars the cadre (Y59) or suspends the procedure, as what households
            said this year does (Y65); or an earlier procedure is still open.
    """
    post = _written(post, "拟任职务", LONGEST_NAME)
    document = _written(document, "动议文件", LONGEST_TEXT)
    running = [each for each in earlier if each.stage(evaluation.as_of) not in OVER]
    if running:
        raise RuleViolation(
            f"这名干部已有程序在进行（拟任“{running[0].opened.post}”）。",
            remedy="请在原程序中办理，或先终止它。",
            place=one.cadre.number,
        )
    conclusion = one.verdict.conclusion
    if conclusion in {Conclusion.BARRED, Conclusion.SUSPENDED}:
        numbers = "、".join(
            each.rule.number for each in one.verdict.reasons if each.effect is conclusion
        )
        years = evaluation.rules.numbers["appraisal_refused_years"]
        raise RuleViolation(
            f"规则 {numbers} 的结论是“{conclusion}”，不能动议，不设个人例外。",
            remedy="如认为数据有误，请先更正数据，系统会重新评估；群众不满意的，"
            f"连同评议当年 {years} 个年度内不再重评。",
            place=one.cadre.number,
        )
    return e.ProcedureOpened(
        cadre=one.cadre.number,
        post=post,
        kind=kind,
        document=document,
        run=evaluation.run,
        as_of=evaluation.as_of,
        year=evaluation.year,
        book_sha256=evaluation.rules.sha256,
        conclusion=one.verdict.conclusion,
        rules=one.verdict.rule_numbers,
        reasons=tuple(each.reason for each in one.verdict.reasons + one.verdict.side),
    )


def start_publicity(
    state: Procedure,
    *,
    where: str,
    day: date,
    numbers: Mapping[str, int],
    holidays: Collection[date],
) -> e.PublicityStarted:
    """Make the proposal public from `day` on, for the working days that the rulebook asks.

    Raises:
        InvalidInput: it does not say where.
        WrongPhase: it is public already, or the procedure is over.
    """
    state.check_running(day, "公示")
    if state.publicity is not None:
        raise WrongPhase("已经公示。", remedy="请等公示期满。", place=state.cadre)
    days = numbers["publicity_days"]
    until = after_working_days(day, days, holidays)
    return e.PublicityStarted(day, until, days, _written(where, "公示地点", LONGEST_TEXT))


def receive_objection(
    state: Procedure, objector: e.ObjectorKind, words: Paper, *, day: date
) -> e.ObjectionReceived:
    """Take in an objection: from the first day of publicity until the decision, at any hour.

    Raises:
        RuleViolation: the same words were taken in on this day and wait for their answer.
        WrongPhase: nothing is public yet, or the decision was made.
    """
    if state.publicity is None:
        raise WrongPhase("还没有公示，不能登记异议。", remedy="请先公示。", place=state.cadre)
    if state.stage(day) in {PromotionStage.AGREED, PromotionStage.PROBATION, *OVER}:
        raise WrongPhase(
            "已经作出决定，不能再登记异议。", remedy="请按信访举报办理。", place=state.cadre
        )
    for one in state.open_objections:
        same = (objector, day, words.sha256)
        if (one.received.objector, one.received.received_on, one.received.words.sha256) == same:
            raise RuleViolation(
                f"同样的异议今天已登记为第 {one.received.number} 件。",
                remedy="无需重复登记；另一个人的异议请写明不同之处。",
                place=state.cadre,
            )
    return e.ObjectionReceived(len(state.objections) + 1, day, objector, words)


def handle_objection(
    state: Procedure, number: int, *, upheld: bool, reply: str, by: str, day: date
) -> e.ObjectionHandled:
    """Answer an objection; one that is upheld suspends the procedure.

    Raises:
        InvalidInput: there is no reply.
        NotFound: there is no such objection.
        RuleViolation: it was answered, or whoever proposed the cadre answers it.
    """
    found = state.objection(number)
    if found.upheld is not None:
        raise RuleViolation(
            f"第 {number} 件异议已由 {found.handled_by} 答复。", remedy="无需操作。"
        )
    if by == state.opened_by:
        raise RuleViolation(
            "提出动议的人不能答复对这一动议的异议。", remedy="请由另一个人调查答复。"
        )
    if state.stage(day) in OVER:
        raise WrongPhase("程序已经结束。", remedy="请看时间线。", place=state.cadre)
    return e.ObjectionHandled(number, upheld, _written(reply, "答复", LONGEST_TEXT))


def call_appraisal(
    state: Procedure, campaign: CampaignId, linked: int, *, day: date
) -> e.AppraisalCalled:
    """Have the candidate's own linked households asked by phone (Y64).

    Raises:
        WrongPhase: nothing is public yet, an appraisal is being held or has decided.
    """
    check_may_call(state, day)
    return e.AppraisalCalled(campaign, linked)


def check_may_call(state: Procedure, day: date) -> None:
    """Insist that an appraisal may begin.

    Raises:
        WrongPhase: nothing is public yet, an appraisal is being held or has decided.
    """
    state.check_running(day, "开展评议")
    if state.publicity is None:
        raise WrongPhase(
            "还没有公示，不能开展任前群众评议。", remedy="请先公示。", place=state.cadre
        )
    if state.called is not None and state.counted is None:
        raise WrongPhase("评议正在进行。", remedy="请等活动结束、开票。", place=state.cadre)
    if state.counted is not None and state.counted.outcome is not None:
        raise WrongPhase(
            "评议已有结果，不能重来。", remedy="结果只按门槛认定，不因人重评。", place=state.cadre
        )


def check_undecided(found: Iterable[Procedure], year: int, numbers: Mapping[str, int]) -> None:
    """Insist that no household's word is put aside by a result entered by hand for `year`.

    Raises:
        RuleViolation: in one of these procedures of a cadre the households decided in that year,
            or were not content in a year that still counts (`appraisal_refused_years`).
    """
    for one in found:
        counted = one.counted
        if counted is None or counted.outcome is None:
            continue
        held = counted.held_on.year
        was_refused = counted.outcome is AppraisalOutcome.NOT_SATISFIED
        if held == year or (was_refused and still_refused(held, year, numbers)):
            raise RuleViolation(
                f"{counted.held_on.isoformat()} 的电话评议已有结果（{counted.outcome}），"
                "不能再手工登记。",
                remedy="结果只按门槛认定，不因人重评。",
                place=one.cadre,
            )


def appraisal_under_way(state: Procedure) -> e.AppraisalCalled:
    """Return the appraisal that is being held.

    Raises:
        WrongPhase: none is.
    """
    if state.called is None or state.counted is not None:
        raise WrongPhase("没有正在进行的评议。", remedy="请先开展评议。", place=state.cadre)
    return state.called


def count_appraisal(
    state: Procedure,
    held: Appraisal,
    *,
    called: int,
    reached: int,
    hidden: bool,
    numbers: Mapping[str, int],
) -> e.AppraisalCounted:
    """Judge what the households said by the quorum and threshold of the day (Y65).

    Raises:
        WrongPhase: no appraisal is being held.
    """
    under_way = appraisal_under_way(state)
    outcome = appraisal_outcome(held, numbers)
    decides, why = (None, outcome.why) if isinstance(outcome, Missing) else (outcome, "")
    return e.AppraisalCounted(
        campaign=under_way.campaign,
        held_on=held.held_on,
        linked=held.linked,
        called=called,
        reached=reached,
        answered=held.answered,
        satisfied=None if hidden else held.satisfied,
        quorum=numbers["appraisal_quorum"],
        threshold=numbers["appraisal_pass"],
        outcome=decides,
        open_because=why,
    )


def review_uniformity(state: Procedure, note: str) -> e.UniformityReviewed:
    """Note what a second look at an appraisal with one voice found; nothing follows from it.

    Raises:
        InvalidInput: nothing was noted.
        WrongPhase: the appraisal is not of one voice.
    """
    if not state.is_uniform:
        raise WrongPhase("评议结果不是全部满意，无需复核。", remedy="无需操作。")
    return e.UniformityReviewed(_written(note, "复核情况", LONGEST_TEXT))


def running_procedure(found: Iterable[Procedure], day: date) -> Procedure | None:
    """Return the procedure of a cadre that waits for a decision, None when there is none."""
    past = {PromotionStage.AGREED, PromotionStage.PROBATION, *OVER}
    return next((one for one in found if one.stage(day) not in past), None)


def no_procedure(cadre: CadreNumber) -> RuleViolation:
    """Say that nobody is promoted without a procedure (Y62)."""
    return RuleViolation(
        "这名干部没有在办的提拔程序，不能同意提拔。",
        remedy="请先动议、公示并由其联系户评议；任何人都不能跳过。",
        place=cadre,
    )


def decide_at_gate(state: Procedure, choice: Choice, reason: str, *, day: date) -> e.DecisionMade:
    """Note the decision of a named person; 同意提拔 only through the open gate.

    Raises:
        RuleViolation: a step is missing.
        WrongPhase: it was decided, or the procedure is over.
    """
    if choice is Choice.PROMOTE:
        state.check_gate(day)
    elif state.stage(day) in {PromotionStage.AGREED, PromotionStage.PROBATION, *OVER}:
        raise WrongPhase(
            f"程序现在是“{state.stage(day)}”，不能再作决定。",
            remedy="请看时间线。",
            place=state.cadre,
        )
    return e.DecisionMade(choice, reason)


def appoint(
    state: Procedure,
    *,
    appointed_on: date,
    document: str,
    day: date,
    numbers: Mapping[str, int],
    zone: tzinfo,
) -> e.Appointed:
    """Record the appointment, not before the day of its decision; probation runs from it (Y60).

    Raises:
        InvalidInput: its day cannot be, or no document is named.
        WrongPhase: nobody agreed to it.
    """
    if state.stage(day) is not PromotionStage.AGREED:
        raise WrongPhase(
            f"程序现在是“{state.stage(day)}”，没有同意提拔的决定，不能任职。",
            remedy="请先作出决定。",
            place=state.cadre,
        )
    decided = next(n.at for n in reversed(state.timeline) if isinstance(n.event, e.DecisionMade))
    if not local_date(decided, zone) <= appointed_on <= day:
        raise InvalidInput(
            f"任职日期 {appointed_on.isoformat()} 不可能：早于决定，或还没有到。",
            remedy="请核对日期。",
            place="任职日期",
        )
    months = numbers["probation_months"]
    until = months_later(appointed_on, months) if months else None
    return e.Appointed(appointed_on, _written(document, "任职文件", LONGEST_TEXT), until)


def end_probation(state: Procedure, *, passed: bool, basis: str, day: date) -> e.ProbationEnded:
    """Say that probation was passed, after its last day; or that the post was taken away.

    Raises:
        InvalidInput: no basis is given.
        WrongPhase: there is no probation, or it is not over.
    """
    appointment = state.appointment
    if state.stage(day) is not PromotionStage.PROBATION or appointment is None:
        raise WrongPhase("现在没有试用期。", remedy="请看时间线。", place=state.cadre)
    until = appointment.probation_until
    if passed and until is not None and day <= until:
        raise WrongPhase(
            f"试用期到 {until.isoformat()} 才满。", remedy="请期满后考核转正。", place=state.cadre
        )
    return e.ProbationEnded(passed, day, _written(basis, "依据", LONGEST_TEXT))


def close_procedure(state: Procedure, reason: str, *, day: date) -> e.ProcedureClosed:
    """Give a procedure up, with a reason.

    Raises:
        InvalidInput: no reason is given.
        WrongPhase: the appointment was made, or the procedure is over.
    """
    if state.appointment is not None or state.stage(day) in OVER:
        raise WrongPhase("程序已经结束。", remedy="请看时间线。", place=state.cadre)
    return e.ProcedureClosed(_written(reason, "终止理由", LONGEST_TEXT))


def months_later(day: date, months: int) -> date:
    """Return the last day of a span of `months` that begins on `day` (civil code art. 202)."""
    months_on = day.month - 1 + months
    year, month = day.year + months_on // _MONTHS_A_YEAR, months_on % _MONTHS_A_YEAR + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _written(text: str, place: str, longest: int) -> str:
    found = one_line(text, place, longest=longest)
    if not found:
        raise InvalidInput(f"请填写{place}。", remedy="补全后再提交。", place=place)
    return found

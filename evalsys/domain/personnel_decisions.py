"""The decision of a named person, kept beside the advice it follows or departs from."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from evalsys.domain.personnel import AppraisalOutcome, appraisal_outcome
from evalsys.domain.personnel_county import Assessed, Evaluation
from evalsys.domain.rulebook import Conclusion
from evalsys.errors import InvalidInput, RuleViolation
from evalsys.ids import CadreNumber

REASON_LIMIT = 1000
"""Characters that a written reason may have."""


class Choice(StrEnum):
    """What a person can decide on somebody's promotion."""

    PROMOTE = "同意提拔"
    DEFER = "暂缓"
    REFUSE = "不予提拔"


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided what on whom, when and why, beside the advice of that moment.

    `conclusion`, `rules` and `reasons` are the advice as it stood, `run` names the
    evaluation that gave it, so the advice can be worked out again.
    """

    cadre: CadreNumber
    choice: Choice
    reason: str
    decided_by: str
    decided_at: datetime
    run: str
    as_of: date
    year: int
    book_sha256: str
    conclusion: Conclusion
    rules: tuple[str, ...]
    reasons: tuple[str, ...]

    @property
    def departs(self) -> bool:
        """Whether the decision is not what the advice alone would have led to."""
        expected = {
            Conclusion.ELIGIBLE: Choice.PROMOTE,
            Conclusion.PENDING: Choice.DEFER,
            Conclusion.SUSPENDED: Choice.DEFER,
            Conclusion.BARRED: Choice.REFUSE,
        }
        return self.choice is not expected[self.conclusion]


def decide(
    evaluation: Evaluation,
    one: Assessed,
    choice: Choice,
    *,
    reason: str,
    by: str,
    at: datetime,
) -> Decision:
    """Make the decision of person `by` on one cadre of an evaluation.

    The rules know no exception for single persons (Y59, Y80): whoever they bar, or whose
    procedure they suspend, cannot be promoted by a decision, and nobody is promoted
    before the linked households were asked and are satisfied (Y62-Y65).

    Raises:
        InvalidInput: no reason was given, or one that is too long.
        RuleViolation: a rule stands against the promotion.
    """
    reason = reason.strip()
    if not 0 < len(reason) <= REASON_LIMIT:
        raise InvalidInput(
            "请写明作出这一决定的理由。" if not reason else "理由过长。",
            remedy=f"理由与决定一并存档，不超过 {REASON_LIMIT} 字。",
            place="reason",
        )
    if choice is Choice.PROMOTE:
        _check_promotion(evaluation, one)
    return Decision(
        cadre=one.cadre.number,
        choice=choice,
        reason=reason,
        decided_by=by,
        decided_at=at,
        run=evaluation.run,
        as_of=evaluation.as_of,
        year=evaluation.year,
        book_sha256=evaluation.rules.sha256,
        conclusion=one.verdict.conclusion,
        rules=one.verdict.rule_numbers,
        reasons=tuple(outcome.reason for outcome in one.verdict.reasons + one.verdict.side),
    )


def check_present(seen: tuple[date, int], present: tuple[date, int]) -> None:
    """Insist that what has a consequence is done in view of the present: of today and its year.

    On an earlier day, or for an earlier year, a rule may spare whom it bars by now. Both are day
    and assessed year.

    Raises:
        RuleViolation: it is another day, or another year.
    """
    if seen != present:
        raise RuleViolation(
            f"这一页是基准日 {seen[0].isoformat()}、考核年度 {seen[1]} 的结论，不是现在的。",
            remedy=f"请改为基准日 {present[0].isoformat()}、考核年度 {present[1]}，看过再办。",
            place="as_of",
        )


def check_not_barred(one: Assessed) -> None:
    """Insist that no rule stands against a promotion: when it is decided and when it takes effect.

    Raises:
        RuleViolation: the advice is 不予提拔 or 程序中止.
    """
    conclusion = one.verdict.conclusion
    if conclusion in {Conclusion.BARRED, Conclusion.SUSPENDED}:
        numbers = "、".join(
            outcome.rule.number for outcome in one.verdict.reasons if outcome.effect is conclusion
        )
        raise RuleViolation(
            f"规则 {numbers} 的结论是“{conclusion}”，不设个人例外。",
            remedy="如认为数据有误，请先更正数据，系统会重新评估。",
            place=one.cadre.number,
        )


def _check_promotion(evaluation: Evaluation, one: Assessed) -> None:
    check_not_barred(one)
    held = appraisal_outcome(one.record.appraisal, evaluation.rules.numbers)
    if held is not AppraisalOutcome.SATISFIED:
        raise RuleViolation(
            "任前群众评议没有满意的结果，不能同意提拔。",
            remedy="请先由其联系户开展任前群众评议并登记结果。",
            place=one.cadre.number,
        )

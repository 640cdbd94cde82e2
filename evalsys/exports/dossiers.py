"""A cadre's dossier on paper: the advice with every rule and value, and what people decided.

It holds what the person's page shows, with the same suppression: scores from too few households
are not in the record, so they cannot be here. Nothing of a household is in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from evalsys.domain.assessment import show_tenths
from evalsys.domain.eligibility import RuleOutcome, Seen, show_value
from evalsys.domain.personnel import Missing, appraisal_outcome
from evalsys.domain.personnel_county import Assessed, Evaluation
from evalsys.domain.personnel_decisions import Decision
from evalsys.domain.roster import SECOND_LEVEL
from evalsys.exports.pdf import Value, render
from evalsys.exports.sessions import SESSION_VERDICTS, SessionRow, person_sessions

TEMPLATE = "dossier"
TITLE = "干部联系群众考核档案"
ADVICE = "结论是附理由的建议，由具名的人作出决定；“符合”的，提拔前仍须经任前群众评议。"
_UNKNOWN = "未登记"


@dataclass(frozen=True, slots=True)
class Dossier:
    """One cadre of an evaluation and every decision on the cadre, newest first."""

    one: Assessed
    decisions: tuple[Decision, ...]


def dossier_values(
    evaluation: Evaluation,
    people: Sequence[Dossier],
    zone: tzinfo,
    *,
    organ: str = "",
    level: str = SECOND_LEVEL,
) -> dict[str, Value]:
    """Say what the paper holds; moments are written in `zone`, `organ` stands in the letterhead.

    `level` is what the county calls the level of the grid below its own.
    """
    return {
        "title": TITLE,
        "organ": organ or TITLE,
        "footer": (
            f"考核年度 {evaluation.year}　基准日 {evaluation.as_of.isoformat()}　"
            f"规则集 {evaluation.rules.name}（{evaluation.rules.sha256[:16]}）　"
            f"评估批次 {evaluation.run}"
        ),
        "people": [_person(evaluation, dossier, zone, level) for dossier in people],
    }


def dossiers_pdf(evaluation: Evaluation, values: dict[str, Value]) -> bytes:
    """Set the paper, dated as of the evaluation."""
    return render(TEMPLATE, values, dated=evaluation.as_of)


def _person(evaluation: Evaluation, dossier: Dossier, zone: tzinfo, level: str) -> dict[str, Value]:
    one = dossier.one
    cadre, verdict = one.cadre, one.verdict
    side = "　附带：" + "、".join(verdict.side_results) if verdict.side_results else ""
    return {
        "name": cadre.name,
        "number": cadre.number,
        "facts": [
            ["单位", cadre.unit_name],
            ["职务", cadre.post],
            ["职级", cadre.rank],
            ["人员类别", cadre.staff_type or _UNKNOWN],
            [level, cadre.township],
            ["试用期", _yes(cadre.on_probation)],
            ["主要负责人", _yes(cadre.is_principal)],
            ["单位不合格人次", str(one.record.unit_person_times)],
        ],
        "conclusion": f"建议：{verdict.conclusion}{side}",
        "note": ADVICE,
        "annual": _annual(evaluation, one),
        "rules": [_rule(evaluation, outcome) for outcome in verdict.outcomes],
        "sessions": [_session(row) for row in person_sessions(one.record)],
        "appraisal": _appraisal(evaluation, one),
        "decisions": [_decision(evaluation, made, zone) for made in dossier.decisions],
    }


def _annual(evaluation: Evaluation, one: Assessed) -> dict[str, Value]:
    annual = one.annual
    total = "—" if annual.total_tenths is None else show_tenths(annual.total_tenths)
    return {
        "title": f"{annual.year} 年度考核",
        "facts": [
            ["总成绩", total],
            ["联系群众考核等次", annual.grade or "待核"],
            ["联系户数", str(annual.linked)],
            ["参评户数", str(annual.answered)],
            ["拨打户数", _count(annual.households.called)],
            ["接通户数", _count(annual.households.reached)],
            ["合格线", show_tenths(evaluation.rules.numbers["pass_mark"])],
            ["说明", "地方等次，不是法定年度考核等次"],
        ],
        "pending": annual.pending,
        "parts": [
            [
                part.component,
                f"{part.weight}%",
                part.shown or "—",
                part.absent,
            ]
            for part in annual.parts
        ],
    }


def _rule(evaluation: Evaluation, outcome: RuleOutcome) -> dict[str, Value]:
    rule = outcome.rule
    spared = "条件不满足" if outcome.met is not None else "无数据，视为不满足"
    source = rule.source
    parts = (evaluation.book.documents[source.document], source.requirement, source.basis)
    return {
        "number": rule.number,
        "title": rule.title,
        "effect": outcome.effect or spared,
        "applies": outcome.effect is not None,
        "seen": [_seen(seen) for seen in outcome.seen],
        "words": source.words,
        "source": " · ".join(part for part in parts if part),
    }


def _seen(seen: Seen) -> dict[str, Value]:
    condition, value = seen.condition, seen.value
    asked = "、".join(show_value(given) for given in condition.values)
    return {
        "field": condition.field,
        "value": value.why if isinstance(value, Missing) else show_value(value),
        "missing": isinstance(value, Missing),
        "asked": f"{condition.operator} {asked}".rstrip(),
    }


def _session(row: SessionRow) -> list[Value]:
    finding = row.finding
    how = f"点名（{finding.named_by}：{finding.naming_reason}）" if finding.is_named else "抽取"
    remarks = (
        *(["彩排，不计入"] if finding.rehearsal else []),
        *(["数据不足，不计入"] if not finding.is_enough else []),
    )
    due = f"，{finding.pledge_due_on.isoformat()} 到期" if finding.pledge_due_on else ""
    sanction = f"，处理：{row.report.sanction}" if row.report and row.report.sanction else ""
    return [
        finding.held_on.isoformat(),
        finding.title,
        how,
        "，".join((SESSION_VERDICTS[finding.verdict], *remarks)),
        str(finding.answered),
        "—" if finding.mean_tenths is None else show_tenths(finding.mean_tenths),
        f"{finding.pledges} 项{due}" if finding.pledges else "—",
        f"{row.investigation}{sanction}" or "—",
    ]


def _appraisal(evaluation: Evaluation, one: Assessed) -> list[Value]:
    held = one.record.appraisal
    outcome = appraisal_outcome(held, evaluation.rules.numbers)
    word = f"待核：{outcome.why}" if isinstance(outcome, Missing) else outcome
    if held is None:
        return [["结果", word], ["说明", "评议满意之前，不能同意提拔"]]
    return [
        ["结果", word],
        ["日期", held.held_on.isoformat()],
        ["联系户数", str(held.linked)],
        ["参评户数", str(held.answered)],
        ["满意户数", held.satisfied_told(evaluation.rules.numbers["hide_below"])],
        ["依据", held.document],
    ]


def _decision(evaluation: Evaluation, made: Decision, zone: tzinfo) -> dict[str, Value]:
    at = made.decided_at.astimezone(zone)
    earlier = "" if made.run == evaluation.run else "据此前的评估"
    departs = "与建议不同" if made.departs else ""
    reasons = "；".join(made.reasons) or "没有规则反对"
    return {
        "choice": made.choice,
        "note": "，".join(part for part in (departs, earlier) if part),
        "made": f"{made.decided_by}　{at:%Y-%m-%d %H:%M}",
        "reason": made.reason,
        "advice": f"当时的建议（{made.year} 年度，批次 {made.run}）：{made.conclusion}。{reasons}",
    }


def _count(value: int | None) -> str:
    return "未统计" if value is None else str(value)


def _yes(value: bool | None) -> str:  # noqa: FBT001 - a fact, not a switch
    return _UNKNOWN if value is None else "是" if value else "否"

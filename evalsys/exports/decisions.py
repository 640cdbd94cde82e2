"""The roster of decisions: every cadre with conclusion and reasons. Its columns are fixed.

`docs/formats/decisions.md` promises them: columns may be added at the end, never renamed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import tzinfo

from evalsys.domain.assessment import Component, Counts, Part
from evalsys.domain.local_date import local_date
from evalsys.domain.personnel import (
    AppraisalOutcome,
    Missing,
    SessionFinding,
    appraisal_outcome,
)
from evalsys.domain.personnel_county import Assessed, Evaluation
from evalsys.domain.personnel_decisions import Decision
from evalsys.domain.rulebook import Conclusion
from evalsys.exports.table import Column, Table, Tenths, explained, tabulate
from evalsys.ids import CadreNumber

TITLE = "决定"
_OWN_COLUMNS = {Component.HOUSEHOLD, Component.UNIT_RATING, Component.INSPECTION}


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One cadre of one evaluation, and the last decision of a person, if there is any."""

    evaluation: Evaluation
    one: Assessed
    decision: Decision | None
    zone: tzinfo


def decisions_table(
    evaluation: Evaluation,
    chosen: Iterable[Assessed],
    decided: Mapping[CadreNumber, Decision],
    *,
    zone: tzinfo,
    selection: str = "",
) -> Table:
    """Tabulate the chosen cadres of an evaluation; `selection` says in words which those are.

    Dates of decisions are days in `zone`.
    """
    rows = [DecisionRow(evaluation, one, decided.get(one.cadre.number), zone) for one in chosen]
    lines = (*heading(evaluation), *_counts(rows), *([selection] if selection else []))
    return tabulate(TITLE, lines, COLUMNS, rows)


def heading(evaluation: Evaluation) -> tuple[str, ...]:
    """Say of which day, year, rules and run a sheet is: the same lines on every sheet."""
    day, version = evaluation.as_of.isoformat(), evaluation.rules.sha256[:16]
    people = len(evaluation.assessed)
    return (
        f"考核年度 {evaluation.year}　基准日 {day}　全县在册干部 {people} 人",
        f"规则集 {evaluation.rules.name}（版本 {version}）　评估批次 {evaluation.run}",
        f"输入数据 SHA-256 {evaluation.facts_sha256}",
    )


def _counts(rows: Sequence[DecisionRow]) -> tuple[str, ...]:
    count = Counter(row.one.verdict.conclusion for row in rows)
    shown = "　".join(f"{word} {count[word]} 人" for word in Conclusion)
    return (
        f"本表 {len(rows)} 人：{shown}",
        "结论是附理由的建议，由具名的人作出决定；“符合”的，提拔前仍须经任前群众评议。",
    )


def _yes(value: bool | None) -> str:  # noqa: FBT001 - a fact, not a switch
    return "未登记" if value is None else "是" if value else "否"


def _tenths(value: int | None) -> Tenths | None:
    return None if value is None else Tenths(value)


def _household(part: Part) -> Tenths | str | None:
    return part.shown if part.band else _tenths(part.score_tenths)


def _appraisal(row: DecisionRow) -> str:
    outcome = appraisal_outcome(row.one.record.appraisal, row.evaluation.rules.numbers)
    held = row.one.record.appraisal
    if held is None:
        return AppraisalOutcome.NOT_HELD
    word = "待核" if isinstance(outcome, Missing) else outcome
    content = held.satisfied_told(row.evaluation.rules.numbers["hide_below"])
    return f"{word}（联系 {held.linked}、参评 {held.answered}、满意 {content}）"


def _missing(row: DecisionRow) -> str:
    reasons = (why for outcome in row.one.verdict.reasons for why in outcome.missing)
    return "；".join(dict.fromkeys(reasons))


def _other_parts(row: DecisionRow) -> str:
    return "；".join(
        f"{part.component} {part.shown}{counts_in_words(part.counts)}"
        for part in row.one.annual.parts
        if part.component not in _OWN_COLUMNS and part.score_tenths is not None
    )


def counts_in_words(counts: Counts) -> str:
    """Say of how many a score is, in brackets; nothing where nobody counted."""
    named = zip(("应询", "拨打", "接通", "作答"), astuple(counts), strict=True)
    told = "、".join(f"{name} {n}" for name, n in named if n is not None)
    return f"（{told}）" if told else ""


def _on_stage(row: DecisionRow) -> str:
    return "；".join(
        f"{finding.held_on.isoformat()} {_how(finding)}{'（彩排）' if finding.rehearsal else ''}"
        for finding in row.one.record.findings
    )


def _how(finding: SessionFinding) -> str:
    if not finding.is_named:
        return "抽取"
    return f"点名（由{finding.named_by}：{finding.naming_reason}）"


def _decision(row: DecisionRow) -> str:
    if row.decision is None:
        return ""
    stale = "" if row.decision.run == row.evaluation.run else "（据此前的评估）"
    return f"{row.decision.choice}{stale}"


_COLUMNS: tuple[Column[DecisionRow], ...] = (
    Column("编号", 10, "干部的永久公开编号，8 位文字", lambda r: r.one.cadre.number),
    Column("姓名", 10, "干部姓名", lambda r: r.one.cadre.name),
    Column("单位", 18, "所在单位", lambda r: r.one.cadre.unit_name),
    Column("乡镇", 12, "联系网格所在的乡镇大网格", lambda r: r.one.cadre.township),
    Column("职务", 14, "现任职务", lambda r: r.one.cadre.post),
    Column("职级", 12, "职级", lambda r: r.one.cadre.rank),
    Column("人员类别", 9, "公务员或事业，决定法定考核等次的用语", lambda r: r.one.cadre.staff_type),
    Column("试用期", 7, "基准日是否在试用期", lambda r: _yes(r.one.cadre.on_probation)),
    Column(
        "主要负责人",
        8,
        "是否所在单位的主要负责人；单位没有登记的写“未登记”",
        lambda r: _yes(r.one.cadre.is_principal),
    ),
    Column(
        "结论",
        10,
        "不予提拔、程序中止、待核、符合之一，取最重的一项；待核是既不通过也不否定",
        lambda r: r.one.verdict.conclusion,
    ),
    Column(
        "附带",
        16,
        "免除试用期职务、诫勉、处理曝光、优先、提示，多项以分号相隔",
        lambda r: "；".join(r.one.verdict.side_results),
    ),
    Column(
        "规则号",
        16,
        "引出结论和附带结果的规则，以分号相隔，重的在前",
        lambda r: "；".join(r.one.verdict.rule_numbers),
    ),
    Column(
        "理由",
        56,
        "每条规则的名称和它看到的数值，以分号相隔，次序同规则号",
        lambda r: "；".join(o.reason for o in r.one.verdict.reasons + r.one.verdict.side),
    ),
    Column("缺少的数据", 26, "待核的原因；补齐后重新评估", _missing),
    Column(
        "年度总成绩",
        9,
        "各部分按权重的平均，百分制，四舍五入到 0.1；缺少基础时为空",
        lambda r: _tenths(r.one.annual.total_tenths),
    ),
    Column(
        "联系群众考核等次",
        10,
        "合格或不合格，空为待核；是地方等次，不是公务员、事业单位的法定年度考核等次",
        lambda r: r.one.annual.grade,
    ),
    Column("联系户数", 8, "其联系户总数，即评议的分母", lambda r: r.one.annual.linked),
    Column("参评户数", 8, "参加综合评议的联系户数", lambda r: r.one.annual.answered),
    Column(
        "联系户评议",
        9,
        "联系户综合评议得分，百分制；参评户数过少时不显示，各户打分一致的只写分档",
        lambda r: _household(r.one.annual.part(Component.HOUSEHOLD)),
    ),
    Column(
        "民主测评",
        9,
        "单位民主测评得分，百分制",
        lambda r: _tenths(r.one.annual.score_of(Component.UNIT_RATING)),
    ),
    Column(
        "明察暗访",
        9,
        "明察暗访得分，百分制",
        lambda r: _tenths(r.one.annual.score_of(Component.INSPECTION)),
    ),
    Column(
        "未计入的部分",
        22,
        "没有计入总成绩的部分及原因；缺席的部分不按零分计",
        lambda r: "；".join(f"{part.component}（{part.absent}）" for part in r.one.annual.excluded),
    ),
    Column(
        "单位不合格人次",
        9,
        "所在单位在累计期内不合格的人次",
        lambda r: r.one.record.unit_person_times,
    ),
    Column("任前群众评议", 22, "由其联系户所作的任前评议：结果和户数", _appraisal),
    Column("决定", 14, "具名的人最近一次所作的决定；没有决定的为空", _decision),
    Column(
        "决定人",
        10,
        "作出决定的人的登录名",
        lambda r: r.decision.decided_by if r.decision else None,
    ),
    Column(
        "决定日期",
        11,
        "作出决定的日期",
        lambda r: local_date(r.decision.decided_at, r.zone) if r.decision else None,
    ),
    Column("决定理由", 30, "决定人写明的理由", lambda r: r.decision.reason if r.decision else None),
    Column("考核年度", 8, "考核年度", lambda r: r.evaluation.year),
    Column("基准日", 11, "按这一天的数据和规则评估", lambda r: r.evaluation.as_of),
    Column(
        "规则版本",
        18,
        "规则集内容的 SHA-256 前 16 位",
        lambda r: r.evaluation.rules.sha256[:16],
    ),
    Column(
        "评估批次", 18, "同样的数据、规则、年度、基准日得到同样的批次号", lambda r: r.evaluation.run
    ),
    Column("上台方式", 30, "在哪天的会上被抽取或被点名；点名注明由谁、为何", _on_stage),
    Column(
        "拨打户数",
        9,
        "评议中拨打过的联系户数；没有登记的为空",
        lambda r: r.one.annual.households.called,
    ),
    Column(
        "接通户数",
        9,
        "评议中有人应答的联系户数；没有登记的为空",
        lambda r: r.one.annual.households.reached,
    ),
    Column(
        "其他考核部分",
        30,
        "联系户评议、民主测评、明察暗访之外录入的部分：得分和应询、拨打、接通、作答人数",
        _other_parts,
    ),
)

COLUMNS = explained(
    _COLUMNS,
    units={
        "户": ("联系户数", "参评户数"),
        "分": ("年度总成绩", "联系户评议", "民主测评", "明察暗访"),
        "人次": ("单位不合格人次",),
        "年": ("考核年度",),
    },
    sources={
        "干部名册": ("编号", "姓名", "单位", "乡镇", "职务", "职级", "人员类别", "试用期"),
        "单位名册": ("主要负责人",),
        "规则集": ("结论", "附带", "规则号", "理由", "缺少的数据", "规则版本"),
        "年度考核": (
            *("年度总成绩", "联系群众考核等次", "联系户数", "参评户数", "联系户评议"),
            *("民主测评", "明察暗访", "未计入的部分", "单位不合格人次"),
        ),
        "任前群众评议登记": ("任前群众评议",),
        "决定登记": ("决定", "决定人", "决定日期", "决定理由"),
        "直播调查大会": ("上台方式",),
        "评估": ("考核年度", "基准日", "评估批次"),
    },
)

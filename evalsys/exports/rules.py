"""The rulebook as a table: every number and rule with its source and how well it is founded."""

from dataclasses import dataclass
from datetime import date

from evalsys.domain.eligibility import show_value
from evalsys.domain.personnel_county import Evaluation
from evalsys.domain.rule_versions import PublishedRules
from evalsys.domain.rulebook import Basis, Rule, Rulebook
from evalsys.exports.decisions import heading
from evalsys.exports.table import Column, Table, tabulate

TITLE = "规则参数"


def rules_table(evaluation: Evaluation) -> Table:
    """Tabulate every number and rule with source, words, days and whether it is verified."""
    book = evaluation.book
    lines = (
        *heading(evaluation),
        f"{book.title}。{book.note}",
        "“未核实”：来源没有写明，数值由本系统暂定，须由县里核定；未核实的规则不适用",
    )
    return tabulate(TITLE, lines, COLUMNS, rule_rows(book, evaluation.as_of))


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One line of the rulebook: a number with its days, or a rule."""

    kind: str
    number: str
    title: str
    value: str
    basis: Basis
    document: str
    requirement: str
    words: str
    since: date
    until: date | None
    in_force: bool
    note: str
    missing: str = ""
    """What a rule makes of missing input; a number has none."""


def rule_rows(book: Rulebook, day: date) -> list[RuleRow]:
    """List the numbers, each dated value in a row of its own, then the rules."""
    numbers = [
        RuleRow(
            kind="参数",
            number=parameter.name,
            title=parameter.title,
            value=parameter.show(dated.value),
            basis=parameter.source.basis,
            document=book.documents[parameter.source.document],
            requirement=parameter.source.requirement,
            words=parameter.source.words,
            since=dated.since,
            until=dated.until,
            in_force=dated.holds_on(day),
            note=parameter.source.note,
        )
        for parameter in book.parameters
        for dated in parameter.values
    ]
    rules = [
        RuleRow(
            kind="规则",
            number=rule.number,
            title=rule.title,
            value=f"{conditions_in_words(rule, book)} → {rule.outcome}",
            basis=rule.source.basis,
            document=book.documents[rule.source.document],
            requirement=rule.source.requirement,
            words=rule.source.words,
            since=rule.since,
            until=rule.until,
            in_force=rule.enabled and rule.holds_on(day),
            note=rule.source.note,
            missing=rule.missing,
        )
        for rule in book.rules
    ]
    return numbers + rules


def conditions_in_words(rule: Rule, book: Rulebook) -> str:
    """Write a rule's conditions as a Chinese sentence, numbers by their titles."""
    titles = {f"{{{p.name}}}": f"〈{p.title}〉" for p in book.parameters}
    groups = []
    for group in rule.groups:
        words = []
        for condition in group:
            values = "、".join(titles.get(str(v), show_value(v)) for v in condition.values)
            words.append(f"{condition.field}{condition.operator}{values}")
        groups.append("，且".join(words))
    return "；或者 ".join(groups)


def published_table(found: PublishedRules) -> Table:
    """Tabulate the rules that everybody may read."""
    book = found.book
    lines = [f"{book.name} {book.title}", f"{found.day.isoformat()} 适用"]
    if found.internal:
        lines.append(f"另有 {found.internal} 条只供内部提示")
    rows = [
        PublishedRow(rule, conditions_in_words(rule, book), book.documents[rule.source.document])
        for rule in found.rules
    ]
    return tabulate("考核和任用的规则", lines, PUBLISHED, rows)


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """A rule as everybody may read it."""

    rule: Rule
    conditions: str
    document: str


PUBLISHED: tuple[Column[PublishedRow], ...] = (
    Column("规则号", 12, "规则的编号", lambda r: r.rule.number),
    Column("规则", 30, "规则的名称", lambda r: r.rule.title),
    Column("条件", 44, "看哪些数值，满足什么", lambda r: r.conditions),
    Column("后果", 12, "条件满足时的结果", lambda r: r.rule.outcome),
    Column("缺数据时", 12, "数值不全时怎么算", lambda r: r.rule.missing),
    Column("依据", 44, "依据文件", lambda r: r.document),
    Column("原文", 44, "依据文件的原话", lambda r: r.rule.source.words),
    Column("生效日", 11, "自这一天起有效", lambda r: r.rule.since),
    Column("失效日", 11, "有效的最后一天；仍有效的为空", lambda r: r.rule.until),
)

COLUMNS: tuple[Column[RuleRow], ...] = (
    Column("类别", 7, "参数或规则", lambda r: r.kind),
    Column("号", 22, "参数名或规则号", lambda r: r.number),
    Column("名称", 28, "参数或规则的名称", lambda r: r.title),
    Column("值", 44, "参数的值及计量单位，或规则的条件和后果", lambda r: r.value),
    Column("核实情况", 9, "原文、未核实、本系统之一", lambda r: r.basis),
    Column("依据", 44, "依据文件", lambda r: r.document),
    Column("需求编号", 9, "案例要点的编号", lambda r: r.requirement),
    Column("原文", 44, "依据文件的原话", lambda r: r.words),
    Column("生效日", 11, "自这一天起有效", lambda r: r.since),
    Column("失效日", 11, "有效的最后一天；仍有效的为空", lambda r: r.until),
    Column("本次适用", 9, "这次评估是否适用", lambda r: "是" if r.in_force else "否"),
    Column("说明", 44, "须注意的情况", lambda r: r.note),
    Column("缺数据时", 12, "数值不全时规则怎么算；参数为空", lambda r: r.missing or None),
)

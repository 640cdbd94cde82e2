"""A rule set 规则集 kept as a spreadsheet of three sheets: 规则, 字段字典, 样例 (Y56-Y65, Y80).

Every rule names the document, article and words it rests on (G11).

The table is compiled into the rules that the personnel room applies, or refused with the
address of every cell that is wrong: no code stands in a cell, and nothing is guessed.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from evalsys.domain.eligibility import Judge, Verdict
from evalsys.domain.personnel import Value
from evalsys.domain.roster_cells import Cell
from evalsys.domain.rulebook import (
    Conclusion,
    Field,
    Outcome,
    Rule,
    RulesInForce,
    SideResult,
)
from evalsys.domain.rulesheet_cells import SheetCell

RULES, FIELDS, SAMPLES = "规则", "字段字典", "样例"
SHEETS = (RULES, FIELDS, SAMPLES)

Tables = Mapping[str, Sequence[Sequence[Cell]]]
"""The rows of each sheet, from its cell A1."""

RESULTS: Mapping[str, Outcome] = {
    "不予提拔": Conclusion.BARRED,
    "程序中止": Conclusion.SUSPENDED,
    "免除试用职务": SideResult.PROBATION_ENDED,
    "诫勉": SideResult.ADMONISHED,
    "优先": SideResult.PREFERRED,
    "提示": SideResult.NOTED,
    "待核": Conclusion.PENDING,
    "处理曝光": SideResult.PENALISED,
}
"""The words of the column 结果."""
RESULT_WORDS: Mapping[Outcome, str] = {outcome: word for word, outcome in RESULTS.items()}

PUBLIC, INTERNAL = "公开", "内部"
"""The words of the column 公开级别; an empty cell keeps the rule inside."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something about a cell: what, and for an error what to do."""

    place: str
    what: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """One line of the sheet 样例: facts, and what must come of them."""

    facts: Mapping[str, Value]
    conclusion: SheetCell
    rules: SheetCell


@dataclass(frozen=True, slots=True)
class RuleSheet:
    """A compiled table. Two tables with the same `sha256` decide alike."""

    fields: Mapping[str, Field]
    rules: tuple[Rule, ...]
    samples: tuple[Sample, ...]
    published: frozenset[tuple[str, date]] = frozenset()
    """Number and first day of each rule that everybody may read (公开级别 公开)."""

    @property
    def sha256(self) -> str:
        """The version: a hash over the normalised rules and fields, 64 hex.

        Who may read a rule decides about nobody and is no part of it.
        """
        content = {
            "fields": [asdict(self.fields[name]) for name in sorted(self.fields)],
            "rules": [asdict(rule) for rule in self.rules],
        }
        text = json.dumps(
            content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
        )
        return hashlib.sha256(text.encode()).hexdigest()

    def is_published(self, rule: Rule) -> bool:
        """Whether everybody may read a rule of this table."""
        return (rule.number, rule.since) in self.published

    def judge_on(self, day: date) -> Judge:
        """Apply the verified rules that are in force on `day`; values come in the sheet's order."""
        rules = tuple(rule for rule in self.rules if rule.enabled and rule.holds_on(day))
        return Judge(RulesInForce("", self.sha256, day, {}, rules), tuple(self.fields))


@dataclass(frozen=True, slots=True)
class Compiled:
    """What came of a table: usable only when there is no error. Notes are worth reading."""

    sheet: RuleSheet
    errors: tuple[Note, ...]
    notes: tuple[Note, ...]


def fired(verdict: Verdict) -> tuple[str, ...]:
    """Name the rules behind a verdict: those that were met, and what is open if it is 待核."""
    is_pending = verdict.conclusion is Conclusion.PENDING
    return tuple(
        dict.fromkeys(
            outcome.rule.number
            for outcome in verdict.outcomes
            if outcome.met or (is_pending and outcome.effect is Conclusion.PENDING)
        )
    )

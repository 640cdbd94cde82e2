"""A compiled rule as a Chinese sentence, so that its author reads what the system understood."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from evalsys.domain.rulebook import Condition, Given, Rule
from evalsys.domain.rulesheet import RESULT_WORDS
from evalsys.domain.rulesheet_cells import NO, YES

_IN_A_ROW: Final = 3


def sentence(rule: Rule) -> str:
    """Name the rule and say it."""
    switched_off = "" if rule.enabled else "（未核实，不予适用）"
    return f"{rule.number} {rule.title}{switched_off}：{said(rule)}"


def said(rule: Rule) -> str:
    """Say when the rule is in force, on what it fires, and what follows."""
    groups = "，或者".join("且".join(_condition(one) for one in group) for group in rule.groups)
    until = f"至 {rule.until}" if rule.until else "起"
    return (
        f"自 {rule.since} {until}，"
        f"如果{groups}，则{RESULT_WORDS[rule.outcome]}；缺数据时{rule.missing}。"
        f"依据{rule.source.document}{rule.source.requirement}"
    )


def _condition(condition: Condition) -> str:
    values = _span(condition.values) or "、".join(_value(value) for value in condition.values)
    return f"“{condition.field}”{condition.operator}{f'“{values}”' if values else ''}"


def _value(value: Given) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    return value.isoformat() if isinstance(value, date) else str(value)


def _span(values: Sequence[Given]) -> str:
    """Say 0至23 for whole numbers in a row, three or more."""
    whole = [value for value in values if type(value) is int]
    if len(whole) != len(values) or len(whole) < _IN_A_ROW:
        return ""
    first, last = whole[0], whole[-1]
    return f"{first}至{last}" if whole == list(range(first, last + 1)) else ""

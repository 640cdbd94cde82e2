"""The same rules over columns of numbers: the bare arithmetic, without a word of reason."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from evalsys.domain.rulebook import Condition, Field, FieldKind, Operator, Rule
from evalsys.domain.rulesheet import RuleSheet

MISSING = -1
Columns = Mapping[str, Any]


def without_reasons(sheet: RuleSheet, lines: Sequence[Sequence[str]]) -> Callable[[], object]:
    """Prepare the columns; the call gives 1 for met, 0 for spared, -1 for open, rule by rule."""
    columns: Columns = {
        field.name: np.array([_number(field, line[at]) for line in lines], dtype=np.int32)
        for at, field in enumerate(sheet.fields.values(), start=1)
    }
    return lambda: [_judged(sheet, rule, columns, len(lines)) for rule in sheet.rules]


def _judged(sheet: RuleSheet, rule: Rule, columns: Columns, people: int) -> object:
    met: Any = np.zeros(people, dtype=bool)
    is_open: Any = np.zeros(people, dtype=bool)
    for group in rule.groups:
        every: Any = np.ones(people, dtype=bool)
        no: Any = np.zeros(people, dtype=bool)
        for one in group:
            column = columns[one.field]
            holds, known = _holds(sheet.fields[one.field], one, column), column != MISSING
            every &= holds & known
            no |= ~holds & known
        met |= every
        is_open |= ~every & ~no
    return np.where(met, 1, np.where(is_open, -1, 0))


def _holds(field: Field, one: Condition, column: Any) -> Any:  # noqa: ANN401 - an array
    given = [field.codes.index(str(v)) if v in field.codes else v for v in one.values]
    match one.operator:
        case Operator.PRESENT | Operator.NOT_PRESENT:
            return column == (one.operator is Operator.PRESENT)
        case Operator.ABOVE:
            return column > given[0]
        case Operator.AT_LEAST:
            return column >= given[0]
        case _:
            return np.isin(column, given)


def _number(field: Field, text: str) -> int:
    if not text:
        return MISSING
    match field.kind:
        case FieldKind.CODE:
            return field.codes.index(text)
        case FieldKind.BOOLEAN:
            return int(text == "是")
        case _:
            return int(text)

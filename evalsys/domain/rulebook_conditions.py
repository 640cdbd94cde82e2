"""One condition of a rule, from words such as "单位不合格人次 不小于 {admonish_principal_at}"."""

import re
from collections.abc import Mapping

from evalsys.domain.rulebook import Condition, Field, FieldKind, Operator

_INTEGER = re.compile(r"-?[0-9]{1,9}")
_PARAMETER = re.compile(r"\{([a-z_]+)\}")

ALLOWED: Mapping[FieldKind, frozenset[Operator]] = {
    FieldKind.BOOLEAN: frozenset({Operator.PRESENT, Operator.NOT_PRESENT}),
    FieldKind.CODE: frozenset({Operator.EQUALS, Operator.IN, Operator.NOT_IN}),
    FieldKind.INTEGER: frozenset(
        {Operator.EQUALS, Operator.ABOVE, Operator.AT_LEAST, Operator.IN, Operator.NOT_IN}
    ),
    FieldKind.TEXT: frozenset({Operator.EQUALS, Operator.IN, Operator.NOT_IN}),
    FieldKind.DECIMAL: frozenset({Operator.EQUALS, Operator.ABOVE, Operator.AT_LEAST}),
    FieldKind.DATE: frozenset({Operator.EQUALS, Operator.ABOVE, Operator.AT_LEAST}),
}
"""Which operators make sense for a kind of field in a rulebook's text."""

_VALUELESS = {Operator.PRESENT, Operator.NOT_PRESENT}
_SEVERAL = {Operator.IN, Operator.NOT_IN}


class ConditionError(ValueError):
    """Why a condition cannot be used; completes the sentence "条件“...”"."""


def parse_condition(line: str, fields: Mapping[str, Field], numbers: frozenset[str]) -> Condition:
    """Read `字段 运算 值`; values of 属于 and 不属于 are separated by `|`.

    Raises:
        ConditionError: an unknown field, operator, code or parameter, or the wrong type.
    """
    words = line.split()
    if len(words) not in {2, 3}:
        raise ConditionError("应写成“字段 运算 值”，以空格分开")
    field = fields.get(words[0])
    if field is None:
        raise ConditionError(f"里没有“{words[0]}”这个字段；可用的字段：{'、'.join(fields)}")
    operator = _operator(words[1], field)
    if (operator in _VALUELESS) != (len(words) == 2):
        raise ConditionError("“有”“无”后面不写值，其他运算必须写值")
    if operator in _VALUELESS:
        return Condition(field.name, operator)
    texts = words[2].split("|") if operator in _SEVERAL else [words[2]]
    return Condition(field.name, operator, tuple(_value(text, field, numbers) for text in texts))


def _operator(word: str, field: Field) -> Operator:
    try:
        operator = Operator(word)
    except ValueError as error:
        raise ConditionError(f"里没有“{word}”这种运算；可用：{'、'.join(Operator)}") from error
    if operator not in ALLOWED[field.kind]:
        raise ConditionError(f"：{field.kind}字段“{field.name}”不能用“{operator}”")
    return operator


def _value(text: str, field: Field, numbers: frozenset[str]) -> str | int:
    if field.kind is FieldKind.CODE:
        if text not in field.codes:
            raise ConditionError(
                f"：“{text}”不是“{field.name}”的值；可用：{'、'.join(field.codes)}"
            )
        return text
    if parameter := _PARAMETER.fullmatch(text):
        if parameter[1] not in numbers:
            raise ConditionError(f"：没有参数“{parameter[1]}”")
        return text
    if not _INTEGER.fullmatch(text):
        raise ConditionError(f"：“{text}”应为整数")
    return int(text)

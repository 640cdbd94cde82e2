"""Reading counts of dispositions from JSON: `{"I": 300, "O": 5, "UH": 150, "e": 0.9}`."""

import json
from collections.abc import Iterator
from fractions import Fraction

from evalsys.domain.response_rates import Counts, Group
from evalsys.errors import InvalidInput

LARGEST_COUNT = 10**12
_E = "e"
_MOST_LETTERS = 40
_REMEDY = (
    '请写成一个 JSON 对象，如 {"I": 300, "O": 5, "UH": 150, "e": 0.9}；'
    f"可用的键：{'、'.join(Group)}，以及可省略的 e。"
)


class _RepeatedError(ValueError):
    """A name that stands twice in one object."""


def parse_counts(raw: bytes, place: str = "") -> Counts:
    """Read counts by group; a group that is left out counts zero, `e` may be left out.

    `e` is a number, or a fraction written as text, such as "9/10"; it is taken exactly.

    Raises:
        InvalidInput: lists everything that is wrong, each with its place.
    """
    table = _object(raw, place)
    problems = list(_problems(table))
    if not problems and not set(table) & set(Group):
        problems = ["没有任何计数"]
    if problems:
        raise InvalidInput("；".join(problems) + "。", remedy=_REMEDY, place=place)
    counts = {group: value for group in Group if isinstance(value := table.get(group), int)}
    return Counts(counts, _share(table[_E]) if table.get(_E) is not None else None)


def _object(raw: bytes, place: str) -> dict[str, object]:
    try:
        table = json.loads(
            raw.decode("utf-8-sig"),
            object_pairs_hook=_once_each,
            parse_float=_number,
            parse_int=_number,
            parse_constant=_Text,
        )
    except json.JSONDecodeError as error:
        where = f"第 {error.lineno} 行第 {error.colno} 列"
        raise _not_json(f"{where}不是有效的 JSON：{error.msg}", place) from error
    except UnicodeDecodeError as error:
        raise _not_json(f"第 {error.start + 1} 个字节不是 UTF-8 文字", place) from error
    except _RepeatedError as error:
        raise _not_json(str(error), place) from error
    except (ValueError, RecursionError) as error:
        raise _not_json("不是可读的 JSON", place) from error
    if not isinstance(table, dict):
        raise _not_json("内容不是一个 JSON 对象", place)
    return table


class _Text(str):
    """A number that cannot be meant, as it was written."""

    __slots__ = ()


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    table = dict(pairs)
    if len(table) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        message = f"{_short(twice)} 出现了两次"
        raise _RepeatedError(message)
    return table


def _number(text: str) -> object:
    """Read a number exactly: 0.9 is nine tenths, not the nearest binary number."""
    mantissa, _, exponent = text.lower().partition("e")
    # What is longer than any count or share is not worth the memory that 1e999999 takes.
    if len(mantissa) > _MOST_LETTERS or len(exponent) > 3:
        return _Text(text)
    value = Fraction(text)
    is_whole = "." not in mantissa and not exponent
    return int(value) if is_whole else value


def _problems(table: dict[str, object]) -> Iterator[str]:
    for name, value in table.items():
        if name == _E:
            if value is not None and _share(value) is None:
                yield f'e 必须是 0 到 1 之间的数或 "9/10" 这样的分数：{_shown(value)}'
        elif name not in set(Group):
            yield f"不认识的键 {_short(name)}"
        elif isinstance(value, bool) or not isinstance(value, int) or value < 0:
            yield f"{name} 必须是不小于 0 的整数：{_shown(value)}"
        elif value > LARGEST_COUNT:
            yield f"{name} 过大：{_shown(value)}"


def _share(value: object) -> Fraction | None:
    if isinstance(value, bool) or not isinstance(value, int | Fraction | str):
        return None
    if isinstance(value, str) and len(value) > _MOST_LETTERS:
        return None
    if isinstance(value, _Text) or (isinstance(value, str) and "e" in value.lower()):
        return None
    try:
        share = Fraction(value)
    except (ValueError, ZeroDivisionError):
        return None
    return share if 0 <= share <= 1 else None


def _shown(value: object) -> str:
    if isinstance(value, Fraction):
        return _short(str(float(value) if abs(value) <= LARGEST_COUNT else value))
    if isinstance(value, _Text):
        return _short(value)
    return _short(json.dumps(value, ensure_ascii=False, default=str))


def _short(text: str) -> str:
    printable = "".join(letter if letter.isprintable() else "?" for letter in text)
    return printable if len(printable) <= _MOST_LETTERS else printable[:_MOST_LETTERS] + "…"


def _not_json(what: str, place: str) -> InvalidInput:
    return InvalidInput(f"{what}。", remedy=_REMEDY, place=place)

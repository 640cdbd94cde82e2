"""Exact shapes of the fields in a draw's published files: type, alphabet, range, nothing else.

A shape says yes or no to a value that was read from canonical JSON.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from evalsys.errors import InvalidInput

Shape: TypeAlias = Callable[[object], bool]
Fields: TypeAlias = Mapping[str, Shape]

MAX_HOUSEHOLDS = 99_999
"""Households of one cadre or programme; bounds what a hostile roster makes a verifier compute."""
MAX_SLOTS = 999


def text(pattern: str) -> Shape:
    """Text that matches `pattern` as a whole."""
    whole = re.compile(pattern, re.ASCII)
    return lambda value: isinstance(value, str) and whole.fullmatch(value) is not None


def integer(low: int, high: int) -> Shape:
    """A whole number, `low` and `high` included; true and false are no numbers."""
    return lambda value: type(value) is int and low <= value <= high


def boolean(value: object) -> bool:
    """Say whether `value` is true or false."""
    return isinstance(value, bool)


def one_of(*values: str) -> Shape:
    """One of a closed list of words."""
    return lambda value: isinstance(value, str) and value in values


def listed(shape: Shape, *, most: int, least: int = 0) -> Shape:
    """A list of `least` to `most` values of one shape."""
    return lambda value: (
        isinstance(value, list) and least <= len(value) <= most and all(map(shape, value))
    )


def pair(first: Shape, second: Shape) -> Shape:
    """A list of exactly two values."""
    return lambda value: (
        isinstance(value, list) and len(value) == 2 and first(value[0]) and second(value[1])
    )


def mapping(key: Shape, item: Shape) -> Shape:
    """An object whose keys and values have one shape each."""
    return lambda value: (
        isinstance(value, dict) and all(key(k) and item(v) for k, v in value.items())
    )


def record(fields: Fields) -> Shape:
    """An object with exactly these keys."""
    return lambda value: (
        isinstance(value, dict)
        and value.keys() == fields.keys()
        and all(shape(value[key]) for key, shape in fields.items())
    )


def check_record(value: object, fields: Fields, place: str) -> dict[str, Any]:
    """Give `value` back when it has exactly `fields`; else raise InvalidInput naming the field."""
    if not isinstance(value, dict):
        raise InvalidInput("应为 JSON 对象", place=place)
    if value.keys() != fields.keys():
        # Spelt with escapes: a hostile file must not write lines of its own to the terminal.
        odd = "、".join(map(ascii, sorted(value.keys() ^ fields.keys())))
        raise InvalidInput(f"缺少或多出字段：{odd[:200]}", place=place)
    for key, shape in fields.items():
        if not shape(value[key]):
            raise InvalidInput("字段的类型、字符或范围不合规定", place=f"{place}.{key}")
    return value


SHA256 = text("[0-9a-f]{64}")
CADRE = text("[0-9]{8}")
STRATUM = text("[A-Z][0-9]{2}")
SESSION = text(r"[^\x00-\x1f\x7f|]{1,200}")
WORDS = text(r"[^\x00-\x1f\x7f]{1,200}")
SOME_ID = text("[0-9A-Za-z][0-9A-Za-z._-]{0,31}")
POSITION = integer(1, MAX_HOUSEHOLDS)
SLOT = integer(1, MAX_SLOTS)

r"""Canonical JSON: the RFC 8785 subset in which everything that is hashed is written.

ASCII keys sorted, no spaces, strings, integers below 2^53, booleans, null; UTF-8 without
BOM. One value has exactly one spelling, so a reader serialises again and compares bytes:
what is spelt otherwise is *refused*, never put right (draw.md, section 1).

Strings are spelt as RFC 8785 says: `"` and `\` escaped, control characters below U+0020 as
\b \t \n \f \r or \u00xx in lower case, everything else raw in UTF-8.
"""

import json
from collections.abc import Iterable
from typing import Never, TypeAlias

from evalsys.errors import InvalidInput

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"

MAX_INTEGER = 2**53 - 1
MAX_DEPTH = 16
_MAX_DIGITS = len(str(-MAX_INTEGER))


def canonical(value: object) -> bytes:
    """Serialise `value`, made of dict, list, tuple, str, int, bool and None.

    Raises InvalidInput for anything else: floats, integers of 2^53 and more, keys that are
    not ASCII text, lone surrogates, nesting deeper than MAX_DEPTH.
    """
    _check(value, depth=0)
    try:
        return _ENCODER.encode(value).encode()
    except UnicodeEncodeError:
        _refuse("文本含有无法用 UTF-8 表示的字符")


def parse_canonical(data: bytes) -> Json:
    """Read one canonical value and nothing around it.

    Raises InvalidInput when the bytes are not exactly what `canonical` would write.
    """
    try:
        value: Json = _DECODER.decode(data.decode())
    except UnicodeDecodeError:
        _refuse("不是 UTF-8 文本")
    except json.JSONDecodeError as error:
        _refuse(f"不是合法的 JSON（第 {error.pos + 1} 个字符）")
    except RecursionError:
        _refuse("嵌套过深")
    if canonical(value) != data:
        _refuse("不是规范写法：键须排序，不得有空格、多余转义或其他写法")
    return value


def _check(value: object, depth: int) -> None:
    if depth > MAX_DEPTH:
        _refuse("嵌套过深")
    match value:
        case None | bool() | str():
            inner: Iterable[object] = ()
        case int() if abs(value) <= MAX_INTEGER:
            inner = ()
        case dict() if all(isinstance(key, str) and key.isascii() for key in value):
            inner = value.values()
        case list() | tuple():
            inner = value
        case _:
            _refuse("只允许文本、绝对值小于 2^53 的整数、布尔值、空值、列表和键为 ASCII 的对象")
    for item in inner:
        if type(item) is not str:  # most of what is hashed is text
            _check(item, depth + 1)


def _without_duplicates(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    value = dict(pairs)
    if len(value) != len(pairs):
        _refuse("键重复")
    return value


def _integer(digits: str) -> int:
    # Checked before int(): thousands of digits would cost quadratic time.
    if len(digits) > _MAX_DIGITS:
        _refuse("整数不小于 2^53")
    return int(digits)


def _no_float(_spelling: str) -> Never:
    _refuse("不允许小数")


def _refuse(what: str) -> Never:
    raise InvalidInput(what, remedy="请使用 RFC 8785 规范 JSON，不要手工编辑。")


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_DECODER = json.JSONDecoder(
    object_pairs_hook=_without_duplicates,
    parse_int=_integer,
    parse_float=_no_float,
    parse_constant=_no_float,
)

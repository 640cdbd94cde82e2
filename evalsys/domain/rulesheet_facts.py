"""Reading the lines of a facts file: 编号 and one column a field, an empty cell is missing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple, cast

from evalsys.domain.eligibility import REMEMBERED
from evalsys.domain.personnel import Value
from evalsys.domain.roster_cells import Cell, is_empty
from evalsys.domain.rulebook import Field
from evalsys.domain.rulesheet import RuleSheet
from evalsys.domain.rulesheet_cells import ValueFault, missing_fact, spelt, tidy, value_of
from evalsys.errors import InvalidInput

ID = "编号"
_TEXTS = {str}
_EIGHT = re.compile(r"[1-9][0-9]{7}")
_LOST = ValueFault(
    "编号被存成了数字，前导零和末尾几位可能已经丢失",
    "请把整列设为“文本”格式，从原始台账重新粘贴",
)
_NUMBER = re.compile(r"[0-9A-Za-z_-]{1,32}")

Fault = tuple[int, ValueFault]
"""The column, from 0, and what is wrong in it."""


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """The values of a line, compared by identity: lines that say the same share one."""

    values: Mapping[str, Value]


class Person(NamedTuple):
    """One line."""

    number: str
    facts: Facts


class FactsReader:
    """Reads line after line; what was met before, a text or a whole line, is not read again."""

    def __init__(self, sheet: RuleSheet, header: Sequence[str]) -> None:
        """Read lines whose columns are named by `header`.

        Raises:
            InvalidInput: there is no column 编号, or a column comes twice.
        """
        named = [name for name in header if name]
        twice = sorted({name for name in named if named.count(name) > 1})
        if twice or ID not in named:
            raise InvalidInput(
                f"列“{'、'.join(twice)}”重复。" if twice else f"缺少列“{ID}”。",
                remedy=f"第一行写列名：{ID} 和各字段名，各一列。",
                place="事实文件第1行",
            )
        self._width = len(header)
        self._id_at = header.index(ID)
        self._columns = {name: at for at, name in enumerate(header) if name in sheet.fields}
        self._at = tuple(self._columns.values())
        self._fields = tuple(sheet.fields[name] for name in self._columns)
        self._chosen = itemgetter(*self._at) if len(self._at) > 1 else self._one_or_none
        self._known: dict[str, dict[str, Value]] = {name: {} for name in sheet.fields}
        self._numbers: set[str] = set()
        absent = [name for name in sheet.fields if name not in self._columns]
        self._absent = {name: missing_fact(sheet.fields[name]) for name in absent}
        self._facts = lru_cache(REMEMBERED)(self._read_facts)
        extra = [name for name in named if name not in sheet.fields and name != ID]
        self.notes = (
            *(f"没有“{name}”列，该字段一律按缺数据处理" for name in absent),
            *(f"“{name}”列不是规则用的字段，未读" for name in extra),
        )

    def read(self, cells: Sequence[Cell]) -> tuple[Person | None, list[Fault]]:
        """Give the person of a line, None for an empty line, and every fault of it."""
        if is_empty(cells[0] if cells else None) and all(map(is_empty, cells)):
            return None, []
        is_text = set(map(type, cells)) == _TEXTS
        texts = cast("Sequence[str]", cells) if is_text else [*map(spelt, cells)]
        faults: list[Fault] = []
        if len(texts) != self._width:
            faults += _beyond(texts, self._width)
            texts = [*texts, *[""] * (self._width - len(texts))]
        facts, found = self._facts(self._chosen(texts))
        faults += found
        number = texts[self._id_at]
        if (
            not is_text
            and isinstance(cells[self._id_at], int | float)
            and not _EIGHT.fullmatch(number)
        ):
            faults.append((self._id_at, _LOST))
        if number in self._numbers or not _NUMBER.fullmatch(number):
            number = tidy(number)
            if problem := self._problem_of(number):
                faults.append((self._id_at, problem))
        self._numbers.add(number)
        return Person(number, facts), faults

    def _one_or_none(self, texts: Sequence[str]) -> tuple[str, ...]:
        return tuple(texts[at] for at in self._at)

    def _read_facts(self, texts: tuple[str, ...]) -> tuple[Facts, tuple[Fault, ...]]:
        faults: list[Fault] = []
        values: dict[str, Value] = dict(self._absent)
        for field, at, text in zip(self._fields, self._at, texts, strict=True):
            try:
                values[field.name] = self._fact(field, text)
            except ValueFault as fault:
                faults.append((at, fault))
        return Facts(values), tuple(faults)

    def _fact(self, field: Field, text: str) -> Value:
        known = self._known[field.name]
        value = known.get(text)
        if value is None:
            if len(known) >= REMEMBERED:
                known.clear()
            tidied = tidy(text)
            value = known[text] = value_of(field, tidied) if tidied else missing_fact(field)
        return value

    def _problem_of(self, number: str) -> ValueFault | None:
        if not _NUMBER.fullmatch(number):
            return ValueFault(
                f"“{number}”不是编号", "编号是字母和数字；被表格写成 1.0E+07 的请改回文本"
            )
        if number in self._numbers:
            return ValueFault(f"编号 {number} 重复", "每人只能有一行")
        return None


def _beyond(texts: Sequence[str], width: int) -> list[Fault]:
    """Refuse what stands to the right of the last title: the line has slipped."""
    return [
        (at, ValueFault(f"这一格“{text}”没有列名", "请核对这一行是否错位，或补上列名"))
        for at, text in enumerate(texts)
        if at >= width and not is_empty(text)
    ]

"""Reading the lines of a facts file: 编号 and one column a field, an empty cell is missing."""

import re
from collections.abc import Sequence
from operator import getitem, itemgetter
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


class Person(NamedTuple):
    """One line: who, and the values in the order of the sheet's fields."""

    number: str
    facts: tuple[Value, ...]


class _Column(dict[str, Value]):
    """The values of one field by their texts; what was met before is not read again."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self._field = field

    def __missing__(self, text: str) -> Value:
        if len(self) >= REMEMBERED:
            self.clear()
        tidied = tidy(text)
        value = value_of(self._field, tidied) if tidied else missing_fact(self._field)
        self[text] = value
        return value


class FactsReader:
    """Reads line after line."""

    def __init__(self, sheet: RuleSheet, header: Sequence[str], name: str = "事实文件") -> None:
        """Read lines whose columns are named by `header`; `name` is what errors call the file.

        Raises:
            InvalidInput: there is no column 编号, or a column comes twice.
        """
        named = [name for name in header if name]
        twice = sorted({name for name in named if named.count(name) > 1})
        if twice or ID not in named:
            raise InvalidInput(
                f"列“{'、'.join(twice)}”重复。" if twice else f"缺少列“{ID}”。",
                remedy=f"第一行写列名：{ID} 和各字段名，各一列。",
                place=f"{name} 第1行",
            )
        self._width = len(header)
        self._id_at = header.index(ID)
        given = {name: at for at, name in enumerate(header) if name in sheet.fields}
        absent = [name for name in sheet.fields if name not in given]
        self._has_absent = bool(absent)
        # A field without a column is read from an empty cell behind the last one.
        self._at = tuple(given.get(name, self._width) for name in sheet.fields)
        self._chosen = itemgetter(*self._at) if len(self._at) > 1 else self._one_or_none
        self._columns = tuple(map(_Column, sheet.fields.values()))
        self._numbers: set[str] = set()
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
            texts = [*texts[: self._width], *[""] * (self._width - len(texts))]
        number = texts[self._id_at]
        if number in self._numbers or not (is_text and _NUMBER.fullmatch(number)):
            number = tidy(number)
            if problem := self._problem_of(number, cells[self._id_at]):
                faults.append((self._id_at, problem))
        self._numbers.add(number)
        if self._has_absent:
            texts = [*texts, ""]
        try:
            facts = tuple(map(getitem, self._columns, self._chosen(texts)))
        except ValueFault:
            facts = self._with_faults(self._chosen(texts), faults)
        return Person(number, facts), faults

    def _one_or_none(self, texts: Sequence[str]) -> tuple[str, ...]:
        return tuple(texts[at] for at in self._at)

    def _with_faults(self, texts: Sequence[str], faults: list[Fault]) -> tuple[Value, ...]:
        """Read what can be read of a line, and add what cannot to `faults`."""
        values: list[Value] = []
        for column, at, text in zip(self._columns, self._at, texts, strict=True):
            try:
                values.append(column[text])
            except ValueFault as fault:
                faults.append((at, fault))
        return tuple(values)

    def _problem_of(self, number: str, cell: Cell) -> ValueFault | None:
        if isinstance(cell, int | float) and not _EIGHT.fullmatch(number):
            return _LOST
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

"""Reading the lines of a facts file: 编号 and one column a field, an empty cell is missing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evalsys.domain.personnel import Value
from evalsys.domain.roster_cells import Cell, is_empty
from evalsys.domain.rulebook import Field
from evalsys.domain.rulesheet import RuleSheet, missing_fact
from evalsys.domain.rulesheet_cells import ValueFault, spelt, tidy, value_of
from evalsys.errors import InvalidInput

ID = "编号"
_NUMBER = re.compile(r"[0-9A-Za-z_-]{1,32}")

Fault = tuple[int, ValueFault]
"""The column, from 0, and what is wrong in it."""


@dataclass(frozen=True, slots=True)
class Person:
    """One line."""

    number: str
    facts: Mapping[str, Value]


class FactsReader:
    """Reads line after line; texts that were met before are not read again."""

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
        self._positions = {name: at for at, name in enumerate(header)}
        self._fields = tuple(sheet.fields.values())
        self._known: dict[str, dict[str, Value]] = {name: {} for name in sheet.fields}
        self._numbers: set[str] = set()
        absent = [name for name in sheet.fields if name not in named]
        extra = [name for name in named if name not in sheet.fields and name != ID]
        self.notes = (
            *(f"没有“{name}”列，该字段一律按缺数据处理" for name in absent),
            *(f"“{name}”列不是规则用的字段，未读" for name in extra),
        )

    def read(self, cells: Sequence[Cell]) -> tuple[Person | None, list[Fault]]:
        """Give the person of a line, None for an empty line, and every fault of it."""
        if all(map(is_empty, cells)):
            return None, []
        faults: list[Fault] = []
        facts: dict[str, Value] = {}
        for field in self._fields:
            try:
                facts[field.name] = self._fact(field, self._text(cells, field.name))
            except ValueFault as fault:
                faults.append((self._positions[field.name], fault))
        number = tidy(self._text(cells, ID))
        if problem := self._problem_of(number):
            faults.append((self._positions[ID], problem))
        self._numbers.add(number)
        return Person(number, facts), faults

    def _text(self, cells: Sequence[Cell], name: str) -> str:
        at = self._positions.get(name)
        if at is None or at >= len(cells):
            return ""
        cell = cells[at]
        return cell if isinstance(cell, str) else spelt(cell)

    def _fact(self, field: Field, text: str) -> Value:
        known = self._known[field.name]
        value = known.get(text)
        if value is None:
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

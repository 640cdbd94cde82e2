"""Household forms as a table: one household a row, the columns of whoever takes it out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from evalsys.domain.household_form import FieldKind, FormField
from evalsys.domain.local_date import local_date
from evalsys.exports.table import Cell, Column, Table, tabulate


@dataclass(frozen=True, slots=True)
class FormRow:
    """One household's answers by field, and when the last one came."""

    household: str
    answers: Mapping[str, str]
    last_at: datetime | None


def form_table(
    title: str,
    lines: Sequence[str],
    fields: Sequence[FormField],
    rows: Sequence[FormRow],
    zone: ZoneInfo,
) -> Table:
    """Tabulate forms; the file can be filled in and handed in again."""
    return tabulate(title, lines, [_CODE, *map(_column, fields), _last(zone)], rows)


_CODE: Column[FormRow] = Column("户编码", 22, "户编码", lambda row: row.household, "", "花名册")


def _column(field: FormField) -> Column[FormRow]:
    def cell(row: FormRow) -> Cell:
        value = row.answers.get(field.code, "")
        if field.kind is FieldKind.WHOLE and value:
            return int(value)
        return field.shown(value) or None

    meaning = field.hint or "、".join(one.title for one in field.choices) or field.title
    return Column(field.title, 18, meaning, cell, "", "民情表")


def _last(zone: ZoneInfo) -> Column[FormRow]:
    def cell(row: FormRow) -> Cell:
        return None if row.last_at is None else local_date(row.last_at, zone)

    return Column("最近更新", 12, "最近一次填写的日期", cell, "", "民情表")

"""Reading the form's answers: from a page, or from a table with one household a row (Y24)."""

import re
from collections.abc import Sequence
from typing import Final

from evalsys.domain import roster_cells as cells
from evalsys.domain.household_form import LONGEST_TEXT, FieldKind, FormField, joined
from evalsys.domain.roster_cells import Cell, CellFault, Mended, Parsed, Parser
from evalsys.domain.roster_sheets import Column, Kind, Sheet
from evalsys.domain.written import one_line
from evalsys.errors import InvalidInput

HOUSEHOLD: Final = "household"
_SEPARATORS = re.compile(r"[、,，;；|/\s]+")


def form_sheet(title: str, fields: Sequence[FormField]) -> Sheet:
    """Make the table of these fields: the household's code, then a column a field."""
    columns = [
        Column(
            one.code,
            one.title,
            parser_of(one),
            needed=False,
            blank=None,
            other_headers=(one.english.replace(" ", ""),),
        )
        for one in fields
    ]
    code = Column(HOUSEHOLD, "户编码", cells.household_code)
    return Sheet(Kind.HOUSEHOLD_FORM, title, (code, *columns), key=(HOUSEHOLD,))


def parser_of(field: FormField) -> Parser:
    """Make the reader of a field's cells; gives the value as it is kept."""
    match field.kind:
        case FieldKind.TEXT:
            return _text
        case FieldKind.WHOLE:
            whole = cells.whole(0, field.most)
            return lambda cell: str(whole(cell))
        case FieldKind.CHOICE | FieldKind.YES_NO:
            return lambda cell: _one(field, cell)
        case FieldKind.CHOICES:
            return lambda cell: joined([_one(field, part) for part in _parts(cell)])


def read_answer(field: FormField, typed: str) -> str:
    """Read what was typed into a page; empty takes the answer back.

    Raises:
        InvalidInput: it is no answer to this question.
    """
    if not typed.strip():
        return ""
    try:
        return str(parser_of(field)(typed))
    except Mended as mended:
        return str(mended.value)
    except CellFault as fault:
        raise InvalidInput(f"{fault.what}。", remedy=fault.remedy, place=field.title) from None


def _text(cell: Cell) -> Parsed:
    text = str(cells.long_text(cell))
    try:
        return one_line(text, "", longest=LONGEST_TEXT)
    except InvalidInput as error:
        raise CellFault(error.what.removesuffix("。"), error.remedy) from None


def _parts(cell: Cell) -> list[str]:
    if isinstance(cell, bool) or not isinstance(cell, str):
        return [cells.shown(cell)]
    return list(dict.fromkeys(part for part in _SEPARATORS.split(cell) if part))


def _one(field: FormField, cell: Cell) -> str:
    if isinstance(cell, bool):
        cell = "是" if cell else "否"
    text = cells.shown(cell).strip()
    for one in field.choices:
        if text in {one.code, one.title} or text.casefold() == one.english.casefold():
            return one.code
    allowed = "、".join(one.title for one in field.choices)
    raise CellFault("不在可选的答案之内", f"请填：{allowed}。")

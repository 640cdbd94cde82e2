"""The cells of a rule spreadsheet: where they stand, how they are tidied, what they are worth.

A misspelt word, a full-width 6 or “不合格” in Chinese quotes must never make a rule silently
never fire: what can be put right is put right and reported, everything else is refused.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from evalsys.domain.personnel import Missing
from evalsys.domain.roster_cells import Cell, is_empty
from evalsys.domain.roster_headers import letter_of
from evalsys.domain.rulebook import Field, FieldKind, Given

YES, NO = "是", "否"
MAX_DIGITS = 15
"""A spreadsheet keeps fifteen digits; what is longer was rounded already."""

_QUOTES = "\"'“”‘’「」『』＂＇"  # noqa: RUF001 - the look-alikes are the point
_INTEGER = re.compile(rf"[+-]?[0-9]{{1,{MAX_DIGITS}}}")
_DECIMAL = re.compile(rf"[+-]?[0-9]{{1,{MAX_DIGITS}}}(\.[0-9]{{1,9}})?")
_BREAK = re.compile(r"\s*[\r\n\v\f\u2028\u2029]\s*")
_DATE = re.compile(r"([12][0-9]{3})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")


class ValueFault(ValueError):  # noqa: N818 - a word of the house: what is wrong with a value
    """A value is not of its field's kind; says what is wrong and what to write."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell and its place: `row` and `column` count from 0."""

    sheet: str
    row: int
    column: int
    raw: Cell

    @property
    def place(self) -> str:
        """Name it as a spreadsheet does: 规则!H7."""
        return f"{self.sheet}!{letter_of(self.column)}{self.row + 1}"

    @property
    def is_empty(self) -> bool:
        """Nothing but spaces."""
        return is_empty(self.raw)

    @property
    def text(self) -> str:
        """Give its words, tidied; whole numbers and days in their plain spelling."""
        return tidy(spelt(self.raw))

    @property
    def words(self) -> str:
        """Give its words as they were typed, line breaks made spaces: an article is quoted."""
        return _BREAK.sub(" ", spelt(self.raw)).strip()

    @property
    def unseen(self) -> str:
        """Name the first character that nobody sees, such as U+200B; empty when there is none."""
        text = self.words.replace("\t", " ").replace("\u3000", " ").replace("\xa0", " ")
        return next((f"U+{ord(ch):04X}" for ch in text if not ch.isprintable()), "")

    @property
    def is_mended(self) -> bool:
        """Say whether tidying changed more than the spaces around it."""
        return isinstance(self.raw, str) and self.raw.strip() != self.text


def spelt(cell: Cell) -> str:
    """Spell a cell plainly: 3.0 is 3, a day is 2014-01-01, a truth value is 是 or 否."""
    match cell:
        case None:
            return ""
        case bool():
            return YES if cell else NO
        case float() if cell.is_integer() and abs(cell) < 10**MAX_DIGITS:
            return str(int(cell))
        case datetime():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case _:
            return str(cell)


def tidy(text: str) -> str:
    """Write full-width letters, digits and spaces as usual ones, take quotes off both ends."""
    plain = unicodedata.normalize("NFKC", text).strip().strip(_QUOTES).strip()
    return plain if plain.isprintable() else _BREAK.sub(" ", plain)


def pieces(text: str) -> list[str]:
    """Split a list of values at `|` and tidy each."""
    return [tidy(piece) for piece in tidy(text).split("|")]


def value_of(field: Field, text: str) -> Given:
    """Read a tidied text as a value of `field`; booleans are 是 and 否.

    Raises:
        ValueFault: it is not of the field's kind, or outside its code set.
    """
    return _READERS[field.kind](field, text)


def missing_fact(field: Field) -> Missing:
    """Stand for an empty cell: of a boolean unknown, of other fields an answer to 有 and 无."""
    return Missing(f"缺{field.name}", is_empty=field.kind is not FieldKind.BOOLEAN)


def _text(_: Field, text: str) -> Given:
    if not text:
        raise ValueFault("有一个值是空的", "请删除多余的 | 或补填")
    return text


def _code(field: Field, text: str) -> Given:
    if text not in field.codes:
        raise ValueFault(
            f"“{text}”不在“{field.name}”的代码集之内", f"可用：{'、'.join(field.codes)}"
        )
    return text


def _integer(field: Field, text: str) -> Given:
    if not _INTEGER.fullmatch(text):
        raise ValueFault(f"“{field.name}”是整数，“{text}”不是", "请填整数，例如 3")
    return int(text)


def _decimal(field: Field, text: str) -> Given:
    if not _DECIMAL.fullmatch(text):
        raise ValueFault(f"“{field.name}”是小数，“{text}”不是", "请填数字，例如 85.5")
    return Decimal(text)


def _day(field: Field, text: str) -> Given:
    found = _DATE.fullmatch(text)
    try:
        if found:
            return date(*map(int, found.groups()))
    except ValueError:
        found = None
    raise ValueFault(f"“{field.name}”是日期，“{text}”不是", "请写成 2014-01-01")


def _truth(field: Field, text: str) -> Given:
    if text not in {YES, NO}:
        raise ValueFault(f"“{field.name}”是布尔字段，“{text}”不是“是”或“否”", "请填 是 或 否")
    return text == YES


_READERS: Mapping[FieldKind, Callable[[Field, str], Given]] = {
    FieldKind.CODE: _code,
    FieldKind.INTEGER: _integer,
    FieldKind.DECIMAL: _decimal,
    FieldKind.DATE: _day,
    FieldKind.BOOLEAN: _truth,
    FieldKind.TEXT: _text,
}

"""Reading cited, dated numbers of policy from a text (TOML); every fault with its place."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from evalsys.domain.casework.policy import Number
from evalsys.domain.rulebook import Basis, Citation, Dated, overlapping

_MOST_DAYS = 400
_Word = TypeVar("_Word", bound=StrEnum)
_Given = TypeVar("_Given")


class Part:
    """A table of the text: gives keys of the right type, notes the rest as faults."""

    def __init__(self, raw: object, place: str, faults: list[str]) -> None:
        """Read `raw`, which stands at `place`; faults are added to `faults`."""
        self._raw = dict(raw) if isinstance(raw, dict) else {}
        self.place = place
        self.faults = faults
        if not isinstance(raw, dict):
            self.fault("应为一张表")

    def fault(self, what: str) -> None:
        """Note what is wrong here."""
        self.faults.append(f"{self.place}：{what}")

    def take(
        self, key: str, kind: type[_Given], otherwise: _Given, *, needed: bool = True
    ) -> _Given:
        """Take a value of a kind; `otherwise` when it is missing or of another."""
        value = self._raw.pop(key, None)
        if value is None:
            if needed:
                self.fault(f"缺少 {key}")
            return otherwise
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.fault(f"{key} 的类型不对，实为 {value!r}")
            return otherwise
        return value

    def text(self, key: str, *, needed: bool = True) -> str:
        """Take a text, without spaces around it; empty when it is missing."""
        return self.take(key, str, "", needed=needed).strip()

    def day(self, key: str, *, needed: bool = True) -> date | None:
        """Take a day; None when it is missing."""
        value = self.take(key, date, date.min, needed=needed)
        if isinstance(value, datetime):
            self.fault(f"{key} 应为日期")
        return None if value == date.min else value

    def word(self, key: str, words: type[_Word], otherwise: _Word) -> _Word:
        """Take one of a set of words."""
        value = self.text(key)
        try:
            return words(value)
        except ValueError:
            self.fault(f"{key} 不认识“{value}”")
            return otherwise

    def parts(self, key: str) -> Iterator[tuple[str, "Part"]]:
        """Take a table of tables, one by one with their names."""
        found: dict[str, object] = self.take(key, dict, {})
        for name, part in found.items():
            yield name, Part(part, f"{key}.{name}", self.faults)

    def rows(self, key: str) -> list["Part"]:
        """Take a list of tables."""
        found: list[object] = self.take(key, list, [])
        return [
            Part(row, f"{self.place}.{key}[{n}]", self.faults) for n, row in enumerate(found, 1)
        ]

    def close(self) -> None:
        """Note every key that nobody took."""
        for key in self._raw:
            self.fault(f"不认识 {key}")


def citation(part: Part, documents: Mapping[str, str]) -> Citation:
    """Take what a number or a rule rests on; `documents` maps keys to titles."""
    document = part.text("document")
    if document not in documents:
        part.fault(f"document “{document}”没有登记")
    basis = part.word("basis", Basis, Basis.UNVERIFIED)
    words = part.text("words", needed=False)
    if basis is Basis.TEXT and not words:
        part.fault("basis 为原文时须写明 words（原话）")
    requirement, note = part.text("requirement"), part.text("note", needed=False)
    return Citation(document, requirement, basis, words, note)


def number(name: str, part: Part, documents: Mapping[str, str], *, titled: bool = True) -> Number:
    """Take a number with its title, unit, source and dated values; closes the table."""
    title = part.text("title") if titled else name
    unit = part.text("unit")
    source = citation(part, documents)
    values = dated_values(part, "values")
    part.close()
    return Number(name, title, unit, source, values)


def dated_values(part: Part, key: str) -> tuple[Dated, ...]:
    """Take a list of dated values, which may not overlap."""
    values = []
    for row in part.rows(key):
        value, since = row.take("value", int, 0), row.day("since") or date.min
        until = row.day("until", needed=False)
        if not 0 <= value <= _MOST_DAYS:
            row.fault(f"value 应在 0 至 {_MOST_DAYS} 之间，实为 {value}")
        if until is not None and until < since:
            row.fault("until 早于 since")
        row.close()
        values.append(Dated(value, since, until))
    if overlapping((dated.since, dated.until) for dated in values):
        part.fault("各值的有效期有重叠")
    return tuple(values)

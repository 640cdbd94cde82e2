"""Versions of the county's rule set: proposed by one person, approved by another, never edited.

The version in force on a day is the approved one with the latest first day up to then; before
the first there is the rulebook that came along. Past years keep the version of their days.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from evalsys.domain.personnel import FIELDS
from evalsys.domain.rulebook import Field, Rule, Rulebook
from evalsys.domain.rulesheet import FIELDS as FIELDS_SHEET
from evalsys.domain.rulesheet import Note, RuleSheet
from evalsys.errors import InvalidInput, RuleViolation

NAME_LIMIT = 30
_KNOWN: Mapping[str, Field] = {field.name: field for field in FIELDS}


class Ruling(StrEnum):
    """What the second person made of a version."""

    APPROVED = "批准"
    REJECTED = "退回"


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """A compiled table as it was proposed, and what became of it; None while it waits."""

    id: int
    name: str
    sha256: str
    since: date
    """The first day that it decides about."""
    sheet: RuleSheet
    proposed_by: str
    proposed_at: datetime
    ruling: Ruling | None = None
    ruled_by: str = ""
    ruled_at: datetime | None = None
    reason: str = ""

    @property
    def is_approved(self) -> bool:
        """Whether a second person approved it."""
        return self.ruling is Ruling.APPROVED

    @property
    def more_fields(self) -> tuple[Field, ...]:
        """The fields that no register of this system fills: they come as recorded facts."""
        return tuple(field for field in self.sheet.fields.values() if field.name not in _KNOWN)


@dataclass(frozen=True, slots=True)
class PublishedRules:
    """What everybody may read of the rules that are applied on a day."""

    book: Rulebook
    day: date
    rules: tuple[Rule, ...]
    internal: int
    """How many more are applied that are not published."""


def published_rules(book: Rulebook, version: RuleVersion | None, day: date) -> PublishedRules:
    """Choose the rules that are public: those so marked in the version in force.

    A book that comes along is public as a whole: everybody who has the software has it.
    """
    applied = with_rules(book, version) if version else book
    rules = [rule for rule in applied.rules if rule.enabled and rule.holds_on(day)]
    public = [rule for rule in rules if version is None or version.sheet.is_published(rule)]
    return PublishedRules(applied, day, tuple(public), len(rules) - len(public))


def check_since(since: date, today: date) -> None:
    """Insist on a first day in a year that is not closed: a year closes with its last day.

    Raises:
        InvalidInput: the day lies in a year that is over.
    """
    if since.year < today.year:
        raise InvalidInput(
            f"{since.year} 年度已经结束，不能用新版本改变它的结论。",
            remedy=f"启用日最早为 {today.year}-01-01；往年一律按当时有效的版本计算。",
            place="启用日",
        )


def check_second_person(version: RuleVersion, by: str) -> None:
    """Insist that somebody else than the author decides on a version, once.

    Raises:
        RuleViolation: it is the author, or the version was decided on before.
    """
    if version.ruling is not None:
        raise RuleViolation(
            f"这一版本已由 {version.ruled_by} {version.ruling}。",
            remedy="版本不能修改；有新的意见请上传新的版本。",
        )
    if by == version.proposed_by:
        raise RuleViolation(
            "提出版本的人不能批准或退回自己的版本。",
            remedy="请由组织部的另一个人复核。",
        )


def field_faults(sheet: RuleSheet, tables: Mapping[str, Sequence[Sequence[object]]]) -> list[Note]:
    """Name the fields that this system fills and that the table describes otherwise."""
    rows = {str(row[0]).strip(): at for at, row in enumerate(tables[FIELDS_SHEET], start=1) if row}
    return [
        Note(
            f"{FIELDS_SHEET}!A{rows.get(name, 1)}",
            f"字段“{name}”由本系统提供，类型是{ours.kind}，代码集是 {'|'.join(ours.codes)}"
            if ours.codes
            else f"字段“{name}”由本系统提供，类型是{ours.kind}",
            "请照此改正；另有所指的，请换一个字段名",
        )
        for name, field in sheet.fields.items()
        if (ours := _KNOWN.get(name))
        and (field.kind, set(field.codes)) != (ours.kind, set(ours.codes))
    ]


def with_rules(book: Rulebook, version: RuleVersion) -> Rulebook:
    """Put a version's rules in the place of those of `book`; the numbers of the year stay."""
    cited = {rule.source.document: rule.source.document for rule in version.sheet.rules}
    return replace(
        book,
        name=f"{version.name}@{version.sha256[:8]}",
        title=f"自 {version.since.isoformat()} 起",
        note=f"由 {version.proposed_by} 提出，{version.ruled_by or '尚未'}批准。",
        documents={**book.documents, **cited},
        rules=version.sheet.rules,
        more_fields=version.more_fields,
    )

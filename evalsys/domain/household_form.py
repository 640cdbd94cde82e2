"""The household form 民情表: its questions are data, and nobody reads what he is not named for.

A field says who may read and who may write it; whoever is not named may not (Y20, Y24). Secret
fields (PIPL art. 28) are for the household itself and the county office, never for its cadre.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

LONGEST_TEXT = 300
"""Characters of a text: a few lines of a paper form."""
BETWEEN = "、"
"""Stands between the choices of one answer, as people write them."""
_KEPT_BETWEEN = "|"


class Viewer(StrEnum):
    """As whom somebody stands before one household's form."""

    CADRE = "cadre"
    """本户联系干部: linked to this very household today."""
    OFFICE = "office"
    """县联系群众工作办公室."""
    HOUSEHOLD = "household"
    """The household itself, on its own page."""


class Sensitivity(StrEnum):
    """How much a field tells."""

    PLAIN = "plain"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"
    """敏感个人信息: health, money."""


class FieldKind(StrEnum):
    """What an answer is."""

    TEXT = "text"
    WHOLE = "whole"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers to choose from."""

    code: str
    title: str
    english: str


YES = Choice("yes", "是", "Yes")
NO = Choice("no", "否", "No")


@dataclass(frozen=True, slots=True)
class FormField:
    """One question of the form."""

    code: str
    title: str
    english: str
    kind: FieldKind
    sensitivity: Sensitivity
    read: frozenset[Viewer]
    write: frozenset[Viewer]
    choices: tuple[Choice, ...] = ()
    most: int = 0
    """The largest number of a `WHOLE`."""
    hint: str = ""
    hint_english: str = ""
    quiz: bool = False
    """Whether a cadre may be asked about it on stage."""
    consent: bool = False
    """Whether this field is the household's consent to such questions."""

    def choice(self, code: str) -> Choice | None:
        """Find a choice by its code."""
        return next((one for one in self.choices if one.code == code), None)

    def shown(self, value: str, *, english: bool = False) -> str:
        """Write a kept value as people read it; a choice that is gone keeps its code."""
        if self.kind not in {FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.YES_NO}:
            return value
        found = [(code, self.choice(code)) for code in chosen(value)]
        words = [
            code if one is None else one.english if english else one.title for code, one in found
        ]
        return (", " if english else BETWEEN).join(words)


@dataclass(frozen=True, slots=True)
class FormDefinition:
    """A version of the form."""

    version: str
    title: str
    fields: tuple[FormField, ...]

    def field(self, code: str) -> FormField | None:
        """Find a field by its code."""
        return next((one for one in self.fields if one.code == code), None)

    def readable(self, viewer: Viewer) -> tuple[FormField, ...]:
        """List what `viewer` may read."""
        return tuple(one for one in self.fields if viewer in one.read)

    def writable(self, viewer: Viewer) -> tuple[FormField, ...]:
        """List what `viewer` may write; nobody writes what he may not read."""
        return tuple(one for one in self.readable(viewer) if viewer in one.write)

    @property
    def asked_on_stage(self) -> tuple[FormField, ...]:
        """List what a cadre may be asked about on stage."""
        return tuple(one for one in self.fields if one.quiz)

    @property
    def consent(self) -> FormField | None:
        """Find the field by which a household agrees to be asked about."""
        return next((one for one in self.fields if one.consent), None)


def chosen(value: str) -> tuple[str, ...]:
    """Take a kept value of choices apart; empty for none."""
    return tuple(value.split(_KEPT_BETWEEN)) if value else ()


def joined(codes: Sequence[str]) -> str:
    """Put choices together as they are kept."""
    return _KEPT_BETWEEN.join(codes)


def changes(
    fields: Sequence[FormField], kept: Mapping[str, str], given: Mapping[str, str]
) -> dict[str, str]:
    """Find what is to be appended: given values of these fields that differ from what is kept."""
    return {
        one.code: given[one.code]
        for one in fields
        if one.code in given and given[one.code] != kept.get(one.code, "")
    }

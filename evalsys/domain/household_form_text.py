"""Reading the definition of the household form from its text (TOML); every fault with its place."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import TypeVar

from evalsys.domain.household_form import (
    NO,
    YES,
    Choice,
    FieldKind,
    FormDefinition,
    FormField,
    Sensitivity,
    Viewer,
)
from evalsys.domain.toml_text import read_toml, refuse_faults

FORMAT = "evalsys-household-form/1"
_CODE = re.compile("[a-z][a-z0-9_]*")
_Word = TypeVar("_Word", bound=StrEnum)
_KEYS = frozenset(
    (
        *("code", "title", "english", "kind", "sensitivity", "read", "write"),
        *("choices", "most", "hint", "hint_english", "quiz", "consent"),
    )
)


def parse_form(text: str) -> FormDefinition:
    """Read a definition.

    Raises:
        InvalidInput: lists every fault with the field it is in.
    """
    raw = read_toml(text, "民情表定义")
    faults: list[str] = []
    if raw.get("format") != FORMAT:
        faults.append(f"format 应为 {FORMAT}")
    rows = raw.get("field")
    fields = [
        _Row(row, f"第{n}项", faults).field()
        for n, row in enumerate(rows if isinstance(rows, list) else [], start=1)
    ]
    faults += _between(fields)
    version = raw.get("version")
    if not isinstance(version, str) or not 0 < len(version) <= 16:
        faults.append("version 应为 1 至 16 个字")
    refuse_faults("民情表定义", faults, "docs/household-form.md")
    return FormDefinition(str(version), str(raw.get("title", "")), tuple(fields))


def _between(fields: list[FormField]) -> Iterator[str]:
    """Find what is wrong between fields, and with what a field allows."""
    if not fields:
        yield "一项也没有"
    for key in ("code", "title"):
        names = [getattr(one, key) for one in fields]
        yield from (f"{key} “{name}”出现了两次" for name in set(names) if names.count(name) > 1)
    for one in fields:
        yield from _within(one)
    if any(one.quiz for one in fields) and sum(one.consent for one in fields) != 1:
        yield "有现场提问，就要有且只有一项 consent"


def _within(one: FormField) -> Iterator[str]:
    if one.quiz and one.sensitivity is not Sensitivity.PLAIN:
        yield f"“{one.title}”不是一般情况，不能现场提问"
    if one.sensitivity is Sensitivity.SENSITIVE and Viewer.CADRE in one.read | one.write:
        yield f"“{one.title}”是敏感个人信息，联系干部不得查看或填写"
    if bool(one.hint) != bool(one.hint_english):
        yield f"“{one.title}”的 hint 和 hint_english 要么都写，要么都不写"
    if not one.write <= one.read:
        yield f"“{one.title}”的 write 里有人不在 read 里"


class _Row:
    """One field as it is written."""

    def __init__(self, raw: object, place: str, faults: list[str]) -> None:
        self._raw = raw if isinstance(raw, dict) else {}
        self._place = f"{place}（{self._raw.get('code', '')}）"
        self._faults = faults

    def field(self) -> FormField:
        for key in sorted(set(self._raw) - _KEYS):
            self._fault(f"不认识 {key}")
        kind = self._word("kind", FieldKind, FieldKind.TEXT)
        choices = tuple(self._choices())
        if kind in {FieldKind.CHOICE, FieldKind.CHOICES}:
            if len(choices) < 2:
                self._fault("选择题至少要有两个 choices")
        elif choices:
            self._fault("只有选择题才有 choices")
        most = self._raw.get("most", 0)
        if kind is FieldKind.WHOLE and (not isinstance(most, int) or not 0 < most <= 99_999_999):
            self._fault("most 应为正整数")
        consent = self._raw.get("consent") is True
        if consent and kind is not FieldKind.YES_NO:
            self._fault("consent 只能是是非题")
        code = self._text("code", 24)
        if code and not _CODE.fullmatch(code):
            self._fault("code 只用小写字母、数字和下划线，以字母开头")  # public with the questions
        return FormField(
            code=code,
            title=self._text("title", 30),
            english=self._text("english", 80),
            kind=kind,
            sensitivity=self._word("sensitivity", Sensitivity, Sensitivity.SENSITIVE),
            read=self._viewers("read"),
            write=self._viewers("write"),
            choices=(YES, NO) if kind is FieldKind.YES_NO else choices,
            most=most if isinstance(most, int) else 0,
            hint=str(self._raw.get("hint", "")),
            hint_english=str(self._raw.get("hint_english", "")),
            quiz=self._raw.get("quiz") is True,
            consent=consent,
        )

    def _fault(self, what: str) -> None:
        self._faults.append(f"{self._place}：{what}")

    def _text(self, key: str, longest: int) -> str:
        value = self._raw.get(key)
        if not isinstance(value, str) or not 0 < len(value.strip()) <= longest:
            self._fault(f"{key} 应为 1 至 {longest} 个字")
            return ""
        return value.strip()

    def _word(self, key: str, words: type[_Word], otherwise: _Word) -> _Word:
        try:
            return words(str(self._raw.get(key)))
        except ValueError:
            self._fault(f"{key} 应为 {'、'.join(words)} 之一")
            return otherwise

    def _viewers(self, key: str) -> frozenset[Viewer]:
        given = self._raw.get(key)
        names = given if isinstance(given, list) else []
        unknown = [str(name) for name in names if name not in tuple(Viewer)]
        if not isinstance(given, list) or unknown:
            self._fault(f"{key} 应为名单，可以写 {'、'.join(Viewer)}")
        return frozenset(Viewer(name) for name in names if name in tuple(Viewer))

    def _choices(self) -> Iterator[Choice]:
        given = self._raw.get("choices", [])
        seen: set[str] = set()
        for one in given if isinstance(given, list) else []:
            if not isinstance(one, dict) or set(one) != {"code", "title", "english"}:
                self._fault("choices 每一个要有 code、title、english")
                continue
            code = str(one["code"])
            if code in seen or "|" in code or not code:
                self._fault(f"choices 的 code “{code}”重复或不能用")
            seen.add(code)
            yield Choice(code, str(one["title"]), str(one["english"]))

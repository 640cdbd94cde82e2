"""Reading a policy of the request loop from its text (TOML); every fault with its place."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from evalsys.domain.casework.policy import (
    DEFAULT_LIMIT,
    NUMBERS,
    PETITION_LIMIT,
    Limit,
    Number,
    PauseReason,
    Policy,
    ReasonRule,
    Stage,
    StageSet,
    Unit,
)
from evalsys.domain.casework.words import CloseReason, Step
from evalsys.domain.rulebook import Basis, Citation, Dated, overlapping
from evalsys.domain.taxonomy import Urgency
from evalsys.errors import InvalidInput

FORMAT = "evalsys-casework/1"
_MOST_DAYS = 400
_Word = TypeVar("_Word", bound=StrEnum)
_Given = TypeVar("_Given")


def parse_policy(text: str) -> Policy:
    """Read a policy.

    Raises:
        InvalidInput: lists every fault with the name of its table and key.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(
            f"时限规则不是合乎语法的 TOML：{error}。", remedy="请按所指的行列改正。"
        ) from error
    faults: list[str] = []
    policy = _policy(_Part(raw, "时限规则", faults))
    if faults:
        raise InvalidInput(
            "时限规则有错：" + "；".join(faults) + "。",
            remedy="请逐条改正；写法见 docs/casework.md。",
            place=policy.name,
        )
    return policy


class _Part:
    """A table of the text: gives keys of the right type, notes the rest as faults."""

    def __init__(self, raw: object, place: str, faults: list[str]) -> None:
        self._raw = dict(raw) if isinstance(raw, dict) else {}
        self.place = place
        self.faults = faults
        if not isinstance(raw, dict):
            self.fault("应为一张表")

    def fault(self, what: str) -> None:
        self.faults.append(f"{self.place}：{what}")

    def take(
        self, key: str, kind: type[_Given], otherwise: _Given, *, needed: bool = True
    ) -> _Given:
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
        return self.take(key, str, "", needed=needed).strip()

    def day(self, key: str, *, needed: bool = True) -> date | None:
        value = self.take(key, date, date.min, needed=needed)
        if isinstance(value, datetime):
            self.fault(f"{key} 应为日期")
        return None if value == date.min else value

    def word(self, key: str, words: type[_Word], otherwise: _Word) -> _Word:
        value = self.text(key)
        try:
            return words(value)
        except ValueError:
            self.fault(f"{key} 不认识“{value}”")
            return otherwise

    def parts(self, key: str) -> Iterator[tuple[str, "_Part"]]:
        found: dict[str, object] = self.take(key, dict, {})
        for name, part in found.items():
            yield name, _Part(part, f"{key}.{name}", self.faults)

    def rows(self, key: str) -> list["_Part"]:
        found: list[object] = self.take(key, list, [])
        return [
            _Part(row, f"{self.place}.{key}[{n}]", self.faults) for n, row in enumerate(found, 1)
        ]

    def close(self) -> None:
        for key in self._raw:
            self.fault(f"不认识 {key}")


def _policy(top: _Part) -> Policy:
    if (found := top.text("format")) != FORMAT:
        top.fault(f"format 应为 {FORMAT}，实为“{found}”")
    name, title = top.text("name"), top.text("title")
    documents = {}
    for key, part in top.parts("document"):
        documents[key] = part.text("title")
        part.close()
    numbers = {key: _number(key, part, documents) for key, part in top.parts("number")}
    limits = {key: _limit(key, part, documents) for key, part in top.parts("limit")}
    pauses = {
        key: PauseReason(key, part.text("title"), _number(key, part, documents, titled=False))
        for key, part in top.parts("pause")
    }
    reasons = dict(_reasons(top, documents))
    sets = tuple(_stage_set(key, part) for key, part in top.parts("stages"))
    if missing := [each for each in NUMBERS if each not in numbers]:
        top.fault(f"缺少 number.{'、number.'.join(missing)}")
    for each in (DEFAULT_LIMIT, PETITION_LIMIT):
        if each not in limits:
            top.fault(f"缺少 limit.{each}")
    if missing := [each.value for each in CloseReason if each not in reasons]:
        top.fault(f"缺少 reason.{'、reason.'.join(missing)}")
    top.close()
    return Policy(name, title, numbers, limits, pauses, reasons, sets)


def _citation(part: _Part, documents: Mapping[str, str]) -> Citation:
    document = part.text("document")
    if document not in documents:
        part.fault(f"document “{document}”没有登记")
    basis = part.word("basis", Basis, Basis.UNVERIFIED)
    words = part.text("words", needed=False)
    if basis is Basis.TEXT and not words:
        part.fault("basis 为原文时须写明 words（原话）")
    requirement, note = part.text("requirement"), part.text("note", needed=False)
    return Citation(document, requirement, basis, words, note)


def _number(name: str, part: _Part, documents: Mapping[str, str], *, titled: bool = True) -> Number:
    title = part.text("title") if titled else name
    unit = part.text("unit")
    source = _citation(part, documents)
    values = _values(part, "values")
    part.close()
    return Number(name, title, unit, source, values)


def _values(part: _Part, key: str) -> tuple[Dated, ...]:
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


def _limit(name: str, part: _Part, documents: Mapping[str, str]) -> Limit:
    title, unit = part.text("title"), part.word("unit", Unit, Unit.WORKDAYS)
    urgency = part.take("urgency", int, 0)
    said = part.text("holds_for", needed=False)
    if said and said not in tuple(Urgency):
        part.fault(f"holds_for 不认识“{said}”")
    holds_for = Urgency(said) if said in tuple(Urgency) else None
    source = _citation(part, documents)
    days = Number(name, title, unit.value, source, _values(part, "values"))
    put_off = (
        _values(part, "extension")
        if part.take("extends", bool, otherwise=False, needed=False)
        else ()
    )
    part.close()
    extension = Number(f"{name}_extension", title, unit.value, source, put_off) if put_off else None
    return Limit(name, title, unit, urgency, holds_for, days, extension)


def _reasons(top: _Part, documents: Mapping[str, str]) -> Iterator[tuple[CloseReason, ReasonRule]]:
    for key, part in top.parts("reason"):
        title, needs = part.text("title"), part.take("needs_approval", bool, otherwise=True)
        source = _citation(part, documents)
        part.close()
        if key not in tuple(CloseReason):
            part.fault("不认识这个办结理由")
            continue
        yield CloseReason(key), ReasonRule(CloseReason(key), title, needs, source)


def _stage_set(name: str, part: _Part) -> StageSet:
    title, source = part.text("title"), part.text("source")
    stages = []
    for row in part.rows("stage"):
        label, english = row.text("label"), row.text("english")
        covered = row.take("steps", list, [])
        unknown = [each for each in covered if each not in tuple(Step)]
        if unknown:
            row.fault(f"steps 不认识 {unknown}")
        stages.append(
            Stage(label, english, frozenset(Step(s) for s in covered if s not in unknown))
        )
        row.close()
    part.close()
    _check_cover(part, stages)
    return StageSet(name, title, source, tuple(stages))


def _check_cover(part: _Part, stages: Sequence[Stage]) -> None:
    for step in Step:
        times = sum(step in stage.steps for stage in stages)
        if times != 1:
            part.fault(f"步骤 {step.value} 应恰好属于一个环节，实为 {times} 个")

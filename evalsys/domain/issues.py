"""Common issues 共性问题: what many requests have in common, who answers for it, and by when.

A request belongs to one issue at most (Y26): to the one an analyst said last, else to the one the
classifier is sure of. Every word of an analyst is a label, kept for good with who and when. Issues
are taken up in the order of urgency, then of how many ask (Y70).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from math import isqrt
from typing import Final

from evalsys.domain.taxonomy import Urgency
from evalsys.domain.written import LONGEST_NAME, LONGEST_TEXT, one_line
from evalsys.errors import InvalidInput, RuleViolation

CLUSTERS: Final = 600
"""Heaps of a work list at most: so many an analyst can look through in some days (Y26)."""
LONGEST_UNIT_OF_MEASURE: Final = 12
MOST_ASSISTING: Final = 12
_AMOUNT: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,2})?")


class Source(StrEnum):
    """How an analyst came to a label."""

    READ = "read"
    """One request was read."""
    HEAP = "heap"
    """A whole heap was given to an issue after looking at some of it."""


WEIGHT: Final[Mapping[Source, float]] = {Source.READ: 1.0, Source.HEAP: 0.4}
"""How much a label counts when it is learned from: in a heap there is always something else."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a pledge can be measured by: what is counted, how much, in which unit (Y73)."""

    what: str
    amount: str
    """A positive decimal as it was said, at most two places: "800", "12.5"."""
    unit: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said about an issue; a later statement takes the place of the whole."""

    name: str
    question: str
    """As the public asks it."""
    lead: str = ""
    """Code of the unit that answers for it; "" while nobody does."""
    assisting: tuple[str, ...] = ()
    """Codes of the units that help."""
    budget: str = ""
    """What it costs and from where 资源统筹 (Y40)."""
    measure: str = ""
    """What was promised in public (Y69); "" while nothing was."""
    target: Target | None = None
    deadline: date | None = None

    @property
    def is_pledged(self) -> bool:
        """Whether there is a public pledge: measure, target and deadline."""
        return bool(self.measure)


@dataclass(frozen=True, slots=True)
class Progress:
    """An entry on how far a pledge has come, with what proves it."""

    day: date
    done: str
    """How much of the target is reached, a decimal; "" where nobody counted."""
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted about an issue as of a day."""

    requests: int
    proposed: int
    """Of them, those that only the classifier put here."""
    open: int
    solved: int
    places: int
    """How many different grids they came from."""
    pressing: int
    soon: int
    """By the urgency of their words."""

    @property
    def urgency(self) -> Urgency:
        """The urgency of the whole: that of the most urgent fifth."""
        return urgency_of_many(self.requests, self.pressing, self.soon)


NOTHING: Final = Figures(0, 0, 0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class CommonIssue:
    """An issue as it stands."""

    id: int
    said: Statement
    figures: Figures
    progress: tuple[Progress, ...]
    opened_by: str
    opened_at: datetime

    @property
    def done(self) -> str:
        """How much of the target is reached by the last entry that says so."""
        return next((one.done for one in reversed(self.progress) if one.done), "")

    @property
    def share(self) -> float | None:
        """What part of the target is reached, 0 to 1; None without a target."""
        if self.said.target is None:
            return None
        return min(1.0, float(self.done or 0) / float(self.said.target.amount))

    def is_overdue(self, today: date) -> bool:
        """Whether its day has passed and the target is not reached."""
        due = self.said.deadline
        return due is not None and due < today and (self.share or 0.0) < 1.0


@dataclass(frozen=True, slots=True)
class Cluster:
    """A heap of requests that nobody has given to an issue yet: one line of the work list."""

    number: int
    size: int
    """Requests of the heap that are still to be dealt with."""
    pressing: int
    soon: int
    samples: tuple[str, ...]
    """Texts from its middle."""
    likely: int | None = None
    """The issue that the classifier, unsure, would give most of it to."""

    @property
    def urgency(self) -> Urgency:
        """The urgency of the heap: that of the most urgent fifth."""
        return urgency_of_many(self.size, self.pressing, self.soon)


def heaps_for(texts: int) -> int:
    """Return into how many heaps texts go: 600 for a county's, fewer and smaller ones for fewer."""
    return max(1, min(CLUSTERS, isqrt(11 * texts)))


def urgency_of_many(count: int, pressing: int, soon: int) -> Urgency:
    """Return the urgency that at least a fifth has: one frightened word does not make a flood."""
    if pressing and pressing * 5 >= count:
        return Urgency.PRESSING
    if (pressing or soon) and (pressing + soon) * 5 >= count:
        return Urgency.SOON
    return Urgency.ORDINARY


def in_order(issues: Iterable[CommonIssue]) -> tuple[CommonIssue, ...]:
    """Sort issues by urgency, then by how many ask, then by number (Y70 先急后缓、先集中后分散)."""
    return tuple(sorted(issues, key=lambda o: (o.figures.urgency.rank, -o.figures.requests, o.id)))


def work_order(clusters: Iterable[Cluster]) -> tuple[Cluster, ...]:
    """Sort a work list the same way."""
    return tuple(sorted(clusters, key=lambda o: (o.urgency.rank, -o.size, o.number)))


def check_statement(said: Statement) -> Statement:
    """Return a statement as it is kept.

    A pledge needs all three: measure, a target that can be measured, and a deadline (Y69, Y73).

    Raises:
        InvalidInput: names the field that is missing, too long or no number.
    """
    name = one_line(said.name, "名称", longest=LONGEST_NAME)
    question = one_line(said.question, "群众提问", longest=LONGEST_TEXT)
    if not name:
        raise InvalidInput("共性问题须有名称。", remedy="例如 村庄道路硬化。", place="名称")
    if said.lead in said.assisting:
        raise InvalidInput(
            "牵头单位不能同时是配合单位。", remedy="请从配合单位中去掉。", place="配合单位"
        )
    if len(said.assisting) > MOST_ASSISTING:
        raise InvalidInput(
            f"配合单位有 {len(said.assisting)} 个，最多 {MOST_ASSISTING} 个。",
            remedy="请只写真正承担任务的单位。",
            place="配合单位",
        )
    budget = one_line(said.budget, "资源统筹", longest=LONGEST_TEXT)
    measure = one_line(said.measure, "承诺措施", longest=LONGEST_TEXT)
    pledge = (bool(measure), said.target is not None, said.deadline is not None)
    if any(pledge) and not all(pledge):
        missing = ("措施", "可衡量的目标", "完成期限")[pledge.index(False)]
        raise InvalidInput(
            f"公开承诺缺少{missing}。",
            remedy="措施、可衡量的目标、完成期限三项都要有。",
            place="公开承诺",
        )
    if any(pledge) and not said.lead:
        raise InvalidInput(
            "有公开承诺，却没有牵头单位。", remedy="请先选择由谁答复。", place="牵头单位"
        )
    target = check_target(said.target) if said.target else None
    return replace(
        said, name=name, question=question, budget=budget, measure=measure, target=target
    )


def check_target(target: Target) -> Target:
    """Return a target as it is kept.

    Raises:
        InvalidInput: names the part that is missing or no positive number.
    """
    what = one_line(target.what, "目标", longest=LONGEST_NAME)
    unit = one_line(target.unit, "计量单位", longest=LONGEST_UNIT_OF_MEASURE)
    for place, text in (("目标", what), ("计量单位", unit)):
        if not text:
            raise InvalidInput(
                "承诺必须能衡量，此项不能为空。", remedy="例如 建设道路，800，公里。", place=place
            )
    amount = amount_of(target.amount)
    if float(amount) <= 0:
        raise InvalidInput("目标的数量必须大于零。", remedy="请填写要做到多少。", place="数量")
    return Target(what, amount, unit)


def amount_of(typed: str) -> str:
    """Read how much: ASCII digits, at most two decimals.

    Raises:
        InvalidInput: it is no such number.
    """
    text = typed.strip()
    if not _AMOUNT.fullmatch(text):
        raise InvalidInput(
            f"“{text[:20]}”不是数量。",
            remedy="请用半角数字填写，最多两位小数，例如 800 或 12.5。",
            place="数量",
        )
    return text


def check_progress(entry: Progress, today: date) -> Progress:
    """Return an entry as it is kept.

    Raises:
        InvalidInput: it lies ahead, says nothing, or the amount is no number.
    """
    if entry.day > today:
        raise InvalidInput("进展的日期还没有到。", remedy="请核对日期。", place="日期")
    note = one_line(entry.note, "进展", longest=LONGEST_TEXT)
    if not note:
        raise InvalidInput(
            "请写明做了什么、以什么为证。", remedy="例如：验收单编号、实地查看。", place="进展"
        )
    return replace(entry, note=note, done=amount_of(entry.done) if entry.done.strip() else "")


def check_lesson(labels: Sequence[int]) -> None:
    """Insist on something to learn from.

    Raises:
        RuleViolation: there are no labels, or all are of one issue.
    """
    if not labels:
        raise RuleViolation(
            "还没有任何标注，分类器无从学习。",
            remedy="请先运行 evalsys issues cluster，"
            "再到 /casework/issues/work 给几个小类命名，然后重新运行。",
        )
    if len(set(labels)) == 1:
        raise RuleViolation(
            "所有标注都属于同一个共性问题，分类器没有可比较的。",
            remedy="请至少再命名一个共性问题。",
        )

"""Objections to a result, their answers, and corrections that a second person approves.

Nothing is overwritten: the objection, the answer, the proposal, the ruling and both scores stay.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from operator import attrgetter
from typing import Final

from evalsys.domain.assessment import Component, Counts
from evalsys.domain.component_scores import ComponentScore, Subject
from evalsys.domain.cycles import CycleCode
from evalsys.domain.rule_versions import Ruling
from evalsys.errors import InvalidInput, RuleViolation

TEXT_LIMIT: Final = 1000


class Channel(StrEnum):
    """How an objection came."""

    WRITTEN = "本人书面"
    SPOKEN = "本人当面"
    OWN = "部门自查"


class Outcome(StrEnum):
    """What an objection came to."""

    UPHELD = "维持"
    CORRECTED = "更正"


@dataclass(frozen=True, slots=True)
class Correction:
    """A score proposed in place of the one that holds; None takes the score away."""

    id: int
    dispute: int
    component: Component
    tenths: int | None
    counts: Counts
    document: str
    held_on: date
    reason: str
    proposed_by: str
    proposed_at: datetime
    ruling: Ruling | None = None
    ruled_by: str = ""
    ruled_at: datetime | None = None
    ruled_why: str = ""


@dataclass(frozen=True, slots=True)
class Dispute:
    """An objection to what a cycle says about a cadre or a unit."""

    id: int
    subject: Subject
    code: str
    cycle: CycleCode
    component: Component | None
    """None where it is about the whole result."""
    text: str
    channel: Channel
    received_on: date
    due_on: date
    entered_by: str
    entered_at: datetime
    outcome: Outcome | None = None
    reply: str = ""
    replied_by: str = ""
    replied_at: datetime | None = None
    corrections: tuple[Correction, ...] = field(default=())

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered it."""
        return self.outcome is None

    def is_overdue(self, today: date) -> bool:
        """Whether the time for the answer has run out."""
        return self.is_open and today > self.due_on


def checked_text(text: str, what: str) -> str:
    """Return a text that people wrote, trimmed.

    Raises:
        InvalidInput: it is empty or too long.
    """
    trimmed = text.strip()
    if not 0 < len(trimmed) <= TEXT_LIMIT:
        raise InvalidInput(
            f"{what}没有写，或者过长。", remedy=f"请写在 {TEXT_LIMIT} 字以内。", place=what
        )
    return trimmed


def check_open(dispute: Dispute) -> None:
    """Insist that an objection was not answered.

    Raises:
        RuleViolation: it was.
    """
    if not dispute.is_open:
        raise RuleViolation(
            f"这一异议已由 {dispute.replied_by} 答复。", remedy="有新的理由请另行登记异议。"
        )


def check_about(dispute: Dispute, component: Component) -> None:
    """Insist that a correction is of the component that the objection names, if it names one.

    Raises:
        InvalidInput: it is of another.
    """
    if dispute.component is not None and dispute.component is not component:
        raise InvalidInput(
            f"这件异议针对“{dispute.component}”，不是“{component}”。",
            remedy="请另行登记一件异议。",
            place="component",
        )


def check_new(entered: Dispute, earlier: Iterable[Dispute]) -> None:
    """Insist that the same words are entered once while they wait for their answer.

    Raises:
        RuleViolation: a double click, or somebody else entered them.
    """
    said = attrgetter("cycle", "component", "text", "received_on")
    for one in earlier:
        if one.is_open and said(one) == said(entered):
            raise RuleViolation(
                f"同样的异议已登记为第 {one.id} 件。", remedy="无需重复登记。", place=entered.code
            )


def check_reply(dispute: Dispute, outcome: Outcome) -> None:
    """Insist that the answer fits what was decided on.

    Raises:
        RuleViolation: it was answered, a proposal waits, or no approved correction bears it.
    """
    check_open(dispute)
    if any(one.ruling is None for one in dispute.corrections):
        raise RuleViolation("还有更正没有经第二人决定。", remedy="请先由另一个人批准或退回。")
    approved = any(one.ruling is Ruling.APPROVED for one in dispute.corrections)
    if outcome is Outcome.CORRECTED and not approved:
        raise RuleViolation("没有经批准的更正。", remedy="请先提出更正，由第二个人批准。")
    if outcome is Outcome.UPHELD and approved:
        raise RuleViolation("更正已经批准，不能答复维持。", remedy="请答复“更正”。")


def check_second_person(correction: Correction, by: str) -> None:
    """Insist that somebody else than the proposer decides, once.

    Raises:
        RuleViolation: it is the proposer, or it was decided on.
    """
    if correction.ruling is not None:
        raise RuleViolation(
            f"这一更正已由 {correction.ruled_by} {correction.ruling}。",
            remedy="有新的意见请再提出更正。",
        )
    if by == correction.proposed_by:
        raise RuleViolation(
            "提出更正的人不能批准或退回自己的更正。", remedy="请由组织部的另一个人复核。"
        )


def corrected_score(
    dispute: Dispute,
    correction: Correction,
    holding: ComponentScore | None,
    *,
    by: str,
    at: datetime,
) -> ComponentScore:
    """Make the score that an approved correction puts in place of the one that holds."""
    return ComponentScore(
        subject=dispute.subject,
        code=dispute.code,
        component=correction.component,
        cycle=dispute.cycle,
        tenths=correction.tenths,
        counts=correction.counts,
        document=correction.document,
        held_on=correction.held_on,
        entered_by=by,
        entered_at=at,
        corrects=holding.id if holding else None,
        reason=correction.reason,
        correction=correction.id,
    )

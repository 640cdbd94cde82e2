"""What a cadre may be told of what households said about him: sums of five or more, no names.

A cadre knows his thirty households. What all of them said alike he would know of each, so an
answer that all gave is not told in numbers; what fewer than five said is not told at all, and a
part is not told when the rest would tell it (complementary suppression; reliability, section 4).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from evalsys.domain.campaign.result import Result
from evalsys.domain.scoring import HIDE_BELOW, Release
from evalsys.domain.written import LONGEST_TEXT, one_line
from evalsys.errors import InvalidInput, RuleViolation


@dataclass(frozen=True, slots=True)
class Told:
    """One appraisal as its cadre may see it."""

    title: str
    held_at: datetime
    release: Release
    satisfied: int | None
    """Scores of 4 and 5; None where it is hidden."""
    replies: Mapping[str, Mapping[str, int] | None]
    """By topic; None where all said the same, or where the numbers would tell who said what."""


def told(title: str, held_at: datetime, result: Result, *, hide_below: int = HIDE_BELOW) -> Told:
    """Suppress once more what everybody else may see: the reader knows the households."""
    n = result.scores.n
    satisfied = result.satisfied
    if satisfied is not None and (n < hide_below or satisfied in {0, n}):
        satisfied = None
    replies = {
        topic: counts if _tells_nobody(counts, hide_below) else None
        for topic, counts in result.replies.items()
    }
    return Told(title, held_at, result.scores, satisfied, replies)


def _tells_nobody(counts: Mapping[str, int], hide_below: int) -> bool:
    return sum(counts.values()) >= hide_below and sum(n > 0 for n in counts.values()) > 1


def check_visit(day: date, today: date, linked_since: date | None, note: str) -> str:
    """Return the note of a visit as it is kept (Y21).

    Raises:
        InvalidInput: the day is to come, or the note says nothing or too much.
        RuleViolation: the household was not linked to the cadre on that day.
    """
    if day > today:
        raise InvalidInput("走访日期还没有到。", remedy="请填已经走访过的日期。", place="走访日期")
    if linked_since is None:
        raise RuleViolation("这一户现在不是您的联系户。", remedy="请从自己的联系户中选择。")
    if day < linked_since:
        raise RuleViolation(
            f"走访日期早于联系起始日（{linked_since.isoformat()}）。", remedy="请核对日期。"
        )
    text = one_line(note, "走访情况", longest=LONGEST_TEXT)
    if not text:
        raise InvalidInput(
            "没有写走访情况。", remedy="请写见到了谁、说了什么、答应了什么。", place="走访情况"
        )
    return text

"""Scores of single components, for a cadre or a unit and a cycle, and what a year makes of them.

A score is never changed: a correction is a new score that names the one it replaces.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from evalsys.domain.assessment import (
    FULL_TENTHS,
    Component,
    Counts,
    Standard,
    YearScore,
    is_too_few,
    show_tenths,
)
from evalsys.domain.cycles import CycleCode, quarter_of, year_of
from evalsys.domain.scoring import Band
from evalsys.errors import InvalidInput


class Subject(StrEnum):
    """Who or what a score is about."""

    CADRE = "干部"
    UNIT = "单位"


class Origin(StrEnum):
    """How a score came in."""

    ENTERED = ""
    """By an import or a correction."""
    RECORDS = "记录"
    """Taken over from the county's own records; its document tells of how many facts."""


UNIT_COMPONENTS = (
    Component.HOUSEHOLD,
    Component.SPOT_CHECK,
    Component.INSPECTION,
    Component.THIRD_PARTY,
    Component.WINDOW,
    Component.UNIT_RATING,
    Component.PLEDGES,
)
"""What a unit's year can be made of (Y39, Y68, Y69); the household appraisal is its cadres'."""


@dataclass(frozen=True, slots=True)
class ComponentScore:
    """One score as it was entered. `code` is a cadre's number or a unit's code.

    `tenths` is None where a correction took the score away. `corrects` is the score that
    this one replaces, `reason` why.
    """

    subject: Subject
    code: str
    component: Component
    cycle: CycleCode
    tenths: int | None
    counts: Counts
    document: str
    held_on: date
    entered_by: str
    entered_at: datetime
    id: int = 0
    corrects: int | None = None
    reason: str = ""
    correction: int | None = None
    """The approved correction that it came from; None for what was simply entered."""
    origin: Origin = field(default=Origin.ENTERED, repr=False)
    """Not part of its `repr`, by which facts are hashed: old runs keep their names."""
    band: Band | None = field(default=None, repr=False)
    """Where all gave alike: what is shown in the place of `tenths`, its class mark to reckon with.
    Hashed apart, for the same reason."""

    @property
    def key(self) -> tuple[Subject, str, Component, CycleCode]:
        """What a score is of; the latest one of a key holds."""
        return self.subject, self.code, self.component, self.cycle

    def says_the_same(self, other: "ComponentScore") -> bool:
        """Whether entering this beside `other` would change nothing."""
        return (self.tenths, self.band, self.counts, self.document, self.held_on) == (
            other.tenths,
            other.band,
            other.counts,
            other.document,
            other.held_on,
        )


def check_score(score: ComponentScore) -> None:
    """Refuse what nobody can have measured.

    Raises:
        InvalidInput: a mark outside 0-100.0, or counts that contradict each other.
    """
    place = f"{score.code} {score.cycle} {score.component}"
    if score.tenths is not None and not 0 <= score.tenths <= FULL_TENTHS:
        raise InvalidInput(
            f"得分超出 0 至 100 分：{show_tenths(score.tenths)}。",
            remedy="请核对原始评分表。",
            place=place,
        )
    counts = score.counts
    steps = [
        n for n in (counts.asked, counts.called, counts.reached, counts.answered) if n is not None
    ]
    if any(n < 0 for n in steps) or steps != sorted(steps, reverse=True):
        raise InvalidInput(
            "人数前后不符。",
            remedy="应为：作答人数 ≤ 接通人数 ≤ 拨打人数 ≤ 应询人数。",
            place=place,
        )


def published(score: ComponentScore, standard: Standard) -> int | None:
    """Return the score as screens and exports show it: hidden where too few answered."""
    return None if is_too_few(score.counts, standard) else score.tenths


def latest(scores: Iterable[ComponentScore]) -> dict[tuple[object, ...], ComponentScore]:
    """Keep of each key the score that holds; `scores` come in the order of entering."""
    return {score.key: score for score in scores}


def year_scores(
    scores: Iterable[ComponentScore], year: int, standard: Standard
) -> dict[Component, YearScore]:
    """Make one subject's year out of its latest scores of all cycles.

    A score of the year itself holds. Without one, and where the rules of the day say so, the
    mean of the quarters holds, without those that too few answered: a hidden quarter must not
    come back out of the mean. 明察暗访 without a score of its own is made of its two halves.
    """
    mine = [score for score in scores if year_of(score.cycle) == year]
    # Taken away by a correction, a score also takes away what the roster had entered.
    own = {
        score.component: YearScore(score.tenths, score.counts, _source(score), score.band)
        for score in mine
        if not quarter_of(score.cycle)
    }
    quarters: dict[Component, list[ComponentScore]] = defaultdict(list)
    for score in mine:
        if quarter_of(score.cycle) and score.tenths is not None and standard.from_quarters:
            quarters[score.component].append(score)
    for component, parts in quarters.items():
        own.setdefault(component, _of_quarters(parts, standard))
    halves = _of_halves(own, standard)
    if halves is not None:
        own.setdefault(Component.INSPECTION, halves)
    return own


def _source(score: ComponentScore) -> str:
    """Tell of a score from the records of what it is; what was entered has its document."""
    if score.origin is not Origin.RECORDS:
        return ""
    return f"{score.document}（截至 {score.held_on.isoformat()}）"


def _of_quarters(parts: list[ComponentScore], standard: Standard) -> YearScore:
    usable = [part for part in parts if not is_too_few(part.counts, standard)]
    if not usable:
        answered = max(part.counts.answered or 0 for part in parts)
        return YearScore(parts[0].tenths, Counts(answered=answered))
    whole = len(usable)
    mean = (2 * sum(part.tenths or 0 for part in usable) + whole) // (2 * whole)
    told = {quarter_of(part.cycle) for part in usable}
    named = "、".join(f"第{n}季度" for n in sorted(told))
    absent = "、".join(f"第{n}季度" for n in range(1, 5) if n not in told)
    notes = [f"由{named}的平均；没有{absent}" if absent else f"由{named}的平均"]
    if whole > 1 and any(part.band for part in usable):
        notes.append("各户打分一致的季度按组中值计入")
    band = usable[0].band if whole == 1 else None
    counts = _summed([part.counts for part in usable])
    return YearScore(mean, counts, "；".join(notes), band)


def _of_halves(own: Mapping[Component, YearScore], standard: Standard) -> YearScore | None:
    """Put 明察 and 暗访 together; a half with a weight of its own stands by itself."""
    halves = [
        (half, share, own[half])
        for half, share in (
            (Component.OPEN_INSPECTION, standard.open_share),
            (Component.COVERT_INSPECTION, 100 - standard.open_share),
        )
        if half in own
        and share
        and own[half].score_tenths is not None
        and not standard.weights.get(half, 0)
        and not is_too_few(own[half].counts, standard)
    ]
    if not halves:
        return None
    whole = sum(share for _, share, _ in halves)
    points = sum(share * (score.score_tenths or 0) for _, share, score in halves)
    named = "、".join(f"{half}（{share}%）" for half, share, _ in halves)
    return YearScore((2 * points + whole) // (2 * whole), note=f"由{named}合成")


def _summed(counts: list[Counts]) -> Counts:
    def total(values: list[int | None]) -> int | None:
        known = [value for value in values if value is not None]
        return sum(known) if len(known) == len(values) else None

    return Counts(
        total([c.asked for c in counts]),
        total([c.called for c in counts]),
        total([c.reached for c in counts]),
        total([c.answered for c in counts]),
    )

"""Household scores 打分: one release a round, and nothing in it that tells who said what.

Scores are whole points 1 to 5; means are integers in tenths of a point, so 43 reads 4.3.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from evalsys.errors import InvalidInput
from evalsys.ids import CadreNumber, LiveId

LOWEST_SCORE = 1
HIGHEST_SCORE = 5
LOWEST_HIGH_SCORE = 4
"""From here on a unanimous result is published as "all gave 4 or 5"."""

HIDE_BELOW = 5
"""Fewer answers than this and a neighbour could tell who said what (reliability, section 4)."""


class Band(StrEnum):
    """How a round's scores may be shown."""

    MEAN = "mean"
    """The mean, to one decimal."""
    TOO_FEW = "too_few"
    """答复不足: no figure, and no effect on promotion either way."""
    UNANIMOUS_HIGH = "unanimous_high"
    """All gave the same score, 4 or 5; which of the two stays hidden."""
    UNANIMOUS_LOW = "unanimous_low"
    """All gave the same score, 1, 2 or 3; which of them stays hidden."""


CLASS_MARK_TENTHS = {Band.UNANIMOUS_HIGH: 45, Band.UNANIMOUS_LOW: 20}
"""What a band is reckoned with, in tenths of a point of five: its class mark 组中值."""
BAND_WORDS = {Band.UNANIMOUS_HIGH: "全部评为 4 分以上", Band.UNANIMOUS_LOW: "全部评为 3 分以下"}
"""What is shown in the place of a score that all gave alike."""


@dataclass(frozen=True, slots=True)
class Release:
    """What a round's sealed ballots told, once, at the close of its calls (Y30)."""

    n: int
    """Households that scored."""
    mean_tenths: int | None
    """Tenths of a point, half up; absent unless `band` is MEAN."""
    band: Band

    @property
    def unanimous(self) -> bool:
        """Whether all gave the same score."""
        return self.band in CLASS_MARK_TENTHS

    @property
    def assessed_tenths(self) -> int | None:
        """What the annual assessment may reckon with: the mean, or the class mark 组中值 of a band.

        Too few answers give nothing: absent, never zero.
        """
        return self.mean_tenths if self.band is Band.MEAN else CLASS_MARK_TENTHS.get(self.band)


@dataclass(frozen=True, slots=True)
class SessionScore:
    """One cadre's released scores in one round of one session."""

    live: LiveId
    j: int
    cadre: CadreNumber
    release: Release


def checked_score(score: int) -> int:
    """Return `score` if a household may give it.

    Raises:
        InvalidInput: it is not 1, 2, 3, 4 or 5.
    """
    if not LOWEST_SCORE <= score <= HIGHEST_SCORE:
        raise InvalidInput(
            f"打分 {score} 不在 {LOWEST_SCORE} 到 {HIGHEST_SCORE} 之间。",
            remedy=f"请按 {LOWEST_SCORE} 到 {HIGHEST_SCORE} 之间的数字键。",
        )
    return score


def mean_tenths(scores: Iterable[int]) -> int:
    """Return the mean in tenths of a point, half up: 4.25 is 43.

    Raises:
        ValueError: there are no scores.
    """
    given = tuple(scores)
    if not given:
        raise ValueError("no scores, no mean")
    return (20 * sum(given) + len(given)) // (2 * len(given))


def release(scores: Iterable[int], *, hide_below: int = HIDE_BELOW) -> Release:
    """Decide what may be published of these scores; their order does not matter."""
    given = sorted(checked_score(score) for score in scores)
    if len(given) < max(1, hide_below):
        return Release(len(given), None, Band.TOO_FEW)
    if given[0] == given[-1]:
        high = given[0] >= LOWEST_HIGH_SCORE
        return Release(len(given), None, Band.UNANIMOUS_HIGH if high else Band.UNANIMOUS_LOW)
    return Release(len(given), mean_tenths(given), Band.MEAN)

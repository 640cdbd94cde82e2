"""Sums of hidden scores as one system of linear equations: what they single out together.

Every sum that is shown is an equation over hidden scores, each with as many answers as it stands
for. The system is kept in reduced row echelon form. There a score can be worked out if and only if
a row holds that score alone; and a sum or a difference of two can if a row holds these two alone,
or if the rest of their rows is the same but for a factor (reliability, section 4). Coefficients
are taken modulo a prime of 61 bits, which for sums of ones and noughts comes to the same as taking
fractions.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

_PRIME: Final = 2**61 - 1
Score = tuple[str, int, int]
"""A score as it once stood: whose, of how many answers, and what; a corrected one is another."""
_Row = dict[Score, int]


class Equations:
    """Sums that were shown, as long as they single out nobody."""

    def __init__(self, hide_below: int) -> None:
        """Begin with none; what fewer than `hide_below` answers said is singled out."""
        self._few = hide_below
        self._decided: dict[frozenset[Score], bool] = {}
        """Sums that were asked about: with more equations, what would tell still would."""
        self._rows: dict[Score, _Row] = {}
        """By the score that stands in this row alone, with coefficient 1."""
        self._holds: dict[Score, set[Score]] = defaultdict(set)
        """For each other score the rows in which it stands."""
        self._of_length: dict[int, set[Score]] = defaultdict(set)
        """The rows by how many scores they hold."""

    def may_add(self, scores: Iterable[Score]) -> bool:
        """Add the sum of these scores unless too few would be singled out; say whether it was."""
        asked = frozenset(scores)
        if asked not in self._decided:
            changed = self._with(asked)
            self._decided[asked] = not self._would_tell(changed)
            if self._decided[asked]:
                for at, row in changed.items():
                    self._put(at, row)
        return self._decided[asked]

    def _with(self, scores: frozenset[Score]) -> Mapping[Score, _Row]:
        """Give the rows that change when a sum is added; none where they imply it already."""
        row = dict.fromkeys(scores, 1)
        for score in scores & self._rows.keys():
            _take(row, self._rows[score], row[score])
        if not row:
            return {}
        pivot = min(row)
        inverse = pow(row[pivot], -1, _PRIME)
        row = {score: value * inverse % _PRIME for score, value in row.items()}
        changed = {pivot: row}
        for other in self._holds[pivot]:
            changed[other] = dict(self._rows[other])
            _take(changed[other], row, changed[other][pivot])
        return changed

    def _would_tell(self, changed: Mapping[Score, _Row]) -> bool:
        alike = defaultdict(set, {n: set(some) for n, some in self._of_length.items()})
        for at, row in changed.items():
            alike[len(row)].add(at)
        return any(
            self._is_few(row)
            or any(
                self._is_few((at, other))
                and _comes_to_the_same(at, row, other, changed.get(other) or self._rows[other])
                for other in alike[len(row)] - {at}
            )
            for at, row in changed.items()
        )

    def _is_few(self, scores: Iterable[Score]) -> bool:
        """Say whether few answers are behind some scores; two states of one are of the same."""
        most: dict[str, int] = {}
        for key, n, _ in scores:
            most[key] = max(n, most.get(key, 0))
            if sum(most.values()) >= self._few:
                return False
        return True

    def _put(self, at: Score, row: _Row) -> None:
        before = self._rows.get(at, {})
        self._of_length[len(before)].discard(at)
        for score in before.keys() - row.keys():
            self._holds[score].discard(at)
        for score in row.keys() - before.keys() - {at}:
            self._holds[score].add(at)
        self._rows[at] = row
        self._of_length[len(row)].add(at)


def _comes_to_the_same(at: Score, row: _Row, other: Score, theirs: _Row) -> bool:
    """Say whether two rows are multiples of each other but for the scores that are theirs alone."""
    if row.keys() - {at} != theirs.keys() - {other}:
        return False
    rest = row.keys() - {at}
    some = min(rest)
    return all(
        row[score] * theirs[some] % _PRIME == theirs[score] * row[some] % _PRIME for score in rest
    )


def _take(row: _Row, other: _Row, times: int) -> None:
    """Take a multiple of another row away from `row`."""
    for score, value in other.items():
        left = (row.get(score, 0) - times * value) % _PRIME
        if left:
            row[score] = left
        else:
            row.pop(score, None)

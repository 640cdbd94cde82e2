"""Sums of hidden scores as one system of linear equations: what they single out together.

Every sum that is shown is an equation over hidden scores, each with as many answers as it stands
for. The system is kept in reduced row echelon form: a score can be worked out if and only if a
row of it holds that score alone (reliability, section 4). Coefficients are taken modulo a prime
of 61 bits, which for sums of ones and noughts comes to the same as taking fractions.
"""

from collections.abc import Mapping
from typing import Final

_PRIME: Final = 2**61 - 1
_Score = tuple[str, int, int]
"""A score as it once stood: whose, of how many answers, and what; a corrected one is another."""
_Row = dict[_Score, int]


class Equations:
    """Sums that were shown, as long as they single out nobody."""

    def __init__(self, hide_below: int) -> None:
        """Begin with none; what fewer than `hide_below` answers said is singled out."""
        self._hide_below = hide_below
        self._rows: dict[_Score, _Row] = {}
        """By the score that stands in this row alone, with coefficient 1."""
        self._holds: dict[_Score, set[_Score]] = {}
        """For each other score the rows in which it stands."""

    def may_add(self, scores: Mapping[str, tuple[int, int]]) -> bool:
        """Add a sum over these scores unless too few would be singled out; say whether it was.

        A score is (answers, mark) by key, each with coefficient 1.
        """
        row: _Row = {(key, *score): 1 for key, score in scores.items()}
        for score in [score for score in row if score in self._rows]:
            _take(row, self._rows[score], row[score])
        if not row:
            return True
        pivot = min(row)
        inverse = pow(row[pivot], -1, _PRIME)
        row = {score: value * inverse % _PRIME for score, value in row.items()}
        changed = {pivot: row}
        for other in self._holds.get(pivot, ()):
            before = self._rows[other]
            changed[other] = _less(before, row, before[pivot])
        if any(sum(score[1] for score in one) < self._hide_below for one in changed.values()):
            return False
        for at, one in changed.items():
            self._put(at, one)
        return True

    def _put(self, at: _Score, row: _Row) -> None:
        before = self._rows.get(at, {})
        for score in before.keys() - row.keys():
            self._holds[score].discard(at)
        for score in row.keys() - before.keys():
            if score != at:
                self._holds.setdefault(score, set()).add(at)
        self._rows[at] = row


def _take(row: _Row, other: _Row, times: int) -> None:
    """Take a multiple of another row away from `row`."""
    for score, value in other.items():
        left = (row.get(score, 0) - times * value) % _PRIME
        if left:
            row[score] = left
        else:
            row.pop(score, None)


def _less(row: _Row, other: _Row, times: int) -> _Row:
    found = dict(row)
    _take(found, other, times)
    return found

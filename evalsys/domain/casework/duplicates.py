"""Whether two requests may be one: pairs of characters that they share. A person decides."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

SHORTEST = 4
"""Characters: shorter texts are alike by chance."""
_HINTS = 5


def likeness(text: str, other: str) -> int:
    """Return how alike two texts are, in percent: twice the shared pairs over all pairs."""
    first, second = _pairs(text), _pairs(other)
    if not first or not second:
        return 0
    return 200 * len(first & second) // (len(first) + len(second))


def alike(
    text: str, others: Iterable[tuple[str, str]], at_least: int
) -> tuple[tuple[str, int], ...]:
    """Name the earlier requests, given by code and text, that are at least so alike."""
    return tuple(sorted(_alike(text, others, at_least), key=lambda one: (-one[1], one[0]))[:_HINTS])


def _alike(
    text: str, others: Iterable[tuple[str, str]], at_least: int
) -> Iterator[tuple[str, int]]:
    for code, other in others:
        found = likeness(text, other)
        if found >= at_least:
            yield code, found


def _pairs(text: str) -> frozenset[str]:
    letters = [each for each in text if each.isalnum()]
    if len(letters) < SHORTEST:
        return frozenset()
    return frozenset(a + b for a, b in pairwise(letters))

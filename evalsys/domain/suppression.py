"""Hiding what few people said, and whatever else would let it come back by subtraction.

A leaf is one cadre's score with the number of households behind it. Leaves are added up twice,
by unit and by township, and over the whole county. A leaf with fewer answers than `hide_below`
is hidden; then each sum is hidden that would single out, beside all that is shown and all that was
shown on earlier days, what so few said (complementary suppression; reliability, section 4).
Screens and exports read this one function.

What is shown of a sum is an equation over the hidden leaves in it, as they stood on that day
(`domain/equations.py`); leaves that are shown tell nothing new. So which sums are hidden depends
on hidden leaves alone, and every day can be gone through again as it was. The whole comes first,
then the sums of most hidden leaves, for what comes later is the first to be hidden.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from evalsys.domain.equations import Equations, Score

UNIT: Final = 0
TOWNSHIP: Final = 1


@dataclass(frozen=True, slots=True)
class Leaf:
    """One cadre's score: `tenths` is the mean of `n` answers."""

    key: str
    groups: tuple[str, str]
    """Unit and township."""
    n: int
    tenths: int


@dataclass(frozen=True, slots=True)
class Pooled:
    """The mean of all answers of a group, None where it is hidden; `n` is always shown."""

    n: int
    tenths: int | None


@dataclass(frozen=True, slots=True)
class Suppressed:
    """What may be shown: leaves by key, sums by unit and township, and the whole."""

    leaves: Mapping[str, int]
    """Only leaves that are shown."""
    groups: tuple[Mapping[str, Pooled], Mapping[str, Pooled]]
    whole: Pooled


def suppress(
    leaves: Iterable[Leaf], *, hide_below: int, before: Sequence[Sequence[Leaf]] = ()
) -> Suppressed:
    """Decide what may be shown of these leaves; those without answers are nobody's secret.

    `before` holds the small leaves of each earlier day on which they changed, the oldest first.
    """
    given = [leaf for leaf in leaves if leaf.n > 0]
    small = tuple(leaf for leaf in given if leaf.n < hide_below)
    days = (tuple(leaf for leaf in day if 0 < leaf.n < hide_below) for day in before)
    hidden, whole_hidden = _hidden_on_the_last((*days, small), hide_below)
    members = _members(given)
    return Suppressed(
        leaves={leaf.key: leaf.tenths for leaf in given if leaf.n >= hide_below},
        groups=(
            _pooled(members[UNIT], hidden[UNIT]),
            _pooled(members[TOWNSHIP], hidden[TOWNSHIP]),
        ),
        whole=_mean(given, hidden=whole_hidden or not given),
    )


@lru_cache(maxsize=8)
def _hidden_on_the_last(
    days: tuple[tuple[Leaf, ...], ...], hide_below: int
) -> tuple[tuple[frozenset[str], frozenset[str]], bool]:
    """Go through the small leaves of all days in turn; give what is hidden on the last one."""
    equations = Equations(hide_below)
    hidden, whole_hidden = (frozenset[str](), frozenset[str]()), False
    for small in days:
        members = _members(small)
        whole_hidden = not equations.may_add(_scores(small))
        townships = _hidden(members[TOWNSHIP], equations)
        hidden = (_hidden(members[UNIT], equations), townships)
    return hidden, whole_hidden


def _hidden(members: Mapping[str, Sequence[Leaf]], equations: Equations) -> frozenset[str]:
    ordered = sorted(members, key=lambda group: (-len(members[group]), group))
    return frozenset(one for one in ordered if not equations.may_add(_scores(members[one])))


def _scores(leaves: Iterable[Leaf]) -> list[Score]:
    return [(leaf.key, leaf.n, leaf.tenths) for leaf in leaves]


def _members(leaves: Iterable[Leaf]) -> tuple[Mapping[str, list[Leaf]], Mapping[str, list[Leaf]]]:
    found: tuple[dict[str, list[Leaf]], dict[str, list[Leaf]]] = (
        defaultdict(list),
        defaultdict(list),
    )
    for leaf in leaves:
        for side in (UNIT, TOWNSHIP):
            found[side][leaf.groups[side]].append(leaf)
    return found


def _pooled(members: Mapping[str, Sequence[Leaf]], hidden: Collection[str]) -> dict[str, Pooled]:
    return {group: _mean(some, hidden=group in hidden) for group, some in members.items()}


def _mean(leaves: Sequence[Leaf], *, hidden: bool) -> Pooled:
    n = sum(leaf.n for leaf in leaves)
    points = sum(leaf.n * leaf.tenths for leaf in leaves)
    return Pooled(n, None if hidden or not n else (2 * points + n) // (2 * n))

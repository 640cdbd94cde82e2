"""Hiding what few people said, and whatever else would let it come back by subtraction.

A leaf is one cadre's score with the number of households behind it. Leaves are added up twice,
by unit and by township, and over the whole county. A leaf with fewer answers than `hide_below`
is hidden; then sums are hidden until no hidden leaf can be worked out from what is shown
(complementary suppression; reliability, section 4). Screens and exports read this one function.

Sums of two days tell by subtraction what came, went or changed between them. So a sum is shown
only where too few answers changed in none of the comparisons with the days before on which it
could be shown. Sums without a hidden leaf tell nothing and are always shown.

Nor do the sums of all days together: they are equations over all hidden leaves as they ever
stood, and one that would single a leaf out is hidden (`domain/equations.py`). Which sums are shown
depends on hidden leaves alone, so every day can be gone through again as it was.

Exact within a day: shown sums are equations over hidden leaves. With every leaf an edge between
its unit and its township, a leaf can be worked out if and only if its edge is a bridge of that
graph, where hidden sums of one kind are one node (and of both kinds, when the whole is hidden).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from evalsys.domain.equations import Equations

UNIT: Final = 0
TOWNSHIP: Final = 1
_Node = tuple[int, str]
_Content = Mapping[str, tuple[int, int]]
"""The hidden leaves of one sum on one day: number of answers and score by key."""
_FREE: Final = (2, "")
"""In the graph: every hidden sum, when the county's is hidden as well."""


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
    earlier = _Earlier(hide_below)
    table = _Table((), hide_below)
    for small in days:
        table = _Table(small, hide_below)
        table.withhold(earlier)
        while table.hide_one_more():
            pass
        table.withhold_together(earlier.equations)
    return (frozenset(table.hidden[UNIT]), frozenset(table.hidden[TOWNSHIP])), table.whole_hidden


class _Earlier:
    """What the days gone through so far could tell: each sum by itself, and all as equations."""

    def __init__(self, hide_below: int) -> None:
        self._hide_below = hide_below
        self._shown: dict[_Node, list[_Content]] = defaultdict(lambda: [{}])
        self.equations = Equations(hide_below)

    def would_tell(self, at: _Node, content: _Content) -> bool:
        """Say whether a sum must stay hidden beside what it could show before; note it if not."""
        shown = self._shown[at]
        if content in shown:
            return False
        told = any(0 < _changed(content, one) < self._hide_below for one in shown)
        if not told:
            shown.append(content)
        return told


class _Table:
    """The sums over some leaves, and which of them are hidden so far."""

    def __init__(self, small: Sequence[Leaf], hide_below: int) -> None:
        self._members = _members(small)
        self._small = small
        self._hide_below = hide_below
        self.whole_hidden = 0 < sum(leaf.n for leaf in small) < hide_below
        self.hidden: tuple[set[str], set[str]] = (set(), set())
        for side in (UNIT, TOWNSHIP):
            for group, members in self._members[side].items():
                if sum(leaf.n for leaf in members) < hide_below:
                    self.hidden[side].add(group)

    def withhold(self, earlier: _Earlier) -> None:
        """Hide the sums that would tell, beside those of earlier days, what few have changed."""
        for side in (UNIT, TOWNSHIP):
            for group, members in self._members[side].items():
                if earlier.would_tell((side, group), _content(members)):
                    self.hidden[side].add(group)
        if self._small and earlier.would_tell(_FREE, _content(self._small)):
            self.whole_hidden = True

    def withhold_together(self, equations: Equations) -> None:
        """Hide the sums that would single a leaf out beside all that was ever shown."""
        if not self.whole_hidden and self._small:
            self.whole_hidden = not equations.may_add(_content(self._small))
        for side in (TOWNSHIP, UNIT):
            sums = {group: _content(some) for group, some in self._members[side].items()}
            for group in sorted(
                sums.keys() - self.hidden[side], key=lambda one: (-len(sums[one]), one)
            ):
                if not equations.may_add(sums[group]):
                    self.hidden[side].add(group)

    def hide_one_more(self) -> bool:
        """Hide the next sum that would give a leaf away; say whether there was one."""
        for side in (UNIT, TOWNSHIP):
            rest = sum(leaf.n for leaf in self._small if leaf.groups[side] in self.hidden[side])
            if not self.whole_hidden and 0 < rest < self._hide_below:
                self._hide_smallest(side)
                return True
        told = self._told()
        if told is None:
            return False
        for side in (UNIT, TOWNSHIP):
            if told.groups[side] not in self.hidden[side]:
                self.hidden[side].add(told.groups[side])
                return True
        self.whole_hidden = True
        return True

    def _hide_smallest(self, side: int) -> None:
        """Hide the shown sum with fewest hidden answers, or the whole when there is none."""
        shown = {leaf.groups[side] for leaf in self._small} - self.hidden[side]
        if not shown:
            self.whole_hidden = True
            return
        sizes = {group: sum(leaf.n for leaf in self._members[side][group]) for group in shown}
        self.hidden[side].add(min(sizes, key=lambda group: (sizes[group], group)))

    def _told(self) -> Leaf | None:
        """Find a hidden leaf that the shown sums give away: a bridge of their graph."""
        edges = [(self._node(leaf, UNIT), self._node(leaf, TOWNSHIP)) for leaf in self._small]
        bridge = _bridge(edges)
        return None if bridge is None else self._small[bridge]

    def _node(self, leaf: Leaf, side: int) -> _Node:
        group = leaf.groups[side]
        if group not in self.hidden[side]:
            return side, f"={group}"
        return _FREE if self.whole_hidden else (side, "")


def _changed(one: _Content, other: _Content) -> int:
    """Count the answers of leaves that are not the same in both."""
    return sum(
        max(one.get(key, (0, 0))[0], other.get(key, (0, 0))[0])
        for key in one.keys() | other.keys()
        if one.get(key) != other.get(key)
    )


def _content(leaves: Iterable[Leaf]) -> _Content:
    return {leaf.key: (leaf.n, leaf.tenths) for leaf in leaves}


def _members(leaves: Iterable[Leaf]) -> tuple[Mapping[str, list[Leaf]], Mapping[str, list[Leaf]]]:
    found: tuple[dict[str, list[Leaf]], dict[str, list[Leaf]]] = (
        defaultdict(list),
        defaultdict(list),
    )
    for leaf in leaves:
        for side in (UNIT, TOWNSHIP):
            found[side][leaf.groups[side]].append(leaf)
    return found


def _bridge(edges: Sequence[tuple[_Node, _Node]]) -> int | None:
    """Return the number of an edge that lies on no cycle, None when every edge does.

    Every edge outside a spanning forest closes one cycle. Each marks its two ends with a bit of
    its own; a tree edge is a bridge when the marks below it cancel out.
    """
    came_by = _forest(edges)
    marks = dict.fromkeys(came_by, 0)
    in_forest = {step[1] for step in came_by.values() if step is not None}
    for number, (one, other) in enumerate(edges):
        if number not in in_forest:
            marks[one] ^= 1 << number
            marks[other] ^= 1 << number
    for node, step in reversed(came_by.items()):
        if step is not None:
            above, number = step
            if not marks[node]:
                return number
            marks[above] ^= marks[node]
    return None


def _forest(edges: Sequence[tuple[_Node, _Node]]) -> dict[_Node, tuple[_Node, int] | None]:
    """Give each node, from the roots down, with the node above it and the edge between them."""
    around: dict[_Node, list[tuple[_Node, int]]] = defaultdict(list)
    for number, (one, other) in enumerate(edges):
        around[one].append((other, number))
        around[other].append((one, number))
    came_by: dict[_Node, tuple[_Node, int] | None] = {}
    for root in list(around):
        waiting: list[tuple[_Node, tuple[_Node, int] | None]] = [(root, None)]
        while waiting:
            node, step = waiting.pop()
            if node not in came_by:
                came_by[node] = step
                waiting += [(other, (node, number)) for other, number in around[node]]
    return came_by


def _pooled(members: Mapping[str, Sequence[Leaf]], hidden: Collection[str]) -> dict[str, Pooled]:
    return {group: _mean(some, hidden=group in hidden) for group, some in members.items()}


def _mean(leaves: Sequence[Leaf], *, hidden: bool) -> Pooled:
    n = sum(leaf.n for leaf in leaves)
    points = sum(leaf.n * leaf.tenths for leaf in leaves)
    return Pooled(n, None if hidden or not n else (2 * points + n) // (2 * n))

"""Hiding what few people said, and whatever else would let it come back by subtraction.

A leaf is one cadre's score with the number of households behind it. Leaves are added up twice,
by unit and by township, and over the whole county. A leaf with fewer answers than `hide_below`
is hidden; then sums are hidden until no hidden leaf can be worked out from what is shown
(complementary suppression; reliability, section 4). Screens and exports read this one function.

Sums of two days tell by subtraction what came, went or changed between them. So a sum is shown
only where too few answers changed in none of the comparisons with the days before on which it
could be shown. Sums without a hidden leaf tell nothing and are always shown.

Exact within a day: shown sums are equations over hidden leaves. With every leaf an edge between
its unit and its township, a leaf can be worked out if and only if its edge is a bridge of that
graph, where hidden sums of one kind are one node (and of both kinds, when the whole is hidden).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

UNIT: Final = 0
TOWNSHIP: Final = 1
_Node = tuple[int, str]
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
    small = [leaf for leaf in given if leaf.n < hide_below]
    table = _Table(given, small, hide_below)
    table.withhold(before)
    while table.hide_one_more():
        pass
    return Suppressed(
        leaves={leaf.key: leaf.tenths for leaf in given if leaf.n >= hide_below},
        groups=(
            _pooled(table.members[UNIT], table.hidden[UNIT]),
            _pooled(table.members[TOWNSHIP], table.hidden[TOWNSHIP]),
        ),
        whole=_mean(given, hidden=table.whole_hidden),
    )


class _Table:
    """The sums over some leaves, and which of them are hidden so far."""

    def __init__(self, given: Sequence[Leaf], small: Sequence[Leaf], hide_below: int) -> None:
        self.members: tuple[dict[str, list[Leaf]], dict[str, list[Leaf]]] = (
            defaultdict(list),
            defaultdict(list),
        )
        for leaf in given:
            for side in (UNIT, TOWNSHIP):
                self.members[side][leaf.groups[side]].append(leaf)
        self._small = small
        self._hide_below = hide_below
        self.whole_hidden = 0 < sum(leaf.n for leaf in small) < hide_below or not given
        self.hidden: tuple[set[str], set[str]] = (set(), set())
        for side in (UNIT, TOWNSHIP):
            for group, members in self.members[side].items():
                rest = sum(leaf.n for leaf in members if leaf.n < hide_below)
                if 0 < rest < hide_below:
                    self.hidden[side].add(group)

    def withhold(self, before: Sequence[Sequence[Leaf]]) -> None:
        """Hide the sums that would tell, beside those of earlier days, what few have changed."""
        days = [*before, self._small]
        for side in (UNIT, TOWNSHIP):
            split = [_contents(day, side) for day in days]
            for group in split[-1]:
                if _tells_a_change([one.get(group, {}) for one in split], self._hide_below):
                    self.hidden[side].add(group)
        whole = [{leaf.key: (leaf.n, leaf.tenths) for leaf in day} for day in days]
        self.whole_hidden |= _tells_a_change(whole, self._hide_below)

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
        """Hide the smallest shown sum that has a hidden leaf, or the whole when there is none."""
        shown = {leaf.groups[side] for leaf in self._small} - self.hidden[side]
        if not shown:
            self.whole_hidden = True
            return
        sizes = {group: sum(leaf.n for leaf in self.members[side][group]) for group in shown}
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


_Content = Mapping[str, tuple[int, int]]
"""The hidden leaves of one sum on one day: number of answers and score by key."""


def _contents(leaves: Iterable[Leaf], side: int) -> Mapping[str, _Content]:
    found: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for leaf in leaves:
        found[leaf.groups[side]][leaf.key] = (leaf.n, leaf.tenths)
    return found


def _tells_a_change(days: Sequence[_Content], hide_below: int) -> bool:
    """Say whether the sum of the last day must stay hidden beside what the others could show."""
    shown: list[_Content] = [{}]
    for content in days:
        told = content and any(0 < _changed(content, one) < hide_below for one in shown)
        if content is days[-1]:
            return bool(told)
        if not told and content:
            shown.append(content)
    return False


def _changed(one: _Content, other: _Content) -> int:
    """Count the answers of leaves that are not the same in both."""
    return sum(
        max(one.get(key, (0, 0))[0], other.get(key, (0, 0))[0])
        for key in one.keys() | other.keys()
        if one.get(key) != other.get(key)
    )


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


def _pooled(members: Mapping[str, Sequence[Leaf]], hidden: set[str]) -> dict[str, Pooled]:
    return {group: _mean(some, hidden=group in hidden) for group, some in members.items()}


def _mean(leaves: Sequence[Leaf], *, hidden: bool) -> Pooled:
    n = sum(leaf.n for leaf in leaves)
    points = sum(leaf.n * leaf.tenths for leaf in leaves)
    return Pooled(n, None if hidden or not n else (2 * points + n) // (2 * n))

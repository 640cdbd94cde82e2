"""What few said stays hidden, also from somebody who subtracts what is shown."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import chain, combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from evalsys.domain.suppression import TOWNSHIP, UNIT, Leaf, Suppressed, suppress


def _leaf(key: str, unit: str, township: str, n: int, tenths: int = 800) -> Leaf:
    return Leaf(key, (unit, township), n, tenths)


def test_what_enough_people_said_is_shown_and_pooled_by_answers() -> None:
    found = suppress([_leaf("a", "A", "X", 5, 800), _leaf("b", "A", "Y", 15, 900)], hide_below=5)
    assert found.leaves == {"a": 800, "b": 900}
    assert found.groups[UNIT]["A"].tenths == 875
    assert (found.whole.n, found.whole.tenths) == (20, 875)


def test_a_small_leaf_takes_the_sums_with_it_that_would_give_it_away() -> None:
    leaves = [_leaf("a", "A", "X", 9), _leaf("b", "A", "X", 4), _leaf("c", "B", "Y", 20)]
    found = suppress(leaves, hide_below=5)
    assert "b" not in found.leaves
    assert found.groups[UNIT]["A"].tenths is None  # less a's, it is b's
    assert found.groups[TOWNSHIP]["X"].tenths is None
    assert found.whole.tenths is None  # less B's and a's, it is b's
    assert found.groups[UNIT]["B"].tenths == 800
    assert found.groups[UNIT]["A"].n == 13  # how many answered is no secret


def test_small_leaves_hide_each_other_where_they_are_enough_together() -> None:
    leaves = [_leaf(str(i), "A", "X", 4, 100 * i) for i in range(1, 5)]
    found = suppress(leaves, hide_below=5)
    assert (found.leaves, found.whole.tenths) == ({}, 250)
    assert found.groups[UNIT]["A"].tenths == 250


def test_two_ways_of_adding_up_do_not_give_away_what_neither_does_alone() -> None:
    # A is b + c, X is b + d: were Y (c alone, four answers) shown, c and then b would be known.
    leaves = [_leaf("b", "A", "X", 4), _leaf("c", "A", "Y", 4), _leaf("d", "B", "X", 4)]
    leaves.append(_leaf("e", "B", "Z", 4))
    assert _told_of_few([leaves], [suppress(leaves, hide_below=5)], 5) == set()


def test_nothing_given_is_nothing_shown() -> None:
    assert suppress([], hide_below=5).whole.tenths is None
    assert suppress([_leaf("a", "A", "X", 0)], hide_below=5).groups == ({}, {})


def test_sums_of_two_days_do_not_tell_what_few_said_in_between() -> None:
    big, b, c = _leaf("a", "A", "X", 30), _leaf("b", "A", "X", 4, 700), _leaf("c", "A", "X", 4)
    came, more = _leaf("d", "A", "X", 3, 200), _leaf("e", "A", "X", 4, 300)

    def shown(*days: list[Leaf]) -> int | None:
        *before, today = days
        return suppress([big, *today], hide_below=5, before=before).groups[UNIT]["A"].tenths

    assert shown([b, c]) is not None
    assert shown([b, c], [b, c, came]) is None  # less the day before, it is d's
    assert shown([b, c, came], [b, c]) is None  # d has left
    assert shown([b, c], [b, _leaf("c", "A", "X", 4, 801)]) is None  # c was corrected
    assert shown([b, c], [b, c, came], [b, c, came, more]) is not None  # seven answers more
    assert shown([b, c], [b, c, came], [b, c]) is not None  # as before
    assert shown([b, c], [b, c, came, more], [b, c, more]) is None
    assert shown([b, c], []) is not None  # nothing of theirs is in it any more
    moved = _leaf("b", "B", "Y", 4, 700)
    assert shown([b, c, more], [moved, c, more]) is None  # b is in another unit's sum by now
    assert shown([moved, c], [b, c]) is not None  # c alone was not shown


LEAVES = st.lists(
    st.tuples(st.sampled_from("ABCD"), st.sampled_from("WXYZ"), st.integers(1, 8)), max_size=14
).map(lambda rows: [_leaf(str(i), u, t, n, 100 + i) for i, (u, t, n) in enumerate(rows)])


FEW = LEAVES.map(lambda leaves: leaves[:8])


@settings(max_examples=60)
@given(LEAVES)
def test_nothing_of_few_can_be_worked_out_from_what_is_shown(leaves: list[Leaf]) -> None:
    assert _told_of_few([leaves], [suppress(leaves, hide_below=5)], 5) == set()


@settings(max_examples=30)
@given(LEAVES)
def test_where_everybody_said_enough_nothing_is_hidden(leaves: list[Leaf]) -> None:
    enough = [Leaf(leaf.key, leaf.groups, leaf.n + 4, leaf.tenths) for leaf in leaves]
    found = suppress(enough, hide_below=5)
    sums = [pooled.tenths for side in found.groups for pooled in side.values()]
    assert None not in sums
    assert len(found.leaves) == len(enough)


def test_the_sums_of_all_days_together_do_not_single_out_what_none_does_alone() -> None:
    # With a, b, c under them, A, X and the county are shown on both days; e is A's growth and
    # X's less the county's.
    big = [_leaf("A1", "A", "X", 30), _leaf("B1", "B", "Y", 30)]
    before = [_leaf("a", "A", "X", 4), _leaf("b", "A", "X", 4)]
    before += [_leaf("c", "B", "Y", 4), _leaf("d", "B", "Y", 4)]
    came = [_leaf("e", "A", "X", 4, 300), _leaf("f", "A", "Y", 4, 500), _leaf("g", "B", "X", 4)]
    days = [before, [*before, *came]]
    shown = [suppress([*big, *day], hide_below=5, before=days[:at]) for at, day in enumerate(days)]
    assert shown[0].whole.tenths is not None
    assert _told_of_few(days, shown, 5) == set()
    assert shown[1].whole.tenths is not None


@settings(max_examples=30, deadline=None)
@given(st.lists(FEW, min_size=2, max_size=3), st.data())
def test_nothing_of_few_can_be_worked_out_from_all_days_together(
    days: list[list[Leaf]], data: st.DataObject
) -> None:
    kept = days[:1]
    for day in days[1:]:  # most of the day before stays as it was
        stays = [leaf for leaf in kept[-1] if data.draw(st.integers(0, 4))]
        keys = {leaf.key for leaf in stays}
        kept.append([*stays, *(leaf for leaf in day if leaf.key not in keys)])
    shown = [suppress(day, hide_below=5, before=kept[:at]) for at, day in enumerate(kept)]
    assert _told_of_few(kept, shown, 5) == set()


_Score = tuple[str, int, int]


def _told_of_few(
    days: Sequence[Sequence[Leaf]], shown: Sequence[Suppressed], few: int
) -> set[tuple[_Score, ...]]:
    """Solve the equations of all days as one system.

    Name the scores, and the pairs of scores of few answers together, of which it tells anything.
    """
    rows = []
    for day, seen in zip(days, shown, strict=True):
        small = [leaf for leaf in day if leaf.n < few]
        sums = [
            [leaf for leaf in small if leaf.groups[side] == group]
            for side in (UNIT, TOWNSHIP)
            for group, pooled in seen.groups[side].items()
            if pooled.tenths is not None
        ]
        sums += [small] if seen.whole.tenths is not None else []
        rows += [{(leaf.key, leaf.n, leaf.tenths) for leaf in one} for one in sums]
    scores = sorted(set().union(*rows))
    system = [[Fraction(score in row) for score in scores] for row in rows]
    rank = _rank(system)

    def is_told(some: tuple[_Score, ...]) -> bool:
        alone = [[Fraction(score == one) for score in scores] for one in some]
        return _rank([*system, *alone]) < rank + len(some)

    pairs = (
        (one, other)
        for one, other in combinations(scores, 2)
        if (max(one[1], other[1]) if one[0] == other[0] else one[1] + other[1]) < few
    )
    return set(filter(is_told, chain(((score,) for score in scores), pairs)))


def _rank(rows: Sequence[Sequence[Fraction]]) -> int:
    left = [list(row) for row in rows]
    rank = 0
    for column in range(len(left[0]) if left else 0):
        pivot = next((i for i in range(rank, len(left)) if left[i][column]), None)
        if pivot is None:
            continue
        left[rank], left[pivot] = left[pivot], left[rank]
        for i in range(len(left)):
            if i != rank and left[i][column]:
                factor = left[i][column] / left[rank][column]
                left[i] = [a - factor * b for a, b in zip(left[i], left[rank], strict=True)]
        rank += 1
    return rank

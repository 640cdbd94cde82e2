"""What is learned from texts: heaps that repeat, a classifier that knows what it does not know."""

from collections import Counter, defaultdict
from collections.abc import Sequence

import pytest

from evalsys.county.complaints import ISSUES, Complaint, complaints, troubles
from evalsys.learning.child import ChildLearner
from evalsys.learning.classifier import learn
from evalsys.learning.clusters import micro_clusters
from evalsys.ports import Lesson, Unsaid
from evalsys.store.rulebooks import shipped_casework

PLACES = ("上河村", "下河村", "马站镇", "柴山村")
LABELS = 20
UNSAID = Unsaid([row[0] for row in shipped_casework("boilerplate")[1:]], PLACES)
NOTHING = Unsaid([], [])


@pytest.fixture(scope="module")
def said() -> list[Complaint]:
    return list(complaints(7, 2_800, PLACES))


@pytest.fixture(scope="module")
def texts(said: list[Complaint]) -> list[str]:
    return [one.text for one in said]


def _lesson(said: Sequence[Complaint], texts: Sequence[str]) -> tuple[Lesson, list[int]]:
    seen: Counter[int] = Counter()
    known: list[int] = []
    rest: list[int] = []
    for at, one in enumerate(said):
        seen[one.issue] += 1
        (known if seen[one.issue] <= LABELS else rest).append(at)
    lesson = Lesson(
        [texts[at] for at in known],
        [said[at].issue for at in known],
        [1.0] * len(known),
        [texts[at] for at in rest],
        UNSAID,
        0.95,
    )
    return lesson, [said[at].issue for at in rest]


def test_the_made_up_county_has_78_issues_and_repeats(said: list[Complaint]) -> None:
    assert len(troubles()) == ISSUES
    assert {one.issue for one in said} == set(range(ISSUES))
    assert list(complaints(7, 2_800, PLACES)) == said
    assert [one.text for one in complaints(8, 50, PLACES)] != [one.text for one in said[:50]]


def test_with_20_labels_an_issue_nine_of_ten_are_right_and_the_sure_ones_more(
    said: list[Complaint], texts: list[str]
) -> None:
    lesson, truth = _lesson(said, texts)
    learned = learn(lesson)
    right = [guess == true for (guess, _), true in zip(learned.proposals, truth, strict=True)]
    accuracy = sum(right) / len(right)
    assert accuracy >= 0.90
    assert learned.accuracy == pytest.approx(accuracy, abs=0.06)
    assert learned.sure_from is not None
    sure = [
        ok
        for ok, (_, margin) in zip(right, learned.proposals, strict=True)
        if margin >= learned.sure_from
    ]
    assert len(sure) > len(right) / 2
    assert sum(sure) / len(sure) >= 0.95


def test_heaps_say_much_the_same_and_repeat(said: list[Complaint], texts: list[str]) -> None:
    heaps = micro_clusters(texts[:1_500], UNSAID, 150)
    found: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for (cluster, _), one in zip(heaps, said, strict=False):
        found[cluster][one.issue] += 1
    assert len(found) <= 150
    pure = sum(issues.most_common(1)[0][1] for issues in found.values()) / len(heaps)
    assert pure > 0.5
    assert micro_clusters(texts[:1_500], UNSAID, 150) == heaps


@pytest.mark.parametrize("texts", [[], ["路"], ["路", "路"], ["", ""], ["路", "水", "电"]])
def test_a_handful_of_texts_is_heaped_too(texts: list[str]) -> None:
    heaps = micro_clusters(texts, NOTHING, 600)
    assert len(heaps) == len(texts)
    assert len({cluster for cluster, _ in heaps}) <= max(1, len(set(texts)))


def test_few_labels_make_proposals_but_none_is_sure() -> None:
    lesson = Lesson(["路坏了", "停水"], [5, 9], [1.0, 1.0], ["修路", "没水喝"], NOTHING, 0.95)
    learned = learn(lesson)
    assert [label for label, _ in learned.proposals] == [5, 9]
    assert (learned.sure_from, learned.accuracy) == (None, None)
    with pytest.raises(ValueError, match="two"):
        learn(Lesson(["路"], [5], [1.0], [], NOTHING, 0.95))


def test_the_child_process_cleans_and_answers_the_same() -> None:
    unsaid = Unsaid(["你好"], ["上河村"])
    said = ["你好，上河村路坏了", "停水"], [5, 9], [1.0, 0.4], ["修路！上河村", "没水喝"]
    plain = ["路坏了", "停水"], [5, 9], [1.0, 0.4], ["修路", "没水喝"]
    learned = ChildLearner().learn(Lesson(*said, unsaid, 0.95))
    assert learned == learn(Lesson(*plain, NOTHING, 0.95))

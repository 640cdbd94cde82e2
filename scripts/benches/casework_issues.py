"""Common issues: the work list of a county's texts, and what the classifier makes of few labels.

The texts are made up (`evalsys.county.complaints`), so the figures compare methods and machines;
what the classifier is worth in a county says `evalsys issues learn`, which holds labels out.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD

from evalsys.county import names
from evalsys.county.complaints import ISSUES, Complaint, complaints
from evalsys.county.dice import Dice
from evalsys.domain.issue_text import Cleaner
from evalsys.domain.issues import CLUSTERS
from evalsys.learning.child import ChildLearner
from evalsys.learning.vectors import SEED, vectors_of
from evalsys.ports import Lesson, Unsaid
from evalsys.store.rulebooks import shipped_casework
from scripts.benches.figure import Figure, once

TEXTS = 35_489
"""As many as the case study's county collected (Y26)."""
LABELS = 20
VILLAGES = 1_040
PLAIN = "plain k-means, 78 clusters"


def run(_repeat: int) -> list[Figure]:
    """Measure the work list and the classifier once each: they always do the same."""
    places = names.villages(Dice(SEED, "villages"), VILLAGES)
    said = list(complaints(SEED, TEXTS, places))
    unsaid = Unsaid([row[0] for row in shipped_casework("boilerplate")[1:]], places)
    cleaner = Cleaner(unsaid.phrases, unsaid.places)
    texts = [one.text for one in said]
    learner = ChildLearner()
    heaps: list[tuple[int, int]] = []
    (seconds,) = once(lambda: heaps.extend(learner.cluster(texts, unsaid, CLUSTERS)))
    plain: list[int] = []
    (plain_seconds,) = once(
        lambda: plain.extend(_plain_k_means([cleaner.clean(text) for text in texts]))
    )
    right: list[float] = []
    (taught_seconds,) = once(lambda: right.append(_accuracy(learner, said, unsaid)))
    bench, plain_pure = "casework", _purity(said, plain)
    pure = _purity(said, (one for one, _ in heaps))
    return [
        Figure(bench, f"work list of {TEXTS:,} texts", seconds, "s", PLAIN, plain_seconds, 15),
        Figure(
            bench,
            "purity of the work list",
            pure,
            "share",
            PLAIN,
            plain_pure,
            higher_is_better=True,
        ),
        Figure(
            bench,
            f"accuracy with {LABELS} labels an issue",
            right[0],
            "share",
            f"{PLAIN}: purity",
            plain_pure,
            target=0.90,
            higher_is_better=True,
        ),
        Figure(bench, f"learning and {TEXTS:,} proposals", taught_seconds, "s"),
    ]


def _plain_k_means(texts: Sequence[str]) -> list[int]:
    points = TruncatedSVD(100, n_iter=2, random_state=SEED).fit_transform(vectors_of(texts))
    return [int(one) for one in KMeans(ISSUES, n_init=1, random_state=SEED).fit_predict(points)]


def _accuracy(learner: ChildLearner, said: Sequence[Complaint], unsaid: Unsaid) -> float:
    """Label some texts of each issue, judge all others, and count what is right."""
    order = list(range(len(said)))
    Dice(SEED, "labels").shuffle(order)
    seen: Counter[int] = Counter()
    known: list[int] = []
    rest: list[int] = []
    for at in order:
        seen[said[at].issue] += 1
        (known if seen[said[at].issue] <= LABELS else rest).append(at)
    learned = learner.learn(
        Lesson(
            [said[at].text for at in known],
            [said[at].issue for at in known],
            [1.0] * len(known),
            [said[at].text for at in rest],
            unsaid,
            0.95,
        )
    )
    pairs = zip(learned.proposals, rest, strict=True)
    return sum(issue == said[at].issue for (issue, _), at in pairs) / len(rest)


def _purity(said: Sequence[Complaint], clusters: Iterable[int]) -> float:
    """Share of texts that are about what most of their cluster is about."""
    found: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for one, cluster in zip(said, clusters, strict=True):
        found[cluster][one.issue] += 1
    return sum(issues.most_common(1)[0][1] for issues in found.values()) / len(said)

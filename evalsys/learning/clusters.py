"""Micro-clusters: small heaps of texts that say much the same, for an analyst to name (Y26)."""

from collections.abc import Sequence

import numpy as np
from sklearn.cluster import MiniBatchKMeans
from sklearn.decomposition import TruncatedSVD
from threadpoolctl import threadpool_limits

from evalsys.domain.issue_text import Cleaner
from evalsys.learning.vectors import SEED, vectors_of
from evalsys.ports import Unsaid

_DIMENSIONS = 100
_BATCH = 4096
_TINY = 1e-9


def micro_clusters(texts: Sequence[str], unsaid: Unsaid, wanted: int) -> list[tuple[int, int]]:
    """Give cluster (from 0) and distance from its middle (thousandths) of each text.

    What is `unsaid` does not count. At most `wanted` clusters, and never more than there are
    different texts. The order of the texts counts: sort them first.
    """
    cleaner = Cleaner(unsaid.phrases, unsaid.places)
    said = [cleaner.clean(text) for text in texts]
    most = min(wanted, len(set(said)))
    if most < 2:
        return [(0, 0)] * len(said)
    # With more threads the order of sums, and so the last digit, would hang on the machine.
    with threadpool_limits(1):
        return _heaped(said, most)


def _heaped(texts: Sequence[str], most: int) -> list[tuple[int, int]]:
    vectors = vectors_of(texts)
    dimensions = min(_DIMENSIONS, vectors.shape[1] - 1)
    if dimensions >= 1:
        points = TruncatedSVD(dimensions, n_iter=2, random_state=SEED).fit_transform(vectors)
    else:
        points = vectors.toarray()
    points /= np.linalg.norm(points, axis=1, keepdims=True) + _TINY
    model = MiniBatchKMeans(
        most, batch_size=_BATCH, n_init=1, max_iter=20, random_state=SEED, reassignment_ratio=0
    ).fit(points)
    labels = model.labels_
    away = np.linalg.norm(points - model.cluster_centers_[labels], axis=1)
    return [
        (int(label), int(far))
        for label, far in zip(labels, np.rint(away * 1000).astype(int), strict=True)
    ]

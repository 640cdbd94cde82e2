"""The classifier: a linear machine over the analyst's labels, and how far it may be trusted."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.model_selection import KFold
from sklearn.svm import LinearSVC

from evalsys.domain.issue_text import Cleaner
from evalsys.learning.vectors import SEED, vectors_of
from evalsys.ports import Learned, Lesson

_FOLDS = 3
_ENOUGH_TO_TEST = 30
"""Labels below which no part can be held out, so no figure is given and nothing is sure."""
MOST_A_CLASS = 400
"""Labels of one issue that are learned from, the last given: more cost time and teach nothing."""


def learn(lesson: Lesson) -> Learned:
    """Learn from the labels and judge the rest.

    Raises:
        ValueError: fewer than two different labels.
    """
    if len(set(lesson.labels)) < 2:
        raise ValueError("fewer than two different labels")
    kept = _last_of_each(lesson.labels)
    cleaner = Cleaner(lesson.unsaid.phrases, lesson.unsaid.places)
    texts = (*(lesson.texts[at] for at in kept), *lesson.rest)
    vectors = vectors_of([cleaner.clean(text) for text in texts])
    known, rest = vectors[: len(kept)], vectors[len(kept) :]
    labels = np.array([lesson.labels[at] for at in kept])
    weights = np.array([lesson.weights[at] for at in kept])
    held = _held_out(known, labels, weights) if len(kept) >= _ENOUGH_TO_TEST else None
    threshold = _threshold(*held, lesson.precision) if held else None
    proposals: list[tuple[int, int]] = []
    if lesson.rest:
        guessed, margins = _guess(_fitted(known, labels, weights), rest)
        proposals = [
            (int(guess), int(margin)) for guess, margin in zip(guessed, margins, strict=True)
        ]
    return Learned(proposals, threshold, float(held[0].mean()) if held else None)


def _last_of_each(labels: Sequence[int]) -> list[int]:
    left: Counter[int] = Counter()
    kept: list[int] = []
    for at in range(len(labels) - 1, -1, -1):
        left[labels[at]] += 1
        if left[labels[at]] <= MOST_A_CLASS:
            kept.append(at)
    return kept[::-1]


def _fitted(
    vectors: csr_matrix, labels: NDArray[np.int_], weights: NDArray[np.float64]
) -> LinearSVC:
    return LinearSVC(random_state=SEED).fit(vectors, labels, weights)


def _guess(model: LinearSVC, vectors: csr_matrix) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    scores = model.decision_function(vectors)
    if scores.ndim == 1:  # two labels: one column tells both
        scores = np.column_stack([-scores, scores])
    ranked = np.sort(scores, axis=1)
    margins = np.rint((ranked[:, -1] - ranked[:, -2]) * 1000).astype(int)
    return model.classes_[scores.argmax(axis=1)], margins


def _held_out(
    vectors: csr_matrix, labels: NDArray[np.int_], weights: NDArray[np.float64]
) -> tuple[NDArray[np.bool_], NDArray[np.int_]] | None:
    """Guess each label from the others: which were right, and with what margin."""
    right: NDArray[np.bool_] = np.zeros(len(labels), dtype=bool)
    margins: NDArray[np.int_] = np.zeros(len(labels), dtype=int)
    for others, part in KFold(_FOLDS, shuffle=True, random_state=SEED).split(labels):
        if len(set(labels[others])) < 2:
            return None
        model = _fitted(vectors[others], labels[others], weights[others])
        guessed, margins[part] = _guess(model, vectors[part])
        right[part] = guessed == labels[part]
    return right, margins


def _threshold(right: NDArray[np.bool_], margins: NDArray[np.int_], precision: float) -> int | None:
    """Find the least margin from which so many were right."""
    order = np.argsort(-margins, kind="stable")
    so_far = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(so_far >= precision)
    return int(margins[order[good[-1]]]) if len(good) else None

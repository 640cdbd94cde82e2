"""Texts as vectors: TF-IDF over runs of one to three characters. Chinese needs no word breaks."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

SEED = 0
"""Of every random choice below this floor: the same texts give the same answers."""
MOST_FEATURES = 30_000
_RARE = 1_000
"""With so many texts a run of characters must stand in three of them, else in one."""


def vectors_of(texts: Sequence[str]) -> csr_matrix:
    """Give one row a text; a text without any known run is a row of zeros."""
    vectorizer = TfidfVectorizer(
        analyzer="char",
        ngram_range=(1, 3),
        min_df=3 if len(texts) >= _RARE else 1,
        sublinear_tf=True,
        max_features=MOST_FEATURES,
        dtype=np.float32,
    )
    return vectorizer.fit_transform(texts)

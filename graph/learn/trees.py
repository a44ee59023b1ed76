"""Fits the judges: boosted trees over rows of features."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier

from graph.extract.learned.words import Floats

Right = npt.NDArray[np.bool_]
# How many trees, with how many leaves: usually, and where only one row in fifty is right.
USUAL, RARE = (100, 8), (300, 12)


def fit(
    rows: Floats, right: Right, shape: tuple[int, int] = USUAL
) -> HistGradientBoostingClassifier:
    """Trees that give each row the probability of being right; none is where there are no rows."""
    if not len(rows):
        rows, right = np.zeros((1, rows.shape[1]), np.float32), np.zeros(1, bool)
    size, leaves = shape
    model = HistGradientBoostingClassifier(
        max_iter=size,
        max_leaf_nodes=leaves,
        learning_rate=0.05,
        min_samples_leaf=40,
        l2_regularization=4.0,
        max_features=0.4,
        early_stopping=False,
        random_state=0,
    )
    return model.fit(rows, right)


def chances(model: HistGradientBoostingClassifier, rows: Floats) -> Floats:
    """Probability of each row."""
    if not len(rows):
        return np.zeros(0, np.float32)
    found: Floats = model.predict_proba(rows)[:, 1].astype(np.float32)
    return found

"""Fits the judges: boosted trees over rows of features."""

from __future__ import annotations

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from graph.extract.learned.words import Floats

_SHAPE = {"max_iter": 100, "learning_rate": 0.05, "max_leaf_nodes": 8, "min_samples_leaf": 40}


def fit(rows: Floats, right: np.ndarray, seed: int = 0) -> HistGradientBoostingClassifier:  # type: ignore[type-arg]
    """Trees that give each row the probability of being right."""
    model = HistGradientBoostingClassifier(
        **_SHAPE, l2_regularization=4.0, max_features=0.4, early_stopping=False, random_state=seed
    )
    return model.fit(rows, right)


def chances(model: HistGradientBoostingClassifier, rows: Floats) -> Floats:
    """Probability of each row."""
    if not len(rows):
        return np.zeros(0, np.float32)
    found: Floats = model.predict_proba(rows)[:, 1].astype(np.float32)
    return found

"""What the encoder is asked with."""

from __future__ import annotations

import numpy as np
import pytest

from graph.extract.learned import onnx


def test_log_odds_beyond_all_bounds_are_probabilities_still() -> None:
    scores = np.array([-6e4, -100, 0, 100, 6e4], np.float32)
    assert onnx.expit(scores).tolist() == pytest.approx([0, 0, 0.5, 1, 1], abs=1e-6)

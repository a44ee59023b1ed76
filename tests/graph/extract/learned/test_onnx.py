"""What the encoder is asked with."""

from __future__ import annotations

import numpy as np
import pytest

from graph.extract.learned import onnx


def test_means_of_words_far_apart_are_those_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    made = np.random.default_rng(1)
    hidden = made.normal(size=(900, 4)).astype(np.float32)
    first = made.integers(0, 800, 60)
    last = first + made.integers(0, 90, 60)
    expected = [
        hidden[a:b].mean(0) if b > a else np.zeros(4) for a, b in zip(first, last, strict=True)
    ]
    np.testing.assert_allclose(onnx.means(hidden, first, last), expected, atol=1e-6)
    monkeypatch.setattr(onnx, "_EXTENT", 100)
    np.testing.assert_allclose(onnx.means(hidden, first, last), expected, atol=1e-6)


def test_log_odds_beyond_all_bounds_are_probabilities_still() -> None:
    scores = np.array([-6e4, -100, 0, 100, 6e4], np.float32)
    assert onnx.expit(scores).tolist() == pytest.approx([0, 0, 0.5, 1, 1], abs=1e-6)

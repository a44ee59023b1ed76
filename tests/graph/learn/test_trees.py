"""The judges as onnxruntime runs them are the judges that were fitted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the extra train is not installed")
onnx = pytest.importorskip("onnx", reason="the extra train is not installed")


def test_exported_trees_give_the_same_chances(tmp_path: Path) -> None:
    from graph.extract.learned.onnx import session
    from graph.learn import trees
    from graph.learn.export import tree_model

    made = np.random.default_rng(3)
    rows = made.normal(size=(900, 5)).astype(np.float32)
    rows[:, 2] = made.integers(0, 3, 900)  # ties with thresholds
    right = rows[:, 0] + rows[:, 2] + made.normal(size=900) > 1
    model = trees.fit(rows, right)
    onnx.save(tree_model(model), str(tmp_path / "judge.onnx"))
    (found,) = session(tmp_path / "judge.onnx").run(None, {"rows": rows})
    np.testing.assert_allclose(found[:, 0], trees.chances(model, rows), atol=2e-6)


def test_where_nothing_was_seen_nothing_is_likely() -> None:
    from graph.learn import trees

    model = trees.fit(np.zeros((0, 5), np.float32), np.zeros(0, bool))
    assert trees.chances(model, np.ones((2, 5), np.float32)).max() < 0.01

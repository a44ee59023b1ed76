"""How far stated probabilities are from outcomes."""

from __future__ import annotations

import pytest

from graph.learn.calibration import bins, error, table


def test_a_probability_that_comes_true_has_no_error() -> None:
    assert error([(0.25, True)] + [(0.25, False)] * 3) == 0


def test_overconfidence_is_the_distance() -> None:
    assert error([(0.9, False)] * 4) == pytest.approx(0.9)


def test_bins_count_every_fact_also_the_certain_ones() -> None:
    facts = [(0.0, False), (0.05, False), (0.99, True), (1.0, True)]
    assert sum(row["facts"] for row in bins(facts)) == 4
    assert table({"entities": facts})["entities"]["facts"] == 4


def test_nothing_told_is_no_error() -> None:
    assert error([]) == 0

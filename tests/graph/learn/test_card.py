"""The quality card."""

from __future__ import annotations

import pytest

from graph.evaluate import Count

pytest.importorskip("torch", reason="the extra train is not installed")


def test_the_range_holds_the_score_and_is_the_same_twice() -> None:
    from graph.learn.card import interval

    parts = [{"entities": Count(n, 5, 10 - n)} for n in range(10)]
    low, high = interval(parts, "entities")
    total = Count(45, 50, 55).f1
    assert low < total < high
    assert interval(parts, "entities") == (low, high)


def test_one_document_over_and_over_has_no_range() -> None:
    from graph.learn.card import interval

    low, high = interval([{"relations": Count(3, 1, 2)}] * 8, "relations")
    assert low == pytest.approx(high) == pytest.approx(Count(3, 1, 2).f1)

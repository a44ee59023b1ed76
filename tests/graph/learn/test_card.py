"""The quality card."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from graph.evaluate import Count, add_up, score
from graph.quality import read_card
from graph.resources import data_path

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


def test_the_figures_of_a_card_can_be_read_from_it(tmp_path: Path) -> None:
    from graph.learn.card import write_card
    from graph.learn.judges import Judges
    from graph.learn.training import Trial, lessons_of

    lessons = lessons_of([data_path("gold")], None)
    told = [x.reading.records(x.annotated.text) for x in lessons]
    # Of the judges a card tells nothing.
    judges = cast(Judges, None)
    folds = [n % 2 for n in range(len(lessons))]
    write_card(Trial(lessons, folds, told, judges, [x.name for x in lessons]), tmp_path / "card.md")
    card = read_card((tmp_path / "card.md").read_text("utf-8"))
    wanted = add_up(score(x.annotated.gold, found) for x, found in zip(lessons, told, strict=True))
    assert card.documents == len(lessons)
    assert {one.name for one in card.scores} == set(wanted)
    for one in card.scores:
        own = wanted[one.name]
        assert one.precision == pytest.approx(own.precision, abs=0.0051)
        assert one.recall == pytest.approx(own.recall, abs=0.0051)
        assert one.wanted == own.right + own.missed

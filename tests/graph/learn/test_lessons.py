"""Lessons: documents that are measured, and documents that are only learned from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the extra train is not installed")

TEXT = "The Ministry will fund a battery institute."


def write(folder: Path, name: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.txt").write_text(TEXT, "utf-8")
    start = TEXT.index("battery institute")
    mention = {"start": start, "end": start + 17, "text": "battery institute"}
    entity = {"id": "i", "type": "Instrument", "name": "battery institute", "mentions": [mention]}
    note = {"document": name, "entities": [entity], "statements": [], "relations": []}
    (folder / f"{name}.json").write_text(json.dumps(note), "utf-8")


def test_documents_of_the_other_folders_are_not_measured(tmp_path: Path) -> None:
    from graph.learn.training import lessons_of

    for number in range(5):
        write(tmp_path / "gold", f"g{number}")
    write(tmp_path / "more", "m")
    lessons = lessons_of([tmp_path / "gold"], None, [tmp_path / "more"])
    assert [(x.name, x.measured) for x in lessons] == [
        *((f"g{n}", True) for n in range(5)),
        ("m", False),
    ]


def test_what_is_only_learned_from_does_not_make_up_for_what_is_measured(tmp_path: Path) -> None:
    from graph.errors import DataError
    from graph.learn.training import lessons_of

    write(tmp_path / "gold", "g")
    for number in range(9):
        write(tmp_path / "more", f"m{number}")
    with pytest.raises(DataError, match="1 annotated documents are too few"):
        lessons_of([tmp_path / "gold"], None, [tmp_path / "more"])


def test_a_lesson_marks_the_spans_that_are_mentions(tmp_path: Path) -> None:
    from graph.extract.learned.words import TYPES
    from graph.learn.training import lessons_of

    for number in range(5):
        write(tmp_path / "gold", f"g{number}")
    lesson = lessons_of([tmp_path / "gold"], None)[0]
    (row,) = lesson.marked.any(1).nonzero()[0].tolist()
    words = lesson.reading.prose.words
    assert words[slice(*lesson.spans[row])] == ["battery", "institute"]
    assert lesson.marked[row].nonzero()[0].tolist() == [TYPES.index("Instrument")]


def test_a_share_of_the_documents_is_spread_evenly() -> None:
    from graph.learn.judges import thinned

    assert thinned(list(range(10)), 0.5) == [0, 2, 4, 6, 8]
    assert thinned(["only"], 0.1) == ["only"]
    assert thinned([], 0.5) == []

"""Spans: which are looked at, what becomes a candidate, and what a judge is told of it."""

from __future__ import annotations

import numpy as np
import pytest

from graph.extract.learned import spans
from graph.extract.learned.mention_features import features
from graph.extract.learned.spans import WIDEST, Candidate, Marks
from graph.extract.learned.words import TYPES, Floats, Halves, Integers
from graph.extract.rules import Reading, RuleExtractor
from graph.records import Document, Text

TEXT = """The Ministry will fund a national battery institute to strengthen basic research.

Rain fell on the guests."""
GOAL, INSTRUMENT = TYPES.index("Goal"), TYPES.index("Instrument")


@pytest.fixture(scope="module")
def reading() -> Reading:
    return RuleExtractor().read(Text(document=Document(name="a"), content=TEXT))


def outside(reading: Reading) -> Floats:
    """Tags that see nothing anywhere."""
    chance = np.zeros((len(reading.prose.words), len(TYPES), 3), np.float32)
    chance[:, :, 0] = 1
    return chance


def marked(reading: Reading, *wanted: tuple[int, int, int]) -> Marks:
    """Marks that are sure of these spans (first, last, type) and of no other."""

    def score(first: Integers, last: Integers) -> Halves:
        found = np.zeros((len(first), len(TYPES)), np.float16)
        for a, b, type_ in wanted:
            found[(first == a) & (last == b), type_] = 0.98
        return found

    return spans.marks(reading.prose, score)


def test_every_span_of_a_passage_is_looked_at_once_and_none_crosses_two(reading: Reading) -> None:
    first, last = spans.every(reading.prose)
    pairs = list(zip(first.tolist(), last.tolist(), strict=True))
    wanted = [
        (a, b)
        for passage in reading.prose.passages
        for a in range(passage.first, passage.last)
        for b in range(a + 1, min(a + WIDEST, passage.last) + 1)
    ]
    assert pairs == wanted


def test_the_marks_of_a_span_are_found_again(reading: Reading) -> None:
    marks = marked(reading, (5, 8, INSTRUMENT))
    found = marks.of(np.array([5, 5, 0]), np.array([8, 7, WIDEST + 1]))
    assert found[0, INSTRUMENT] == pytest.approx(0.98, abs=0.001)
    assert found[1].max() < 0.01
    assert not found[2].any()


def test_a_span_that_the_encoder_is_sure_of_is_a_candidate(reading: Reading) -> None:
    words = reading.prose.words
    at = words.index("battery")
    found = spans.candidates(reading, outside(reading), marked(reading, (at, at + 1, INSTRUMENT)))
    alone = [c for c in found if c.draft is None]
    assert [(c.type, TEXT[c.start : c.end]) for c in alone] == [("Instrument", "battery")]


def test_candidates_without_the_encoder_are_those_of_the_rules(reading: Reading) -> None:
    found = spans.candidates(reading, outside(reading), marked(reading))
    told = {(d.type, span) for d in reading.entities for span in d.mentions}
    assert {(c.type, (c.start, c.end)) for c in found} == told


def test_overlaps_in_the_features_are_those_of_the_characters(reading: Reading) -> None:
    """Every column of overlaps against the definition, candidate by candidate."""
    words = reading.prose.words
    at = words.index("battery")
    marks = marked(reading, (at, at + 2, INSTRUMENT), (at - 1, at + 2, GOAL))
    found = spans.candidates(reading, outside(reading), marks)
    rows = features(reading, outside(reading), marks, found, {})
    crowds = rows[:, -2 * len(TYPES) - 6 : -2 * len(TYPES)]
    group = [spans.GROUPS[c.type] for c in found]

    def share(a: Candidate, b: Candidate) -> float:
        return spans.overlap((a.start, a.end), (b.start, b.end))

    for i, c in enumerate(found):
        ruled = [(share(c, d), group[j]) for j, d in enumerate(found) if d.draft is not None]
        same = max((s for s, g in ruled if g == group[i]), default=0)
        other = max((s for s, g in ruled if g != group[i]), default=0)
        near = sum(
            group[j] == group[i] and spans.SAME <= share(c, d) < 1 for j, d in enumerate(found)
        )
        assert crowds[i, [0, 1, 5]].tolist() == pytest.approx([same, other, near])


def test_a_text_without_candidates_has_no_rows() -> None:
    reading = RuleExtractor().read(Text(document=Document(name="b"), content="Rain fell."))
    marks = marked(reading)
    found = spans.candidates(reading, outside(reading), marks)
    assert features(reading, outside(reading), marks, found, {}).shape == (len(found), 54)

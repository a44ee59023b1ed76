"""Scores for pairs of names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.identifiers import normalise
from graph.link.compare import compare, is_acronym_of


@pytest.mark.parametrize(
    ("left", "right", "reason"),
    [
        ("the Royal Society", "Royal society", "the same name"),
        ("Funding new labs", "fund new lab", "the same words in other forms"),
        ("Research Council Norway", "Norway Research Council", "the same words in another order"),
        ("Bretton Agency for Tools", "BAT", "one is the initials of the other"),
        ("European Research Council", "European Council for Research", "shared words"),
        ("Anusandhan", "Anusandan", "similar spelling"),
    ],
)
def test_a_score_gives_its_reason(left: str, right: str, reason: str) -> None:
    assert compare(left, right).reason == reason


def test_nearer_names_score_higher() -> None:
    name = "National Research Foundation of Korea"
    others = ("National Research Foundation", "National Council", "Royal Society")
    scores = [compare(name, other).score for other in others]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] < 0.4 < scores[0]


@given(st.text(max_size=30), st.text(max_size=30))
def test_scores_are_symmetric_and_one_only_for_the_same_name(left: str, right: str) -> None:
    found = compare(left, right)
    assert found == compare(right, left)
    assert 0 <= found.score <= 1
    assert (found.score == 1) == (normalise(left) == normalise(right))


@pytest.mark.parametrize(
    ("short", "full", "expected"),
    [
        ("NIST", "National Institute of Standards and Technology", True),
        ("NIoSaT", "National Institute of Standards and Technology", True),
        ("NQM", "National Quantum Mission", True),
        ("A*STAR", "Agency for Science, Technology and Research", False),
        ("NQM", "National Quantum Machine Mission", False),
        ("nqm", "National Quantum Mission", False),
        ("N", "National", False),
        ("NQM", "NQM", False),
    ],
)
def test_an_acronym_is_made_of_initials(short: str, full: str, expected: bool) -> None:
    assert is_acronym_of(short, full) is expected

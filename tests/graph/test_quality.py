"""The quality card in plain words."""

from __future__ import annotations

import pytest

from graph.errors import DataError
from graph.quality import HEAD, Score, measured_on, read_card, row
from graph.reliability import FEWEST
from graph.resources import document_path


def score(name: str, precision: float, recall: float, wanted: int = 1234) -> Score:
    return Score(name=name, precision=precision, recall=recall, wanted=wanted)


def card(*scores: Score) -> str:
    rows = [row(one, "0.50 (0.40-0.60)", "0.10 (few)") for one in scores]
    text = f"# Card\n\n{measured_on(57, 26)} in some way.\n\n## Scores\n\n{HEAD}\n|---|---|\n"
    return text + "\n".join(rows) + "\n\n## More\n\n| a | b |\n"


def test_what_is_written_is_read() -> None:
    scores = (score("entities/Goal", 0.7, 0.77), score("relations/partOf", 0.32, 0.12, 412))
    found = read_card(card(*scores))
    assert (found.documents, found.issuers) == (57, 26)
    assert found.scores == scores


def test_the_chief_kinds_come_in_the_words_of_people() -> None:
    names = ("relations", "statements/pair", "statements/full", "entities/Goal", "entities")
    found = read_card(card(*(score(name, 0.36, 0.3) for name in names)))
    assert [one.sentence for one in found.chief] == [
        f"Of 100 {noun} that it names, 36 are right; of 100 that are there, it finds 30."
        for noun in ("goals", "relations", "statements")
    ]


def test_the_worst_kinds_are_those_of_which_there_were_enough() -> None:
    found = read_card(
        card(
            score("entities/Goal/strict", 0.01, 0.01),
            score("relations", 0.01, 0.01),
            score("relations/partOf", 0.3, 0.2),
            score("statements/modality/calls-for", 0.3, 0.1),
            score("relations/fundedBy", 0.0, 0.0, FEWEST - 1),
            score("entities/Goal", 0.7, 0.7),
        )
    )
    assert [one.title for one in found.worst(2)] == [
        "statements “calls for”",
        "relations “part of”",
    ]


def test_the_shipped_card_can_be_told_in_plain_words() -> None:
    found = read_card(document_path("quality.md").read_text("utf-8"))
    assert len(found.chief) == 5
    assert len(found.worst()) == 5
    assert all(0 < one.f1 < 1 for one in found.chief)


def test_a_text_without_scores_is_refused() -> None:
    with pytest.raises(DataError, match="no table of scores"):
        read_card("# Card\n")

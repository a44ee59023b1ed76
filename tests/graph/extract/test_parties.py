"""The parties of an agreement take a name in its first lines."""

from __future__ import annotations

import pytest

from graph.extract.draft import Draft
from graph.extract.parties import find
from graph.extract.passages import read


@pytest.mark.parametrize(
    "definition",
    [
        "(hereinafter referred to as the “Parties”)",
        '(collectively, the "Parties")',
        "(hereinafter the Parties)",
    ],
)
def test_a_defined_term_is_one_group_wherever_it_stands(definition: str) -> None:
    text = f"Chile and Peru {definition} agree. The Parties share data. Third parties do not."
    (group,) = find(read(text), [])
    assert group.type == "ActorGroup"
    assert [text[a:b] for a, b in group.mentions] == ["Parties", "Parties"]


@pytest.mark.parametrize(
    "text",
    [
        "The treaty (hereinafter the “Treaty”) binds the Treaty states.",
        "The Parties agree.",
        "Chile and Peru (the two Parties) agree.",
    ],
)
def test_other_terms_and_undefined_ones_are_no_group(text: str) -> None:
    assert find(read(text), []) == []


def test_a_group_that_was_found_at_one_place_gets_the_others() -> None:
    text = "Chile and Peru (hereinafter the “Parties”) agree. The Parties share data."
    start = text.rindex("Parties")
    group = Draft("ActorGroup", [(start, start + 7)], "other")
    assert find(read(text), [group]) == []
    assert [text[a:b] for a, b in group.mentions] == ["Parties", "Parties"]


def test_a_text_full_of_brackets_takes_no_long_time() -> None:
    assert find(read("(hereinafter " * 20_000), []) == []

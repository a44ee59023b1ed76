"""Names found once are found wherever they stand again."""

from __future__ import annotations

import pytest

from graph.extract.again import add_mentions
from graph.extract.draft import Draft
from graph.extract.passages import read
from graph.records import EntityType


def mentions(text: str, name: str, type_: EntityType = "Goal", *others: Draft) -> list[str]:
    start = text.index(name)
    draft = Draft(type_, [(start, start + len(name))], "test")
    add_mentions(read(text), [draft, *others])
    return [text[a:b] for a, b in draft.mentions]


def test_a_name_of_two_words_is_found_again_in_any_case_of_letters() -> None:
    text = "Open data matters. We want open data. OPEN DATA!"
    assert mentions(text, "open data") == ["Open data", "open data", "OPEN DATA"]


@pytest.mark.parametrize(
    ("text", "name", "type_"),
    [
        ("Growth and growth.", "growth", "Goal"),  # one word may mean anything
        ("Cheap energy and cheap energyworks.", "Cheap energy", "Goal"),  # not whole words
        (
            "The Sea Council met the sea council.",
            "Sea Council",
            "Organization",
        ),  # actors have names
    ],
)
def test_other_words_are_left_alone(text: str, name: str, type_: EntityType) -> None:
    assert mentions(text, name, type_) == [name]


def test_what_is_within_another_goal_or_measure_is_left_alone() -> None:
    text = "We want open data. The open data act came."
    start = text.index("open data act")
    act = Draft("Instrument", [(start, start + 13)], "test")
    assert mentions(text, "open data", "Goal", act) == ["open data"]


def test_offsets_are_right_behind_letters_that_grow_in_lower_case() -> None:
    text = "İİİ 😀 open data and 𠮷 open data"
    assert set(mentions(text, "open data")) == {"open data"}

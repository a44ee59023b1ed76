"""Fields of research and technology."""

from __future__ import annotations

import pytest

from graph.extract import fields, passages
from graph.records import Document


def found(text: str) -> list[list[str]]:
    drafts = fields.find(passages.read(text), Document(name="d"))
    return [[text[a:b] for a, b in d.mentions] for d in drafts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They invest in quantum computing.", ["quantum computing"]),
        ("Centres for seismology and mathematics opened.", ["seismology", "mathematics"]),
        ("It supports laser technology.", ["laser technology"]),
        ("It covers critical and emerging technologies.", ["critical and emerging technologies"]),
        (
            "They work on biotechnology, photonics and deep drilling.",
            ["biotechnology", "photonics", "deep drilling"],
        ),
        ("They worked at the Institute of Physics in Norwold.", []),
        ("There is no space left in the history of the house.", []),
        ("New technology and good research need university science.", []),
        ("This methodology is no technology transfer.", []),
    ],
)
def test_fields_are_names_and_phrases_but_not_generic_words(text: str, expected: list[str]) -> None:
    assert [m[0] for m in found(text)] == expected


def test_a_field_its_acronym_and_its_technologies_are_one() -> None:
    text = "Artificial intelligence (AI) grows. We need AI."
    assert found(text) == [["Artificial intelligence", "AI", "AI"]]
    text = "We make semiconductors with semiconductor technologies."
    assert found(text) == [["semiconductors", "semiconductor technologies"]]


def test_fields_of_one_record_stay_apart() -> None:
    assert len(found("They invest in quantum computing and quantum sensing.")) == 2


def test_an_authority_field_has_its_key() -> None:
    (draft,) = fields.find(passages.read("We study astronomy."), Document(name="d"))
    assert (draft.authority, draft.rule) == ("field/astronomy", "authority")


@pytest.mark.parametrize("text", ["", "physics, " * 3000, "biology and " * 3000, "ology " * 3000])
def test_odd_texts_are_read_without_harm(text: str) -> None:
    found(text)

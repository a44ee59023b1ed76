"""Texts of a sentence or two, from plain words to statements."""

from __future__ import annotations

import pytest

from graph.extract.rules import RuleExtractor
from graph.records import Document, Text

Taken = tuple[str | None, str, str]

PLAIN: dict[str, list[Taken]] = {
    "The Nordic Council supports open science.": [
        ("Nordic Council", "endorses", "supports open science")
    ],
    "The Senate of Peru rejected the Copper Innovation Institute.": [
        ("Senate of Peru", "opposes", "Copper Innovation Institute")
    ],
    "Brazil will invest 2 billion euros in battery research.": [
        ("Brazil", "commits-to", "invest 2 billion euros in battery research")
    ],
    "The European Commission will not fund coal research.": [
        ("European Commission", "opposes", "fund coal research")
    ],
    "The Research Council will strengthen marine research.": [
        ("Research Council", "commits-to", "strengthen marine research")
    ],
    "Universities must spend more on technical training.": [
        (None, "calls-for", "technical training")
    ],
    "The Chamber of Commerce criticised the new innovation levy.": [
        ("Chamber of Commerce", "opposes", "innovation levy")
    ],
    "The minister announced a 20 million euro programme for desert research.": [
        (None, "carries-out", "programme for desert research")
    ],
    # laws and plans act for whoever is behind them
    "The Bill establishes the Harbour Research Endowment.": [
        (None, "carries-out", "Harbour Research Endowment")
    ],
    "The Strategy provides for a national research fund.": [
        (None, "carries-out", "national research fund")
    ],
    "The plan of the Ministry of Science sets two priorities for research.": [
        ("Ministry of Science", "carries-out", "plan")
    ],
    # pronouns mean who spoke, and nobody where nobody is named
    "Many delegates asked the European Union for a new research fund. They called on the "
    "government to increase the research budget.": [
        ("delegates", "calls-for", "research fund"),
        ("delegates", "calls-for", "increase the research budget"),
    ],
    "The ministry warns that controls slow research with the United States. It supports open "
    "science.": [(None, "endorses", "supports open science")],
    # names end where the next verb begins
    "The Chamber of Commerce opposes the coal research levy but supports the network.": [
        ("Chamber of Commerce", "opposes", "coal research levy")
    ],
}

NOTHING = (
    "The museum supports local artists.",
    "Acme will strengthen its brand.",
    "The river will reach the sea.",
    "The treaty extends their Agreement on science cooperation.",
    "The team of the university won the match.",
)


def taken(text: str) -> list[Taken]:
    found = RuleExtractor().extract(Text(document=Document(name="plain"), content=text))
    names = {entity.id: entity.name for entity in found.entities}
    return [
        (s.speaker and names[s.speaker], s.modality, names[s.content[0]]) for s in found.statements
    ]


@pytest.mark.parametrize("text", PLAIN)
def test_a_plain_sentence_gives_its_statement(text: str) -> None:
    assert taken(text) == PLAIN[text]


@pytest.mark.parametrize("text", NOTHING)
def test_a_sentence_without_policy_gives_none(text: str) -> None:
    assert taken(text) == []


def test_a_plan_of_five_years_is_no_figure() -> None:
    text = "The research council published its Five-Year Plan for science."
    found = RuleExtractor().extract(Text(document=Document(name="plain"), content=text))

    assert [e.name for e in found.entities if e.type == "Quantity"] == []

"""What is said not to be done: own sentences with their entities marked."""

from __future__ import annotations

import pytest

from graph.extract.learned.extractor import LearnedExtractor
from graph.records import Document, Text
from tests.graph.extract.marked import marked

Taken = tuple[str | None, str, list[str]]

STANCES: dict[str, list[Taken]] = {
    # who does not want a thing is against it
    "[c:Norway] does not intend to join the [i:pact].": [("Norway", "opposes", ["pact"])],
    "[c:Norway] isn’t planning to join the [i:pact].": [("Norway", "opposes", ["pact"])],
    "The [r:Ministry] has no intention of funding the [i:pact].": [
        ("Ministry", "opposes", ["pact"])
    ],
    "The [r:Council] no longer plans to build the [i:centre].": [
        ("Council", "opposes", ["centre"])
    ],
    "[c:Norway] will neither fund nor join the [i:pact].": [("Norway", "opposes", ["pact"])],
    "[c:Norway] declined to join the [i:pact].": [("Norway", "opposes", ["pact"])],
    "[c:Norway] decided against joining the [i:pact].": [("Norway", "opposes", ["pact"])],
    "[c:Norway] withdrew from the [i:pact].": [("Norway", "opposes", ["pact"])],
    "[c:Norway] abandoned plans to join the [i:pact].": [("Norway", "opposes", ["pact"])],
    "The [r:Council] ruled out a [i:levy].": [("Council", "opposes", ["levy"])],
    "[c:Norway] said it will not extend the [i:pact] and plans to launch a [i:fund].": [
        ("Norway", "opposes", ["pact"]),
        ("Norway", "commits-to", ["fund"]),
    ],
    # not wanting its end protects it
    "The [r:Ministry] does not plan to cut the [i:grants].": [("Ministry", "endorses", ["grants"])],
    "The [r:Ministry] has no plans to abolish the [i:fund].": [("Ministry", "endorses", ["fund"])],
    "The [r:Ministry] has no plans for cuts to the [i:fund].": [("Ministry", "endorses", ["fund"])],
    "We will not stop the [i:pact], said [p:Ines Holm].": [("Ines Holm", "endorses", ["pact"])],
    # what is open, undone or unsaid is no plan
    "The [r:Ministry] has not decided whether to extend the [i:credit].": [
        ("Ministry", "assesses", ["credit"])
    ],
    "The [r:Ministry] has yet to publish its [i:strategy].": [
        ("Ministry", "assesses", ["strategy"])
    ],
    "The [r:Council] failed to adopt the [i:strategy].": [("Council", "assesses", ["strategy"])],
    "The [r:Council] never launched the [i:fund].": [("Council", "assesses", ["fund"])],
    "Neither the [r:Ministry] nor the [r:Academy] has said whether it will back the [i:pact].": [
        ("Ministry", "assesses", ["pact"]),
        ("Academy", "assesses", ["pact"]),
    ],
    "[c:Norway] declined to say whether it would fund the [i:pact].": [
        ("Norway", "assesses", ["pact"])
    ],
    "The [r:Council] does not rule out a [i:levy].": [("Council", "assesses", ["levy"])],
    "[c:Norway] joined the [i:pact], not the [i:fund].": [
        ("Norway", "assesses", ["fund"]),
        ("Norway", "carries-out", ["pact"]),
    ],
    # what only looks like a denial
    "The [r:Ministry] will fund the [i:centre] no later than May.": [
        ("Ministry", "commits-to", ["centre"])
    ],
    "The [r:Council] will not only fund the [i:centre].": [("Council", "commits-to", ["centre"])],
    # a stance on each of two things, and on a change rather than what it changes
    "The [r:Academy] welcomed the [i:fund] but criticised the [i:levy].": [
        ("Academy", "opposes", ["levy"]),
        ("Academy", "endorses", ["fund"]),
    ],
    "The union welcomed the [i:fund] but rejected the [i:levy].": [
        (None, "opposes", ["levy"]),
        (None, "endorses", ["fund"]),
    ],
    "The parliament rejected the [i:amendment] that would have cut the [i:fund].": [
        (None, "opposes", ["amendment"])
    ],
    "The [r:Senate] rejected an [i:amendment] to the [i:Science Act].": [
        ("Senate", "opposes", ["amendment"])
    ],
}


@pytest.mark.parametrize("source", STANCES)
def test_what_is_denied_is_not_told_as_done(source: str) -> None:
    assert marked(source).stances() == STANCES[source]


@pytest.mark.parametrize(
    ("source", "doers"),
    [
        ("[c:Norway] does not intend to join the [i:pact].", []),
        ("It is unclear whether the [r:Council] will fund the [i:centre].", []),
        ("The [r:Council] will not join the [i:pact] run by the [r:Agency].", ["Agency"]),
        ("The [r:Council] will not only fund the [i:centre].", ["Council"]),
    ],
)
def test_nobody_does_what_is_denied(source: str, doers: list[str]) -> None:
    found = [r.object.name for r in marked(source).relations() if r.predicate == "implementedBy"]

    assert found == doers


def test_must_binds_in_a_law_and_asks_elsewhere() -> None:
    sentence = "Each [r:Agency] must adopt the [i:data plan]."
    law = f"Article 1\n\nThe fund is set up.\n\nArticle 2\n\n{sentence}"

    assert [s.modality for s in marked(sentence).statements()] == ["calls-for"]
    assert [s.modality for s in marked(law).statements()] == ["requires"]


@pytest.fixture(scope="module")
def learned() -> LearnedExtractor:
    return LearnedExtractor()


def test_the_learned_extractor_heeds_denials(learned: LearnedExtractor) -> None:
    source = "Norway does not intend to join the European Chips Initiative.\n"
    found = learned.extract(Text(document=Document(name="x"), content=source))

    assert [s.modality for s in found.statements] == ["opposes"]
    assert [r for r in found.relations if r.predicate == "implementedBy"] == []


def test_the_learned_extractor_parts_praise_and_blame(learned: LearnedExtractor) -> None:
    source = "The Royal Society welcomed the new visa scheme but criticised the tuition levy.\n"
    found = learned.extract(Text(document=Document(name="x"), content=source))
    names = {e.id: e.name for e in found.entities}
    told = {s.modality: [names[c] for c in s.content] for s in found.statements}

    assert set(told) == {"endorses", "opposes"}
    assert any("levy" in name for name in told["opposes"])
    assert any("scheme" in name for name in told["endorses"])

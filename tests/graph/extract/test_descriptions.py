"""Descriptions such as "the plan" are mentions of the measure that they mean."""

from __future__ import annotations

import pytest

from graph.extract.descriptions import add_mentions
from graph.extract.draft import Draft
from graph.extract.passages import read


def mentions(text: str, *names: str) -> list[list[str]]:
    drafts = [Draft("Instrument", [(text.index(n), text.index(n) + len(n))], "test") for n in names]
    add_mentions(read(text), drafts)
    return [[text[a:b] for a, b in d.mentions] for d in drafts]


@pytest.mark.parametrize(
    "text",
    [
        "They signed the [sea pact] in May. Then the [pact] lapsed.",  # the same noun
        "The [Algae Bill] was read. Farmers like the [law].",  # a noun of the same kind
        "The [lower levy] came in May. Farmers like this [measure].",  # a noun for any measure
        "The [fee cuts] came in May. Students hate these [cuts].",
        "The [sea pact] is old. The new [pact] was good.",
    ],
)
def test_a_description_is_a_mention(text: str) -> None:
    plain = text.replace("[", "").replace("]", "")
    name, description = text.split("[")[1].split("]")[0], text.split("[")[2].split("]")[0]
    assert mentions(plain, name) == [[name, description]]


@pytest.mark.parametrize(
    "text",
    [
        "The [Algae Bill] was read. Farmers like the fund.",  # a noun of another kind
        "The [Algae Bill] was read. Farmers like a law.",  # any law
        "The [Algae Bill] was read. Farmers like the law of the sea.",  # another law
        "The [Algae Bill] was read. Farmers like the law school.",
        "They like the law. The [Algae Bill] was read.",  # nothing was said before
        "The [lower levy] came. It rained. It rained. It rained. They like the measure.",  # too far
    ],
)
def test_other_nouns_are_left_alone(text: str) -> None:
    plain = text.replace("[", "").replace("]", "")
    name = text.split("[")[1].split("]")[0]
    assert mentions(plain, name) == [[name]]


def test_the_last_measure_of_several_is_meant() -> None:
    text = "The sea pact and the air pact are old. The pact was good."
    assert mentions(text, "sea pact", "air pact") == [["sea pact"], ["air pact", "pact"]]

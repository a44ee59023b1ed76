"""What the learned extractor adds to the rules; the behaviour suite covers the rest."""

from __future__ import annotations

import pytest

from graph.extract.learned.extractor import LearnedExtractor
from graph.extract.rules import RuleExtractor
from graph.records import Document, Extraction, Text

PROGRAMME = (
    "Ministry launches soil programme\n\n"
    "The Ministry of Land announced a Soil Carbon Programme of €12 million to strengthen research "
    "on peat. It will fund ten early-career researchers. The Farmers' Union welcomed the programme "
    "and called on the ministry to publish all data by 2031."
)


def text_of(content: str) -> Text:
    return Text(document=Document(name="sample"), content=content)


@pytest.fixture(scope="module")
def extractor() -> LearnedExtractor:
    return LearnedExtractor()


@pytest.fixture(scope="module")
def found(extractor: LearnedExtractor) -> Extraction:
    return extractor.extract(text_of(PROGRAMME))


def test_every_fact_says_how_sure_it_is(found: Extraction) -> None:
    facts = [*found.entities, *found.statements, *found.relations]
    assert len({f.confidence for f in facts}) > 5
    assert all(0 < f.confidence < 1 for f in facts)


def test_it_finds_the_policy_of_a_text(found: Extraction) -> None:
    names = {e.id: e.name for e in found.entities}
    assert "Ministry of Land" in names.values()
    assert any("Soil Carbon Programme" in name for name in names.values())
    assert any(s.speaker and "Ministry" in names[s.speaker] for s in found.statements)
    assert {"amount", "servesGoal"} & {r.predicate for r in found.relations}


def test_a_text_that_is_not_about_policy_gets_no_goals_from_the_encoder(
    extractor: LearnedExtractor,
) -> None:
    content = "The tide came in at noon. Gulls fed on crabs along the wall. We walked home."
    found = extractor.extract(text_of(content))
    assert [e for e in found.entities if e.type in ("Goal", "Instrument")] == []
    assert found.statements == ()


def test_words_far_away_do_not_change_what_is_found(extractor: LearnedExtractor) -> None:
    """Packs are read one by one: a text twenty pages on leaves the first pages alone."""
    filler = "\n\nThe river ran low that summer, and the mill stood still for weeks." * 400
    alone = RuleExtractor().extract(text_of(PROGRAMME + filler))
    far = extractor.extract(text_of(PROGRAMME + filler))
    assert len(far.entities) >= len([e for e in alone.entities if e.confidence > 0.8])

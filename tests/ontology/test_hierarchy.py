from __future__ import annotations

import pytest

from ontology import hierarchy
from ontology.vocabulary import SCIP, VOC


@pytest.mark.parametrize(
    ("term", "other", "expected"),
    [
        (SCIP.Target, SCIP.PolicyElement, True),
        (SCIP.Country, SCIP.Place, True),
        (SCIP.Country, SCIP.Actor, True),
        (SCIP.Goal, SCIP.Goal, True),
        (SCIP.Goal, SCIP.Target, False),
        (SCIP.instrumentType, SCIP.kind, True),
        (VOC("modality", "urges"), VOC("modality", "directive"), True),
        (VOC("instrument-type", "pi022"), VOC("instrument-type", "governance"), False),
        (VOC("field", "quantum-technology"), VOC("field", "natural-sciences"), True),
        (VOC("field", "quantum-technology"), VOC("field", "engineering-technology"), True),
    ],
)
def test_a_term_is_a_kind_of_what_stands_above_it(term: str, other: str, expected: bool) -> None:
    assert hierarchy.is_a(term, other) is expected


def test_parents_and_children_are_two_sides_of_one_thing() -> None:
    assert hierarchy.parents(SCIP.Country) == (SCIP.Actor, SCIP.Place)
    assert SCIP.Country in hierarchy.children(SCIP.Place)
    assert hierarchy.parents(SCIP.Actor) == ()
    assert hierarchy.children(SCIP.Review) == ()


def test_a_scheme_lists_its_concepts_and_its_tops() -> None:
    assert VOC("modality", "calls-for") in hierarchy.concepts("modality")
    tops = [t.rpartition("/")[2] for t in hierarchy.top_concepts("modality")]
    assert tops == ["assertive", "commissive", "declarative", "directive"]


def test_labels_come_in_the_language_asked_for_or_in_english() -> None:
    assert hierarchy.label(SCIP.Goal, "zh") == "目标"
    assert hierarchy.label(VOC("field", "physics"), "fr") == "physique"
    assert hierarchy.label(SCIP.Goal, "fi") == "goal"
    assert set(hierarchy.labels(VOC("status", "accepted"))) == {"en", "zh", "de", "fr", "es"}


def test_cue_words_and_names() -> None:
    fellowships = VOC("instrument-type", "pi011")
    assert "stipend" in hierarchy.hidden_labels(fellowships)
    assert "Stipendium" in hierarchy.hidden_labels(fellowships, "de")
    names = hierarchy.names(VOC("field", "artificial-intelligence"))
    assert names[0] == "artificial intelligence"
    assert "AI" in names


def test_definitions() -> None:
    assert "reach a goal" in str(hierarchy.definition(SCIP.Instrument))
    assert hierarchy.definition(SCIP.Instrument, "fi") is None


def test_an_unknown_term_is_an_error() -> None:
    with pytest.raises(KeyError, match="no term"):
        hierarchy.parents("https://w3id.org/scipol/ns#Goals")
    with pytest.raises(KeyError, match="no scheme"):
        hierarchy.concepts("modalities")

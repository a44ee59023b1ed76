from __future__ import annotations

from collections import defaultdict

import pytest
from rdflib import DCTERMS, OWL, RDF, SKOS, BNode, Graph, Literal, URIRef

from ontology.files import load, scheme_files
from ontology.vocabulary import PREFIXES, VOC

GRAPHS = {name.removeprefix("schemes/").removesuffix(".ttl"): load(name) for name in scheme_files()}
BASE = VOC.namespace

SCHEMES = pytest.mark.parametrize(("scheme", "graph"), GRAPHS.items(), ids=GRAPHS)


def _concepts(graph: Graph) -> set[URIRef]:
    return {c for c in graph.subjects(RDF.type, SKOS.Concept) if isinstance(c, URIRef)}


def test_the_schemes_are_those_of_the_design() -> None:
    assert set(GRAPHS) == {
        "attribution",
        "comparator",
        "decision",
        "doc-kind",
        "event-kind",
        "field",
        "instrument-type",
        "lifecycle",
        "metric",
        "modality",
        "org-kind",
        "policy-mode",
        "status",
        "target-group",
        "theme",
        "unit",
    }


@SCHEMES
def test_a_scheme_says_what_it_is(scheme: str, graph: Graph) -> None:
    header = URIRef(BASE + scheme)
    assert (header, RDF.type, SKOS.ConceptScheme) in graph
    for required in (DCTERMS.title, DCTERMS.description):
        languages = {o.language for o in graph.objects(header, required) if isinstance(o, Literal)}
        assert {"en", "zh"} <= languages
    assert graph.value(header, OWL.versionInfo) is not None
    assert graph.value(header, DCTERMS.license) is not None
    tops = set(graph.objects(header, SKOS.hasTopConcept))
    assert tops == set(graph.subjects(SKOS.topConceptOf, header))


@SCHEMES
def test_a_concept_is_complete(scheme: str, graph: Graph) -> None:
    for concept in _concepts(graph):
        code = str(concept).removeprefix(f"{BASE}{scheme}/")
        assert str(graph.value(concept, SKOS.notation)).lower() == code
        assert graph.value(concept, SKOS.inScheme) == URIRef(BASE + scheme)
        for text in (SKOS.prefLabel, SKOS.definition):
            found = [o.language for o in graph.objects(concept, text) if isinstance(o, Literal)]
            assert {"en", "zh"} <= set(found), (concept, text)
            assert len(found) == len(set(found)), (concept, text)


@SCHEMES
def test_every_concept_stands_below_a_top_without_circles(scheme: str, graph: Graph) -> None:
    concepts = _concepts(graph)
    for concept in concepts:
        above = set(graph.objects(concept, SKOS.broader))
        assert above <= concepts
        top = (concept, SKOS.topConceptOf, URIRef(BASE + scheme)) in graph
        assert top != bool(above), f"{concept} is a top or has something broader"
        for parent in above:
            assert concept not in graph.transitive_objects(parent, SKOS.broader)


@SCHEMES
def test_a_word_leads_to_one_concept(scheme: str, graph: Graph) -> None:
    """An ambiguous cue word would let the order of the file decide."""
    found: dict[tuple[str | None, str], set[str]] = defaultdict(set)
    for property_ in (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel):
        for concept, label in graph.subject_objects(property_):
            if concept in _concepts(graph) and isinstance(label, Literal):
                # Abbreviations and small words are told apart by case ("IT", "it").
                found[label.language, str(label)].add(str(concept))
    assert {word: sorted(c) for word, c in found.items() if len(c) > 1} == {}


@SCHEMES
def test_the_kinds_of_labels_do_not_overlap(scheme: str, graph: Graph) -> None:
    for concept in _concepts(graph):
        labels = [
            (o.language, str(o))
            for p in (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
            for o in graph.objects(concept, p)
            if isinstance(o, Literal)
        ]
        assert len(labels) == len(set(labels)), concept


@SCHEMES
def test_there_are_no_blank_nodes(scheme: str, graph: Graph) -> None:
    assert not [node for triple in graph for node in triple if isinstance(node, BNode)]


def test_all_types_of_the_codebook_are_there() -> None:
    codes = set(VOC.codes("instrument-type"))
    assert {f"pi{number:03d}" for number in range(6, 34)} <= codes
    tops = {
        str(t).rpartition("/")[2] for t in GRAPHS["instrument-type"].subjects(SKOS.topConceptOf)
    }
    assert len(tops) == 5
    extensions = codes - tops - {f"pi{number:03d}" for number in range(6, 34)}
    assert extensions
    assert all(code.startswith("x-") for code in extensions)


def test_every_instrument_type_has_cue_words_and_a_mode_of_governing() -> None:
    graph = GRAPHS["instrument-type"]
    for concept in _concepts(graph):
        if (concept, SKOS.topConceptOf, None) in graph:
            continue
        cues = list(graph.objects(concept, SKOS.hiddenLabel))
        assert {"en", "zh", "de"} <= {o.language for o in cues if isinstance(o, Literal)}, concept
        modes = {str(o) for o in graph.objects(concept, SKOS.broadMatch)}
        assert modes
        assert modes <= {VOC("policy-mode", code) for code in VOC.codes("policy-mode")}


def test_all_target_groups_of_the_codebook_are_there() -> None:
    numbers = [9, *range(10, 39), 40, 41, 42]
    missing = {f"tg{n}" for n in numbers} - set(VOC.codes("target-group"))
    assert missing == set()


def test_the_modalities_that_extractors_assign_stand_under_their_speech_act() -> None:
    graph = GRAPHS["modality"]
    above = {
        code: str(graph.value(URIRef(VOC("modality", code)), SKOS.broader)).rpartition("/")[2]
        for code in (
            "calls-for",
            "requires",
            "commits-to",
            "carries-out",
            "endorses",
            "opposes",
            "assesses",
        )
    }
    assert above == {
        "calls-for": "directive",
        "requires": "directive",
        "commits-to": "commissive",
        "carries-out": "declarative",
        "endorses": "assertive",
        "opposes": "directive",
        "assesses": "assertive",
    }


def test_the_fields_stand_under_the_broad_fields_of_the_frascati_manual() -> None:
    graph = GRAPHS["field"]
    ford = [str(o) for o in graph.objects(None, SKOS.exactMatch)]
    assert len(ford) == 6
    assert len(_concepts(graph)) >= 60
    assert all(o.startswith("https://w3id.org/italia/") for o in ford)


def test_no_concept_is_outside_the_namespace() -> None:
    for graph in GRAPHS.values():
        for subject in set(graph.subjects()):
            assert str(subject).startswith(BASE)
    assert BASE not in PREFIXES.values()

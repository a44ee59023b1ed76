from __future__ import annotations

import re
from collections import Counter

import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, XSD, BNode, Graph, Literal, Namespace, URIRef

from ontology.files import ALIGNMENT, ONTOLOGY, SHAPES, load
from ontology.vocabulary import PREFIXES, SCIP, VERSION

VANN = Namespace("http://purl.org/vocab/vann/")
BIBO = Namespace("http://purl.org/ontology/bibo/")
SCHEMA = Namespace("https://schema.org/")
THIS = URIRef("https://w3id.org/scipol/ns")
GRAPH = load(ONTOLOGY)
CLASSES = [c for c in GRAPH.subjects(RDF.type, OWL.Class) if str(c).startswith(PREFIXES["scip"])]
PROPERTIES = [
    p for t in (OWL.ObjectProperty, OWL.DatatypeProperty) for p in GRAPH.subjects(RDF.type, t)
]
TERMS = CLASSES + PROPERTIES


def _languages(graph: Graph, subject: object, predicate: URIRef) -> list[str | None]:
    return [o.language for o in graph.objects(subject, predicate) if isinstance(o, Literal)]


def test_the_header_says_what_this_is() -> None:
    assert str(GRAPH.value(THIS, OWL.versionInfo)) == VERSION
    assert str(GRAPH.value(THIS, OWL.versionIRI)) == f"{THIS}/{VERSION}"
    for required in (
        DCTERMS.title,
        DCTERMS.description,
        DCTERMS.creator,
        DCTERMS.contributor,
        DCTERMS.created,
        DCTERMS.issued,
        DCTERMS.modified,
        DCTERMS.license,
        VANN.preferredNamespacePrefix,
        VANN.preferredNamespaceUri,
        BIBO.status,
        SCHEMA.citation,
        SCHEMA.codeRepository,
    ):
        assert GRAPH.value(THIS, required) is not None, required
    assert not list(GRAPH.objects(None, OWL.imports)), "the core imports nothing"


@pytest.mark.parametrize("term", TERMS, ids=lambda t: str(t).rpartition("#")[2])
def test_a_term_is_labelled_and_defined(term: URIRef) -> None:
    labels = _languages(GRAPH, term, RDFS.label)
    assert {"en", "zh"} <= set(labels)
    assert len(labels) == len(set(labels))
    assert set(_languages(GRAPH, term, SKOS.definition)) >= {"en", "zh"}
    assert GRAPH.value(term, RDFS.isDefinedBy) == THIS
    for label in GRAPH.objects(term, RDFS.label):
        for definition in GRAPH.objects(term, SKOS.definition):
            assert str(definition).strip("。. ").lower() != str(label).lower()


def test_no_two_terms_share_a_label() -> None:
    counts = Counter(
        (label.language, str(label).lower())
        for term in TERMS
        for label in GRAPH.objects(term, RDFS.label)
        if isinstance(label, Literal)
    )
    assert [label for label, number in counts.items() if number > 1] == []


def test_names_follow_one_style() -> None:
    for term in CLASSES:
        assert re.fullmatch(r"[A-Z][A-Za-z]+", str(term).rpartition("#")[2])
    for term in PROPERTIES:
        assert re.fullmatch(r"[a-z][A-Za-z0-9]+", str(term).rpartition("#")[2])


def test_a_property_has_at_most_one_domain_and_range() -> None:
    for term in PROPERTIES:
        assert len(list(GRAPH.objects(term, RDFS.domain))) <= 1, "several would mean all at once"
        assert len(list(GRAPH.objects(term, RDFS.range))) <= 1


def test_no_range_is_a_datatype_that_reasoners_refuse() -> None:
    assert not list(GRAPH.subjects(RDFS.range, XSD.date))


def test_there_are_no_blank_nodes() -> None:
    assert not [node for triple in GRAPH for node in triple if isinstance(node, BNode)]


def test_ends_and_means_are_disjoint() -> None:
    assert (URIRef(SCIP.Goal), OWL.disjointWith, URIRef(SCIP.Instrument)) in GRAPH
    actors = {"Person", "Post", "Organization", "ActorGroup", "Country"}
    pairs = {
        frozenset(str(t).rpartition("#")[2] for t in (a, b))
        for a, b in GRAPH.subject_objects(OWL.disjointWith)
    }
    assert {frozenset((a, b)) for a in actors for b in actors if a < b} <= pairs
    assert frozenset(("Actor", "Place")) not in pairs, "a country is both"


def test_the_alignment_claims_no_equality() -> None:
    alignment = load(ALIGNMENT)
    for equal in (OWL.equivalentClass, OWL.equivalentProperty, OWL.sameAs):
        assert not list(alignment.subject_objects(equal))
    ours = {str(t) for t in TERMS}
    for subject in set(alignment.subjects(RDFS.subClassOf)) | set(
        alignment.subjects(RDFS.subPropertyOf)
    ):
        assert str(subject) in ours


def test_the_files_carry_one_version() -> None:
    versions = {
        str(version)
        for name in (ONTOLOGY, ALIGNMENT, SHAPES)
        for graph in (load(name),)
        for header in graph.subjects(RDF.type, OWL.Ontology)
        for version in graph.objects(header, OWL.versionInfo)
    }
    assert versions == {VERSION}


def test_shapes_and_alignment_use_only_terms_that_exist() -> None:
    ours = {str(t) for t in TERMS}
    for name in (ALIGNMENT, SHAPES):
        used = {
            str(node)
            for triple in load(name)
            for node in triple
            if isinstance(node, URIRef) and str(node).startswith(PREFIXES["scip"])
        }
        assert used <= ours

"""Consistency by a reasoner. HermiT comes with owlready2 and needs Java."""

from __future__ import annotations

import io
import shutil
import warnings
from collections.abc import Iterator

import pytest
from rdflib import OWL, RDF, RDFS, XSD, Graph, Literal, URIRef

from ontology.files import ALIGNMENT, ONTOLOGY, load
from ontology.vocabulary import PREFIXES, SCIP
from tests.ontology.fixture import FIXTURE

owlready2 = pytest.importorskip("owlready2", reason="owlready2 is not installed: not reasoned")
pytestmark = pytest.mark.skipif(
    shutil.which("java") is None, reason="there is no Java here: the ontology was NOT reasoned over"
)

# The OWL 2 datatype map lacks these, and HermiT refuses every literal of them.
_REFUSED = (XSD.date, XSD.gYear)


def _core() -> Graph:
    """Core and alignment without what the header says and what a reasoner refuses."""
    graph = load(ONTOLOGY, ALIGNMENT)
    graph.remove((None, OWL.imports, None))
    for header in set(graph.subjects(RDF.type, OWL.Ontology)):
        graph.remove((header, None, None))
    graph.add((URIRef("https://example.org/reasoned"), RDF.type, OWL.Ontology))
    return graph


def _with_data(data: Graph) -> Graph:
    graph = _core()
    for triple in data:
        if not (isinstance(triple[2], Literal) and triple[2].datatype in _REFUSED):
            graph.add(triple)
    return graph


@pytest.fixture
def world() -> Iterator[object]:
    world = owlready2.World()
    yield world
    world.close()


def _reason(world: object, graph: Graph) -> set[str]:
    """IRIs of the unsatisfiable classes. Raises where the whole is inconsistent."""
    data = io.BytesIO(graph.serialize(format="xml", encoding="utf-8"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the reasoner's Python side, not ours
        ontology = world.get_ontology("https://example.org/reasoned").load(fileobj=data)  # type: ignore[attr-defined]
        with ontology:
            owlready2.sync_reasoner_hermit(world, debug=0)
        return {c.iri for c in world.inconsistent_classes()} - {str(OWL.Nothing)}  # type: ignore[attr-defined]


def test_the_ontology_is_consistent_and_every_class_can_have_members(world: object) -> None:
    graph = _core()
    for term in set(graph.subjects(RDF.type, OWL.Class)):
        if str(term).startswith(PREFIXES["scip"]):
            assert (term, RDFS.label, None) in graph
    assert _reason(world, graph) == set()


def test_a_node_that_is_goal_and_instrument_is_inconsistent(world: object) -> None:
    both = Graph()
    node = URIRef("https://example.org/both")
    both.add((node, RDF.type, URIRef(SCIP.Goal)))
    both.add((node, RDF.type, URIRef(SCIP.Instrument)))
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        _reason(world, _with_data(both))


def test_domains_and_ranges_find_a_wrong_use(world: object) -> None:
    wrong = Graph()
    organization = URIRef("https://example.org/organization")
    wrong.add((organization, RDF.type, URIRef(SCIP.Organization)))
    wrong.add((organization, URIRef(SCIP.servesGoal), URIRef("https://example.org/goal")))
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        _reason(world, _with_data(wrong))


def test_the_fixture_is_consistent_with_the_ontology(world: object) -> None:
    import pyoxigraph as ox

    triples = (quad.triple for quad in ox.parse(path=FIXTURE))
    data = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    assert data is not None
    assert _reason(world, _with_data(Graph().parse(data=data, format="nt"))) == set()

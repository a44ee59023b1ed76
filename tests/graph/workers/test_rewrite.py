import pyoxigraph as ox
import pytest

from graph.errors import QueryError
from graph.layout import CATALOGUE, CURATION, ENTITIES
from graph.workers.rewrite import (
    ComputedGraph,
    DatasetClash,
    addition,
    replacement,
    with_dataset,
    with_marks_kept_true,
    without_loads,
)
from ontology.vocabulary import DCT


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("INSERT DATA { <a> <b> 'WHERE' }", "INSERT DATA { <a> <b> 'WHERE' }"),
        ("DELETE { ?a ?b ?c } WHERE { ?a ?b ?c }",
         "DELETE { ?a ?b ?c } USING <urn:g> USING NAMED <urn:n> WHERE { ?a ?b ?c }"),
        ("DELETE WHERE { GRAPH ?g { ?a ?b ?c } }",
         "DELETE { GRAPH ?g { ?a ?b ?c } } USING <urn:g> USING NAMED <urn:n> "
         "WHERE { GRAPH ?g { ?a ?b ?c } }"),
        ("insert { ?a ?b 1 } where { { SELECT ?a ?b WHERE { ?a ?b ?c } } } ; CLEAR ALL",
         "insert { ?a ?b 1 } USING <urn:g> USING NAMED <urn:n> "
         "where { { SELECT ?a ?b WHERE { ?a ?b ?c } } } ; CLEAR ALL"),
    ],
)  # fmt: skip
def test_the_dataset_is_written_into_each_where(text: str, written: str) -> None:
    assert with_dataset(text, ("urn:g",), ("urn:n",)) == written


@pytest.mark.parametrize(
    "text",
    ["WITH <urn:x> DELETE { ?a ?b ?c } WHERE {}", "INSERT {} USING <urn:x> WHERE {}",
     "INSERT {} using named <urn:x> WHERE {}"],
)  # fmt: skip
def test_a_text_with_a_dataset_of_its_own_clashes(text: str) -> None:
    with pytest.raises(DatasetClash):
        with_dataset(text, ("urn:g",), None)
    assert with_dataset(text, None, None) == text


@pytest.mark.parametrize("iri", ["urn:x> WHERE {} ; CLEAR ALL #", "relative", "urn:a b", ""])
def test_what_is_no_iri_never_becomes_syntax(iri: str) -> None:
    with pytest.raises(QueryError):
        with_dataset("DELETE WHERE { ?a ?b ?c }", (iri,), None)
    with pytest.raises(QueryError):
        replacement(iri, "")
    with pytest.raises(QueryError):
        addition(iri, "")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("LOAD SILENT <urn:x>", "INSERT DATA {}"),
        ("load silent <urn:x> INTO GRAPH ex:g ; CLEAR ALL", "INSERT DATA {} ; CLEAR ALL"),
        ("CLEAR ALL;LOAD SILENT <urn:x>;", "CLEAR ALL;INSERT DATA {};"),
        ("INSERT DATA { <a> <b> 'LOAD SILENT <x>' }", "INSERT DATA { <a> <b> 'LOAD SILENT <x>' }"),
    ],
)
def test_silent_loads_do_nothing(text: str, written: str) -> None:
    assert without_loads(text) == written


@pytest.mark.parametrize("name", [CATALOGUE, ENTITIES, ENTITIES[:-8] + "0" * 12 + "/" + "a" * 16])
def test_computed_graphs_are_not_replaced(name: str) -> None:
    with pytest.raises(ComputedGraph, match="of your own"):
        replacement(name, "")
    with pytest.raises(ComputedGraph):
        addition(name, "")
    assert CURATION in replacement(CURATION, "")


@pytest.mark.parametrize("text", ["DROP ALL", "CLEAR ALL ;", "DROP ALL # comment", "DROP ALL ; #"])
def test_updates_that_empty_graphs_stay_valid(text: str) -> None:
    store = ox.Store()
    store.update(f'INSERT DATA {{ GRAPH <{CATALOGUE}> {{ <urn:g> <{DCT.identifier}> "1" }} }}')
    store.update(with_marks_kept_true("INSERT DATA {}"))
    assert len(store) == 1
    store.update(with_marks_kept_true(text))
    assert len(store) == 0


def test_only_emptied_graphs_lose_their_marks() -> None:
    store = ox.Store()
    marks = f'<urn:g> <{DCT.identifier}> "1" . <urn:h> <{DCT.identifier}> "2"'
    store.update(f"INSERT DATA {{ GRAPH <{CATALOGUE}> {{ {marks} }} GRAPH <urn:g> {{ <a:> <a:> 1 }}"
                 " GRAPH <urn:h> { <a:> <a:> 1 } }")  # fmt: skip
    store.update(with_marks_kept_true("DROP GRAPH <urn:g>"))
    left = store.quads_for_pattern(None, None, None, ox.NamedNode(CATALOGUE))
    assert [str(quad.subject) for quad in left] == ["<urn:h>"]

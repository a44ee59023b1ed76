import os
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.errors import QueryError, StoreError
from graph.store import data_version, graph_hash, memory_store, open_reader

DATA = b"""\
<a:s> <a:p> "one"@en <a:g> .
<a:s> <a:p> <a:o> <a:h> .
"""


def test_a_query_sees_the_union_of_all_graphs() -> None:
    table = memory_store(DATA).select("SELECT ?o { <a:s> <a:p> ?o } ORDER BY ?o")
    assert table.variables == ("o",)
    assert table.rows == [(ox.NamedNode("a:o"),), (ox.Literal("one", language="en"),)]


def test_from_names_the_only_graphs_that_are_seen() -> None:
    table = memory_store(DATA).select("SELECT ?o FROM <a:h> { ?s ?p ?o }")
    assert table.rows == [(ox.NamedNode("a:o"),)]


def test_an_unbound_column_is_none() -> None:
    rows = (
        memory_store(DATA).select("SELECT ?s ?x { ?s ?p 'one'@en OPTIONAL { ?s <a:q> ?x } }").rows
    )
    assert rows == [(ox.NamedNode("a:s"), None)]


def test_the_usual_prefixes_need_no_declaration() -> None:
    assert not memory_store(DATA).ask("ASK { ?x a scip:Goal ; skos:prefLabel ?l }")


def test_each_form_of_query_has_its_own_answer() -> None:
    store = memory_store(DATA)
    assert store.ask("ASK { ?s ?p ?o }") is True
    made = store.construct("CONSTRUCT WHERE { ?s ?p 'one'@en }", format=ox.RdfFormat.N_TRIPLES)
    assert made == b'<a:s> <a:p> "one"@en .\n'
    with pytest.raises(QueryError, match="SELECT"):
        store.select("ASK { ?s ?p ?o }")
    with pytest.raises(QueryError, match="ASK"):
        store.ask("SELECT * { ?s ?p ?o }")
    with pytest.raises(QueryError, match="CONSTRUCT"):
        store.construct("ASK { ?s ?p ?o }")


def test_a_syntax_error_says_where_it_is() -> None:
    with pytest.raises(QueryError, match=r"line 2, column \d+: near 'FILTR\(1\) }'"):
        memory_store().select("SELECT * {\n ?s ?p ?o . FILTR(1) }")
    with pytest.raises(QueryError, match="line 1, column 17: it ends too early"):
        memory_store().select("SELECT * { ?s ?p")
    with pytest.raises(QueryError, match="prefix is not declared near 'foo:x"):
        memory_store().select("SELECT * { ?s foo:x ?o }")


@pytest.mark.parametrize(
    ("sparql", "what"),
    [
        ("SELECT * { SERVICE <http://localhost:1/> { ?s ?p ?o } }", "SERVICE"),
        ("INSERT DATA { <a:a> <a:b> <a:c> }", "update"),
        ("LOAD <http://localhost:1/>", "update"),
        ("DROP ALL", "update"),
        ("SELECT (<a:f>(1) AS ?x) {}", "cannot be answered"),
    ],
)
def test_what_a_reader_must_not_do_is_refused(sparql: str, what: str) -> None:
    store = memory_store(DATA)
    with pytest.raises(QueryError, match=what):
        store.query(sparql)
    assert len(store) == 2


def test_n_quads_are_dumped_sorted_whatever_the_order_they_came_in() -> None:
    backwards = b"".join(reversed(DATA.splitlines(keepends=True)))
    assert (
        memory_store(DATA).dump()
        == memory_store(backwards).dump()
        == b"".join(sorted(DATA.splitlines(keepends=True)))
    )
    assert graph_hash(memory_store(DATA)) == graph_hash(memory_store(backwards))


def test_a_format_without_graphs_gets_the_union() -> None:
    dumped = memory_store(DATA).dump(ox.RdfFormat.N_TRIPLES)
    assert sorted(dumped.splitlines()) == [b'<a:s> <a:p> "one"@en .', b"<a:s> <a:p> <a:o> ."]
    assert b"<a:g>" in memory_store(DATA).dump(ox.RdfFormat.TRIG)


def test_one_graph_is_dumped_with_its_name() -> None:
    store = memory_store(DATA)
    assert store.graphs() == ["a:g", "a:h"]
    assert store.dump_graph("a:g") + store.dump_graph("a:h") == store.dump()
    assert store.dump_graph("a:none") == b""


def test_an_empty_place_is_no_store_and_the_error_says_what_to_do(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "missing"):
        with pytest.raises(StoreError, match="scipol build"):
            open_reader(place)
    assert os.listdir(tmp_path) == []


def test_the_data_version_is_that_of_catalogue_and_curation() -> None:
    graphs = "https://w3id.org/scipol/graph"
    catalogued = f'<{graphs}/r/t> <a:p> "1" <{graphs}/catalogue> .\n'.encode()
    curated = f'<a:x> <a:p> "1" <{graphs}/curation> .\n'.encode()
    versions = [data_version(memory_store(d)) for d in (b"", catalogued, catalogued + curated)]
    assert len(set(versions)) == 3
    assert data_version(memory_store(catalogued + DATA)) == versions[1]


def test_records_hold_plain_values_by_datatype() -> None:
    sparql = """SELECT * { VALUES (?n ?d ?day ?yes ?text ?thing ?broken ?none) {
      (3 2.50 '2024-05-01'^^xsd:date true 'one'@en <a:o> 'soon'^^xsd:date UNDEF) } }"""
    assert memory_store().select(sparql).records() == [
        {
            "n": 3,
            "d": 2.5,
            "day": date(2024, 5, 1),
            "yes": True,
            "text": "one",
            "thing": "a:o",
            "broken": "soon",
            "none": None,
        }
    ]

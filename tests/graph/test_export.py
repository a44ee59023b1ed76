import csv
import io
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest

from graph import queries
from graph.errors import QueryError, StoreError
from graph.export import export_csv, export_graph, export_network, statement_row
from graph.network import most_connected
from graph.store import Store
from tests.graph.small_world import HOSTILE, SPEAKER

QUADS = {
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD,
}
TRIPLES = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
FORMS = [*QUADS, *TRIPLES, "graphml", "gexf"]


@pytest.mark.parametrize("form", QUADS)
def test_formats_with_graphs_hold_every_quad(world_store: Store, form: str) -> None:
    read = set(ox.parse(export_graph(world_store, form), format=QUADS[form]))
    every = ox.parse(export_graph(world_store, "nquads"), format=ox.RdfFormat.N_QUADS)
    assert read == set(every)
    assert len(read) == len(world_store)


@pytest.mark.parametrize("form", TRIPLES)
def test_formats_without_graphs_hold_every_triple(world_store: Store, form: str) -> None:
    read = {q.triple for q in ox.parse(export_graph(world_store, form), format=TRIPLES[form])}
    every = ox.parse(export_graph(world_store, "nquads"), format=ox.RdfFormat.N_QUADS)
    assert read == {q.triple for q in every}


def test_nquads_are_canonical(world_store: Store) -> None:
    lines = export_graph(world_store, "nquads").splitlines()
    assert lines == sorted(set(lines))
    assert not any(line.startswith(b"_:") for line in lines)


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_networks_are_read_again_with_all_nodes_and_parallel_edges(
    world_store: Store, world_network: "nx.MultiDiGraph[str]", form: str
) -> None:
    content = io.BytesIO(export_graph(world_store, form))
    read = nx.read_graphml(content) if form == "graphml" else nx.read_gexf(content)
    read = nx.MultiDiGraph(read)
    assert set(read) == set(world_network)
    assert read.number_of_edges() == world_network.number_of_edges()
    pairs = [(a, b) for a, b in world_network.edges()]
    assert len(pairs) > len(set(pairs)), "the small world has parallel edges"
    labels = {d["label"] for _, d in read.nodes(data=True)}
    assert {SPEAKER, HOSTILE, "王小明"} <= labels
    relations = {d.get("relation", d.get("label")) for *_, d in read.edges(data=True)}
    assert {"opposes", "servesGoal", "holdsPost"} <= relations
    assert all(d["sentence"] for *_, d in read.edges(data=True))


@pytest.mark.parametrize("form", FORMS)
def test_the_same_graph_gives_the_same_bytes(world_store: Store, form: str) -> None:
    if form == "jsonld":
        assert len(export_graph(world_store, form)) == len(export_graph(world_store, form))
    assert export_graph(world_store, form) == export_graph(world_store, form)


def test_tables_hold_one_line_for_each_thing(
    world_store: Store, world_network: "nx.MultiDiGraph[str]", tmp_path: Path
) -> None:
    paths = {p.stem: p for p in export_csv(world_store, tmp_path / "out" / "csv")}
    rows = {
        name: list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))
        for name, path in paths.items()
    }
    assert len(rows["entities"]) == len(world_network)
    assert len(rows["relations"]) == sum(
        len(d["evidence"]) for *_, d in world_network.edges(data=True)
    )
    assert len(rows["statements"]) == 10
    assert len(rows["documents"]) == 4
    assert {r["speaker"] for r in rows["statements"]} >= {SPEAKER, "王小明"}
    again = export_csv(world_store, tmp_path / "again")
    assert [p.read_bytes() for p in again] == [p.read_bytes() for p in paths.values()]


def test_an_unknown_format_names_the_known_ones(world_store: Store) -> None:
    with pytest.raises(QueryError, match=r"nquads.*graphml.*csv"):
        export_graph(world_store, "docx")


def test_a_folder_that_cannot_be_written_is_said(world_store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be written"):
        export_csv(world_store, tmp_path / "file" / "csv")


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_a_part_of_a_network_is_taken_away_alone(
    world_network: "nx.MultiDiGraph[str]", form: str
) -> None:
    part = most_connected(world_network, 4)
    content = io.BytesIO(export_network(part, form))
    read = nx.read_graphml(content) if form == "graphml" else nx.read_gexf(content)
    assert set(read) == set(part)
    with pytest.raises(QueryError, match="graphml, gexf"):
        export_network(part, "turtle")


def test_a_statement_is_one_flat_row(world_store: Store) -> None:
    said = queries.statements(world_store, queries.StatementFilter(modality="opposes"))[0]
    row = statement_row(said)
    assert said.speaker
    assert (row["speaker"], row["modality"]) == (said.speaker.label, "opposes")
    assert row["sentence"] == said.evidence.quote

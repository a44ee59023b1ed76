import json

import pytest

from graph.errors import QueryError
from graph.serialise import GRAPHS, RESULTS, serialise, table_of
from graph.store import Store
from tests.graph.small_world import FUND

ROWS = "SELECT DISTINCT ?i ?l { ?i a scip:Instrument ; skos:prefLabel ?l } ORDER BY ?l"
TRIPLES = "CONSTRUCT { ?i skos:prefLabel ?l } WHERE { ?i a scip:Instrument ; skos:prefLabel ?l }"


@pytest.mark.parametrize("form", RESULTS)
def test_rows_are_written_in_each_format_of_results(world_store: Store, form: str) -> None:
    assert FUND.encode() in serialise(world_store.query(ROWS), form)


@pytest.mark.parametrize("form", GRAPHS)
def test_triples_are_written_in_each_format_of_rdf(world_store: Store, form: str) -> None:
    assert FUND.encode() in serialise(world_store.query(TRIPLES), form)


def test_a_yes_or_no_is_written(world_store: Store) -> None:
    found = serialise(world_store.query("ASK { ?i a scip:Instrument }"), "json")
    assert json.loads(found)["boolean"] is True


@pytest.mark.parametrize(("query", "form"), [(ROWS, "turtle"), (TRIPLES, "csv"), (ROWS, "docx")])
def test_a_format_that_does_not_fit_names_those_that_do(
    world_store: Store, query: str, form: str
) -> None:
    with pytest.raises(QueryError, match="choose"):
        serialise(world_store.query(query), form)


def test_answers_of_every_form_make_a_table(world_store: Store) -> None:
    columns, rows = table_of(world_store.query(ROWS))
    assert columns == ["i", "l"]
    assert [row["l"] for row in rows] == [FUND]
    assert table_of(world_store.query("ASK { ?s a scip:Nothing }")) == (
        ["answer"],
        [{"answer": "no"}],
    )
    columns, rows = table_of(world_store.query(TRIPLES))
    assert columns == ["subject", "predicate", "object"]
    assert rows[0]["object"] == FUND
    assert table_of(world_store.query("SELECT ?x { OPTIONAL { ?x a scip:Nothing } }"))[1] == [
        {"x": ""}
    ]

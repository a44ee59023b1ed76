import pytest

from graph import queries
from graph.compare import compare
from graph.errors import NotFound, QueryError
from graph.search import SearchIndex
from graph.store import Store
from tests.graph.small_world import BASIC, FUND, MINISTRY, SPEAKER


def test_documents_share_what_both_name(world_store: Store) -> None:
    north, south = (
        queries.document_named(world_store, name).iri for name in ("north-law", "south-speech")
    )
    found = compare(world_store, north, south)
    assert found.kind == "document"
    assert {s.thing.label for s in found.both} == {BASIC, FUND, "attract talent"}
    assert MINISTRY in {s.thing.label for s in found.only_a}
    assert {s.thing.label for s in found.only_b} == {SPEAKER, "Sudland"}
    assert all(s.a and not s.b for s in found.only_a)


def test_sides_are_mirrored(world_store: Store) -> None:
    north, south = (
        queries.document_named(world_store, name).iri for name in ("north-law", "south-speech")
    )
    one, other = compare(world_store, north, south), compare(world_store, south, north)
    assert {s.thing for s in one.only_a} == {s.thing for s in other.only_b}
    assert {(s.thing, s.a, s.b) for s in one.both} == {(s.thing, s.b, s.a) for s in other.both}


def test_actors_are_compared_by_what_they_stand_for(
    world_store: Store, world_index: SearchIndex
) -> None:
    found = compare(world_store, world_index.named(MINISTRY).iri, world_index.named(SPEAKER).iri)
    assert found.kind == "actor"
    assert {s.thing.label for s in found.both} == {BASIC, FUND}
    assert [thing.label for thing in found.opposed] == [FUND]
    assert ("opposes", FUND) in {(r.relation, r.target.label) for r in found.relations_only_b}
    assert {(r.relation, r.target.label) for r in found.relations_both} == set()


def test_countries_are_compared_by_their_stances(
    world_store: Store, world_index: SearchIndex
) -> None:
    found = compare(world_store, world_index.named("Norland").iri, world_index.named("Sudland").iri)
    assert found.kind == "country"
    assert {s.thing.label for s in found.only_a} == {BASIC}
    assert {s.thing.label for s in found.only_b} == {"attract talent"}


def test_the_query_of_a_side_gives_its_things(world_store: Store, world_index: SearchIndex) -> None:
    north = queries.document_named(world_store, "north-law").iri
    south = queries.document_named(world_store, "south-speech").iri
    found = compare(world_store, north, south)
    rows = world_store.select(found.sparql[0]).rows
    assert len(rows) == len(found.only_a) + len(found.both)


def test_unlike_things_are_not_compared(world_store: Store, world_index: SearchIndex) -> None:
    goal, country = world_index.named(BASIC).iri, world_index.named("Norland").iri
    with pytest.raises(QueryError, match="a Goal and a Country cannot be compared"):
        compare(world_store, goal, country)
    with pytest.raises(NotFound):
        compare(world_store, country, "https://w3id.org/scipol/id/country/none")

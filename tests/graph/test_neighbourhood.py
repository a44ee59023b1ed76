from datetime import date

import pytest

from graph.errors import NotFound
from graph.neighbourhood import EdgeFilter, groups, hops_of, neighbours
from graph.search import SearchIndex
from graph.store import Store
from tests.graph.small_world import BASIC, FUND, MINISTRY, SPEAKER


def test_neighbours_are_counted_by_relation_and_direction(
    world_store: Store, world_index: SearchIndex
) -> None:
    hops = hops_of(world_store, world_index.named(FUND).iri)
    found = {(g.relation, g.direction): (g.neighbours, dict(g.types)) for g in groups(hops)}
    assert found == {
        ("servesGoal", "out"): (1, {"Goal": 1}),
        ("implementedBy", "out"): (1, {"Organization": 1}),
        ("budget", "out"): (1, {"Quantity": 1}),
        ("carries-out", "in"): (1, {"Organization": 1}),
        ("opposes", "in"): (1, {"Person": 1}),
    }


def test_a_neighbour_says_what_it_rests_on(world_store: Store, world_index: SearchIndex) -> None:
    hops = hops_of(world_store, world_index.named(FUND).iri)
    found = neighbours(hops, EdgeFilter(relations=("opposes",))).items
    assert [(n.thing.label, n.direction, n.facts, n.confidence) for n in found] == [
        (SPEAKER, "in", 1, pytest.approx(0.8))
    ]
    assert found[0].first == found[0].last == date(2024, 9, 9)
    assert len(found[0].documents) == 1


@pytest.mark.parametrize(
    ("conditions", "shown", "hidden"),
    [
        (EdgeFilter(), 5, {}),
        (EdgeFilter(direction="in"), 2, {"direction": 3}),
        (EdgeFilter(relations=("opposes", "budget")), 2, {"relation": 3}),
        (EdgeFilter(types=("Organization",)), 2, {"type": 3}),
        (EdgeFilter(since=date(2024, 1, 1)), 1, {"time": 4}),
        (EdgeFilter(until=date(2023, 3, 1)), 4, {"time": 1}),
        (EdgeFilter(confidence=0.7), 2, {"confidence": 3}),
        (EdgeFilter(support=2), 0, {"support": 5}),
        (EdgeFilter(types=("Organization",), confidence=0.7), 1, {"type": 3, "confidence": 1}),
    ],
)
def test_shown_and_hidden_neighbours_are_all_there_are(
    world_store: Store,
    world_index: SearchIndex,
    conditions: EdgeFilter,
    shown: int,
    hidden: dict[str, int],
) -> None:
    found = neighbours(hops_of(world_store, world_index.named(FUND).iri), conditions)
    assert (len(found.items), found.hidden) == (shown, hidden)
    assert len(found.items) + sum(found.hidden.values()) == found.total == 5


def test_documents_narrow_down_what_is_shown(world_store: Store, world_index: SearchIndex) -> None:
    hops = hops_of(world_store, world_index.named(BASIC).iri)
    south = {hop.document for hop in hops if hop.other.label == SPEAKER}
    found = neighbours(hops, EdgeFilter(documents=tuple(south)))
    assert {n.thing.label for n in found.items} == {SPEAKER}
    assert MINISTRY in {hop.other.label for hop in hops}


def test_what_is_unknown_has_no_neighbours(world_store: Store) -> None:
    with pytest.raises(NotFound, match="nothing with the IRI"):
        hops_of(world_store, "https://w3id.org/scipol/id/goal/none")

import doctest

import networkx as nx
import pytest

from graph import analytics
from tests.graph.small_world import BASIC, FUND, SPEAKER


def test_the_examples_in_the_docstrings_run() -> None:
    results = doctest.testmod(analytics)
    assert results.attempted >= 8
    assert results.failed == 0


def test_actors_who_want_the_same_goal_are_tied(world_network: "nx.MultiDiGraph[str]") -> None:
    ties = analytics.shared(analytics.actors_by_goals(world_network))
    assert {t.labels for t in ties if BASIC in t.through} >= {("Norland", SPEAKER)}


def test_who_opposes_an_instrument_is_not_tied_to_it(
    world_network: "nx.MultiDiGraph[str]",
) -> None:
    ties = analytics.actors_by_instruments(world_network)
    assert [t.labels[1] for t in ties] == [FUND]
    assert SPEAKER not in {t.labels[0] for t in ties}


@pytest.mark.parametrize(
    "measure",
    [
        analytics.degrees,
        analytics.betweenness,
        analytics.communities,
        analytics.bridges,
        analytics.brokers,
        analytics.actors_by_goals,
    ],
    ids=lambda f: f.__name__,
)
def test_measures_do_not_depend_on_the_order_of_the_network(
    world_network: "nx.MultiDiGraph[str]", measure: object
) -> None:
    other: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    other.add_nodes_from(reversed(list(world_network.nodes(data=True))))
    other.add_edges_from(reversed(list(world_network.edges(keys=True, data=True))))
    assert callable(measure)
    assert measure(other) == measure(world_network)


@pytest.mark.parametrize(
    "measure",
    [analytics.degrees, analytics.betweenness, analytics.communities, analytics.bridges],
    ids=lambda f: f.__name__,
)
def test_an_empty_network_has_empty_answers(measure: object) -> None:
    assert callable(measure)
    assert measure(nx.MultiDiGraph()) == []


def test_a_large_network_is_sampled_and_the_hub_still_found() -> None:
    star: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for n in range(900):
        star.add_node(str(n), label=str(n), type="Goal")
    for n in range(1, 900):
        star.add_edge("0", str(n), key="x", label="x", evidence=("s",), confidence=1.0)
    assert analytics.betweenness(star)[0].iri == "0"

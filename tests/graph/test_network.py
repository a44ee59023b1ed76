import random

import networkx as nx
import pytest

from graph.errors import NotFound
from graph.network import Connection, around_node, connections, load_network, most_connected
from graph.queries import Evidence
from graph.search import SearchIndex
from graph.store import Store
from tests.graph.small_world import BASIC, FUND, MINISTRY, SPEAKER


def _network(*edges: tuple[str, str, str, float]) -> "nx.MultiDiGraph[str]":
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for start, end, label, confidence in edges:
        for node in (start, end):
            network.add_node(node, label=node, type="Goal")
        said = Evidence(span=f"{start}{end}", quote="q", document="d", title="t", issued=None)
        network.add_edge(
            start, end, key=label, label=label, confidence=confidence, evidence=(said,)
        )
    return network


def _nodes(found: list[Connection]) -> list[str]:
    return ["".join([c.steps[0].source.iri, *(s.target.iri for s in c.steps)]) for c in found]


def test_relations_posts_stances_and_addressees_become_edges(
    world_network: "nx.MultiDiGraph[str]",
) -> None:
    label = {n: d["label"] for n, d in world_network.nodes(data=True)}
    edges = {(label[a], d["label"], label[b]) for a, b, d in world_network.edges(data=True)}
    assert edges >= {
        (FUND, "servesGoal", BASIC),
        ("Ada Möller", "holdsPost", "Minister of Science"),
        (SPEAKER, "opposes", FUND),
        ("Ada Möller", "addressee", "universities"),
        (FUND, "budget", "2 billion euros"),
        (BASIC, "field", "basic research"),
        ("王小明", "calls-for", "加强基础研究"),
    }


def test_every_edge_has_its_sentences(world_network: "nx.MultiDiGraph[str]") -> None:
    for *_, data in world_network.edges(data=True):
        assert data["evidence"]
        assert all(e.quote and e.title for e in data["evidence"])
        assert 0 < data["confidence"] <= 1


def test_the_network_comes_in_the_same_order_again(world_store: Store) -> None:
    once, again = load_network(world_store), load_network(world_store)
    assert list(once.edges(keys=True, data=True)) == list(again.edges(keys=True, data=True))
    assert list(once.nodes(data=True)) == list(again.nodes(data=True))


def test_two_actors_are_connected_through_what_both_want(
    world_network: "nx.MultiDiGraph[str]", world_index: SearchIndex
) -> None:
    ends = (world_index.named("Norland").iri, world_index.named(SPEAKER).iri)
    first = connections(world_network, *ends, most=3, steps=4)[0]
    assert [s.target.label for s in first.steps] == [BASIC, SPEAKER]
    assert [s.forward for s in first.steps] == [True, False]
    assert "must strengthen basic research" in first.steps[1].evidence[0].quote


def test_surer_ways_come_first_and_hubs_count_against() -> None:
    network = _network(
        ("a", "h", "x", 0.9),
        ("h", "b", "x", 0.9),
        ("a", "q", "x", 0.9),
        ("q", "b", "x", 0.9),
        ("a", "u", "x", 0.3),
        ("u", "b", "x", 0.3),
        *(("h", f"n{i}", "x", 1.0) for i in range(30)),
    )
    found = connections(network, "a", "b", most=5, steps=2)
    assert _nodes(found) == ["aqb", "ahb", "aub"]
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)


def test_the_limits_of_number_and_length_hold() -> None:
    network = _network(*((f"{i}", f"{i + 1}", "x", 1.0) for i in range(6)), ("0", "6", "x", 0.01))
    assert _nodes(connections(network, "0", "6", most=5, steps=5)) == ["06"]
    assert len(connections(network, "0", "6", most=5, steps=6)) == 2
    assert len(connections(network, "0", "6", most=1, steps=8)) == 1


@pytest.mark.parametrize("seed", range(6))
def test_the_ways_are_those_that_trying_all_finds(seed: int) -> None:
    rnd = random.Random(seed)
    pairs = [(a, b) for a in "abcdefgh" for b in "abcdefgh" if a != b and rnd.random() < 0.3]
    network = _network(
        ("a", "b", "x", 0.5), *((a, b, "y", rnd.choice((0.2, 0.6, 1.0))) for a, b in pairs)
    )
    for steps in (1, 2, 3, 4):
        found = connections(network, "a", "b", most=100, steps=steps)
        simple = nx.Graph(network)
        every = nx.all_simple_paths(simple, "a", "b", cutoff=steps)
        assert sorted(_nodes(found)) == sorted("".join(p) for p in every)
        assert [round(c.score, 9) for c in found] == sorted(
            (round(c.score, 9) for c in found), reverse=True
        )


def test_what_is_not_connected_has_no_way_and_what_is_unknown_is_said() -> None:
    network = _network(("a", "b", "x", 1.0), ("c", "d", "x", 1.0))
    assert connections(network, "a", "c", most=3, steps=5) == []
    assert connections(network, "a", "a", most=3, steps=5) == []
    with pytest.raises(NotFound):
        connections(network, "a", "z", most=3, steps=5)


def test_a_large_network_is_not_searched_wholly() -> None:
    plain = nx.barabasi_albert_graph(20_000, 2, seed=3)
    network = _network(*((str(a), str(b), "x", 0.9) for a, b in plain.edges()))
    seen = _CountingGraph(network)
    connections(seen, "19000", "18000", most=3, steps=5)
    assert 0 < seen.looked_at < len(network) / 2


class _CountingGraph(nx.MultiDiGraph):  # type: ignore[type-arg]
    """Counts whose neighbours were asked for."""

    def __init__(self, network: "nx.MultiDiGraph[str]") -> None:
        super().__init__(network)
        self.looked_at = 0

    @property
    def succ(self) -> object:
        self.looked_at += 1
        return super().succ


def test_surroundings_keep_the_nearest_and_their_edges() -> None:
    network = _network(("a", "b", "x", 1), ("b", "c", "x", 1), ("c", "d", "x", 1))
    assert set(around_node(network, "a", 2, 10)) == {"a", "b", "c"}
    assert set(around_node(network, "a", 2, 2)) == {"a", "b"}
    with pytest.raises(NotFound):
        around_node(network, "z", 1, 5)


def test_the_most_connected_are_shown_without_loners() -> None:
    network = _network(
        ("a", "b", "x", 1), ("a", "c", "x", 1), ("a", "d", "x", 1), ("e", "f", "x", 1)
    )
    assert set(most_connected(network, 2)) == {"a", "b"}
    # The fifth by number of relations is e, whose only neighbour is the sixth.
    assert set(most_connected(network, 5)) == {"a", "b", "c", "d"}


def test_a_ministry_is_reached_from_its_minister(
    world_network: "nx.MultiDiGraph[str]", world_index: SearchIndex
) -> None:
    ends = (world_index.named("Ada Möller").iri, world_index.named(MINISTRY).iri)
    first = connections(world_network, *ends, most=1, steps=3)[0]
    assert [s.label for s in first.steps] == ["holdsPost", "postIn"]

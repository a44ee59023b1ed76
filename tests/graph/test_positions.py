import subprocess
import sys

import networkx as nx
import pytest

from graph.positions import positions


def _boxes_overlap(
    places: dict[str, tuple[float, float]], box: tuple[float, float]
) -> list[tuple[str, str]]:
    names = sorted(places)
    return [
        (a, b)
        for i, a in enumerate(names)
        for b in names[i + 1 :]
        if abs(places[a][0] - places[b][0]) < box[0] * 0.9
        and abs(places[a][1] - places[b][1]) < box[1] * 0.9
    ]


def _named(graph: "nx.Graph[int]") -> "nx.Graph[str]":
    return nx.relabel_nodes(graph, {n: f"n{n:03}" for n in graph})


@pytest.mark.parametrize("size", [1, 2, 5, 30, 80])
def test_labels_have_room(size: int) -> None:
    network = _named(nx.barabasi_albert_graph(size, 1, seed=1) if size > 1 else nx.empty_graph(1))
    box = (140.0, 60.0)
    places = positions(network, dict.fromkeys(network, box))
    assert set(places) == set(network)
    assert not _boxes_overlap(places, box)


def test_parts_that_are_not_connected_stay_near_and_apart() -> None:
    network = _named(nx.disjoint_union_all([nx.path_graph(3) for _ in range(12)]))
    places = positions(network)
    width = max(x for x, _ in places.values()) - min(x for x, _ in places.values())
    height = max(y for _, y in places.values()) - min(y for _, y in places.values())
    assert max(width, height) < 2000
    assert not _boxes_overlap(places, (20.0, 20.0))


def test_nodes_without_a_relation_have_a_place_of_their_own() -> None:
    places = positions(_named(nx.empty_graph(9)))
    assert len(set(places.values())) == 9


def test_an_empty_network_has_no_places() -> None:
    assert positions(nx.Graph()) == {}


def test_places_are_the_same_in_another_process() -> None:
    code = (
        "import networkx as nx; from graph.positions import positions;"
        "g = nx.relabel_nodes(nx.barabasi_albert_graph(40, 2, seed=1), str);"
        "print(sorted(positions(g).items()))"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1

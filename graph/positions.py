"""Where the nodes of a picture lie."""

from __future__ import annotations

import math

import networkx as nx
import rustworkx as rx

_SEED = 7
_DISTANCE = 90


def positions(network: nx.Graph[str]) -> dict[str, tuple[float, float]]:
    """Coordinates in pixels for each node, by a seeded force-directed layout.

    The same network gives the same coordinates on every run. Parts that are not connected with
    each other are laid out one by one and set side by side, so that none drifts away.
    """
    places: dict[str, tuple[float, float]] = {}
    parts = sorted(nx.connected_components(nx.Graph(network)), key=lambda c: (-len(c), min(c)))
    left, top, row_height = 0.0, 0.0, 0.0
    width = 1.6 * _DISTANCE * math.sqrt(max(len(network), 1)) + _DISTANCE
    for part in parts:
        local = _force_directed(network, sorted(part))
        size = _DISTANCE * math.sqrt(len(part)) + _DISTANCE
        if left and left + size > width:
            left, top, row_height = 0.0, top + row_height, 0.0
        for node, (x, y) in local.items():
            places[node] = (round(left + size / 2 + x, 1), round(top + size / 2 + y, 1))
        left += size
        row_height = max(row_height, size)
    return places


def _force_directed(network: nx.Graph[str], nodes: list[str]) -> dict[str, tuple[float, float]]:
    """Fruchterman and Reingold's layout of one connected part around the origin."""
    if len(nodes) == 1:
        return {nodes[0]: (0.0, 0.0)}
    graph: rx.PyGraph[str, float] = rx.PyGraph(multigraph=False)
    index = dict(zip(nodes, graph.add_nodes_from(nodes), strict=True))
    for start, end in sorted({(min(e), max(e)) for e in network.edges(nodes) if e[0] != e[1]}):
        graph.add_edge(index[start], index[end], 1.0)
    found = rx.spring_layout(graph, seed=_SEED, num_iter=120, scale=1)
    radius = _DISTANCE * math.sqrt(len(nodes)) / 2
    return {node: (found[i][0] * radius, found[i][1] * radius) for node, i in index.items()}

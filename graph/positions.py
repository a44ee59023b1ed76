"""Where the nodes of a picture lie."""

from __future__ import annotations

import math
from collections.abc import Mapping

import networkx as nx
import numpy as np
import rustworkx as rx

_SEED = 7
_ITERATIONS = 200
_DISTANCE = 70.0
# Pictures are wider than high.
_STRETCH = 1.3
_SPREADS = 300
_SIDEWAYS = 1.8

Box = tuple[float, float]
Points = np.ndarray[tuple[int, int], np.dtype[np.float64]]
_PLAIN: Box = (40.0, 40.0)


def positions(
    network: nx.Graph[str], boxes: Mapping[str, Box] | None = None
) -> dict[str, tuple[float, float]]:
    """Coordinates in pixels for each node, by a seeded force-directed layout.

    `boxes` are the width and height that nodes need, with their labels; nodes are pushed apart
    until these hardly overlap. The same network gives the same coordinates on every run. Parts
    that are not connected with each other are laid out one by one and set in rows, so that none
    drifts away.
    """
    places: dict[str, tuple[float, float]] = {}
    boxes = boxes or {}
    parts = sorted(nx.connected_components(nx.Graph(network)), key=lambda c: (-len(c), min(c)))
    laid = [_laid_out(network, sorted(part), boxes) for part in parts]
    widest = max((width for _, (width, _) in laid), default=0.0)
    left = top = row_height = 0.0
    for local, (width, height) in laid:
        if left and left + width > widest:
            left, top, row_height = 0.0, top + row_height, 0.0
        for node, (x, y) in local.items():
            places[node] = (round(left + x, 1), round(top + y, 1))
        left += width
        row_height = max(row_height, height)
    return places


def _laid_out(
    network: nx.Graph[str], nodes: list[str], boxes: Mapping[str, Box]
) -> tuple[dict[str, tuple[float, float]], Box]:
    """Coordinates of one connected part from its upper left corner on, and its size."""
    sizes = np.array([boxes.get(node, _PLAIN) for node in nodes])
    points = _spread(_force_directed(network, nodes, sizes), sizes)
    corner = (points - sizes / 2).min(axis=0)
    points -= corner
    width, height = (points + sizes / 2).max(axis=0)
    local = {node: (float(x), float(y)) for node, (x, y) in zip(nodes, points, strict=True)}
    return local, (float(width) + _DISTANCE / 2, float(height) + _DISTANCE / 2)


def _force_directed(network: nx.Graph[str], nodes: list[str], sizes: Points) -> Points:
    """Fruchterman and Reingold's layout around the origin, on the area that the boxes need."""
    graph: rx.PyGraph[str, float] = rx.PyGraph(multigraph=False)
    index = dict(zip(nodes, graph.add_nodes_from(nodes), strict=True))
    for start, end in sorted({(min(e), max(e)) for e in network.edges(nodes) if e[0] != e[1]}):
        graph.add_edge(index[start], index[end], 1.0)
    found = rx.spring_layout(graph, seed=_SEED, num_iter=_ITERATIONS, scale=1)
    points = np.array([found[i] for i in range(len(nodes))], dtype=float)
    radius = math.sqrt(float(sizes.prod(axis=1).sum())) * 0.75
    stretched: Points = points * radius * np.array([_STRETCH, 1 / _STRETCH])
    return stretched


def _spread(points: Points, sizes: Points) -> Points:
    """Push apart what overlaps, along the axis on which less is missing."""
    needed = (sizes[:, None, :] + sizes[None, :, :]) / 2
    # Which of two nodes at the very same place gives way is decided by their order.
    order = np.sign(np.arange(len(points))[:, None] - np.arange(len(points))[None, :])
    for _ in range(_SPREADS):
        apart = points[:, None, :] - points[None, :, :]
        missing = needed - np.abs(apart)
        overlap = (missing > 0).all(axis=2) & (order != 0)
        if not overlap.any():
            break
        direction = np.where(apart == 0, order[:, :, None], np.sign(apart))
        # Pushing sideways keeps the picture wide.
        along_x = missing[:, :, 0] < _SIDEWAYS * missing[:, :, 1]
        axis = np.stack([along_x, ~along_x], axis=2) & overlap[:, :, None]
        points = points + (direction * missing * axis).sum(axis=1) * 0.25
    return points

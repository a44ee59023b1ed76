"""Where the nodes of a growing picture lie: what has been placed once never moves.

Wishes come from a seeded force-directed layout; each node then takes the free place that is nearest
to its wish, so that boxes do not overlap whatever is added later.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence

import networkx as nx
import rustworkx as rx

Point = tuple[float, float]
Box = tuple[float, float]

_SEED = 7
_ITERATIONS = 120
# Room for a node with two short lines of label under it.
WIDTH, HEIGHT = 132.0, 74.0
_WHOLE, _SMALL = (WIDTH, HEIGHT), (66.0, 40.0)
# How much of the area is left empty, and how much wider than high pictures are.
_AIR, _STRETCH = 1.5, 1.4
_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
_REACH = 150.0


def place(
    network: nx.Graph[str], nodes: Sequence[str], fixed: Mapping[str, Point]
) -> dict[str, Point]:
    """Places of these nodes beside those that are fixed; the same input gives the same places.

    Nodes that are connected with fixed ones come near them; parts that are connected with nothing
    that is shown are set in rows below.
    """
    ground = _Ground(fixed.values())
    shown = nx.Graph(network.subgraph({*nodes, *fixed}))
    places: dict[str, Point] = {}
    new = set(nodes) - set(fixed)
    islands: list[list[str]] = []
    for part in sorted(nx.connected_components(shown), key=lambda c: (-len(c), min(c))):
        wanted = sorted(part & new)
        if not wanted:
            continue
        anchors = {n: fixed[n] for n in sorted(part) if n in fixed}
        if anchors:
            wishes = _near(shown, sorted(part), anchors)
            for node in sorted(wanted, key=lambda n: (-shown.degree(n), n)):
                places[node] = ground.take(wishes[node])
        else:
            islands.append(wanted)
    places.update(_in_rows(shown, islands, ground))
    return places


def place_between(
    ends: Mapping[str, Sequence[str]], fixed: Mapping[str, Point]
) -> dict[str, Point]:
    """Places of nodes that stand between others, as near to their middle as is free."""
    ground = _Ground(fixed.values())
    places: dict[str, Point] = {}
    for node in sorted(ends):
        around = [fixed[end] for end in ends[node]]
        middle = (
            sum(x for x, _ in around) / len(around),
            sum(y for _, y in around) / len(around),
        )
        places[node] = ground.take(middle, _SMALL)
    return places


def _in_rows(
    shown: nx.Graph[str], islands: Sequence[Sequence[str]], ground: _Ground
) -> dict[str, Point]:
    """Parts of their own, side by side in rows under everything that is there."""
    laid = [_alone(shown, part) for part in islands]
    area = sum(width * height for _, width, height in laid)
    widest = max([ground.width(), 1.5 * math.sqrt(area), *(width for _, width, _ in laid)])
    left, top = ground.lower_left()
    x, row_height = left, 0.0
    places: dict[str, Point] = {}
    for local, width, height in laid:
        if x > left and x + width > left + widest:
            x, top, row_height = left, top + row_height, 0.0
        for node, (dx, dy) in local.items():
            places[node] = (round(x + dx, 1), round(top + dy, 1))
        x += width
        row_height = max(row_height, height)
    return places


def _alone(shown: nx.Graph[str], part: Sequence[str]) -> tuple[dict[str, Point], float, float]:
    """Places of one connected part from its upper left corner on, its width and its height."""
    wishes = _near(shown, part, {})
    ground = _Ground(())
    order = sorted(part, key=lambda n: (-shown.degree(n), n))
    places = {node: ground.take(wishes[node]) for node in order}
    left = min(x for x, _ in places.values()) - WIDTH / 2
    top = min(y for _, y in places.values()) - HEIGHT / 2
    local = {n: (x - left, y - top) for n, (x, y) in places.items()}
    width = max(x for x, _ in local.values()) + WIDTH / 2
    height = max(y for _, y in local.values()) + HEIGHT / 2
    return local, width, height


def _near(
    shown: nx.Graph[str], part: Sequence[str], anchors: Mapping[str, Point]
) -> dict[str, Point]:
    """Wishes by Fruchterman and Reingold's layout, in which the anchors stay."""
    if len(part) == 1:
        return {part[0]: (0.0, 0.0)}
    graph: rx.PyGraph[str, float] = rx.PyGraph(multigraph=False)
    index = dict(zip(part, graph.add_nodes_from(list(part)), strict=True))
    for start, end in sorted({(min(e), max(e)) for e in shown.edges(part) if e[0] != e[1]}):
        graph.add_edge(index[start], index[end], 1.0)
    if not anchors:
        radius = math.sqrt(len(part) * WIDTH * HEIGHT * _AIR) / 1.8
        found = rx.spring_layout(graph, seed=_SEED, num_iter=_ITERATIONS, scale=1)
        return {
            n: (found[i][0] * radius * _STRETCH, found[i][1] * radius / _STRETCH)
            for n, i in index.items()
        }
    beginnings = _beginnings(shown, part, anchors)
    found = rx.spring_layout(
        graph,
        pos={index[n]: (x / _REACH, y / _REACH) for n, (x, y) in beginnings.items()},
        fixed={index[n] for n in anchors},
        seed=_SEED,
        num_iter=30,
        k=1.0,
    )
    return {n: (found[i][0] * _REACH, found[i][1] * _REACH) for n, i in index.items()}


def _beginnings(
    shown: nx.Graph[str], part: Sequence[str], anchors: Mapping[str, Point]
) -> dict[str, Point]:
    """Every new node begins beside what it hangs on, spread around it."""
    places = dict(anchors)
    waiting = [n for n in part if n not in anchors]
    while waiting:
        later: list[str] = []
        ready: dict[str, Point] = {}
        for number, node in enumerate(waiting):
            beside = [places[o] for o in sorted(shown[node]) if o in places]
            if not beside:
                later.append(node)
                continue
            angle = number * _GOLDEN_ANGLE
            x = sum(p[0] for p in beside) / len(beside)
            y = sum(p[1] for p in beside) / len(beside)
            ready[node] = (x + _REACH * math.cos(angle), y + _REACH * math.sin(angle))
        places.update(ready)
        waiting = later
    return places


class _Ground:
    """What is taken: the boxes of the nodes that have a place."""

    def __init__(self, places: Collection[Point]) -> None:
        self._cells: dict[tuple[int, int], list[tuple[Point, Box]]] = {}
        for point in places:
            self._cells.setdefault(_cell(point), []).append((point, _WHOLE))

    def take(self, wish: Point, box: Box = _WHOLE) -> Point:
        """The free place nearest to the wish, which is taken from now on."""
        place = next(p for p in _around(wish) if self._is_free(p, box))
        self._cells.setdefault(_cell(place), []).append((place, box))
        return place

    def width(self) -> float:
        """The width of all that is there."""
        xs = [x for cell in self._cells.values() for (x, _), _ in cell]
        return max(xs) - min(xs) + WIDTH if xs else 0.0

    def lower_left(self) -> Point:
        """Where the next row begins."""
        points = [p for cell in self._cells.values() for p, _ in cell]
        if not points:
            return 0.0, 0.0
        return min(x for x, _ in points) - WIDTH / 2, max(y for _, y in points) + HEIGHT

    def _is_free(self, place: Point, box: Box) -> bool:
        column, row = _cell(place)
        return not any(
            2 * abs(x - place[0]) < width + box[0] and 2 * abs(y - place[1]) < height + box[1]
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for (x, y), (width, height) in self._cells.get((column + dx, row + dy), ())
        )


def _cell(point: Point) -> tuple[int, int]:
    return math.floor(point[0] / WIDTH), math.floor(point[1] / HEIGHT)


def _around(wish: Point) -> Iterator[Point]:
    """Places further and further away from a wish, without end."""
    number = 0
    while True:
        far, angle = HEIGHT * 0.4 * math.sqrt(number), number * _GOLDEN_ANGLE
        x, y = wish[0] + 1.4 * far * math.cos(angle), wish[1] + far * math.sin(angle)
        yield round(x, 1), round(y, 1)
        number += 1

"""From the store to a networkx graph, and the connections in it.

Nodes are IRIs with `label` and `type`. An edge joins two things by one predicate or modality; all
sentences that say so are its `evidence`. Analytics and drawing take it from here without a store.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

import networkx as nx

from graph.errors import NotFound
from graph.queries import Evidence, Thing, date_of, local_name, text_of, value
from graph.records import Record
from graph.store import Store


class Step(Record):
    """One hop of a connection, in the direction it is walked.

    `forward` is False where the relation is read from `target` to `source`.
    """

    source: Thing
    target: Thing
    label: str
    forward: bool
    confidence: float
    evidence: tuple[Evidence, ...]


class Connection(Record):
    """A way from one thing to another; the score is better for surer and less usual steps."""

    steps: tuple[Step, ...]
    score: float


def load_network(store: Store) -> nx.MultiDiGraph[str]:
    """All relations and stances of the store; nodes and edges in a fixed order.

    Edge attributes: `label` (predicate or modality), `confidence` (that at least one of its
    sentences is right), `evidence` (tuple of Evidence). The label is also the edge's key.
    """
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for iri, type_, label in store.select(text_of("nodes")).rows:
        network.add_node(value(iri), label=value(label), type=local_name(value(type_)))
    found: dict[tuple[str, str, str], dict[str, tuple[Evidence, float]]] = {}
    table = store.select(text_of("edges"))
    for source, target, label, _, span, quote, document, title, issued, confidence in table.rows:
        ends = value(source), value(target), value(label)
        if ends[0] not in network or ends[1] not in network or ends[0] == ends[1]:
            continue
        evidence = Evidence(
            span=value(span),
            quote=value(quote),
            document=value(document),
            title=value(title) or local_name(value(document)),
            issued=date_of(issued),
        )
        found.setdefault(ends, {})[evidence.span] = (evidence, float(value(confidence)))
    for (start, end, name), sentences in found.items():
        network.add_edge(
            start,
            end,
            key=name,
            label=name,
            confidence=1 - math.prod(1 - c for _, c in sentences.values()),
            evidence=tuple(e for e, _ in sentences.values()),
        )
    return network


def connections(
    network: nx.MultiDiGraph[str], start: str, end: str, most: int, steps: int
) -> list[Connection]:
    """The best ways between two things, in whichever direction the relations read.

    Ways are scored by the product of the steps' confidences and, for each thing on the way,
    1 / log(2 + degree), since whatever leads through a hub says little. At most `most` ways of at
    most `steps` steps; shorter ones win ties. Empty when there is none.
    """
    for iri in (start, end):
        if iri not in network:
            raise NotFound(f"nothing in the graph is related to {iri}")
    if start == end:
        return []
    costs = _costs(network)
    ways = islice(_ways(costs, start, end), 40 * most)
    short = [way for way in ways if len(way) <= steps + 1]
    found = [_connection(network, way) for way in short]
    found.sort(key=lambda c: (-c.score, len(c.steps), [s.target.iri for s in c.steps]))
    return found[:most]


def around_node(
    network: nx.MultiDiGraph[str], centre: str, steps: int, most: int
) -> nx.MultiDiGraph[str]:
    """The part of the network within `steps` of a thing; the best connected ones if too many."""
    if centre not in network:
        raise NotFound(f"nothing in the graph is related to {centre}")
    distance = nx.single_source_shortest_path_length(network.to_undirected(), centre, steps)
    order = sorted(distance, key=lambda n: (distance[n], -network.degree(n), n))
    return _part(network, order[:most])


def most_connected(network: nx.MultiDiGraph[str], most: int) -> nx.MultiDiGraph[str]:
    """The things with the most relations, and the relations between them."""
    order = sorted(network, key=lambda n: (-network.degree(n), n))
    return _part(network, order[:most])


def _part(network: nx.MultiDiGraph[str], nodes: Sequence[str]) -> nx.MultiDiGraph[str]:
    part: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node in sorted(nodes):
        part.add_node(node, **network.nodes[node])
    for start, end, key, data in network.edges(keys=True, data=True):
        if start in part and end in part:
            part.add_edge(start, end, key=key, **data)
    return part


def _costs(network: nx.MultiDiGraph[str]) -> nx.Graph[str]:
    """Undirected, one edge for each pair; the weights add up to minus the log of the score."""
    simple: nx.Graph[str] = nx.Graph()
    hub = {n: math.log(math.log(2 + d)) for n, d in network.degree()}
    for start, end, data in network.edges(data=True):
        # Half of the penalty of each end, so that a way pays once for each thing it goes through.
        penalty = (max(hub[start], 0) + max(hub[end], 0)) / 2
        # A small cost for the step itself keeps detours over certain facts from being free.
        cost = 0.05 - math.log(max(data["confidence"], 0.01)) + penalty
        known = simple.get_edge_data(start, end)
        if known is None or cost < known["cost"]:
            simple.add_edge(start, end, cost=cost)
    return simple


def _ways(costs: nx.Graph[str], start: str, end: str) -> Iterator[list[str]]:
    try:
        yield from nx.shortest_simple_paths(costs, start, end, weight="cost")
    except nx.NetworkXNoPath:
        return


def _connection(network: nx.MultiDiGraph[str], way: Sequence[str]) -> Connection:
    steps = tuple(_step(network, a, b) for a, b in pairwise(way))
    through = math.prod(1 / math.log(2 + network.degree(n)) for n in way[1:-1])
    return Connection(steps=steps, score=math.prod(s.confidence for s in steps) * through)


def _step(network: nx.MultiDiGraph[str], source: str, target: str) -> Step:
    """The surest relation between two neighbours."""
    choices = [
        (-data["confidence"], forward, key, data)
        for forward, (a, b) in ((True, (source, target)), (False, (target, source)))
        for key, data in (network.get_edge_data(a, b) or {}).items()
    ]
    _, forward, label, data = min(choices, key=lambda c: (c[0], not c[1], c[2]))
    return Step(
        source=_thing(network, source),
        target=_thing(network, target),
        label=label,
        forward=forward,
        confidence=data["confidence"],
        evidence=data["evidence"],
    )


def _thing(network: nx.MultiDiGraph[str], iri: str) -> Thing:
    node = network.nodes[iri]
    return Thing(iri=iri, type=node["type"], label=node["label"])

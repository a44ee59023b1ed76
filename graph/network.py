"""From the store to a networkx graph, and the connections in it.

Nodes are IRIs with `label` and `type`. An edge joins two things by one predicate or modality; all
sentences that say so are its `evidence`. Analytics and drawing take it from here without a store.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from heapq import heappop, heappush
from itertools import islice, pairwise

import networkx as nx

from graph.errors import NotFound
from graph.queries import Evidence, Thing, date_of, local_name, related_things, text_of, value
from graph.records import Record
from graph.store import Store
from graph.support import Proof, Support, support
from ontology.vocabulary import SCIP

_MODALITY = "https://w3id.org/scipol/voc/modality/"
# Confidences below this count as this, so that no step costs infinitely much.
_LEAST = 0.01
# Only so many beginnings of ways are looked at: things that are hardly connected end the search.
_MOST_BEGINNINGS = 20_000


class Step(Record):
    """One hop of a connection, in the direction it is walked.

    `forward` is False where the relation is read from `target` to `source`. `sources` are the
    documents of the evidence, copies of a sentence counted once.
    """

    source: Thing
    target: Thing
    label: str
    forward: bool
    confidence: float
    sources: int
    evidence: tuple[Evidence, ...]


class Connection(Record):
    """A way from one thing to another; the score is better for surer and less usual steps."""

    steps: tuple[Step, ...]
    score: float


def load_network(store: Store) -> nx.MultiDiGraph[str]:
    """All relations and stances of the store; nodes and edges in a fixed order.

    Edge attributes: `label` (predicate or modality), `confidence` (what its sentences give
    together, see `graph.support`), `evidence` (tuple of Evidence), and for each of these
    `confidences` and `statements` (IRIs, none where it is a relation). The label is also the edge's
    key; the graph's `modalities` are those of all statements.
    """
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for iri, thing in related_things(store).items():
        network.add_node(iri, label=thing.label, type=thing.type)
    found: dict[tuple[str, str, str], dict[str, tuple[Evidence, float]]] = {}
    said: dict[tuple[str, str, str], dict[str, list[str]]] = {}
    modalities: dict[str, str] = {}
    sentences_of = _sentences(store)
    rows = (tuple(map(value, row)) for row in store.select(text_of("edges")).rows)
    # Sorted here: the engine takes as long for the order as for all the rest.
    for source, target, label, span, fact, confidence in sorted(
        (source, target, label, span, fact, confidence)
        for source, target, label, fact, span, confidence in rows
    ):
        ends = source, target, local_name(label)
        evidence = sentences_of.get(span)
        if not evidence or {*ends[:2]} - network.nodes.keys() or ends[0] == ends[1]:
            continue
        found.setdefault(ends, {})[evidence.span] = (evidence, float(confidence))
        if label.startswith(_MODALITY):
            modalities[fact] = ends[2]
        elif label != SCIP.addressee:
            continue
        said.setdefault(ends, {}).setdefault(evidence.span, []).append(fact)
    for (start, end, name), sentences in found.items():
        network.add_edge(
            start,
            end,
            key=name,
            label=name,
            confidence=support_of(sentences.values()).confidence,
            evidence=tuple(e for e, _ in sentences.values()),
            confidences=tuple(c for _, c in sentences.values()),
            statements=tuple(
                tuple(said.get((start, end, name), {}).get(span, ())) for span in sentences
            ),
        )
    network.graph["modalities"] = modalities
    return network


def support_of(proofs: Iterable[tuple[Evidence, float]]) -> Support:
    """What the sentences of a relation give together, each with its confidence."""
    return support(Proof(e.document, e.quote, confidence) for e, confidence in proofs)


def _sentences(store: Store) -> dict[str, Evidence]:
    """Every sentence that a fact rests on, by its span; joined here, which is faster."""
    documents = {value(row[0]): row[1:] for row in store.select(text_of("texts")).rows}
    found = {}
    for span, quote, text in store.select(text_of("quotes")).rows:
        if text_of_span := documents.get(value(text)):
            document, called, title, issued = text_of_span
            found[value(span)] = Evidence(
                span=value(span),
                quote=value(quote),
                document=value(document),
                title=value(title) or value(called),
                issued=date_of(issued),
            )
    return found


class Avoid(Record):
    """What ways must not lead through: types, single things (IRIs), and hubs.

    A hub is what has more relations than this.
    """

    types: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    hubs: int | None = None


def connections(
    network: nx.MultiDiGraph[str],
    start: str,
    end: str,
    most: int,
    steps: int,
    avoid: Avoid | None = None,
) -> list[Connection]:
    """The best ways between two things, in whichever direction the relations read.

    Ways are scored by the product of the steps' confidences and, for each thing on the way,
    1 / log(2 + degree), since whatever leads through a hub says little. At most `most` ways of at
    most `steps` steps; shorter ones win ties. Empty when there is none. What is to be avoided may
    still be the start or the end. Raises NotFound where one of the two has no relation.
    """
    for iri in (start, end):
        if iri not in network:
            raise NotFound(f"nothing in the graph is related to {iri}")
    if start == end:
        return []
    avoided = _avoided(network, avoid) - {start, end} if avoid else frozenset()
    ways = islice(_ways(network, start, end, steps, avoided), most)
    return [_connection(network, way) for way in ways]


def around_node(
    network: nx.MultiDiGraph[str], centre: str, steps: int, most: int
) -> nx.MultiDiGraph[str]:
    """The part of the network within `steps` of a thing; the best connected ones if too many."""
    if centre not in network:
        raise NotFound(f"nothing in the graph is related to {centre}")
    distance = _around(network, centre, steps)
    order = sorted(distance, key=lambda n: (distance[n], -network.degree(n), n))
    return _part(network, order[:most])


def most_connected(network: nx.MultiDiGraph[str], most: int) -> nx.MultiDiGraph[str]:
    """The things with the most relations, and the relations between them.

    Things that have none with the others chosen are left out.
    """
    order = sorted(network, key=lambda n: (-network.degree(n), n))
    part = _part(network, order[:most])
    part.remove_nodes_from([n for n, degree in list(part.degree()) if not degree])
    return part


def _part(network: nx.MultiDiGraph[str], nodes: Sequence[str]) -> nx.MultiDiGraph[str]:
    part: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node in sorted(nodes):
        part.add_node(node, **network.nodes[node])
    for start, end, key, data in network.edges(keys=True, data=True):
        if start in part and end in part:
            part.add_edge(start, end, key=key, **data)
    return part


def _avoided(network: nx.MultiDiGraph[str], avoid: Avoid) -> frozenset[str]:
    types = set(avoid.types)
    found = {n for n, data in network.nodes(data=True) if data["type"] in types}
    if avoid.hubs is not None:
        found.update(n for n, degree in network.degree() if degree > avoid.hubs)
    return frozenset(found.union(avoid.things))


def _ways(
    network: nx.MultiDiGraph[str], start: str, end: str, steps: int, avoided: frozenset[str]
) -> Iterator[tuple[str, ...]]:
    """Ways without loops, the best first.

    What the rest of a way costs at least is known beforehand, so only promising beginnings are
    extended (A*): on a large graph little more than the ways themselves is looked at.
    """
    rest = _costs_to(network, start, end, steps, avoided)
    if start not in rest[steps]:
        return
    beginnings: list[tuple[float, int, tuple[str, ...], float]]
    beginnings = [(rest[steps][start], 0, (start,), 0.0)]
    for _ in range(_MOST_BEGINNINGS):
        if not beginnings:
            return
        _, length, way, cost = heappop(beginnings)
        if way[-1] == end:
            yield way
            continue
        left = rest[steps - length - 1] if length < steps else {}
        for there, confidence in _neighbours(network, way[-1]):
            if there in left and there not in way:
                so_far = cost - math.log(confidence) + _penalty(network, there, end)
                least = round(so_far + left[there], 9)
                heappush(beginnings, (least, length + 1, (*way, there), so_far))


def _costs_to(
    network: nx.MultiDiGraph[str], start: str, end: str, steps: int, avoided: frozenset[str]
) -> list[dict[str, float]]:
    """For each number of steps, what the best rest of a way costs from things that far at most.

    Built from both ends to the middle, since the things within half the steps are few and those
    within all of them may be the whole graph.
    """
    half = steps // 2
    costs = [{end: 0.0}]
    for _ in range(half):
        further = dict(costs[-1])
        for here, cost in costs[-1].items():
            through = cost + _penalty(network, here, end)
            for there, confidence in _neighbours(network, here):
                if there in avoided:
                    continue
                least = through - math.log(confidence)
                further[there] = min(least, further.get(there, least))
        costs.append(further)
    near = _around(network, start, steps - half - 1, avoided)
    for left in range(half + 1, steps + 1):
        further = {}
        for here in (n for n, hops in near.items() if hops <= steps - left):
            ways = [
                costs[-1][there] + _penalty(network, there, end) - math.log(confidence)
                for there, confidence in _neighbours(network, here)
                if there in costs[-1]
            ]
            if here in costs[-1]:
                ways.append(costs[-1][here])
            if ways:
                further[here] = min(ways)
        costs.append(further)
    return costs


def _around(
    network: nx.MultiDiGraph[str], centre: str, steps: int, avoided: frozenset[str] = frozenset()
) -> dict[str, int]:
    """How many steps things are away, for those within so many, without going through others."""
    found = {centre: 0}
    edge = [centre]
    for distance in range(1, steps + 1):
        reached = (n for here in edge for n, _ in _neighbours(network, here))
        edge = [n for n in reached if n not in found and n not in avoided]
        found.update(dict.fromkeys(edge, distance))
    return found


def _penalty(network: nx.MultiDiGraph[str], node: str, end: str) -> float:
    """What it costs to go through a thing; arriving is free."""
    return 0.0 if node == end else math.log(max(math.log(2 + network.degree(node)), 1.0))


def _neighbours(network: nx.MultiDiGraph[str], node: str) -> Iterator[tuple[str, float]]:
    """Things one step away in either direction, each with the confidence of its surest relation."""
    best: dict[str, float] = {}
    for side in (network.succ[node], network.pred[node]):
        for other, parallel in side.items():
            surest = max(data["confidence"] for data in parallel.values())
            best[other] = max(best.get(other, _LEAST), surest)
    return iter(best.items())


def _connection(network: nx.MultiDiGraph[str], way: Sequence[str]) -> Connection:
    steps = tuple(_step(network, a, b) for a, b in pairwise(way))
    through = math.exp(-sum(_penalty(network, n, way[-1]) for n in way[1:-1]))
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
        label=str(label),
        forward=forward,
        confidence=data["confidence"],
        sources=support_of((e, 1.0) for e in data["evidence"]).sources,
        evidence=data["evidence"],
    )


def _thing(network: nx.MultiDiGraph[str], iri: str) -> Thing:
    node = network.nodes[iri]
    return Thing(iri=iri, type=node["type"], label=node["label"])

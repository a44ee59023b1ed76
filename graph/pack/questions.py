"""What a pack can be of, and which facts answer it.

A question about the shape of the graph is asked of the network first (`on_network`, which may run
in another process); all others need the store alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import networkx as nx
import pyoxigraph as ox

from graph import queries
from graph.compare import facts_of_side, side_kind
from graph.evidence import facts_between
from graph.network import Avoid, Connection, connections
from graph.queries import StatementFilter, text_of, value
from graph.records import Record
from graph.store import Store
from graph.view import View, ViewSpec, kept_sentences, make_view

Triple = tuple[str, str, str]


class Statements(Record):
    """All statements that meet conditions."""

    conditions: StatementFilter


class Picture(Record):
    """A view of the graph, with its filters."""

    view: ViewSpec


class Edge(Record):
    """A relation between two things."""

    source: str
    relation: str
    target: str


class Entity(Record):
    """All relations and statements of one thing."""

    iri: str


class Document(Record):
    """Everything that rests on one document."""

    iri: str


class Paths(Record):
    """The best ways between two things."""

    start: str
    end: str
    most: int
    steps: int
    avoid: Avoid = Avoid()


class Comparison(Record):
    """What two documents, actors or countries stand for."""

    a: str
    b: str


Question = Statements | Picture | Edge | Entity | Document | Paths | Comparison


class Shown(Record):
    """A relation of a picture, with the spans of the sentences that its filters leave."""

    edge: Triple
    spans: frozenset[str]


class NetworkPart(Record):
    """What the network adds to the answer: a picture with what it shows, or ways."""

    view: View | None = None
    shown: tuple[Shown, ...] = ()
    ways: tuple[Connection, ...] = ()


def on_network(network: nx.MultiDiGraph[str], question: Question) -> NetworkPart:
    """What the network says on a question. Raises ViewTooLarge, NotFound."""
    match question:
        case Picture(view=spec):
            view = make_view(network, spec)
            kept = kept_sentences(network, spec)
            shown = tuple(
                Shown(edge=(source, relation, target), spans=spans)
                for (source, target, relation), spans in kept.items()
            )
            return NetworkPart(view=view, shown=shown)
        case Paths(start=start, end=end, most=most, steps=steps, avoid=avoid):
            return NetworkPart(ways=tuple(connections(network, start, end, most, steps, avoid)))
        case _:
            return NetworkPart()


def needs_network(question: Question) -> bool:
    """Whether a question is about the shape of the network."""
    return isinstance(question, Picture | Paths)


class Chosen(Record):
    """A fact (IRI) that belongs to an answer, and as what."""

    fact: str
    part: str = ""


def facts_of(store: Store, question: Question, part: NetworkPart) -> list[Chosen]:
    """The facts that answer a question, in a fixed order. Raises NotFound."""
    match question:
        case Statements(conditions=conditions):
            return [Chosen(fact=iri) for iri in queries.statement_order(store, conditions)]
        case Edge(source=source, relation=relation, target=target):
            return [Chosen(fact=f) for f in facts_between(store, source, relation, target)]
        case Entity(iri=iri):
            found = queries.entity(store, iri)
            facts = [r.claim for r in found.relations] + [s.iri for s in found.statements]
            return [Chosen(fact=fact) for fact in dict.fromkeys(facts)]
        case Document(iri=iri):
            return [Chosen(fact=fact) for fact in facts_of_side(store, "document", iri)]
        case Comparison(a=a, b=b):
            return _of_both(store, a, b)
        case Paths():
            return _on_ways(store, part.ways)
        case Picture():
            return _in_picture(store, part.shown)


def _of_both(store: Store, a: str, b: str) -> list[Chosen]:
    first, second = queries.thing(store, a), queries.thing(store, b)
    kind = side_kind(first, second)
    sides: dict[str, list[str]] = defaultdict(list)
    for name, iri in (("first", a), ("second", b)):
        for fact in facts_of_side(store, kind, iri):
            sides[fact].append(name)
    return [Chosen(fact=fact, part=" and ".join(names)) for fact, names in sides.items()]


def _on_ways(store: Store, ways: Sequence[Connection]) -> list[Chosen]:
    places: dict[str, list[str]] = defaultdict(list)
    for number, way in enumerate(ways, 1):
        for step_number, step in enumerate(way.steps, 1):
            ends = (step.source.iri, step.target.iri)
            source, target = ends if step.forward else ends[::-1]
            for fact in facts_between(store, source, step.label, target):
                places[fact].append(f"way {number} step {step_number}")
    return [Chosen(fact=fact, part="; ".join(where)) for fact, where in places.items()]


def _in_picture(store: Store, shown: Sequence[Shown]) -> list[Chosen]:
    """The facts that say one of the relations in a sentence that is left of it."""
    wanted: dict[str, set[Triple]] = defaultdict(set)
    for one in shown:
        for span in one.spans:
            wanted[span].add(one.edge)
    found = facts_on(store, sorted(wanted))
    said = triples_of(store, sorted({fact for fact, _ in found}))
    return [Chosen(fact=fact) for fact, span in found if wanted[span] & said.get(fact, set())]


def facts_on(store: Store, spans: Sequence[str]) -> list[tuple[str, str]]:
    """The facts that rest on these spans (IRIs), each with its span."""
    rows = [
        (value(row[0]), value(row[1]))
        for some in batches(spans)
        for row in store.select(text_of("facts-on-spans").replace("# SPANS", nodes(some))).rows
    ]
    return sorted(rows, key=lambda r: (r[1], r[0]))


def triples_of(store: Store, facts: Sequence[str]) -> dict[str, set[Triple]]:
    """The relations between things that each fact states, as pictures draw them."""
    said: dict[str, set[Triple]] = defaultdict(set)
    for some in batches(facts):
        for fact, source, label, target in store.select(
            text_of("relations-of-facts").replace("# FACTS", nodes(some))
        ).rows:
            relation = queries.local_name(value(label))
            said[value(fact)].add((value(source), relation, value(target)))
    return said


def nodes(iris: Iterable[str]) -> str:
    """IRIs as a query names them."""
    return " ".join(str(ox.NamedNode(iri)) for iri in iris)


def batches(iris: Sequence[str], size: int = 500) -> Iterable[Sequence[str]]:
    """Parts of a list that are small enough for one query."""
    return (iris[i : i + size] for i in range(0, len(iris), size))


PARTS: Mapping[type[Record], str] = {
    Statements: "statements that meet conditions",
    Picture: "what a view of the graph shows",
    Edge: "what one relation between two things rests on",
    Entity: "what is known of one thing",
    Document: "what rests on one document",
    Paths: "the best ways between two things, step by step",
    Comparison: "what two things that are compared stand for",
}

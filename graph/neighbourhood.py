"""What surrounds one thing: counted first, then listed, under conditions that tell what they hide.

hops = hops_of(store, iri)           # every fact that connects the thing with another
groups(hops)                         # how many neighbours by relation and direction
neighbours(hops, EdgeFilter(...))    # the neighbours, and how many each condition hides
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pyoxigraph as ox

from graph.queries import Thing, date_of, local_name, text_of, thing, things, value
from graph.records import Record
from graph.store import Store
from graph.support import Proof, support

Direction = Literal["out", "in"]


@dataclass(frozen=True, slots=True)
class Hop:
    """One fact in one document that connects the thing in question with another."""

    direction: Direction
    relation: str
    other: Thing
    fact: str
    confidence: float
    document: str
    issued: date | None
    quote: str = ""


class EdgeFilter(Record):
    """Which neighbours to show; every condition that is given must hold.

    `relations` are predicates or modalities, `types` those of the neighbour, `documents` IRIs.
    `since` and `until` are days of issue that count as well; what has no date is shown unless
    `undated` is False. `confidence` is that of a single fact, `support` how many facts there must
    be for a neighbour when the other conditions have been applied.
    """

    relations: tuple[str, ...] = ()
    direction: Direction | None = None
    types: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    undated: bool = True
    confidence: float = 0.0
    support: int = 1


class Group(Record):
    """The neighbours by one relation in one direction: how many, and of which types."""

    relation: str
    direction: Direction
    neighbours: int
    facts: int
    types: Mapping[str, int]


class Neighbour(Record):
    """A thing that is connected by one relation, and what the connection rests on.

    `confidence` is what the facts give together, `sources` the number of documents that do not
    copy each other; see `graph.support`.
    """

    thing: Thing
    relation: str
    direction: Direction
    facts: int
    documents: tuple[str, ...]
    sources: int
    first: date | None
    last: date | None
    confidence: float


class Neighbours(Record):
    """The neighbours that are shown, the best supported first, and what is hidden.

    `hidden` says for each condition how many neighbours it was that took the last fact from them;
    shown and hidden together are `total`.
    """

    items: tuple[Neighbour, ...]
    total: int
    hidden: Mapping[str, int]
    undated: int


def hops_of(store: Store, iri: str) -> tuple[Hop, ...]:
    """All facts that connect a thing with others, in a fixed order. Raises NotFound."""
    thing(store, iri)
    rows = store.select(text_of("hops"), {"entity": ox.NamedNode(iri)}).rows
    known = things(store, {value(row[2]) for row in rows if isinstance(row[2], ox.NamedNode)})
    return tuple(
        Hop(
            direction="out" if value(outgoing) == "true" else "in",
            relation=local_name(value(label)),
            other=known[value(other)],
            fact=value(fact),
            confidence=float(value(confidence)),
            document=value(document),
            issued=date_of(issued),
            quote=value(quote),
        )
        for outgoing, label, other, fact, confidence, document, issued, quote in rows
        if value(other) in known and value(other) != iri
    )


def groups(hops: Iterable[Hop]) -> list[Group]:
    """How many neighbours there are by relation and direction, the most first."""
    found = [_group(relation, way, part) for (relation, way), part in _by_relation(hops).items()]
    return sorted(found, key=lambda g: (-g.neighbours, g.direction != "out", g.relation))


def neighbours(hops: Sequence[Hop], conditions: EdgeFilter) -> Neighbours:
    """The neighbours that meet the conditions, and how many each condition hides."""
    found: list[Neighbour] = []
    hidden: Counter[str] = Counter()
    undated = 0
    edges = _by_edge(hops)
    for edge, every in edges.items():
        undated += all(hop.issued is None for hop in every)
        left: Sequence[Hop] = every
        for name, holds in _conditions(conditions):
            kept = [hop for hop in left if holds(hop)]
            if not kept:
                hidden[name] += 1
                break
            left = kept
        else:
            if len({hop.fact for hop in left}) < conditions.support:
                hidden["support"] += 1
            else:
                found.append(_neighbour(edge, left))
    found.sort(key=lambda n: (-n.facts, -n.confidence, n.thing.label, n.relation, n.direction))
    return Neighbours(
        items=tuple(found), total=len(edges), hidden=dict(sorted(hidden.items())), undated=undated
    )


def _conditions(given: EdgeFilter) -> list[tuple[str, Callable[[Hop], bool]]]:
    """What must hold of a fact, in the order in which what is hidden is accounted for."""

    def in_time(hop: Hop) -> bool:
        if hop.issued is None:
            return given.undated
        return (given.since is None or hop.issued >= given.since) and (
            given.until is None or hop.issued <= given.until
        )

    return [
        ("direction", lambda hop: given.direction in (None, hop.direction)),
        ("relation", lambda hop: not given.relations or hop.relation in given.relations),
        ("type", lambda hop: not given.types or hop.other.type in given.types),
        ("document", lambda hop: not given.documents or hop.document in given.documents),
        ("time", in_time),
        ("confidence", lambda hop: hop.confidence >= given.confidence),
    ]


_Edge = tuple[str, str, Direction]


def _by_edge(hops: Iterable[Hop]) -> dict[_Edge, list[Hop]]:
    edges: dict[_Edge, list[Hop]] = defaultdict(list)
    for hop in hops:
        edges[hop.other.iri, hop.relation, hop.direction].append(hop)
    return edges


def _by_relation(hops: Iterable[Hop]) -> dict[tuple[str, Direction], list[Hop]]:
    parts: dict[tuple[str, Direction], list[Hop]] = defaultdict(list)
    for hop in hops:
        parts[hop.relation, hop.direction].append(hop)
    return parts


def _group(relation: str, direction: Direction, hops: Sequence[Hop]) -> Group:
    others = {hop.other.iri: hop.other.type for hop in hops}
    return Group(
        relation=relation,
        direction=direction,
        neighbours=len(others),
        facts=len({hop.fact for hop in hops}),
        types=dict(sorted(Counter(others.values()).items(), key=lambda t: (-t[1], t[0]))),
    )


def _neighbour(edge: _Edge, hops: Sequence[Hop]) -> Neighbour:
    together = support(Proof(hop.document, hop.quote, hop.confidence) for hop in hops)
    days = sorted(hop.issued for hop in hops if hop.issued)
    return Neighbour(
        thing=hops[0].other,
        relation=edge[1],
        direction=edge[2],
        facts=len({hop.fact for hop in hops}),
        documents=tuple(sorted({hop.document for hop in hops})),
        first=days[0] if days else None,
        last=days[-1] if days else None,
        sources=together.sources,
        confidence=together.confidence,
    )

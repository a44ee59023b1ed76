"""What a picture shows: things to begin with, how it grew, what is filtered, and where all lies.

A `ViewSpec` names a picture wholly, so that a link that holds one brings the same picture back. The
positions of things come from the order in which they were added; filters and hiding move nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import networkx as nx

from graph.errors import QueryError
from graph.network import support_of
from graph.placement import Point, place, place_between
from graph.queries import Evidence
from graph.records import Record

Direction = Literal["out", "in"]
Edge = tuple[str, str, str]

DEFAULT_MOST, LIMIT = 500, 2000
STRONGEST = 25
# What has more relations than this is never expanded wholly.
HUB = 200
# By which name the network joins a speaker with whom is spoken to.
_ADDRESSEE = "addressee"
CAUSES = ("type", "relation", "document", "time", "confidence", "support")


class ViewTooLarge(QueryError):
    """A picture would hold more than can be read or drawn; the message says what to do instead."""


class Filters(Record):
    """What is shown of a picture; all conditions must hold, and an empty one always does.

    `since` and `until` are years that count as well; what has no date is shown unless `undated` is
    False. `confidence` is the least of a single sentence, `support` how many sentences there must
    be when the other conditions have been applied.
    """

    types: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    undated: bool = True
    confidence: float = 0.0
    support: int = 1


class Step(Record):
    """One growth of a picture: things that were added, or a thing that was expanded.

    An expansion adds the strongest neighbours that are not there yet; `relation`, `direction` and
    `types` narrow down which.
    """

    add: tuple[str, ...] = ()
    expand: str | None = None
    relation: str | None = None
    direction: Direction | None = None
    types: tuple[str, ...] = ()
    count: int = STRONGEST


class ViewSpec(Record):
    """All that makes a picture: IRIs to begin with, and the `top` best connected things besides.

    `drop` are things that were taken out, `moved` places that were given by hand, `most` how many
    things there may be. `statements` are drawn as `lines` from who speaks to what is spoken of, or
    as `nodes` between speaker, content and addressee.
    """

    seeds: tuple[str, ...] = ()
    top: int = 0
    steps: tuple[Step, ...] = ()
    drop: tuple[str, ...] = ()
    filters: Filters = Filters()
    moved: Mapping[str, Point] = {}
    most: int = DEFAULT_MOST
    statements: Literal["lines", "nodes"] = "lines"


class ViewNode(Record):
    """A thing in a picture; `degree` are all its relations, `shown` those that are drawn.

    `unsure` are those in the picture that the confidence hides.
    A statement that is drawn as a node has the type `Statement`, its modality, and as label what
    it says.
    """

    iri: str
    type: str
    label: str
    x: float
    y: float
    degree: int
    shown: int
    unsure: int
    docs: int
    first: int | None
    last: int | None
    modality: str | None = None


class ViewEdge(Record):
    """A relation in a picture, and the sentences that are left of it under the filters.

    `confidence` is what they give together, `sources` how many documents without copies.
    """

    source: str
    relation: str
    target: str
    sentences: int
    sources: int
    confidence: float
    first: int | None
    last: int | None
    documents: tuple[str, ...]


class Grown(Record):
    """What a step has added, and how many it could still add."""

    added: int
    left: int


class Counts(Record):
    """Shown and hidden things and relations, which together are all.

    `cut` are things that found no room, `statements` those that are drawn as nodes in place of
    lines.
    """

    nodes: int
    edges: int
    all_nodes: int
    all_edges: int
    hidden: Mapping[str, int]
    hidden_edges: Mapping[str, int]
    undated: int
    cut: int
    statements: int = 0


class View(Record):
    """A picture: what is where, what is hidden and why, and which IRIs the graph does not have."""

    nodes: tuple[ViewNode, ...]
    edges: tuple[ViewEdge, ...]
    counts: Counts
    grown: tuple[Grown, ...]
    types: Mapping[str, int]
    relations: Mapping[str, int]
    years: Mapping[int, int]
    documents: Mapping[str, int]
    titles: Mapping[str, str]
    missing: tuple[str, ...]


class _Chosen(NamedTuple):
    """What belongs to a picture before anything has a place."""

    rounds: list[list[str]]
    grown: list[Grown]
    missing: list[str]
    cut: int
    nodes: list[str]
    edges: list[Edge]
    drawn: dict[Edge, list[tuple[Evidence, float]]]
    hidden: dict[str, str]
    hidden_edges: dict[Edge, str]


def make_view(network: nx.MultiDiGraph[str], spec: ViewSpec) -> View:
    """The picture that a specification names. Raises ViewTooLarge."""
    chosen = _choose(network, spec)
    stances = _Stances(network, chosen, spec)
    places = _places(network, chosen.rounds, stances)
    places.update({n: p for n, p in spec.moved.items() if n in places})
    lines = {e: kept for e, kept in chosen.drawn.items() if not stances.has(e)}
    said = stances.drawn(places)
    ends = [*lines, *((e.source, e.target, e.relation) for e in said.edges)]
    shown = Counter(end for edge in ends for end in edge[:2])
    unsure = Counter(
        end for e, cause in chosen.hidden_edges.items() if cause == "confidence" for end in e[:2]
    )
    nodes = [n for n in chosen.nodes if n not in chosen.hidden]
    return View(
        nodes=(*(_node(network, n, places[n], shown[n], unsure[n]) for n in nodes), *said.nodes),
        edges=(*(_edge(edge, kept) for edge, kept in lines.items()), *said.edges),
        counts=_counts(network, chosen, len(said.nodes)),
        grown=tuple(chosen.grown),
        **_facets(network, chosen.nodes, chosen.edges),
        missing=tuple(chosen.missing),
    )


def _choose(network: nx.MultiDiGraph[str], spec: ViewSpec) -> _Chosen:
    rounds, grown, missing, cut = _growth(network, spec)
    dropped = set(spec.drop)
    nodes = [n for part in rounds for n in part if n not in dropped]
    inside = set(nodes)
    edges = sorted(
        (s, t, k) for s, t, k in network.edges(nodes, keys=True) if s in inside and t in inside
    )
    left, causes = _filtered(network, edges, spec.filters)
    hidden = _hidden_nodes(network, nodes, edges, causes, spec)
    drawn = {e: kept for e, kept in left.items() if e[0] not in hidden and e[1] not in hidden}
    return _Chosen(rounds, grown, missing, cut, nodes, edges, drawn, hidden, causes)


def _counts(network: nx.MultiDiGraph[str], chosen: _Chosen, statements: int) -> Counts:
    undated = (all(e.issued is None for e, _ in _proofs(network, edge)) for edge in chosen.edges)
    return Counts(
        nodes=len(chosen.nodes) - len(chosen.hidden),
        edges=len(chosen.drawn),
        all_nodes=len(chosen.nodes),
        all_edges=len(chosen.edges),
        hidden=_counted(chosen.hidden.values()),
        hidden_edges=_counted(chosen.hidden_edges.values()),
        undated=sum(undated),
        cut=chosen.cut,
        statements=statements,
    )


def kept_sentences(network: nx.MultiDiGraph[str], spec: ViewSpec) -> dict[Edge, frozenset[str]]:
    """The spans that are left of each relation of a picture; relations by both ends and name."""
    drawn = _choose(network, spec).drawn
    return {edge: frozenset(e.span for e, _ in kept) for edge, kept in drawn.items()}


class Known(Record):
    """A thing and the number of its relations."""

    iri: str
    type: str
    label: str
    degree: int


def best_connected(network: nx.MultiDiGraph[str], most: int) -> list[Known]:
    """The things with the most relations."""
    ranked = sorted(network, key=lambda n: (-network.degree(n), n))[:most]
    return [Known(iri=n, degree=network.degree(n), **network.nodes[n]) for n in ranked]


def strongest(
    network: nx.MultiDiGraph[str],
    centre: str,
    relation: str | None = None,
    direction: Direction | None = None,
    types: Sequence[str] = (),
) -> list[str]:
    """Neighbours of a thing, those with most sentences first, then the surest, then the best known.

    Parallel relations count together.
    """
    sentences: Counter[str] = Counter()
    surest: dict[str, float] = {}
    for way, edges in (
        ("out", network.out_edges(centre, keys=True, data=True)),
        ("in", network.in_edges(centre, keys=True, data=True)),
    ):
        for source, target, key, data in edges:
            other = target if way == "out" else source
            if direction not in (None, way) or relation not in (None, key):
                continue
            if types and network.nodes[other]["type"] not in types:
                continue
            sentences[other] += len(data["evidence"])
            surest[other] = max(surest.get(other, 0.0), data["confidence"])
    return sorted(
        sentences,
        key=lambda n: (
            -sentences[n],
            -surest[n],
            -network.degree(n),
            network.nodes[n]["label"],
            n,
        ),
    )


def sentences_of(
    network: nx.MultiDiGraph[str], edge: ViewEdge, filters: Filters
) -> tuple[Evidence, ...]:
    """The sentences that an edge of a view rests on, without those that the filters hide."""
    key = (edge.source, edge.target, edge.relation)
    proofs = _proofs(network, key) if network.has_edge(*key) else _proofs_of_line(network, edge)
    *_, (_, left) = _narrowed(proofs, filters)
    return tuple(evidence for evidence, _ in left)


def _growth(
    network: nx.MultiDiGraph[str], spec: ViewSpec
) -> tuple[list[list[str]], list[Grown], list[str], int]:
    """The things that each step brings, what the steps did, unknown IRIs, and what was cut off."""
    _refuse_above(max(spec.top, spec.most, len(spec.seeds)))
    missing: dict[str, None] = {}
    there: dict[str, None] = {}
    cut = 0

    def bring(wanted: Iterable[str]) -> list[str]:
        nonlocal cut
        new: list[str] = []
        for iri in dict.fromkeys(wanted):
            if iri not in network:
                missing[iri] = None
            elif iri not in there:
                if len(there) >= spec.most:
                    cut += 1
                    continue
                there[iri] = None
                new.append(iri)
        return new

    best = sorted(network, key=lambda n: (-network.degree(n), n))[: spec.top]
    rounds = [bring([*spec.seeds, *best])]
    grown: list[Grown] = []
    for step in spec.steps:
        wanted, left = _wanted(network, step, there)
        _refuse_above(len(there) + len(wanted))
        rounds.append(bring([*step.add, *wanted]))
        grown.append(Grown(added=len(rounds[-1]), left=left))
        if step.expand and step.expand not in network:
            missing[step.expand] = None
    return rounds, grown, list(missing), cut


def _wanted(
    network: nx.MultiDiGraph[str], step: Step, there: Mapping[str, None]
) -> tuple[list[str], int]:
    """What an expansion adds, and how many more there are."""
    if step.expand is None or step.expand not in network:
        return [], 0
    ranked = strongest(network, step.expand, step.relation, step.direction, step.types)
    new = [n for n in ranked if n not in there]
    is_hub = network.degree(step.expand) > HUB
    count = min(step.count, STRONGEST) if is_hub else step.count
    # What is expanded belongs to the picture, even where it was not in it.
    first = [step.expand] if step.expand not in there else []
    return first + new[:count], max(len(new) - count, 0)


def _refuse_above(number: int) -> None:
    if number > LIMIT:
        raise ViewTooLarge(
            f"This picture would hold {number:,} things; more than {LIMIT:,} are not drawn. Show "
            f"the {DEFAULT_MOST} best connected ones, narrow it down by type or relation, or read "
            "the list instead."
        )


def _places(
    network: nx.MultiDiGraph[str], rounds: Iterable[Sequence[str]], stances: _Stances
) -> dict[str, Point]:
    """Where everything lies; what comes later makes room for what is there already."""
    places: dict[str, Point] = {}
    for nodes in rounds:
        places.update(place(network, nodes, places))
        places.update(place_between(stances.new_between(places), places))
    return places


class _Said(NamedTuple):
    """Statements as they are drawn."""

    nodes: list[ViewNode]
    edges: list[ViewEdge]


class _Stances:
    """The statements of a picture that are drawn as nodes; none where they are drawn as lines."""

    def __init__(self, network: nx.MultiDiGraph[str], chosen: _Chosen, spec: ViewSpec) -> None:
        """Raises ViewTooLarge where there are too many."""
        self._network = network
        self._edges: dict[Edge, tuple[tuple[str, ...], ...]] = {}
        self._dropped = set(spec.drop)
        self._are_nodes = spec.statements == "nodes"
        if self._are_nodes:
            found = {e: network.edges[e]["statements"] for e in chosen.edges}
            self._edges = {e: some for e, some in found.items() if any(some)}
        self._chosen = chosen
        statements = {s for some in self._edges.values() for part in some for s in part}
        _refuse_statements_above(len(chosen.nodes), len(statements))

    def has(self, edge: Edge) -> bool:
        """Whether an edge is drawn as statements."""
        return edge in self._edges

    def new_between(self, places: Mapping[str, Point]) -> dict[str, list[str]]:
        """Statements that have no place yet, each with those of its ends that have one.

        So a statement lies where it lay when it first appeared, whatever is added, taken out or
        hidden later.
        """
        if not self._are_nodes:
            return {}
        ends: dict[str, dict[str, None]] = {}
        for source, target, data in self._network.edges(list(places), data=True):
            if target in places:
                for statement in (s for part in data["statements"] for s in part):
                    if statement in places:
                        continue
                    ends.setdefault(statement, {}).update({source: None, target: None})
        return {statement: sorted(around) for statement, around in ends.items()}

    def drawn(self, places: Mapping[str, Point]) -> _Said:
        """The statements that the filters leave, and the lines to their ends."""
        parts: dict[str, dict[Edge, tuple[Evidence, float]]] = {}
        for edge, some in self._edges.items():
            kept = {e.span: (e, c) for e, c in self._chosen.drawn.get(edge, ())}
            evidence = self._network.edges[edge]["evidence"]
            for proof, statements in zip(evidence, some, strict=True):
                for statement in statements:
                    if proof.span in kept and statement not in self._dropped:
                        parts.setdefault(statement, {})[edge] = kept[proof.span]
        said = _Said([], [])
        for statement, edges in sorted(parts.items()):
            said.nodes.append(self._node(statement, edges, places[statement]))
            said.edges.extend(self._lines(statement, edges))
        return said

    def _node(
        self, statement: str, edges: Mapping[Edge, tuple[Evidence, float]], at: Point
    ) -> ViewNode:
        modality = self._modality(statement)
        what = [e[1] for e in edges if e[2] != _ADDRESSEE]
        labels = "; ".join(sorted(self._network.nodes[n]["label"] for n in what))
        years = _years(e for e, _ in edges.values())
        return ViewNode(
            iri=statement,
            type="Statement",
            label=f"{modality.replace('-', ' ')}: {labels}" if labels else modality,
            x=at[0],
            y=at[1],
            degree=len(edges) + 1,
            shown=len(edges) + 1,
            unsure=0,
            docs=1,
            first=min(years, default=None),
            last=max(years, default=None),
            modality=modality,
        )

    def _modality(self, statement: str) -> str:
        # The content of a statement may lie outside the picture, but never outside the network.
        modalities: Mapping[str, str] = self._network.graph["modalities"]
        return modalities.get(statement, "statement")

    def _lines(
        self, statement: str, edges: Mapping[Edge, tuple[Evidence, float]]
    ) -> Iterator[ViewEdge]:
        ordered = sorted(edges.items())
        speaker, proof = ordered[0][0][0], ordered[0][1]
        yield _edge((speaker, statement, "speaker"), [proof])
        for (_, target, relation), one in ordered:
            name = _ADDRESSEE if relation == _ADDRESSEE else "content"
            yield _edge((statement, target, name), [one])


def _refuse_statements_above(things: int, statements: int) -> None:
    if statements and things + statements > LIMIT:
        raise ViewTooLarge(
            f"With its {statements:,} statements as nodes this picture would hold "
            f"{things + statements:,} things; more than {LIMIT:,} are not drawn. Draw statements "
            "as lines, or show fewer things."
        )


def _proofs(network: nx.MultiDiGraph[str], edge: Edge) -> list[tuple[Evidence, float]]:
    """The sentences of an edge, each with its confidence."""
    data = network.edges[edge]
    return list(zip(data["evidence"], data["confidences"], strict=True))


def _proofs_of_line(network: nx.MultiDiGraph[str], line: ViewEdge) -> list[tuple[Evidence, float]]:
    """The sentence of a statement that is drawn as a node; `line` joins it to one of its ends."""
    if line.relation == "speaker":
        statement, edges = line.target, list(network.out_edges(line.source, keys=True))
    else:
        statement, edges = line.source, list(network.in_edges(line.target, keys=True))
    found = {
        proof[0].span: proof
        for edge in edges
        for proof, said in zip(
            _proofs(network, edge), network.edges[edge]["statements"], strict=True
        )
        if statement in said
    }
    return list(found.values())


def _filtered(
    network: nx.MultiDiGraph[str], edges: Sequence[Edge], filters: Filters
) -> tuple[dict[Edge, list[tuple[Evidence, float]]], dict[Edge, str]]:
    """The edges with what is left of them, and for the others what took their last sentence."""
    left: dict[Edge, list[tuple[Evidence, float]]] = {}
    causes: dict[Edge, str] = {}
    for edge in edges:
        proofs = _proofs(network, edge)
        cause = _edge_cause(network, edge, filters)
        if cause is None:
            for name, kept in _narrowed(proofs, filters):
                if not kept:
                    cause = name
                    break
                proofs = kept
        if cause is None and len(proofs) < filters.support:
            cause = "support"
        if cause is None:
            left[edge] = proofs
        else:
            causes[edge] = cause
    return left, causes


def _edge_cause(network: nx.MultiDiGraph[str], edge: Edge, filters: Filters) -> str | None:
    ends = {network.nodes[edge[0]]["type"], network.nodes[edge[1]]["type"]}
    if filters.types and not ends.issubset(filters.types):
        return "type"
    if filters.relations and edge[2] not in filters.relations:
        return "relation"
    return None


def _narrowed(
    proofs: list[tuple[Evidence, float]], filters: Filters
) -> Iterable[tuple[str, list[tuple[Evidence, float]]]]:
    """What each condition leaves of what the one before left."""
    wanted = set(filters.documents)
    proofs = [p for p in proofs if not wanted or p[0].document in wanted]
    yield "document", proofs
    proofs = [p for p in proofs if _in_time(p[0], filters)]
    yield "time", proofs
    yield "confidence", [p for p in proofs if p[1] >= filters.confidence]


def _in_time(evidence: Evidence, filters: Filters) -> bool:
    if evidence.issued is None:
        return filters.undated
    year = evidence.issued.year
    return (filters.since is None or year >= filters.since) and (
        filters.until is None or year <= filters.until
    )


def _hidden_nodes(
    network: nx.MultiDiGraph[str],
    nodes: Sequence[str],
    edges: Sequence[Edge],
    causes: Mapping[Edge, str],
    spec: ViewSpec,
) -> dict[str, str]:
    """Things that are hidden, and why: by their type, or since none of their relations is left.

    Of several causes the first of `CAUSES` is named. What was asked for stays, and so does what
    had no relation in the picture anyway.
    """
    types = spec.filters.types
    hidden = {n: "type" for n in nodes if types and network.nodes[n]["type"] not in types}
    asked = {*spec.seeds, *(iri for step in spec.steps for iri in step.add)}
    around: dict[str, set[str | None]] = {}
    for edge in edges:
        for end in edge[:2]:
            around.setdefault(end, set()).add(causes.get(edge))
    for node, found in around.items():
        if None not in found and node not in asked:
            hidden.setdefault(node, next(c for c in CAUSES if c in found))
    return hidden


def _counted(causes: Iterable[str]) -> dict[str, int]:
    counts = Counter(causes)
    return {cause: counts[cause] for cause in CAUSES if counts[cause]}


def _node(network: nx.MultiDiGraph[str], iri: str, at: Point, shown: int, unsure: int) -> ViewNode:
    own = [data["evidence"] for _, _, data in network.out_edges(iri, data=True)]
    own += [data["evidence"] for _, _, data in network.in_edges(iri, data=True)]
    years = _years(e for part in own for e in part)
    return ViewNode(
        iri=iri,
        type=network.nodes[iri]["type"],
        label=network.nodes[iri]["label"],
        x=at[0],
        y=at[1],
        degree=network.degree(iri),
        shown=shown,
        unsure=unsure,
        docs=len({e.document for part in own for e in part}),
        first=min(years, default=None),
        last=max(years, default=None),
    )


def _edge(edge: Edge, proofs: Sequence[tuple[Evidence, float]]) -> ViewEdge:
    years = _years(e for e, _ in proofs)
    together = support_of(proofs)
    return ViewEdge(
        source=edge[0],
        relation=edge[2],
        target=edge[1],
        sentences=len(proofs),
        confidence=round(together.confidence, 4),
        sources=together.sources,
        first=min(years, default=None),
        last=max(years, default=None),
        documents=tuple(sorted({e.document for e, _ in proofs})),
    )


def _years(evidence: Iterable[Evidence]) -> list[int]:
    return [e.issued.year for e in evidence if e.issued]


def _facets(
    network: nx.MultiDiGraph[str], nodes: Sequence[str], edges: Sequence[Edge]
) -> dict[str, Any]:
    """What there is to filter by, counted before any filter."""
    every = [e for edge in edges for e, _ in _proofs(network, edge)]
    return {
        "types": _ranked(network.nodes[n]["type"] for n in nodes),
        "relations": _ranked(edge[2] for edge in edges),
        "years": dict(sorted(Counter(_years(every)).items())),
        "documents": _ranked(e.document for e in every),
        "titles": {e.document: e.title for e in every},
    }


def _ranked(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items(), key=lambda c: (-c[1], c[0])))

"""What the shape of a network says: who is central, who holds parts together, who wants the same.

Pure functions on a networkx graph as `graph.network` makes it: nodes with `label` and `type`, edges
with `label` (predicate or modality) and `evidence`. Answers are records in a fixed order; where
chance plays a part, its seed is fixed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from itertools import combinations

import networkx as nx

from graph.records import ACTOR_TYPES, Record

_SEED = 7
# Betweenness is exact up to so many nodes, and estimated from so many sources beyond.
_SOURCES = 400
# From that many sources times edges on fewer are taken, so that the largest networks take a minute.
_MOST_VISITS = 20_000_000
# Beyond so many contacts, the contacts of a broker are not compared with each other.
_MOST_CONTACTS = 2_000

# The modalities that tie an actor to what it wants in a two-mode network.
IN_FAVOUR = frozenset(("calls-for", "requires", "commits-to", "carries-out", "endorses"))


class Score(Record):
    """A thing, a number that is said of it, and how many sentences its relations rest on."""

    iri: str
    label: str
    type: str
    score: float
    sentences: int = 0


class Community(Record):
    """Things more connected among each other than with the rest, the best connected first.

    `sentences` is how many the relations inside rest on, `size` the number of members.
    """

    members: tuple[str, ...]
    labels: tuple[str, ...]
    sentences: int = 0
    size: int = 0


class Bridge(Record):
    """Two things between whose sides there is no other connection, and the size of the smaller."""

    source: str
    target: str
    labels: tuple[str, str]
    cut_off: int
    sentences: int = 0


class Tie(Record):
    """Two things and how strongly they are tied; `through` are the labels of what ties them.

    `sentences` is how many the ties rest on.
    """

    first: str
    second: str
    labels: tuple[str, str]
    weight: int
    through: tuple[str, ...] = ()
    sentences: int = 0


def degrees(network: nx.MultiDiGraph[str]) -> list[Score]:
    """How many relations and stances each thing takes part in (Freeman 1979), most first.

    >>> [(s.label, s.score) for s in degrees(_example())]
    [('open data', 3.0), ('A', 2.0), ('B', 1.0), ('C', 1.0), ('chips', 1.0)]
    """
    return _scores(network, {n: float(d) for n, d in network.degree()})


def betweenness(network: nx.MultiDiGraph[str]) -> list[Score]:
    """On which share of the shortest ways between others a thing lies (Freeman 1977), most first.

    Exact for small networks (Brandes 2001); beyond some hundred things it is estimated from a fixed
    sample of sources (Brandes and Pich 2007), so that the cost grows with the edges only.

    >>> [(s.label, round(s.score, 2)) for s in betweenness(_example())][:2]
    [('open data', 0.83), ('A', 0.5)]
    """
    simple = _simple(network)
    affordable = _MOST_VISITS // (len(simple) + simple.number_of_edges() + 1)
    sources = min(_SOURCES, max(affordable, 1), len(simple)) or None
    return _scores(network, nx.betweenness_centrality(simple, k=sources, seed=_SEED))


def communities(network: nx.MultiDiGraph[str]) -> list[Community]:
    """Groups that are densely connected inside (Blondel et al. 2008), the largest first.

    Each sentence behind a connection counts.

    >>> [c.labels for c in communities(_example())]
    [('open data', 'A', 'B', 'C', 'chips')]
    """
    simple = _simple(network)
    found = nx.community.louvain_communities(simple, weight="weight", seed=_SEED)
    inside = {node: number for number, group in enumerate(found) for node in group}
    sentences: Counter[int] = Counter()
    for start, end, data in simple.edges(data=True):
        if inside[start] == inside[end]:
            sentences[inside[start]] += data["weight"]
    answer = []
    for number, group in enumerate(found):
        members = sorted(group, key=lambda n: (-network.degree(n), n))
        labels = tuple(_label(network, n) for n in members)
        answer.append(
            Community(
                members=tuple(members),
                labels=labels,
                sentences=sentences[number],
                size=len(members),
            )
        )
    return sorted(answer, key=lambda c: (-len(c.members), c.members))


def bridges(network: nx.MultiDiGraph[str]) -> list[Bridge]:
    """Connections whose loss would cut a part off (Tarjan 1974), the largest part first.

    >>> [(b.labels, b.cut_off) for b in bridges(_example())][0]
    (('A', 'open data'), 2)
    """
    simple = _simple(network)
    found = [
        Bridge(
            source=start,
            target=end,
            labels=(_label(network, start), _label(network, end)),
            cut_off=cut_off,
            sentences=simple[start][end]["weight"],
        )
        for (start, end), cut_off in _cut_off(simple).items()
    ]
    return sorted(found, key=lambda b: (-b.cut_off, b.source, b.target))


def _cut_off(simple: nx.Graph[str]) -> dict[tuple[str, str], int]:
    """For each bridge, how many things are on its smaller side.

    What bridges hold together is a tree, so one walk over it counts all sides.
    """
    cuts = [(min(edge), max(edge)) for edge in nx.bridges(simple)]
    solid = simple.copy()
    solid.remove_edges_from(cuts)
    block = {n: number for number, b in enumerate(nx.connected_components(solid)) for n in b}
    tree: nx.Graph[int] = nx.Graph()
    tree.add_nodes_from(block.values())
    tree.add_edges_from((block[a], block[b], {"bridge": (a, b)}) for a, b in cuts)
    size = Counter(block.values())
    found: dict[tuple[str, str], int] = {}
    for part in list(nx.connected_components(tree)):
        total = sum(size[number] for number in part)
        below = {number: size[number] for number in part}
        walk = list(nx.dfs_edges(tree, min(part)))
        for parent, child in reversed(walk):
            below[parent] += below[child]
            found[tree[parent][child]["bridge"]] = min(below[child], total - below[child])
    return found


def brokers(network: nx.MultiDiGraph[str]) -> list[Score]:
    """Actors whose contacts have few contacts among each other (Burt 1992), best placed first.

    The score is Burt's effective size divided by the number of contacts: 1 where none of them know
    each other, near 0 where all do. Actors with a single contact are no brokers.

    >>> [(s.label, s.score) for s in brokers(_example())]
    [('A', 1.0)]
    """
    simple = _simple(network)
    actors = [n for n in simple if _is_actor(network, n) and simple.degree(n) > 1]
    return _scores(network, {n: 1 - _known_to_each_other(simple, n) for n in actors})


def _known_to_each_other(simple: nx.Graph[str], node: str) -> float:
    """The share of its contacts that a contact has among the others, on average.

    Where ties count alike, this is what Burt's effective size takes off (Borgatti 1997). Of a very
    well connected thing every n-th contact is looked at.
    """
    contacts = sorted(simple[node])
    looked_at = contacts[:: len(contacts) // _MOST_CONTACTS + 1]
    around = set(contacts)
    ties = sum(len(around.intersection(simple[contact])) for contact in looked_at)
    return ties / len(looked_at) / len(contacts)


def actors_by_goals(network: nx.MultiDiGraph[str]) -> list[Tie]:
    """Which actor takes a favourable stance on which goal, by the number of sentences.

    >>> [(t.labels, t.weight) for t in actors_by_goals(_example())]
    [(('A', 'open data'), 2), (('B', 'open data'), 1), (('C', 'open data'), 1)]
    """
    return _two_modes(network, ("Goal", "Target"), IN_FAVOUR)


def actors_by_instruments(network: nx.MultiDiGraph[str]) -> list[Tie]:
    """Which actor takes a favourable stance on which instrument, by the number of sentences.

    >>> [(t.labels, t.weight) for t in actors_by_instruments(_example())]
    [(('A', 'chips'), 1)]
    """
    return _two_modes(network, ("Instrument",), IN_FAVOUR)


def shared(ties: Collection[Tie]) -> list[Tie]:
    """Who is tied to the same things, by how many: the projection of a two-mode network.

    >>> [(t.labels, t.weight, t.through) for t in shared(actors_by_goals(_example()))][0]
    (('A', 'B'), 1, ('open data',))
    """
    names: dict[str, str] = {}
    followers: dict[str, dict[str, int]] = defaultdict(dict)
    for tie in ties:
        names[tie.first], names[tie.second] = tie.labels
        followers[tie.second][tie.first] = tie.sentences
    common: dict[tuple[str, str], list[str]] = defaultdict(list)
    sentences: Counter[tuple[str, str]] = Counter()
    for thing, actors in sorted(followers.items()):
        for pair in combinations(sorted(actors), 2):
            common[pair].append(names[thing])
            sentences[pair] += sum(actors[actor] for actor in pair)
    found = [
        Tie(
            first=a,
            second=b,
            labels=(names[a], names[b]),
            weight=len(things),
            through=tuple(sorted(things)),
            sentences=sentences[a, b],
        )
        for (a, b), things in common.items()
    ]
    return sorted(found, key=_tie_order)


def _two_modes(
    network: nx.MultiDiGraph[str], types: Collection[str], stances: Collection[str]
) -> list[Tie]:
    weights: dict[tuple[str, str], int] = defaultdict(int)
    for start, end, data in network.edges(data=True):
        wanted = data["label"] in stances and network.nodes[end]["type"] in types
        if wanted and _is_actor(network, start):
            weights[start, end] += len(data["evidence"])
    found = [
        Tie(
            first=a,
            second=b,
            labels=(_label(network, a), _label(network, b)),
            weight=weight,
            sentences=weight,
        )
        for (a, b), weight in weights.items()
    ]
    return sorted(found, key=_tie_order)


def _tie_order(tie: Tie) -> tuple[int, tuple[str, str], str, str]:
    return (-tie.weight, tie.labels, tie.first, tie.second)


def _scores(network: nx.MultiDiGraph[str], values: Mapping[str, float]) -> list[Score]:
    found = [
        Score(
            iri=n,
            label=_label(network, n),
            type=network.nodes[n]["type"],
            score=value,
            sentences=_sentences(network, n),
        )
        for n, value in values.items()
    ]
    return sorted(found, key=lambda s: (-round(s.score, 9), s.label, s.iri))


def _sentences(network: nx.MultiDiGraph[str], node: str) -> int:
    """How many sentences the relations of a thing rest on, in either direction."""
    both = (*network.out_edges(node, data=True), *network.in_edges(node, data=True))
    return sum(len(data["evidence"]) for _, _, data in both)


def _simple(network: nx.MultiDiGraph[str]) -> nx.Graph[str]:
    """Undirected, one edge for each pair, in a fixed order; `weight` is the number of sentences."""
    simple: nx.Graph[str] = nx.Graph()
    simple.add_nodes_from(sorted(network))
    pairs: dict[tuple[str, str], int] = defaultdict(int)
    for start, end, data in network.edges(data=True):
        if start != end:
            pairs[min(start, end), max(start, end)] += len(data["evidence"])
    for (start, end), weight in sorted(pairs.items()):
        simple.add_edge(start, end, weight=weight)
    return simple


def _is_actor(network: nx.MultiDiGraph[str], node: str) -> bool:
    return network.nodes[node]["type"] in ACTOR_TYPES


def _label(network: nx.MultiDiGraph[str], node: str) -> str:
    return str(network.nodes[node]["label"])


def _example() -> nx.MultiDiGraph[str]:
    """Three actors who want open data, one of whom also runs a programme for chips."""
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for iri, label, type_ in (
        *((name, name, "Country") for name in "ABC"),
        ("goal", "open data", "Goal"),
        ("tool", "chips", "Instrument"),
    ):
        network.add_node(iri, label=label, type=type_)
    for start, end, label, sentences in (
        ("A", "goal", "calls-for", ("1", "2")),
        ("B", "goal", "endorses", ("3",)),
        ("C", "goal", "commits-to", ("4",)),
        ("A", "tool", "carries-out", ("5",)),
    ):
        network.add_edge(start, end, key=label, label=label, evidence=sentences, confidence=0.9)
    return network

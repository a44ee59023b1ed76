"""The measures of the network by name, for whoever lets people choose one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, get_args

import networkx as nx

from graph import analytics
from graph.analytics import Bridge, Community, Score, Tie

Measure = Literal[
    "degree",
    "betweenness",
    "brokers",
    "communities",
    "bridges",
    "actors-by-goals",
    "actors-by-instruments",
    "shared-goals",
    "shared-instruments",
]
MEASURES: tuple[Measure, ...] = get_args(Measure)
Finding = Score | Community | Bridge | Tie

MEANINGS: Mapping[Measure, str] = {
    "degree": "how many relations and stances each thing takes part in",
    "betweenness": "on which share of the shortest ways between others each thing lies",
    "brokers": "actors whose contacts have few contacts among each other",
    "communities": "groups of things that are densely connected inside",
    "bridges": "connections whose loss would cut a part off",
    "actors-by-goals": "which actor is for which goal, by the number of sentences",
    "actors-by-instruments": "which actor is for which instrument, by the number of sentences",
    "shared-goals": "which actors are for the same goals, by how many",
    "shared-instruments": "which actors are for the same instruments, by how many",
}
_FUNCTIONS: Mapping[Measure, Callable[[nx.MultiDiGraph[str]], Sequence[Finding]]] = {
    "degree": analytics.degrees,
    "betweenness": analytics.betweenness,
    "brokers": analytics.brokers,
    "communities": analytics.communities,
    "bridges": analytics.bridges,
    "actors-by-goals": analytics.actors_by_goals,
    "actors-by-instruments": analytics.actors_by_instruments,
    "shared-goals": lambda network: analytics.shared(analytics.actors_by_goals(network)),
    "shared-instruments": lambda network: analytics.shared(
        analytics.actors_by_instruments(network)
    ),
}
# Nobody reads further, and projections of large networks have millions of ties.
MOST_FINDINGS = 10_000
# So many members of a community are named.
_MOST_MEMBERS = 100


def measure(network: nx.MultiDiGraph[str], name: Measure) -> tuple[int, tuple[Finding, ...]]:
    """How much a measure finds, and the first of it.

    >>> from graph.analytics import _example
    >>> measure(_example(), "degree")[0]
    5
    """
    found = _FUNCTIONS[name](network)
    return len(found), tuple(_shortened(finding) for finding in found[:MOST_FINDINGS])


def _shortened(finding: Finding) -> Finding:
    if not isinstance(finding, Community) or len(finding.members) <= _MOST_MEMBERS:
        return finding
    shown = {
        "members": finding.members[:_MOST_MEMBERS],
        "labels": finding.labels[:_MOST_MEMBERS],
    }
    return finding.model_copy(update=shown)

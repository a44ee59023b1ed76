"""Whether what is stored conforms to the shapes of the ontology."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from graph.records import Record
from graph.store import Store
from graph.terms import to_rdflib_graph
from ontology.validation import Violation, validate


class Result(Record):
    """All results with the same message: how many, and one node as an example."""

    severity: str
    message: str
    number: int
    example: str


class Conformance(Record):
    """What the shapes say of a graph: how many triples were looked at, and what is wrong."""

    triples: int
    violations: int
    results: tuple[Result, ...]


def conformance(store: Store) -> Conformance:
    """Check the union of all graphs against the SHACL shapes."""
    data = to_rdflib_graph(store.dump())
    found = validate(data)
    return Conformance(
        triples=len(data),
        violations=sum(v.severity == "Violation" for v in found),
        results=_grouped(found),
    )


def _grouped(found: Sequence[Violation]) -> tuple[Result, ...]:
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for violation in found:
        groups[violation.severity, violation.message].append(violation.focus)
    return tuple(
        Result(severity=severity, message=message, number=len(nodes), example=min(nodes))
        for (severity, message), nodes in sorted(groups.items())
    )

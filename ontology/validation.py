"""Checks a graph against the shapes: data in, list of violations out.

pyshacl evaluates the core constraints, and is given the shapes in a form that it evaluates fast.
A SPARQL constraint it would evaluate once for each focus node, which on the spans of a real graph
takes most of the time; those in `shapes.ttl` read the same when `$this` is left free, so each is
asked once, of the whole graph. Together this is more than forty times as fast.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pyoxigraph as ox
import pyshacl
from rdflib import OWL, RDF, RDFS, SH, Graph, URIRef
from rdflib.term import Node

from ontology.files import SHAPES, load, vocabulary_graph
from ontology.vocabulary import SCIP

_TARGETS = (SH.targetClass, SH.targetSubjectsOf)


@dataclass(frozen=True, order=True)
class Violation:
    """One way in which a node does not conform.

    `severity` is `Violation` (structure: refuse it) or `Warning` (a gap: note it). `path` is the
    property at fault and `value` the offending value, where the constraint has one.
    """

    severity: str
    message: str
    focus: str
    path: str | None = None
    value: str | None = None


def validate(data: Graph | Path) -> list[Violation]:
    """All violations and warnings in the data, sorted; none means that the data conform.

    `data` is an rdflib graph, or the path of a file in any RDF syntax, whose named graphs are
    taken together. The vocabulary is added where the data do not contain it. Raises SyntaxError
    for a file that is not RDF, ValueError for a suffix that names no RDF syntax.
    """
    graph = _with_vocabulary(_read(data) if isinstance(data, Path) else data)
    shapes = load(SHAPES)
    found = set(_asked(graph, shapes))
    shapes.remove((None, SH.sparql, None))
    _aim_property_shapes(shapes)
    _, report, _ = pyshacl.validate(
        graph, shacl_graph=shapes, inplace=True, advanced=False, meta_shacl=False
    )
    found.update(_reported(cast(Graph, report)))
    return sorted(
        found, key=lambda v: (v.severity, v.message, v.focus, v.path or "", v.value or "")
    )


def _read(path: Path) -> Graph:
    triples = (quad.triple for quad in ox.parse(path=path))
    data = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    return Graph().parse(data=cast(bytes, data), format="nt")


def _with_vocabulary(graph: Graph) -> Graph:
    if (URIRef(SCIP.Actor), RDF.type, OWL.Class) in graph:
        return graph
    both = Graph()
    both += vocabulary_graph()
    both += graph
    return both


def _aim_property_shapes(shapes: Graph) -> None:
    """Give each property shape the targets of the node shape that it stands in.

    It means the same, and pyshacl then takes all focus nodes in one pass instead of starting the
    property shape anew for each of them.
    """
    for target in _TARGETS:
        for shape, node in list(shapes.subject_objects(target)):
            for property_shape in shapes.objects(shape, SH.property):
                shapes.add((property_shape, target, node))
    for shape in {s for target in _TARGETS for s in shapes.subjects(target)}:
        shapes.remove((shape, SH.property, None))


def _reported(report: Graph) -> Iterator[Violation]:
    """The results of a SHACL report. Results inside other results only explain them."""
    for result in report.objects(None, SH.result):
        path, value = report.value(result, SH.resultPath), report.value(result, SH.value)
        yield Violation(
            severity=_severity(report.value(result, SH.resultSeverity)),
            message=str(report.value(result, SH.resultMessage)),
            focus=str(report.value(result, SH.focusNode)),
            path=str(path) if isinstance(path, URIRef) else None,
            value=None if value is None else str(value),
        )


def _severity(node: Node | None) -> str:
    return str(node or SH.Violation).removeprefix(str(SH))


def _asked(graph: Graph, shapes: Graph) -> Iterator[Violation]:
    """What the SPARQL constraints of the shapes find, each asked once."""
    store = ox.Store()
    triples = graph.serialize(format="nt", encoding="utf-8")
    store.bulk_load(triples, format=ox.RdfFormat.N_TRIPLES, lenient=True)
    for shape, constraint in shapes.subject_objects(SH.sparql):
        focus_nodes = _focus_nodes(graph, shapes, shape)
        severity = _severity(shapes.value(shape, SH.severity))
        message = str(shapes.value(constraint, SH.message))
        rows = cast(ox.QuerySolutions, store.query(_query(shapes, constraint)))
        has_value = "value" in {variable.value for variable in rows.variables}
        for row in rows:
            focus = cast(ox.NamedNode, row["this"]).value
            if focus in focus_nodes:
                value = cast(ox.NamedNode, row["value"]).value if has_value else None
                yield Violation(severity, message, focus, value=value)


def _query(shapes: Graph, constraint: Node) -> str:
    prologue = ""
    for declaration in shapes.objects(URIRef("https://w3id.org/scipol/shapes"), SH.declare):
        prefix, namespace = (shapes.value(declaration, p) for p in (SH.prefix, SH.namespace))
        prologue += f"PREFIX {prefix}: <{namespace}>\n"
    return prologue + str(shapes.value(constraint, SH.select))


def _focus_nodes(graph: Graph, shapes: Graph, shape: Node) -> frozenset[str]:
    def nodes() -> Iterable[Node]:
        for target in shapes.objects(shape, SH.targetClass):
            for kind in graph.transitive_subjects(RDFS.subClassOf, target):
                yield from graph.subjects(RDF.type, kind)
        for target in shapes.objects(shape, SH.targetSubjectsOf):
            yield from graph.subjects(target, None)

    return frozenset(map(str, nodes()))

"""Everything the graph says about one thing, whatever kind of thing it is.

`queries.entity` answers what an analyst asks about actors, goals and instruments; this answers
for any IRI at all: also spans, claims, texts, runs, concepts and terms of the vocabulary.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import pyoxigraph as ox

from graph.errors import NotFound
from graph.queries import label_rank, local_name, text_of, value
from graph.records import Record
from graph.store import Store
from graph.terms import Term
from ontology.vocabulary import DCT, RDF, RDFS, SCIP, SKOS

_NAMES = (SKOS.prefLabel, RDFS.label, DCT.title, SCIP.quantityText, SCIP.quote, DCT.identifier)
_LABELS = (SKOS.prefLabel, SKOS.altLabel, RDFS.label)


class Value(Record):
    """The end of a triple: `iri` where it is a thing, `language` where it is text in one.

    `confidence` is how sure it is that a concept fits; of several texts the surest counts.
    """

    text: str
    iri: str | None = None
    language: str | None = None
    confidence: float | None = None


class Property(Record):
    """A property and its values; of very many, `values` are the first and `count` is all."""

    iri: str
    name: str
    values: tuple[Value, ...]
    count: int


class Description(Record):
    """What a thing is called, what is said of it, and what says something with it."""

    iri: str
    label: str
    types: tuple[str, ...]
    labels: tuple[Value, ...]
    properties: tuple[Property, ...]
    references: tuple[Property, ...]


def describe(store: Store, iri: str, most: int = 200) -> Description:
    """Describe a thing, with at most so many values of each property. Raises NotFound."""
    node = {"thing": _node(iri)}
    said = store.select(text_of("properties"), node).rows
    references = store.select(text_of("references"), node).rows
    if not said and not references:
        raise NotFound(f"There is nothing with the IRI {iri}")
    own = {(value(row[0]), row[1]) for row in said}
    types = {local_name(value(o)) for p, o in own if p == RDF.type}
    labels = sorted((o for p, o in own if p in _LABELS), key=label_rank)
    return Description(
        iri=iri,
        label=_name(own) or local_name(iri) or iri,
        types=tuple(sorted(types)),
        labels=tuple(dict.fromkeys(_value(o, None) for o in labels)),
        properties=_grouped([row for row in said if value(row[0]) not in _LABELS], most),
        references=_grouped(references, most),
    )


def description_triples(store: Store, iri: str, format: ox.RdfFormat) -> bytes:
    """The same as RDF: all triples in which the thing stands. Raises NotFound."""
    content = store.construct(text_of("description"), {"thing": _node(iri)}, format)
    if not store.ask("ASK { { ?thing ?p ?o } UNION { ?s ?q ?thing } }", {"thing": _node(iri)}):
        raise NotFound(f"There is nothing with the IRI {iri}")
    return content


def graph_triples(store: Store, name: str, format: ox.RdfFormat) -> bytes:
    """One named graph as RDF. Raises NotFound."""
    if not store.ask("ASK { GRAPH ?graph { ?s ?p ?o } }", {"graph": _node(name)}):
        raise NotFound(f"There is no graph {name}")
    return store.construct(text_of("graph"), {"graph": _node(name)}, format)


class Usage(NamedTuple):
    """How often a class or a property is used."""

    kind: str
    term: str
    number: int


def usage(store: Store) -> list[Usage]:
    """How often each class and property is used, over the union of all graphs."""
    return [
        Usage(value(kind), value(term), int(value(number)))
        for kind, term, number in store.select(text_of("void")).rows
    ]


def _grouped(rows: Sequence[Sequence[Term | None]], most: int) -> tuple[Property, ...]:
    """Rows of property, other end and label of that, by property; the best label of each end."""
    found: dict[str, dict[Term, Term | None]] = defaultdict(dict)
    sure: dict[Term, float] = {}
    for property, end, label, *how_sure in rows:
        if end is None:
            continue
        if how_sure and how_sure[0] is not None:
            sure[end] = max(float(value(how_sure[0])), sure.get(end, 0.0))
        ends = found[value(property)]
        if end not in ends or label_rank(label) < label_rank(ends[end]):
            ends[end] = label
    groups = []
    for iri, ends in sorted(found.items()):
        values = sorted((_value(e, label, sure.get(e)) for e, label in ends.items()), key=_order)
        name = local_name(iri) or iri
        groups.append(Property(iri=iri, name=name, values=tuple(values[:most]), count=len(values)))
    return tuple(groups)


def _name(own: set[tuple[str, Term | None]]) -> str:
    """What to call a thing: its label in English or the first other, or what stands for one."""
    for name in _NAMES:
        if labels := sorted((o for p, o in own if p == name), key=label_rank):
            return value(labels[0])
    return ""


def _value(term: Term | None, label: Term | None, confidence: float | None = None) -> Value:
    if isinstance(term, ox.Literal):
        return Value(text=term.value, language=term.language)
    if isinstance(term, ox.NamedNode):
        shown = value(label) or term.value
        return Value(text=shown, iri=term.value, confidence=confidence)
    return Value(text=str(term))


def _order(one: Value) -> tuple[str, str, str]:
    return (one.language or "", one.text, one.iri or "")


def _node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)

"""What two documents, actors or countries have in common, and what only one of them has.

A document has the things that it names and the relations and stances in it; an actor the things it
takes a stance on or is related to; a country what it, its bodies and its documents speak of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Literal

import pyoxigraph as ox

from graph.analytics import IN_FAVOUR
from graph.annotated import annotated
from graph.errors import QueryError
from graph.evidence import evidence_of
from graph.layout import DataDirectory
from graph.queries import Evidence, Thing, local_name, text_of, thing, things, value
from graph.records import ACTOR_TYPES, Record
from graph.sparql_text import bind
from graph.store import Store
from graph.terms import Term

SideKind = Literal["document", "actor", "country"]


class SharedThing(Record):
    """A thing, and in how many places each side has it."""

    thing: Thing
    a: int
    b: int


class SharedRelation(Record):
    """A relation or stance, and in how many places each side has it.

    `source` is None where the side itself is the source, and where a document speaks for itself.
    """

    source: Thing | None
    relation: str
    target: Thing
    a: int
    b: int


class Comparison(Record):
    """Two sides; of things and relations, what only A has, both have, and only B has.

    `opposed` are things that one side opposes and the other favours. `sparql` gives the things of
    A and of B.
    """

    kind: SideKind
    a: Thing
    b: Thing
    only_a: tuple[SharedThing, ...]
    both: tuple[SharedThing, ...]
    only_b: tuple[SharedThing, ...]
    relations_only_a: tuple[SharedRelation, ...]
    relations_both: tuple[SharedRelation, ...]
    relations_only_b: tuple[SharedRelation, ...]
    opposed: tuple[Thing, ...]
    sparql: tuple[str, str]


_Relation = tuple[str, str, str]


class _Side(Record):
    things: Mapping[str, int]
    relations: Mapping[_Relation, int]
    sparql: str


def compare(store: Store, a: str, b: str) -> Comparison:
    """Compare two things by their IRIs. Raises NotFound, and QueryError for unlike things."""
    first, second = thing(store, a), thing(store, b)
    kind = side_kind(first, second)
    left, right = _side(store, kind, a), _side(store, kind, b)
    ends = {end for r in {*left.relations, *right.relations} for end in (r[0], r[2]) if end}
    known = things(store, {*left.things, *right.things, *ends})
    shared = sorted(
        (
            SharedThing(thing=known[i], a=left.things.get(i, 0), b=right.things.get(i, 0))
            for i in {*left.things, *right.things}
            if i in known and i not in (a, b)
        ),
        key=lambda s: (-min(s.a, s.b), -(s.a + s.b), s.thing.label, s.thing.iri),
    )
    relations = sorted(
        (
            SharedRelation(
                source=known[r[0]] if r[0] else None,
                relation=r[1],
                target=known[r[2]],
                a=left.relations.get(r, 0),
                b=right.relations.get(r, 0),
            )
            for r in {*left.relations, *right.relations}
            if r[2] in known and (not r[0] or r[0] in known)
        ),
        key=_relation_order,
    )
    return Comparison(
        kind=kind,
        a=first,
        b=second,
        only_a=tuple(s for s in shared if not s.b),
        both=tuple(s for s in shared if s.a and s.b),
        only_b=tuple(s for s in shared if not s.a),
        relations_only_a=tuple(r for r in relations if not r.b),
        relations_both=tuple(r for r in relations if r.a and r.b),
        relations_only_b=tuple(r for r in relations if not r.a),
        opposed=tuple(known[i] for i in sorted(_opposed(left, right)) if i in known),
        sparql=(left.sparql, right.sparql),
    )


class SideBySide(Record):
    """A thing, and the sentences by which each side of a comparison has it."""

    thing: Thing
    a: tuple[Evidence, ...]
    b: tuple[Evidence, ...]


def side_by_side(
    store: Store, places: DataDirectory, a: Thing, b: Thing, item: Thing
) -> SideBySide:
    """The sentences that name a thing in two documents, or by which two others speak of it."""
    kind = side_kind(a, b)
    first, second = (
        _naming(store, places, side.iri, item.iri)
        if kind == "document"
        else _speaking(store, kind, side.iri, item.iri)
        for side in (a, b)
    )
    return SideBySide(thing=item, a=first, b=second)


def _naming(store: Store, places: DataDirectory, document: str, item: str) -> tuple[Evidence, ...]:
    text = annotated(store, places, document)
    return tuple(
        Evidence(
            span=f"{text.document.text}#char={one.start},{one.end}",
            quote=one.text,
            document=document,
            title=text.document.title,
            issued=text.document.issued,
        )
        for one in text.passages
        if item in {mark.thing.iri for mark in one.marks}
    )


def _speaking(store: Store, kind: SideKind, side: str, item: str) -> tuple[Evidence, ...]:
    """The sentences of the facts of a side that have the thing at an end."""
    facts = facts_of_side(store, kind, side)
    found: dict[str, Evidence] = {}
    for fact in evidence_of(store, [f for f in facts if item in _ends_of(store, f)]):
        place = f"{fact.document}#char={fact.start},{fact.end}"
        found[place] = Evidence(
            span=place,
            quote=fact.sentence,
            document=fact.document,
            title=fact.title,
            issued=fact.issued,
        )
    return tuple(found.values())


def _ends_of(store: Store, fact: str) -> set[str]:
    rows = store.select("SELECT ?end { ?fact ?property ?end }", {"fact": ox.NamedNode(fact)}).rows
    return {value(row[0]) for row in rows}


def side_kind(first: Thing, second: Thing) -> SideKind:
    """As what two things can be compared. Raises QueryError where they cannot."""
    types = {first.type, second.type}
    if types == {"Document"}:
        return "document"
    if types == {"Country"}:
        return "country"
    if types <= ACTOR_TYPES:
        return "actor"
    raise QueryError(
        f"a {first.type} and a {second.type} cannot be compared; "
        "choose two documents, two actors or two countries"
    )


def facts_of_side(store: Store, kind: SideKind, iri: str) -> list[str]:
    """The facts (IRIs) that a comparison counts for one side, sorted."""
    pattern = text_of(f"contents-of-{kind}").partition("WHERE {")[2]
    pattern = pattern.rpartition("GROUP BY")[0]
    sparql = f"SELECT DISTINCT ?fact WHERE {{{pattern} ORDER BY ?fact"
    return [value(row[0]) for row in store.select(sparql, {"side": ox.NamedNode(iri)}).rows]


def _side(store: Store, kind: SideKind, iri: str) -> _Side:
    side: Mapping[str, Term] = {"side": ox.NamedNode(iri)}
    sparql = bind(text_of(f"contents-of-{kind}"), side)
    counts: Counter[str] = Counter()
    relations: Counter[_Relation] = Counter()
    for source, label, target, places in store.select(sparql).rows:
        if isinstance(target, ox.NamedNode):
            relations[value(source), local_name(value(label)), value(target)] += int(value(places))
            counts[value(target)] += int(value(places))
    if kind == "document":
        sparql = bind(text_of("named-in-document"), side)
        named = store.select(sparql).rows
        counts = Counter({value(target): int(value(places)) for target, places in named})
    return _Side(things=counts, relations=relations, sparql=sparql)


def _opposed(left: _Side, right: _Side) -> set[str]:
    """What one side opposes and the other is for."""
    (for_a, against_a), (for_b, against_b) = _stances(left), _stances(right)
    return (for_a & against_b) | (against_a & for_b)


def _stances(side: _Side) -> tuple[set[str], set[str]]:
    return (
        {target for _, label, target in side.relations if label in IN_FAVOUR},
        {target for _, label, target in side.relations if label == "opposes"},
    )


def _relation_order(found: SharedRelation) -> tuple[int, int, str, str, str, str]:
    source = found.source.label if found.source else ""
    ends = (source, found.relation, found.target.label, found.target.iri)
    return (-min(found.a, found.b), -(found.a + found.b), *ends)

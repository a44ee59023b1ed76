"""The sentences that facts rest on, with everything they name marked in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

import pyoxigraph as ox

from graph.errors import NotFound
from graph.queries import Thing, date_of, local_name, text_of, things, value
from graph.records import Record
from graph.store import Store
from graph.support import Proof, Support, support

Kind = Literal["statement", "claim", "tenure"]


class Mark(Record):
    """A range of characters, and the thing that is named there."""

    start: int
    end: int
    thing: Thing


class FactEvidence(Record):
    """What a fact rests on: the sentence with its marks (offsets in the sentence), and whence.

    `start` and `end` are offsets in the text of the document. `method` is the extractor and its
    version, `status` what people said of the fact. `relation` is the modality of a statement, and
    the predicate of a claim or tenure.
    """

    fact: str
    kind: Kind
    relation: str
    sentence: str
    start: int
    end: int
    marks: tuple[Mark, ...]
    document: str
    title: str
    issued: date | None
    confidence: float
    method: str | None
    status: str


def facts_between(store: Store, source: str, relation: str, target: str) -> tuple[str, ...]:
    """IRIs of the facts by which a source has a relation with a target, the earliest first.

    `relation` is a predicate or modality as edges are labelled. Raises NotFound without any.
    """
    ends = {"source": ox.NamedNode(source), "target": ox.NamedNode(target)}
    rows = store.select(text_of("facts-between"), ends).rows
    found = dict.fromkeys(value(r[0]) for r in rows if local_name(value(r[1])) == relation)
    if not found:
        others = dict.fromkeys(local_name(value(row[1])) for row in rows)
        raise NotFound(f"nothing says that {source} {relation} {target}", list(others))
    return tuple(found)


def evidence_of(store: Store, facts: Sequence[str]) -> list[FactEvidence]:
    """The evidence of each of the facts (IRIs), in their order. Raises NotFound for an unknown."""
    table = store.select(evidence_query(facts))
    rows = [dict(zip(table.variables, cells, strict=True)) for cells in table.rows]
    marks = {text: marks_in(store, text) for text in sorted({value(r["text"]) for r in rows})}
    found: dict[str, list[FactEvidence]] = defaultdict(list)
    for row in rows:
        start, end = int(value(row["start"])), int(value(row["end"]))
        found[value(row["fact"])].append(
            FactEvidence(
                fact=value(row["fact"]),
                kind=_kind(local_name(value(row["kind"]))),
                # A tenure says by its class alone that somebody holds a post.
                relation=local_name(value(row["relation"])) or "holdsPost",
                sentence=value(row["quote"]),
                start=start,
                end=end,
                marks=within(marks[value(row["text"])], start, end),
                document=value(row["document"]),
                title=value(row["title"]) or value(row["name"]),
                issued=date_of(row["issued"]),
                confidence=float(value(row["confidence"])),
                method=value(row["method"]) or None,
                status=local_name(value(row["status"])) or "candidate",
            )
        )
    for fact in facts:
        if fact not in found:
            raise NotFound(f"there is no statement, claim or tenure with the IRI {fact}")
    return [evidence for fact in facts for evidence in found[fact]]


def support_of(store: Store, facts: Sequence[str]) -> Support:
    """What the sentences of facts that say the same give together; see `graph.support`."""
    table = store.select(evidence_query(facts))
    rows = (dict(zip(table.variables, cells, strict=True)) for cells in table.rows)
    return support(
        Proof(value(r["document"]), value(r["quote"]), float(value(r["confidence"]))) for r in rows
    )


def evidence_query(facts: Sequence[str]) -> str:
    """The SPARQL that gives the sentences of these facts (IRIs)."""
    values = "\n".join(str(ox.NamedNode(fact)) for fact in facts)
    return text_of("facts").replace("# FACTS", values)


def marks_in(store: Store, text: str) -> tuple[Mark, ...]:
    """Everything that a text (IRI) names, by place."""
    rows = store.select(text_of("mentions-in-text"), {"text": ox.NamedNode(text)}).rows
    known = things(store, {value(entity) for _, _, entity in rows})
    return tuple(
        Mark(start=int(value(start)), end=int(value(end)), thing=known[value(entity)])
        for start, end, entity in rows
        if value(entity) in known
    )


def within(marks: Iterable[Mark], start: int, end: int) -> tuple[Mark, ...]:
    """The marks that lie inside a range, their offsets counted from its beginning."""
    return tuple(
        mark.model_copy(update={"start": mark.start - start, "end": mark.end - start})
        for mark in marks
        if start <= mark.start and mark.end <= end
    )


def _kind(class_: str) -> Kind:
    match class_:
        case "Statement":
            return "statement"
        case "Tenure":
            return "tenure"
        case _:
            return "claim"

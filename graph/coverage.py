"""What was read behind an answer, so that "not found" is not taken for "not there".

`not-covered`: no document that was read could have said it. `not-found`: documents that could
have were read, and none does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from graph.queries import StatementFilter, local_name, statement_query, text_of, value
from graph.records import Record
from graph.sparql_text import bind
from graph.store import Store
from ontology.hierarchy import is_a
from ontology.vocabulary import VOC

Verdict = Literal["found", "not-found", "not-covered"]


class Part(Record):
    """Documents of one country, genre, year or language: read, with an answer, statements there.

    `value` is None for the documents of which it is not known; `label` is what to show.
    """

    value: str | None
    label: str
    documents: int
    answering: int
    statements: int


class Coverage(Record):
    """How many documents were read, could have answered (`eligible`) and do answer."""

    verdict: Verdict
    documents: int
    eligible: int
    answering: int
    statements: int
    countries: tuple[Part, ...]
    genres: tuple[Part, ...]
    years: tuple[Part, ...]
    languages: tuple[Part, ...]
    sparql: str


@dataclass
class _Read:
    """What is known of a document that was read."""

    countries: dict[str, str] = field(default_factory=dict)
    genres: set[str] = field(default_factory=set)
    issued: str | None = None
    languages: set[str] = field(default_factory=set)


def coverage(store: Store, conditions: StatementFilter) -> Coverage:
    """What was read behind the statements that meet the conditions. Raises QueryError."""
    read = _documents(store)
    sparql = bind(*statement_query(conditions, "answering-documents"))
    found = {value(d): int(value(n)) for d, n in store.select(sparql).rows}
    eligible = [iri for iri, known in read.items() if _could_answer(iri, known, conditions)]
    if found:
        verdict: Verdict = "found"
    else:
        verdict = "not-found" if eligible else "not-covered"
    return Coverage(
        verdict=verdict,
        documents=len(read),
        eligible=len(eligible),
        answering=len(found),
        statements=sum(found.values()),
        countries=_parts(read, found, lambda d: d.countries),
        genres=_parts(read, found, lambda d: {genre: genre for genre in d.genres}),
        years=_parts(read, found, lambda d: {d.issued[:4]: d.issued[:4]} if d.issued else {}),
        languages=_parts(read, found, lambda d: {language: language for language in d.languages}),
        sparql=sparql,
    )


def _documents(store: Store) -> dict[str, _Read]:
    read: dict[str, _Read] = defaultdict(_Read)
    for document, country, label, genre, issued, language in store.select(text_of("coverage")).rows:
        known = read[value(document)]
        if country:
            known.countries[value(country)] = value(label) or local_name(value(country))
        if genre:
            known.genres.add(local_name(value(genre)))
        if language:
            known.languages.add(value(language))
        known.issued = value(issued) or known.issued
    return dict(read)


def _could_answer(iri: str, known: _Read, conditions: StatementFilter) -> bool:
    """Whether what is asked of the document itself holds, whatever is said in it."""
    since, until = conditions.since, conditions.until
    dated = known.issued is not None
    return (
        conditions.document in (None, iri)
        and (conditions.country is None or conditions.country in known.countries)
        and (conditions.genre is None or any(_is_genre(g, conditions.genre) for g in known.genres))
        and (since is None or (dated and str(known.issued) >= since.isoformat()))
        and (until is None or (dated and str(known.issued) <= until.isoformat()))
    )


def _is_genre(code: str, wanted: str) -> bool:
    return is_a(VOC("doc-kind", code), VOC("doc-kind", wanted))


def _parts(
    read: Mapping[str, _Read],
    found: Mapping[str, int],
    values_of: Callable[[_Read], Mapping[str, str]],
) -> tuple[Part, ...]:
    """The documents by a property of theirs, the commonest value first, the unknown last.

    A document with two values counts for both.
    """
    parts: dict[str | None, list[str]] = defaultdict(list)
    labels: dict[str | None, str] = {None: "unknown"}
    for iri, known in read.items():
        values = values_of(known)
        labels.update(values)
        for each in values or (None,):
            parts[each].append(iri)
    counted = [
        Part(
            value=each,
            label=labels[each],
            documents=len(iris),
            answering=sum(iri in found for iri in iris),
            statements=sum(found.get(iri, 0) for iri in iris),
        )
        for each, iris in parts.items()
    ]
    return tuple(sorted(counted, key=lambda p: (p.value is None, -p.documents, p.label)))

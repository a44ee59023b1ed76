"""Named questions to the store, answered as records.

Each question is a SPARQL text in `graph/sparql`; values are bound to its variables. Answers come
in a fixed order, so that they repeat.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any, get_args

import pyoxigraph as ox

from graph.errors import NotFound, QueryError
from graph.records import Modality, Record
from graph.store import Store
from graph.terms import Term
from ontology.vocabulary import PREFIXES, VOC

# The classes that things are named by, the narrower one where a thing has two.
TYPES = (
    *("Person", "Post", "Organization", "Country", "ActorGroup", "Target", "Goal", "Instrument"),
    *("Event", "Document", "Concept", "Quantity"),
)


class Thing(Record):
    """An entity as answers name it: IRI, type (`Goal`, `Organization`, …) and English label."""

    iri: str
    type: str
    label: str


class Evidence(Record):
    """The sentence a fact rests on: its span (IRI), its words, and the document it stands in."""

    span: str
    quote: str
    document: str
    title: str
    issued: date | None


class StatementAnswer(Record):
    """Who takes which stance on what; `speaker` is None where the document itself speaks."""

    iri: str
    speaker: Thing | None
    modality: str
    content: tuple[Thing, ...]
    addressee: tuple[Thing, ...]
    stated_on: date | None
    attribution: str
    confidence: float
    evidence: Evidence
    status: str = "candidate"


class RelationAnswer(Record):
    """A relation between two things with the sentence that states it."""

    claim: str
    subject: Thing
    predicate: str
    object: Thing
    confidence: float
    evidence: Evidence


class Fact(Record):
    """One property of a thing, as text, with its language where it has one.

    `confidence` is how sure a type, target group, theme or field is, where that was measured.
    """

    property: str
    value: str
    language: str | None = None
    confidence: float | None = None


class EntityAnswer(Record):
    """All that is known of one thing."""

    thing: Thing
    facts: tuple[Fact, ...]
    relations: tuple[RelationAnswer, ...]
    statements: tuple[StatementAnswer, ...]
    mentions: tuple[Evidence, ...]


class DocumentAnswer(Record):
    """A document that was read, the IRI of its text, and how much was found in it."""

    iri: str
    name: str
    title: str
    issued: date | None
    genre: str | None
    text: str
    characters: int
    statements: int


class Origin(Record):
    """Who issued a document, and which countries it is of."""

    issuers: tuple[Thing, ...]
    countries: tuple[Thing, ...]


class Naming(Record):
    """A document in which something is named."""

    document: str
    title: str
    issued: date | None


class StatementFilter(Record):
    """What statements to select; every condition that is given must hold.

    `about` is a thing that speaks, is spoken to or spoken of. It, `speaker`, `goal`, `instrument`,
    `addressee`, `field`, `document` and `country` are IRIs; the country is that of the document.
    Statements on sub-goals of the goal and on parts of the instrument count. `modality`, `genre`,
    `attribution` and `status` are codes of their schemes; narrower concepts count. `since` and
    `until` are days that count as well; a statement without a date meets neither. `confidence` is
    the least there may be.
    """

    about: str | None = None
    speaker: str | None = None
    goal: str | None = None
    instrument: str | None = None
    addressee: str | None = None
    field: str | None = None
    document: str | None = None
    country: str | None = None
    genre: str | None = None
    modality: str | None = None
    attribution: str | None = None
    status: str | None = None
    since: date | None = None
    until: date | None = None
    confidence: float | None = None


# The conditions of a StatementFilter. Each variable is bound to the value that was given.
_CONDITIONS: Mapping[str, str] = {
    "about": "?statement scip:speaker|scip:content|scip:addressee ?given_about .",
    "speaker": "?statement scip:speaker ?given_speaker .",
    "goal": "?statement scip:content/scip:subGoalOf* ?given_goal .",
    "instrument": "?statement scip:content/scip:partOf* ?given_instrument .",
    "addressee": "?statement scip:addressee ?given_addressee .",
    "field": "?statement scip:content/scip:field/skos:broader* ?given_field .",
    "document": (
        "?statement scip:evidence ?given_span . "
        "?given_span scip:inVersion/scip:versionOf ?given_document ."
    ),
    "country": (
        "?statement scip:evidence/scip:inVersion/scip:versionOf/scip:jurisdiction ?given_country ."
    ),
    "genre": (
        "?statement scip:evidence/scip:inVersion/scip:versionOf/scip:kind/skos:broader* "
        "?given_genre ."
    ),
    "modality": "?statement scip:modality/skos:broader* ?given_modality .",
    "attribution": "?statement scip:attribution ?given_attribution .",
    "status": "?statement scip:status ?given_status .",
    "since": "?statement scip:statedOn ?given_on . FILTER(?given_on >= ?given_since)",
    "until": "?statement scip:statedOn ?given_before . FILTER(?given_before <= ?given_until)",
    "confidence": (
        "?statement scip:confidence ?given_sure . FILTER(?given_sure >= ?given_confidence)"
    ),
}
# The conditions that what is below the thing meets as well, and what leads up from there.
_WIDENED: Mapping[str, str] = {"goal": "scip:subGoalOf", "instrument": "scip:partOf"}
# The conditions that are codes, and the scheme each is of.
_SCHEMES: Mapping[str, str] = {
    "modality": "modality",
    "genre": "doc-kind",
    "attribution": "attribution",
    "status": "status",
}


@cache
def text_of(name: str) -> str:
    """The SPARQL of a named question, for example `relations`."""
    return files("graph").joinpath("sparql", f"{name}.rq").read_text("utf-8")


def thing(store: Store, iri: str) -> Thing:
    """The thing with this IRI. Raises NotFound."""
    found = things(store, [iri])
    if iri not in found:
        raise NotFound(f"there is nothing with the IRI {iri}")
    return found[iri]


def things(store: Store, iris: Iterable[str]) -> dict[str, Thing]:
    """Type and label of each IRI that the graph knows."""
    wanted = "\n".join(str(ox.NamedNode(iri)) for iri in sorted(set(iris)))
    if not wanted:
        return {}
    return _as_things(store.select(text_of("things").replace("# THINGS", wanted)).rows)


def labels_in(store: Store, iris: Iterable[str], language: str) -> dict[str, str]:
    """The name of each thing in a language, for those that have one in it."""
    wanted = " ".join(map(_node, sorted(set(iris))))
    rows = store.select(
        text_of("labels-in").replace("# THINGS", wanted), {"language": ox.Literal(language)}
    ).rows
    # Of several the first in the order of the query counts.
    return {value(iri): value(label) for iri, label, _ in reversed(rows)}


def related_things(store: Store) -> dict[str, Thing]:
    """Everything that takes part in a relation or a statement, by IRI."""
    # Three scans, joined here: the engine would look up type and labels of each thing anew.
    wanted = {row[0] for row in store.select(text_of("nodes")).rows}
    types: dict[Term | None, list[Term | None]] = defaultdict(list)
    for entity_, type_ in store.select(text_of("types")).rows:
        if entity_ in wanted:
            types[entity_].append(type_)
    labels = store.select(text_of("labels")).rows
    return _as_things((e, type_, label) for e, label in labels for type_ in types.get(e, ()))


def label_rank(label: Term | None) -> tuple[bool, str, str]:
    """Sorts the labels of a thing, the one to show first: English, then by language."""
    language = getattr(label, "language", None) or ""
    return (language != "en", language, value(label))


def entity(store: Store, iri: str) -> EntityAnswer:
    """Facts, relations, statements and mentions of one thing. Raises NotFound."""
    node = {"entity": ox.NamedNode(iri)}
    about = thing(store, iri)
    mentions = [_evidence(row) for row in _rows(store, "mentions", node)]
    roles = (
        StatementFilter(speaker=iri),
        StatementFilter(goal=iri),
        StatementFilter(instrument=iri),
        StatementFilter(addressee=iri),
    )
    stances = {s.iri: s for role in roles for s in statements(store, role)}
    return EntityAnswer(
        thing=about,
        facts=tuple(facts(store, iri)),
        relations=tuple(relations(store, iri)),
        statements=tuple(sorted(stances.values(), key=_statement_order)),
        mentions=tuple(mentions),
    )


def facts(store: Store, iri: str) -> list[Fact]:
    """The properties of one thing, apart from its statements and relations."""
    rows = store.select(text_of("entity"), {"entity": ox.NamedNode(iri)}).rows
    return [
        Fact(
            property=local_name(value(p)),
            value=value(v),
            language=value(lang) or None,
            confidence=float(value(sure)) if sure else None,
        )
        for p, v, lang, sure in rows
    ]


def documents_naming(store: Store, iri: str) -> list[tuple[Naming, int]]:
    """The documents that name a thing, the earliest first, and how often each does."""
    return [
        (
            Naming(
                document=value(row["document"]),
                title=value(row["title"]) or value(row["name"]),
                issued=date_of(row["issued"]),
            ),
            int(value(row["mentions"])),
        )
        for row in _rows(store, "entity-documents", {"entity": ox.NamedNode(iri)})
    ]


def weights(store: Store, iris: Sequence[str]) -> dict[str, tuple[int, int]]:
    """How many documents name each thing, and with how many things it is connected."""
    wanted = "\n".join(map(_node, sorted(set(iris))))
    if not wanted:
        return {}
    rows = store.select(text_of("weights").replace("# THINGS", wanted)).rows
    return {value(e): (int(value(d)), int(value(n))) for e, d, n in rows if e}


def relations(store: Store, iri: str) -> list[RelationAnswer]:
    """Relations of one thing in both directions, by predicate, with their sentences."""
    rows = list(_rows(store, "relations", {"entity": ox.NamedNode(iri)}))
    known = things(store, {value(r[end]) for r in rows for end in ("subject", "object")})
    answers = [
        RelationAnswer(
            claim=value(row["claim"]),
            subject=known[value(row["subject"])],
            predicate=local_name(value(row["predicate"])),
            object=known[value(row["object"])],
            confidence=float(value(row["confidence"])),
            evidence=_evidence(row),
        )
        for row in rows
        if value(row["subject"]) in known and value(row["object"]) in known
    ]
    return sorted(answers, key=_relation_order)


def statements(store: Store, conditions: StatementFilter) -> list[StatementAnswer]:
    """Statements that meet the conditions, by date, document and place in the text."""
    return _statements(store, *_quick_query(store, conditions, "statements"))


def statement_order(store: Store, conditions: StatementFilter) -> tuple[str, ...]:
    """IRIs of the statements that meet the conditions, in the order of `statements`.

    A list of any length can be shown in pages with `statements_named`.
    """
    rows = store.select(*_quick_query(store, conditions, "statement-order")).rows
    # The place is in the name of the span: to look it up would take most of the time.
    keys = {_place(value(day), value(span), value(iri)) for iri, day, span in rows}
    return tuple(dict.fromkeys(key[-1] for key in sorted(keys)))


def statements_named(store: Store, iris: Sequence[str]) -> list[StatementAnswer]:
    """The statements with these IRIs, in the order of `statements`."""
    if not iris:
        return []
    values = "VALUES ?statement { " + " ".join(map(_node, iris)) + " }"
    return _statements(store, text_of("statements").replace("# CONDITIONS", values), {})


def _statements(store: Store, sparql: str, bindings: Mapping[str, Term]) -> list[StatementAnswer]:
    table = store.select(sparql, bindings)
    grouped: dict[str, list[dict[str, Term | None]]] = defaultdict(list)
    for cells in table.rows:
        row = dict(zip(table.variables, cells, strict=True))
        grouped[value(row["statement"])].append(row)
    ends = {
        value(row[end])
        for rows in grouped.values()
        for row in rows
        for end in ("speaker", "content", "addressee")
        if row[end]
    }
    known = things(store, ends)
    answers = [_statement(iri, rows, known) for iri, rows in grouped.items()]
    return sorted(answers, key=_statement_order)


def statement_query(
    conditions: StatementFilter, name: str = "statements"
) -> tuple[str, dict[str, Term]]:
    """The SPARQL of a selection of statements, and the values bound in it.

    `name` is the question that has the conditions put in. Raises QueryError naming the codes there
    are where the one given is none.
    """
    given = {k: v for k, v in conditions.model_dump().items() if v is not None}
    return _statement_query(given, name, [_CONDITIONS[condition] for condition in given])


def _quick_query(
    store: Store, conditions: StatementFilter, name: str
) -> tuple[str, dict[str, Term]]:
    """The same selection, with sub-goals and parts looked up beforehand.

    The engine would look at every statement to see whether a path leads from it to the goal.
    """
    given = {k: v for k, v in conditions.model_dump().items() if v is not None}
    patterns = []
    for condition in given:
        if condition in _WIDENED:
            wanted = {"given": ox.NamedNode(given[condition])}
            path = f"SELECT DISTINCT ?below {{ ?below {_WIDENED[condition]}* ?given }}"
            below = {value(row[0]) for row in store.select(path, wanted).rows}
            nodes = " ".join(map(_node, sorted({*below, given[condition]})))
            patterns.append(
                f"VALUES ?wanted_{condition} {{ {nodes} }} "
                f"?statement scip:content ?wanted_{condition} ."
            )
        else:
            patterns.append(_CONDITIONS[condition])
    return _statement_query(given, name, patterns)


def _statement_query(
    given: Mapping[str, Any], name: str, conditions: Sequence[str]
) -> tuple[str, dict[str, Term]]:
    patterns = "\n  ".join(conditions)
    bindings: dict[str, Term] = {}
    for condition, chosen in given.items():
        if condition in _SCHEMES:
            bindings[f"given_{condition}"] = ox.NamedNode(_concept(_SCHEMES[condition], chosen))
        elif isinstance(chosen, date):
            bindings[f"given_{condition}"] = _typed(chosen.isoformat(), "date")
        elif isinstance(chosen, float):
            bindings[f"given_{condition}"] = _typed(format(Decimal(str(chosen)), "f"), "decimal")
        else:
            bindings[f"given_{condition}"] = ox.NamedNode(chosen)
    return text_of(name).replace("# CONDITIONS", patterns), bindings


def _typed(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(PREFIXES["xsd"] + datatype))


def _node(iri: str) -> str:
    return str(ox.NamedNode(iri))


def documents(store: Store, iri: str | None = None) -> list[DocumentAnswer]:
    """The documents that were read, by name; or the one with this IRI, if there is one."""
    only: dict[str, Term] = {"document": ox.NamedNode(iri)} if iri else {}
    return [
        DocumentAnswer(
            iri=value(row["document"]),
            name=value(row["name"]),
            title=value(row["title"]) or value(row["name"]),
            issued=date_of(row["issued"]),
            genre=value(row["genre"]) or None,
            text=value(row["text"]),
            characters=int(value(row["characters"])),
            statements=int(value(row["statements"])),
        )
        for row in _rows(store, "documents", only)
    ]


def origin(store: Store, document: str) -> Origin:
    """Who issued a document (IRI), and which countries it is of; nobody where nothing is known."""
    rows = list(_rows(store, "origin", {"document": ox.NamedNode(document)}))
    known = things(store, {value(row["origin"]) for row in rows})
    found: dict[str, list[Thing]] = {"false": [], "true": []}
    for row in rows:
        if thing := known.get(value(row["origin"])):
            found[value(row["is_country"])].append(thing)
    return Origin(issuers=tuple(found["false"]), countries=tuple(found["true"]))


def document_count(store: Store) -> int:
    """How many documents were read."""
    table = store.select(
        "SELECT (COUNT(DISTINCT ?document) AS ?number) { ?text scip:versionOf ?document }"
    )
    return int(value(table.rows[0][0]))


def document_named(store: Store, name: str) -> DocumentAnswer:
    """The document that was read under this name or title. Raises NotFound with near names."""
    known = documents(store)
    for document in known:
        if name in (document.name, document.title, document.iri):
            return document
    near = get_close_matches(name, [d.name for d in known], n=3, cutoff=0.4)
    raise NotFound(f"no document is called {name!r}", near)


def extractor_of(store: Store) -> str | None:
    """The name of the extractor that read most texts of the graph; None where none was read."""
    rows = store.select(text_of("extractors")).rows
    return local_name(value(rows[0][0])) if rows else None


def counts(store: Store) -> dict[str, int]:
    """How many things of each class there are, by class name."""
    return {
        local_name(value(row["type"])): int(value(row["number"]))
        for row in _rows(store, "counts", {})
    }


def relation_counts(store: Store) -> dict[str, int]:
    """How many facts there are of each relation and modality, the most first."""
    return {
        local_name(value(row["relation"])): int(value(row["number"]))
        for row in _rows(store, "relation-counts", {})
    }


def local_name(iri: str) -> str:
    """The last part of an IRI, after `#` or `/`."""
    return iri.rpartition("#")[2].rpartition("/")[2]


def _as_things(rows: Iterable[Sequence[Term | None]]) -> dict[str, Thing]:
    types: dict[str, set[str]] = defaultdict(set)
    labels: dict[str, Term | None] = {}
    for entity_, type_, label in rows:
        iri = value(entity_)
        types[iri].add(local_name(value(type_)))
        if iri not in labels or label_rank(label) < label_rank(labels[iri]):
            labels[iri] = label
    known = {iri: next((t for t in TYPES if t in types[iri]), None) for iri in sorted(types)}
    return {
        iri: Thing(iri=iri, type=type_, label=value(labels[iri]))
        for iri, type_ in known.items()
        if type_
    }


def _concept(scheme: str, code: str) -> str:
    try:
        return VOC(scheme, code)
    except KeyError:
        known = get_args(Modality) if scheme == "modality" else VOC.codes(scheme)
        raise QueryError(
            f"there is no {scheme} {code!r}; choose one of: {', '.join(known)}"
        ) from None


def _rows(
    store: Store, name: str, bindings: Mapping[str, Term]
) -> Iterator[dict[str, Term | None]]:
    table = store.select(text_of(name), bindings)
    for cells in table.rows:
        yield dict(zip(table.variables, cells, strict=True))


def value(term: Term | None) -> str:
    """The lexical form or IRI of a term; empty for none."""
    if term is None:
        return ""
    assert not isinstance(term, ox.Triple)
    return term.value


def date_of(term: Term | None) -> date | None:
    """The day that an xsd:date names; none for none."""
    return date.fromisoformat(value(term)) if term else None


def _evidence(row: Mapping[str, Term | None]) -> Evidence:
    document = value(row["document"])
    return Evidence(
        span=value(row["span"]),
        quote=value(row["quote"]),
        document=document,
        title=value(row["title"]) or value(row["name"]),
        issued=date_of(row["issued"]),
    )


def _statement(
    iri: str, rows: Sequence[Mapping[str, Term | None]], known: Mapping[str, Thing]
) -> StatementAnswer:
    first = rows[0]

    def ends(name: str) -> tuple[Thing, ...]:
        found = {value(row[name]) for row in rows if row[name]}
        return tuple(sorted((known[i] for i in found if i in known), key=lambda t: t.label))

    speakers = ends("speaker")
    return StatementAnswer(
        iri=iri,
        speaker=speakers[0] if speakers else None,
        modality=local_name(value(first["modality"])),
        content=ends("content"),
        addressee=ends("addressee"),
        stated_on=date_of(first["statedOn"]),
        attribution=local_name(value(first["attribution"])),
        confidence=float(Decimal(value(first["confidence"]))),
        evidence=_evidence(first),
        status=local_name(value(first["status"])) or "candidate",
    )


def _relation_order(answer: RelationAnswer) -> tuple[str, str, str, str, str]:
    ends = answer.subject.label, answer.object.label
    return (answer.predicate, *ends, answer.evidence.document, answer.evidence.span)


def _statement_order(answer: StatementAnswer) -> tuple[str, str, int, str]:
    day = answer.stated_on.isoformat() if answer.stated_on else ""
    return _place(day, answer.evidence.span, answer.iri)


def _place(day: str, span: str, iri: str) -> tuple[str, str, int, str]:
    """What statements are ordered by; those without a day come last."""
    text, _, place = span.partition("#char=")
    start = place.partition(",")[0]
    return (day or "9999", text, int(start) if start.isdigit() else 0, iri)

"""Every IRI of ours leads to a page or to RDF: `/id/…`, `/ns`, `/voc/…`, `/graph/…`.

Which of them is told by the end of the address (`.ttl`, `.jsonld`, `.nt`, `.html`), or else by the
Accept header.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import NamedTuple

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from api.dependencies import Snapshot, service_of
from api.errors import MethodNotAllowed, NoSuchPage
from api.formats import GRAPH, HTML, with_charset
from api.negotiation import negotiate
from api.pages import BASE, page
from api.parameters import absolute_iri
from api.security import PAGE_POLICY
from api.sparql import is_known, not_acceptable
from api.surety import Surety, asked_confidence, surety_of
from graph import queries
from graph.describe import Description, Property, describe, description_triples, graph_triples
from graph.errors import NotFound
from graph.queries import EntityAnswer, RelationAnswer, StatementAnswer
from graph.reliability import RELATIONS, STATEMENTS
from graph.store import Store
from ontology.files import ONTOLOGY, resource, scheme_files
from ontology.vocabulary import PREFIXES, RDF, RDFS, SCIP, SKOS

_SUFFIXES: Mapping[str, str] = {
    "ttl": ox.RdfFormat.TURTLE.media_type,
    "jsonld": ox.RdfFormat.JSON_LD.media_type,
    "nt": ox.RdfFormat.N_TRIPLES.media_type,
    "rdf": ox.RdfFormat.RDF_XML.media_type,
    "html": HTML,
}
# Programs that take anything get Turtle; browsers name HTML.
_OFFERS = (ox.RdfFormat.TURTLE.media_type, HTML, *GRAPH)
_ALLOW = {"Allow": "GET, HEAD, OPTIONS"}
_MOST_LINES = 500
_PREFIXES = dict(PREFIXES)


class Address(NamedTuple):
    """What a request asks for: the path without suffix, its IRI, and the media type to give."""

    path: str
    iri: str
    media_type: str


async def thing(request: Request) -> Response:
    """The routes `/id/…` and `/voc/{scheme}/{code}`."""
    share = service_of(request).settings.public_share
    asked = asked_confidence(request.query_params)
    make_page = partial(_thing_page, share=share, confidence=asked)
    return await _answer(request, make_page, description_triples)


async def named_graph(request: Request) -> Response:
    """The route `/graph/…`."""
    return await _answer(request, _graph_page, graph_triples)


async def vocabulary(request: Request) -> Response:
    """The route `/ns`: all classes and properties."""
    return await _answer(request, _vocabulary_page, lambda _s, _i, f: _rdf((ONTOLOGY,), f))


async def schemes(request: Request) -> Response:
    """The route `/voc`: all concept schemes."""
    return await _answer(request, _schemes_page, lambda _s, _i, f: _rdf(scheme_files(), f))


async def scheme(request: Request) -> Response:
    """The route `/voc/{scheme}`: one concept scheme with its concepts."""
    return await _answer(request, _scheme_page, lambda _s, i, f: _rdf((_file_of(i),), f))


async def _answer(
    request: Request,
    make_page: Callable[[Snapshot, Address], Response],
    make_rdf: Callable[[Store, str, ox.RdfFormat], bytes],
) -> Response:
    """Answer for what is at this address, in the format that its end or the client names."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=_ALLOW)
    if request.method not in ("GET", "HEAD"):
        raise MethodNotAllowed(f"{request.method} is not a method of this address.", _ALLOW)
    asked = _address(request)
    service = service_of(request)
    etag = f'W/"{service.endpoint.data_version}.{asked.media_type.replace("/", ".")}"'
    headers = {"ETag": etag, "Vary": "Accept", "Cache-Control": "no-cache"}
    if asked.media_type == HTML:
        # What is kept gets the headers of the answer that it is still good.
        headers["Content-Security-Policy"] = PAGE_POLICY
    if is_known(request.scope, etag):
        return Response(status_code=304, headers=headers)

    def make(now: Snapshot) -> Response:
        if asked.media_type == HTML:
            return make_page(now, asked)
        format = ox.RdfFormat.from_media_type(GRAPH[asked.media_type])
        assert format is not None
        content = make_rdf(now.store, asked.iri, format)
        return Response(content, headers={"Content-Type": with_charset(asked.media_type)})

    response = await service.library.ask(make)
    response.headers.update(headers)
    return response


def _address(request: Request) -> Address:
    """Read the address. Raises NotAcceptable, BadRequest."""
    path = request.url.path.rstrip("/")
    stem, dot, suffix = path.rpartition(".")
    if dot and (media_type := _SUFFIXES.get(suffix)):
        return Address(stem, _iri(stem), media_type)
    chosen = negotiate(", ".join(request.headers.getlist("accept")) or None, _OFFERS)
    if chosen is None:
        raise not_acceptable()
    return Address(path, _iri(path), chosen)


def _iri(path: str) -> str:
    return absolute_iri(f"{BASE}{path}", "address")


def _thing_page(
    now: Snapshot, asked: Address, *, share: float, confidence: float | None
) -> Response:
    about = describe(now.store, asked.iri)
    surety = surety_of(now, share, confidence)
    relations: Sequence[RelationAnswer] = ()
    statements: Sequence[StatementAnswer] = ()
    hidden = None
    own_worth = ""
    try:
        known = queries.entity(now.store, asked.iri)
    except NotFound:
        # A claim, a span, a text, a concept: they have no statements of their own.
        own_worth = _worth_of(about, surety)
    else:
        relations = [one for one in known.relations if surety.shows(one.confidence)]
        statements = [one for one in known.statements if surety.shows(one.confidence)]
        total = len(known.relations) + len(known.statements)
        hidden = surety.hidden(total - len(relations) - len(statements), total, "fact")
        about = _without_hidden(about, known, relations, statements)
    return page(
        "entity.html",
        about=about,
        relations=relations,
        statements=statements,
        hidden=hidden,
        own_worth=own_worth,
        was_read=any(
            d.iri == asked.iri for d in now.kept("documents", lambda: queries.documents(now.store))
        ),
        path=asked.path,
        surety=surety,
        query=f"DESCRIBE <{asked.iri}>",
    )


def _worth_of(about: Description, surety: Surety) -> str:
    """What the confidence of a statement, claim or tenure is worth; empty for what is none."""
    values = {one.name: one.values[0] for one in about.properties}
    how_sure = values.get("confidence")
    if how_sure is None:
        return ""
    name = next((values[n].iri for n in ("modality", "claimPredicate") if n in values), None)
    relation = queries.local_name(name) if name else "holdsPost"
    whole = STATEMENTS if "Statement" in about.types else RELATIONS
    return surety.worth(whole, relation, float(how_sure.text))


def _without_hidden(
    about: Description,
    known: EntityAnswer,
    relations: Sequence[RelationAnswer],
    statements: Sequence[StatementAnswer],
) -> Description:
    """What is said of a thing, without what rests on facts alone that are not shown.

    `relations` and `statements` are those that are shown. What the page shows elsewhere, its type
    and the confidences of relations, is left out too.
    """
    iri = known.thing.iri
    shown = {end for one in relations for end in _ends_of(one, iri)}
    hidden = {end for one in known.relations for end in _ends_of(one, iri)} - shown
    unsure = {one.claim for one in known.relations} - {one.claim for one in relations}
    unsure |= {one.iri for one in known.statements} - {one.iri for one in statements}

    def left(groups: Iterable[Property]) -> Iterator[Property]:
        for group in groups:
            values = tuple(
                one
                for one in group.values
                if one.iri not in unsure
                and (one.confidence is not None or (group.name, one.iri) not in hidden)
            )
            if values:
                count = group.count - len(group.values) + len(values)
                yield group.model_copy(update={"values": values, "count": count})

    own = [one for one in about.properties if one.iri not in (RDF.type, SCIP.confidence)]
    return about.model_copy(
        update={"properties": tuple(left(own)), "references": tuple(left(about.references))}
    )


def _ends_of(one: RelationAnswer, iri: str) -> Iterator[tuple[str, str]]:
    """How a relation of a thing (IRI) is listed beside it: the predicate and the other end."""
    for this, other in ((one.subject, one.object), (one.object, one.subject)):
        if this.iri == iri:
            yield one.predicate, other.iri


def _graph_page(now: Snapshot, asked: Address) -> Response:
    lines = graph_triples(now.store, asked.iri, ox.RdfFormat.TURTLE).decode().splitlines()
    return page(
        "graph.html",
        iri=asked.iri,
        path=asked.path,
        text="\n".join(lines[:_MOST_LINES]),
        is_cut=len(lines) > _MOST_LINES,
        most=_MOST_LINES,
    )


class _Term(NamedTuple):
    """One term as a list shows it."""

    iri: str
    label: str
    kind: str
    definition: str
    anchor: str


def _vocabulary_page(now: Snapshot, asked: Address) -> Response:
    terms = [t for t in _terms((ONTOLOGY,)) if t.iri.startswith(f"{BASE}/ns#")]
    explanation = "The classes and properties that the graph is made of."
    return _terms_page(asked, "Vocabulary", explanation, terms)


def _schemes_page(now: Snapshot, asked: Address) -> Response:
    terms = [t for t in _terms(scheme_files()) if t.kind == "ConceptScheme"]
    return _terms_page(asked, "Schemes", "The lists of kinds that things are sorted by.", terms)


def _scheme_page(now: Snapshot, asked: Address) -> Response:
    terms = _terms((_file_of(asked.iri),))
    concepts = [t for t in terms if t.kind == "Concept"]
    own = next((t for t in terms if t.iri == asked.iri), None)
    title = own.label if own else queries.local_name(asked.iri)
    return _terms_page(asked, title, own.definition if own else "", concepts)


def _terms_page(asked: Address, title: str, explanation: str, terms: list[_Term]) -> Response:
    return page("terms.html", path=asked.path, title=title, explanation=explanation, terms=terms)


def _file_of(iri: str) -> str:
    """The file of a concept scheme. Raises NoSuchPage."""
    name = f"schemes/{iri.removeprefix(f'{BASE}/voc/')}.ttl"
    if name not in scheme_files():
        raise NoSuchPage(f"There is no scheme {iri}; /voc lists them.")
    return name


@cache
def _rdf(names: tuple[str, ...], format: ox.RdfFormat) -> bytes:
    prefixes = _PREFIXES if format == ox.RdfFormat.TURTLE else None
    triples = [triple for name in names for triple in _triples(name)]
    content = ox.serialize(triples, format=format, prefixes=prefixes)
    assert content is not None
    return content


@cache
def _triples(name: str) -> tuple[ox.Triple, ...]:
    quads = ox.parse(resource(name).read_bytes(), format=ox.RdfFormat.TURTLE)
    return tuple(quad.triple for quad in quads)


@cache
def _terms(names: tuple[str, ...]) -> list[_Term]:
    """The named things of some files, with their English labels and definitions, by label."""
    found: dict[str, dict[str, str]] = {}
    for triple in (t for name in names for t in _triples(name)):
        if not isinstance(triple.subject, ox.NamedNode):
            continue
        about = found.setdefault(triple.subject.value, {})
        key, value = triple.predicate.value, triple.object
        if key == RDF.type and isinstance(value, ox.NamedNode):
            about.setdefault(key, queries.local_name(value.value))
        elif isinstance(value, ox.Literal) and value.language in (None, "en"):
            about.setdefault(key, value.value)
    terms = [
        _Term(
            iri=iri,
            label=about.get(SKOS.prefLabel) or about.get(RDFS.label) or queries.local_name(iri),
            kind=about.get(RDF.type, ""),
            definition=about.get(SKOS.definition) or about.get(RDFS.comment, ""),
            anchor=queries.local_name(iri),
        )
        for iri, about in found.items()
    ]
    return sorted(terms, key=lambda t: (t.label.lower(), t.iri))

"""The formats of answers: what a client may ask for, and what the engine calls it.

Some types are asked for by several names, `application/json` for one; a client gets the name that
it used, since an answer of another type would not be acceptable.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import pyoxigraph as ox

from api.negotiation import negotiate
from graph.workers import Formats

_JSON, _XML, _CSV, _TSV = (
    kind.media_type.partition(";")[0]
    for kind in (
        ox.QueryResultsFormat.JSON,
        ox.QueryResultsFormat.XML,
        ox.QueryResultsFormat.CSV,
        ox.QueryResultsFormat.TSV,
    )
)
# Name that is asked for -> type of the engine; the first is what is given when all are welcome.
BINDINGS: Mapping[str, str] = {
    **{kind: kind for kind in (_JSON, _XML, _CSV, _TSV)},
    "application/json": _JSON,
    "application/xml": _XML,
    "text/xml": _XML,
}
GRAPH: Mapping[str, str] = {
    **{
        kind.media_type: kind.media_type
        for kind in (
            ox.RdfFormat.TURTLE,
            ox.RdfFormat.N_TRIPLES,
            ox.RdfFormat.JSON_LD,
            ox.RdfFormat.RDF_XML,
            ox.RdfFormat.TRIG,
            ox.RdfFormat.N_QUADS,
            ox.RdfFormat.N3,
        )
    },
    "application/x-turtle": ox.RdfFormat.TURTLE.media_type,
    "application/json": ox.RdfFormat.JSON_LD.media_type,
    "application/xml": ox.RdfFormat.RDF_XML.media_type,
    "text/xml": ox.RdfFormat.RDF_XML.media_type,
    "text/plain": ox.RdfFormat.N_TRIPLES.media_type,
}
ALL = tuple(dict.fromkeys((*BINDINGS, *GRAPH)))
HTML = "text/html"
# Short names, for links and for clients that cannot send headers. Some clients send `json` or
# `xml` with every query, also with one that makes a graph.
SHORT: Mapping[str, str] = {
    "json": f"{_JSON}, {ox.RdfFormat.JSON_LD.media_type}",
    "xml": f"{_XML}, {ox.RdfFormat.RDF_XML.media_type}",
    "csv": _CSV,
    "tsv": _TSV,
    "turtle": ox.RdfFormat.TURTLE.media_type,
    "ttl": ox.RdfFormat.TURTLE.media_type,
    "ntriples": ox.RdfFormat.N_TRIPLES.media_type,
    "nt": ox.RdfFormat.N_TRIPLES.media_type,
    "jsonld": ox.RdfFormat.JSON_LD.media_type,
    "rdfxml": ox.RdfFormat.RDF_XML.media_type,
    "rdf": ox.RdfFormat.RDF_XML.media_type,
    "trig": ox.RdfFormat.TRIG.media_type,
    "nquads": ox.RdfFormat.N_QUADS.media_type,
    "nq": ox.RdfFormat.N_QUADS.media_type,
    "html": HTML,
}


class Chosen:
    """For each form of answer, the type to announce and the type of the engine."""

    def __init__(self, accept: str | None) -> None:
        self.announced = {
            "bindings": negotiate(accept, tuple(BINDINGS)),
            "boolean": negotiate(accept, tuple(BINDINGS)),
            "graph": negotiate(accept, tuple(GRAPH)),
        }
        self.formats = Formats(
            bindings=BINDINGS.get(self.announced["bindings"] or ""),
            boolean=BINDINGS.get(self.announced["boolean"] or ""),
            graph=GRAPH.get(self.announced["graph"] or ""),
        )
        self.is_none = not any(self.announced.values())
        self.name = " ".join(str(kind) for kind in self.announced.values())
        self._content_types = {
            form: with_charset(kind) for form, kind in self.announced.items() if kind
        }

    def content_type(self, form: str) -> str:
        """What to write into Content-Type for an answer of this form."""
        return self._content_types[form]


@lru_cache(maxsize=1024)
def choose(accept: str | None) -> Chosen:
    """What a client takes, by its Accept header."""
    return Chosen(accept)


def with_charset(media_type: str) -> str:
    """A media type as it is announced: text says that it is UTF-8."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type

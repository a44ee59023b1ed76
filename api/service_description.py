"""What the endpoint says about itself (SPARQL 1.1 Service Description)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pyoxigraph as ox
from starlette.responses import Response
from starlette.types import Scope

from api import sparql
from api.formats import GRAPH, with_charset
from api.negotiation import negotiate

if TYPE_CHECKING:
    from api.dependencies import Service

SD = "http://www.w3.org/ns/sparql-service-description#"
_RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULT_FORMATS = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "JSON-LD", "RDF_XML", "TriG", "N-Quads", "N3"),
)
_PREFIXES = {
    "sd": SD,
    "formats": _FORMATS,
    "void": "http://rdfs.org/ns/void#",
    "dcterms": "http://purl.org/dc/terms/",
}


async def describe(scope: Scope, service: Service, accept: str | None) -> Response:
    """The service description in the format that the client likes. Raises NotAcceptable."""
    announced = negotiate(accept, tuple(GRAPH))
    if announced is None:
        raise sparql.not_acceptable()
    address = sparql.address_of(scope, service)
    content = rdf(description(address, service.settings.union_default_graph), GRAPH[announced])
    headers = {"Vary": "Accept", "Content-Type": with_charset(announced)}
    return Response(content, headers=headers)


def description(address: str, is_union: bool) -> list[ox.Triple]:
    """The triples about an endpoint at this address; no blank nodes, so that they repeat."""
    root = address.removesuffix("/sparql")
    service, dataset, default = (
        ox.NamedNode(f"{address}#{part}") for part in ("service", "dataset", "default-graph")
    )

    def sd(name: str) -> ox.NamedNode:
        return ox.NamedNode(SD + name)

    features = [sd("UnionDefaultGraph")] if is_union else []
    return [
        ox.Triple(service, _RDF_TYPE, sd("Service")),
        ox.Triple(service, sd("endpoint"), ox.NamedNode(address)),
        ox.Triple(service, sd("supportedLanguage"), sd("SPARQL11Query")),
        *(ox.Triple(service, sd("feature"), feature) for feature in features),
        *(
            ox.Triple(service, sd("resultFormat"), ox.NamedNode(_FORMATS + name))
            for name in _RESULT_FORMATS
        ),
        ox.Triple(service, sd("defaultDataset"), dataset),
        ox.Triple(dataset, _RDF_TYPE, sd("Dataset")),
        ox.Triple(dataset, sd("defaultGraph"), default),
        ox.Triple(default, _RDF_TYPE, sd("Graph")),
        ox.Triple(
            service,
            ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#seeAlso"),
            ox.NamedNode(f"{root}/.well-known/void"),
        ),
    ]


def rdf(triples: list[ox.Triple], media_type: str) -> bytes:
    """Our own triples in a format of RDF, by its media type."""
    format = cast(ox.RdfFormat, ox.RdfFormat.from_media_type(media_type))
    named = format in (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG)
    return cast(bytes, ox.serialize(triples, format=format, prefixes=_PREFIXES if named else None))

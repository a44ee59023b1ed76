"""What is in the dataset, in the VoID vocabulary, at `/.well-known/void`."""

from __future__ import annotations

import hashlib

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from api.dependencies import Snapshot, service_of
from api.formats import GRAPH, with_charset
from api.negotiation import negotiate
from api.pages import BASE
from api.service_description import rdf
from api.sparql import address_of, is_known, not_acceptable
from graph.describe import Usage, usage
from ontology.vocabulary import PREFIXES

_VOID = "http://rdfs.org/ns/void#"
_DCT = PREFIXES["dct"]
_TYPE = ox.NamedNode(f"{PREFIXES['rdf']}type")
_INTEGER = ox.NamedNode(f"{PREFIXES['xsd']}integer")
_LICENSE = ox.NamedNode("https://creativecommons.org/licenses/by/4.0/")
PATH = "/.well-known/void"


async def show_void(request: Request) -> Response:
    """The route `/.well-known/void`: counts of each class and property, and where to ask."""
    announced = negotiate(request.headers.get("accept"), tuple(GRAPH))
    if announced is None:
        raise not_acceptable()
    service = service_of(request)
    etag = f'W/"{service.endpoint.data_version}.{announced.replace("/", ".")}"'
    headers = {"ETag": etag, "Vary": "Accept", "Cache-Control": "no-cache"}
    if is_known(request.scope, etag):
        return Response(status_code=304, headers=headers)
    root = address_of(request.scope, service).removesuffix(PATH)
    triples = await service.library.ask(lambda now: _dataset(now, root))
    headers["Content-Type"] = with_charset(announced)
    return Response(rdf(triples, GRAPH[announced]), headers=headers)


def _dataset(now: Snapshot, root: str) -> list[ox.Triple]:
    counts = now.kept("usage", lambda: usage(now.store))
    dataset = ox.NamedNode(f"{root}{PATH}#dataset")
    properties = [c for c in counts if c.kind == "property"]
    return [
        ox.Triple(dataset, _TYPE, _void("Dataset")),
        ox.Triple(dataset, ox.NamedNode(f"{_DCT}title"), ox.Literal("Scipol", language="en")),
        ox.Triple(dataset, ox.NamedNode(f"{_DCT}license"), _LICENSE),
        ox.Triple(dataset, _void("sparqlEndpoint"), ox.NamedNode(f"{root}/sparql")),
        ox.Triple(dataset, _void("uriSpace"), ox.Literal(f"{BASE}/id/")),
        ox.Triple(dataset, _void("vocabulary"), ox.NamedNode(f"{BASE}/ns#")),
        _count(dataset, "triples", sum(c.number for c in properties)),
        _count(dataset, "classes", len(counts) - len(properties)),
        _count(dataset, "properties", len(properties)),
        *(triple for count in counts for triple in _partition(dataset, count)),
    ]


def _partition(dataset: ox.NamedNode, count: Usage) -> list[ox.Triple]:
    part = ox.NamedNode(
        f"{dataset.value}-{count.kind}-{hashlib.sha256(count.term.encode()).hexdigest()[:12]}"
    )
    number = "entities" if count.kind == "class" else "triples"
    return [
        ox.Triple(dataset, _void(f"{count.kind}Partition"), part),
        ox.Triple(part, _void(count.kind), ox.NamedNode(count.term)),
        _count(part, number, count.number),
    ]


def _count(subject: ox.NamedNode, name: str, number: int) -> ox.Triple:
    return ox.Triple(subject, _void(name), ox.Literal(str(number), datatype=_INTEGER))


def _void(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{_VOID}{name}")

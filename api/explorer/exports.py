"""A view in the formats of other tools; each file says where it comes from."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from xml.sax.saxutils import escape

import networkx as nx
import pyoxigraph as ox
from fastapi import APIRouter, Request
from starlette.responses import Response

from api.dependencies import Snapshot, service_of
from api.errors import NoSuchPage
from api.explorer.views import ViewAnswer, answer_view, given_view
from api.ids import id_of
from graph.evidence import facts_between
from graph.identifiers import BASE
from graph.picture import svg_picture
from graph.store import Store
from graph.view import View
from ontology.vocabulary import DCT, OWL, PREFIXES

router = APIRouter(include_in_schema=False)
About = Mapping[str, str]
_GEXF_DATE = re.compile(r' lastmodifieddate="[^"]*"')
_RDF = {"turtle": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD}
_MEDIA = {
    "svg": ("image/svg+xml", "svg"),
    "graphml": ("application/graphml+xml", "graphml"),
    "gexf": ("application/gexf+xml", "gexf"),
    "csv": ("text/csv; charset=utf-8", "csv"),
    "json": ("application/json", "json"),
    "turtle": ("text/turtle; charset=utf-8", "ttl"),
    "jsonld": ("application/ld+json", "jsonld"),
}
_BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@router.get("/explore/export/{form}")
async def export(request: Request, form: str) -> Response:
    """The view that the query string names, in a format."""
    if form not in _MEDIA:
        raise NoSuchPage(f"There is no format {form[:40]!r}; there are {', '.join(_MEDIA)}.")
    service = service_of(request)
    answer, view = await answer_view(service, await given_view(request))
    about = {
        "title": "Scipol",
        "link": f"{str(request.base_url).rstrip('/')}{answer.link}",
        "date": datetime.now(UTC).date().isoformat(),
        "data version": answer.data.release,
        "licence": answer.data.licence,
    }
    if form in _RDF:
        content = await service.library.ask(lambda now: _rdf(now, view, answer, about, _RDF[form]))
    else:
        content = _WRITERS[form](answer, view, about)
    media, suffix = _MEDIA[form]
    headers = {"Content-Type": media}
    if "show" not in request.query_params:
        headers["Content-Disposition"] = f'attachment; filename="scipol-{answer.view}.{suffix}"'
    return Response(content, headers=headers)


def _svg(answer: ViewAnswer, view: View, about: About) -> bytes:
    return svg_picture(view, id_of, about).encode()


def _json(answer: ViewAnswer, view: View, about: About) -> bytes:
    content = {"about": dict(about), **answer.model_dump(mode="json")}
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _csv(answer: ViewAnswer, view: View, about: About) -> bytes:
    """One line a relation; what is said of the whole stands in each, so that any tool can read."""
    labels = {node.id: node for node in answer.nodes}
    titles = {document.id: document.title for document in answer.facets.documents}
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\r\n")
    writer.writerow(
        [
            *("source", "source_type", "source_id", "relation", "target", "target_type"),
            *("target_id", "sentences", "confidence", "first", "last", "documents"),
            *("link", "date", "data_version", "licence"),
        ]
    )
    for edge in answer.edges:
        source, target = labels[edge.s], labels[edge.t]
        writer.writerow(
            [
                *(source.label, source.type, source.id, edge.p),
                *(target.label, target.type, target.id, edge.n, edge.conf, edge.first, edge.last),
                "; ".join(titles[document] for document in edge.docs),
                *list(about.values())[1:],
            ]
        )
    return output.getvalue().encode()


def _network(answer: ViewAnswer, about: About) -> nx.MultiDiGraph[str]:
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    network.graph.update({key.replace(" ", "_"): value for key, value in about.items()})
    for node in answer.nodes:
        network.add_node(
            node.id,
            label=_BROKEN.sub("\ufffd", node.label),
            type=node.type,
            iri=node.iri,
            x=node.x,
            y=node.y,
            documents=node.docs,
            modality=node.modality or "",
        )
    for number, edge in enumerate(answer.edges):
        network.add_edge(
            edge.s,
            edge.t,
            key=str(number),
            id=str(number),
            label=edge.p,
            relation=edge.p,
            weight=float(edge.n),
            confidence=edge.conf,
        )
    return network


def _graphml(answer: ViewAnswer, view: View, about: About) -> bytes:
    output = io.BytesIO()
    nx.write_graphml(_network(answer, about), output, encoding="utf-8", named_key_ids=True)
    return output.getvalue()


def _gexf(answer: ViewAnswer, view: View, about: About) -> bytes:
    text = "\n".join(nx.generate_gexf(_network(answer, about)))
    note = escape(" · ".join(f"{key}: {value}" for key, value in about.items()))
    text = _GEXF_DATE.sub("", text, count=1)
    return text.replace("</meta>", f"<description>{note}</description></meta>", 1).encode()


def _rdf(now: Snapshot, view: View, answer: ViewAnswer, about: About, form: ox.RdfFormat) -> bytes:
    """The facts behind the relations that are shown, the names of things, and where it is from."""
    statements = [node.iri for node in view.nodes if node.modality]
    lines = (e for e in view.edges if not {e.source, e.target} & set(statements))
    facts = dict.fromkeys(
        [
            *statements,
            *(f for e in lines for f in facts_between(now.store, e.source, e.relation, e.target)),
        ]
    )
    triples = [
        *_described(now.store, list(facts), "?thing ?property ?value"),
        *_described(
            now.store, [n.iri for n in view.nodes], "?thing a ?value . ?thing skos:prefLabel ?name"
        ),
    ]
    this = ox.NamedNode(f"{BASE}view/{answer.view}")
    for property_, key in (
        (DCT.source, "link"),
        (DCT.created, "date"),
        (OWL.versionInfo, "data version"),
        (DCT.license, "licence"),
    ):
        triples.append(ox.Triple(this, ox.NamedNode(property_), ox.Literal(about[key])))
    prefixes = dict(PREFIXES) if form == ox.RdfFormat.TURTLE else None
    content = ox.serialize(sorted(set(triples), key=str), format=form, prefixes=prefixes)
    assert content is not None
    return content


def _described(store: Store, iris: list[str], pattern: str) -> list[ox.Triple]:
    if not iris:
        return []
    values = " ".join(str(ox.NamedNode(iri)) for iri in iris)
    query = f"CONSTRUCT {{ {pattern} }} WHERE {{ VALUES ?thing {{ {values} }} {pattern} }}"
    content = store.construct(query, format=ox.RdfFormat.N_TRIPLES)
    return [quad.triple for quad in ox.parse(content, format=ox.RdfFormat.N_TRIPLES)]


_WRITERS: Mapping[str, Callable[[ViewAnswer, View, About], bytes]] = {
    "svg": _svg,
    "json": _json,
    "csv": _csv,
    "graphml": _graphml,
    "gexf": _gexf,
}

"""Pictures of parts of the graph: as JSON for programs, and as the page `/explore`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from typing import Any, get_args
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from api.dependencies import Service, service_of
from api.errors import status_of
from api.explorer.kept import LONGEST, KeptViews, hash_of
from api.explorer.state import Language, ViewGiven, ids_of, view_of
from api.ids import edge_id, id_of
from api.pages import page
from api.security import PAGE_POLICY
from api.surety import Hidden, surety_of
from graph import queries
from graph.errors import ScipolError
from graph.picture import Look, look_of, outline, size_of, stance_look
from graph.records import Modality
from graph.reliability import plain
from graph.store import Store
from graph.view import (
    DEFAULT_MOST,
    Counts,
    Grown,
    View,
    ViewEdge,
    ViewNode,
    ViewTooLarge,
    make_view,
)

router = APIRouter()
# vis-network sets styles in attributes; nothing else on the page may.
EXPLORE_POLICY = PAGE_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
_LANGUAGES: Mapping[Language, str] = {
    "en": "English",
    "de": "Deutsch",
    "zh": "中文",
    "fr": "Français",
    "es": "Español",
}
# Where one of these is in the address, somebody chose what is shown: a filter, a form, or the link
# to a view, which is complete.
_ASKED = {"confidence", "form", "data", "v"}
# What the form of filters hands on, so that it works without a script.
_KEPT = ("v", "seed", "top", "step", "drop", "moved", "most")


_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": description,
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
    for status, description in (
        (400, "An id has no meaning, or the view would be too large."),
        (413, "The body is too large."),
        (422, "The view has the wrong form."),
        (503, "Too much is asked at once; see `Retry-After`."),
    )
}


class NodeItem(BaseModel):
    """A thing in a view, where it lies, and its size.

    Of its relations in the view `shown` are drawn, `unsure` are hidden by the confidence.
    Statements that are drawn as nodes have a `modality`.
    """

    id: str
    iri: str
    type: str
    label: str
    x: float
    y: float
    size: float
    degree: int
    shown: int
    unsure: int
    docs: int
    first: int | None
    last: int | None
    modality: str | None


class EdgeItem(BaseModel):
    """A relation in a view, with the number of its sentences (`n`) and what they give together.

    `sources` are the documents that they stand in, without those that copy a sentence.
    """

    id: str
    s: str
    p: str
    t: str
    label: str
    n: int
    sources: int
    conf: float
    first: int | None
    last: int | None
    docs: list[str]


class CountsItem(BaseModel):
    """Shown and hidden, which together are all; `hidden` says what each condition hides."""

    nodes: int
    edges: int
    all_nodes: int
    all_edges: int
    hidden: dict[str, int]
    hidden_edges: dict[str, int]
    undated: int
    cut: int
    statements: int

    @classmethod
    def of(cls, counts: Counts) -> CountsItem:
        """The same as a model."""
        return cls(**counts.model_dump())


class GrownItem(BaseModel):
    """What a step of a view added, and how many it could still add."""

    added: int
    left: int

    @classmethod
    def of(cls, grown: Grown) -> GrownItem:
        """The same as a model."""
        return cls(**grown.model_dump())


class DocumentFacet(BaseModel):
    """A document that sentences of a view stand in."""

    id: str
    title: str
    n: int


class Facets(BaseModel):
    """What a view can be filtered by, counted before any filter."""

    types: dict[str, int]
    relations: dict[str, int]
    years: dict[int, int]
    documents: list[DocumentFacet]


class DataItem(BaseModel):
    """Which state of the data answered, and under which licence."""

    version: str
    release: str
    licence: str


class ViewAnswer(BaseModel):
    """A view: what is where, what is hidden and why, and the link that brings it back."""

    model_config = ConfigDict(frozen=True)

    v: int = Field(default=1, description="Version of this shape.")
    data: DataItem
    view: str = Field(description="Hash of the view; equal for equal links.")
    link: str = Field(description="Address of the view, with the state of the data.")
    query: str = Field(description="What names the view in addresses of its exports.")
    spec: dict[str, Any] = Field(description="The view as it was asked for.")
    nodes: list[NodeItem]
    edges: list[EdgeItem]
    counts: CountsItem
    grown: list[GrownItem]
    facets: Facets
    unsure: Hidden | None = Field(
        description="What the confidence hides, and why; null where nothing."
    )
    missing: list[str] = Field(description="Ids that this graph does not have.")


@router.post("/api/v1/view", response_model=ViewAnswer, responses=_PROBLEMS, tags=["network"])
async def view(request: Request, given: ViewGiven) -> Response:
    """A part of the graph as a picture: places, relations, what is hidden and why, a link.

    Nothing that was placed by earlier steps moves when steps are added or filters change. More
    than 2,000 things are refused.
    """
    answer, _ = await answer_view(service_of(request), given)
    return JSONResponse(answer.model_dump(mode="json"))


@router.get("/explore", include_in_schema=False)
async def explore(request: Request) -> Response:
    """The page with graph, table and evidence, complete in the state that the link names."""
    return await _page(request, request.query_params.get("v"))


@router.get("/v/{name}", include_in_schema=False)
async def kept_view(request: Request, name: str) -> Response:
    """The same page for a view that is too long for an address."""
    return await _page(request, name)


async def _page(request: Request, kept: str | None) -> Response:
    problem, status, offer = "", 200, ""
    service = service_of(request)
    share = service.settings.public_share
    surety = await service.library.ask(lambda now: surety_of(now, share))
    try:
        given = await given_view(request, kept)
        if "lang" not in request.query_params and "data" not in request.query_params:
            # A link says in which language its view was made; an address typed does not.
            given = given.model_copy(update={"language": _language_of(request)})
        if not kept and _ASKED.isdisjoint(request.query_params):
            given = _of_the_public(given, surety.public)
        answer, _ = await answer_view(service, given)
    except ScipolError as error:
        problem, status = str(error), status_of(type(error))
        offer = f"/explore?top={DEFAULT_MOST}" if isinstance(error, ViewTooLarge) else ""
        answer, _ = await answer_view(service, ViewGiven())
    made_from = request.query_params.get("data", "")[:40]
    response = page(
        "explore.html",
        # A page that asks what cannot be shown is still a page to go on from.
        status=404 if status == 404 else 200,
        view=answer,
        labels={node.id: node for node in answer.nodes},
        problem=problem,
        offer=offer,
        best=DEFAULT_MOST,
        older=made_from if made_from != answer.data.release else "",
        pack=pack_of(f"/explore?{answer.query}"),
        data=as_data(answer),
        looks={type_: look_of(type_) for type_ in (*queries.TYPES, "Other")},
        stances={m: (look.name, look.color, outline(look.shape)) for m, look in _stances(answer)},
        languages=_LANGUAGES,
        everything=_with_everything(answer.query),
        kept=[pair for pair in parse_qsl(answer.query) if pair[0] in _KEPT],
    )
    response.headers["Content-Security-Policy"] = EXPLORE_POLICY
    return response


def _with_everything(query: str) -> str:
    """The same view without regard to confidence."""
    pairs = [(name, value) for name, value in parse_qsl(query) if name != "confidence"]
    return urlencode([*pairs, ("confidence", "0")], safe="|/,")


def _of_the_public(given: ViewGiven, least: float) -> ViewGiven:
    """The view as it begins: with what is sure enough."""
    filters = given.filters.model_copy(update={"confidence": least})
    return given.model_copy(update={"filters": filters})


async def given_view(request: Request, kept: str | None = None) -> ViewGiven:
    """The view that a request names, in its query string or by hash.

    Raises BadRequest, NoSuchPage.
    """
    kept = kept or request.query_params.get("v")
    views = KeptViews(service_of(request).settings.data)
    found = await asyncio.to_thread(views.find, kept) if kept else None
    return view_of(request.query_params, found)


async def answer_view(service: Service, given: ViewGiven) -> tuple[ViewAnswer, View]:
    """The view as a model, and as the record it was made of. Raises BadRequest, ViewTooLarge."""
    share, least = service.settings.public_share, given.filters.confidence
    data, surety = await service.library.ask(
        lambda now: (
            DataItem(
                version=now.version,
                release=now.release,
                licence=now.kept("licence", lambda: licence_of(now.store)),
            ),
            surety_of(now, share, least),
        )
    )
    found: View
    found = await service.analyst.find(data.version, make_view, given.spec())
    if given.language != "en":
        found = await service.library.ask(
            lambda now: _in_language(now.store, found, given.language)
        )
    query = given.query()
    if len(query) > LONGEST:
        views = KeptViews(service.settings.data)
        query = f"v={await asyncio.to_thread(views.keep, given)}"
    counts = found.counts
    unsure = surety.hidden(counts.hidden_edges.get("confidence", 0), counts.all_edges, "relation")
    return _answer(given, found, data, query, unsure), found


def _stances(answer: ViewAnswer) -> Iterator[tuple[str, Look]]:
    """How the usual modalities are drawn, and those that stand in a view."""
    known = (*get_args(Modality), *(n.modality for n in answer.nodes if n.modality), "other")
    return ((modality, stance_look(modality)) for modality in dict.fromkeys(known))


def pack_of(link: str) -> str:
    """Where the evidence pack of a page is."""
    return f"/api/v1/pack?{urlencode({'of': link})}"


def _in_language(store: Store, found: View, language: str) -> View:
    """The view with the names that its things have in a language."""
    names = queries.labels_in(store, (node.iri for node in found.nodes), language)
    nodes = (
        node.model_copy(update={"label": names.get(node.iri, node.label)}) for node in found.nodes
    )
    return found.model_copy(update={"nodes": tuple(nodes)})


def _language_of(request: Request) -> Language:
    """The first language of the browser that names are asked for in; English otherwise."""
    wanted = request.headers.get("accept-language", "").lower().split(",")
    known: tuple[Language, ...] = get_args(Language)
    for part in wanted:
        for language in known:
            if part.strip().startswith(language):
                return language
    return "en"


def licence_of(store: Store) -> str:
    """The licences that the documents state, or that they state none."""
    rows = store.select("SELECT DISTINCT ?l { ?d a scip:Document ; dct:license ?l } ORDER BY ?l")
    stated = [queries.value(row[0]) for row in rows.rows]
    return ", ".join(stated) or "none stated; quotations belong to their documents"


def as_data(value: BaseModel) -> str:
    """JSON that can stand in a page: no markup can begin or end in it."""
    text = json.dumps(value.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _answer(
    given: ViewGiven, found: View, data: DataItem, query: str, unsure: Hidden | None
) -> ViewAnswer:
    return ViewAnswer(
        data=data,
        view=hash_of(given),
        link=_link(query, data.release),
        query=query,
        spec=given.model_dump(mode="json", by_alias=True),
        nodes=[_node(node) for node in found.nodes],
        edges=[_edge(edge) for edge in found.edges],
        counts=CountsItem.of(found.counts),
        grown=[GrownItem.of(one) for one in found.grown],
        facets=Facets(
            types=dict(found.types),
            relations=dict(found.relations),
            years=dict(found.years),
            documents=[
                DocumentFacet(id=id_of(iri), title=found.titles[iri], n=n)
                for iri, n in found.documents.items()
            ],
        ),
        unsure=unsure,
        missing=ids_of(found.missing),
    )


def _link(query: str, release: str) -> str:
    if query.startswith("v="):
        return f"/v/{query[2:]}?data={release}"
    return f"/explore?{query}&data={release}" if query else "/explore"


def _node(node: ViewNode) -> NodeItem:
    fields = node.model_dump()
    return NodeItem(id=id_of(node.iri), size=size_of(node), **fields)


def _edge(edge: ViewEdge) -> EdgeItem:
    return EdgeItem(
        id=edge_id(edge.source, edge.relation, edge.target),
        s=id_of(edge.source),
        p=edge.relation,
        t=id_of(edge.target),
        label=plain(edge.relation),
        n=edge.sentences,
        sources=edge.sources,
        conf=edge.confidence,
        first=edge.first,
        last=edge.last,
        docs=ids_of(edge.documents),
    )

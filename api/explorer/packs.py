"""Evidence packs over REST: what a page shows, as a file that anybody can check and rebuild."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.dependencies import Service, Snapshot
from api.errors import BadRequest, Gone
from api.explorer.kept import KeptViews
from api.explorer.links import Asked, read_link
from api.ids import iri_of
from api.relationships.needed import ServiceNeeded
from api.relationships.route import ZIP, DataRoute
from graph import pack, queries
from graph.errors import NotFound
from graph.pack.questions import needs_network
from graph.queries import Thing
from graph.search import SearchIndex
from graph.store import Store

router = APIRouter(prefix="/api/v1", route_class=DataRoute, tags=["statements and evidence"])
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The pack.",
        "content": {ZIP: {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get("/pack", responses=_FILE, response_class=Response)
async def evidence_pack(
    service: ServiceNeeded,
    of: Annotated[
        str,
        Query(
            min_length=1,
            max_length=20_000,
            description="Address of a page: a view, a thing, a document, paths, a comparison, "
            "statements (/api/v1/statements?…) or an edge (/api/v1/evidence?edge=…).",
            examples=["/api/v1/statements?modality=opposes"],
        ),
    ],
) -> Response:
    """What a page shows as a zip: rows, sentences, sources, the question, hashes, an explanation.

    The same address over the same data gives the same bytes, anywhere. `scipol repack` makes a pack
    anew and compares.
    """
    views = KeptViews(service.settings.data)
    begun = await service.library.ask(lambda now: _begun(now, of, views))
    content = await _made(service, begun)
    name = f"scipol-pack-{pack.digest(content)[:12]}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=ZIP, headers=headers)


def meant(store: Store, index: SearchIndex, text: str) -> Thing:
    """The thing of an id, a name, or the name of a document. Raises NotFound."""
    if "/" in text and " " not in text:
        try:
            return queries.thing(store, iri_of(text))
        except (NotFound, BadRequest):
            # A name can look like an id, and an address may name a document as people do.
            text = text.removeprefix("document/")
    try:
        document = queries.document_named(store, text)
    except NotFound:
        return index.meant(text).thing
    return Thing(iri=document.iri, type="Document", label=document.title)


class _Begun(NamedTuple):
    asked: Asked
    version: str


def _begun(now: Snapshot, link: str, views: KeptViews) -> _Begun:
    return _Begun(
        read_link(link, lambda text: meant(now.store, now.index, text), views), now.version
    )


async def _made(service: Service, begun: _Begun) -> bytes:
    """The pack, from one state of the data. Raises Gone where they change meanwhile."""
    asked, version = begun
    part = pack.NetworkPart()
    if needs_network(asked.question):
        part = await service.analyst.find(version, pack.on_network, asked.question)

    def make(now: Snapshot) -> bytes:
        if now.version != version:
            raise Gone("The data have changed while the pack was made; ask again.")
        return pack.written(pack.made(now.store, asked.question, part, asked.link))

    return await service.library.ask(make)

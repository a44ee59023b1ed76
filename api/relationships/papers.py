"""Documents in and out, and the jobs that this makes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from api.dependencies import Service, Snapshot
from api.errors import BadRequest, UnsupportedMedia
from api.ids import iri_of
from api.relationships.given import Cursor, JobPath, Limit, ThingPath
from api.relationships.memory import shelf
from api.relationships.needed import LibraryNeeded, ServiceNeeded
from api.relationships.route import TABLE, DataRoute, page, reply
from api.schemas import (
    AddressToRead,
    DocumentItem,
    JobAnswer,
    JobList,
    Page,
    PassageItem,
    TextPage,
)
from graph import annotated, queries
from graph.documents import MetadataError, from_mapping
from graph.layout import DataDirectory
from graph.sparql_text import standalone

router = APIRouter(route_class=DataRoute, tags=["documents"])
# What is done to documents is decided by more than the data: no validators, no caches.
writing = APIRouter(tags=["documents"])
_METADATA = ("title", "issuer", "issued", "language", "country", "genre")
# So often a quiet stream of events says that it is still there, in seconds.
_PAUSE = 15.0
_JSON, _FORM = "application/json", "multipart/form-data"
_MEGABYTE = 1 << 20
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            _FORM: {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        **{name: {"type": "string"} for name in _METADATA},
                    },
                }
            },
            _JSON: {"schema": AddressToRead.model_json_schema()},
        },
    },
    "security": [{"token": []}],
}
_SECURED: dict[str, Any] = {"security": [{"token": []}]}


@router.get("/documents", response_model=Page[DocumentItem], responses=TABLE)
async def documents(
    request: Request, library: LibraryNeeded, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """The documents that were read, by name."""

    def ask(now: Snapshot) -> Page[DocumentItem]:
        found = now.kept("documents", lambda: queries.documents(now.store))
        shown, following = page(request, now.version, found, limit, cursor)
        return Page[DocumentItem](
            items=[DocumentItem.of(document) for document in shown],
            total=len(found),
            next=following,
            sparql=standalone(queries.text_of("documents")),
        )

    answer = await library.ask(ask)
    return reply(request, answer, answer.items)


@router.get("/documents/{id:path}/text", response_model=TextPage, responses=TABLE)
async def text(
    request: Request,
    service: ServiceNeeded,
    id: ThingPath,
    limit: Limit = 200,
    cursor: Cursor = None,
) -> Response:
    """The text of a document, sentence by sentence, with what it names and what rests on it."""
    iri = iri_of(id)
    places = DataDirectory(service.settings.data)

    def ask(now: Snapshot) -> TextPage:
        found = shelf(now).list_of(
            ("text", iri), lambda: _Kept(annotated.annotated(now.store, places, iri))
        )
        shown, following = page(request, now.version, found.text.passages, limit, cursor)
        return TextPage(
            document=DocumentItem.of(found.text.document),
            items=[PassageItem.of(passage) for passage in shown],
            total=len(found),
            next=following,
        )

    answer = await service.library.ask(ask)
    return reply(request, answer, answer.items)


@router.get("/documents/{id:path}", response_model=DocumentItem)
async def document(request: Request, library: LibraryNeeded, id: ThingPath) -> Response:
    """One document."""
    iri = iri_of(id)
    found = await library.ask(lambda now: annotated.document_of(now.store, iri))
    return reply(request, DocumentItem.of(found))


@writing.post("/documents", response_model=JobAnswer, status_code=202, openapi_extra=_BODY)
async def add_document(request: Request, service: ServiceNeeded) -> Response:
    """Read a document that is sent as a file, or that has an address; a job does it.

    A document is known by the name of its file or by its address: one of the same name is replaced.
    It is read by the extractor that read the other documents, which the report of the job names
    (`extractor`; `fallback` says why, where it had to be another one). Needs a token.
    """
    # Before the body is read: who may not write is not listened to.
    await service.gate.admit(request.scope)
    service.endpoint.check_writable()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == _FORM:
        job = await _add_file(request, service)
    elif kind == _JSON:
        job = await _add_address(request, service)
    else:
        raise UnsupportedMedia(f"Send {_FORM} with a file, or {_JSON} with an address.")
    return _accepted(job)


@writing.delete(
    "/documents/{id:path}", response_model=JobAnswer, status_code=202, openapi_extra=_SECURED
)
async def remove_document(service: ServiceNeeded, request: Request, id: ThingPath) -> Response:
    """Remove a document and what rests on it alone; a job does it. Needs a token."""
    await service.gate.admit(request.scope)
    service.endpoint.check_writable()
    iri = iri_of(id)
    found = await service.library.ask(lambda now: annotated.document_of(now.store, iri))
    return _accepted(await service.jobs.remove(found.name))


@writing.get("/jobs", response_model=JobList)
async def jobs(service: ServiceNeeded, limit: Limit = 50) -> JobList:
    """The newest jobs."""
    return JobList(items=service.jobs.newest(limit))


@writing.get("/jobs/{id}", response_model=JobAnswer)
async def job(service: ServiceNeeded, id: JobPath) -> JobAnswer:
    """How far a job is, and what came of it."""
    return service.jobs.get(id)


@writing.get(
    "/jobs/{id}/events",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "A `job` event whenever the job has changed, until it is finished.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    },
)
async def events(
    service: ServiceNeeded,
    id: JobPath,
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> StreamingResponse:
    """Follow a job by server-sent events; the data of each is the job as `/jobs/{id}` gives it."""
    seen = int(last_event_id) if last_event_id and last_event_id.isdecimal() else 0
    service.jobs.get(id)
    return StreamingResponse(
        _events(service, id, seen),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _events(service: Service, id_: str, seen: int) -> AsyncIterator[str]:
    async for changed in service.jobs.changes(id_, seen, _PAUSE):
        if changed is None:
            yield ": still here\n\n"
        else:
            yield f"id: {changed.number}\nevent: job\ndata: {changed.model_dump_json()}\n\n"


async def _add_file(request: Request, service: Service) -> JobAnswer:
    limit = service.settings.upload_size * _MEGABYTE
    async with request.form(max_files=1, max_fields=20, max_part_size=_MEGABYTE) as form:
        sent = form.get("file")
        if not isinstance(sent, UploadFile) or not sent.filename:
            raise BadRequest("The form has no file with a name; send it as the field 'file'.")
        if unknown := sorted(set(form) - {"file", *_METADATA}):
            raise BadRequest(
                f"There is no field {unknown[0][:60]!r}; there are: file, {', '.join(_METADATA)}."
            )
        fields = {name: form[name] for name in _METADATA if form.get(name)}
        options = _options(fields, limit)
        return await service.jobs.add_file(sent.filename, await sent.read(), options)


async def _add_address(request: Request, service: Service) -> JobAnswer:
    try:
        asked = AddressToRead.model_validate_json(await request.body())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the body"
        raise BadRequest(f"{where}: {first['msg']}.") from None
    fields = asked.model_dump(mode="json", include=set(_METADATA), exclude_none=True)
    limit = service.settings.upload_size * _MEGABYTE
    return await service.jobs.add_address(asked.address, _options(fields, limit))


def _options(fields: Mapping[str, Any], limit: int) -> dict[str, Any]:
    """How the document is to be read, as `graph.build.BuildOptions` takes it."""
    try:
        metadata = from_mapping(fields)
    except MetadataError as error:
        raise BadRequest(f"The metadata cannot be used: {error}.") from None
    read = {"max_bytes": limit, "metadata": metadata.model_dump(mode="json")}
    return {"as_before": True, "read": read}


def _accepted(job: JobAnswer) -> Response:
    return Response(
        job.model_dump_json(),
        status_code=202,
        headers={"Location": f"/api/v1/jobs/{job.id}", "Cache-Control": "no-store"},
        media_type=_JSON,
    )


class _Kept:
    """A text as a list that can be kept."""

    def __init__(self, found: annotated.AnnotatedText) -> None:
        self.text = found

    def __len__(self) -> int:
        return len(self.text.passages)
